"""Reads the HTML tables that models write, without losing a character of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deepocr_kit.documents import Issue, IssueCode, Severity, Table
from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding._table_grid import MAX_PLACES, MAX_SPAN, RawCell, place_cells

__all__ = ["ParsedTable", "find_tables", "parse_html_table"]

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>table|thead|tbody|tfoot|tr|td|th|caption)(?P<attributes>(?:\s[^<>]{0,500}+)?)/?>",
    re.IGNORECASE,
)
_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>])", re.IGNORECASE)
_ROW_OR_CELL = re.compile(r"<(?:tr|td|th)[\s>]", re.IGNORECASE)
_SPAN = re.compile(r"(row|col)span\s{0,9}=[\s\"'\\]{0,9}(\d+)", re.IGNORECASE)
_CUT_TAG = re.compile(r"<(?:/[a-z]{0,6}|t[dr]?)?\Z")
_SPACES = re.compile(r"[ \t\r\n]+")
_LINE_BREAK = re.compile(r"[ \t\r\n]*<br[ ]?/?>[ \t\r\n]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """An HTML table, read.

    Attributes:
        table: The grid; None when there is nothing in it or its cells are lost.
        text: All its words: a caption first, then row by row, cells set apart by spaces.
        issues: With offsets from the start of the HTML; page and region are not set.
    """

    table: Table | None
    text: str
    issues: tuple[Issue, ...] = ()


def find_tables(content: str) -> tuple[tuple[int, int], ...]:
    """Where whole tables stand in ``content``; one that is cut reaches to the end. Nested tables are not listed."""
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
                end = content.find(">", match.end()) + 1
                found.append((start, end or len(content)))
    if depth:
        found.append((start, len(content)))
    if not found:
        match_row = _ROW_OR_CELL.search(content)
        if match_row is not None:
            found.append((match_row.start(), len(content)))
    return tuple(found)


def parse_html_table(html: str) -> ParsedTable:
    """Read one table into a grid, in linear time. Never raises.

    Tags are an allow-list (table thead tbody tfoot tr td th caption, and br sub
    sup b i inside cells); every other ``<`` is text, so ``A<B`` survives. A
    missing ``<tr>`` or closer is added, text between cells gets its own cell,
    and the cells of a nested table join the cell around them.

    Args:
        html: From ``<table>`` to ``</table>``, or what there is of it.

    Returns:
        The grid, all words, and what is odd: ``LOST_CELLS`` when text has no
        cells around it any more, ``MALFORMED_TABLE`` for repairs,
        ``LIMIT_REACHED`` when rows had to be left out of the grid.
    """
    reader = _Reader()
    reader.read(html)
    return reader.result()


class _Reader:
    """Takes one table's tags and texts in order."""

    def __init__(self) -> None:
        self.rows: list[list[RawCell]] = []
        self.row: list[RawCell] | None = None
        self.cell: RawCell | None = None
        self.caption: list[str] | None = None
        self.captions: list[str] = []
        self.depth = 0
        self.in_head = False
        self.tags_seen: set[str] = set()
        self.oddities: dict[str, int] = {}
        self.cut_at: int | None = None

    def read(self, html: str) -> None:
        position = 0
        for match in _TAG.finditer(html):
            self._text(html[position : match.start()], position)
            self._tag(match)
            position = match.end()
        tail = html[position:]
        if self.depth:
            self.cut_at = len(html)
            tail = _CUT_TAG.sub("", tail)
        self._text(tail, position)

    def _odd(self, what: str, offset: int) -> None:
        self.oddities.setdefault(what, offset)

    def _text(self, text: str, offset: int) -> None:
        if self.caption is not None:
            self.caption.append(text)
        elif self.cell is not None:
            self.cell.parts.append(text)
        elif text and not text.isspace():
            self._odd("text outside of cells got a cell of its own", offset)
            self._open_row(offset, implied=False)
            if self.row is not None:
                self.row.append(RawCell(parts=[text]))

    def _tag(self, match: re.Match[str]) -> None:
        name, closes, offset = match["name"].lower(), bool(match["close"]), match.start()
        self.tags_seen.add(f"/{name}" if closes else name + ("=" if match["attributes"].strip() else ""))
        if name == "table":
            self._table(offset, closes=closes)
        elif self.depth > 1:
            if self.cell is not None:
                self.cell.parts.append(" ")
        elif name in ("td", "th"):
            self._close_cell()
            if not closes:
                self._open_cell(name, match["attributes"], offset)
        elif name == "tr":
            self._close_row()
            if not closes:
                self._open_row(offset, implied=False)
        elif name == "caption":
            self._close_cell()
            self._caption(closes=closes)
        else:
            self._close_row()
            self.in_head = name == "thead" and not closes

    def _table(self, offset: int, *, closes: bool) -> None:
        if closes:
            self.depth = max(self.depth - 1, 0)
        else:
            self.depth += 1
            if self.depth == 2:
                self._odd("a table inside a cell became text of that cell", offset)
        if self.depth == 0:
            self._close_row()
        elif self.depth > 1 and self.cell is not None:
            self.cell.parts.append(" ")

    def _caption(self, *, closes: bool) -> None:
        if self.caption is not None:
            self.captions.append(_cell_text("".join(self.caption)))
        self.caption = None if closes else []

    def _open_row(self, offset: int, *, implied: bool) -> None:
        if self.row is None:
            self.row = []
            self.rows.append(self.row)
            if implied:
                self._odd("a missing <tr> was added", offset)

    def _close_row(self) -> None:
        self._close_cell()
        self.row = None

    def _open_cell(self, name: str, attributes: str, offset: int) -> None:
        self._open_row(offset, implied=True)
        spans = {match[1].lower(): _span(match[2]) for match in _SPAN.finditer(attributes)} if attributes else {}
        self.cell = RawCell(spans.get("row", 1), spans.get("col", 1), header=name == "th" or self.in_head)
        if self.row is not None:
            self.row.append(self.cell)

    def _close_cell(self) -> None:
        if self.caption is not None:
            self._caption(closes=True)
        self.cell = None

    def result(self) -> ParsedTable:
        self._close_cell()
        for row in self.rows:
            for cell in row:
                cell.text = _cell_text("".join(cell.parts))
        text = "\n".join(filter(None, (*self.captions, *map(_row_text, self.rows))))
        issues = [_issue(IssueCode.MALFORMED_TABLE, Severity.WARNING, what, at) for what, at in self.oddities.items()]
        if self.cut_at is not None:
            message = "the table is cut: its end is missing, and rows may be"
            issues.append(_issue(IssueCode.MALFORMED_TABLE, Severity.ERROR, message, self.cut_at))
        if any(cell.text for row in self.rows for cell in row) and not self.tags_seen & _PLAIN_TAGS:
            message = "the cells of the table are lost: <td> and <tr> were stripped as special tokens"
            return ParsedTable(None, text, (_issue(IssueCode.LOST_CELLS, Severity.ERROR, message, 0),))
        if not any(self.rows):
            return ParsedTable(None, text, tuple(issues))
        placed = place_cells(self.rows)
        if placed.uneven:
            issues.append(
                _issue(IssueCode.MALFORMED_TABLE, Severity.WARNING, "rows differ in their number of columns", 0)
            )
        if placed.spans_clamped:
            message = f"a span ran into another cell or over {MAX_SPAN} places and was cut short"
            issues.append(_issue(IssueCode.MALFORMED_TABLE, Severity.WARNING, message, 0))
        if placed.rows_left_out:
            message = f"{placed.rows_left_out} rows are only in the text: a grid has at most {MAX_PLACES} places"
            issues.append(_issue(IssueCode.LIMIT_REACHED, Severity.ERROR, message, 0))
        return ParsedTable(placed.table, text, tuple(issues))


_PLAIN_TAGS = frozenset({"tr", "tr=", "/tr", "td", "/td", "th", "/th"})
"""Tags of which at least one survives when special tokens are kept. ``<td rowspan="2">`` ("td=") alone proves
nothing: it is no special token and is left over when ``<td>`` and ``</td>`` were stripped."""


def _issue(code: IssueCode, severity: Severity, message: str, offset: int) -> Issue:
    return Issue(code=code, severity=severity, message=message, offset=offset)


def _span(digits: str) -> int:
    return max(int(digits), 1) if len(digits) <= 6 else 10**6


def _cell_text(raw: str) -> str:
    if "<" in raw or "\n" in raw or "  " in raw:
        lines = _LINE_BREAK.sub("\0", raw).split("\0") if "<" in raw else [raw]
        raw = "\n".join(_SPACES.sub(" ", line) for line in lines)
    return inline_text(raw).strip()


def _row_text(row: list[RawCell]) -> str:
    return " ".join(cell.text.replace("\n", " ") for cell in row if cell.text)
