"""The words of a document with their rows and places, in heights of a line."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deepocr_kit.documents import Document, Page
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import RowItem, find_rows

__all__ = ["Ink", "Piece", "read_ink"]

MAX_PIECES = 5_000
"""More pieces of text than fifty dense pages hold; what comes after is not read and reported."""
SURE_CHAR = 0.9
"""Least mean confidence of characters that count as surely read, however few they are."""
MAX_PIECE_CHARS = 400
"""Characters of one piece that are searched; a value stands near its label, not deep in a paragraph."""
DEFAULT_LINE = 0.02
"""Height of a line as a share of the page, where no box tells."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one line.

    Lengths are in heights of the page's usual line, x to the right and y down.

    Attributes:
        index: Place in ``Ink.pieces``.
        page_index: 0-based.
        row: Number of its row, counted over all pages.
        region_id: The region it is part of.
        text: Its words, cut to a sane length.
        box: Its place in the unit frame of the page; None when the region has none.
        x0: Left edge.
        x1: Right edge.
        y0: Upper edge, moved to its row where it had drifted.
        y1: Lower edge.
        in_table: Whether it is a cell of a grid.
        confidence: Of the OCR, 0..1 or None.
    """

    index: int
    page_index: int
    row: int
    region_id: str
    text: str
    box: BBox | None = None
    x0: float = 0.0
    x1: float = 0.0
    y0: float = 0.0
    y1: float = 0.0
    in_table: bool = False
    confidence: float | None = None

    @property
    def height(self) -> float:
        """Of the piece itself, in heights of the usual line."""
        return self.y1 - self.y0

    @property
    def read_surely(self) -> bool:
        """Whether the doubts about all its characters make less than one character, and each is small."""
        return self.confidence is None or self.confidence >= max(SURE_CHAR, 1 - 1 / max(len(self.text), 1))

    def x_at(self, offset: int) -> float:
        """Where a character begins, by its share of the text's width."""
        widths = [2.0 if ord(char) > 0x2E80 else 1.0 for char in self.text]
        total = sum(widths) or 1.0
        return self.x0 + (self.x1 - self.x0) * sum(widths[:offset]) / total


@dataclass(frozen=True, slots=True)
class Ink:
    """All pieces of a document, row by row.

    Attributes:
        pieces: Pages in order, rows from top to bottom, pieces from left to right.
        rows: Indices of the pieces of each row.
        cut: Whether the document holds more than was read.
    """

    pieces: tuple[Piece, ...]
    rows: tuple[tuple[int, ...], ...]
    cut: bool = False


def read_ink(document: Document) -> Ink:
    """The pieces of every page that was read; a page without a size has no places and is left out."""
    pieces: list[Piece] = []
    rows: list[tuple[int, ...]] = []
    for page in document.pages:
        if page.size is None:
            continue
        for row in _page_rows(page, page.size):
            if len(pieces) + len(row) > MAX_PIECES:
                return Ink(tuple(pieces), tuple(rows), cut=True)
            numbered = [replace(piece, index=len(pieces) + offset, row=len(rows)) for offset, piece in enumerate(row)]
            pieces.extend(numbered)
            rows.append(tuple(piece.index for piece in numbered))
    return Ink(tuple(pieces), tuple(rows))


def _page_rows(page: Page, size: Size) -> Iterator[list[Piece]]:
    rows = find_rows(page.regions, size)
    heights = [item.bbox.height for row in rows for item in row.items if item.bbox is not None and item.bbox.height > 0]
    line = statistics.median(heights) if heights else DEFAULT_LINE
    confidences = {region.id: region.confidence for region in page.regions}
    floor = 1.0
    for row in rows:
        if row.top is None:
            floor += DEFAULT_LINE
        middle = _middle(row.items, floor)
        yield [
            _piece(item, page.index, size, line, middle, confidences.get(item.region_id))
            for item in row.items
            if item.text.strip()
        ]


def _middle(items: tuple[RowItem, ...], floor: float) -> float:
    """Height of the row's middle on the page, by the pieces that were not moved into it."""
    middles = [item.bbox.center[1] for item in items if item.bbox is not None and not item.shifted]
    return statistics.fmean(middles) if middles else floor


def _piece(item: RowItem, page_index: int, size: Size, line: float, middle: float, confidence: float | None) -> Piece:
    text = item.text[:MAX_PIECE_CHARS]
    in_table = item.column is not None
    bare = Piece(0, page_index, 0, item.region_id, text, item.bbox, in_table=in_table, confidence=confidence)
    if item.bbox is None:
        left, top = 30.0 * (item.column or 0), middle / line
        return replace(bare, x0=left, x1=left + 0.5 * len(text), y0=top, y1=top + 1.0)
    box, half, stretch = item.bbox, item.bbox.height / 2, size.aspect / line
    y0, y1 = (middle - half, middle + half) if item.shifted else (box.y0, box.y1)
    return replace(bare, x0=box.x0 * stretch, x1=box.x1 * stretch, y0=y0 / line, y1=y1 / line)
