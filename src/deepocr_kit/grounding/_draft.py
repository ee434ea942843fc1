"""A region while it is being read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import BBox

__all__ = ["Draft", "Pieces", "join_pieces", "offset_finder", "split_pieces", "text_end"]

Pieces = list[tuple[int, str]]
"""Stretches of the raw text, each with its offset; markup that stood between them is left out."""


@dataclass(slots=True)
class Draft:
    """A region that may still grow.

    Attributes:
        id: As in ``Region``.
        start: Where its tag, or its text when it has none, begins in the raw text.
        tag_end: Where its tag ends; the same as ``start`` when it has none.
        ref: The words inside its ``ref`` or before its box list; None when it has neither.
        boxes: So far.
        has_det: Whether a box list was read.
        garbled: Whether its tag is not quite a tag, so that it may hold text.
        pieces: Its content, white space around it included.
        has_text: Whether ``pieces`` hold more than white space.
        label: Set when it is complete.
        raw_label: The same.
        caption_of: Id of what it captions.
        is_captioned: Whether a caption points at it.
    """

    id: str
    start: int
    tag_end: int
    ref: Pieces | None = None
    boxes: tuple[BBox, ...] = ()
    has_det: bool = False
    garbled: bool = False
    pieces: Pieces = field(default_factory=list)
    has_text: bool = False
    label: RegionLabel = RegionLabel.TEXT
    raw_label: str = ""
    caption_of: str | None = None
    is_captioned: bool = False

    def append(self, offset: int, text: str) -> None:
        """Add a stretch of content."""
        self.pieces.append((offset, text))
        self.has_text = self.has_text or not text.isspace()


def join_pieces(pieces: Pieces) -> str:
    """Their text."""
    return pieces[0][1] if len(pieces) == 1 else "".join(text for _, text in pieces)


def split_pieces(pieces: Pieces, position: int) -> tuple[Pieces, Pieces]:
    """Cut before the character at ``position`` of the joined pieces."""
    left: Pieces = []
    right: Pieces = []
    for offset, text in pieces:
        cut = min(max(position, 0), len(text))
        if cut:
            left.append((offset, text[:cut]))
        if cut < len(text):
            right.append((offset + cut, text[cut:]))
        position -= len(text)
    return left, right


def text_end(pieces: Pieces) -> int | None:
    """Where their text ends in the raw text, without the white space behind it; None when there is nothing else."""
    for offset, text in reversed(pieces):
        stripped = text.rstrip()
        if stripped:
            return offset + len(stripped)
    return None


def offset_finder(pieces: Pieces) -> Callable[[int], int]:
    """Tells where the character at a position of the joined pieces stands in the raw text; their end when beyond it.

    The pieces are looked through once, however many positions are asked for.
    """
    ends = list(accumulate(len(text) for _, text in pieces))

    def find(position: int) -> int:
        index = min(bisect_right(ends, position), len(pieces) - 1)
        offset, text = pieces[index]
        return offset + len(text) - max(ends[index] - position, 0)

    return find
