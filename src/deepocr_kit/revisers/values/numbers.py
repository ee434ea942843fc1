"""Printed numbers and amounts of money as decimals."""

from __future__ import annotations

import re
from decimal import Decimal

from deepocr_kit.revisers.values.chinese import find_capital_amounts
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import fold

__all__ = ["find_numbers", "is_bracketed", "is_negative", "parse_number"]

MAX_DIGITS = 30
"""Most digits of a number that is read; beyond it a run of digits is a code or an attack."""

_CURRENCY = (
    r"(?:RMB|CNY|USD|EUR|GBP|JPY|MYR|SGD|HKD|TWD|AUD|CAD|CHF|INR|THB|IDR|VND|KRW|PHP|US\$|HK\$|NT\$|S\$|A\$|C\$|RM|R\$|RP|Rs\.?"
    r"|[$€£¥₹₩฿₫元])"
)
_NO_CENTS = r"(?:IDR|VND|KRW|JPY|[₫đ₩円원])"
"""Currencies whose amounts have no decimals, so that a point before three digits parts thousands."""
_NO_CENTS_BEFORE = re.compile(rf"(?<![A-Za-z])(?:{_NO_CENTS}|RP\.?) ?$", re.IGNORECASE)
_NO_CENTS_AFTER = re.compile(rf" ?{_NO_CENTS}(?![A-Za-z])|[,.]-", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\d])(?:"
    r"(?P<grouped>\d{1,3}(?:(?P<sep>[,.'])\d{3})(?:(?P=sep)\d{3})*(?: ?(?!(?P=sep))[.,] ?\d{1,4})?(?!\d))"
    r"|(?P<lakh>\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d))"
    r"|(?P<spaced>\d{1,3}(?: \d{3})+,\d{2}(?!\d))"
    r"|(?P<plain>\d+(?:[.,]\d+| ?[.,] ?\d{2}(?!\d))?)"
    r"|(?P<bare>[.,]\d{1,4}(?!\d))"
    r")"
)
_BRACKET_BEFORE = re.compile(rf"\( ?(?:{_CURRENCY} ?)?$", re.IGNORECASE)
_BRACKET_ALONE = re.compile(rf"(?:{_CURRENCY} ?)?\( ?(?:{_CURRENCY})?", re.IGNORECASE)
_BRACKET_BEHIND = re.compile(rf" ?(?:{_CURRENCY})? ?\)", re.IGNORECASE)
MINUS_REACH = 12
"""Characters before a number in which its minus is looked for."""
_MINUS = re.compile(
    rf"(?:^|[\s'\"([{{|:;=¥$€£+-]|{_CURRENCY})(?P<printed>-(?:{_CURRENCY} ?:? ?)?)$|^(?P<apart>- (?:{_CURRENCY} ?)?)$",
    re.IGNORECASE,
)
"""A hyphen at a number or its currency; one with a space behind it is a dash, but at the very beginning."""
_MINUS_BEHIND = re.compile(rf"-(?!\S)(?! *(?:{_CURRENCY})? ?[-(]?\d)", re.IGNORECASE)
"""One behind its number; a hyphen that leads on to another number is a dash."""
_CENTS = re.compile(r"[.,]\d\d$")
_LETTER_BEFORE = re.compile(r"[A-Za-z]$")
_GLUED_AFTER = re.compile(
    r"[:/](?=\d)|-(?=[\dA-Za-z])|[.,](?=\d)| ?[\u00bc-\u00be\u2150-\u215e]|时|時|点\d|年|月|日|號"
)
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

    A number in brackets, ``(5.00)``, and one with a minus behind, ``5.00-``, are negative;
    a currency may stand on either side of the bracket.
    """
    found = find_numbers(text)
    if len(found) != 1:
        values = {item.value for item in found}
        return found[0] if len(values) == 1 else None
    item = found[0]
    before, after = fold(text)[: item.start].strip(), fold(text)[item.end :].strip()
    bracketed = _BRACKET_ALONE.fullmatch(before) is not None and is_bracketed(text, item.start, item.end)
    if item.value > 0 and (after == "-" or bracketed):
        return Found(item.start, item.end, item.text, -item.value)
    return item


def is_negative(text: str, start: int, end: int) -> bool:
    """Whether the digits ``text[start:end]`` have a minus before them or their currency, or behind their cents."""
    if _MINUS.search(fold(text[max(0, start - MINUS_REACH) : start])):
        return True
    return (
        _MINUS_BEHIND.match(fold(text[end : end + MINUS_REACH])) is not None
        and _CENTS.search(text[start:end]) is not None
    )


def is_bracketed(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` stands in brackets with nothing but a currency, as accountants write losses."""
    before, after = fold(text[max(0, start - MINUS_REACH) : start]), fold(text[end : end + MINUS_REACH])
    return _BRACKET_BEFORE.search(before) is not None and _BRACKET_BEHIND.match(after) is not None


def _read(folded: str, text: str, match: re.Match[str]) -> Found | None:
    start, end = match.span()
    if sum(map(str.isdigit, match.group())) > MAX_DIGITS or not _stands_alone(folded, start, end):
        return None
    value = _decimal(match, whole=_has_no_cents(folded, start, end))
    minus = _MINUS.search(folded[max(0, start - MINUS_REACH) : start])
    if minus is not None:
        value, start = -value, start - len(minus["printed"] or minus["apart"])
    elif value > 0 and _MINUS_BEHIND.match(folded, end) and _CENTS.search(match.group()):
        value, end = -value, end + 1
    return Found(start, end, text[start:end], value)


def _stands_alone(folded: str, start: int, end: int) -> bool:
    before, after = folded[max(0, start - 8) : start], folded[end : end + 8]
    if (
        before
        and re.search(r"(?:\d[:/.,-]|[A-Za-z][-/.+]|#|№)$", before)
        and not re.search(rf"{_CURRENCY}[-.+]$", before, re.I)
    ):
        return False
    if _LETTER_BEFORE.search(before) and not re.search(rf"(?<![A-Za-z]){_CURRENCY}$|(?<![A-Za-z])[xX@]$", before, re.I):
        return False
    if _GLUED_AFTER.match(after):
        return False
    return not (_LETTER.match(after) and not _UNIT_AFTER.match(after))


def _has_no_cents(folded: str, start: int, end: int) -> bool:
    """Whether a currency without decimals stands beside a number."""
    before = _NO_CENTS_BEFORE.search(folded[max(0, start - 6) : start])
    return before is not None or _NO_CENTS_AFTER.match(folded, end) is not None


def _decimal(match: re.Match[str], *, whole: bool) -> Decimal:
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
    groups = len(tail) == 3 and other not in raw and head not in ("", "0")
    thousands = raw.count(mark) > 1 or (groups and (mark == "," or whole))
    if thousands:
        return Decimal(head.replace(mark, "") + tail)
    return Decimal(f"{head or '0'}.{tail}")
