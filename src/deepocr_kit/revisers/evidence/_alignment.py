"""Finds the printed row of every item of a list, when the order of both decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deepocr_kit.geometry import BBox
from deepocr_kit.revisers.evidence._index import EvidenceIndex, Place

__all__ = ["Row", "row_of", "rows_of_items", "visual_lines"]

WORK_MAX = 2_000_000
"""Largest number of items times rows that is aligned; a longer list stays as it is."""

LINE_OVERLAP = 0.5

Row = tuple[int, int]
"""A printed line: the number of the visual line in the document, and of the line within its region."""


def visual_lines(index: EvidenceIndex) -> dict[int, int]:
    """For each region its visual line, counted through the document from the top; regions side by side share one."""
    lines: dict[int, int] = {}
    count = -1
    for page in index.document.pages:
        regions = [item for item in index.regions if item.page_index == page.index]
        boxed = sorted(((item.bbox, item.number) for item in regions if item.bbox), key=lambda pair: pair[0].center[1])
        first: BBox | None = None
        for box, number in boxed:
            if first is None or box.y_overlap(first) < LINE_OVERLAP:
                first, count = box, count + 1
            lines[number] = count
        for item in regions:
            if item.number not in lines:
                count += 1
                lines[item.number] = count
    return lines


def row_of(index: EvidenceIndex, lines: Mapping[int, int], place: Place) -> Row:
    """The row in which a place begins."""
    first = place.regions[0]
    return lines[first], index.regions[first].text.raw.count("\n", 0, place.start)


def rows_of_items(items: Sequence[Sequence[frozenset[Row]]]) -> list[Row | None]:
    """The row of each item, where there is only one way to read the items off the page in their order.

    Every item gets another row below that of the item before, so that as many values as
    possible stand in the rows of their items. An item gets None when another
    row would do as well, when it need not have one, or when only one of
    its values stands there and the items do not follow the page.

    Args:
        items: For each item the rows in which each of its values stands.
    """
    rows = sorted({row for values in items for places in values for row in places})
    if len(items) * len(rows) > WORK_MAX:
        return [None] * len(items)
    weights = [[sum(row in places for places in values) for row in rows] for values in items]
    before = _best(weights)
    after = [line[::-1] for line in _best([line[::-1] for line in weights[::-1]])[::-1]]
    optimum = before[-1][-1]
    in_order = optimum == sum(max(line, default=0) for line in weights)
    found: list[Row | None] = []
    for number, line in enumerate(weights):
        fitting = [
            column
            for column, weight in enumerate(line)
            if weight and before[number][column] + weight + after[number + 1][column + 1] == optimum
        ]
        needless = any(before[number][cut] + after[number + 1][cut] == optimum for cut in range(len(rows) + 1))
        sure = len(fitting) == 1 and not needless and (in_order or line[fitting[0]] > 1)
        found.append(rows[fitting[0]] if sure else None)
    return found


def _best(weights: Sequence[Sequence[int]]) -> list[list[int]]:
    """Most values that the first i items can have in the first j rows, each in a row of its own and in order."""
    width = len(weights[0]) if weights else 0
    table = [[0] * (width + 1)]
    for line in weights:
        above, current = table[-1], [0]
        for column, weight in enumerate(line):
            current.append(max(above[column + 1], current[column], above[column] + weight))
        table.append(current)
    return table
