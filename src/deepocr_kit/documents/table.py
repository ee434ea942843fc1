"""Tables as grids of cells."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Table", "TableCell"]


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
    """A grid; every cell lies inside it and no two cells cover the same place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row_count: int = Field(ge=0)
    col_count: int = Field(ge=0)
    cells: tuple[TableCell, ...] = ()

    @model_validator(mode="after")
    def _check_places(self) -> Self:
        taken: set[tuple[int, int]] = set()
        for cell in self.cells:
            if cell.row + cell.row_span > self.row_count or cell.col + cell.col_span > self.col_count:
                raise ValueError(f"cell at row {cell.row}, column {cell.col} leaves the grid")
            places = {
                (row, col)
                for row in range(cell.row, cell.row + cell.row_span)
                for col in range(cell.col, cell.col + cell.col_span)
            }
            if not taken.isdisjoint(places):
                raise ValueError(f"cell at row {cell.row}, column {cell.col} covers another cell")
            taken |= places
        return self

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Texts row by row; a spanned place holds the empty string."""
        grid = [[""] * self.col_count for _ in range(self.row_count)]
        for cell in self.cells:
            grid[cell.row][cell.col] = cell.text
        return tuple(tuple(row) for row in grid)
