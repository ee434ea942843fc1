"""Puts the cells of an HTML table on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

from deepocr_kit.documents import Table

__all__ = ["MAX_PLACES", "MAX_SPAN", "AnyCell", "PlacedTable", "RawCell", "place_cells"]

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
    cells: list[dict[str, Any]] = []
    kept = 0
    for row, raw_cells in enumerate(rows):
        wider = max(col_count, len(raw_cells))
        if (row + 1) * max(wider, 1) > MAX_PLACES:
            break
        col_count = wider
        kept += 1
        for col, cell in enumerate(raw_cells):
            if isinstance(cell, str):
                cells.append({"row": row, "col": col, "text": cell})
            else:
                cells.append({"row": row, "col": col, "text": cell.text, "header": cell.header})
    return PlacedTable(_table(kept, col_count, cells), len(rows) - kept, uneven=len(cells) != kept * col_count)


def _table(row_count: int, col_count: int, cells: list[dict[str, Any]]) -> Table:
    """One call for all cells: pydantic makes them in a third of the time that single calls take."""
    return Table.model_validate({"row_count": row_count, "col_count": col_count, "cells": cells})


class _Placer:
    """Places rows from top to bottom. The work is bounded by the number of cells and of places."""

    def __init__(self) -> None:
        self._placed: list[tuple[int, int, int, int, AnyCell]] = []
        self._free_from: list[int] = []
        """For each column the first row that no rowspan from above takes."""
        self._busy_until = 0
        self._clamped = False

    def place(self, row: int, cells: Sequence[AnyCell]) -> bool:
        """Place one row; False, and nothing is placed, when the grid would become too large."""
        if (row + 1) * max(len(self._free_from), 1) > MAX_PLACES or len(cells) > MAX_PLACES:
            return False
        before = len(self._placed)
        clamped = self._clamped
        blocked = self._busy_until > row
        col = 0
        for cell in cells:
            if blocked:
                col = self._free_column(row, col)
            if isinstance(cell, str) or cell.row_span == cell.col_span == 1:
                self._placed.append((row, col, 1, 1, cell))
                col += 1
            else:
                col = self._place_spanning(row, col, cell, blocked=blocked)
        self._free_from += [0] * (col - len(self._free_from))
        if (row + 1) * len(self._free_from) <= MAX_PLACES:
            return True
        del self._placed[before:]
        self._clamped = clamped
        return False

    def _free_column(self, row: int, col: int) -> int:
        while col < len(self._free_from) and self._free_from[col] > row:
            col += 1
        return col

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
        self._placed.append((row, col, room, height, cell))
        return end

    def result(self, row_count: int, rows_left_out: int) -> PlacedTable:
        """The grid, without the columns in which no cell starts."""
        starts = [0] * (len(self._free_from) + 1)
        for place in self._placed:
            starts[place[1] + 1] = 1
        new_column = list(accumulate(starts))
        cells: list[dict[str, Any]] = []
        covered = 0
        for row, col, width, height, cell in self._placed:
            if isinstance(cell, str):
                cells.append({"row": row, "col": new_column[col], "text": cell})
                covered += 1
                continue
            values: dict[str, Any] = {"row": row, "col": new_column[col], "text": cell.text}
            if width > 1:
                width = values["col_span"] = new_column[col + width] - new_column[col]
            if height > 1:
                height = values["row_span"] = min(height, row_count - row)
            if cell.header:
                values["header"] = True
            covered += width * height
            cells.append(values)
        table = _table(row_count, new_column[-1], cells)
        return PlacedTable(table, rows_left_out, self._clamped, uneven=covered != row_count * table.col_count)
