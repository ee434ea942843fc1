"""Reads columns of prose from boxes: what stands above comes first, and of two columns the left one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from math import inf

from deepocr_kit.layout._order_sections import sections
from deepocr_kit.layout._order_spots import Spot, shrunk

__all__ = ["seen_below", "topological"]

EDGE_TOLERANCE = 0.0045
"""Boxes that overlap by less than twice this, in heights of the page, stand side by side and not one above the other:
four steps of a model's 0..999 grid."""


def topological(spots: Iterable[Spot]) -> list[Spot]:
    """The spots in reading order, section by section.

    Within a section this is the order of Breuel (2003, "High performance
    document layout analysis"): a box comes before those that it stands
    above, and before those to its right unless something that spans both
    parts them. He compares all pairs and triples. Here only those pairs
    count of which one sees the other when looking straight down, n log n by
    one sweep; boxes that do not overlap make a planar graph of these, and
    its topological order that takes the left branch first is his.
    """
    return [spot for section in sections(spots) for spot in _by_columns(section)]


def _by_columns(spots: Sequence[Spot]) -> list[Spot]:
    below = seen_below(spots)
    post: list[Spot] = []
    met: set[int] = set()
    for root in _from_right(spots):
        if root.at in met:
            continue
        met.add(root.at)
        # an explicit stack: a column of thousands of boxes would exhaust the interpreter's
        path: list[tuple[Spot, Iterator[Spot]]] = [(root, iter(_from_right(below[root.at])))]
        while path:
            spot, left = path[-1]
            following = next((other for other in left if other.at not in met), None)
            if following is None:
                post.append(spot)
                path.pop()
            else:
                met.add(following.at)
                path.append((following, iter(_from_right(below[following.at]))))
    return post[::-1]


def _from_right(spots: Iterable[Spot]) -> list[Spot]:
    return sorted(spots, key=lambda spot: (-spot.x, -spot.y, spot))


def seen_below(spots: Sequence[Spot]) -> dict[int, list[Spot]]:
    """By number, the spots that one sees below it, past everything higher.

    Sweeps downward with the skyline of what was passed: ``starts[i]`` is
    where the piece begins that belongs to ``owners[i]``.
    """
    below: dict[int, list[Spot]] = {spot.at: [] for spot in spots}
    starts: list[float] = [-inf]
    owners: list[int | None] = [None]
    for spot in sorted(spots, key=lambda spot: (spot.y, spot)):
        left, right = shrunk(spot.x0, spot.x1, EDGE_TOLERANCE)
        right = max(right, left + 1e-9)
        first = bisect_right(starts, left) - 1
        last = bisect_left(starts, right) - 1
        for owner in dict.fromkeys(owners[first : last + 1]):
            if owner is not None:
                below[owner].append(spot)
        new_starts, new_owners = [left, right], [spot.at, owners[last]]
        if starts[first] < left:
            new_starts, new_owners = [starts[first], *new_starts], [owners[first], *new_owners]
        if last + 1 < len(starts) and starts[last + 1] <= right:
            new_starts.pop()
            new_owners.pop()
        starts[first : last + 1] = new_starts
        owners[first : last + 1] = new_owners
    return below
