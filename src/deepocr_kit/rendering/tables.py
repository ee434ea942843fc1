"""One table as HTML, Markdown, CSV or a pandas data frame."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from deepocr_kit.documents import Document, Table
from deepocr_kit.errors import MissingExtraError
from deepocr_kit.rendering._blocks import failure
from deepocr_kit.rendering._characters import clean
from deepocr_kit.rendering._html_text import table_html
from deepocr_kit.rendering._markdown_text import TableForm, table_markdown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["render_csv", "table_to_csv", "table_to_dataframe", "table_to_html", "table_to_markdown"]

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n]")
"""What a spreadsheet may take for the beginning of a formula or a command, the full-width forms included.

Source: OWASP, "CSV Injection"."""

_NUMBER = re.compile(r"\s*+[+\-]?+\s?+[$€£¥]?+\s?+\d[\d.,'\u00a0\u202f ]*+\s?+[%$€£¥]?+\s*+")
"""A signed amount stays one. Possessive, so that long white space costs linear time."""


def table_to_html(table: Table) -> str:
    """A ``<table>`` with header cells and spans; every text escaped, places that no cell covers left empty."""
    return table_html(table)


def table_to_markdown(table: Table, *, form: TableForm = "gfm") -> str:
    """A pipe table whose first row is the head, or HTML on one line when a cell spans; empty without any row.

    Text is escaped: nothing in a cell can become a link, an image or HTML.

    Args:
        table: What to write.
        form: ``gfm`` for a pipe table where that is possible, ``html`` for HTML in any case.
    """
    return table_markdown(table, form) if table.row_count else ""


def table_to_csv(table: Table, *, fill_spans: bool = False, guard_formulas: bool = True) -> str:
    """Comma-separated values as RFC 4180 has them, lines ended by CRLF.

    Args:
        table: What to write.
        fill_spans: Repeat a spanning cell's text on all its places; without, it stands on the first one alone.
        guard_formulas: Put an apostrophe before a text that a spreadsheet would run as a formula (``=1+1``,
            ``@SUM(A1)``); signed numbers stay as they are. Turn it off only for a reader that is no spreadsheet.
    """
    return _csv(_rows(table, fill_spans=fill_spans), guard_formulas=guard_formulas)


def render_csv(document: Document, *, fill_spans: bool = False, guard_formulas: bool = True) -> str:
    """The rows of all tables of a document in one CSV, each with its page, its table's region id and its row number.

    The first line names the columns: ``page``, ``table``, ``row`` (both numbers from 1), ``col1``, ``col2`` and so on,
    as many as the widest table has; rows of narrower tables are shorter. What stands in no table is not in it. A page
    that failed is one row without table and row number, with its error in ``col1``, before the tables that were read.

    Args:
        document: What to write.
        fill_spans: As in ``table_to_csv``.
        guard_formulas: As in ``table_to_csv``.

    Returns:
        Lines ended by CRLF; empty when there is no table and no page failed.
    """
    lines: list[list[str]] = []
    for page in document.pages:
        failed = failure(page)
        if failed is not None:
            lines.append([str(page.number), "", "", failed])
        for region in page.regions:
            if region.table is not None and region.table.cells:
                rows = enumerate(_rows(region.table, fill_spans=fill_spans), start=1)
                lines += [[str(page.number), clean(region.id), str(row), *texts] for row, texts in rows]
    if not lines:
        return ""
    columns = range(1, max(map(len, lines)) - 2)
    return _csv([["page", "table", "row", *(f"col{col}" for col in columns)], *lines], guard_formulas=guard_formulas)


def table_to_dataframe(table: Table, *, fill_spans: bool = True) -> pd.DataFrame:
    """A pandas data frame of strings; header rows at the top become its columns.

    Args:
        table: What to convert. Several header rows become a ``MultiIndex``; without any, columns are numbers.
        fill_spans: Repeat a spanning cell's text on all its places.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    if importlib.util.find_spec("pandas") is None:
        raise MissingExtraError("a data frame", extra="pandas")
    import pandas as pd  # noqa: PLC0415 - an optional extra

    rows = _rows(table, fill_spans=fill_spans)
    heads = _header_rows(table)
    columns: pd.Index | None = None
    if heads == 1:
        columns = pd.Index(rows[0])
    elif heads:
        columns = pd.MultiIndex.from_arrays(rows[:heads])
    return pd.DataFrame(rows[heads:], columns=columns, dtype=str)


def _rows(table: Table, *, fill_spans: bool) -> list[list[str]]:
    grid = [[""] * table.col_count for _ in range(table.row_count)]
    for cell in table.cells:
        text = clean(cell.text)
        grid[cell.row][cell.col] = text
        if fill_spans:
            for row in grid[cell.row : cell.row + cell.row_span]:
                row[cell.col : cell.col + cell.col_span] = [text] * cell.col_span
    return grid


def _csv(rows: Iterable[list[str]], *, guard_formulas: bool) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([_guarded(text) if guard_formulas else text for text in row] for row in rows)
    return stream.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _header_rows(table: Table) -> int:
    """How many rows at the top hold nothing but header cells."""
    rows = [[cell.header for cell in table.cells if cell.row == row] for row in range(min(table.row_count, 10))]
    return next((index for index, row in enumerate(rows) if not row or not all(row)), len(rows))
