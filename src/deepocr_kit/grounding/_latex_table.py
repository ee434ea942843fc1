"""Reads LaTeX tables into grids, without losing a character of text."""

from __future__ import annotations

import re

from deepocr_kit.documents import Issue
from deepocr_kit.grounding._parsed_table import UNEVEN, ParsedTable, odd_table, rows_left_out
from deepocr_kit.grounding._table_grid import MAX_SPAN, RawCell, place_cells

__all__ = ["parse_latex_table"]

_FRAME = re.compile(
    r"\\(?:begin|end)\{(?:table|tabular|longtable|array)\*?\}(?:\[[^\]\n]{0,40}+\])?(?:\{(?:[^{}\n]|\{[^{}\n]{0,40}+\}){0,200}+\})?"
    r"|\\(?:centering|hline|toprule|midrule|bottomrule)(?![A-Za-z])|\\c(?:line|midrule)(?:\([a-z]{1,4}\))?\{[\d-]{1,9}\}"
)
_ROW_END = re.compile(r"\\\\(?:\[[^\]\n]{0,20}+\])?|\\tabularnewline(?![A-Za-z])")
_CELL_END = re.compile(r"(?<!\\)&")
_COLUMNS = re.compile(r"\\multicolumn\{(\d{1,3})\}\{[^{}\n]{0,60}+\}\{(.*)\}\Z", re.DOTALL)
_ROWS = re.compile(r"\\multirow(?:\[[a-z]\])?\{-?\d{1,3}\}\{[^{}\n]{0,60}+\}\{(.*)\}\Z", re.DOTALL)
_COMMAND = re.compile(r"\\(?:textbf|textit|text|emph|mathbf|caption)\{([^{}]*+)\}")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_SPACES = re.compile(r"[ \t\r\n]+")


def parse_latex_table(latex: str) -> ParsedTable:
    r"""Read one table into a grid, in linear time. Never raises.

    Rows end at ``\\``, cells at ``&``; ``\multicolumn`` spans columns. ``\multirow`` does not span: the cells below it
    stand in the source, empty. Rules and bold type are left out.

    Args:
        latex: From ``\begin{tabular}`` or ``\begin{table}`` on, or what there is of it.

    Returns:
        The grid, all words, and ``MALFORMED_TABLE`` or ``LIMIT_REACHED`` when rows differ or did not fit.
    """
    body = _FRAME.sub(" ", latex)
    rows: list[list[RawCell]] = []
    for line in _ROW_END.split(body):
        if line.strip():
            rows.append([_cell(piece.strip()) for piece in _CELL_END.split(line)])
    text = "\n".join(" ".join(cell.text for cell in row if cell.text) for row in rows)
    if not rows:
        return ParsedTable(None, "")
    placed = place_cells(rows)
    issues: list[Issue] = []
    if placed.uneven:
        issues.append(odd_table(UNEVEN))
    if placed.rows_left_out:
        issues.append(rows_left_out(placed.rows_left_out))
    return ParsedTable(placed.table, text, tuple(issues))


def _cell(raw: str) -> RawCell:
    span = 1
    columns = _COLUMNS.match(raw)
    if columns is not None:
        span, raw = min(max(int(columns[1]), 1), MAX_SPAN), columns[2]
    rows = _ROWS.match(raw)
    if rows is not None:
        raw = rows[1]
    words = _ESCAPED.sub(r"\1", _COMMAND.sub(r"\1", raw))
    return RawCell(col_span=span, text=_SPACES.sub(" ", words).strip())
