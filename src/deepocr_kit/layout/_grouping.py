"""Items into rows along a given slope."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Sequence
from statistics import median

from deepocr_kit.layout._items import Item

__all__ = ["cluster_rows", "row_middle", "stands_over"]

MERGE_PRICE = 0.7
"""Two groups become one row while that adds no more than this to the squared distances from the rows' means.

In line heights; so groups of many items must be nearer to one another than single items.
"""

FARTHEST = 0.9
"""Means of two groups that become one row are at most this share of a line height apart."""

COLLISION = 0.3
"""Two items whose common width is more than this share of the narrower one stand over one another."""

LOOK_BACK = 4
"""So many items of a row that begin further left are looked at; they hardly reach into one another, so it is enough."""


class _Group:
    """Items that share a row so far, and their left and right edges, sorted."""

    __slots__ = ("edges", "height", "items", "mean")

    def __init__(self, y: float, item: Item, height: float) -> None:
        self.items = [item]
        self.mean = y
        self.height = height
        self.edges = [(item.x0, item.x1)]

    def joined(self, other: _Group) -> _Group | None:
        """Both in one, which is the larger of them, changed; None when an item stands over one of the other group."""
        small, large = sorted((self, other), key=lambda group: len(group.items))
        if any(large.covers(x0, x1) for x0, x1 in small.edges):
            return None
        count, more = len(large.items), len(small.items)
        large.mean = (large.mean * count + small.mean * more) / (count + more)
        large.height = min(large.height, small.height)
        large.items += small.items
        for edges in small.edges:
            insort(large.edges, edges)
        return large

    def covers(self, x0: float, x1: float) -> bool:
        """Whether an item of the group stands over or under one with these edges."""
        low = max(0, bisect_left(self.edges, (x0,)) - LOOK_BACK)
        high = bisect_left(self.edges, (x1,))
        return any(_collide(*self.edges[at], x0, x1) for at in range(low, high))


def cluster_rows(items: Sequence[Item], slope: float) -> list[list[Item]]:
    """Rows from top to bottom, each from left to right."""
    across = [item for item in items if not item.vertical]
    typical = median(item.h for item in across) if across else 0.0
    ordered = sorted(((item.y - slope * item.x, item) for item in across), key=lambda pair: (pair[0], pair[1].key))
    groups: list[_Group | None] = [_Group(y, item, min(item.h, typical)) for y, item in ordered]
    _merge(groups)
    rows = [group.items for group in groups if group is not None]
    for row in rows:
        row.sort(key=lambda item: (item.x0, item.key))
    rows += [[item] for item in items if item.vertical]
    return sorted(rows, key=lambda row: (row_middle(row, slope), row[0].key))


def row_middle(row: Sequence[Item], slope: float) -> float:
    """Mean middle of a row's items with the skew taken out."""
    return sum(item.y - slope * item.x for item in row) / len(row)


def stands_over(item: Item, other: Item) -> bool:
    """Whether one of two items stands over the other, so that they cannot share a row."""
    return _collide(item.x0, item.x1, other.x0, other.x1)


def _collide(x0: float, x1: float, left: float, right: float) -> bool:
    common = min(x1, right) - max(x0, left)
    return common > 0 and common > COLLISION * min(x1 - x0, right - left)


def _merge(groups: list[_Group | None]) -> None:
    """Join the two neighbours that cost least, again and again; what was joined leaves None behind."""
    after = list(range(1, len(groups) + 1))
    before = list(range(-1, len(groups) - 1))
    heap: list[tuple[float, int, int, int, int]] = []

    def offer(at: int) -> None:
        other = after[at] if at >= 0 else len(groups)
        group, below = (groups[at], groups[other]) if other < len(groups) else (None, None)
        if group is None or below is None:
            return
        count, more = len(group.items), len(below.items)
        height = min(group.height, below.height)
        gap = (below.mean - group.mean) / height if height else 0.0
        price = gap * gap * count * more / (count + more)
        if price <= MERGE_PRICE and gap <= FARTHEST:
            heapq.heappush(heap, (price, at, other, count, more))

    for at in range(len(groups)):
        offer(at)
    while heap:
        _, at, other, count, more = heapq.heappop(heap)
        group, below = groups[at], groups[other]
        if group is None or below is None or (len(group.items), len(below.items)) != (count, more):
            continue
        joined = group.joined(below)
        if joined is None:
            continue
        groups[at], groups[other] = joined, None
        after[at] = after[other]
        if after[at] < len(groups):
            before[after[at]] = at
        offer(at)
        offer(before[at])
