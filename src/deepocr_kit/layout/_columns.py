"""Rows of pieces into columns of a character grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["Cell", "assign_columns", "column_starts"]

COLUMN_GAP = 2
"""Blank cells between two columns, at least."""

NUMBERS = 0.7
"""Share of a column's cells that must read like numbers before it may be set to the right."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text to put into a row.

    Attributes:
        lines: Its lines; at least one.
        width: Cells that its widest line takes.
        x0: Left edge, as a share of the page.
        x1: Right edge.
        latest: Where its words may start at the latest; further right than ``x0`` for
            a number in a box that is wider than it.
        number: Whether it reads like a number, and may stand to the right of its column.
    """

    lines: tuple[str, ...]
    width: int
    x0: float
    x1: float
    latest: float
    number: bool


def assign_columns(rows: Sequence[Sequence[Cell]]) -> list[list[int]]:
    """The 0-based column of every cell; it rises from left to right in each row.

    Gutters are the fewest vertical lines that pass through the gap between
    every two neighbours of a row (interval stabbing, from left to right).
    """
    gaps = []
    for row in rows:
        for left, right in pairwise(row):
            start, end = left.x1, right.latest
            gaps.append((end, start) if start <= end else ((start + end) / 2, (start + end) / 2))
    gutters: list[float] = []
    low, high = 0.0, -1.0
    for end, start in sorted(gaps):
        if start <= high:
            low = max(low, start)
            continue
        if high >= 0:
            gutters.append((low + high) / 2)
        low, high = start, end
    if high >= 0:
        gutters.append((low + high) / 2)
    columns = []
    for row in rows:
        numbers: list[int] = []
        for cell in row:
            column = bisect_right(gutters, cell.latest)
            numbers.append(max(column, numbers[-1] + 1) if numbers else column)
        columns.append(numbers)
    return columns


def column_starts(
    rows: Sequence[Sequence[Cell]], columns: Sequence[Sequence[int]], left: float, cell: float
) -> tuple[dict[int, int], dict[int, int]]:
    """Start of each column and, for columns set to the right, their width; in cells.

    A column starts where its median edge says, and never before the end of
    any cell to its left: the longest path through the rows.

    Args:
        rows: From top to bottom.
        columns: As ``assign_columns`` gave them.
        left: Left edge of the text, as a share of the page.
        cell: Width of one cell, as a share of the page.
    """
    members: dict[int, list[tuple[int, int]]] = {}
    for at, numbers in enumerate(columns):
        for place, number in enumerate(numbers):
            members.setdefault(number, []).append((at, place))
    starts: dict[int, int] = {}
    right_widths: dict[int, int] = {}
    ends = [0] * len(rows)
    previous = -1
    for number in sorted(members):
        cells = [rows[at][place] for at, place in members[number]]
        free = max((ends[at] + COLUMN_GAP for at, place in members[number] if place), default=0)
        start = max(round((median(one.x0 for one in cells) - left) / cell), free, previous + 1)
        if _set_right(cells):
            right_widths[number] = max(one.width for one in cells)
        for (at, _), one in zip(members[number], cells, strict=True):
            ends[at] = start + right_widths.get(number, one.width)
        starts[number] = previous = start
    return starts, right_widths


def _set_right(cells: Sequence[Cell]) -> bool:
    """Whether the right edges of a column of numbers are straighter than the left ones."""
    if len(cells) < 3 or sum(one.number for one in cells) < NUMBERS * len(cells):
        return False
    return _spread([one.x1 for one in cells]) < 0.5 * _spread([one.x0 for one in cells])


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return median(abs(value - middle) for value in values)
