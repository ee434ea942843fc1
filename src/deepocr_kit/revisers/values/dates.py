"""Printed dates, with every reading that their layout allows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from enum import StrEnum

from deepocr_kit.revisers.values.chinese import parse_numeral
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import fold

__all__ = ["DateOrder", "find_dates", "guess_date_order"]


class DateOrder(StrEnum):
    """Which reading of an ambiguous date is the likeliest."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


YEAR_PIVOT = 69
"""Two-digit years up to this one are of this century, as POSIX says of ``strptime``'s ``%y``."""
MIN_YEAR, MAX_YEAR = 1900, 2100
"""Years outside of these are numbers of another meaning."""
_ROC_START = 1911
_ERA_STARTS = {
    "民国": _ROC_START,
    "民國": _ROC_START,
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "大正": 1911,
    "明治": 1867,
}
"""The year before the first one of an era, the Republic of China's and the Japanese emperors'."""

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CN = "零〇○一二三四五六七八九十百两壹贰貳叁參肆伍陆陸柒捌玖拾"
"""Everyday numerals, and the capital ones of cheques."""
_TRIPLE = re.compile(
    r"(?<!\d)(?P<glued>(?<=[A-Za-z]))?(?P<a>\d{1,4}) ?(?P<sep>[-/.\\]) ?(?P<b>\d{1,2}) ?(?P=sep) ?"
    r"(?P<c>\d{4}(?=\d\d:\d\d)|(?:\d{4}|\d{1,2})(?!\d)"  # a time may be glued to the year
    r"(?!(?P=sep)(?<=\.)\d+(?![\d:])))"  # 10.12.20.15 is an address
)
_GAPPED = re.compile(
    r"(?<![\d.,/-])(?<!\d:)(?:(?P<y>(?:19|20)\d\d) (?P<m>\d\d) (?P<d>\d\d)"
    r"|(?P<a>\d\d)(?: (?P<b>\d\d)[-/]|[-/](?P<b2>\d\d) )(?P<c>20\d\d|\d\d))(?![\d.,/:-])(?! ?[\d%])"
)
"""Dates whose separators were not printed or not read: 2019 05 08, 05 02-18."""
_CJK = re.compile(
    rf"(?:(?P<era>{'|'.join(_ERA_STARTS)}) ?(?P<reign>\d{{1,3}}|元|[{_CN}]{{1,6}})"
    rf"|(?<![\d{_CN}])(?P<y>\d{{2,4}}|[{_CN}]{{2,4}}))"
    rf" ?年 ?(?P<m>\d{{1,2}}|[{_CN}]{{1,3}}) ?月"
    rf" ?(?P<d>\d{{1,2}}|[{_CN}]{{1,4}}) ?[日号號]?"
)
_YEAR = r"(?P<year>\d{4}|\d{2})(?![\d:])"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAY_MONTH = re.compile(
    rf"(?<![\dA-Za-z]){_DAY}[ ./,-]{{0,2}}(?:of )?{_MONTH}[ ./,'-]{{0,3}}{_YEAR}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"(?<![A-Za-z]){_MONTH}[ ./-]{{0,2}}{_DAY}[ ,./'-]{{1,3}}{_YEAR}", re.IGNORECASE)
_YEAR_MONTH_DAY = re.compile(rf"(?<!\d)(?P<year>\d{{4}})[ -]?{_MONTH}[ -]?(?P<day>\d{{1,2}})(?!\d)", re.IGNORECASE)
_COMPACT = re.compile(
    r"(?<![\dA-Za-z.])(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\dA-Za-z.]\d?)"
)
_CJK_TEXT = re.compile(r"[\u3400-\u9fff]")


def find_dates(text: str, *, order: DateOrder = DateOrder.DAY_FIRST) -> tuple[Found, ...]:
    """All dates in a text from left to right; overlapping layouts count once.

    Args:
        text: Any text.
        order: The likeliest reading of dates such as 03-04-05.

    Understood: ``2024-08-08`` with ``- / .``, ``08/08/2024``, ``24-08-08``,
    ``8 Aug 2024``, ``Aug 8, 2024``, ``08AUG2024``, ``20240808``, 2024年8月8日,
    二〇二四年八月八日, 贰零贰肆年零捌月零捌日, 民国113年8月8日 or 113年8月8日, and the
    Japanese eras from 明治 on. Linear in the length of the text.
    """
    folded = fold(text)
    found: list[Found] = []
    taken_to = -1
    for item in sorted(_all(folded, text, order), key=lambda item: (item.start, -item.end)):
        if item.start >= taken_to:
            found.append(item)
            taken_to = item.end
    return tuple(found)


def guess_date_order(text: str) -> DateOrder:
    """The likeliest order of the dates in a document, from its own words.

    Chinese or Japanese text puts the year first. Otherwise a date that has
    only one reading (12/28/2017) decides; with none, the day is first.
    """
    sample = text[:100_000]
    if len(_CJK_TEXT.findall(sample)) * 5 >= len(sample.split()):
        return DateOrder.YEAR_FIRST
    votes = {True: 0, False: 0}
    for match in _TRIPLE.finditer(fold(sample)):
        first, second = int(match["a"]), int(match["b"])
        if len(match["a"]) <= 2 and len(match["c"]) == 4 and (first > 12) != (second > 12):
            votes[second > 12] += 1
    return DateOrder.MONTH_FIRST if votes[True] > votes[False] else DateOrder.DAY_FIRST


def _all(folded: str, text: str, order: DateOrder) -> Iterator[Found]:
    for match in _TRIPLE.finditer(folded):
        is_part_number = match["glued"] is not None and len(match["a"]) < 4 and len(match["c"]) < 4  # HC03-7-15
        if not (is_part_number or _goes_on_before(folded, match)):
            yield from _found(text, match, _triple(match["a"], match["b"], match["c"], order))
    for match in _CJK.finditer(folded):
        yield from _found(text, match, _cjk(match))
    for match in _GAPPED.finditer(folded):
        if match["y"]:
            yield from _found(text, match, [_date(int(match["y"]), int(match["m"]), int(match["d"]))])
        else:
            yield from _found(text, match, _triple(match["a"], match["b"] or match["b2"], match["c"], order))
    for pattern in (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH_DAY):
        for match in pattern.finditer(folded):
            month = _MONTHS[match["month"][:3].lower()]
            yield from _found(text, match, [_date(_full_year(match["year"]), month, int(match["day"]))])
    for match in _COMPACT.finditer(folded):
        yield from _found(text, match, [_date(int(match["y"]), int(match["m"]), int(match["d"]))])


def _goes_on_before(folded: str, match: re.Match[str]) -> bool:
    """Whether one more number and a point stand before a date with points, as in the address 10.12.20.15."""
    before = folded[max(match.start() - 2, 0) : match.start()]
    return match["sep"] == "." and before.endswith(".") and before[:1].isdigit()


def _found(text: str, match: re.Match[str], readings: list[dt.date | None]) -> Iterator[Found]:
    dates = list(dict.fromkeys(reading for reading in readings if reading is not None))
    if dates:
        yield Found(match.start(), match.end(), text[match.start() : match.end()], dates[0], tuple(dates[1:]))


def _triple(a: str, b: str, c: str, order: DateOrder) -> list[dt.date | None]:
    if len(a) == 4 and len(c) <= 2:
        return [_date(int(a), int(b), int(c))]
    if len(a) > 2 or len(c) == 1:
        return []
    year = _full_year(c)
    day_first, month_first = _date(year, int(b), int(a)), _date(year, int(a), int(b))
    if len(c) == 4:
        return [month_first, day_first] if order is DateOrder.MONTH_FIRST else [day_first, month_first]
    year_first = _date(_full_year(a), int(b), int(c)) if len(a) == 2 else None
    match order:
        case DateOrder.YEAR_FIRST:
            return [year_first, day_first, month_first]
        case DateOrder.MONTH_FIRST:
            return [month_first, day_first, year_first]
        case DateOrder.DAY_FIRST:
            return [day_first, year_first, month_first]


def _cjk(match: re.Match[str]) -> list[dt.date | None]:
    year, month, day = _int(match["reign"] or match["y"]), _int(match["m"]), _int(match["d"])
    if not year or month is None or day is None:
        return []
    if match["era"]:
        year += _ERA_STARTS[match["era"]]
    elif year < 100:
        year += 2000 if year <= YEAR_PIVOT else 1900
    elif year < 200:  # only Taiwan counts so
        year += _ROC_START
    return [_date(year, month, day)]


def _int(text: str) -> int | None:
    if text == "元":  # the first year of an era
        return 1
    return int(text) if text.isdecimal() else parse_numeral(text)


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year <= YEAR_PIVOT else 1900)


def _date(year: int, month: int, day: int) -> dt.date | None:
    if not MIN_YEAR <= year <= MAX_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:  # no such day
        return None
