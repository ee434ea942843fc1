"""The slope of a page's text lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor
from statistics import median

from deepocr_kit.layout._grouping import cluster_rows, row_middle
from deepocr_kit.layout._items import Item
from deepocr_kit.layout._slant import slant_of

__all__ = ["find_slope"]

MAX_SLOPE = 0.06
"""Steepest slope that is looked for (3.4 degrees); beyond it the picture should be deskewed before recognition."""

PROFILE_STEPS = 121
"""Slopes that the projection profile tries, over -MAX_SLOPE..MAX_SLOPE."""

NEIGHBOUR_OVERLAP = 0.35
"""Vertical overlap from which two items count as neighbours in a line."""

PEAKS, PEAK_REACH = 4, 4
"""Best slopes of the profile that are tried, and how many steps on both sides each must outdo."""

ROW_PRICE = 3.0
"""Price of a row, in nats: it takes about so much to say where it stands."""

SLOPE_PRICE = 100.0
"""Price of a slope of 1, in nats: a page is level unless something speaks for a slope."""

LEAST_SPREAD = 0.08
"""Boxes of one row never fit better than this, in line heights."""

_BANDS, _BAND = 3, 200
"""Bands of the page that are measured for the slope, and items in each; keeps hostile pages linear."""

_LOOK_AHEAD = 40
"""Most items that are looked at for one right neighbour."""

_MIN_ITEMS = 4

_FLAT = 1e-6
"""Lower boxes hold no type; dividing by the least numbers gives infinity."""


def find_slope(items: Sequence[Item]) -> float:
    """Slope of the text lines: rise per run, positive when lines fall to the right; 0 when nothing speaks for one.

    Candidates (level, median of neighbours, sharpest projection profiles, slant of
    the columns) are fitted to the rows they make. The one is taken that explains
    most at the least price: spread within rows, rows, slope, and what the boxes
    themselves say against it.

    Args:
        items: Sorted by place.
    """
    sample = _sample([item for item in items if item.lined])
    if len(sample) < _MIN_ITEMS:
        return 0.0
    slant = slant_of(sample)
    height = median(item.h for item in sample)
    starts = {0.0, _neighbour_slope(sample), *_profile_slopes(sample, height)}
    if slant.columns_doubt < MAX_SLOPE:
        starts.add(_within(slant.columns))
    candidates = {0.0} | {_refit(sample, start) for start in starts}
    fits = {slope: _fit(sample, slope) for slope in candidates}
    spread = max(LEAST_SPREAD**2, min(left / (len(sample) - rows + 1) for left, rows in fits.values()))

    def price(slope: float) -> tuple[float, float, float]:
        left, rows = fits[slope]
        total = left / (2 * spread) + ROW_PRICE * rows + SLOPE_PRICE * abs(slope) + slant.against(slope)
        return total, abs(slope), slope

    return min(candidates, key=price)


def _within(slope: float) -> float:
    return max(-MAX_SLOPE, min(MAX_SLOPE, slope))


def _sample(items: Sequence[Item]) -> Sequence[Item]:
    """All items, or bands of neighbours from top to bottom when there are many."""
    if len(items) <= _BANDS * _BAND:
        return items
    starts = [(len(items) - _BAND) * band // (_BANDS - 1) for band in range(_BANDS)]
    return [item for start in starts for item in items[start : start + _BAND]]


def _neighbour_slope(items: Sequence[Item]) -> float:
    slopes = [slope for index in range(len(items)) if (slope := _right_neighbour_slope(items, index)) is not None]
    if len(slopes) < 3:
        return 0.0
    return _within(median(slopes))


def _right_neighbour_slope(items: Sequence[Item], index: int) -> float | None:
    item = items[index]
    nearest: Item | None = None
    low, high = max(0, index - _LOOK_AHEAD), min(len(items), index + _LOOK_AHEAD)
    for other in items[low:high]:
        overlap = (item.h + other.h) / 2 - abs(item.y - other.y)
        if other.x0 < item.x1 or other.x <= item.x or overlap < NEIGHBOUR_OVERLAP * min(item.h, other.h):
            continue
        if nearest is None or other.x0 < nearest.x0:
            nearest = other
    if nearest is None:
        return None
    return (nearest.y - item.y) / (nearest.x - item.x)


def _profile_slopes(items: Sequence[Item], height: float) -> list[float]:
    """The slopes at which the items' middles fall into the fewest and fullest bins, best first."""
    scale = 4 / height if height > _FLAT else 0.0
    points = [(item.x * scale, item.y * scale + 0.5) for item in items]
    scores = []
    for step in range(PROFILE_STEPS):
        slope = MAX_SLOPE * (2 * step / (PROFILE_STEPS - 1) - 1)
        bins = Counter([floor(y - slope * x) for x, y in points])
        scores.append((sum(count * (count + bins.get(place + 1, 0)) for place, count in bins.items()), slope))
    peaks = [
        scores[at]
        for at in range(PROFILE_STEPS)
        if all(scores[at][0] >= score for score, _ in scores[max(0, at - PEAK_REACH) : at + PEAK_REACH + 1])
    ]
    return [slope for _, slope in sorted(peaks, key=lambda peak: (-peak[0], abs(peak[1]), peak[1]))[:PEAKS]]


def _fit(items: Sequence[Item], slope: float) -> tuple[float, int]:
    """Squared distances from the rows' means, in line heights, and the number of rows."""
    rows = cluster_rows(items, slope)
    left = 0.0
    for row in rows:
        mean = row_middle(row, slope)
        left += sum(((item.y - slope * item.x - mean) / item.h) ** 2 for item in row)
    return left, len(rows)


def _refit(items: Sequence[Item], slope: float) -> float:
    for _ in range(3):
        up, down = 0.0, 0.0
        for row in cluster_rows(items, slope):
            mean_x = sum(item.x for item in row) / len(row)
            mean_y = sum(item.y for item in row) / len(row)
            up += sum((item.x - mean_x) * (item.y - mean_y) for item in row)
            down += sum((item.x - mean_x) ** 2 for item in row)
        fitted = _within(up / down) if down > 0 else slope
        if abs(fitted - slope) < 1e-4:
            return fitted
        slope = fitted
    return slope
