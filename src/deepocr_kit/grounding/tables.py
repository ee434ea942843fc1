"""Reads the HTML tables that models write, without losing a character of text."""

from __future__ import annotations

import re
from collections.abc import Container

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.grounding._parsed_table import CUT, UNEVEN, ParsedTable, cut_table, odd_table, rows_left_out
from deepocr_kit.grounding._table_grid import MAX_SPAN, PlacedTable, place_cells
from deepocr_kit.grounding._table_rows import TableRows, row_text

__all__ = ["ParsedTable", "find_tables", "parse_html_table"]

_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>])", re.IGNORECASE)
_CLOSER_REST = re.compile(r"[^<>]*+>")
_ROW_OR_CELL = re.compile(r"<(?:tr|td|th)[\s>]", re.IGNORECASE)
_LOST = "the cells of the table are lost: <td> and <tr> were stripped as special tokens"


def find_tables(content: str) -> tuple[tuple[int, int], ...]:
    """Where whole tables stand in ``content``, in order and apart; one that is cut reaches to the end.

    Nested tables are not listed. A closer without its ``>`` ends behind its name.
    """
    found: list[tuple[int, int]] = []
    depth = 0
    start = 0
    for match in _TABLE_TAG.finditer(content):
        if not match[1]:
            if depth == 0:
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                rest = _CLOSER_REST.match(content, match.end())
                found.append((start, match.end() if rest is None else rest.end()))
    if depth:
        found.append((start, len(content)))
    if not found:
        match_row = _ROW_OR_CELL.search(content)
        if match_row is not None:
            found.append((match_row.start(), len(content)))
    return tuple(found)


def parse_html_table(html: str, *, with_grid: bool = True, said: Container[str] = ()) -> ParsedTable:
    """Read one table into a grid, in linear time. Never raises.

    Tags are an allow-list (table thead tbody tfoot tr td th caption, and br sub
    sup b i inside cells); every other ``<`` is text, so ``A<B`` survives. A
    missing ``<tr>`` or closer is added, text between cells gets its own cell,
    and the cells of a nested table join the cell around them.

    Args:
        html: From ``<table>`` to ``</table>``, or what there is of it.
        with_grid: False reads the words alone, which is cheaper.
        said: Messages that need no issue again.

    Returns:
        The grid, all words, and what is odd: ``LOST_CELLS`` when text has no
        cells around it any more, ``MALFORMED_TABLE`` for repairs,
        ``LIMIT_REACHED`` when rows had to be left out of the grid.
    """
    found = TableRows()
    found.read(html)
    row_texts = [*map(row_text, found.rows)]
    text = "\n".join(filter(None, (*found.captions, *row_texts)))
    if not found.has_cells and any(row_texts):
        return ParsedTable(None, text, () if _LOST in said else (_lost_cells(),))
    issues = [odd_table(what, offset) for what, offset in found.oddities.items() if what not in said]
    if found.cut_at is not None and CUT not in said:
        issues.append(cut_table(found.cut_at))
    if not with_grid or not any(found.rows):
        return ParsedTable(None, text, tuple(issues))
    placed = place_cells(found.rows)
    issues += [issue for issue in _grid_issues(placed) if issue.message not in said]
    return ParsedTable(placed.table, text, tuple(issues))


def _lost_cells() -> Issue:
    return Issue(code=IssueCode.LOST_CELLS, severity=Severity.ERROR, message=_LOST, offset=0)


def _grid_issues(placed: PlacedTable) -> list[Issue]:
    issues = []
    if placed.uneven:
        issues.append(odd_table(UNEVEN))
    if placed.spans_clamped:
        issues.append(odd_table(f"a span ran into another cell or over {MAX_SPAN} places and was cut short"))
    if placed.rows_left_out:
        issues.append(rows_left_out(placed.rows_left_out))
    return issues
