"""Puts the cells of an HTML table on a grid."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from deepocr_kit.documents import Table, TableCell

__all__ = ["MAX_PLACES", "MAX_SPAN", "PlacedTable", "RawCell", "place_cells"]

MAX_SPAN = 100
"""Largest rowspan and colspan that is believed; browsers stop at 1000, a scanned page long before."""

MAX_PLACES = 20_000
"""Most places (rows times columns) of one grid; an answer of 8192 tokens has room for about 3000 cells."""


@dataclass(slots=True)
class RawCell:
    """A cell as it stands in the HTML: pieces of text, spans as written."""

    row_span: int = 1
    col_span: int = 1
    header: bool = False
    parts: list[str] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A grid and what is odd about it.

    Attributes:
        table: The grid.
        rows_left_out: How many rows did not fit under ``MAX_PLACES``.
        spans_clamped: Whether a span was larger than ``MAX_SPAN``, or ran into another cell.
        uneven: Whether rows differ in width.
    """

    table: Table
    rows_left_out: int = 0
    spans_clamped: bool = False
    uneven: bool = False


@dataclass(slots=True)
class _Place:
    row: int
    col: int
    width: int
    height: int
    cell: RawCell


def place_cells(rows: list[list[RawCell]]) -> PlacedTable:
    """Lay out rows the way a browser does, then drop columns in which no cell starts.

    Args:
        rows: Cells in the order of the HTML. A span that runs into a cell
            placed before is cut short; a rowspan below the last row too.
    """
    places: list[_Place] = []
    free_from: list[int] = []
    widths: set[int] = set()
    clamped = False
    row_count = 0
    for row_index, cells in enumerate(rows):
        needed = len(free_from) + sum(min(cell.col_span, MAX_SPAN) for cell in cells)
        if (row_index + 1) * max(len(free_from), 1) > MAX_PLACES or needed > MAX_PLACES:
            break
        row_count += 1
        clamped |= _place_row(row_index, cells, free_from, places)
        widths.add(_row_width(row_index, free_from))
    starts = sorted({place.col for place in places})
    table = Table(
        row_count=row_count,
        col_count=len(starts),
        cells=tuple(_table_cell(place, starts, row_count) for place in places),
    )
    return PlacedTable(table, len(rows) - row_count, clamped, len(widths) > 1)


def _place_row(row: int, cells: list[RawCell], free_from: list[int], places: list[_Place]) -> bool:
    """Place one row; ``free_from`` holds for each column the first row that is free. True if a span was cut."""
    clamped = False
    col = 0
    for cell in cells:
        while col < len(free_from) and free_from[col] > row:
            col += 1
        width, height = min(cell.col_span, MAX_SPAN), min(cell.row_span, MAX_SPAN)
        room = next(
            (step for step in range(width) if col + step < len(free_from) and free_from[col + step] > row), width
        )
        clamped |= room < cell.col_span or height < cell.row_span
        missing = col + room - len(free_from)
        if missing > 0:
            free_from.extend([0] * missing)
        free_from[col : col + room] = [row + height] * room
        places.append(_Place(row, col, room, height, cell))
        col += room
    return clamped


def _row_width(row: int, free_from: list[int]) -> int:
    return next((col + 1 for col in range(len(free_from) - 1, -1, -1) if free_from[col] > row), 0)


def _table_cell(place: _Place, starts: list[int], row_count: int) -> TableCell:
    col = bisect_left(starts, place.col)
    return TableCell(
        row=place.row,
        col=col,
        row_span=min(place.height, row_count - place.row),
        col_span=bisect_left(starts, place.col + place.width) - col,
        text=place.cell.text,
        header=place.cell.header,
    )
