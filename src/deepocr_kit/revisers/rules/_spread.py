"""Labels whose characters stand apart, put together: ``名`` and ``称：个人`` on one row, ``备`` above ``注``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from deepocr_kit.geometry import BBox
from deepocr_kit.revisers.rules._ink import Ink, Piece

__all__ = ["columns_of", "join_spread"]

MAX_GAP = 6.0
"""Heights of a line between the parts of one label on a row."""
MAX_STACK_GAP = 1.3
"""Heights of a line between the parts of one label in a column."""
NARROW = 1.8
"""Greatest width, in heights of a line, of a piece that is written downward."""
_CJK_ONLY = re.compile(r"[\u2e80-\u9fff]+$")
_ONE = re.compile(r"[\u2e80-\u9fff]$")
_TAIL = re.compile(r"([\u2e80-\u9fff]{1,3})\s*(?:[:：]|$)")


def join_spread(ink: Ink, is_label: Callable[[str], bool]) -> Ink:
    """The same ink, with neighbours that make a known label together as one piece.

    Args:
        ink: The document.
        is_label: Whether words are a label that may be printed.
    """
    rows = [list(_join_row([ink.pieces[index] for index in row], is_label)) for row in ink.rows]
    if sum(map(len, rows)) == len(ink.pieces):
        return ink
    pieces: list[Piece] = []
    numbered: list[tuple[int, ...]] = []
    for row in rows:
        numbered.append(tuple(range(len(pieces), len(pieces) + len(row))))
        pieces.extend([replace(piece, index=index) for index, piece in zip(numbered[-1], row, strict=True)])
    return Ink(tuple(pieces), tuple(numbered), ink.cut)


def _join_row(row: Sequence[Piece], is_label: Callable[[str], bool]) -> Iterator[Piece]:
    at = 0
    while at < len(row):
        piece = row[at]
        after = row[at + 1] if at + 1 < len(row) else None
        tail = _TAIL.match(after.text) if after is not None else None
        if (
            after is not None
            and tail is not None
            and _ONE.match(piece.text)
            and after.x0 - piece.x1 < MAX_GAP
            and is_label(piece.text + tail[1])
        ):
            yield _joined(piece, after)
            at += 1
        else:
            yield piece
        at += 1


def _joined(first: Piece, second: Piece) -> Piece:
    box = first.box
    if box is not None and second.box is not None:
        box = BBox.union((box, second.box))
    known = [item for item in (first.confidence, second.confidence) if item is not None]
    return replace(
        second,
        text=first.text + second.text,
        box=box,
        x0=min(first.x0, second.x0),
        y0=min(first.y0, second.y0),
        y1=max(first.y1, second.y1),
        confidence=min(known, default=None),
    )


def columns_of(ink: Ink) -> tuple[Piece, ...]:
    """Chinese words written downward, each as one tall piece; parts that stand above one another are joined."""
    narrow = [
        piece
        for piece in ink.pieces
        if _CJK_ONLY.match(piece.text) and piece.x1 - piece.x0 < NARROW and len(piece.text) <= 1.5 * piece.height
    ]
    narrow.sort(key=lambda piece: (piece.page_index, piece.y0))
    columns: list[Piece] = []
    for piece in narrow:
        above = next((number for number, column in enumerate(columns) if _stands_on(column, piece)), None)
        if above is None:
            columns.append(piece)
        else:
            columns[above] = _joined(columns[above], piece)
    return tuple(column for column in columns if len(column.text) > 1)


def _stands_on(column: Piece, piece: Piece) -> bool:
    middle, other = (column.x0 + column.x1) / 2, (piece.x0 + piece.x1) / 2
    gap = piece.y0 - column.y1
    return column.page_index == piece.page_index and abs(middle - other) < NARROW / 2 and -0.5 < gap < MAX_STACK_GAP
