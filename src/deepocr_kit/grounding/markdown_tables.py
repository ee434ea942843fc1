"""Reads the pipe tables of Markdown, without losing a character of text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from deepocr_kit.documents import Issue, Table
from deepocr_kit.grounding._parsed_table import UNEVEN, ParsedTable, odd_table, rows_left_out
from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding._table_grid import MAX_PLACES, CellValues, make_table

__all__ = ["find_markdown_tables", "parse_markdown_table"]

_MANY_EMPTY = 50
"""A grid in which more places than these, and more than half of all, are empty has cells for the others alone. A pipe
is one character, so a text of pipes would become far more objects than it has words; an empty place reads the same with
and without a cell."""

_SPECIAL = ("\\", "<", "&", "**")
"""Only a table that holds one of these needs more than to strip its cells."""

_DELIMITER = re.compile(r"[ \t]*+\|?+(?>[ \t]*+:?+-++:?+[ \t]*+\|)*+(?>[ \t]*+:?+-++:?+[ \t]*+)?+")
_CELL_END = re.compile(r"\\.|\|", re.DOTALL)


def find_markdown_tables(content: str) -> tuple[tuple[int, int], ...]:
    """Where pipe tables stand in ``content``: a row, a delimiter row below it, and all rows that follow."""
    found: list[tuple[int, int]] = []
    start, end, before = -1, 0, ""
    offset = 0
    for line in content.split("\n"):
        if start >= 0 and "|" in line:
            end = offset + len(line)
        elif start >= 0:
            found.append((start, end))
            start = -1
        elif "|" in before and _is_delimiter(line):
            start, end = offset - len(before) - 1, offset + len(line)
        before = line
        offset += len(line) + 1
    if start >= 0:
        found.append((start, end))
    return tuple(found)


def parse_markdown_table(text: str, *, with_grid: bool = True, said: Container[str] = ()) -> ParsedTable:
    r"""Read one pipe table into a grid, in linear time. Never raises.

    The row above the delimiter row (``|---|:-:|``) is the header; without a delimiter row there is none. Pipes at the
    ends of a row may be missing, ``\|`` is a pipe inside a cell, and a line without any pipe is a row of one cell.

    Args:
        text: The lines of the table.
        with_grid: False reads the words alone, which is cheaper.
        said: Messages that need no issue again.

    Returns:
        The grid, all words, and what is odd: ``MALFORMED_TABLE`` for a missing delimiter row and for rows of different
        width, ``LIMIT_REACHED`` when rows had to be left out of the grid.
    """
    rows: list[list[str]] = []
    header_rows = 0
    cells_of = _cells if any(mark in text for mark in _SPECIAL) else _plain_cells
    for line in text.split("\n"):
        if not line.strip():
            continue
        if len(rows) == 1 and not header_rows and _is_delimiter(line):
            header_rows = 1
            continue
        rows.append(cells_of(line))
    words = "\n".join(filter(None, [" ".join(filter(None, row)).replace("\n", " ") for row in rows]))
    width = max(map(len, rows), default=0)
    if not width or not with_grid:
        return ParsedTable(None, words)
    kept = rows[: MAX_PLACES // width]
    issues = tuple(issue for issue in _issues(rows, kept, header_rows) if issue.message not in said)
    return ParsedTable(_grid(kept, width, header_rows) if kept else None, words, issues)


def _issues(rows: list[list[str]], kept: list[list[str]], header_rows: int) -> tuple[Issue, ...]:
    issues: list[Issue] = []
    if not header_rows:
        issues.append(odd_table("the table has no delimiter row, so no row is known to be its header"))
    if len({len(row) for row in rows}) > 1:
        issues.append(odd_table(UNEVEN))
    if len(kept) < len(rows):
        issues.append(rows_left_out(len(rows) - len(kept)))
    return tuple(issues)


def _grid(rows: list[list[str]], width: int, header_rows: int) -> Table:
    empty = sum(texts.count("") for texts in rows)
    without_empty = empty > max(_MANY_EMPTY, sum(map(len, rows)) // 2)
    cells: Iterator[CellValues] = (
        {"row": row, "col": col, "text": text, "header": row < header_rows}
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
        if text or not without_empty
    )
    return make_table(len(rows), width, cells)


def _is_delimiter(line: str) -> bool:
    line = line.rstrip()
    return "-" in line and "|" in line and _DELIMITER.fullmatch(line) is not None


def _plain_cells(line: str) -> list[str]:
    """The cells of a line in which nothing is special but the pipes."""
    parts = line.strip().removeprefix("|").split("|")
    if len(parts) > 1 and not parts[-1]:
        del parts[-1]
    return [part.strip() for part in parts]


def _cells(line: str) -> list[str]:
    line = line.strip()
    start = 1 if line.startswith("|") else 0
    if "\\" not in line:
        parts = line[start:].split("|")
        if len(parts) > 1 and not parts[-1]:
            del parts[-1]
        return [_cell_text(part) if part else "" for part in parts]
    cells: list[str] = []
    for match in _CELL_END.finditer(line, start):
        if match[0] == "|":
            cells.append(_cell_text(line[start : match.start()]))
            start = match.end()
    if start < len(line) or not cells:
        cells.append(_cell_text(line[start:]))
    return cells


def _cell_text(raw: str) -> str:
    return inline_text(raw.replace("\\|", "|").strip()).strip()
