"""Check digits of codes: who defined them, and whether a code keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import cycle

from deepocr_kit.revisers.values import normalize

__all__ = ["CHECKSUMS"]

_USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VIN_VALUES = {
    char: int(value) for char, value in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)
}
_OLD_TAX_ID_LENGTHS = frozenset({15, 17, 20})
_OUTSIDE_OF_CODES = re.compile(r"[^0-9A-Z]+")


def _luhn(code: str) -> bool:
    """ISO/IEC 7812-1, annex B: bank cards, IMEI."""
    digits = [int(char) for char in reversed(code)] if code.isdecimal() and len(code) > 1 else []
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return bool(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _iban(code: str) -> bool:
    """ISO 13616-1 with the check digits of ISO/IEC 7064, MOD 97-10."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", code):
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def _ean(code: str) -> bool:
    """GS1 General Specifications, 7.9: EAN-8, UPC-A, EAN-13, GTIN-14."""
    if not code.isdecimal() or len(code) not in {8, 12, 13, 14}:
        return False
    return sum(int(char) * weight for char, weight in zip(reversed(code), cycle((1, 3)), strict=False)) % 10 == 0


def _isbn(code: str) -> bool:
    """ISO 2108: ten characters with MOD 11, or thirteen digits as an EAN."""
    if len(code) == 13:
        return code.startswith(("978", "979")) and _ean(code)
    if not re.fullmatch(r"\d{9}[\dX]", code):
        return False
    return sum((10 - place) * (10 if char == "X" else int(char)) for place, char in enumerate(code)) % 11 == 0


def _cn_uscc(code: str) -> bool:
    """GB 32100-2015: the Chinese unified social credit code, MOD 31."""
    if len(code) != 18 or any(char not in _USCC_CHARS for char in code):
        return False
    total = sum(_USCC_CHARS.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _USCC_CHARS[-total % 31] == code[17]


def _cn_tax_id(code: str) -> bool | None:
    """A Chinese taxpayer's number: today the unified social credit code; the older, shorter ones have no rule here."""
    return None if len(code) in _OLD_TAX_ID_LENGTHS else _cn_uscc(code) or _cn_resident_id(code)


def _cn_resident_id(code: str) -> bool:
    """GB 11643-1999: the Chinese resident identity number, MOD 11-2."""
    if not re.fullmatch(r"\d{17}[\dX]", code):
        return False
    values = (10 if char == "X" else int(char) for char in code)
    return sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values)) % 11 == 1


def _vin(code: str) -> bool:
    """49 CFR 565.15 and GB 16735: the vehicle identification number of North America and China."""
    if len(code) != 17 or any(char in "IOQ" for char in code):
        return False
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    values = (int(char) if char.isdecimal() else _VIN_VALUES[char] for char in code)
    return "0123456789X"[sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11] == code[8]


def _aba(code: str) -> bool:
    """The routing number of banks of the USA."""
    if not re.fullmatch(r"\d{9}", code):
        return False
    return sum(int(char) * weight for char, weight in zip(code, cycle((3, 7, 1)), strict=False)) % 10 == 0


def _plain(rule: Callable[[str], bool | None]) -> Callable[[str], bool | None]:
    """The rule for a code as it is printed, with spaces and dashes."""
    return lambda printed: rule(_OUTSIDE_OF_CODES.sub("", normalize(printed).upper()))


CHECKSUMS: Mapping[str, Callable[[str], bool | None]] = {
    "aba": _plain(_aba),
    "cn_resident_id": _plain(_cn_resident_id),
    "cn_tax_id": _plain(_cn_tax_id),
    "cn_uscc": _plain(_cn_uscc),
    "ean": _plain(_ean),
    "iban": _plain(_iban),
    "isbn": _plain(_isbn),
    "luhn": _plain(_luhn),
    "vin": _plain(_vin),
}
"""By name; a rule says True, False, or None when it does not know the code."""
