"""Tells prose in columns from forms, by the shapes of the boxes alone."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from deepocr_kit.layout._order_spots import Spot
from deepocr_kit.layout._topological import seen_below

__all__ = ["PageClass", "class_of"]

BLOCK_HEIGHT = 0.06
"""Least height of a block, as a share of the written height. Half of the area of a form stands in boxes up to 0.04
high, that of a newspaper in boxes from 0.08."""

BLOCK_SHAPE = 4.0
"""Widest block, in its own heights; on a page of few lines each is high, but it is also long."""

FLUSH = 0.06
"""How far the edges of a line may be off those of the next, as a share of its width: the last line of a paragraph and
headings are shorter."""

FLUSH_DISTANCE = 1.0
"""Furthest next line, in heights of the line: cells of a table stand further apart."""

FLUSH_LENGTH = 4.0
"""Shortest line of prose, in its own heights; anything narrower that is prose is a block."""

BLOCK_SHARE, FLUSH_SHARE = 0.45, 0.7
"""Shares of the area that make a page prose. On the pages they were set with, blocks hold at least 0.55 of a newspaper
and at most 0.30 of a form, flush lines and blocks together at most 0.59 of a form."""


class PageClass(StrEnum):
    """What decides how a page is read when only its boxes are known.

    ``PROSE``: in columns, each read to its end. ``FORM``: across, each value
    after its label; also receipts, invoices and tables.
    """

    PROSE = "prose"
    FORM = "form"


def class_of(spots: Sequence[Spot]) -> PageClass:
    """Prose when nearly half of the area lies in blocks, or most of it in blocks and in lines flush with the next."""
    area = sum(spot.width * spot.height for spot in spots)
    if area <= 0:
        return PageClass.FORM
    least = BLOCK_HEIGHT * (max(spot.y1 for spot in spots) - min(spot.y0 for spot in spots))
    blocks = [spot for spot in spots if spot.height >= least and spot.width <= BLOCK_SHAPE * spot.height]
    if sum(spot.width * spot.height for spot in blocks) >= BLOCK_SHARE * area:
        return PageClass.PROSE
    flush = {spot.at for spot in blocks}
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
        all(line.width >= FLUSH_LENGTH * line.height for line in (spot, other))
        and abs(spot.x0 - other.x0) <= off
        and abs(spot.x1 - other.x1) <= off
        and other.y0 - spot.y1 <= FLUSH_DISTANCE * min(spot.height, other.height)
    )
