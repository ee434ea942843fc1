"""Items into rows on a page that may be skewed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from math import floor
from statistics import fmean, median

from deepocr_kit.layout._items import Item

__all__ = ["cluster_rows", "find_slope", "row_middle", "slant_is_plausible"]

MAX_SLOPE = 0.06
"""Steepest slope that is looked for (3.4 degrees); beyond it the picture should be deskewed before recognition."""

PROFILE_STEPS = 121
"""Slopes that the projection profile tries, over -MAX_SLOPE..MAX_SLOPE."""

ROW_TOLERANCE = 0.55
"""An item starts a new row when its middle is further than this share of a line height from the row's mean."""

NEIGHBOUR_OVERLAP = 0.35
"""Vertical overlap from which two items count as neighbours in a line."""

MEASURABLE = 0.05
"""Growth of boxes with their width counts when it should be this share of a line height."""

GROWTH = 0.4
"""Boxes grow with their width when they do so by this share of the slope, or more."""

PEAKS, PEAK_REACH = 4, 4
"""Best slopes of the profile that are tried, and how many steps on both sides each must outdo."""

STEEP = 0.035
"""Two degrees: a page that lies worse than this is rarer than a form whose columns were printed apart."""

_SAMPLE = 600
"""Most items that are measured for the slope; keeps hostile pages linear."""

_LOOK_AHEAD = 40
"""Most items that are looked at for one right neighbour."""

_MIN_ITEMS = 4


def find_slope(items: Sequence[Item]) -> float:
    """Slope of the text lines: rise per run, positive when lines fall to the right; 0 when nothing speaks for one.

    Candidates (level, median of neighbours, sharpest projection profiles) compete
    by the cost of the rows they make; the winner is refitted on its rows.

    Args:
        items: Sorted by place.
    """
    lined = [item for item in items if item.lined]
    if len(lined) < _MIN_ITEMS:
        return 0.0
    sample = lined[:: max(1, math.ceil(len(lined) / _SAMPLE))]
    height = median(item.h for item in sample)
    candidates = {0.0, _neighbour_slope(sample), *_profile_slopes(sample, height)}
    best = min(sorted(candidates, key=abs), key=lambda slope: _cost(sample, slope))
    fitted = _refit(sample, best) if best else 0.0
    return min(0.0, fitted, key=lambda slope: _cost(sample, slope))


def cluster_rows(items: Sequence[Item], slope: float) -> list[list[Item]]:
    """Rows from top to bottom, each from left to right.

    Each item is compared with the mean of the row, not with the item before,
    so that rows do not creep; two items over one another never share a row.
    """
    across = [item for item in items if not item.vertical]
    rows: list[list[Item]] = []
    total = 0.0
    typical = median(item.h for item in across) if across else 0.0
    for y, item in sorted(((item.y - slope * item.x, item) for item in across), key=_by_height):
        row = rows[-1] if rows else []
        reach = ROW_TOLERANCE * min(item.h, typical)
        if row and y - total / len(row) <= reach and not _collides(row, item):
            row.append(item)
            total += y
        else:
            rows.append([item])
            total = y
    for row in rows:
        row.sort(key=lambda item: (item.x0, item.key))
    rows += [[item] for item in items if item.vertical]
    return sorted(rows, key=lambda row: (row_middle(row, slope), row[0].key))


def row_middle(row: Sequence[Item], slope: float) -> float:
    """Mean middle of a row's items with the skew taken out."""
    return sum(item.y - slope * item.x for item in row) / len(row)


def slant_is_plausible(items: Sequence[Item], slope: float) -> bool:
    """Whether the boxes agree with lines of this slope: around a slanted line the box grows with its width.

    Where the boxes are too alike to tell, a slope is plausible up to ``STEEP``.
    """
    lined = [item for item in items if item.lined]
    widths = [item.x1 - item.x0 for item in lined]
    mean_width, mean_height = fmean(widths), fmean(item.h for item in lined)
    spread = fmean((width - mean_width) ** 2 for width in widths)
    if math.sqrt(spread) * abs(slope) < MEASURABLE * mean_height:
        return abs(slope) < STEEP
    common = fmean((width - mean_width) * (item.h - mean_height) for width, item in zip(widths, lined, strict=True))
    return common / spread > GROWTH * abs(slope)


def _by_height(pair: tuple[float, Item]) -> tuple[float, tuple[object, ...]]:
    return pair[0], pair[1].key


def _collides(row: Sequence[Item], item: Item) -> bool:
    for other in row[-_LOOK_AHEAD:]:
        common = min(other.x1, item.x1) - max(other.x0, item.x0)
        if common > 0.5 * min(other.x1 - other.x0, item.x1 - item.x0) and common > 0:
            return True
    return False


def _neighbour_slope(items: Sequence[Item]) -> float:
    slopes = [slope for index in range(len(items)) if (slope := _right_neighbour_slope(items, index)) is not None]
    if len(slopes) < 3:
        return 0.0
    middle = median(slopes)
    spread = 1.48 * median(abs(slope - middle) for slope in slopes)
    if abs(middle) < 1.5 * spread / math.sqrt(len(slopes)) or abs(middle) > MAX_SLOPE:
        return 0.0
    return middle


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
    scale = 4 / height if height > 0 else 0.0
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


def _cost(items: Sequence[Item], slope: float) -> float:
    """Spread within rows in line heights squared, plus rows per item, plus a price for slope itself."""
    rows = cluster_rows(items, slope)
    spread = 0.0
    for row in rows:
        mean = row_middle(row, slope)
        spread += sum(((item.y - slope * item.x - mean) / item.h) ** 2 for item in row)
    return spread / len(items) + len(rows) / len(items) + 2 * abs(slope)


def _refit(items: Sequence[Item], slope: float) -> float:
    for _ in range(3):
        up, down = 0.0, 0.0
        for row in cluster_rows(items, slope):
            mean_x = sum(item.x for item in row) / len(row)
            mean_y = sum(item.y for item in row) / len(row)
            up += sum((item.x - mean_x) * (item.y - mean_y) for item in row)
            down += sum((item.x - mean_x) ** 2 for item in row)
        fitted = max(-MAX_SLOPE, min(MAX_SLOPE, up / down)) if down > 0 else slope
        if abs(fitted - slope) < 1e-4:
            return fitted
        slope = fitted
    return slope
