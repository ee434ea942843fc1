"""Boxes keep to their frame."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.geometry import BBox, Size

numbers = st.floats(allow_nan=False, allow_infinity=True)
unit = st.floats(0, 1)


@given(numbers, numbers, numbers, numbers)
def test_of_gives_a_box_inside_the_page_for_any_corners(x0: float, y0: float, x1: float, y1: float) -> None:
    box = BBox.of(x0, y0, x1, y1)

    assert 0 <= box.x0 <= box.x1 <= 1
    assert 0 <= box.y0 <= box.y1 <= 1


@given(unit, unit, unit, unit, st.integers(1, 20_000), st.integers(1, 20_000))
def test_pixels_lie_inside_the_page_and_come_back_within_half_a_pixel(
    x0: float, y0: float, x1: float, y1: float, width: int, height: int
) -> None:
    box, size = BBox.of(x0, y0, x1, y1), Size(width, height)

    left, top, right, bottom = box.to_pixels(size)
    back = BBox.from_pixels(left, top, right, bottom, size)

    assert 0 <= left <= right <= width
    assert 0 <= top <= bottom <= height
    assert abs(back.x0 - box.x0) <= 0.5000001 / width
    assert abs(back.y1 - box.y1) <= 0.5000001 / height


@pytest.mark.parametrize("corners", [(0.5, 0, 0.4, 1), (0, 0, 1.1, 1), (-0.1, 0, 1, 1), (0, math.nan, 1, 1)])
def test_a_box_outside_the_frame_is_refused(corners: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="not a box of the unit frame"):
        BBox(*corners)


def test_of_refuses_what_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="not a number"):
        BBox.of(math.nan, 0, 1, 1)


def test_a_page_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="0 x 5"):
        Size(0, 5)


def test_a_page_longer_than_any_format_can_say_is_refused() -> None:
    assert Size(2**31 - 1, 1).width == 2**31 - 1
    with pytest.raises(ValueError, match="2147483647"):
        Size(1, 10**400)


def test_union_is_the_smallest_box_around_all() -> None:
    boxes = [BBox(0.1, 0.2, 0.3, 0.4), BBox(0.2, 0.1, 0.5, 0.3)]

    assert BBox.union(boxes) == BBox(0.1, 0.1, 0.5, 0.4)
    assert BBox.union([]) is None


def test_intersection_is_the_common_part() -> None:
    assert BBox(0, 0, 0.5, 0.5).intersection(BBox(0.25, 0.25, 1, 1)) == BBox(0.25, 0.25, 0.5, 0.5)
    assert BBox(0, 0, 0.2, 0.2).intersection(BBox(0.3, 0.3, 1, 1)) is None


def test_overlap_is_relative_to_the_smaller_box() -> None:
    tall, low = BBox(0, 0, 0.5, 1), BBox(0.4, 0.5, 0.8, 0.6)

    assert tall.y_overlap(low) == pytest.approx(1)
    assert tall.x_overlap(low) == pytest.approx(0.25)
    assert BBox(0, 0, 0.1, 0.1).x_overlap(BBox(0.2, 0, 0.3, 0.1)) == 0
    assert BBox(0.1, 0.1, 0.1, 0.2).x_overlap(BBox(0, 0, 1, 1)) == 1


def test_a_box_knows_its_measures() -> None:
    box = BBox(0.25, 0.5, 0.75, 1)

    assert (box.width, box.height, box.area, box.center) == (0.5, 0.5, 0.25, (0.5, 0.75))
    assert (Size(20, 10).aspect, Size(20, 10).pixels) == (2, 200)
