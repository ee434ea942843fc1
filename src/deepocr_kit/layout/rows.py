"""Regions into rows: what a reader sees on one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from deepocr_kit.documents import Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._drift import Pair, find_drift
from deepocr_kit.layout._grouping import cluster_rows, row_middle, stands_over
from deepocr_kit.layout._items import Item, Key, items_of, natural_key, text_lines
from deepocr_kit.layout._metrics import LINE_SPACING, em_width
from deepocr_kit.layout._skew import find_slope
from deepocr_kit.layout._slant import Slant, slant_of
from deepocr_kit.layout._writing import Writing, writing_of
from deepocr_kit.layout.order import geometric_order

__all__ = ["Analysis", "Row", "RowItem", "analyse", "find_rows", "line_slope"]

LEVEL_GAIN = 0.5
"""By so much a level page may explain labels and values worse and still win by what its boxes say."""

DRIFT_PRICE, STEEPNESS_PRICE = 1.5, 50.0
"""Price of drift and of a slope of 1, in nats: a form that was printed twice is rarer than a page that lies
askew a little, and about as common as one that lies askew by two degrees."""


@dataclass(frozen=True, slots=True)
class RowItem:
    """A piece of a region that stands in a row.

    Attributes:
        region_id: The region it is part of.
        text: Its words, on one line.
        bbox: Its part of the region's raw box, in the unit frame; never moved.
            A line of several, a cell of a table or half of a line is cut out by
            proportion. None when the region has no box.
        column: 0-based column, for a cell of a table; None otherwise.
        part: Rises along the region's pieces, in its own order; numbers may be missing.
        shifted: Whether it is a value that stands at another height than this row, and belongs here.
    """

    region_id: str
    text: str
    bbox: BBox | None
    column: int | None = None
    part: int = 0
    shifted: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces on one line, left to right.

    Attributes:
        items: At least one.
        top: Upper edge of the highest piece, in the unit frame; None when no piece has a box.
        bottom: Lower edge of the lowest piece.
        level: Middle of the row at the middle of the page, skew and drift taken
            out, in the unit frame; None for a row of a table and for one without boxes.
    """

    items: tuple[RowItem, ...]
    top: float | None
    bottom: float | None
    level: float | None = None

    @property
    def text(self) -> str:
        """The pieces, joined with one space."""
        return " ".join(item.text for item in self.items)

    @property
    def shifted(self) -> bool:
        """Whether a piece of the row stands at another height on the page."""
        return any(item.shifted for item in self.items)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Rows and what was found on the way.

    Attributes:
        rows: Top to bottom.
        slope: Rise per run of the lines, in true aspect; positive when lines fall to the right.
        lean: How far the columns run to the left per length down the page, in true aspect.
        pairs: The values that stand off their labels, with their labels.
        lined: Regions that are one single line.
        downward: Whether most of the page runs from top to bottom; rows are in reading order then, from the right.
    """

    rows: tuple[Row, ...]
    slope: float
    lean: float
    pairs: tuple[Pair, ...]
    lined: frozenset[str]
    downward: bool

    def shift(self, box: BBox, size: Size) -> float:
        """How far right a box must go for the columns to stand upright, as a share of the page."""
        return self.lean * (box.center[1] - 0.5) / size.aspect


def find_rows(regions: Sequence[Region], size: Size) -> tuple[Row, ...]:
    """The rows of a page, from top to bottom; every word of every region stands in exactly one.

    Skew is taken out, and where a column of values has drifted against its
    column of labels each value goes to the row of its label. Tables give a
    row per row of their grid. Each line of a page of vertical Chinese or
    Japanese is a row of its own, in reading order. Regions without a box follow
    at the end, in the order of their ids. The result does not depend on the order of ``regions``.

    Args:
        regions: Of one page, in any order, each with an id of its own.
        size: Of the page in pixels; only its aspect matters.
    """
    return analyse(regions, size).rows


def line_slope(regions: Sequence[Region], size: Size) -> float:
    """Rise per run of a page's text lines, in true aspect: positive when they fall to the right, 0 on a level page.

    Args:
        regions: Of one page, in any order.
        size: Of the page in pixels; only its aspect matters.
    """
    return find_slope(items_of(regions, size))


def analyse(regions: Sequence[Region], size: Size) -> Analysis:
    """``find_rows`` with the slope and the drift it found."""
    items = items_of(regions, size)
    slant = slant_of([item for item in items if item.lined])
    slope, lines, pairs = _lines(items, slant)
    lines = _make_room(lines, pairs)
    torn = _torn(pairs)
    middle = slope * size.aspect / 2
    placed: list[tuple[float, Key, Row]] = []
    for line, pieces in zip(lines, _undrift(lines, pairs, torn), strict=True):
        if pieces and line[0].vertical:
            placed.append((row_middle(line, slope), natural_key(pieces[0].region_id), _row(pieces)))
        elif pieces:
            level = _level(line, torn, pairs, slope)
            placed.append((level, natural_key(pieces[0].region_id), _row(pieces, level + middle)))
    for region in regions:
        for row, place in _table_rows(region):
            height = (place.y0 + place.y1) / 2 - slope * size.aspect * (place.x0 + place.x1) / 2
            placed.append((height, natural_key(region.id), row))
    downward = writing_of(regions, size) is Writing.DOWNWARD
    ranks = {region.id: rank for rank, region in enumerate(geometric_order(regions, size))} if downward else {}
    placed.sort(key=lambda entry: (ranks.get(entry[2].items[0].region_id, 0), *entry[:2], entry[2].items[0].part))
    unplaced = sorted((region for region in regions if not region.boxes), key=lambda region: natural_key(region.id))
    loose = tuple(row for region in unplaced for row in _loose_rows(region))
    lined = frozenset(item.region_id for item in items if item.lined and item.whole)
    return Analysis(tuple(row for *_, row in placed) + loose, slope, slant.lean(slope), pairs, lined, downward)


def _lines(items: Sequence[Item], slant: Slant) -> tuple[float, list[list[Item]], tuple[Pair, ...]]:
    """Slope, rows along it, and the values that stand off their labels.

    On a page of two columns drift looks like skew. The page counts as level
    when its boxes and its labels and values together say so; a slight slope
    needs less to be believed than drift, a steep one more.
    """
    slope = find_slope(items)
    lines = cluster_rows(items, slope)
    drift = find_drift(lines, slope)
    if slope:
        level_lines = cluster_rows(items, 0.0)
        level = find_drift(level_lines, 0.0)
        gain = drift.cost - level.cost
        said = slant.against(slope) - slant.against(0.0)
        if level.pairs and gain > -LEVEL_GAIN and gain + said + STEEPNESS_PRICE * abs(slope) > DRIFT_PRICE:
            return 0.0, level_lines, level.pairs
    return slope, lines, drift.pairs


def _make_room(lines: Sequence[list[Item]], pairs: Sequence[Pair]) -> list[list[Item]]:
    """The lines, in which a value stands alone when the value of another line goes to its place."""
    home = {item.id: at for at, line in enumerate(lines) for item in line}
    moved = {pair.value.item.id for pair in pairs}
    kept = moved | {pair.label.item.id for pair in pairs}
    coming: dict[int, list[Item]] = {}
    for pair in pairs:
        target = home[pair.label.item.id]
        if home[pair.value.item.id] != target and pair.value.halves is None:
            coming.setdefault(target, []).append(pair.value.item)
    result: list[list[Item]] = []
    for at, line in enumerate(lines):
        alone = [
            item for item in line if item.id not in kept and any(stands_over(item, new) for new in coming.get(at, ()))
        ]
        result += [[item for item in line if item not in alone], *([item] for item in alone)]
    return result


def _torn(pairs: Sequence[Pair]) -> dict[tuple[str, int], tuple[str, str]]:
    """Words of the items that were torn into label and value, by the item's id."""
    sides = [side for pair in pairs for side in (pair.label, pair.value)]
    return {side.item.id: side.halves for side in sides if side.halves is not None}


