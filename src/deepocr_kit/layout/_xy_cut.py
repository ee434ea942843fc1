"""Reads forms from boxes: cuts across before cuts down, with what would blunt the cuts laid aside."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from deepocr_kit.layout._order_spots import Interval, Spot, bands, gaps, in_rows

__all__ = ["xy_cut"]

LEVEL_TOLERANCE = 0.003
"""Boxes that overlap by less than twice this, in heights of the page, can be parted by a level line."""

GUTTER = 0.7
"""Narrowest gutter that goes on from band to band, in heights of a line."""

WIDE_GUTTER = 2.0
"""Narrowest gutter that parts a band which no level line parts, in heights of a line: wider than between words."""

LEVEL_SHARE = 0.5
"""Two blocks are read one after the other when fewer of their lines than this stand level with one of the other."""

LEVEL_REACH = 0.5
"""Lines further apart than this, in heights of a line, do not stand level."""

SIDE_HEIGHT = 3.0
"""Least height in lines of a stamp or turned text at the side, which is laid aside."""

SIDE_SHAPE = 1.5
"""How much higher than wide it is."""

MOST_CUTS = 12
"""Deepest nesting of cuts; what is left is read row by row. Real forms nest four deep."""

_GUTTERS_TRIED, _GUTTERS_KEPT = 3, 8
"""Widest gutters of a run that are tried and kept; keeps hostile pages linear."""


@dataclass(slots=True)
class _Run:
    """Bands one below the other through which a gutter runs; the first and last gutters are the margins."""

    gutters: list[Interval]
    bands: list[list[Spot]]


def xy_cut(spots: Sequence[Spot]) -> list[Spot]:
    """The spots in reading order.

    The XY cut of Nagy and Seth (1984), as a form wants it: first across, so
    that a value follows its label. As in XY-Cut++ (2025, arXiv 2504.10258)
    what crosses the layout is laid aside: wide titles and rules end the runs
    of bands that are looked at for a cut down, and turned text and stamps
    are taken out and come last. A run is cut down only when the lines on
    both sides do not stand level, for then they are two blocks and not labels
    with their values.
    """
    line = median(spot.height for spot in spots) if spots else 0.0
    side = [s for s in spots if s.height > SIDE_HEIGHT * line and s.height > SIDE_SHAPE * s.width]
    if len(side) == len(spots):
        side = []
    aside = {spot.at for spot in side}
    result: list[Spot] = []
    todo: list[tuple[Sequence[Spot], int, bool]] = [([spot for spot in spots if spot.at not in aside], 0, True)]
    while todo:
        part, depth, across = todo.pop()
        pieces = _pieces(part, line, across=across) if depth < MOST_CUTS and len(part) > 1 else []
        if pieces:
            # what was just cut down is cut across next; a band of a run only down
            todo.extend((piece, depth + 1, cut_down) for piece, cut_down in reversed(pieces))
        else:
            result.extend(spot for row in in_rows(part) for spot in row)
    return result + sorted(side)


def _pieces(part: Sequence[Spot], line: float, *, across: bool) -> list[tuple[Sequence[Spot], bool]]:
    """The part cut, each piece with whether it may be cut across next; empty when it is only rows."""
    if not across:
        columns = _columns(part, WIDE_GUTTER * line)
        return [(column, True) for column in columns] if len(columns) > 1 else []
    pieces: list[tuple[Sequence[Spot], bool]] = []
    for run in _runs(bands(part, LEVEL_TOLERANCE), GUTTER * line):
        blocks = _blocks(run, line)
        pieces.extend(((block, True) for block in blocks) if blocks else ((band, False) for band in run.bands))
    return pieces


def _runs(parted: Iterable[list[Spot]], least: float) -> list[_Run]:
    """Longest runs of bands that share a gutter at least so wide."""
    runs: list[_Run] = []
    for band in parted:
        left, right = min(spot.x0 for spot in band), max(spot.x1 for spot in band)
        inner = [gap for gap in gaps((spot.x0, spot.x1) for spot in band) if gap[1] - gap[0] >= least]
        gutters = _widest([(-inf, left), *inner, (right, inf)])
        shared = _widest(_shared(runs[-1].gutters, gutters, least)) if runs else []
        if any(start > -inf and end < inf for start, end in shared):
            runs[-1].gutters = shared
            runs[-1].bands.append(band)
        else:
            runs.append(_Run(gutters, [band]))
    return runs


def _widest(gutters: Sequence[Interval]) -> list[Interval]:
    if len(gutters) <= _GUTTERS_KEPT:
        return list(gutters)
    return sorted(sorted(gutters, key=_widest_first)[:_GUTTERS_KEPT])


def _widest_first(gap: Interval) -> tuple[float, float]:
    return gap[0] - gap[1], gap[0]


def _shared(one: Sequence[Interval], other: Sequence[Interval], least: float) -> list[Interval]:
    """What is in a gap of both, at least so wide; both in order."""
    shared = []
    here = there = 0
    while here < len(one) and there < len(other):
        start, end = max(one[here][0], other[there][0]), min(one[here][1], other[there][1])
        if end - start >= least:
            shared.append((start, end))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return shared


def _blocks(run: _Run, line: float) -> list[list[Spot]]:
    """The run's two sides when they are blocks of their own; empty when they are read together."""
    spots = [spot for band in run.bands for spot in band]
    inner = [gap for gap in run.gutters if gap[0] > -inf and gap[1] < inf]
    for start, end in sorted(inner, key=_widest_first)[:_GUTTERS_TRIED]:
        middle = (start + end) / 2
        left = [spot for spot in spots if spot.x < middle]
        right = [spot for spot in spots if spot.x >= middle]
        if left and right and not _stand_level(in_rows(left), in_rows(right), LEVEL_REACH * line):
            return [left, right]
    return []


def _stand_level(left: Sequence[Sequence[Spot]], right: Sequence[Sequence[Spot]], reach: float) -> bool:
    """Whether enough rows of the side with fewer have one of the other at their height."""
    few, many = sorted((sorted(map(_middle, side)) for side in (left, right)), key=lambda side: (len(side), side))
    if len(few) < 2:
        return True
    level = 0
    for place in few:
        at = bisect_left(many, place)
        level += any(abs(other - place) < reach for other in many[max(0, at - 1) : at + 1])
    return level >= LEVEL_SHARE * len(few)


def _middle(row: Sequence[Spot]) -> float:
    return sum(spot.y for spot in row) / len(row)


def _columns(band: Sequence[Spot], least: float) -> list[list[Spot]]:
    """The band parted at every gap at least so wide, from the left."""
    wide = [gap for gap in gaps((spot.x0, spot.x1) for spot in band) if gap[1] - gap[0] >= least]
    middles = [(start + end) / 2 for start, end in wide]
    columns: list[list[Spot]] = [[] for _ in range(len(middles) + 1)]
    for spot in band:
        columns[bisect_right(middles, spot.x)].append(spot)
    return [column for column in columns if column]
