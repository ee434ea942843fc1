"""ALTO, against the schema of version 4.4, alto-tools and checks of references and places."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from alto_tools import alto_tools
from format_checks import alto_schema, documents, spaceless, told
from hypothesis import given, settings
from lxml import etree
from sample_documents import hostile_document, one_of_everything

from deepocr_kit.documents import Document
from deepocr_kit.rendering import render_alto
from deepocr_kit.testing import build_document, build_page, build_region

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
REFERENCES = ("TAGREFS", "REF", "PROCESSINGREFS")


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return alto_schema()


def parsed(document: Document) -> etree._Element:
    return etree.fromstring(render_alto(document).encode())


def place(element: etree._Element) -> tuple[float, float, float, float] | None:
    if element.get("HPOS") is None:
        return None
    left, top, width, height = (float(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return left, top, left + width, top + height


def check(document: Document, schema: etree.XMLSchema) -> None:
    """Valid; references lead somewhere; places nest; the words are there in reading order."""
    root = parsed(document)
    assert schema.validate(root), schema.error_log
    ids = {element.get("ID") for element in root.iter() if element.get("ID")}
    for element in root.iter():
        for name in REFERENCES:
            assert set(element.get(name, "").split()) <= ids
        box = place(element)
        if box is None:
            continue
        around = next((found for above in element.iterancestors() if (found := place(above))), box)
        assert around[0] <= box[0] < box[2] <= around[2]
        assert around[1] <= box[1] < box[3] <= around[3]
    order = [ref.get("REF") for ref in root.iter(f"{ALTO}ElementRef")]
    blocks = [block for space in root.iter(f"{ALTO}PrintSpace") for block in space]
    assert [block.get("ID") for block in blocks] == order
    texts = ["".join(string.get("CONTENT") for string in block.iter(f"{ALTO}String")) for block in blocks]
    assert [spaceless(text) for text in texts] == [told(region) for region in document.regions]


@settings(max_examples=100, deadline=None)
@given(documents())
def test_any_document_is_valid_and_keeps_its_words(schema: etree.XMLSchema, document: Document) -> None:
    check(document, schema)


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document(), Document()])
def test_the_samples_are_valid_too(document: Document, schema: etree.XMLSchema) -> None:
    check(document, schema)


def test_the_schema_is_that_of_the_version_that_is_claimed(schema: etree.XMLSchema) -> None:
    """``OTHERLANGS`` came with 4.4, and what a later version may bring is refused."""
    root = parsed(one_of_everything())
    root.find(f".//{ALTO}Page").set("OTHERLANGS", "zh he")
    assert schema.validate(root), schema.error_log
    root.find(f".//{ALTO}Page").set("INVENTED", "zh he")

    assert root.get("SCHEMAVERSION") == "4.4"
    assert not schema.validate(root)


def test_alto_tools_reads_the_text(tmp_path: Path) -> None:
    file = tmp_path / "page.xml"
    document = build_document("first line\nsecond & last")
    file.write_text(render_alto(document), encoding="utf-8")
    said = io.StringIO()
    with redirect_stdout(said), file.open(encoding="utf-8") as opened:
        _, xml, namespace = alto_tools.alto_parse(opened)
        alto_tools.alto_text(xml, namespace)

    assert [line.strip() for line in said.getvalue().split("\n")] == ["", "first line", "second & last"]


def test_labels_are_tags_and_models_are_processing_steps() -> None:
    page = build_page("x").model_copy(update={"model": "deepseek-ocr", "dialect": "deepseek"})
    root = parsed(build_document(page))
    block = root.find(f".//{ALTO}TextBlock")
    tag = next(tag for tag in root.iter(f"{ALTO}LayoutTag") if tag.get("ID") == block.get("TAGREFS"))

    assert tag.get("LABEL") == "text"
    assert root.findtext(f".//{ALTO}softwareName") == "deepseek-ocr"
    assert root.findtext(f".//{ALTO}processingStepSettings") == "dialect: deepseek"
    assert root.find(f".//{ALTO}Page").get("PROCESSINGREFS") == root.find(f".//{ALTO}Processing").get("ID")


def test_a_string_is_tagged_as_a_whole_line_and_carries_the_confidence() -> None:
    string = parsed(build_document(build_page(build_region("two words", confidence=0.5)))).find(f".//{ALTO}String")

    assert string.get("CONTENT") == "two words"
    assert string.get("TAGREFS") == "whole_line"
    assert string.get("WC") == "0.5"


def test_a_table_is_a_composed_block_of_cells() -> None:
    root = parsed(one_of_everything())
    table = next(block for block in root.iter(f"{ALTO}ComposedBlock") if block.get("ID") == "p1r9")
    heads = [cell for cell in table if cell.get("TAGREFS") == "header_cell"]

    assert table.get("TYPE") == "table"
    assert len(table) == 6
    assert len(heads) == 2


def test_a_failed_page_says_why() -> None:
    pages = list(parsed(one_of_everything()).iter(f"{ALTO}Page"))

    assert pages[2].get("QUALITY_DETAIL") == "ServiceTimeoutError: no token for 60 s"
    assert pages[0].get("QUALITY_DETAIL") is None


@pytest.mark.parametrize(("turned", "rotation"), [(0, None), (1, "90"), (2, "180"), (3, "270")])
def test_a_page_that_lies_on_its_side_says_so(turned: int, rotation: str | None) -> None:
    page = build_page("x").model_copy(update={"turned": turned})

    assert parsed(build_document(page)).find(f".//{ALTO}Page").get("ROTATION") == rotation


def test_language_and_direction_are_told_where_letters_show_them() -> None:
    page = build_page("שלום", "发票", ("竖排文字", (0.9, 0.1, 0.93, 0.5)))
    blocks = list(parsed(build_document(page)).iter(f"{ALTO}TextBlock"))

    assert [block.get("BASEDIRECTION") for block in blocks] == ["rtl", None, "ttb"]
    assert [block.get("LANG") for block in blocks] == [None, "zh", "zh"]