def _undrift(
    lines: Sequence[Sequence[Item]], pairs: Sequence[Pair], torn: Mapping[tuple[str, int], tuple[str, str]]
) -> list[list[RowItem]]:
    """The pieces of each line, with the values of ``pairs`` in their labels' lines."""
    home = {item.id: at for at, line in enumerate(lines) for item in line}
    moved = {pair.value.item.id: home[pair.label.item.id] for pair in pairs}
    result: list[list[RowItem]] = [[] for _ in lines]
    for at, line in enumerate(lines):
        for item in line:
            target = moved.get(item.id, at)
            piece = RowItem(item.region_id, item.text, item.bbox, part=item.part)
            if item.id in torn:
                left, piece = _tear(item, torn[item.id])
                result[at].append(left)
            result[target].append(replace(piece, shifted=item.id in moved))
    for pieces in result:
        pieces.sort(key=_piece_key)
    return result


def _piece_key(piece: RowItem) -> tuple[float, Key, int]:
    return (piece.bbox.x0 if piece.bbox else 0.0), natural_key(piece.region_id), piece.part


def _tear(item: Item, halves: tuple[str, str]) -> tuple[RowItem, RowItem]:
    """The label at the left end and the value at the right end of an item that holds both."""
    box = item.bbox
    widths = [em_width(half) for half in halves]
    em = min(item.h / LINE_SPACING, (item.x1 - item.x0) / (sum(widths) + 0.5))
    share = em / (item.x1 - item.x0) * box.width if item.x1 > item.x0 else 0.0
    label_end = min(box.x1, box.x0 + widths[0] * share)
    value_start = max(label_end, box.x1 - widths[1] * share)
    return (
        RowItem(item.region_id, halves[0], BBox(box.x0, box.y0, label_end, box.y1), part=item.part),
        RowItem(item.region_id, halves[1], BBox(value_start, box.y0, box.x1, box.y1), part=item.part + 1),
    )


