"""Regions into pieces of one line each, in a frame of true aspect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._metrics import em_width, estimated_lines

__all__ = ["Item", "Key", "items_of", "natural_key", "reads_downward", "text_lines"]

Key: TypeAlias = tuple[tuple[str, int], ...]
"""Sort key of a region id."""

VERTICAL_RATIO = 1.5
"""A piece at least this much taller than wide, of one line and several characters, runs from top to bottom."""

_PICTURES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL})


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a region, or a wrapped paragraph that counts by its first line.

    Lengths are in heights of the page: ``x`` is stretched by the page's
    aspect so that angles and distances are true.

    Attributes:
        region_id: The region it is part of.
        part: Place within the region: twice the line's number, to leave room for its second half.
        text: Its words, without line breaks.
        bbox: Its part of the region's raw box, in the unit frame.
        x0: Left edge.
        x1: Right edge.
        y: Middle of its first line.
        h: Height of one line.
        lined: Whether it is a single line, fit for measuring skew and drift.
        whole: Whether it is all of its region.
        vertical: Whether its text runs from top to bottom; such an item has no row but its own.
        key: Sorts by place, then by id; a total order that knows nothing of the input's order.
    """

    region_id: str
    part: int
    text: str
    bbox: BBox
    x0: float
    x1: float
    y: float
    h: float
    lined: bool
    whole: bool
    vertical: bool
    key: tuple[float, float, Key, int]

    @property
    def id(self) -> tuple[str, int]:
        """Region and part, unique on the page."""
        return self.region_id, self.part

    @property
    def x(self) -> float:
        """Middle."""
        return (self.x0 + self.x1) / 2


def natural_key(region_id: str) -> Key:
    """Sort key that puts ``p1r2`` before ``p1r10``."""
    return tuple((word, int(number[:18] or 0)) for word, number in re.findall(r"([^0-9]*)([0-9]*)", region_id))


def text_lines(region: Region) -> tuple[str, ...]:
    """The region's lines that hold something, trimmed and without tabs; of its content when it has no text."""
    words = region.text if region.text.strip() else region.content
    return tuple(line for line in (line.strip() for line in words.replace("\t", " ").splitlines()) if line)


def items_of(regions: Iterable[Region], size: Size) -> tuple[Item, ...]:
    """Every line of every region that has a box and text and is not a table grid, sorted by place."""
    items: list[Item] = []
    for region in regions:
        box = region.bbox
        if box is not None and not (region.table is not None and region.table.cells):
            items.extend(_region_items(region, box, size))
    return tuple(sorted(items, key=lambda item: item.key))


def _region_items(region: Region, box: BBox, size: Size) -> Iterable[Item]:
    lines = text_lines(region)
    boxes = region.boxes if len(region.boxes) == len(lines) else _slices(box, len(lines))
    id_key = natural_key(region.id)
    for part, (line, place) in enumerate(zip(lines, boxes, strict=True)):
        width, height = place.width * size.aspect, place.height
        vertical = reads_downward(line, width, height)
        count = 1 if vertical else estimated_lines(line, width, height)
        yield Item(
            region_id=region.id,
            part=2 * part,
            text=line,
            bbox=place,
            x0=place.x0 * size.aspect,
            x1=place.x1 * size.aspect,
            y=place.y0 + height / count / 2,
            h=height / count,
            lined=count == 1 and not vertical and region.label not in _PICTURES and height > 0,
            whole=len(lines) == 1,
            vertical=vertical,
            key=(place.y0 + height / count / 2, place.x0 * size.aspect, id_key, part),
        )


def reads_downward(text: str, width: float, height: float) -> bool:
    """Whether one line of text in this box (any common unit) must run from top to bottom.

    The box is much taller than wide, and the text set upright in lines would
    have to break after a character or two.
    """
    if len(text) < 2 or height < VERTICAL_RATIO * width:
        return False
    return width <= 0 or em_width(text) * width <= 1.6 * height


def _slices(box: BBox, count: int) -> Sequence[BBox]:
    """``count`` strips of one height, top to bottom."""
    edges = [box.y0 + box.height * index / count for index in range(count)] + [box.y1]
    return [BBox.of(box.x0, top, box.x1, bottom) for top, bottom in pairwise(edges)]
