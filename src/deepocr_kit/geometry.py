"""Sizes and boxes, in one coordinate frame.

All boxes are in the unit frame of the *upright* page: x to the right and y
down, both from 0 to 1, origin at the top left. Pixels and other units exist
only at the edge, through the conversions here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["BBox", "Size"]

MAX_SIDE = 2**31 - 1
"""Longest side of a page in pixels. No picture comes near; the bound is for JSON from elsewhere, and PAGE XML holds no
greater number."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a page in pixels, both at least 1.

    Raises:
        ValueError: A side is not between 1 and 2147483647.
    """

    width: int
    height: int

    def __post_init__(self) -> None:
        """Check the range."""
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a page needs at least one pixel, got {self.width} x {self.height}")
        if self.width > MAX_SIDE or self.height > MAX_SIDE:
            raise ValueError(f"no side of a page is longer than {MAX_SIDE} pixels")

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def aspect(self) -> float:
        """Width divided by height."""
        return self.width / self.height

    def turned(self, quarters: int) -> Size:
        """The size after so many quarter turns, in either direction."""
        return Size(self.height, self.width) if quarters % 2 else self


@dataclass(frozen=True, slots=True, order=True)
class BBox:
    """An axis-parallel box in the unit frame: ``0 <= x0 <= x1 <= 1`` and the same for y.

    Raises:
        ValueError: A coordinate is not a number of the frame, or the corners
            are swapped. ``BBox.of`` orders and clamps instead.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        """Check the frame."""
        if not (0.0 <= self.x0 <= self.x1 <= 1.0 and 0.0 <= self.y0 <= self.y1 <= 1.0):
            raise ValueError(f"not a box of the unit frame: {self.x0!r}, {self.y0!r}, {self.x1!r}, {self.y1!r}")

    @classmethod
    def of(cls, x0: float, y0: float, x1: float, y1: float) -> BBox:
        """The box with these corners in any order, clamped to the page.

        Raises:
            ValueError: A coordinate is NaN.
        """
        if math.isnan(x0) or math.isnan(y0) or math.isnan(x1) or math.isnan(y1):
            raise ValueError("a coordinate is not a number")
        left, right = (x0, x1) if x0 <= x1 else (x1, x0)
        top, bottom = (y0, y1) if y0 <= y1 else (y1, y0)
        return cls(
            max(min(left, 1.0), 0.0), max(min(top, 1.0), 0.0), max(min(right, 1.0), 0.0), max(min(bottom, 1.0), 0.0)
        )

    @classmethod
    def from_pixels(cls, x0: float, y0: float, x1: float, y1: float, size: Size) -> BBox:
        """The box with these pixel corners on a page of ``size``, ordered and clamped."""
        return cls.of(x0 / size.width, y0 / size.height, x1 / size.width, y1 / size.height)

    @classmethod
    def union(cls, boxes: Iterable[BBox]) -> BBox | None:
        """The smallest box around all ``boxes``; None when there are none."""
        all_boxes = tuple(boxes)
        if not all_boxes:
            return None
        return cls(
            min(box.x0 for box in all_boxes),
            min(box.y0 for box in all_boxes),
            max(box.x1 for box in all_boxes),
            max(box.y1 for box in all_boxes),
        )

    @property
    def width(self) -> float:
        """Width as a share of the page's width."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height as a share of the page's height."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area as a share of the page."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """The middle, as (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def turned(self, quarters: int) -> BBox:
        """The same place after the page was turned clockwise by so many quarter turns; negative ones undo it."""
        match quarters % 4:
            case 1:
                return BBox(1.0 - self.y1, self.x0, 1.0 - self.y0, self.x1)
            case 2:
                return BBox(1.0 - self.x1, 1.0 - self.y1, 1.0 - self.x0, 1.0 - self.y0)
            case 3:
                return BBox(self.y0, 1.0 - self.x1, self.y1, 1.0 - self.x0)
            case _:
                return self

    def to_pixels(self, size: Size) -> tuple[int, int, int, int]:
        """Whole pixels on a page of ``size``: (left, top, right, bottom), rounded, inside the page."""
        return (
            round(self.x0 * size.width),
            round(self.y0 * size.height),
            round(self.x1 * size.width),
            round(self.y1 * size.height),
        )

    def intersection(self, other: BBox) -> BBox | None:
        """The common part; None when the boxes do not touch."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return BBox(x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None

    def x_overlap(self, other: BBox) -> float:
        """Common width over the smaller width, 0..1; boxes without width count as points."""
        return _overlap(self.x0, self.x1, other.x0, other.x1)

    def y_overlap(self, other: BBox) -> float:
        """Common height over the smaller height, 0..1; boxes without height count as points."""
        return _overlap(self.y0, self.y1, other.y0, other.y1)


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    common = min(a1, b1) - max(a0, b0)
    if common < 0:
        return 0.0
    smaller = min(a1 - a0, b1 - b0)
    return common / smaller if smaller > 0 else 1.0
