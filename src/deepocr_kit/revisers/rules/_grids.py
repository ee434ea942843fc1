"""Grids to read items from: tables of the document, and rows of lines under a row of labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from deepocr_kit.documents import Document, Page, Region
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers._vocabulary import vocabulary_of
from deepocr_kit.revisers.rules._geometry import label_span
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._labels import LabelHit, LabelIndex

__all__ = ["SURE_HEADER", "Grid", "line_grids", "table_grids"]

SURE_HEADER = 0.6
"""Least weight of a label that names a column."""
MAX_GAP = 5.0
"""Heights of a line between two rows of one list."""
MISPLACED = 4.0
"""Heights of a line that a cell may stand beside its column."""
MAX_ROWS = 500
"""Rows of one list that are read."""
_SUMMING = frozenset().union(
    *(vocabulary_of(name) for name in ("total", "subtotal", "cash", "discount", "rounding", "service_charge"))
)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in rows and columns.

    Attributes:
        rows: Cells, each with its text and place; the text is empty where nothing stands.
        measured: Whether rows and columns were told from places, so that the first row is the header.
    """

    rows: tuple[tuple[Piece, ...], ...]
    measured: bool = False

    @property
    def is_one_column(self) -> bool:
        """Whether it is nothing but lines under a word, as a heading and its paragraph are."""
        return self.measured and len(self.rows[0]) == 1


def table_grids(document: Document) -> Iterator[Grid]:
    """The tables of the document that hold more than one row."""
    for page in document.pages:
        for region in page.regions:
            if region.table is not None and region.table.col_count and region.table.row_count > 1:
                rows = region.table.rows()
                yield Grid(
                    tuple(
                        tuple(_cell(page, region, number, column, text) for column, text in enumerate(row))
                        for number, row in enumerate(rows)
                    )
                )


def _cell(page: Page, region: Region, row: int, column: int, text: str) -> Piece:
    """A cell as a piece; its box is an even part of the table's."""
    box, table = region.bbox, region.table
    if box is not None and table is not None:
        width, height = box.width / table.col_count, box.height / table.row_count
        left, top = box.x0 + width * column, box.y0 + height * row
        box = BBox.of(left, top, left + width, top + height)
    return Piece(0, page.index, row, region.id, text, box, in_table=True, confidence=region.confidence)


def line_grids(ink: Ink, index: LabelIndex, fields: int) -> Iterator[Grid]:
    """Rows of lines under a row that names at least two of the fields (one, when there is only one).

    Args:
        ink: The document.
        index: Labels of the fields of an item.
        fields: How many there are.
    """
    end = 0
    for number, row in enumerate(ink.rows):
        if number < end:
            continue
        columns = _columns(ink, row, index)
        named = {field for column in columns for field in column.fields}
        if len(named) < min(2, fields):
            continue
        body, end = _body(ink, number, columns, index)
        if body:
            yield Grid((tuple(column.piece for column in columns), *body), measured=True)


@dataclass(frozen=True, slots=True)
class _Column:
    piece: Piece
    x0: float
    x1: float
    fields: frozenset[int] = frozenset()


def _columns(ink: Ink, row: Sequence[int], index: LabelIndex) -> list[_Column]:
    """The columns that a row names, if it names any; words with digits or a colon are no names."""
    columns: list[_Column] = []
    for piece in (ink.pieces[number] for number in row):
        hits = () if _is_value(piece.text) else index.find(piece)
        for hit in hits:
            left, right = label_span(ink, hit)
            fields = frozenset(field for field, weight in hit.fields if weight * hit.quality >= SURE_HEADER)
            columns.append(_Column(replace(piece, text=piece.text[hit.start : hit.end]), left, right, fields))
        if not hits:
            columns.append(_Column(piece, piece.x0, piece.x1))
    return columns


def _is_value(text: str) -> bool:
    return any(char.isdigit() or char in ":：" for char in text)


def _body(ink: Ink, header: int, columns: Sequence[_Column], index: LabelIndex) -> tuple[list[tuple[Piece, ...]], int]:
    """The rows under a header with their cells, and the number of the row after them."""
    body: list[list[Piece]] = []
    waiting: Piece | None = None
    first = ink.pieces[ink.rows[header][0]]
    bottom, page = max(ink.pieces[number].y1 for number in ink.rows[header]), first.page_index
    end = header + 1
    for end in range(header + 1, min(len(ink.rows), header + MAX_ROWS)):
        pieces = [ink.pieces[number] for number in ink.rows[end]]
        if not pieces or pieces[0].page_index != page or _is_sum(pieces[0], index):
            break
        if min(piece.y0 for piece in pieces) - bottom > MAX_GAP or len(pieces) > 2 * len(columns) + 2:
            break
        cells = _place(pieces, columns)
        if cells is None:
            continue
        bottom = max(piece.y1 for piece in pieces)
        filled = [at for at, cell in enumerate(cells) if cell.text]
        if len(filled) > 1 or len(columns) == 1:
            if waiting is not None and not cells[0].text:
                cells[0] = waiting
            waiting = None
            body.append(cells)
        elif filled == [0]:
            waiting = cells[0]
        else:
            break
    return [tuple(cells) for cells in body], end


def _is_sum(piece: Piece, index: LabelIndex) -> bool:
    hits = index.find(piece)
    return any(_sums(hit) for hit in hits[:1])


def _sums(hit: LabelHit) -> bool:
    words = "".join(hit.words.split()) if not hit.words.isascii() else hit.words
    return words in _SUMMING and hit.start == 0


def _place(pieces: Sequence[Piece], columns: Sequence[_Column]) -> list[Piece] | None:
    """Each piece in one column, their order kept, so that they stand as near to their columns as they can.

    None when a piece stands nowhere near a column.
    """
    count = len(columns)
    best: list[list[float]] = [[0.0] * (count + 1)]
    for piece in pieces:
        line = [float("inf")] * (count + 1)
        for at, column in enumerate(columns, start=1):
            line[at] = min(line[at - 1], best[-1][at - 1] + _distance(piece, column))
        best.append(line)
    if best[-1][count] == float("inf"):
        return None
    cells = [replace(pieces[0], text="", box=None) for _ in columns]
    at = count
    for number in range(len(pieces), 0, -1):
        while best[number][at] == best[number][at - 1]:
            at -= 1
        cells[at - 1] = pieces[number - 1]
        at -= 1
    return cells


def _distance(piece: Piece, column: _Column) -> float:
    """How far a piece stands from its column: 0 below it, by the best of middles and edges."""
    if min(piece.x1, column.x1) > max(piece.x0, column.x0):
        return 0.05 * abs(piece.x0 + piece.x1 - column.x0 - column.x1)
    return 0.2 + max(piece.x0 - column.x1, column.x0 - piece.x1)
