"""Printed codes and phone numbers."""

from __future__ import annotations

import bisect
import re

from deepocr_kit.revisers.values.dates import find_dates
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import fold

__all__ = ["find_codes", "find_matches", "find_phones"]

MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 5, 17
"""A short service number, and E.164's fifteen digits with a trunk prefix."""
MAX_PATTERN_CHARS = 5_000
"""Longest text in which a user's pattern is searched."""
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?<![\d][.,:])"
    r"(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳][A-Z][ ·.-]?"  # a Chinese plate
    r"|[\u4e00-\u9fff](?<![号牌码照])[A-Z]·)?"  # one whose province was misread: the dot tells
    r"[A-Za-z0-9]+(?:[-/·_][A-Za-z0-9]+)*(?![A-Za-z0-9])(?![.,:]\d)"
)
_DECIMALS = re.compile(r"\.\d\d(?!\d)(?![.\d])")
_GROUPED = re.compile(r"(?<![\dA-Za-z])(?:\d{4}(?: \d{4}){2,4}(?: \d{1,3})?|\d{5}(?: \d{5}){2,4})(?![\dA-Za-z])")
_PHONE = re.compile(r"(?<![A-Za-z0-9.,/])\+?\(?\d[\d\-() ./]{3,24}\d(?![A-Za-z0-9])")


def find_codes(text: str) -> tuple[Found, ...]:
    """Runs of letters and digits that hold a digit, ``-`` and ``/`` inside allowed; dates and decimals are none.

    The value of a code is its printed text.
    """
    folded = fold(text)
    dates = [(date.start, date.end) for date in find_dates(text)]
    grouped = [match.span() for match in _GROUPED.finditer(folded)]
    spans = [
        match.span()
        for match in _CODE.finditer(folded)
        if len(match.group()) > 1 and any(char.isdigit() for char in match.group())
    ]
    free = [span for span in spans if not (_overlaps(span, dates) or _overlaps(span, grouped))]
    return tuple(_as_found(text, span) for span in sorted((*grouped, *free)))


def find_phones(text: str) -> tuple[Found, ...]:
    """Phone numbers, spaces, brackets and dashes inside; the value is the printed text."""
    folded = fold(text)
    spans = (match.span() for match in _PHONE.finditer(folded))
    return tuple(
        _as_found(text, span)
        for span in spans
        if MIN_PHONE_DIGITS <= sum(char.isdigit() for char in folded[slice(*span)]) <= MAX_PHONE_DIGITS
        and not _DECIMALS.search(folded[slice(*span)])
        and not find_dates(folded[slice(*span)])
    )


def find_matches(text: str, pattern: str) -> tuple[Found, ...]:
    """Where a user's pattern matches, not inside a longer word or number; anchors at its ends are dropped."""
    inner = pattern.removeprefix("^").removesuffix("$")
    bounded = re.compile(rf"(?<![A-Za-z0-9])(?:{inner})(?![A-Za-z0-9])")
    folded = fold(text[:MAX_PATTERN_CHARS])
    return tuple(_as_found(text, match.span()) for match in bounded.finditer(folded) if match.group())


def _as_found(text: str, span: tuple[int, int]) -> Found:
    printed = text[slice(*span)]
    return Found(*span, printed, printed)


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Whether a span has a character in common with one of the others, which are sorted and disjoint."""
    at = bisect.bisect_left(taken, span)
    before, after = taken[at - 1 : at], taken[at : at + 1]
    return any(other[0] < span[1] and span[0] < other[1] for other in (*before, *after))
