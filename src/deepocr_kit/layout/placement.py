"""Where to draw each region so that rows are level and columns straight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from deepocr_kit.documents import Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._wording import is_value
from deepocr_kit.layout.rows import Analysis, Row, RowItem, analyse

__all__ = ["Placed", "place_regions", "sequence"]

MAX_MOVE = 0.012
"""Farthest that snapping moves a left or right edge, as a share of the page; setting a turned page upright comes on
top."""

WORD_GAP = 0.3
"""Neighbours of a row are drawn so many line heights apart, as words are; detectors draw their boxes too wide."""

MAX_LIFT = 0.5
"""Farthest that a line is moved to the level of its row, in line heights; a row with a line further off stays."""

CROWDED = 0.9
"""Lines over one another are not moved nearer than this, in line heights; their rows stay."""

PASSES = 4
"""Rows that stay may crowd their neighbours in turn; so often that is looked at."""

MOST_COMPARED = 40
"""So many pieces of a row are looked at for crowding; keeps hostile pages linear."""

EDGE_GAP = 0.006
"""Edges nearer to each other than this, as a share of the page, belong to one column edge."""

MIN_COLUMN = 3
"""So many edges make a column edge."""

EDGE_SPAN = 0.02
"""Farthest that two edges of one column may be apart, as a share of the page."""

SAME_HEIGHT = 1.3
"""Line heights within this factor of one another are drawn as one size when the lines are near."""

NEAR_LINES = 5
"""So many pieces above and below decide together on a line's height."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A region, or one half of a torn one, with the place to draw it.

    Attributes:
        region_id: The region.
        part: Rises along the region's pieces; 0 for a whole region.
        text: The piece's words; None when it is the whole region.
        bbox: Where to draw it, in the unit frame.
        raw: Its part of the region's own box: the evidence. Never moved.
        shifted: Whether it was moved to another row.
        at_end: Whether its words stand at the end of the box, as numbers of a column do.
        row: Pieces with the same number stand on one line; None for a block.
    """

    region_id: str
    part: int
    text: str | None
    bbox: BBox
    raw: BBox
    shifted: bool
    at_end: bool
    row: int | None


def place_regions(regions: Sequence[Region], size: Size) -> tuple[Placed, ...]:
    """Every region that has a box, once, in reading order; a torn region once per half.

    First a page that lies askew is set upright: boxes move up or down by the
    slope of the lines, at most 0.03 of the page's width, and to the side by the
    lean of the columns, at most 0.03 of its height. Then single lines are put on
    the level of their row when they are near it, their left and right edges on
    the edge of their column, and their heights on the height of their neighbours.
    That moves edges by at most ``MAX_MOVE`` and levels by at most ``MAX_LIFT``,
    never onto another line; only values that had drifted away from their labels
    move further. The order is that of ``regions``, but for drifted rows, which
    stand together: label, then value.

    Args:
        regions: Of one page, in reading order, each with an id of its own.
        size: Of the page in pixels; only its aspect matters.
    """
    analysis = analyse(regions, size)
    by_id = {region.id: region for region in regions}
    drawn = _draw_lines(analysis, size)
    placed: list[Placed] = []
    for region_id, item in sequence(regions, analysis.rows):
        region, raw = by_id[region_id], by_id[region_id].bbox
        if item is not None and item.bbox is not None:
            text = None if item.text.split() == region.text.split() else item.text
            spot = drawn[region_id, item.part]
            placed.append(Placed(region_id, item.part, text, spot.box, item.bbox, item.shifted, spot.at_end, spot.row))
        elif raw is not None and region_id in analysis.lined:
            spot = drawn[region_id, 0]
            placed.append(Placed(region_id, 0, None, spot.box, raw, shifted=False, at_end=spot.at_end, row=spot.row))
        elif raw is not None:
            box = _level_block(raw, analysis, size)
            placed.append(Placed(region_id, 0, None, box, raw, shifted=False, at_end=False, row=None))
    return tuple(placed)


def sequence(regions: Sequence[Region], rows: Sequence[Row]) -> list[tuple[str, RowItem | None]]:
    """Region ids in reading order; pieces of drifted rows stand together, each with its item.

    A region of several lines that has one of them in a drifted row is given piece by piece.
    """
    drifted = {item.region_id for row in rows if row.shifted for item in row.items}
    rows_of: dict[str, list[Row]] = {region_id: [] for region_id in drifted}
    for row in rows:
        for item in row.items:
            if item.region_id in drifted:
                rows_of[item.region_id].append(row)
    result: list[tuple[str, RowItem | None]] = []
    done: set[tuple[str, int]] = set()
    for region in regions:
        if region.id not in drifted:
            result.append((region.id, None))
        for item in (item for row in rows_of.get(region.id, ()) for item in row.items):
            if item.region_id in drifted and (item.region_id, item.part) not in done:
                done.add((item.region_id, item.part))
                result.append((item.region_id, item))
    return result


@dataclass(frozen=True, slots=True)
class _Line:
    """A piece on a level, with its own middle (skew taken out) and the height that its words need."""

    item: RowItem
    box: BBox
    level: float
    middle: float
    height: float
    row: int


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where to draw a piece."""

    box: BBox
    at_end: bool
    row: int


