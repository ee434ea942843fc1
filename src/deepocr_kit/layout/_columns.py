"""Rows of pieces into columns of a character grid."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["Cell", "Columns", "column_starts", "find_gutters"]

COLUMN_GAP = 2
"""Blank cells between two columns, at least."""

STICKS_OUT = 1.5
"""A left edge may be this many cells before its column."""

SAME_COLUMN = 0.5
"""Strips that have this share of the narrower one in common are one column when no row has both."""

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


def find_gutters(gaps: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """The fewest vertical lines, from left to right, so that one passes through every gap (interval stabbing).

    Args:
        gaps: (end of what stands left, start of what stands right), any common unit; swapped where they overlap.
    """
    gutters: list[float] = []
    low, high = 0.0, -math.inf
    for end, start in sorted((end, start) if start <= end else ((start + end) / 2,) * 2 for start, end in gaps):
        if start <= high:
            low = max(low, start)
            continue
        if high > -math.inf:
            gutters.append((low + high) / 2)
        low, high = start, end
    if high > -math.inf:
        gutters.append((low + high) / 2)
    return tuple(gutters)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a block of rows.

    Attributes:
        numbers: 0-based column of every cell, row by row; it rises from left to right in each row.
        names: Column of each strip between gutters; strips that share no row may be one column.
        starts: First cell of each column.
        right_widths: Width in cells of each column that is set to the right.
        gutters: Lines between columns, as shares of the page.
        extents: Left and right edge of each column.
        anchors: Left edge of each cell, with the start of its column; sorted.
        cell: Width of one cell, as a share of the page.
    """

    numbers: list[list[int]]
    names: dict[int, int]
    starts: dict[int, int]
    right_widths: dict[int, int]
    gutters: tuple[float, ...]
    extents: dict[int, tuple[float, float]]
    anchors: list[tuple[float, int]]
    cell: float

    @classmethod
    def of(cls, rows: Sequence[Sequence[Cell]], left: float, cell: float) -> Columns:
        """Columns of rows of several cells each.

        Args:
            rows: From top to bottom.
            left: Left edge of the text, as a share of the page.
            cell: Width of one cell, as a share of the page.
        """
        gutters = find_gutters((left.x1, right.latest) for row in rows for left, right in pairwise(row))
        strips = [_assign(row, gutters, cell) for row in rows]
        names = _names(rows, strips)
        numbers = [[names[strip] for strip in row] for row in strips]
        starts, right_widths = column_starts(rows, numbers, left, cell)
        anchors = sorted(
            (one.x0, starts[number])
            for row, row_numbers in zip(rows, numbers, strict=True)
            for one, number in zip(row, row_numbers, strict=True)
        )
        return cls(numbers, names, starts, right_widths, gutters, _extents(rows, numbers), anchors, cell)

    def start(self, number: int, one: Cell) -> int:
        """First cell of a piece in a column."""
        return self.starts[number] + self.right_widths.get(number, one.width) - one.width

    def stands_in(self, one: Cell, x0: float, x1: float) -> bool:
        """Whether a piece stands between the edges of a column, or sticks out at one of them only."""
        inside = x0 - self.cell < one.x0, one.x1 < x1 + self.cell
        near = abs(one.x0 - x0) < self.cell or abs(one.x1 - x1) < self.cell
        return all(inside) or (near and not self._crosses(one))

    def _crosses(self, one: Cell) -> bool:
        return bisect_right(self.gutters, one.x0 + self.cell) < bisect_left(self.gutters, one.x1 - self.cell)

    def lone_start(self, one: Cell) -> int | None:
        """First cell of a piece that is alone in its row; None when it stands in no column.

        It belongs to the column in which it stands as a whole, else to the one at whose left edge it begins.
        """
        strip = bisect_right(self.gutters, one.latest)
        number = self.names.get(strip, -1)
        if number in self.extents and self.stands_in(one, *self.extents[number]):
            return self.start(number, one)
        at = bisect_left(self.anchors, (one.x0, 0))
        near = min(self.anchors[max(0, at - 1) : at + 1], key=lambda anchor: abs(anchor[0] - one.x0), default=None)
        return near[1] if near is not None and abs(near[0] - one.x0) < self.cell else None


def _assign(row: Sequence[Cell], gutters: Sequence[float], cell: float) -> list[int]:
    """The strip between gutters of every cell of a row; a noisy edge may stick out into the strip before."""
    numbers: list[int] = []
    for one in row:
        column = bisect_right(gutters, one.latest + min(STICKS_OUT * cell, (one.x1 - one.x0) / 2))
        numbers.append(max(column, numbers[-1] + 1) if numbers else column)
    return numbers


def _extents(rows: Sequence[Sequence[Cell]], numbers: Sequence[Sequence[int]]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each column."""
    extents: dict[int, tuple[float, float]] = {}
    for row, row_numbers in zip(rows, numbers, strict=True):
        for one, number in zip(row, row_numbers, strict=True):
            x0, x1 = extents.get(number, (one.x0, one.x1))
            extents[number] = min(x0, one.x0), max(x1, one.x1)
    return extents


def _names(rows: Sequence[Sequence[Cell]], strips: Sequence[Sequence[int]]) -> dict[int, int]:
    """The column of each strip: ragged or noisy edges need two gutters where there is one gap.

    Neighbouring strips that stand over one another for the most part, and never side by side, are one column.
    """
    extents = _extents(rows, strips)
    places: dict[int, set[int]] = {}
    for at, row in enumerate(strips):
        for strip in row:
            places.setdefault(strip, set()).add(at)
    names: dict[int, int] = {}
    name = -1
    x0 = x1 = 0.0
    for strip in sorted(extents):
        left, right = extents[strip]
        common = min(x1, right) - max(x0, left)
        if name >= 0 and common > SAME_COLUMN * min(x1 - x0, right - left) and places[name].isdisjoint(places[strip]):
            places[name] |= places[strip]
            x0, x1 = min(x0, left), max(x1, right)
        else:
            name, x0, x1 = strip, left, right
        names[strip] = name
    return names


def column_starts(
    rows: Sequence[Sequence[Cell]], columns: Sequence[Sequence[int]], left: float, cell: float
) -> tuple[dict[int, int], dict[int, int]]:
    """Start of each column and, for columns set to the right, their width; in cells.

    A column starts where its median edge says, and never before the end of
    any cell to its left: the longest path through the rows.

    Args:
        rows: From top to bottom.
        columns: The column of each cell, row by row; rises in each row.
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
