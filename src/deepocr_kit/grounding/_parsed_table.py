"""What a reader of tables gives back, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass

from deepocr_kit.documents import Issue, IssueCode, Severity, Table
from deepocr_kit.grounding._table_grid import MAX_PLACES

__all__ = ["CUT", "UNEVEN", "ParsedTable", "cut_table", "odd_table", "rows_left_out"]

CUT = "the table is cut: its end is missing, and rows may be"
UNEVEN = "rows differ in their number of columns"


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """A table, read.

    Attributes:
        table: The grid; None when there is nothing in it or its cells are lost.
        text: All its words: a caption first, then row by row, cells set apart by spaces.
        issues: With offsets from the start of the table; page and region are not set.
    """

    table: Table | None
    text: str
    issues: tuple[Issue, ...] = ()


def odd_table(message: str, offset: int = 0) -> Issue:
    """Something was repaired or guessed."""
    return Issue(code=IssueCode.MALFORMED_TABLE, severity=Severity.WARNING, message=message, offset=offset)


def cut_table(offset: int) -> Issue:
    """The end of the table is missing."""
    return Issue(code=IssueCode.MALFORMED_TABLE, severity=Severity.ERROR, message=CUT, offset=offset)


def rows_left_out(count: int) -> Issue:
    """So many rows did not fit into the grid."""
    message = f"{count} rows are only in the text: a grid has at most {MAX_PLACES} places"
    return Issue(code=IssueCode.LIMIT_REACHED, severity=Severity.ERROR, message=message, offset=0)