def _lines(analysis: Analysis, size: Size) -> list[_Line]:
    """All pieces that stand on a level; a value that had drifted is not drawn taller than its label."""
    slack = {side.item.id: side.slack for pair in analysis.pairs for side in (pair.label, pair.value)}
    lines: list[_Line] = []
    for number, row in enumerate(analysis.rows):
        tall = [
            (item, box, box.height - 2 * slack.get((item.region_id, item.part - item.part % 2), 0.0))
            for item in row.items
            if (box := item.bbox) is not None
        ]
        most = max((height for item, _, height in tall if not item.shifted), default=1.0)
        for item, box, height in tall if row.level is not None else ():
            x, y = box.center
            shift = analysis.shift(box, size)
            box = BBox.of(box.x0 + shift, box.y0, box.x1 + shift, box.y1)
            middle = y - analysis.slope * size.aspect * (x - 0.5)
            height = min(height, most) if item.shifted else height
            lines.append(_Line(item, box, row.level or 0.0, middle, height, number))
    return lines


def _draw_lines(analysis: Analysis, size: Size) -> dict[tuple[str, int], _Spot]:
    """Box to draw and whether words stand at its right end, by region and part."""
    drifted = {side.item.region_id for pair in analysis.pairs for side in (pair.label, pair.value)}
    lines = _lines(analysis, size)
    uneven = _uneven_rows(lines)
    drawn: dict[tuple[str, int], _Spot] = {}
    for line, height, (left, right, at_end) in zip(lines, _even_heights(lines), _edges(lines, size), strict=True):
        stays = line.item.region_id not in drifted and line.row in uneven
        level = min(max(line.middle if stays else line.level, height / 2), 1 - height / 2)
        place = BBox.of(left, level - height / 2, right, level + height / 2)
        drawn[line.item.region_id, line.item.part] = _Spot(place, at_end, line.row)
    return drawn


def _edges(lines: Sequence[_Line], size: Size) -> list[tuple[float, float, bool]]:
    """Left and right edge to draw, and whether the words stand at the right one.

    Edges are those of the line's column, but neighbours in a row stay apart.
    """
    lefts = _clusters(line.box.x0 for line in lines)
    rights = _clusters(line.box.x1 for line in lines)
    left_edges = [lefts[line.box.x0][0] for line in lines]
    right_edges = [rights[line.box.x1][0] for line in lines]
    for at, (line, after) in enumerate(pairwise(lines)):
        if line.row == after.row and right_edges[at] > left_edges[at + 1]:
            right_edges[at] = min(right_edges[at], line.box.x1)
            left_edges[at + 1] = max(left_edges[at + 1], after.box.x0)
    edges: list[tuple[float, float, bool]] = []
    for at, (line, left, right) in enumerate(zip(lines, left_edges, right_edges, strict=True)):
        straight = right - left >= line.box.width / 2
        lefts_count, rights_count = lefts[line.box.x0][1], rights[line.box.x1][1]
        at_end = is_value(line.item.text) and rights_count >= MIN_COLUMN and rights_count > lefts_count
        if straight and at_end:
            # a number keeps its width: of its column only the right edge is straight
            before = right_edges[at - 1] if at and lines[at - 1].row == line.row else 0.0
            left = max(right - line.box.width, min(before, left))
        edges.append((left if straight else line.box.x0, right if straight else line.box.x1, at_end))
    return _parted(lines, edges, size)


