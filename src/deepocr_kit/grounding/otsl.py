"""Reads the OTSL tables of DocTags, MinerU2.5 and PaddleOCR-VL, without losing a character of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deepocr_kit.documents import Table
from deepocr_kit.grounding._parsed_table import UNEVEN, ParsedTable, cut_table, odd_table, rows_left_out
from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding._table_grid import MAX_PLACES, CellValues, make_table

__all__ = ["OTSL_TOKEN", "parse_otsl"]

OTSL_TOKEN = re.compile(r"<(fcel|ecel|lcel|ucel|xcel|nl|ched|rhed|srow)>")
"""A token of the table language.

``fcel`` cell with content, ``ecel`` empty cell, ``lcel`` continues the cell to the left, ``ucel`` the one above,
``xcel`` both; ``ched``, ``rhed`` and ``srow`` are header cells of a column, a row and a section; ``nl`` ends a row.
Source: ``TableToken`` in ``docling_core/types/doc/tokens.py`` of docling-project/docling-core@04cbe9c."""

_TOKENS = tuple(f"<{name}>" for name in ("fcel", "ecel", "lcel", "ucel", "xcel", "nl", "ched", "rhed", "srow", "/otsl"))
_WRAPPER = re.compile(r"</?otsl>|<loc_\d{1,6}>")
_LINE_BREAK = re.compile(r"[ \t\r\n]*<br[ ]?/?>[ \t\r\n]*", re.IGNORECASE)
_HEADERS = frozenset({"ched", "rhed", "srow"})
_CONTINUED = {"lcel": (0, -1), "ucel": (-1, 0), "xcel": (-1, -1)}


@dataclass(slots=True)
class _Cell:
    """A token with its text; ``owner`` is the cell that it continues."""

    kind: str
    offset: int
    text: str = ""
    owner: _Cell | None = None
    row: int = 0
    col: int = 0
    width: int = 1
    height: int = 1
    places: list[tuple[int, int]] | None = None


def parse_otsl(text: str, *, with_grid: bool = True) -> ParsedTable:
    """Read one OTSL table into a grid, in linear time. Never raises.

    Text behind a token that takes none (``lcel``, ``ucel``, ``xcel``, ``nl``) gets a cell of its own, and so does a
    continuation of nothing; text before the first token stands in ``text`` alone. Spans are rectangles: what is left
    of another shape becomes empty cells.

    Args:
        text: What stands between ``<otsl>`` and ``</otsl>``, with or without them, or what there is of it.
        with_grid: False reads the words alone, which is cheaper.

    Returns:
        The grid, all words, and what is odd: ``MALFORMED_TABLE`` for repairs and a cut end, ``LIMIT_REACHED`` when
        rows had to be left out of the grid.
    """
    reader = _Reader(text)
    reader.read()
    return reader.result(with_grid=with_grid)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lead = ""
        self._rows: list[list[_Cell]] = []
        self._open = False
        self._count = 0
        self._late: list[str] | None = None
        self._late_rows = 0
        self._oddities: dict[str, int] = {}
        self._cut = False

    def read(self) -> None:
        parts = OTSL_TOKEN.split(self._text)  # the lead, then each token's name and the words behind it
        last = len(parts) - 1
        self._lead = self._words(parts[0], is_last=last == 0)
        offset = len(parts[0])
        for index in range(1, last, 2):
            kind, raw = parts[index], parts[index + 1]
            words = raw if not raw or raw.isalnum() else self._words(raw, is_last=index + 1 == last)
            self._token(kind, offset, words)
            offset += len(kind) + len("<>") + len(raw)
        self._cut = self._cut or ("<otsl>" in self._text and "</otsl>" not in self._text)

    def _words(self, raw: str, *, is_last: bool) -> str:
        if "<" in raw:
            raw = _WRAPPER.sub("", raw)
            if is_last:
                whole, raw = raw, _without_cut_token(raw)
                self._cut = raw != whole
        return _cell_text(raw)

    def _odd(self, what: str, offset: int) -> None:
        self._oddities.setdefault(what, offset)

    def _token(self, kind: str, offset: int, words: str) -> None:
        self._count += kind != "nl" or not self._open
        if self._late is None and self._count > MAX_PLACES:
            self._late = [_row_text(self._rows.pop())] if self._open else []
            self._late_rows = int(self._open)
        if self._late is not None:
            self._late.append(words.replace("\n", " "))
            self._late_rows += kind == "nl"
        elif kind == "nl":
            if not self._open:
                self._rows.append([])
            self._open = False
            if words:
                self._odd("text outside of cells got a cell of its own", offset)
                self._add(_Cell("fcel", offset, words))
        elif words and kind in _CONTINUED:
            self._odd("a continued cell has text of its own and was taken for a cell", offset)
            self._add(_Cell("fcel", offset, words))
        else:
            self._add(_Cell(kind, offset, words))

    def _add(self, cell: _Cell) -> None:
        if not self._open:
            self._rows.append([])
            self._open = True
        self._rows[-1].append(cell)

    def result(self, *, with_grid: bool) -> ParsedTable:
        late = " ".join(filter(None, self._late or ()))
        text = "\n".join(filter(None, (self._lead, *map(_row_text, self._rows), late)))
        width = max(map(len, self._rows), default=0)
        kept = self._rows[: MAX_PLACES // width] if width else []
        if any(len(row) != width for row in self._rows):
            self._odd(UNEVEN, 0)
        table = self._grid(kept, width) if kept and with_grid else None
        issues = [odd_table(what, at) for what, at in self._oddities.items()]
        if self._cut:
            issues.append(cut_table(len(self._text)))
        left_out = len(self._rows) - len(kept) + self._late_rows if width or self._late_rows else 0
        if left_out:
            issues.append(rows_left_out(left_out))
        return ParsedTable(table, text, tuple(issues))

    def _grid(self, rows: list[list[_Cell]], width: int) -> Table:
        for row_index, row in enumerate(rows):
            for col_index, cell in enumerate(row):
                cell.row = row_index
                cell.col = col_index
                if cell.kind in _CONTINUED:
                    self._place(cell, rows)
        cells = [cell for row in rows for cell in row if cell.owner is None]
        before = len(cells)
        for cell in cells[:before]:
            if cell.places is not None:
                cells += self._square(cell, cell.places, rows)
        if len(cells) > before:
            cells.sort(key=lambda cell: (cell.row, cell.col))
        return make_table(len(rows), width, map(_values, cells))

    def _place(self, cell: _Cell, rows: list[list[_Cell]]) -> None:
        """Find the cell that a continuation continues; without one it is an empty cell."""
        step = _CONTINUED[cell.kind]
        row, col = cell.row + step[0], cell.col + step[1]
        if row < 0 or col < 0 or col >= len(rows[row]):
            self._odd("a continued cell continues nothing and was taken for an empty cell", cell.offset)
            return
        before = rows[row][col]
        cell.owner = before.owner or before
        if cell.owner.places is None:
            cell.owner.places = []
        cell.owner.places.append((cell.row, cell.col))

    def _square(self, cell: _Cell, places: list[tuple[int, int]], rows: list[list[_Cell]]) -> list[_Cell]:
        """Give the cell its largest rectangle of own places; the places outside of it as empty cells."""
        own = {*places, (cell.row, cell.col)}
        while (cell.row, cell.col + cell.width) in own:
            cell.width += 1
        while all((cell.row + cell.height, cell.col + step) in own for step in range(cell.width)):
            cell.height += 1
        left_over = [
            (row, col)
            for row, col in places
            if row >= cell.row + cell.height or not cell.col <= col < cell.col + cell.width
        ]
        if left_over:
            self._odd("a span is no rectangle and was cut to one", cell.offset)
        return [_Cell("ecel", rows[row][col].offset, row=row, col=col) for row, col in left_over]


def _values(cell: _Cell) -> CellValues:
    values: CellValues = {"row": cell.row, "col": cell.col, "text": cell.text}
    if cell.places is not None:
        values["row_span"], values["col_span"] = cell.height, cell.width
    if cell.kind in _HEADERS:
        values["header"] = True
    return values


def _row_text(row: list[_Cell]) -> str:
    return " ".join([cell.text for cell in row if cell.text]).replace("\n", " ")


def _without_cut_token(text: str) -> str:
    """``text`` without a token that its end cuts off; a lone ``<`` is text."""
    start = text.rfind("<", -len("</otsl>"))
    tail = text[start:] if start >= 0 else ""
    return text[:start] if len(tail) > 1 and any(token.startswith(tail) for token in _TOKENS) else text


def _cell_text(raw: str) -> str:
    if "<" not in raw:
        return _line_text(raw)
    return "\n".join(filter(None, map(_line_text, _LINE_BREAK.split(raw))))


def _line_text(raw: str) -> str:
    text = " ".join(raw.split())
    return inline_text(text).strip() if "<" in text or "&" in text or "**" in text else text
