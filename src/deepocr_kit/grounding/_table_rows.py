"""Takes the tags and texts of an HTML table apart into rows of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding._table_grid import AnyCell, RawCell

__all__ = ["TableRows", "row_text"]

_TAG_PATTERN = (
    r"<(?P<close>/?)(?P<name>table|thead|tbody|tfoot|tr|td|th|caption)(?P<attributes>(?:\s[^<>]{0,500}+)?)/?>"
)
_TAG = re.compile(_TAG_PATTERN, re.IGNORECASE)
_OPENER, _WORDS = r"t[dh]", r"[^<]*+(?:<(?!/?+[tc])[^<]*+)*+"
_ATTRIBUTES = r"(?:\s[^<>]{0,500}+)?"
_CELL = re.compile(rf"<({_OPENER})({_ATTRIBUTES})>({_WORDS})</{_OPENER}>", re.IGNORECASE)
_ANY_CELL = rf"<{_OPENER}{_ATTRIBUTES}>{_WORDS}</{_OPENER}>"
_PIECE = re.compile(
    r"(?-i:<tr>(?P<plain>(?:<td>[^<]*+</td>)++)</tr>)"
    rf"|<tr>(?P<row>(?:{_ANY_CELL})++)</tr>|(?P<cell>{_ANY_CELL})|{_TAG_PATTERN}",
    re.IGNORECASE,
)
"""A row of plain cells, a row of any cells, a cell, or a tag: what comes in one piece is read in one step."""

_SPAN = re.compile(r"(row|col)span\s{0,9}=[\s\"'\\]{0,9}(\d+)", re.IGNORECASE)
_CUT_TAG = re.compile(r"<(?:/[a-z]{0,6}|t[dr]?)?\Z")
_SPACES = re.compile(r"[ \t\r\n]+")
_BREAK = re.compile(r"<br[ ]?/?>", re.IGNORECASE)
_ONE_PLACE = (1, 1)
_CELL_NAMES = frozenset({"td", "th"})
_PIECES = frozenset({"plain", "row", "cell"})
_HEADS = frozenset({"th", "TH", "Th", "tH"})


class TableRows:
    """The rows of one table; ``read`` fills them, once.

    Attributes:
        rows: Their cells in the order of the HTML.
        captions: Words of its captions.
        has_cells: Whether ``<tr>``, ``<td>`` or a closer of one was seen. ``<td rowspan="2">`` alone proves nothing: it
            is no special token, and is left over when ``<td>`` and ``</td>`` were stripped.
        oddities: What was repaired, each with the offset of the first place.
        cut_at: Where the HTML ends, when the table does not.
    """

    def __init__(self) -> None:
        self.rows: list[Sequence[AnyCell]] = []
        self.captions: list[str] = []
        self.has_cells = False
        self.oddities: dict[str, int] = {}
        self.cut_at: int | None = None
        self._row: list[AnyCell] | None = None
        self._cell: tuple[str, bool] | None = None
        """Attributes of the open cell, and whether it is a header."""
        self._parts: list[str] = []
        self._caption: list[str] | None = None
        self._depth = 0
        self._in_head = False
        self._known_spans = {"": _ONE_PLACE}
        """What attributes say of spans: few differ, many cells have the same."""
        self._careful = False

    def read(self, html: str) -> None:
        """Take the table, from ``<table>`` to ``</table>``, or what there is of it."""
        self._careful = _needs_care(html)
        position = self._read(html, 0, len(html), _PIECE)
        tail = html[position:]
        if self._depth:
            self.cut_at = len(html)
            tail = _CUT_TAG.sub("", tail)
        self._text(tail, position)
        self._close_cell()

    def _read(self, html: str, position: int, end: int, pieces: re.Pattern[str]) -> int:
        """Read up to the last piece; where it ends."""
        for match in pieces.finditer(html, position, end):
            start = match.start()
            if start > position:
                self._text(html[position:start], position)
            position = match.end()
            kind = match.lastgroup
            if kind not in _PIECES:
                self._tag(match)
            elif self._depth > 1:
                self._text(html[self._read(html, start, position, _TAG) : position], position)
            elif kind == "plain":
                self._plain_row(match["plain"])
            else:
                self._cells(match[0], start, is_row=kind == "row")
        return position

    def _plain_row(self, cells: str) -> None:
        """``<td>a</td><td>b</td>``, from ``<tr>`` to ``</tr>``."""
        self._close_row()
        texts = map(_cell_text if self._careful else str.strip, cells[4:-5].split("</td><td>"))
        self.rows.append([RawCell(1, 1, header=True, text=text) for text in texts] if self._in_head else [*texts])
        self.has_cells = True

    def _cells(self, html: str, offset: int, *, is_row: bool) -> None:
        """Whole cells, ``<td colspan="2">a</td>``, of a whole row or of the open one."""
        if is_row:
            self._close_row()
        else:
            self._close_cell()
        row = self._open_row(offset, implied=not is_row)
        careful = self._careful and _needs_care(html)
        for name, attributes, words in _CELL.findall(html):
            text = _cell_text(words) if careful or "<" in words else words.strip()
            if attributes or self._in_head or name in _HEADS:
                row.append(self._cell_of(attributes, text, header=self._in_head or name in _HEADS))
            else:
                row.append(text)
        if is_row:
            self._row = None
        self.has_cells = True

    def _cell_of(self, attributes: str, text: str, *, header: bool) -> AnyCell:
        spans = self._known_spans.get(attributes)
        if spans is None:
            spans = self._known_spans[attributes] = _read_spans(attributes)
        return RawCell(*spans, header, text) if header or spans != _ONE_PLACE else text

    def _odd(self, what: str, offset: int) -> None:
        self.oddities.setdefault(what, offset)

    def _text(self, text: str, offset: int) -> None:
        if self._caption is not None:
            self._caption.append(text)
        elif self._cell is not None:
            self._parts.append(text)
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
        elif self._depth > 1:
            if self._cell is not None:
                self._parts.append(" ")
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
            self._caption = None if closes else []
        else:
            self._close_row()
            self._in_head = name == "thead" and not closes

    def _table(self, offset: int, *, closes: bool) -> None:
        if closes:
            self._depth = max(self._depth - 1, 0)
        else:
            self._depth += 1
            if self._depth == 2:
                self._odd("a table inside a cell became text of that cell", offset)
        if self._depth == 0:
            self._close_row()
        elif self._depth > 1 and self._cell is not None:
            self._parts.append(" ")

    def _open_row(self, offset: int, *, implied: bool) -> list[AnyCell]:
        if self._row is None:
            self._row = []
            self.rows.append(self._row)
            if implied:
                self._odd("a missing <tr> was added", offset)
        return self._row

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None and not self._row:
            self.rows[-1] = ()  # a hundred thousand empty rows are no hundred thousand lists
        self._row = None

    def _open_cell(self, name: str, attributes: str, offset: int) -> None:
        self._cell = attributes, name == "th" or self._in_head
        self._open_row(offset, implied=True)

    def _close_cell(self) -> None:
        """End the open cell or caption."""
        if self._caption is not None:
            self.captions.append(_cell_text("".join(self._caption)))
            self._caption = None
        if self._cell is not None and self._row is not None:
            attributes, header = self._cell
            text = _cell_text("".join(self._parts)) if self._parts else ""
            self._parts.clear()
            self._row.append(self._cell_of(attributes, text, header=header))
            self._cell = None


def _needs_care(html: str) -> bool:
    """Whether ``_cell_text`` may do more than to strip a cell that holds no ``<``."""
    return "&" in html or "\n" in html or "**" in html or "  " in html


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


def row_text(row: Sequence[AnyCell]) -> str:
    """The words of a row on one line, cells set apart by a space."""
    texts = [text for cell in row if (text := cell if isinstance(cell, str) else cell.text)]
    return " ".join(texts).replace("\n", " ")
