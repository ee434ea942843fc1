"""What boxes say about the slope of a page without looking at rows: their growth with width, and slanted columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from deepocr_kit.layout._items import Item

__all__ = ["Slant", "slant_of"]

GROWTH_DOUBT, COLUMN_DOUBT = 0.008, 0.006
"""Uncertainty of both witnesses that more boxes do not lessen: letters without ascenders, and perspective."""

MOST_SAID = 15.0
"""One witness may not say more than this, in nats; a page may be set in a triangle."""

GRID_STEP = 0.001
"""Boxes are read to this part of the page."""

STEEPEST_COLUMN = 0.08
"""Columns that lean more than this (4.6 degrees) say nothing about the page."""

_PARTNERS = (1, 3, 7, 13)
_LOOK_AHEAD = 40
_MIN_CHAIN = 3


@dataclass(frozen=True, slots=True)
class Slant:
    """What the boxes say, as estimates with their uncertainties; infinite where they say nothing.

    Attributes:
        growth: Steepness of the lines, without its direction: around a slanted line the box grows with its width.
        growth_doubt: Standard deviation of ``growth``.
        columns: Slope of the lines if the columns stand at a right angle to them.
        columns_doubt: Standard deviation of ``columns``.
    """

    growth: float
    growth_doubt: float
    columns: float
    columns_doubt: float

    def lean(self, slope: float) -> float:
        """How far columns lean to the left per length down the page, when the lines have this slope.

        At a right angle to the lines, unless the columns stand straighter on the page themselves.
        """
        straight = self.columns_doubt < math.inf and abs(self.columns) < abs(self.columns - slope)
        return 0.0 if straight else slope

    def against(self, slope: float) -> float:
        """How much speaks against lines of this slope, in nats; 0 when nothing does."""
        # Larger letters make wider boxes too, so only boxes that grow too little say something.
        growth = max(0.0, abs(slope) - max(0.0, self.growth)) / self.growth_doubt
        columns = (slope - self.columns) / self.columns_doubt
        return min(MOST_SAID, growth * growth / 2) + min(MOST_SAID, columns * columns / 2)


def slant_of(items: Sequence[Item]) -> Slant:
    """Ask the boxes of single lines.

    Args:
        items: Single lines, sorted by place.
    """
    return Slant(*_growth(items), *_columns(items))


def _growth(items: Sequence[Item]) -> tuple[float, float]:
    """Median growth of height with width between pairs of unequal width, and its standard deviation."""
    widths = [item.x1 - item.x0 for item in items]
    least = 0.5 * median(widths) if widths else 0.0
    slopes = [
        (items[at].h - items[at - step].h) / (widths[at] - widths[at - step])
        for step in _PARTNERS
        for at in range(step, len(items))
        if abs(widths[at] - widths[at - step]) > least
    ]
    if len(slopes) < _MIN_CHAIN:
        return 0.0, math.inf
    middle = median(slopes)
    spread = 1.48 * median(abs(slope - middle) for slope in slopes)
    effective = min(len(slopes), len(items))
    return middle, math.hypot(1.25 * spread / math.sqrt(effective), GROWTH_DOUBT)


def _columns(items: Sequence[Item]) -> tuple[float, float]:
    """The slope at a right angle to the columns' edges, and its standard deviation."""
    weighed = weight = 0.0
    for chain in _chains(items):
        slope, precision = max((_edge_slope(chain, edge) for edge in _EDGES), key=lambda found: found[1])
        weighed -= slope * precision
        weight += precision
    doubt = math.hypot(1 / math.sqrt(weight), COLUMN_DOUBT) if weight > 0 else math.inf
    slope = weighed / weight if weight > 0 else 0.0
    # Edges that lean more than a page can lie askew belong to a text that is set so, not to columns.
    return (slope, doubt) if abs(slope) < STEEPEST_COLUMN else (0.0, math.inf)


_EDGES: tuple[Callable[[Item], float], ...] = (lambda item: item.x0, lambda item: item.x1, lambda item: item.x)


def _chains(items: Sequence[Item]) -> Iterable[list[Item]]:
    """Items one under the other, each with the nearest below that is beneath it."""
    below: dict[int, int] = {}
    taken: set[int] = set()
    for at, item in enumerate(items):
        for other in range(at + 1, min(len(items), at + _LOOK_AHEAD)):
            lower = items[other]
            if min(item.x1, lower.x1) > max(item.x0, lower.x0) and lower.y - item.y > 0.5 * min(item.h, lower.h):
                if other not in taken:
                    below[at] = other
                    taken.add(other)
                break
    for at in range(len(items)):
        if at in taken:
            continue
        chain = [items[at]]
        while at in below:
            at = below[at]
            chain.append(items[at])
        if len(chain) >= _MIN_CHAIN:
            yield chain


def _edge_slope(chain: Sequence[Item], edge: Callable[[Item], float]) -> tuple[float, float]:
    """Run per rise of a straight line through one edge of the items, and how sure it is (1 / variance)."""
    middle_x, middle_y = fmean(map(edge, chain)), fmean(item.y for item in chain)
    height = sum((item.y - middle_y) ** 2 for item in chain)
    slope = sum((edge(item) - middle_x) * (item.y - middle_y) for item in chain) / height if height > 0 else 0.0
    left = sum((edge(item) - middle_x - slope * (item.y - middle_y)) ** 2 for item in chain)
    # A few boxes may lie straight by chance: the spread is held towards two steps of the grid.
    variance = (left + 2 * (2 * GRID_STEP) ** 2) / len(chain)
    return slope, height / variance
