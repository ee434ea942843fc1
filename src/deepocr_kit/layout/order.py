"""A reading order from boxes alone, for regions that came without one."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from deepocr_kit.documents import Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._items import Key, natural_key
from deepocr_kit.layout.rows import find_rows

__all__ = ["geometric_order"]

MAX_CUTS = 40
"""Deepest nesting of cuts; what is left uncut is read row by row. Keeps hostile pages near linear."""

COLUMN_WEIGHT = 2.0
"""A gap down the page counts this much more than one across: columns are read before rows."""

_Boxed = tuple[Region, BBox]


def geometric_order(regions: Sequence[Region], size: Size) -> tuple[Region, ...]:
    """Regions in reading order: the page is cut at its widest gaps, what cannot be cut is read row by row.

    The XY cut of Nagy and Seth (1984), without recursion. Regions without a
    box come last, in the order of their ids. The result does not depend on
    the order of ``regions``.

    Args:
        regions: Of one page, in any order.
        size: Of the page in pixels; only its aspect matters.
    """
    ordered = sorted(regions, key=lambda region: natural_key(region.id))
    boxed = [(region, box) for region in ordered if (box := region.bbox) is not None]
    result: list[Region] = []
    todo = [(boxed, 0)] if boxed else []
    while todo:
        part, depth = todo.pop()
        pieces = _cut(part, size) if depth < MAX_CUTS and len(part) > 1 else []
        if pieces:
            todo.extend((piece, depth + 1) for piece in reversed(pieces))
        else:
            result.extend(_by_rows(part, size))
    return (*result, *(region for region in ordered if not region.boxes))


def _cut(part: Sequence[_Boxed], size: Size) -> list[list[_Boxed]]:
    """The part cut at all gaps as wide as its widest one, in the better direction; empty when nothing parts it."""
    line = median(box.height for _, box in part) or 1e-6
    across = _gaps([(box.y0, box.y1) for _, box in part])
    down = _gaps([(box.x0 * size.aspect, box.x1 * size.aspect) for _, box in part])
    widest_across = max((end - start for start, end in across), default=0.0) / line
    widest_down = max((end - start for start, end in down), default=0.0) / line * COLUMN_WEIGHT
    if max(widest_across, widest_down) <= 0:
        return []
    if widest_down >= widest_across:
        edges = [end / size.aspect for start, end in down if (end - start) / line * COLUMN_WEIGHT >= widest_down / 2]
        return _split(part, edges, [box.x0 for _, box in part])
    edges = [end for start, end in across if (end - start) / line >= widest_across / 2]
    return _split(part, edges, [box.y0 for _, box in part])


def _gaps(intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that no interval covers, between the first and the last."""
    gaps = []
    reached: float | None = None
    for start, end in sorted(intervals):
        if reached is not None and start > reached:
            gaps.append((reached, start))
        reached = end if reached is None else max(reached, end)
    return gaps


def _split(part: Sequence[_Boxed], edges: Sequence[float], starts: Sequence[float]) -> list[list[_Boxed]]:
    """The part in groups by their start; each edge is the start of the first box behind a gap."""
    order = sorted(range(len(part)), key=lambda at: starts[at])
    groups: list[list[_Boxed]] = [[]]
    remaining = sorted(edges)
    for at in order:
        while remaining and starts[at] >= remaining[0] - 1e-9:
            remaining.pop(0)
            groups.append([])
        groups[-1].append(part[at])
    return [group for group in groups if group]


def _by_rows(part: Sequence[_Boxed], size: Size) -> list[Region]:
    """Row by row, each from left to right; regions without words by the height of their middle."""
    by_id = {region.id: region for region, _ in part}
    if len(part) == 1:
        return list(by_id.values())
    told = dict.fromkeys(
        item.region_id for row in find_rows([region for region, _ in part], size) for item in row.items
    )
    mute: list[tuple[float, Key, Region]] = sorted(
        ((box.center[1], natural_key(region.id), region) for region, box in part if region.id not in told),
        key=lambda entry: entry[:2],
    )
    result: list[Region] = []
    for region_id in told:
        region = by_id[region_id]
        while mute and region.bbox is not None and mute[0][0] < region.bbox.center[1]:
            result.append(mute.pop(0)[2])
        result.append(region)
    return result + [region for *_, region in mute]
