"""Values are frozen, checked, and survive JSON."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from deepocr_kit.documents import (
    Attempt,
    Document,
    Issue,
    IssueCode,
    Page,
    PageError,
    PageStatus,
    Region,
    RegionLabel,
    Severity,
    SourceInfo,
    Table,
    TableCell,
    TextFormat,
    Usage,
)
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
boxes = st.builds(BBox.of, *[st.floats(0, 1)] * 4)
regions = st.builds(
    Region,
    id=st.just("p1r1"),
    label=st.sampled_from(RegionLabel),
    raw_label=texts,
    boxes=st.lists(boxes, max_size=3).map(tuple),
    content=texts,
    format=st.sampled_from(TextFormat),
    text=texts,
    table=st.none() | st.just(Table(row_count=1, col_count=2, cells=(TableCell(row=0, col=0, col_span=2, text="x"),))),
    confidence=st.none() | st.floats(0, 1),
    span=st.none() | st.just((0, 5)),
    caption_of=st.none() | st.just("p1r2"),
)
issues = st.builds(
    Issue,
    code=st.sampled_from(IssueCode),
    severity=st.sampled_from(Severity),
    message=texts,
    page_index=st.none() | st.integers(0, 9),
    offset=st.none() | st.integers(0, 9),
    span=st.none() | st.just((1, 2)),
)
pages = st.builds(
    Page,
    index=st.integers(0, 5),
    size=st.none() | st.builds(Size, st.integers(1, 9000), st.integers(1, 9000)),
    dpi=st.none() | st.floats(1, 1200),
    regions=st.lists(regions, max_size=3).map(tuple),
    raw_text=texts,
    status=st.sampled_from(PageStatus),
    issues=st.lists(issues, max_size=2).map(tuple),
    usage=st.builds(Usage, prompt_tokens=st.integers(0, 9), seconds=st.floats(0, 9)),
    attempts=st.just((Attempt(number=1, error="ServiceError", message="busy"),)),
    error=st.none() | st.just(PageError(type="ServiceError", message="busy", retryable=True)),
)
documents = st.builds(
    Document,
    source=st.builds(SourceInfo, name=texts, media_type=st.just("image/png")),
    pages=st.lists(pages, max_size=3).map(tuple),
)


@given(documents)
def test_a_document_survives_json(document: Document) -> None:
    assert Document.model_validate_json(document.model_dump_json()) == document


def test_a_document_of_another_schema_version_is_refused() -> None:
    text = build_document("one line").model_dump_json().replace('"schema_version":"1.0"', '"schema_version":"9.0"')

    with pytest.raises(ValidationError, match="schema_version"):
        Document.model_validate_json(text)


def test_values_are_frozen_and_refuse_unknown_fields() -> None:
    region = build_region()

    with pytest.raises(ValidationError, match="frozen"):
        region.text = "other"  # type: ignore[misc]  # the point of the test
    with pytest.raises(ValidationError, match="colour"):
        Region.model_validate({"id": "p1r1", "label": "text", "colour": "red"})


def test_a_region_box_is_the_union_of_its_boxes() -> None:
    region = Region(id="p1r1", label=RegionLabel.TEXT, boxes=(BBox(0, 0, 0.1, 0.1), BBox(0.5, 0.5, 1, 1)))

    assert region.bbox == BBox(0, 0, 1, 1)
    assert Region(id="p1r2", label=RegionLabel.TEXT).bbox is None


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], PageStatus.FAILED),
        (["ok", "ok"], PageStatus.OK),
        (["ok", "failed"], PageStatus.DEGRADED),
        (["degraded"], PageStatus.DEGRADED),
        (["failed", "failed"], PageStatus.FAILED),
    ],
)
def test_the_status_of_a_document_follows_from_its_pages(statuses: list[str], expected: PageStatus) -> None:
    built = [build_page("x", index=index, status=PageStatus(status)) for index, status in enumerate(statuses)]

    assert build_document(*built).status is expected


def test_regions_are_found_by_id_on_any_page() -> None:
    document = build_document("first\nsecond", "third")

    assert document.region("p2r1").text == "third"
    assert document.pages[0].region("p1r2").text == "second"
    assert [region.text for region in document.regions] == ["first", "second", "third"]
    with pytest.raises(KeyError):
        document.region("p9r9")
    with pytest.raises(KeyError):
        document.pages[0].region("p9r9")


def test_usage_adds_up() -> None:
    assert Usage(prompt_tokens=1, requests=1) + Usage(completion_tokens=2, requests=1, seconds=0.5) == Usage(
        prompt_tokens=1, completion_tokens=2, requests=2, seconds=0.5
    )


def test_issues_and_usage_of_a_document_are_those_of_its_pages() -> None:
    issue = Issue(code=IssueCode.TRUNCATED, severity=Severity.ERROR, message="cut")
    page = build_page("x").model_copy(update={"issues": (issue,), "usage": Usage(requests=2)})
    document = Document(pages=(page, page))

    assert document.issues == (issue, issue)
    assert document.usage == Usage(requests=4)


@pytest.mark.parametrize(
    "cells",
    [
        [TableCell(row=0, col=2)],
        [TableCell(row=1, col=0, row_span=2)],
        [TableCell(row=0, col=0, col_span=2), TableCell(row=0, col=1)],
    ],
)
def test_a_table_refuses_cells_that_leave_it_or_cover_each_other(cells: list[TableCell]) -> None:
    with pytest.raises(ValidationError):
        Table(row_count=2, col_count=2, cells=tuple(cells))


CELLS = st.builds(
    TableCell, row=st.integers(0, 5), col=st.integers(0, 5), row_span=st.integers(1, 4), col_span=st.integers(1, 4)
)


@given(cells=st.lists(CELLS, max_size=6))
def test_a_table_is_let_in_exactly_when_no_place_is_taken_twice(cells: list[TableCell]) -> None:
    places = [
        (row, col)
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    ]
    fits = len(places) == len(set(places)) and all(row < 6 and col < 7 for row, col in places)
    try:
        Table(row_count=6, col_count=7, cells=tuple(cells))
    except ValidationError:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(("rows", "cols"), [(10**9, 10**9), (10**9, 0), (0, 10**9), (1, 200_001)])
def test_json_that_claims_a_huge_table_is_refused_and_not_allocated(rows: int, cols: int) -> None:
    cell = f'{{"row": 0, "col": 0, "row_span": {max(rows, 1)}, "col_span": {max(cols, 1)}}}'

    with pytest.raises(ValidationError, match="too large"):
        Table.model_validate_json(f'{{"row_count": {rows}, "col_count": {cols}, "cells": [{cell}]}}')


def test_a_cell_with_a_huge_span_is_refused_in_a_small_table() -> None:
    with pytest.raises(ValidationError, match="leaves the grid"):
        Table(row_count=2, col_count=2, cells=(TableCell(row=0, col=0, row_span=10**12),))


def test_the_rows_of_a_table_leave_spanned_places_empty() -> None:
    table = Table(
        row_count=2,
        col_count=2,
        cells=(TableCell(row=0, col=0, col_span=2, text="a"), TableCell(row=1, col=1, text="b")),
    )

    assert table.rows() == (("a", ""), ("", "b"))


def test_a_page_image_hides_its_bytes_and_knows_its_digest() -> None:
    image = build_page_image(page_index=2)

    assert "data" not in repr(image)
    assert len(image.sha256) == 64
    assert image.page_number == 3
    assert build_page(index=4).number == 5


@pytest.mark.parametrize(
    "values", [{"page_index": -1}, {"dpi": 0.0}, {"dpi": -72.0}, {"dpi": math.nan}, {"dpi": math.inf}]
)
def test_a_page_image_with_impossible_numbers_is_refused_where_it_is_made(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"page_index counts from 0|dpi is a finite number above 0"):
        replace(build_page_image(), **values)  # type: ignore[arg-type]  # one value at a time
