"""Reading order, caption links and issues."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_forms import PAGE, build_form
from layout_strategies import regions

from deepocr_kit.documents import IssueCode, Page, Recognition, Region, RegionLabel, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.layout import arrange, geometric_order
from deepocr_kit.testing import build_region


def ids(found: tuple[Region, ...]) -> list[str]:
    return [region.id for region in found]


def test_the_model_s_order_is_kept() -> None:
    found = tuple(
        build_region(f"line {n}", (0.1, 0.9 - 0.1 * n, 0.5, 0.93 - 0.1 * n), region_id=f"p1r{n}") for n in range(5)
    )

    arrangement = arrange(Recognition(regions=found), PAGE)

    assert arrangement.regions == found
    assert arrangement.issues == ()


def test_drift_is_said_and_each_value_follows_its_label() -> None:
    found = build_form(6, drift=-0.45, pitch=50, right=False)
    jagged = tuple(region for pair in zip(found[6:], found[:6], strict=True) for region in pair)

    arrangement = arrange(Recognition(regions=jagged), PAGE)
    issue = arrangement.issues[0]

    assert ids(arrangement.regions)[:4] == ["p1r1", "p1r7", "p1r2", "p1r8"]
    assert (issue.code, issue.severity, issue.page_index) == (IssueCode.ROWS_SHIFTED, Severity.WARNING, 0)
    assert re.match(r"6 values stand about 0\.[45] of a row above their labels", issue.message)


def test_the_founding_case_says_that_its_rows_had_drifted(founding_page: Page) -> None:
    assert [issue.code for issue in founding_page.issues] == [IssueCode.ROWS_SHIFTED]
    assert "7 values" in founding_page.issues[0].message


def test_a_skewed_page_is_said() -> None:
    found = tuple(
        build_region(
            f"r{row}c{col}",
            (0.1 + col * 0.2, y := 0.1 + row * 0.04 + 0.02 * (0.1 + col * 0.2), 0.2 + col * 0.2, y + 0.02),
            region_id=f"p3r{row * 4 + col + 1}",
        )
        for row in range(8)
        for col in range(4)
    )

    issues = arrange(Recognition(regions=found), Size(1000, 1000)).issues

    assert [(issue.code, issue.page_index) for issue in issues] == [(IssueCode.SKEWED_PAGE, 2)]


def test_foreign_ids_leave_the_page_of_an_issue_open() -> None:
    found = tuple(
        region.model_copy(update={"id": f"x{region.id}"})
        for region in build_form(6, drift=-0.45, pitch=50, right=False)
    )

    assert arrange(Recognition(regions=found), PAGE).issues[0].page_index is None


def test_regions_that_share_an_id_are_all_kept() -> None:
    twice = tuple(
        build_region(f"line {n}", (0.1, 0.1 * n, 0.5, 0.1 * n + 0.03), region_id=name)
        for n, name in enumerate(("p1r1", "p1r1", "p1r1\n2", "p1r1"))
    )

    arranged = arrange(Recognition(regions=twice), PAGE).regions

    assert [region.text for region in arranged] == [region.text for region in twice]
    assert len(set(ids(arranged))) == 4


CAPTIONED = (
    build_region("", (0.1, 0.1, 0.5, 0.3), region_id="p1r1", label=RegionLabel.PICTURE),
    build_region("Figure 1", (0.1, 0.31, 0.5, 0.33), region_id="p1r2", label=RegionLabel.CAPTION),
    build_region("Table 1", (0.1, 0.36, 0.5, 0.38), region_id="p1r3", label=RegionLabel.CAPTION),
    build_region("a", (0.1, 0.39, 0.5, 0.6), region_id="p1r4", label=RegionLabel.TABLE),
)


def test_captions_point_at_the_nearest_table_or_picture() -> None:
    linked = arrange(Recognition(regions=CAPTIONED), PAGE).regions

    assert [region.caption_of for region in linked] == [None, "p1r1", "p1r4", None]


def test_a_caption_that_names_its_kind_points_at_that_kind() -> None:
    caption = CAPTIONED[2].model_copy(update={"raw_label": "image_caption"})

    linked = arrange(Recognition(regions=(CAPTIONED[0], caption, CAPTIONED[3])), PAGE).regions

    assert linked[1].caption_of == "p1r1"


def test_a_link_that_is_there_is_kept_and_a_far_caption_has_none() -> None:
    given_link = CAPTIONED[1].model_copy(update={"caption_of": "p1r4"})
    far = build_region("Figure 9", (0.1, 0.9, 0.5, 0.92), region_id="p1r9", label=RegionLabel.CAPTION)

    linked = arrange(Recognition(regions=(CAPTIONED[0], given_link, CAPTIONED[3], far)), PAGE).regions

    assert [region.caption_of for region in linked if region.label is RegionLabel.CAPTION] == ["p1r4", None]


def test_a_caption_without_a_box_goes_by_the_model_s_order() -> None:
    caption = build_region("Figure 1", None, region_id="p1r2", label=RegionLabel.CAPTION)

    assert arrange(Recognition(regions=(CAPTIONED[0], caption)), PAGE).regions[1].caption_of == "p1r1"


def test_geometric_order_reads_columns_one_after_the_other() -> None:
    title = build_region("Title", (0.1, 0.05, 0.9, 0.08), region_id="t")
    columns = [
        build_region(f"{name}{row}", (x, 0.15 + row * 0.1, x + 0.35, 0.24 + row * 0.1), region_id=f"{name}{row}")
        for row in range(3)
        for name, x in (("a", 0.1), ("b", 0.55))
    ]
    foot = build_region("Foot", (0.1, 0.9, 0.9, 0.92), region_id="z")
    loose = build_region("loose", None, region_id="y")

    order = geometric_order([loose, foot, *columns, title], PAGE)

    assert ids(order) == ["t", "a0", "a1", "a2", "b0", "b1", "b2", "z", "y"]


def test_geometric_order_reads_what_cannot_be_cut_row_by_row() -> None:
    found = [
        build_region("left", (0.1, 0.1, 0.55, 0.13), region_id="a"),
        build_region("", (0.0, 0.05, 1.0, 0.4), region_id="p", label=RegionLabel.PICTURE),
        build_region("right", (0.5, 0.11, 0.9, 0.14), region_id="b"),
        build_region("end", (0.5, 0.3, 0.9, 0.33), region_id="c"),
    ]

    assert ids(geometric_order(found, PAGE)) == ["a", "b", "p", "c"]


def test_geometric_order_of_nothing_is_nothing() -> None:
    assert geometric_order([], PAGE) == ()


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_geometric_order_does_not_depend_on_the_input_s_order(data: st.DataObject) -> None:
    found = data.draw(regions())
    shuffled = data.draw(st.permutations(found))

    assert geometric_order(shuffled, PAGE) == geometric_order(found, PAGE)


@settings(max_examples=50, deadline=None)
@given(regions())
def test_arranging_loses_and_changes_nothing(found: list[Region]) -> None:
    arranged = arrange(Recognition(regions=tuple(found)), PAGE).regions

    assert sorted((r.id, r.text, r.boxes) for r in arranged) == sorted((r.id, r.text, r.boxes) for r in found)
    assert sorted(ids(geometric_order(found, PAGE))) == sorted(ids(tuple(found)))


@pytest.mark.parametrize("depth", [200])
def test_nested_boxes_do_not_exhaust_the_stack(depth: int) -> None:
    found = [
        build_region(f"t{n}", (n / 500, n / 500, (n + 0.5) / 500, 1 - n / 1000), region_id=f"p1r{n}")
        for n in range(depth)
    ]

    assert len(geometric_order(found, PAGE)) == depth
