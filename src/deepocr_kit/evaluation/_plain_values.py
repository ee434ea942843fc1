"""Truths and readings as nested texts, one spelling for each value, so that they can be compared as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from deepocr_kit.evaluation._reading import Reading
from deepocr_kit.evaluation.expected import expected_value
from deepocr_kit.revisers import FieldSpec
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode
from deepocr_kit.revisers.values import parse_value

__all__ = ["all_judged", "plain_expected", "plain_read"]

MAX_EXPONENT = 30
"""Numbers further from one keep their exponent: written out, ``1e999999999`` would fill the memory."""


def plain_expected(node: SchemaNode, expected: Any, path: str = "") -> Any:
    """The truth: mappings, lists, texts, None, and tuples of alternatives.

    Args:
        node: Of the schema.
        expected: The truth about it, checked.
        path: For errors.
    """
    match node:
        case LeafNode(spec):
            values = tuple(_spelled(value, spec) for value in expected_value(expected, path).values)
            return values if len(values) > 1 else values[0] if values else None
        case ListNode(item):
            return [plain_expected(item, truth, f"{path}[{number}]") for number, truth in enumerate(expected or ())]
        case ObjectNode(children):
            known = dict.fromkeys(children) if expected is None else expected
            return {
                name: plain_expected(child, known[name], f"{path}.{name}")
                for name, child in children.items()
                if name in known
            }


def plain_read(node: SchemaNode, expected: Any, read: Reading, path: str = "") -> Any:
    """What was read of the judged fields; leaves without a value are left out.

    Args:
        node: Of the schema.
        expected: The truth about it, which says what is judged.
        read: What was read.
        path: Where it was read.
    """
    match node:
        case LeafNode(spec):
            value = read.value(path)
            return None if value is None else _spelled(value, spec)
        case ListNode(item):
            judged = all_judged(expected or ())
            return [plain_read(item, judged, read, f"{path}[{index}]") for index in read.items(path)]
        case ObjectNode(children):
            known = dict.fromkeys(children) if expected is None else expected
            found = {
                name: plain_read(child, known[name], read, f"{path}.{name}" if path else name)
                for name, child in children.items()
                if name in known
            }
            return {name: value for name, value in found.items() if value is not None}


def all_judged(truths: Sequence[Any]) -> Mapping[str, Any] | None:
    """The fields that are judged in any of some items, as a truth in which they are empty; None when no item says."""
    known = [truth for truth in truths if isinstance(truth, Mapping)]
    return {key: None for truth in known for key in truth} if known else None


def _spelled(value: Any, spec: FieldSpec) -> str:
    """One spelling: ``12.50`` and ``12.5`` are one number, ``27/03/2024`` and ``2024-03-27`` one date."""
    typed = parse_value(value, spec) if isinstance(value, str) else value
    typed = value if typed is None else typed
    if isinstance(typed, int | float | Decimal) and not isinstance(typed, bool):
        return _spelled_number(Decimal(str(typed)))
    if isinstance(typed, dt.date | dt.time):
        return typed.isoformat()
    return str(getattr(typed, "value", typed))


def _spelled_number(number: Decimal) -> str:
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        return str(number)
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
