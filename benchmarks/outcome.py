"""What a benchmark gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Outcome", "Unavailable", "table"]


class Unavailable(Exception):  # noqa: N818 - it is a state of this machine, not a fault
    """The benchmark cannot run here; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A table for people and figures for machines.

    Attributes:
        header: Names of the columns.
        rows: One tuple a line, as long as ``header``.
        figures: Every number that may be quoted, by a clear name such as ``overhead_ratio``.
        notes: Lines under the table: how it was measured, what to keep in mind.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    figures: dict[str, float]
    notes: tuple[str, ...] = ()


def table(outcome: Outcome) -> str:
    """The table as plain text, numbers to the right."""
    rows = [outcome.header, *[tuple(_cell(value) for value in row) for row in outcome.rows]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(outcome.header))]
    right = [all(isinstance(row[column], int | float) for row in outcome.rows) for column in range(len(widths))]
    lines = [_line(row, widths, right) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, *outcome.notes])


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    cells = zip(row, widths, right, strict=True)
    return "  ".join(text.rjust(width) if to_right else text.ljust(width) for text, width, to_right in cells).rstrip()


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    return str(value)
