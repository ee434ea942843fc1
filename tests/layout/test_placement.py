"""Where regions are drawn."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from benchmarks.made_tables import made_table
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_forms import GRID, PAGE, build_form
from layout_strategies import regions

from deepocr_kit.documents import Page, Region, RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.layout import find_rows, place_regions
from deepocr_kit.layout._skew import MAX_SLOPE
from deepocr_kit.layout.placement import MAX_MOVE
from deepocr_kit.testing import build_region


def test_pieces_of_a_row_are_drawn_level() -> None:
    placed = place_regions(build_form(8, jitter=1.5, seed=3), PAGE)
    middles = {spot.region_id: spot.bbox.center[1] for spot in placed}

    assert [middles[f"p1r{n}"] for n in range(1, 9)] == pytest.approx([middles[f"p1r{n}"] for n in range(9, 17)])


def test_edges_of_a_column_are_drawn_straight() -> None:
    found = [
        build_region(f"line {n}", (0.1 + 0.002 * (n % 3), 0.1 + 0.03 * n, 0.4, 0.12 + 0.03 * n), region_id=f"p1r{n}")
        for n in range(6)
    ]

    placed = place_regions(found, PAGE)

    assert len({spot.bbox.x0 for spot in placed}) == 1
    assert placed[0].raw.x0 == 0.1


def test_a_number_at_the_end_of_its_column_keeps_its_width() -> None:
    lefts = (0.494, 0.5, 0.5, 0.5)
    found = [
        build_region(f"{n}18.00", (left, 0.1 + 0.03 * n, 0.55 + 0.001 * (n % 2), 0.12 + 0.03 * n), region_id=f"p1r{n}")
        for n, left in enumerate(lefts)
    ]
    found += [build_region("89.50", (0.511, 0.22, 0.55, 0.24), region_id="p1r9")]

    placed = place_regions(found, PAGE)

    assert len({spot.bbox.x1 for spot in placed}) == 1
    assert [spot.at_end for spot in placed] == [True] * 5
    assert [spot.bbox.width for spot in placed] == pytest.approx([region.bbox.width for region in found])


def test_neighbours_whose_boxes_touch_are_drawn_a_space_apart_as_far_as_edges_may_move() -> None:
    touching = [
        build_region("Payee:", (0.1, 0.1, 0.2, 0.12), region_id="p1r1"),
        build_region("Jane Roe", (0.195, 0.1, 0.3, 0.12), region_id="p1r2"),
    ]
    over_another = [
        build_region("Payee:", (0.1, 0.1, 0.25, 0.12), region_id="p1r1"),
        build_region("Jane Roe", (0.22, 0.1, 0.35, 0.12), region_id="p1r2"),
    ]

    label, value = place_regions(touching, Size(1000, 1000))
    first, second = place_regions(over_another, Size(1000, 1000))

    assert value.bbox.x0 - label.bbox.x1 == pytest.approx(0.3 * 0.02)
    assert (label.bbox.x0, value.bbox.x1) == (0.1, 0.3)
    assert first.bbox.x1 == pytest.approx(0.25 - MAX_MOVE)
    assert second.bbox.x0 == pytest.approx(0.22 + MAX_MOVE)


def test_drifted_rows_are_drawn_level_and_told_label_first() -> None:
    found = build_form(6, drift=-0.45, pitch=50, right=False)
    jagged = [region for pair in zip(found[6:], found[:6], strict=True) for region in pair]

    placed = place_regions(jagged, PAGE)
    middles = [spot.bbox.center[1] for spot in placed]

    assert [spot.region_id for spot in placed[:4]] == ["p1r1", "p1r7", "p1r2", "p1r8"]
    assert middles[::2] == pytest.approx(middles[1::2])
    assert [spot.shifted for spot in placed] == [False, True] * 6


def test_skew_is_taken_out_of_blocks_too() -> None:
    found = build_form(8, slope=0.03)
    picture = build_region("", (0.7, 0.7, 0.95, 0.8), region_id="p1r99", label=RegionLabel.PICTURE)

    placed = {spot.region_id: spot for spot in place_regions([*found, picture], Size(1000, 1000))}

    assert placed["p1r99"].bbox.y0 == pytest.approx(0.7 - 0.03 * 0.325, abs=0.002)


def test_columns_of_a_turned_page_are_drawn_upright() -> None:
    placed = {spot.region_id: spot for spot in place_regions(build_form(8, slope=0.04, pitch=60), Size(1000, 1000))}
    lefts = [placed[f"p1r{row}"].bbox.x0 for row in range(1, 9)]

    assert max(lefts) - min(lefts) < 0.002
    assert placed["p1r1"].raw.x0 - placed["p1r8"].raw.x0 == pytest.approx(0.04 * 7 * 60 / GRID, abs=0.003)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 9999), noise=st.sampled_from([0.0, 2.0, 4.0]), degrees=st.sampled_from([0.0, 1.0, 2.9]))
def test_snapping_never_changes_the_order(seed: int, noise: float, degrees: float) -> None:
    made = made_table(seed, noise=noise, degrees=degrees)
    drawn = {spot.region_id: spot.bbox for spot in place_regions(made.regions, made.size)}
    rows = [[item.region_id for item in row.items] for row in find_rows(made.regions, made.size)]

    for row in rows:
        middles = [drawn[region_id].center[0] for region_id in row]
        assert middles == sorted(middles)
    for above, below in pairwise(rows):
        for upper, lower in product(above, below):
            if drawn[upper].x_overlap(drawn[lower]) > 0.3:
                assert drawn[upper].center[1] <= drawn[lower].center[1] + 1e-9


def test_numbers_of_a_column_stand_at_its_end() -> None:
    placed = place_regions([*build_form(5), build_region("9", (0.5, 0.5, 800 / GRID, 0.515), region_id="p1r99")], PAGE)

    assert [spot.region_id for spot in placed if spot.at_end] == ["p1r6", "p1r7", "p1r8", "p1r9", "p1r10", "p1r99"]


def test_two_lines_beside_one_label_are_not_pushed_into_each_other() -> None:
    found = [
        build_region("Holder", (0.1, 0.110, 0.2, 0.125), region_id="p1r1"),
        build_region("upper line", (0.5, 0.102, 0.6, 0.117), region_id="p1r2"),
        build_region("lower line", (0.5, 0.118, 0.6, 0.133), region_id="p1r3"),
    ]

    placed = {spot.region_id: spot.bbox for spot in place_regions(found, PAGE)}

    assert placed["p1r2"].y1 <= placed["p1r3"].y0 + 1e-9


def test_a_narrow_piece_is_not_turned_inside_out() -> None:
    found = [
        build_region("a b c d", (0.1, 0.1 + 0.03 * n, 0.2, 0.12 + 0.03 * n), region_id=f"p1r{n}") for n in range(4)
    ]
    found += [
        build_region("i", (0.099 + 0.004 * n, 0.1 + 0.03 * n, 0.1 + 0.004 * n, 0.12 + 0.03 * n), region_id=f"p1s{n}")
        for n in range(4)
    ]

    assert all(spot.bbox.width > 0 for spot in place_regions(found, PAGE))


def test_every_value_of_the_founding_case_is_drawn_level_with_its_label(founding_page: Page) -> None:
    placed = place_regions(founding_page.regions, Size(1000, 1000))
    texts = {region.id: region.text for region in founding_page.regions}
    middles = {spot.text or texts[spot.region_id]: spot.bbox.center[1] for spot in placed}

    for label, value in (
        ("下车", "23:40"),
        ("单价(元)", "4.10元"),
        ("里程(km)", "15.9km"),
        ("等候", "00:03:26"),
        ("金额(元)", "100.00元"),
    ):
        assert middles[label] == pytest.approx(middles[value])


@settings(max_examples=60, deadline=None)
@given(regions())
def test_everything_with_a_box_is_drawn_once_and_near_its_own(found: list[Region]) -> None:
    placed = place_regions(found, PAGE)
    told = {spot.region_id for spot in placed}
    spots = [(spot.region_id, spot.part) for spot in placed]

    assert told == {region.id for region in found if region.boxes}
    assert len(spots) == len(set(spots))
    for spot in placed:
        if not spot.shifted and spot.text is None:
            turned = MAX_SLOPE * 0.5 / PAGE.aspect
            assert abs(spot.bbox.x0 - spot.raw.x0) <= MAX_MOVE + turned + 1e-9
            assert abs(spot.bbox.x1 - spot.raw.x1) <= MAX_MOVE + turned + 1e-9
