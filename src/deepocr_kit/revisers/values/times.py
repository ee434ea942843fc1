"""Printed times of day, durations, and dates with a time."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Iterator

from deepocr_kit.revisers.values.dates import DateOrder, find_dates
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import fold

__all__ = ["find_datetimes", "find_durations", "find_times"]

_FORENOON = ("am", "上午", "早上", "凌晨", "清晨", "午前", "오전")
_AFTERNOON = ("pm", "下午", "午后", "午後", "傍晚", "오후")
_NIGHT = ("晚上",)
_NOON = ("中午",)
_HALF_BEFORE = rf"(?P<before>{'|'.join((*_FORENOON, *_AFTERNOON, *_NIGHT, *_NOON))})?"
_HALF_AFTER = r"(?P<after>[ap]\.?m\b\.?)"
_TIME = re.compile(
    rf"(?<![\d:.])(?<!\d\+){_HALF_BEFORE} ?(?P<h>\d{{1,2}}) ?: ?(?P<m>[0-5]\d)(?: ?: ?(?P<s>[0-5]\d)(?:\.\d{{1,6}})?)?"
    rf" ?{_HALF_AFTER}?(?![\d:])",
    re.IGNORECASE,
)
_TIME_CJK = re.compile(
    rf"(?<!\d){_HALF_BEFORE} ?(?P<h>\d{{1,2}}) ?[时時点點시] ?"
    r"(?:(?P<m>\d{1,2}) ?[分분] ?(?:(?P<s>\d{1,2}) ?[秒초])?|(?P<half>半)|(?P<quarter>[一三13]) ?刻)?(?!间|間|钟|간)"
)
_TIME_DOTTED = re.compile(r"(?<![\d:.])(?P<h>\d{1,2})[.](?P<m>[0-5]\d) ?(?P<after>[ap]\.?m\b\.?)", re.IGNORECASE)
_HOUR_ONLY = re.compile(r"(?<![\d:.])(?P<h>1[0-2]|[1-9]) ?(?P<after>[ap]\.?m\b\.?)", re.IGNORECASE)
_QUARTERS = {"一": 1, "1": 1, "三": 3, "3": 3}
_CLOCK = re.compile(r"(?<![\d:.])(?P<h>\d{1,4}) ?: ?(?P<m>[0-5]\d)(?: ?: ?(?P<s>[0-5]\d))?(?![\d:])")
_DAYS = r"(?P<d>\d{1,4}) ?(?:days?|d|天) ?"
_HOURS = r"(?P<h>\d{1,5}) ?(?:hours?|hrs?|h|小时|小時|时|時)"
_MINUTES = r"(?P<m>\d{1,5}) ?(?:minutes?|mins?|m|分钟|分鐘|分)"
_SECONDS = r"(?P<s>\d{1,5}) ?(?:seconds?|secs?|s|秒)"
_WORDS = re.compile(
    rf"(?<![\d:.A-Za-z])(?:{_DAYS})?"
    rf"(?:{_HOURS}(?: ?{_MINUTES.replace('<m>', '<hm>')})?(?: ?{_SECONDS.replace('<s>', '<hs>')})?"
    rf"|{_MINUTES}(?: ?{_SECONDS.replace('<s>', '<ms>')})?|{_SECONDS})(?![A-Za-z])",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![A-Za-z\d])PT(?=\d)(?:(?P<h>\d{1,5})H)?(?:(?P<m>\d{1,5})M)?(?:(?P<s>\d{1,5})S)?(?![A-Za-z\d])")
_MIDNIGHT = re.compile(r"24 ?: ?00(?: ?: ?00)?(?![\d:])")
"""The end of a day, as ISO 8601 writes it."""
_CLOCK_BEGINS = re.compile(r"\d{1,2} ?: ?\d")
MAX_JOIN = 20
"""Most characters between a date and its time."""
_JOIN = re.compile(r"[ T,;:@()-]{0,4}(?:time|时间|at)?[ :]{0,3}", re.IGNORECASE)


def find_times(text: str) -> tuple[Found, ...]:
    """Times of day: ``22:20``, ``22:20:05``, ``10.30 pm``, ``3pm``, 下午3时20分."""
    folded = fold(text)
    return _disjoint(
        Found(match.start(), match.end(), text[match.start() : match.end()].strip(), value)
        for pattern in (_TIME, _TIME_CJK, _TIME_DOTTED, _HOUR_ONLY)
        for match in pattern.finditer(folded)
        if (value := _time(match.groupdict())) is not None
    )


def find_durations(text: str) -> tuple[Found, ...]:
    """Durations: ``00:03:26`` (hours first), ``1h 20min``, ``PT3M``, 3分26秒."""
    folded = fold(text)
    clocks = (
        Found(match.start(), match.end(), text[match.start() : match.end()], _span(match["h"], match["m"], match["s"]))
        for match in _CLOCK.finditer(folded)
    )
    words = (
        Found(
            match.start(),
            match.end(),
            text[match.start() : match.end()],
            _span(match["h"], match["hm"] or match["m"], match["hs"] or match["ms"] or match["s"], match["d"]),
        )
        for match in _WORDS.finditer(folded)
    )
    iso = (
        Found(match.start(), match.end(), match.group(), _span(match["h"], match["m"], match["s"]))
        for match in _ISO.finditer(folded)
    )
    return _disjoint((*clocks, *words, *iso))


def find_datetimes(text: str, *, order: DateOrder = DateOrder.DAY_FIRST) -> tuple[Found, ...]:
    """Dates that are followed by a time; a date alone counts as midnight, one before 24:00 as the next midnight.

    A date before a time that there is not, such as 25:00, is left out.
    """
    times = find_times(text)
    starts = [time.start for time in times]
    folded = fold(text)
    found = []
    for date in find_dates(text, order=order):
        at = bisect.bisect_left(starts, date.end)
        clock = _clock_after(folded, date.end, times[at] if at < len(times) else None)
        if clock is not None:
            since_midnight, end = clock
            first, *others = (dt.datetime.combine(reading, dt.time()) + since_midnight for reading in date.readings)
            found.append(Found(date.start, end, text[date.start : end], first, tuple(others)))
    return tuple(found)


def _clock_after(folded: str, at: int, time: Found | None) -> tuple[dt.timedelta, int] | None:
    """What a clock behind a date says and where it ends; None when it says what there is not."""
    if time is not None and time.start - at <= MAX_JOIN and _JOIN.fullmatch(folded, at, time.start):
        clock: dt.time = time.value
        return dt.timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second), time.end
    join = _JOIN.match(folded, at)
    begin = join.end() if join is not None else at
    midnight = _MIDNIGHT.match(folded, begin)
    if midnight is not None:
        return dt.timedelta(days=1), midnight.end()
    return None if _CLOCK_BEGINS.match(folded, begin) else (dt.timedelta(), at)


def _time(parts: dict[str, str | None]) -> dt.time | None:
    hour = int(parts["h"] or 0)
    half = (parts.get("after") or parts.get("before") or "").lower().replace(".", "")
    if (half in (*_AFTERNOON, *_NIGHT) and 1 <= hour < 12) or (half in _NOON and 1 <= hour < 4):
        hour += 12
    elif half in (*_FORENOON, *_NIGHT) and hour == 12:
        hour = 0
    minute = 30 if parts.get("half") else 15 * _QUARTERS.get(parts.get("quarter") or "", 0) or int(parts.get("m") or 0)
    try:
        return dt.time(hour, minute, int(parts.get("s") or 0))
    except ValueError:  # 25:00
        return None


def _span(hours: str | None, minutes: str | None, seconds: str | None, days: str | None = None) -> dt.timedelta:
    return dt.timedelta(int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))


def _disjoint(items: Iterator[Found] | tuple[Found, ...]) -> tuple[Found, ...]:
    kept: list[Found] = []
    for item in sorted(items, key=lambda item: (item.start, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return tuple(kept)
