"""What the pipeline says of pages whose picture is at hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import IssueCode, PageStatus, Recognition, Severity
from deepocr_kit.layout import layout_text
from deepocr_kit.pipeline import Pipeline
from deepocr_kit.rendering import render_html, render_markdown
from deepocr_kit.testing import StaticBackend, build_page_image, build_region


class Bill(BaseModel):
    """A schema."""

    total: str


UPSIDE_DOWN = Recognition(
    # as an engine gives them: first line first, its box at the bottom of the page as it was handed in
    regions=(
        build_region("Invoice 7", (0.5, 0.85, 0.9, 0.9), region_id="p1r1", confidence=0.9),
        build_region("Date: 2024-05-06", (0.5, 0.6, 0.9, 0.65), region_id="p1r2", confidence=0.9),
        build_region("Total:", (0.7, 0.3, 0.9, 0.35), region_id="p1r3", confidence=0.9),
        build_region("12.50", (0.2, 0.3, 0.3, 0.35), region_id="p1r4", confidence=0.9),
    ),
    finish_reason="stop",
    turned=2,
)


def test_text_on_a_blank_page_degrades_it() -> None:
    with Pipeline(
        StaticBackend(Recognition(regions=(build_region("Sun Tzu said"),), finish_reason="stop"))
    ) as pipeline:
        page = pipeline.run(build_page_image(ink=False)).document.pages[0]

    assert page.status is PageStatus.DEGRADED
    assert {issue.code for issue in page.issues} == {IssueCode.BLANK_PAGE, IssueCode.TEXT_ON_BLANK}


def test_an_empty_answer_to_a_blank_page_is_all_right() -> None:
    with Pipeline(StaticBackend(Recognition(finish_reason="stop"))) as pipeline:
        page = pipeline.run(build_page_image(ink=False)).document.pages[0]

    assert page.status is PageStatus.OK
    assert [(issue.code, issue.page_index) for issue in page.issues] == [(IssueCode.BLANK_PAGE, 0)]


def test_a_picture_that_only_its_backend_can_read_is_not_compared_with_the_answer() -> None:
    image = replace(build_page_image(), data=b"a format of its own")
    with Pipeline(
        StaticBackend(Recognition(regions=(build_region("Sun Tzu said"),), finish_reason="stop"))
    ) as pipeline:
        page = pipeline.run(image).document.pages[0]

    assert (page.status, page.issues) == (PageStatus.OK, ())


@pytest.fixture(scope="module")
def turned():
    with Pipeline(StaticBackend(UPSIDE_DOWN), schema=Bill) as pipeline:
        return pipeline.run(build_page_image())


def test_a_turned_page_is_in_reading_order_with_its_boxes_as_it_was_handed_in(turned) -> None:
    page = turned.document.pages[0]

    assert page.turned == 2
    assert [region.text for region in page.regions] == ["Invoice 7", "Date: 2024-05-06", "Total:", "12.50"]
    assert {region.id: region.boxes for region in page.regions} == {
        region.id: region.boxes for region in UPSIDE_DOWN.regions
    }


def test_a_turned_page_reads_from_top_to_bottom_in_every_form(turned) -> None:
    document = turned.document

    for text in (layout_text(document.pages[0]), render_markdown(document)):
        assert text.index("Invoice 7") < text.index("Total:") < text.index("12.50")
    assert layout_text(document.pages[0]).splitlines()[-1].split() == ["Total:", "12.50"]
    html = render_html(document)
    assert html.index("Invoice") < html.index("Date") < html.index("12.50")


def test_evidence_from_a_turned_page_points_at_the_page_as_it_was_handed_in(turned) -> None:
    assert turned.value == Bill(total="12.50")
    lefts = [place.bbox.x0 for place in turned.revision.fields["total"].boxes]
    assert min(lefts) == pytest.approx(0.2)


def test_an_order_that_runs_against_the_page_is_said() -> None:
    regions = tuple(
        build_region(f"Line {row}", (0.1, 0.9 - 0.05 * row, 0.9, 0.93 - 0.05 * row), region_id=f"p1r{row + 1}")
        for row in range(12)
    )
    with Pipeline(StaticBackend(Recognition(regions=regions, finish_reason="stop"))) as pipeline:
        page = pipeline.run(build_page_image()).document.pages[0]

    said = [(issue.code, issue.severity) for issue in page.issues if issue.code is IssueCode.READING_ORDER]
    assert said == [(IssueCode.READING_ORDER, Severity.INFO)]
