"""Printed text as typed values: found, read and compared by their form."""

from __future__ import annotations

from deepocr_kit.revisers.values.dates import DateOrder, guess_date_order
from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import compare_key, fold, normalize
from deepocr_kit.revisers.values.typed import find_values, parse_value, same_value

__all__ = [
    "DateOrder",
    "Found",
    "compare_key",
    "find_values",
    "fold",
    "guess_date_order",
    "normalize",
    "parse_value",
    "same_value",
]
