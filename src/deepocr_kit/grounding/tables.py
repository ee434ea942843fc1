"""Reads the HTML tables that models write, without losing a character of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from deepocr_kit.documents import Issue, IssueCode, Severity, Table
from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding._table_grid import MAX_PLACES, MAX_SPAN, AnyCell, PlacedTable, RawCell, place_cells

__all__ = ["ParsedTable", "find_tables", "parse_html_table"]

_TAG_PATTERN = (
    r"<(?P<close>/?)(?P<name>table|thead|tbody|tfoot|tr|td|th|caption)(?P<attributes>(?:\s[^<>]{0,500}+)?)/?>"
)
_TAG = re.compile(_TAG_PATTERN, re.IGNORECASE)
_OPENER, _WORDS = r"t[dh]", r"(?:[^<]++|<(?!/?+[tc]))*+"
_ATTRIBUTES = r"(?:\s[^<>]{0,500}+)?"
_CELL = re.compile(rf"<({_OPENER})({_ATTRIBUTES})>({_WORDS})</{_OPENER}>", re.IGNORECASE)
_ANY_CELL = rf"<{_OPENER}{_ATTRIBUTES}>{_WORDS}</{_OPENER}>"
_PIECE = re.compile(
    r"(?-i:<tr>(?P<plain>(?:<td>[^<]*+</td>)++)</tr>)"
    rf"|<tr>(?P<row>(?:{_ANY_CELL})++)</tr>|(?P<cell>{_ANY_CELL})|{_TAG_PATTERN}",
    re.IGNORECASE,
)
"""A row of plain cells, a row of any cells, a cell, or a tag: what comes in one piece is read in one step."""

_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>])", re.IGNORECASE)
_CLOSER_REST = re.compile(r"[^<>]*+>")
_ROW_OR_CELL = re.compile(r"<(?:tr|td|th)[\s>]", re.IGNORECASE)
_SPAN = re.compile(r"(row|col)span\s{0,9}=[\s\"'\\]{0,9}(\d+)", re.IGNORECASE)
_CUT_TAG = re.compile(r"<(?:/[a-z]{0,6}|t[dr]?)?\Z")
_SPACES = re.compile(r"[ \t\r\n]+")
_BREAK = re.compile(r"<br[ ]?/?>", re.IGNORECASE)
_NEED_CARE = ("&", "\n", "**", "  ")
"""Only where a table holds one of these, ``_cell_text`` does more than to strip a cell without ``<``."""


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
    reader = _Reader()
    reader.read(html)
    return reader.result(with_grid=with_grid, said=said)


class _Reader:
    """Takes one table's tags and texts in order."""

    def __init__(self) -> None:
        self.rows: list[Sequence[AnyCell]] = []
        self.row: list[AnyCell] | None = None
        self.cell: tuple[int, int, bool] | None = None
        self.parts: list[str] = []
        self.caption: list[str] | None = None
        self.captions: list[str] = []
        self.depth = 0
        self.in_head = False
        self.has_cells = False
        """Whether ``<tr>``, ``<td>`` or a closer of one was seen. ``<td rowspan="2">`` alone proves nothing: it is no
        special token, and is left over when ``<td>`` and ``</td>`` were stripped."""
        self.oddities: dict[str, int] = {}
        self.spans: dict[str, tuple[int, int]] = {}
        """What attributes say of spans: few differ, many cells have the same."""
        self.cut_at: int | None = None
        self.clean: Callable[[str], str] = _cell_text

    def read(self, html: str) -> None:
        self.clean = _cell_text if any(mark in html for mark in _NEED_CARE) else str.strip
        position = self._read(html, 0, len(html), _PIECE)
        tail = html[position:]
        if self.depth:
            self.cut_at = len(html)
            tail = _CUT_TAG.sub("", tail)
        self._text(tail, position)

    def _read(self, html: str, position: int, end: int, pieces: re.Pattern[str]) -> int:
        """Read up to the last piece; where it ends."""
        for match in pieces.finditer(html, position, end):
            start = match.start()
            if start > position:
                self._text(html[position:start], position)
            position = match.end()
            if match.lastgroup in _TAG_GROUPS:
                self._tag(match)
            elif self.depth > 1:
                self._text(html[self._read(html, start, position, _TAG) : position], position)
            elif match.lastgroup == "plain":
                self._plain_row(match["plain"])
            else:
                self._cells(match[0], start, is_row=match.lastgroup == "row")
        return position

    def _plain_row(self, cells: str) -> None:
        """``<td>a</td><td>b</td>``, from ``<tr>`` to ``</tr>``."""
        self._close_row()
        texts = map(self.clean, cells[4:-5].split("</td><td>"))
        self.rows.append([RawCell(1, 1, header=True, text=text) for text in texts] if self.in_head else [*texts])
        self.has_cells = True

    def _cells(self, html: str, offset: int, *, is_row: bool) -> None:
        """Whole cells, ``<td colspan="2">a</td>``, of a whole row or of the open one."""
        if is_row:
            self._close_row()
        else:
            self._close_cell()
        row = self._open_row(offset, implied=not is_row)
        careful = self.clean is _cell_text and any(mark in html for mark in _NEED_CARE)
        for kind, attributes, text in _CELL.findall(html):
            words = _cell_text(text) if careful or "<" in text else text.strip()
            if attributes or self.in_head or kind in _HEADS:
                row_span, col_span = self._spans(attributes) if attributes else (1, 1)
                row.append(RawCell(row_span, col_span, self.in_head or kind in _HEADS, words))
            else:
                row.append(words)
        if is_row:
            self.row = None
        self.has_cells = True

    def _spans(self, attributes: str) -> tuple[int, int]:
        found = self.spans.get(attributes)
        if found is None:
            found = self.spans[attributes] = _read_spans(attributes)
        return found

    def _odd(self, what: str, offset: int) -> None:
        self.oddities.setdefault(what, offset)

    def _text(self, text: str, offset: int) -> None:
        if self.caption is not None:
            self.caption.append(text)
        elif self.cell is not None:
            self.parts.append(text)
        elif text and not text.isspace():
            self._odd("text outside of cells got a cell of its own", offset)
            self._open_row(offset, implied=False).append(_cell_text(text))

    def _tag(self, match: re.Match[str]) -> None:
        close, name, attributes = match.group("close", "name", "attributes")
        name, closes, offset = name.lower(), bool(close), match.start()
        is_cell = name in _CELL_NAMES
        if name == "tr" or (is_cell and (closes or not attributes.strip())):
            self.has_cells = True
        if name == "table":
            self._table(offset, closes=closes)
        elif self.depth > 1:
            if self.cell is not None:
                self.parts.append(" ")
        elif is_cell:
            self._close_cell()
            if not closes:
                self._open_cell(name, attributes, offset)
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
            self.parts.append(" ")

    def _caption(self, *, closes: bool) -> None:
        if self.caption is not None:
            self.captions.append(_cell_text("".join(self.caption)))
        self.caption = None if closes else []

    def _open_row(self, offset: int, *, implied: bool) -> list[AnyCell]:
        if self.row is None:
            self.row = []
            self.rows.append(self.row)
            if implied:
                self._odd("a missing <tr> was added", offset)
        return self.row

    def _close_row(self) -> None:
        self._close_cell()
        if self.row is not None and not self.row:
            self.rows[-1] = ()  # a hundred thousand empty rows are no hundred thousand lists
        self.row = None

    def _open_cell(self, name: str, attributes: str, offset: int) -> None:
        row_span, col_span = self._spans(attributes) if attributes else (1, 1)
        self.cell = row_span, col_span, name == "th" or self.in_head
        self._open_row(offset, implied=True)

    def _close_cell(self) -> None:
        if self.caption is not None:
            self._caption(closes=True)
        if self.cell is not None and self.row is not None:
            text = ""
            if self.parts:
                text = _cell_text("".join(self.parts))
                self.parts.clear()
            self.row.append(text if self.cell == _PLAIN else RawCell(*self.cell, text))
            self.cell = None

    def result(self, *, with_grid: bool, said: Container[str]) -> ParsedTable:
        self._close_cell()
        row_texts = [*map(_row_text, self.rows)]
        text = "\n".join(filter(None, (*self.captions, *row_texts)))
        if not self.has_cells and any(row_texts):
            issues = [] if _LOST in said else [_issue(IssueCode.LOST_CELLS, Severity.ERROR, _LOST, 0)]
            return ParsedTable(None, text, tuple(issues))
        issues = [
            _issue(IssueCode.MALFORMED_TABLE, Severity.WARNING, what, at)
            for what, at in self.oddities.items()
            if what not in said
        ]
        if self.cut_at is not None and _CUT not in said:
            issues.append(_issue(IssueCode.MALFORMED_TABLE, Severity.ERROR, _CUT, self.cut_at))
        if not with_grid or not any(self.rows):
            return ParsedTable(None, text, tuple(issues))
        placed = place_cells(self.rows)
        issues += [issue for issue in _grid_issues(placed) if issue.message not in said]
        return ParsedTable(placed.table, text, tuple(issues))


