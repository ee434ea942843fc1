"""Values of fields as numbers and moments, for rules between fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.values import find_values
from deepocr_kit.revisers.values.numbers import parse_number

__all__ = ["as_moment", "as_number", "minor_unit"]


MAX_EXPONENT = 40
"""Numbers beyond ten to this power are no amounts; computing with them takes for ever."""


def as_number(value: Any) -> Decimal | None:
    """A finite number, or the one number that a printed text states, amounts in Chinese capitals included."""
    match value:
        case bool():
            return None
        case int() | Decimal():
            number = Decimal(value)
        case float():
            number = Decimal(str(value))
        case str():
            found = parse_number(value)
            return None if found is None else Decimal(found.value)
        case _:
            return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_EXPONENT else None


def as_moment(value: Any) -> Any:
    """A date, a time or a number that can be compared; the one date that a printed text states."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return value
    if isinstance(value, str):
        dates = {found.value for found in find_values(value, ValueKind.DATE)}
        if len(dates) == 1:
            return dates.pop()
    return as_number(value)


def minor_unit(numbers: Iterable[Decimal]) -> Decimal:
    """The last decimal that any of the numbers shows: 0.01 for 12.50, 1 for 12."""
    exponents = (number.as_tuple().exponent for number in numbers)
    return Decimal(1).scaleb(
        min((exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)
    )