def _level(
    line: Sequence[Item], torn: Mapping[tuple[str, int], tuple[str, str]], pairs: Sequence[Pair], slope: float
) -> float:
    """Median middle of what belongs to the line; its values only count when it has no label."""
    slack = {pair.label.item.id: pair.label.slack * (1 if pair.offset > 0 else -1) for pair in pairs}
    values = {pair.value.item.id for pair in pairs}
    own = [item for item in line if item.id not in values or item.id in torn] or line
    return median(item.y - slope * item.x + slack.get(item.id, 0.0) for item in own)


def _row(pieces: Iterable[RowItem], level: float | None = None) -> Row:
    items = tuple(pieces)
    box = BBox.union(piece.bbox for piece in items if piece.bbox is not None)
    return Row(items, box.y0 if box else None, box.y1 if box else None, level)


def _table_rows(region: Region) -> list[tuple[Row, BBox]]:
    """A row per row of the grid with its place; boxes are even parts of the region's box."""
    box, table = region.bbox, region.table
    if table is None or box is None:
        return []
    by_row: dict[int, list[RowItem]] = {}
    for part, cell in enumerate(sorted(table.cells, key=lambda cell: (cell.row, cell.col))):
        text = " ".join(cell.text.split())
        if text:
            place = BBox.of(
                box.x0 + box.width * cell.col / table.col_count,
                box.y0 + box.height * cell.row / table.row_count,
                box.x0 + box.width * (cell.col + cell.col_span) / table.col_count,
                box.y0 + box.height * (cell.row + cell.row_span) / table.row_count,
            )
            by_row.setdefault(cell.row, []).append(RowItem(region.id, text, place, column=cell.col, part=part))
    step = box.height / max(1, table.row_count)
    return [
        (_row(by_row[at]), BBox.of(box.x0, box.y0 + step * at, box.x1, box.y0 + step * (at + 1)))
        for at in sorted(by_row)
    ]


def _loose_rows(region: Region) -> list[Row]:
    """Rows of a region without a box."""
    if region.table is None or not region.table.cells:
        return [_row([RowItem(region.id, line, None, part=at)]) for at, line in enumerate(text_lines(region))]
    by_row: dict[int, list[RowItem]] = {}
    for part, cell in enumerate(sorted(region.table.cells, key=lambda cell: (cell.row, cell.col))):
        text = " ".join(cell.text.split())
        if text:
            by_row.setdefault(cell.row, []).append(RowItem(region.id, text, None, column=cell.col, part=part))
    return [_row(by_row[at]) for at in sorted(by_row)]
