"""Reading order from boxes: what it should be on pages that a person reads at a glance."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from benchmarks.made_tables import made_table
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_strategies import regions

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import PageClass, Writing, geometric_order, line_slope, page_class_of
from deepocr_kit.testing import build_region
from steady_time import stays_under

A4 = Size(1000, 1414)
Corners = tuple[float, float, float, float]


def box(name: str, corners: Corners, *, text: str = "", label: RegionLabel = RegionLabel.TEXT) -> Region:
    """A region with boxes in thousandths of the page."""
    x0, y0, x1, y1 = (value / 1000 for value in corners)
    return build_region(text, (x0, y0, x1, y1), region_id=name, label=label)


def order(found: Sequence[Region], size: Size = A4, **options: PageClass | Writing | float) -> str:
    shuffled = list(found)
    random.Random(len(found)).shuffle(shuffled)
    return " ".join(region.id for region in geometric_order(shuffled, size, **options))


def column(name: str, x0: float, x1: float, heights: Sequence[tuple[float, float]]) -> list[Region]:
    return [box(f"{name}{at}", (x0, top, x1, bottom)) for at, (top, bottom) in enumerate(heights)]


LEFT = column("a", 80, 480, [(200, 400), (410, 640), (650, 900)])
RIGHT = column("b", 520, 920, [(200, 330), (340, 700), (710, 900)])


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    assert order([*LEFT, *RIGHT]) == "a0 a1 a2 b0 b1 b2"


def test_a_heading_over_both_columns_parts_what_is_above_from_what_is_below() -> None:
    upper = [*column("a", 80, 480, [(100, 250), (260, 400)]), *column("b", 520, 920, [(100, 300), (310, 400)])]
    lower = [*column("c", 80, 480, [(500, 800)]), *column("d", 520, 920, [(500, 700), (710, 800)])]

    assert order([*upper, box("t", (80, 430, 920, 460)), *lower]) == "a0 a1 b0 b1 t c0 d0 d1"


def test_where_the_columns_change_a_section_ends() -> None:
    three = [region for at in range(3) for region in column("abc"[at], 50 + 300 * at, 340 + 300 * at, [(100, 400)])]
    four = [region for at in range(4) for region in column("defg"[at], 50 + 225 * at, 265 + 225 * at, [(420, 900)])]

    assert order([*three, *four]) == "a0 b0 c0 d0 e0 f0 g0"


def test_a_page_number_above_the_second_column_comes_first() -> None:
    assert order([*LEFT, *RIGHT, box("n", (700, 150, 730, 170))]) == "n a0 a1 a2 b0 b1 b2"


def test_a_masthead_is_read_across() -> None:
    masthead = [
        box("title", (200, 40, 800, 90)),
        box("issue", (80, 120, 160, 140)),
        box("place", (350, 120, 650, 140)),
        box("price", (860, 120, 920, 140)),
    ]

    assert order([*masthead, *LEFT, *RIGHT]) == "title issue place price a0 a1 a2 b0 b1 b2"


def test_facing_pages_are_read_one_after_the_other() -> None:
    def page(name: str, x: float) -> list[Region]:
        tall = [(100, 500), (510, 900)]
        return [
            box(f"{name}n", (x + 190, 50, x + 210, 70)),
            *column(f"{name}a", x, x + 190, tall),
            *column(f"{name}b", x + 200, x + 390, tall),
        ]

    assert order([*page("l", 50), *page("r", 560)]) == "ln la0 la1 lb0 lb1 rn ra0 ra1 rb0 rb1"


def test_small_marks_in_a_column_are_read_where_they_stand() -> None:
    marks = [box("m", (82, 402, 90, 409)), box("n", (522, 332, 530, 339))]

    assert order([*LEFT, *RIGHT, *marks]) == "a0 m a1 a2 b0 n b1 b2"


LABELLED = [
    region
    for row in range(8)
    for region in (
        box(f"l{row}", (80, 100 + 50 * row, 200 + 13 * (row % 4), 116 + 50 * row)),
        box(f"v{row}", (500, 102 + 50 * row, 570 + 31 * (row % 5), 118 + 50 * row)),
    )
]


def test_a_form_is_read_line_by_line() -> None:
    assert order(LABELLED) == " ".join(f"l{row} v{row}" for row in range(8))


def test_blocks_of_a_form_whose_lines_do_not_stand_level_are_read_one_after_the_other() -> None:
    left = [box(f"a{row}", (80, 100 + 32 * row, 250 + 17 * (row % 3), 116 + 32 * row)) for row in range(4)]
    right = [box(f"b{row}", (600, 116 + 32 * row, 700 + 23 * (row % 4), 132 + 32 * row)) for row in range(4)]
    foot = [box("z", (80, 300, 900, 316))]

    assert order([*left, *right, *foot]) == "a0 a1 a2 a3 b0 b1 b2 b3 z"


def test_a_label_beside_several_lines_comes_before_all_of_them() -> None:
    address = [
        box("to", (80, 108, 140, 124)),
        *[box(f"a{row}", (500, 100 + 14 * row, 690, 116 + 14 * row)) for row in range(3)],
    ]

    assert order([*address, box("end", (80, 200, 180, 216))], page_class=PageClass.FORM) == "to a0 a1 a2 end"


def test_turned_text_at_the_side_of_a_form_comes_last() -> None:
    assert order([*LABELLED, box("side", (950, 80, 970, 520))]).endswith("l7 v7 side")


def test_stamps_alone_are_read_too() -> None:
    found = [box("b", (500, 100, 520, 300)), box("a", (100, 100, 120, 300))]

    assert order(found, page_class=PageClass.FORM) == "a b"


def test_the_shapes_of_the_boxes_tell_prose_from_forms() -> None:
    lines = [box(f"{x}{row}", (x, 100 + 20 * row, x + 400, 116 + 20 * row)) for x in (80, 520) for row in range(30)]

    assert page_class_of([*LEFT, *RIGHT], A4) is PageClass.PROSE
    assert page_class_of(lines, A4) is PageClass.PROSE
    assert page_class_of(LABELLED, A4) is PageClass.FORM
    assert page_class_of([], A4) is PageClass.FORM


def test_pictures_and_tables_do_not_make_a_form_prose() -> None:
    picture = box("p", (80, 600, 900, 950), label=RegionLabel.PICTURE)

    assert page_class_of([*LABELLED, picture], A4) is PageClass.FORM


def test_the_class_can_be_given() -> None:
    prose = order(LABELLED, page_class=PageClass.PROSE)

    assert prose == " ".join([*(f"l{row}" for row in range(8)), *(f"v{row}" for row in range(8))])


def test_page_headers_come_first_and_page_footers_last() -> None:
    found = [
        *LEFT,
        *RIGHT,
        box("h", (80, 205, 200, 220), label=RegionLabel.PAGE_HEADER),
        box("f", (80, 905, 200, 920), label=RegionLabel.PAGE_FOOTER),
    ]

    assert order(found) == "h a0 a1 a2 b0 b1 b2 f"


def test_a_caption_stands_beside_what_it_captions() -> None:
    def caption(name: str, corners: Corners, target: str) -> Region:
        return box(name, corners, label=RegionLabel.CAPTION).model_copy(update={"caption_of": target})

    found = [
        *LEFT,
        *RIGHT,
        caption("under", (700, 641, 900, 649), "a1"),
        caption("over", (520, 150, 920, 190), "a1"),
        caption("lost", (80, 905, 480, 920), "elsewhere"),
        caption("chained", (80, 925, 480, 940), "under"),
    ]

    assert order(found) == "a0 over a1 under a2 lost chained b0 b1 b2"


def test_a_region_that_goes_on_in_the_next_column_is_read_where_it_begins() -> None:
    split = build_region("", None, region_id="s").model_copy(
        update={"boxes": (BBox(0.08, 0.5, 0.48, 0.7), BBox(0.08, 0.7, 0.48, 0.9), BBox(0.52, 0.1, 0.92, 0.5))}
    )
    found = [box("a", (80, 100, 480, 480)), split, box("b", (520, 510, 920, 900))]

    assert order(found) == "a s b"


def test_vertical_lines_are_read_from_the_right() -> None:
    lines = [
        box(f"{at}", (900 - 60 * at, 100, 930 - 60 * at, 800), text="春眠不覺曉處處聞啼鳥夜來風雨聲花落")
        for at in range(8)
    ]

    assert order(lines) == "0 1 2 3 4 5 6 7"
    assert order(lines, writing=Writing.LEFT_TO_RIGHT) == "7 6 5 4 3 2 1 0"


def test_horizontal_chinese_is_read_from_the_left() -> None:
    lines = [
        box(
            f"{at}",
            (80 + 450 * (at % 2), 100 + 50 * (at // 2), 200 + 450 * (at % 2), 116 + 50 * (at // 2)),
            text="出租汽车发票",
        )
        for at in range(8)
    ]

    assert order(lines) == "0 1 2 3 4 5 6 7"


def test_right_to_left_scripts_are_read_from_the_right() -> None:
    found = [
        box(
            region.id,
            tuple(
                1000 * value
                for value in (region.boxes[0].x0, region.boxes[0].y0, region.boxes[0].x1, region.boxes[0].y1)
            ),
            text="שלום עולם",
        )
        for region in (*LEFT, *RIGHT)
    ]

    assert order(found) == "b0 b1 b2 a0 a1 a2"


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize("page_class", [None, *PageClass])
def test_the_order_of_the_input_changes_nothing(page_class: PageClass | None, data: st.DataObject) -> None:
    found = data.draw(regions())
    shuffled = data.draw(st.permutations(found))

    assert geometric_order(shuffled, A4, page_class=page_class) == geometric_order(found, A4, page_class=page_class)


@settings(max_examples=60, deadline=None)
@given(regions(), st.sampled_from(PageClass), st.sampled_from(Writing))
def test_nothing_is_lost_and_nothing_is_doubled(found: list[Region], page_class: PageClass, writing: Writing) -> None:
    ordered = geometric_order(found, A4, page_class=page_class, writing=writing)

    assert sorted(region.id for region in ordered) == sorted(region.id for region in found)


grid = st.integers(0, 63)
dyadic = st.lists(st.tuples(grid, grid, st.integers(1, 32), st.integers(1, 32)), min_size=1, max_size=14)


@settings(max_examples=80, deadline=None)
@given(dyadic, st.integers(0, 32), st.integers(0, 32))
def test_a_page_that_is_moved_keeps_its_order(cells: list[tuple[int, int, int, int]], right: int, down: int) -> None:
    def placed(dx: int, dy: int) -> list[Region]:
        # powers of two, so that moving them is exact
        corners = [((x + dx) / 128, (y + dy) / 128, (x + w + dx) / 128, (y + h + dy) / 128) for x, y, w, h in cells]
        return [build_region("", where, region_id=f"p1r{at}") for at, where in enumerate(corners)]

    square = Size(1024, 1024)

    assert order(placed(0, 0), square) == order(placed(right, down), square)


@pytest.mark.parametrize("scale", [0.6, 0.8, 1.0])
def test_a_page_that_is_made_smaller_keeps_its_order(scale: float) -> None:
    def smaller(found: Sequence[Region]) -> list[Region]:
        return [
            region.model_copy(
                update={
                    "boxes": tuple(BBox(*(scale * value for value in (b.x0, b.y0, b.x1, b.y1))) for b in region.boxes)
                }
            )
            for region in found
        ]

    assert order(smaller([*LEFT, *RIGHT])) == "a0 a1 a2 b0 b1 b2"
    assert order(smaller(LABELLED)) == order(LABELLED)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_trembling_boxes_do_not_change_the_order(data: st.DataObject) -> None:
    shift = st.integers(-2, 2)

    def trembling(found: Sequence[Region]) -> list[Region]:
        return [
            region.model_copy(
                update={"boxes": (BBox.of(*(value + data.draw(shift) / 999 for value in (b.x0, b.y0, b.x1, b.y1))),)}
            )
            for region in found
            for b in region.boxes
        ]

    assert order(trembling([*LEFT, *RIGHT])) == "a0 a1 a2 b0 b1 b2"
    assert order(trembling(LABELLED)) == order(LABELLED)


def test_a_page_that_lies_askew_is_read_along_its_lines() -> None:
    rows = [
        box(f"{name}{row}", (x, y := 100 + 30 * row + 0.05 * x, x + 100, y + 20), text=name)
        for row in range(6)
        for name, x in (("a", 100), ("b", 400), ("c", 800))
    ]
    mirrored = [
        box(region.id, (1000 * (1 - b.x1), 1000 * b.y0, 1000 * (1 - b.x0), 1000 * b.y1), text="ש")
        for region in rows
        for b in region.boxes
    ]
    expected = " ".join(f"{name}{row}" for row in range(6) for name in "abc")

    assert order(rows, page_class=PageClass.FORM) != expected
    assert order(rows, page_class=PageClass.FORM, slope=0.05 / A4.aspect) == expected
    assert order(mirrored, page_class=PageClass.FORM, slope=-0.05 / A4.aspect) == expected
    assert order(LEFT, writing=Writing.DOWNWARD, slope=0.05) == order(LEFT, writing=Writing.DOWNWARD)


def test_the_slope_of_the_lines_can_be_measured() -> None:
    made = made_table(3, noise=1.0, degrees=2.0)

    assert abs(line_slope(made.regions, made.size)) == pytest.approx(math.tan(math.radians(2)), abs=0.002)


def test_names_of_classes_do_and_other_words_are_refused() -> None:
    found = [*LEFT, *RIGHT]

    assert geometric_order(found, A4, page_class="form") == geometric_order(found, A4, page_class=PageClass.FORM)  # type: ignore[arg-type]  # as people write it
    with pytest.raises(ValueError, match="columns"):
        geometric_order(found, A4, page_class="columns")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="upward"):
        page_class_of(found, A4, writing="upward")  # type: ignore[arg-type]  # wrong on purpose


MANY = 10_000
_random = random.Random(7)
HOSTILE: dict[str, Callable[[float], Corners]] = {
    "all equal": lambda _: (100, 100, 500, 500),
    "nested": lambda t: (500 * t, 500 * t, 1000 - 500 * t, 1000 - 500 * t),
    "one column": lambda t: (100, 1000 * t, 900, 1000 * t + 0.08),
    "one row": lambda t: (1000 * t, 100, 1000 * t + 0.08, 200),
    "staircase": lambda t: (1000 * t, 1000 * t, 1000 * t + 0.08, 1000 * t + 0.08),
    "staircase upward": lambda t: (999 - 999 * t, 1000 * t, 999 - 999 * t + 0.08, 1000 * t + 0.08),
    "overlapping stairs": lambda t: (500 * t, 500 * t, 500 * t + 300, 500 * t + 300),
    "points": lambda _: (x := 1000 * _random.random(), y := 1000 * _random.random(), x, y),
    "threads": lambda t: (0, 1000 * t, 1000, 1000 * t) if int(t * MANY) % 2 else (1000 * t, 0, 1000 * t, 1000),
    "comb": lambda t: (1000 * t, 100, 1000 * t + 0.05, 200) if t < 0.5 else (990, 999 * t, 999, 999 * t + 0.05),
    "bricks": lambda t: (
        x := 10 * (int(t * MANY) % 100) + 5 * (int(t * 100) % 2) * 0.9,
        y := 10 * int(t * 100),
        min(1000, x + 9.5),
        y + 9.5,
    ),
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_ten_thousand_regions_of_any_shape_take_seconds_at_most(shape: str) -> None:
    found = [box(f"p1r{at}", HOSTILE[shape](at / MANY)) for at in range(MANY)]

    for page_class in PageClass:
        ordered: list[Region] = []

        def put_in_order(page_class: PageClass = page_class, ordered: list[Region] = ordered) -> None:
            ordered[:] = geometric_order(found, A4, page_class=page_class)

        # two seconds on an idle machine; measured with python -m benchmarks reading_order
        assert stays_under(6, put_in_order)
        assert len(ordered) == MANY


def test_columns_are_read_in_order_however_many_there_are() -> None:
    found = [
        box(f"{at:03}", (5 * (at // 10), 100 * (at % 10), 5 * (at // 10) + 4, 100 * (at % 10) + 95))
        for at in range(2000)
    ]
    ordered = [region.id for region in geometric_order(found, A4, page_class=PageClass.PROSE)]

    assert all(one < other for one, other in combinations([int(name) for name in ordered[:200]], 2))
