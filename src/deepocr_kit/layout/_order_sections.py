"""Parts a page of columns: facing pages, tiers, page numbers, mastheads, and where the columns change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from deepocr_kit.layout._order_spots import Interval, Spot, bands, gaps, shrunk

__all__ = ["facing_pages", "sections", "tiers"]

LEVEL_TOLERANCE = 0.004
"""Boxes that overlap by less than twice this, in heights of the page, can be parted by a level line."""

GUTTER_TOLERANCE = 0.003
"""The same for a plumb line."""

CROSSING = 0.006
"""How far a box must reach past the middle of a gutter to cross it."""

SHORT_BAND = 0.04
"""Highest page number, dateline or masthead row, in heights of the page: two or three lines of text."""

FOLD_MIDDLE = (0.4, 0.6)
"""Where the fold between facing pages lies, as shares of what is written."""

FACING_HEIGHT = 0.35
"""Least height of each of two facing pages, as a share of what is written; a last page may be short."""

COLUMN_WIDTH = 0.6
"""Widest column of a page that has several, as a share of the page."""


def facing_pages(spots: Sequence[Spot]) -> list[Sequence[Spot]]:
    """Left and right page of a spread, or the one page.

    A spread is parted by its widest gutter, which must run all the way down
    near the middle; at least one side has columns of its own.
    """
    gutters = gaps(shrunk(spot.x0, spot.x1, GUTTER_TOLERANCE / 3) for spot in spots)
    if not gutters:
        return [spots]
    start, end = max(gutters, key=lambda gap: (gap[1] - gap[0], gap))
    fold = (start + end) / 2
    left, right = min(spot.x0 for spot in spots), max(spot.x1 for spot in spots)
    low, high = (left + (right - left) * share for share in FOLD_MIDDLE)
    if not low < fold < high:
        return [spots]
    height = _height(spots)
    sides = [[spot for spot in spots if spot.x < fold], [spot for spot in spots if spot.x >= fold]]
    if all(_height(side) >= FACING_HEIGHT * height for side in sides) and any(_has_columns(side) for side in sides):
        return [*sides]
    return [spots]


def tiers(spots: Sequence[Spot]) -> list[Sequence[Spot]]:
    """The parts of a page of vertical lines between the white lines that run all across it, from the top.

    Vertical lines end raggedly, so such a white line is hardly there by chance: it is below a title or a tier.

    Args:
        spots: In the frame of downward writing, where the top of the page is on the left.
    """
    cuts = [(start + end) / 2 for start, end in gaps(shrunk(spot.x0, spot.x1, GUTTER_TOLERANCE) for spot in spots)]
    parted: list[list[Spot]] = [[] for _ in range(len(cuts) + 1)]
    for spot in spots:
        parted[bisect_right(cuts, spot.x)].append(spot)
    return [part for part in parted if part]


def sections(spots: Iterable[Spot]) -> list[list[Spot]]:
    """The sections of one page, from the top; columns are read within a section only.

    A level white line is the end of a section when the columns above and
    below it are others, which is when each side has a gutter that is
    overprinted on the other. A page number at the top is a section, so is a
    title above the columns, and a row of short pieces whose gaps do not go on
    below it: a masthead. Any other white line may be there by chance.
    """
    found: list[list[Spot]] = []
    parted = bands(spots, LEVEL_TOLERANCE)
    columns: _Columns | None = None
    for number, band in enumerate(parted):
        if _is_head(band, parted[number + 1 : number + 2], first=not number, above_all=len(found) == number):
            found.append(band)
            columns = None
        elif columns is None or columns.differ(band):
            found.append(list(band))
            columns = _Columns(band)
        else:
            found[-1].extend(band)
            columns.add(band)
    return found


def _height(spots: Sequence[Spot]) -> float:
    return max(spot.y1 for spot in spots) - min(spot.y0 for spot in spots)


def _has_columns(side: Sequence[Spot]) -> bool:
    """Whether most of what is written stands in columns narrower than the page."""
    if len(side) < 3:
        return False
    widest = COLUMN_WIDTH * (max(spot.x1 for spot in side) - min(spot.x0 for spot in side))
    narrow = sum(spot.width * spot.height for spot in side if spot.width < widest)
    return narrow >= sum(spot.width * spot.height for spot in side) / 2


def _gutters(band: Sequence[Spot]) -> list[Interval]:
    return gaps(shrunk(spot.x0, spot.x1, GUTTER_TOLERANCE) for spot in band)


def _is_head(band: Sequence[Spot], following: Sequence[Sequence[Spot]], *, first: bool, above_all: bool) -> bool:
    """Whether a band is a page number, a title or a row of a masthead; ``following`` holds the next band, if any."""
    if not following:
        return False
    short = _height(band) <= SHORT_BAND
    if len(band) == 1:
        return (first and short) or (above_all and _crosses(band[0], _gutters(following[0])))
    gutters = _gutters(band)
    in_one_row = len(gutters) == len(band) - 1
    return short and in_one_row and any(_crosses(spot, gutters) for spot in following[0])


def _crosses(spot: Spot, gutters: Sequence[Interval]) -> bool:
    """Whether the spot covers the middle of a gutter; gutters in order."""
    at = bisect_right(gutters, spot.x0 + CROSSING, key=_middle)
    return at < len(gutters) and _middle(gutters[at]) < spot.x1 - CROSSING


def _middle(gutter: Interval) -> float:
    return (gutter[0] + gutter[1]) / 2


class _Columns:
    """The columns of a section so far: where something stands, kept up to date in log n per box."""

    def __init__(self, band: Sequence[Spot]) -> None:
        self._ink = _Cover()
        self._core = _Cover()
        self.add(band)

    def add(self, band: Sequence[Spot]) -> None:
        """Take in the next band."""
        for spot in band:
            self._ink.add(*shrunk(spot.x0, spot.x1, GUTTER_TOLERANCE))
            if spot.width > 2 * CROSSING:
                self._core.add(spot.x0 + CROSSING, spot.x1 - CROSSING)

    def differ(self, band: Sequence[Spot]) -> bool:
        """Whether the band overprints a gutter of the section, and the section one of the band's."""
        return any(self._core.covers(_middle(gutter)) for gutter in _gutters(band)) and any(
            self._ink.has_gap_between(spot.x0 + CROSSING, spot.x1 - CROSSING) for spot in band
        )


class _Cover:
    """A union of intervals: disjoint, in order."""

    def __init__(self) -> None:
        self._starts: list[float] = []
        self._ends: list[float] = []

    def add(self, start: float, end: float) -> None:
        """Take in one interval."""
        first = bisect_left(self._ends, start)
        last = bisect_right(self._starts, end)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def covers(self, place: float) -> bool:
        """Whether the place lies in the union."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]

    def has_gap_between(self, start: float, end: float) -> bool:
        """Whether the middle of a gap lies strictly between two places."""
        at = bisect_right(range(len(self._starts) - 1), start, key=self._gap)
        return at < len(self._starts) - 1 and self._gap(at) < end

    def _gap(self, at: int) -> float:
        return (self._ends[at] + self._starts[at + 1]) / 2
