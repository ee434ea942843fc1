"""Tells prose in columns from forms, by the shapes of the boxes alone."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from deepocr_kit.layout._order_spots import Spot
from deepocr_kit.layout._topological import seen_below

__all__ = ["PageClass", "class_of"]

BLOCK_HEIGHT = 0.06
"""Least height of a block, as a share of the written height. On the even pages of the two sets, half of the area of a
form stands in boxes up to 0.04 high, that of a newspaper in boxes from 0.08."""

BLOCK_SHAPE = 4.0
"""Widest block, in its own heights; on a page of few lines each is high, but it is also long."""

FLUSH = 0.06
"""How far the edges of a line may be off those of the next, as a share of its width: the last line of a paragraph and
headings are shorter."""

FLUSH_DISTANCE = 3.0
"""Furthest next line, in heights of the line."""

BLOCK_SHARE, FLUSH_SHARE = 0.5, 0.7
"""Shares of the area that make a page prose. The lines of a form are flush on both sides for up to 0.64 of it, as
equal cells of tables are."""


class PageClass(StrEnum):
    """What decides how a page is read when only its boxes are known.

    ``PROSE``: in columns, each read to its end. ``FORM``: across, each value
    after its label; also receipts, invoices and tables.
    """

    PROSE = "prose"
    FORM = "form"


def class_of(spots: Sequence[Spot]) -> PageClass:
    """Prose when half of the area lies in blocks, or when most lines are flush with a neighbour on both sides."""
    area = sum(spot.width * spot.height for spot in spots)
    if area <= 0:
        return PageClass.FORM
    least = BLOCK_HEIGHT * (max(spot.y1 for spot in spots) - min(spot.y0 for spot in spots))
    blocks = [spot for spot in spots if spot.height >= least and spot.width <= BLOCK_SHAPE * spot.height]
    if sum(spot.width * spot.height for spot in blocks) >= BLOCK_SHARE * area:
        return PageClass.PROSE
    flush: set[int] = set()
    below = seen_below(spots)
    for spot in spots:
        for other in below[spot.at]:
            if _is_flush(spot, other):
                flush |= {spot.at, other.at}
    lined = sum(spot.width * spot.height for spot in spots if spot.at in flush)
    return PageClass.PROSE if lined >= FLUSH_SHARE * area else PageClass.FORM


def _is_flush(spot: Spot, other: Spot) -> bool:
    off = FLUSH * min(spot.width, other.width)
    return (
        abs(spot.x0 - other.x0) <= off
        and abs(spot.x1 - other.x1) <= off
        and other.y0 - spot.y1 <= FLUSH_DISTANCE * min(spot.height, other.height)
    )
