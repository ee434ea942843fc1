"""hOCR, read by hocr-spec, by OCRmyPDF and by checks of our own."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
from format_checks import documents, spaceless, told
from hypothesis import given, settings
from lxml import etree
from ocrmypdf.hocrtransform.hocr_parser import HocrParser
from sample_documents import hostile_document, one_of_everything, region

from deepocr_kit.documents import Document, RegionLabel
from deepocr_kit.rendering import render_hocr
from deepocr_kit.testing import build_document, build_page, build_region

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package is of 2020, and importing it warns of its own ways
    from hocr_spec import HocrValidator

XHTML = "{http://www.w3.org/1999/xhtml}"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def parsed(document: Document) -> etree._Element:
    return etree.fromstring(render_hocr(document).encode(), PARSER)


def pages_of(document: Document) -> list[etree._Element]:
    return [element for element in parsed(document).iter(f"{XHTML}div") if element.get("class") == "ocr_page"]


def box_of(element: etree._Element) -> tuple[int, ...] | None:
    found = re.search(r"bbox (\d+) (\d+) (\d+) (\d+)(;|$)", element.get("title", ""))
    return tuple(map(int, found.groups()[:4])) if found else None


def check_structure(document: Document) -> None:
    """Boxes have an area and lie inside their parents' and the page's; ids are unique; blocks are in reading order."""
    root = parsed(document)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    capabilities = root.find(f".//{XHTML}meta[@name='ocr-capabilities']").get("content").split()
    for element in root.iter():
        assert element.get("class", "ocr_page") in capabilities
        box = box_of(element)
        if box is None:
            assert "bbox" not in element.get("title", "")
            continue
        assert box[0] < box[2]
        assert box[1] < box[3]
        around = next((found for above in element.iterancestors() if (found := box_of(above))), box)
        assert around[0] <= box[0] < box[2] <= around[2]
        assert around[1] <= box[1] < box[3] <= around[3]
    for page, element in zip(document.pages, pages_of(document), strict=True):
        blocks = list(element)
        assert [block.get("data-label") for block in blocks] == [item.label.value for item in page.regions]
        assert [spaceless("".join(block.itertext())) for block in blocks] == [told(item) for item in page.regions]


@settings(max_examples=100, deadline=None)
@given(documents())
def test_any_document_keeps_its_words_and_its_boxes_nest(document: Document) -> None:
    check_structure(document)


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document(), Document()])
def test_the_samples_nest_too(document: Document) -> None:
    check_structure(document)


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document()])
def test_hocr_spec_calls_it_valid(document: Document, tmp_path: Path) -> None:
    file = tmp_path / "page.hocr"
    file.write_text(render_hocr(document), encoding="utf-8")
    report = HocrValidator("standard").validate(str(file))

    assert report.is_valid(), report.format("text")


def test_ocrmypdf_reads_every_line_with_its_box(tmp_path: Path) -> None:
    document = one_of_everything()
    file = tmp_path / "page.hocr"
    file.write_text(render_hocr(document), encoding="utf-8")
    page = HocrParser(file).parse()
    lines = [line for paragraph in page.children for line in paragraph.children]
    text = " ".join(word.text for line in lines for word in line.children)

    assert (page.bbox.right, page.bbox.bottom, page.dpi) == (1000, 1414, 150)
    placed = [told(item) for item in document.pages[0].regions if item.boxes]
    assert spaceless(text) == "".join(placed)
    total = next(line for line in lines if line.children[0].text == "Total")
    assert (total.bbox.left, total.bbox.top, total.bbox.right, total.bbox.bottom) == (100, 919, 160, 947)


def test_no_word_box_is_made_up_in_silence() -> None:
    words = [element for element in parsed(one_of_everything()).iter() if element.get("class") == "ocrx_word"]

    assert len(words) > 20
    assert {word.get("data-synthetic") for word in words} == {"1"}
    assert all(box_of(word) == box_of(word.getparent()) for word in words)


def test_labels_become_the_classes_of_the_form() -> None:
    html = render_hocr(one_of_everything())

    for kind in ("title", "photo", "table", "math", "header", "caption"):
        assert f'class="ocr_{kind}"' in html


def test_a_table_is_a_real_table() -> None:
    (table,) = [div for div in parsed(one_of_everything()).iter() if div.get("id") == "p1r10"]

    assert [cell.tag.removeprefix(XHTML) for cell in table.iter(f"{XHTML}th", f"{XHTML}td")] == ["th", "td", "td"]
    assert table.find(f".//{XHTML}th").get("colspan") == "2"


def test_a_known_confidence_is_told_in_percent() -> None:
    page = build_page(build_region("sure", confidence=0.876), build_region("unknown", region_id="p1r2"))

    assert re.findall(r"x_wconf (\d+)", render_hocr(build_document(page))) == ["88"]


def test_a_failed_page_says_why() -> None:
    page = pages_of(one_of_everything())[2]

    assert page.get("data-status") == "failed"
    assert page.get("data-error") == "ServiceTimeoutError: no token for 60 s"


def test_a_region_without_a_position_has_words_but_no_box() -> None:
    (block,) = [div for div in parsed(one_of_everything()).iter() if div.get("id") == "p1r20"]

    assert block.get("title") is None
    assert "".join(block.itertext()) == "1. lost on the way"


def test_a_page_that_lies_on_its_side_keeps_the_frame_of_its_picture() -> None:
    line = build_region("up", (0.1, 0.2, 0.15, 0.8))
    page = build_page(line).model_copy(update={"turned": 1})
    html = render_hocr(build_document(page))

    assert 'class="ocr_line" id="p1r1_l0" title="bbox 100 280 150 1120; textangle 90"' in html


def test_direction_and_language_are_told_where_letters_show_them() -> None:
    html = render_hocr(build_document(build_page("שלום", "发票")))

    assert 'dir="rtl"' in html
    assert 'lang="zh"' in html
    assert '<meta name="ocr-langs" content="zh"/>' in html


def test_a_name_cannot_break_out_of_the_title() -> None:
    html = render_hocr(build_document("x", name='a"; bbox 0 0 1 1.png'))

    assert "image &quot;a__ bbox 0 0 1 1.png&quot;; bbox 0 0 1000 1400;" in html


def test_a_formula_and_a_seal_keep_their_words() -> None:
    page = build_page(region(1, RegionLabel.FORMULA, "E", (0, 0, 1, 1)), region(2, RegionLabel.SEAL, "S", (0, 0, 1, 1)))

    assert [spaceless("".join(block.itertext())) for block in pages_of(build_document(page))[0]] == ["E", "S"]
