"""Printed numbers and amounts of money as decimals."""

from __future__ import annotations

import re
from decimal import Decimal

from deepocr_kit.revisers.values.chinese import find_capital_amounts
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import fold

__all__ = ["find_numbers", "parse_number"]

MAX_DIGITS = 30
"""Longest number that is read; beyond it a run of digits is a code or an attack."""

_CURRENCY = (
    r"(?:RMB|CNY|USD|EUR|GBP|JPY|MYR|SGD|HKD|TWD|AUD|CAD|CHF|INR|THB|IDR|VND|KRW|PHP|US\$|HK\$|NT\$|S\$|A\$|C\$|RM|R\$|RP|Rs\.?"
    r"|[$€£¥₹₩฿₫元])"
)
_NUMBER = re.compile(
    r"(?<![\d])(?:"
    r"(?P<grouped>\d{1,3}(?:(?P<sep>[,.'])\d{3})(?:(?P=sep)\d{3})*(?: ?(?!(?P=sep))[.,] ?\d{1,4})?(?!\d))"
    r"|(?P<lakh>\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d))"
    r"|(?P<spaced>\d{1,3}(?: \d{3})+,\d{2}(?!\d))"
    r"|(?P<plain>\d+(?:[.,]\d+| ?[.,] ?\d{2}(?!\d))?)"
    r"|(?P<bare>[.,]\d{1,4}(?!\d))"
    r")"
)
_PREFIX = re.compile(rf"(?P<sign>[-+]?) ?(?:{_CURRENCY} ?:? ?)?(?P<sign2>[-+]?) ?$", re.IGNORECASE)
_LETTER_BEFORE = re.compile(r"[A-Za-z]$")
_GLUED_AFTER = re.compile(r"[:/](?=\d)|-(?=[\dA-Za-z])|[.,](?=\d)|时|時|点\d|年|月|日|號")
_UNIT_AFTER = re.compile(
    r"(?:km|kg|g|mg|ml|l|cm|mm|m|m2|m3|kwh|pcs?|x|hrs?|h|min|s|ea|unit|nos?|rm|usd|eur|gbp|cny|rmb|myr|sgd|cr|dr|sr|zr|t)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z]")


def find_numbers(text: str) -> tuple[Found, ...]:
    """All numbers in a text, capital Chinese amounts included, from left to right.

    Dates, times, parts of codes and of words are left out. ``,`` and ``.``
    are read by the last-separator rule: when both occur the last one is the
    decimal mark; a single comma before exactly three digits parts thousands, a
    single point is a decimal mark. Linear in the length of the text.
    """
    folded = fold(text)
    found = [item for match in _NUMBER.finditer(folded) if (item := _read(folded, text, match)) is not None]
    capitals = find_capital_amounts(folded)
    return tuple(sorted((*found, *capitals), key=lambda item: item.start))


def parse_number(text: str) -> Found | None:
    """The one number that ``text`` states, with sign, currency and unit around it; None when there is none or several.

    A number in brackets, ``(5.00)``, and one with a minus behind, ``5.00-``, are negative.
    """
    found = find_numbers(text)
    if len(found) != 1:
        values = {item.value for item in found}
        return found[0] if len(values) == 1 else None
    item = found[0]
    before, after = fold(text)[: item.start].rstrip(), fold(text)[item.end :].lstrip()
    bracketed = before.endswith("(") and before[:-1].strip() == "" and after == ")"
    if item.value > 0 and (bracketed or after == "-"):
        return Found(item.start, item.end, item.text, -item.value)
    return item


def _read(folded: str, text: str, match: re.Match[str]) -> Found | None:
    start, end = match.span()
    if end - start > 2 * MAX_DIGITS or not _stands_alone(folded, start, end):
        return None
    value = _decimal(match)
    prefix = _PREFIX.search(folded[max(0, start - 8) : start])
    minus = prefix is not None and "-" in prefix["sign"] + prefix["sign2"] and _is_sign(folded, start, prefix)
    if minus:
        value = -value
        if folded[start - 1] == "-":
            start -= 1
    return Found(start, end, text[start:end], value)


def _is_sign(folded: str, start: int, prefix: re.Match[str]) -> bool:
    """Whether the hyphen before a number is a minus, not a dash between words or digits."""
    at = start - (len(prefix.group()))
    before = folded[:at].rstrip()[-1:] if at > 0 else ""
    return not before or before in "(:=¥$€£" or (folded[at - 1] == " " and not before.isdigit())


def _stands_alone(folded: str, start: int, end: int) -> bool:
    before, after = folded[max(0, start - 8) : start], folded[end : end + 8]
    if (
        before
        and re.search(r"(?:\d[:/.,-]|[A-Za-z][-/.]|#|№)$", before)
        and not re.search(rf"{_CURRENCY}[-.]$", before, re.I)
    ):
        return False
    if _LETTER_BEFORE.search(before) and not re.search(rf"(?<![A-Za-z]){_CURRENCY}$|(?<![A-Za-z])[xX@]$", before, re.I):
        return False
    if _GLUED_AFTER.match(after):
        return False
    return not (_LETTER.match(after) and not _UNIT_AFTER.match(after))


def _decimal(match: re.Match[str]) -> Decimal:
    raw = match.group().replace(" ", "").replace("'", "")
    if match["lakh"]:
        return Decimal(raw.replace(",", ""))
    if match["spaced"]:
        return Decimal(raw.replace(",", "."))
    last = max(raw.rfind("."), raw.rfind(","))
    if last < 0:
        return Decimal(raw)
    mark = raw[last]
    other = "," if mark == "." else "."
    head, tail = raw[:last].replace(other, ""), raw[last + 1 :]
    thousands = raw.count(mark) > 1 or (mark == "," and len(tail) == 3 and other not in raw and head not in ("", "0"))
    if thousands:
        return Decimal(head.replace(mark, "") + tail)
    return Decimal(f"{head or '0'}.{tail}")
