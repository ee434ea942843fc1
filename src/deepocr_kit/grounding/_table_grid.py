"""Puts the cells of a table on a grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias, TypedDict

from deepocr_kit.documents import Table

__all__ = [
    "MAX_PLACES",
    "MAX_SPAN",
    "AnyCell",
    "CellValues",
    "PlacedTable",
    "RawCell",
    "make_table",
    "place_cells",
]

MAX_SPAN = 100
"""Largest rowspan and colspan that is believed; browsers stop at 1000, a scanned page long before."""

MAX_PLACES = 20_000
"""Most places (rows times columns) of one grid; an answer of 8192 tokens has room for about 3000 cells."""


@dataclass(slots=True)
class RawCell:
    """A cell as it stands in the HTML: spans as written, text in plain words."""

    row_span: int = 1
    col_span: int = 1
    header: bool = False
    text: str = ""


AnyCell: TypeAlias = RawCell | str
"""A cell of one place that is no header is its text alone: nearly all cells are, and strings cost nothing."""


class CellValues(TypedDict, total=False):
    """What a ``TableCell`` is made of; what is missing has its default."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    header: bool


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A grid and what is odd about it.

    Attributes:
        table: The grid.
        rows_left_out: How many rows did not fit under ``MAX_PLACES``.
        spans_clamped: Whether a span was larger than ``MAX_SPAN``, or ran into another cell.
        uneven: Whether rows differ in width, that is, whether a place has no cell.
    """

    table: Table
    rows_left_out: int = 0
    spans_clamped: bool = False
    uneven: bool = False


def place_cells(rows: Sequence[Sequence[AnyCell]]) -> PlacedTable:
    """Lay out rows the way a browser does, then drop columns in which no cell starts.

    Args:
        rows: Cells in the order of the HTML. A span that runs into a cell
            placed before is cut short; a rowspan below the last row too.
    """
    if all(isinstance(cell, str) or cell.row_span == cell.col_span == 1 for cells in rows for cell in cells):
        return _place_plain(rows)
    placer = _Placer()
    row_count = 0
    for cells in rows:
        if not placer.place(row_count, cells):
            break
        row_count += 1
    return placer.result(row_count, len(rows) - row_count)


def _place_plain(rows: Sequence[Sequence[AnyCell]]) -> PlacedTable:
    """The same for cells without spans, in a third of the time."""
    col_count = 0
    kept = count = 0
    for row in rows:
        wider = max(col_count, len(row))
        if (kept + 1) * max(wider, 1) > MAX_PLACES:
            break
        col_count = wider
        kept += 1
        count += len(row)
    table = make_table(kept, col_count, _plain_values(rows[:kept]))
    return PlacedTable(table, len(rows) - kept, uneven=count != kept * col_count)


def _plain_values(rows: Sequence[Sequence[AnyCell]]) -> Iterator[CellValues]:
    for row, cells in enumerate(rows):
        for col, cell in enumerate(cells):
            if isinstance(cell, str):
                yield {"row": row, "col": col, "text": cell}
            else:
                yield {"row": row, "col": col, "text": cell.text, "header": cell.header}


def make_table(row_count: int, col_count: int, cells: Iterable[CellValues]) -> Table:
    """The grid with these cells.

    One call for all: pydantic makes them in a third of the time that single calls take. Values that are made one by
    one, by an iterator, are gone before the garbage collector looks at them.
    """
    return Table.model_validate({"row_count": row_count, "col_count": col_count, "cells": cells})


class _Placer:
    """Places rows from top to bottom. The work is bounded by the number of cells and of places."""

    def __init__(self) -> None:
        self._cells: list[CellValues] = []
        self._spanning: list[CellValues] = []
        """Those of the cells that cover several places."""
        self._free_from: list[int] = []
        """For each column the first row that no rowspan from above takes."""
        self._busy_until = 0
        self._clamped = False

    def place(self, row: int, cells: Sequence[AnyCell]) -> bool:
        """Place one row; False, and nothing is placed, when the grid would become too large."""
        if (row + 1) * max(len(self._free_from), 1) > MAX_PLACES or len(cells) > MAX_PLACES:
            return False
        before, spanning, clamped = len(self._cells), len(self._spanning), self._clamped
        append, free_from, blocked = self._cells.append, self._free_from, self._busy_until > row
        col = 0
        for cell in cells:
            while blocked and col < len(free_from) and free_from[col] > row:
                col += 1
            if isinstance(cell, str):
                append({"row": row, "col": col, "text": cell})
                col += 1
            elif cell.row_span == cell.col_span == 1:
                append({"row": row, "col": col, "text": cell.text, "header": cell.header})
                col += 1
            else:
                col = self._place_spanning(row, col, cell, blocked=blocked)
        if col > len(free_from):
            free_from += [0] * (col - len(free_from))
        if (row + 1) * len(free_from) <= MAX_PLACES:
            return True
        del self._cells[before:], self._spanning[spanning:]
        self._clamped = clamped
        return False

    def _place_spanning(self, row: int, col: int, cell: RawCell, *, blocked: bool) -> int:
        """Place a cell with spans at a free column; where it ends."""
        width = room = min(cell.col_span, MAX_SPAN)
        height = min(cell.row_span, MAX_SPAN)
        free_from = self._free_from
        if blocked and width > 1 and max(free_from[col : col + width], default=0) > row:
            room = next(step for step in range(width) if free_from[col + step] > row)
        if room < cell.col_span or height < cell.row_span:
            self._clamped = True
        end = col + room
        free_from += [0] * (end - len(free_from))
        if height > 1:
            free_from[col:end] = [row + height] * room
            self._busy_until = max(self._busy_until, row + height)
        values: CellValues = {
            "row": row,
            "col": col,
            "row_span": height,
            "col_span": room,
            "text": cell.text,
            "header": cell.header,
        }
        self._cells.append(values)
        self._spanning.append(values)
        return end

    def result(self, row_count: int, rows_left_out: int) -> PlacedTable:
        """The grid, without the columns in which no cell starts."""
        starts = {values["col"] for values in self._cells}
        col_count = len(starts)
        if col_count < len(self._free_from):
            self._drop_columns(starts)
        covered = len(self._cells) - len(self._spanning)
        for values in self._spanning:
            values["row_span"] = min(values["row_span"], row_count - values["row"])
            covered += values["row_span"] * values["col_span"]
        table = make_table(row_count, col_count, self._cells)
        return PlacedTable(table, rows_left_out, self._clamped, uneven=covered != row_count * col_count)

    def _drop_columns(self, starts: set[int]) -> None:
        """Number the columns anew, without those in which no cell starts."""
        new_column = [0, *accumulate(col in starts for col in range(len(self._free_from)))]
        for values in self._spanning:
            values["col_span"] = new_column[values["col"] + values["col_span"]] - new_column[values["col"]]
        for values in self._cells:
            values["col"] = new_column[values["col"]]
