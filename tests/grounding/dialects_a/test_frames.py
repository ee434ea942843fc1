from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.documents import IssueCode
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding.dialects._frames import Frame, ResizedPixels, read_numbers

GRID = Frame.grid(1000)


def test_a_grid_reaches_over_the_page_on_both_axes() -> None:
    assert GRID.box((100, 200, 300, 400)).box == BBox(0.1, 0.2, 0.3, 0.4)


def test_pixels_are_measured_on_the_picture_the_model_saw() -> None:
    assert Frame.pixels(Size(200, 400)).box((100, 200, 200, 400)).box == BBox(0.5, 0.5, 1, 1)


def test_the_box_of_a_quadrangle_lies_around_its_corners() -> None:
    framed = GRID.box((100, 200, 500, 190, 505, 450, 95, 460))

    assert (framed.box, framed.problems) == (BBox(0.095, 0.19, 0.505, 0.46), ())


@pytest.mark.parametrize("numbers", [(), (1, 2, 3), (1, 2, 3, 4, 5), (float("nan"), 1, 2, 3), (1, 2, 3, float("inf"))])
def test_other_numbers_make_no_box(numbers: tuple[float, ...]) -> None:
    framed = GRID.box(numbers)

    assert (framed.box, framed.problems) == (None, (IssueCode.MALFORMED_COORDINATES,))


def test_a_step_over_the_edge_passes_and_more_is_said() -> None:
    assert Frame.grid(999).box((0, 0, 1000, 1000)).problems == ()
    assert GRID.box((0, 0, 1002, 1000)).problems == (IssueCode.COORDINATES_CLAMPED,)
    assert GRID.box((-2, 0, 100, 100)).problems == (IssueCode.COORDINATES_CLAMPED,)


def test_swapped_and_flat_boxes_are_kept_and_said() -> None:
    assert GRID.box((300, 200, 100, 400)).problems == (IssueCode.SWAPPED_CORNERS,)
    assert GRID.box((100, 200, 100, 400)).problems == (IssueCode.EMPTY_BOX,)
    assert GRID.box((300, 200, 100, 400)).box == BBox(0.1, 0.2, 0.3, 0.4)


@given(st.lists(st.floats() | st.integers(-(10**9), 10**9), max_size=9))
def test_no_numbers_at_all_make_it_fail(numbers: list[float]) -> None:
    framed = GRID.box(numbers)

    assert (framed.box is None) == (framed.problems == (IssueCode.MALFORMED_COORDINATES,))


def test_numbers_are_read_whatever_stands_between_them() -> None:
    assert read_numbers("(12,3.5) x -4;.5") == (12, 3.5, -4, 0.5)
    assert read_numbers("1 " * 50, most=4) == (1,) * 5
    assert read_numbers("1 2 3 " + "9" * 17) == ()


@pytest.mark.parametrize(
    ("size", "resized"),
    [
        # the picture of the published cookbook, as its own code resizes it for the model
        (Size(1014, 1532), Size(1008, 1540)),
        (Size(10, 10), Size(56, 56)),
        (Size(10_000, 2000), Size(7504, 1484)),
        (Size(3, 30_000), Size(28, 29_988)),
    ],
)
def test_pictures_are_resized_as_the_model_does(size: Size, resized: Size) -> None:
    assert ResizedPixels(3136, 11_289_600, factor=28).frame(size) == Frame.pixels(resized)


@pytest.mark.parametrize(("least", "most"), [(0, 10), (-1, 10), (11, 10), (1, float("nan"))])
def test_bounds_that_no_picture_has_are_refused_at_once(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="1 <= min_pixels <= max_pixels, got"):
        ResizedPixels(least, most, factor=28)
