"""Boxes as the reading orders see them: numbered, in a frame of true aspect, in gaps, bands and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Interval", "Spot", "bands", "gaps", "in_rows", "levelled", "shrunk"]

Interval = tuple[float, float]
"""Start and end on one axis."""

LEVEL = 0.7
"""A box starts a new row when its middle is further below the mean of the row, in heights of the lower of the two."""

SHRINK_MAX = 0.2
"""No tolerance eats more than this share of a box at each end, or small marks would vanish."""


class Spot(NamedTuple):
    """Where one region stands.

    Lengths are in heights of the page, x runs in the direction of a line and
    y from line to line. Spots sort by left edge, top edge and number, which
    is a total order.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    at: int

    @property
    def width(self) -> float:
        """Along the line."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Across the line."""
        return self.y1 - self.y0

    @property
    def x(self) -> float:
        """Middle."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Middle."""
        return (self.y0 + self.y1) / 2


def shrunk(start: float, end: float, tolerance: float) -> Interval:
    """The interval without ``tolerance`` at both ends, or without a fifth of it when that is less."""
    less = min(tolerance, (end - start) * SHRINK_MAX)
    return start + less, end - less


def levelled(spot: Spot, slope: float) -> Spot:
    """The spot where it would stand if lines that rise or fall by ``slope`` were level, and columns upright."""
    x, y = spot.x + slope * spot.y, spot.y - slope * spot.x
    # the box around a slanted line is higher by what the line rises
    height = max(spot.height - abs(slope) * spot.width, spot.height / 2)
    return Spot(x - spot.width / 2, y - height / 2, x + spot.width / 2, y + height / 2, spot.at)


def gaps(intervals: Iterable[Interval]) -> list[Interval]:
    """Stretches that no interval covers, between the first and the last, in order."""
    found = []
    reached: float | None = None
    for start, end in sorted(intervals):
        if reached is not None and start > reached:
            found.append((reached, start))
        reached = end if reached is None else max(reached, end)
    return found


def bands(spots: Iterable[Spot], tolerance: float) -> list[list[Spot]]:
    """The spots in groups that a level line parts without cutting a box by more than ``tolerance``, from the top."""
    parted: list[list[Spot]] = []
    reached = 0.0
    for spot in sorted(spots, key=lambda spot: (spot.y0, spot)):
        start, end = shrunk(spot.y0, spot.y1, tolerance)
        if not parted or start >= reached:
            parted.append([])
            reached = end
        parted[-1].append(spot)
        reached = max(reached, end)
    return parted


def in_rows(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Rows from the top, each from the left.

    A box is compared with the mean of the row so far and not with the box
    before it, so that a slanted page does not chain into one row.
    """
    rows: list[list[Spot]] = []
    middle = height = 0.0
    for spot in sorted(spots, key=lambda spot: (spot.y, spot)):
        count = len(rows[-1]) if rows else 0
        if count and spot.y - middle / count <= LEVEL * min(spot.height, height / count):
            rows[-1].append(spot)
            middle, height = middle + spot.y, height + spot.height
        else:
            rows.append([spot])
            middle, height = spot.y, spot.height
    return [sorted(row) for row in rows]