def _parted(
    lines: Sequence[_Line], edges: Sequence[tuple[float, float, bool]], size: Size
) -> list[tuple[float, float, bool]]:
    """The same edges, each pair of neighbours in a row ``WORD_GAP`` apart as far as their edges may move for it."""
    parted = list(edges)
    for at, (line, after) in enumerate(pairwise(lines)):
        (left, right, at_end), (next_left, next_right, next_at_end) = parted[at], parted[at + 1]
        lacking = WORD_GAP * min(line.height, after.height) / size.aspect - (next_left - right)
        if line.row != after.row or lacking <= 0 or next_left < left:
            continue
        back = min(lacking / 2, right - line.box.x1 + MAX_MOVE, (right - left) / 4)
        on = min(lacking / 2, after.box.x0 + MAX_MOVE - next_left, (next_right - next_left) / 4)
        parted[at] = left, right - max(back, 0.0), at_end
        parted[at + 1] = next_left + max(on, 0.0), next_right, next_at_end
    return parted


def _uneven_rows(lines: Sequence[_Line]) -> set[int]:
    """Rows that are not drawn level, because a line would move too far or onto another."""
    by_row: dict[int, list[_Line]] = {}
    for line in lines:
        by_row.setdefault(line.row, []).append(line)
    uneven = {line.row for line in lines if abs(line.level - line.middle) > MAX_LIFT * line.height}
    rows = list(by_row.values())
    for _ in range(PASSES):
        before = len(uneven)
        for at, row in enumerate(rows):
            for below in rows[at + 1 : at + 3]:
                if _crowd(row, below, uneven):
                    uneven |= {row[0].row, below[0].row}
        if len(uneven) == before:
            break
    return uneven


def _crowd(row: Sequence[_Line], below: Sequence[_Line], uneven: Set[int]) -> bool:
    """Whether two rows push lines that stand over one another into each other, as they would be drawn now."""
    return any(
        drawn < lower.middle - upper.middle - 1e-9 and drawn < CROWDED * (upper.height + lower.height) / 2
        for upper in row[:MOST_COMPARED]
        for lower in below[:MOST_COMPARED]
        if min(upper.box.x1, lower.box.x1) > max(upper.box.x0, lower.box.x0)
        for drawn in [_place(lower, uneven) - _place(upper, uneven)]
    )


def _place(line: _Line, uneven: Set[int]) -> float:
    return line.middle if line.row in uneven else line.level


def _even_heights(lines: Sequence[_Line]) -> list[float]:
    """The heights of lines; near lines of about one height get one height."""
    even = []
    for at, line in enumerate(lines):
        near = lines[max(0, at - NEAR_LINES) : at + NEAR_LINES + 1]
        alike = [
            other.height
            for other in near
            if line.height <= other.height * SAME_HEIGHT and other.height <= line.height * SAME_HEIGHT
        ]
        even.append(median(alike))
    return even


def _clusters(values: Iterable[float]) -> Mapping[float, tuple[float, int]]:
    """Each edge with the edge of its column and the number of edges there; itself when there are few. Keeps order."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] <= EDGE_GAP and value - clusters[-1][0] <= EDGE_SPAN:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    edges: dict[float, tuple[float, int]] = {}
    for cluster in clusters:
        edge = median(cluster)
        for value in cluster:
            moved = min(max(edge, value - MAX_MOVE), value + MAX_MOVE) if len(cluster) >= MIN_COLUMN else value
            edges[value] = (moved, len(cluster))
    return edges


def _level_block(box: BBox, analysis: Analysis, size: Size) -> BBox:
    """A block where it would stand on a level page."""
    down = -analysis.slope * size.aspect * (box.center[0] - 0.5)
    down = min(max(down, -box.y0), 1 - box.y1)
    right = min(max(analysis.shift(box, size), -box.x0), 1 - box.x1)
    return BBox.of(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)