_LOST = "the cells of the table are lost: <td> and <tr> were stripped as special tokens"
_CUT = "the table is cut: its end is missing, and rows may be"
_PLAIN = (1, 1, False)
_TAG_GROUPS = frozenset({"close", "name", "attributes"})
_CELL_NAMES = frozenset({"td", "th"})
_HEADS = frozenset({"th", "TH", "Th", "tH"})


def _grid_issues(placed: PlacedTable) -> list[Issue]:
    issues = []
    if placed.uneven:
        message = "rows differ in their number of columns"
        issues.append(_issue(IssueCode.MALFORMED_TABLE, Severity.WARNING, message, 0))
    if placed.spans_clamped:
        message = f"a span ran into another cell or over {MAX_SPAN} places and was cut short"
        issues.append(_issue(IssueCode.MALFORMED_TABLE, Severity.WARNING, message, 0))
    if placed.rows_left_out:
        message = f"{placed.rows_left_out} rows are only in the text: a grid has at most {MAX_PLACES} places"
        issues.append(_issue(IssueCode.LIMIT_REACHED, Severity.ERROR, message, 0))
    return issues


def _issue(code: IssueCode, severity: Severity, message: str, offset: int) -> Issue:
    return Issue(code=code, severity=severity, message=message, offset=offset)


def _read_spans(attributes: str) -> tuple[int, int]:
    spans = {"row": 1, "col": 1}
    for match in _SPAN.finditer(attributes):
        spans[match[1].lower()] = _span(match[2])
    return spans["row"], spans["col"]


def _span(digits: str) -> int:
    return max(int(digits), 1) if len(digits) <= 6 else 10**6


def _cell_text(raw: str) -> str:
    """Plain words: white space becomes one space, ``<br>`` a line break."""
    if "<" in raw:
        lines = _BREAK.split(raw)
        raw = (
            "\n".join(_SPACES.sub(" ", line).strip(" ") for line in lines) if len(lines) > 1 else _SPACES.sub(" ", raw)
        )
    elif "\n" in raw or "  " in raw:
        raw = _SPACES.sub(" ", raw)
    elif "&" not in raw and "**" not in raw:
        return raw.strip()
    return inline_text(raw).strip()


def _row_text(row: Sequence[AnyCell]) -> str:
    texts = [text for cell in row if (text := cell if isinstance(cell, str) else cell.text)]
    return " ".join(texts).replace("\n", " ")
