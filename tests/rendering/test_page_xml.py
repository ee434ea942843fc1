"""PAGE XML, against the schema of 2019-07-15 that the package ``ocrd`` holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from format_checks import documents, page_schema, spaceless, told
from hypothesis import given, settings
from lxml import etree
from sample_documents import hostile_document, one_of_everything

from deepocr_kit.documents import Document
from deepocr_kit.rendering import render_page_xml
from deepocr_kit.testing import build_document, build_page, build_region

PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return page_schema()


def parsed(document: Document) -> list[etree._Element]:
    return [etree.fromstring(text.encode()) for text in render_page_xml(document)]


def corners(element: etree._Element) -> tuple[int, int, int, int]:
    points = [tuple(map(int, point.split(","))) for point in element.find(f"{PAGE}Coords").get("points").split()]
    return *points[0], *points[2]


def words(region: etree._Element) -> str:
    return spaceless(
        "".join(line.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") for line in region.iter(f"{PAGE}TextLine"))
    )


def check(document: Document, schema: etree.XMLSchema) -> None:
    """Valid; places nest; the order is that of the regions; every word is there."""
    for page, root in zip(document.pages, parsed(document), strict=True):
        assert schema.validate(root), schema.error_log
        sheet = root.find(f"{PAGE}Page")
        inside = (0, 0, int(sheet.get("imageWidth")), int(sheet.get("imageHeight")))
        for element in sheet.iter():
            if element.find(f"{PAGE}Coords") is None:
                continue
            box = corners(element)
            parent = element.getparent()
            around = inside if parent is sheet else corners(parent)
            assert around[0] <= box[0] < box[2] <= around[2]
            assert around[1] <= box[1] < box[3] <= around[3]
        regions = [child for child in sheet if child.get("id")]
        order = [ref.get("regionRef") for ref in sheet.iter(f"{PAGE}RegionRefIndexed")]
        assert order == [region.get("id") for region in regions]
        assert [words(region) for region in regions] == [told(region) for region in page.regions]


@settings(max_examples=100, deadline=None)
@given(documents())
def test_any_document_is_valid_and_keeps_its_words(schema: etree.XMLSchema, document: Document) -> None:
    check(document, schema)


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document()])
def test_the_samples_are_valid_too(document: Document, schema: etree.XMLSchema) -> None:
    check(document, schema)


def test_a_document_without_pages_gives_no_file() -> None:
    assert render_page_xml(Document()) == ()


def test_labels_become_the_kinds_of_regions() -> None:
    sheet = parsed(one_of_everything())[0].find(f"{PAGE}Page")
    kinds = {
        region.get("id"): (region.tag.removeprefix(PAGE), region.get("type")) for region in sheet if region.get("id")
    }

    assert kinds["p1r1"] == ("TextRegion", "header")
    assert kinds["p1r2"] == ("TextRegion", "heading")
    assert kinds["p1r7"] == ("ImageRegion", None)
    assert kinds["p1r9"] == ("TableRegion", None)
    assert kinds["p1r11"] == ("MathsRegion", None)
    assert kinds["p1r12"] == ("TextRegion", "other")


def test_cells_of_a_table_have_their_row_and_column() -> None:
    sheet = parsed(one_of_everything())[0].find(f"{PAGE}Page")
    table = next(region for region in sheet if region.get("id") == "p1r10")
    roles = [dict(role.attrib) for role in table.iter(f"{PAGE}TableCellRole")]

    assert (table.get("rows"), table.get("columns")) == ("2", "2")
    assert roles[0] == {"rowIndex": "0", "columnIndex": "0", "rowSpan": "1", "colSpan": "2", "header": "true"}
    assert [(role["rowIndex"], role["columnIndex"]) for role in roles[1:]] == [("1", "0"), ("1", "1")]


def test_the_text_of_a_region_follows_its_lines_and_joins_them() -> None:
    region = parsed(build_document(build_page(build_region("one\ntwo", (0.1, 0.1, 0.9, 0.2), confidence=0.25))))[
        0
    ].find(f".//{PAGE}TextRegion")

    assert [child.tag.removeprefix(PAGE) for child in region] == ["Coords", "TextLine", "TextLine", "TextEquiv"]
    assert region.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") == "one\ntwo"
    assert region.find(f"{PAGE}TextEquiv").get("conf") == "0.25"


def test_a_region_without_a_position_says_so() -> None:
    sheet = parsed(one_of_everything())[0].find(f"{PAGE}Page")
    region = next(region for region in sheet if region.get("id") == "p1r20")

    assert "position {known:false;}" in region.get("custom")
    assert corners(region) == (0, 0, 1000, 1414)


def test_a_failed_page_is_a_file_that_says_why() -> None:
    root = parsed(one_of_everything())[2]
    items = {item.get("name"): item.get("value") for item in root.iter(f"{PAGE}MetadataItem")}

    assert items == {"status": "failed", "error": "ServiceTimeoutError: no token for 60 s"}
    assert "status {value:failed;}" in root.find(f"{PAGE}Page").get("custom")


def test_the_time_is_the_given_one_in_universal_time() -> None:
    here = datetime(2026, 5, 4, 12, 0, tzinfo=timezone(timedelta(hours=2)))

    assert "<Created>2026-05-04T10:00:00Z</Created>" in render_page_xml(build_document("x"), created=here)[0]
    assert render_page_xml(build_document("x")) == render_page_xml(
        build_document("x"), created=datetime.fromtimestamp(0, UTC)
    )


@pytest.mark.parametrize(("turned", "angle"), [(0, None), (1, "90"), (2, "180"), (3, "-90")])
def test_a_page_that_lies_on_its_side_says_how_to_turn_it(turned: int, angle: str | None) -> None:
    page = build_page("x").model_copy(update={"turned": turned})

    assert parsed(build_document(page))[0].find(f"{PAGE}Page").get("orientation") == angle


def test_language_and_direction_are_told_where_letters_show_them() -> None:
    page = build_page("שלום", "发票", ("竖排文字", (0.9, 0.1, 0.93, 0.5)))
    regions = list(parsed(build_document(page))[0].iter(f"{PAGE}TextRegion"))

    assert [region.get("readingDirection") for region in regions] == ["right-to-left", None, "top-to-bottom"]
    assert [region.get("primaryLanguage") for region in regions] == [None, "Chinese", "Chinese"]
