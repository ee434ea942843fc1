"""Tables as grids of cells."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MAX_TABLE_PLACES", "Table", "TableCell"]

MAX_TABLE_PLACES = 200_000
"""Most places (rows times columns) of a table. Parsers stop at a tenth of it; the bound is for JSON from elsewhere, in
which a line of text may claim a billion rows."""


class TableCell(BaseModel):
    """One cell.

    Attributes:
        row: 0-based row of its top left corner.
        col: 0-based column of its top left corner.
        row_span: How many rows it covers.
        col_span: How many columns it covers.
        text: Plain words.
        header: Whether the source marks it as a header cell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int = Field(ge=0)
    col: int = Field(ge=0)
    row_span: int = Field(default=1, ge=1)
    col_span: int = Field(default=1, ge=1)
    text: str = ""
    header: bool = False


class Table(BaseModel):
    """A grid; every cell lies inside it and no two cells cover the same place.

    Raises:
        ValueError: (as pydantic's ``ValidationError``) A cell leaves the grid or covers another one, or the grid
            has more than ``MAX_TABLE_PLACES`` places.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row_count: int = Field(ge=0)
    col_count: int = Field(ge=0)
    cells: tuple[TableCell, ...] = ()

    def model_post_init(self, context: Any, /) -> None:  # noqa: ARG002 - the signature that pydantic calls
        """Check the places, once per table: a validator would run again for every page the table is put into."""
        if max(self.row_count, 1) * max(self.col_count, 1) > MAX_TABLE_PLACES:
            raise ValueError(
                f"a table of {self.row_count} x {self.col_count} places is too large; at most {MAX_TABLE_PLACES}"
            )
        width, rows = self.col_count, self.row_count
        taken = bytearray(rows * width)
        for cell in self.cells:
            row, col, height, across = cell.row, cell.col, cell.row_span, cell.col_span
            if row + height > rows or col + across > width:
                raise ValueError(f"cell at row {row}, column {col} leaves the grid")
            place = row * width + col
            if taken[place] or not (height == across == 1 or _is_free(taken, cell, width)):
                raise ValueError(f"cell at row {row}, column {col} covers another cell")
            taken[place] = 1

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Texts row by row; a spanned place holds the empty string."""
        grid = [[""] * self.col_count for _ in range(self.row_count)]
        for cell in self.cells:
            grid[cell.row][cell.col] = cell.text
        return tuple(tuple(row) for row in grid)


def _is_free(taken: bytearray, cell: TableCell, width: int) -> bool:
    """Mark the places of a cell inside of the grid; False if one was taken before.

    The work is one slice per row or per column of the cell, whichever are fewer.
    """
    first = cell.row * width + cell.col
    behind = first + (cell.row_span - 1) * width
    if cell.row_span <= cell.col_span:
        length, starts, reach, step = cell.col_span, range(first, behind + 1, width), cell.col_span, 1
    else:
        length, starts, reach, step = cell.row_span, range(first, first + cell.col_span), behind + 1 - first, width
    for start in starts:
        places = slice(start, start + reach, step)
        if 1 in taken[places]:
            return False
        taken[places] = b"\1" * length
    return True
