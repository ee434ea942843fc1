"""One way in for every kind of value: find, read, compare."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Any, Union, get_args, get_origin

from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.values.choices import find_booleans, parse_boolean, parse_choice
from deepocr_kit.revisers.values.codes import find_codes, find_matches, find_phones
from deepocr_kit.revisers.values.dates import DateOrder, find_dates
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import compare_key
from deepocr_kit.revisers.values.numbers import find_numbers, is_bracketed, parse_number
from deepocr_kit.revisers.values.times import find_datetimes, find_durations, find_times

__all__ = ["find_values", "parse_value", "same_value"]

MAX_VALUE_CHARS = 10_000
"""Longest text that is read as one value."""
_SCIENTIFIC = re.compile(r"[-+]?[0-9]{1,30}(?:\.[0-9]{1,30})?[eE][-+]?[12]?[0-9]")
"""1e3, as a model may write a number."""
_CURRENCY_BEHIND_MINUS = re.compile(r"(?<=^[-\u2010-\u2015\u2212])[^\d.,]+")


def find_values(
    text: str, kind: ValueKind, *, pattern: str | None = None, order: DateOrder = DateOrder.DAY_FIRST
) -> tuple[Found, ...]:
    """Every value of a kind in a text, from left to right, in linear time.

    Args:
        text: Any text.
        kind: ``TEXT`` gives the whole text without outer spaces; ``CHOICE`` gives
            nothing, because its words are known to ``parse_value`` alone.
        pattern: Only values that this regular expression matches as a whole.
            For ``TEXT`` and ``CODE`` the matches themselves are the values.
        order: The likeliest reading of ambiguous dates.
    """
    if pattern is not None and kind in (ValueKind.TEXT, ValueKind.CODE, ValueKind.PHONE):
        return find_matches(text, pattern)
    found = _find(text, kind, order)
    if pattern is None:
        return found
    return tuple(item for item in found if find_matches(item.text, pattern))


def _find(text: str, kind: ValueKind, order: DateOrder) -> tuple[Found, ...]:
    if kind is ValueKind.DATE:
        return find_dates(text, order=order)
    if kind is ValueKind.DATETIME:
        return find_datetimes(text, order=order)
    finder = _FINDERS.get(kind)
    return finder(text) if finder is not None else ()


def _find_integers(text: str) -> tuple[Found, ...]:
    whole = (item for item in find_numbers(text) if item.value == item.value.to_integral_value())
    return tuple(Found(item.start, item.end, item.text, int(item.value)) for item in whole)


def _find_text(text: str) -> tuple[Found, ...]:
    stripped = text.strip()
    start = text.find(stripped)
    return (Found(start, start + len(stripped), stripped, stripped),) if stripped else ()


_FINDERS: Mapping[ValueKind, Callable[[str], tuple[Found, ...]]] = {
    ValueKind.NUMBER: find_numbers,
    ValueKind.INTEGER: _find_integers,
    ValueKind.TIME: find_times,
    ValueKind.DURATION: find_durations,
    ValueKind.CODE: find_codes,
    ValueKind.PHONE: find_phones,
    ValueKind.BOOLEAN: find_booleans,
    ValueKind.TEXT: _find_text,
}


def parse_value(text: str, spec: FieldSpec, *, order: DateOrder = DateOrder.DAY_FIRST) -> Any:
    """The typed value that a printed text states; None when it does not state one.

    Never raises. A ``str`` field keeps the printed text: without outer spaces,
    without currency and unit when it is a number, cut to the match when
    the field has a pattern. ``float`` fields get floats and ``Decimal`` fields exact
    decimals. Types that are only known to pydantic get the text.

    Args:
        text: The value as printed, or as a model copied it.
        spec: The field.
        order: The likeliest reading of ambiguous dates.
    """
    stripped = text.strip()
    if not stripped or len(stripped) > MAX_VALUE_CHARS:
        return None
    if spec.choices:
        return parse_choice(stripped, spec.choices)
    if spec.keeps_print:
        return _printed(stripped, spec)
    members = (
        get_args(spec.annotation) if get_origin(spec.annotation) in (Union, types.UnionType) else (spec.annotation,)
    )
    for member in sorted(members, key=lambda member: member is str):
        value = _typed(stripped, member, spec, order)
        if value is not None:
            return value
    return None


def _printed(text: str, spec: FieldSpec) -> str | None:
    if spec.pattern is not None:
        matches = find_matches(text, spec.pattern)
        return matches[0].text if matches else None
    if spec.kind in (ValueKind.NUMBER, ValueKind.INTEGER):
        number = parse_number(text)
        if number is not None and compare_key(number.text) and _is_only_unit(text, number):
            return _CURRENCY_BEHIND_MINUS.sub("", number.text)
    return text


def _is_only_unit(text: str, number: Found) -> bool:
    """Whether what stands around a number is no more than a currency and a unit; brackets may make it a loss."""
    around = text[: number.start] + text[number.end :]
    is_loss = number.value < 0 and is_bracketed(text, number.start, number.end)
    return "%" not in around and len(compare_key(around)) <= 6 and not is_loss


def _typed(text: str, annotation: Any, spec: FieldSpec, order: DateOrder) -> Any:
    if not isinstance(annotation, type):
        return text
    for scalar, read in _READERS:
        if issubclass(annotation, scalar):
            return read(text, order)
    if spec.pattern is not None:
        return _printed(text, spec)
    return text


def _decimal(text: str, order: DateOrder) -> Decimal | None:  # noqa: ARG001 - one signature for all readers
    number = parse_number(text)
    if number is not None:
        return Decimal(number.value)
    return Decimal(text) if _SCIENTIFIC.fullmatch(text) else None


def _integer(text: str, order: DateOrder) -> int | None:
    number = _decimal(text, order)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _float(text: str, order: DateOrder) -> float | None:
    number = _decimal(text, order)
    return None if number is None else float(number)


def _boolean(text: str, order: DateOrder) -> bool | None:  # noqa: ARG001 - one signature for all readers
    return parse_boolean(text)


def _date(text: str, order: DateOrder) -> Any:
    return _only(find_dates(text, order=order))


def _datetime(text: str, order: DateOrder) -> Any:
    return _only(find_datetimes(text, order=order))


def _time(text: str, order: DateOrder) -> Any:  # noqa: ARG001 - one signature for all readers
    return _only(find_times(text))


def _duration(text: str, order: DateOrder) -> Any:  # noqa: ARG001 - one signature for all readers
    return _only(find_durations(text))


_READERS: tuple[tuple[type, Callable[[str, DateOrder], Any]], ...] = (
    (bool, _boolean),
    (int, _integer),
    (float, _float),
    (Decimal, _decimal),
    (dt.datetime, _datetime),
    (dt.date, _date),
    (dt.time, _time),
    (dt.timedelta, _duration),
)


def _only(found: tuple[Found, ...]) -> Any:
    """The value that all finds agree on."""
    return found[0].value if len({item.value for item in found}) == 1 else None


def same_value(a: Any, b: Any, kind: ValueKind, *, order: DateOrder = DateOrder.DAY_FIRST) -> bool:
    """Whether two values, typed or printed, say the same.

    Numbers are equal as decimals, dates when their readings have one in
    common, times and durations as such, phones by their digits, all else by
    ``compare_key``. Nothing is equal to a value that cannot be read.
    """
    if a is None or b is None:
        return False
    match kind:
        case ValueKind.PHONE:
            return _digits(a) == _digits(b) != ""
        case ValueKind.TEXT | ValueKind.CODE | ValueKind.CHOICE:
            return compare_key(_word(a)) == compare_key(_word(b)) != ""
        case _:
            return bool(_readings(a, kind, order) & _readings(b, kind, order))


def _readings(value: Any, kind: ValueKind, order: DateOrder) -> set[Any]:
    if not isinstance(value, str):
        plain = _plain(value, kind)
        # a signaling NaN and an unfinished model's list are hashable by their types only
        is_value = isinstance(plain, Hashable) and not (isinstance(plain, Decimal) and plain.is_nan())
        return {plain} if is_value else set()
    found = [parse_number(value)] if kind in (ValueKind.NUMBER, ValueKind.INTEGER) else _find(value, kind, order)
    items = [item for item in found if item is not None]
    return {reading for item in items for reading in item.readings} if len(items) == 1 else set()


def _plain(value: Any, kind: ValueKind) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dt.datetime) and kind is ValueKind.DATE:
        return value.date()
    if isinstance(value, dt.time) and kind is ValueKind.DURATION:
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    return value


def _digits(value: Any) -> str:
    return "".join(char for char in compare_key(str(value)) if char.isdecimal())


def _word(value: Any) -> str:
    return str(getattr(value, "value", value))
