"""DoclingDocument JSON, read by docling-core."""

from __future__ import annotations

import json

import pytest
from format_checks import documents, spaceless, told
from hypothesis import given, settings
from sample_documents import hostile_document, one_of_everything, region, table

from deepocr_kit.documents import Document, RegionLabel, SourceInfo, Table
from deepocr_kit.rendering import render_docling
from deepocr_kit.testing import build_document, build_page

core = pytest.importorskip("docling_core.types.doc", reason="docling-core is not installed")


def read(document: Document) -> core.DoclingDocument:
    return core.DoclingDocument.model_validate_json(render_docling(document))


def words(document: core.DoclingDocument) -> list[str]:
    """What every item says, in the order of the items of one kind."""
    texts = [spaceless(item.orig) for item in document.texts]
    return texts + [spaceless("".join(cell.text for cell in item.data.table_cells)) for item in document.tables]


def check(document: Document) -> None:
    """The model takes it, its references lead somewhere, and every word is there."""
    seen = read(document)
    assert core.DoclingDocument.model_validate_json(seen.model_dump_json()) == seen
    reached = [item for item, _ in seen.iterate_items(with_groups=True, included_content_layers=set(core.ContentLayer))]
    reached += [item for picture in seen.pictures for ref in picture.children for item in [ref.resolve(seen)]]
    for kind in (seen.texts, seen.tables, seen.pictures, seen.groups):
        assert {item.self_ref for item in kind} <= {item.self_ref for item in reached}
    assert sorted(filter(None, words(seen))) == sorted(filter(None, map(told, document.regions)))
    assert sorted(seen.pages) == sorted({page.number for page in document.pages})


@settings(max_examples=60, deadline=None)
@given(documents())
def test_any_document_is_taken_and_keeps_its_words(document: Document) -> None:
    check(document)


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document(), Document()])
def test_the_samples_are_taken_too(document: Document) -> None:
    check(document)


def test_labels_are_docling_s_own() -> None:
    labels = {item.orig: (item.label.value, item.content_layer.value) for item in read(one_of_everything()).texts}

    assert labels["A *Report* on # Nothing"] == ("title", "body")
    assert labels["1. Beginnings"] == ("section_header", "body")
    assert labels["Nowhere Gazette"] == ("page_header", "furniture")
    assert labels["first point"] == ("list_item", "body")
    assert labels["if a < b:\n    print('```')"] == ("code", "body")
    assert labels["yes"] == ("checkbox_selected", "body")


def test_boxes_are_provenance_in_pixels() -> None:
    (item,) = [item for item in read(one_of_everything()).texts if item.orig == "Total"]
    box = item.prov[0].bbox

    assert item.prov[0].page_no == 1
    assert item.prov[0].charspan == (0, 5)
    assert box.coord_origin.value == "TOPLEFT"
    assert (box.l, box.t, box.r, box.b) == pytest.approx((100, 919.1, 160, 947.38))


def test_captions_hang_on_what_they_describe() -> None:
    document = read(one_of_everything())

    assert [picture.caption_text(document) for picture in document.pictures] == ["Figure 1: nothing"]


def test_tables_keep_spans_and_header_cells() -> None:
    grid = read(one_of_everything()).tables[1].data

    assert (grid.num_rows, grid.num_cols) == (2, 2)
    assert [(cell.text, cell.col_span, cell.column_header) for cell in grid.table_cells[:1]] == [("Both", 2, True)]
    assert [cell.text for cell in grid.grid[0]] == ["Both", "Both"]


def test_list_items_stand_in_a_group_and_formulas_hold_latex() -> None:
    document = read(one_of_everything())
    (group,) = [group for group in document.groups if group.label.value == "list"]
    (formula,) = [item for item in document.texts if item.label.value == "formula"]

    assert [child.resolve(document).orig for child in group.children] == ["first point", "second point"]
    assert (formula.text, formula.orig) == ("E = mc^2", "E = mc^2")


def test_a_failed_page_is_there_with_a_group_that_says_why() -> None:
    document = read(one_of_everything())

    assert sorted(document.pages) == [1, 2, 3]
    assert document.groups[-1].name == "page 3 failed: ServiceTimeoutError: no token for 60 s"


def test_markdown_of_docling_has_every_word() -> None:
    text = read(one_of_everything()).export_to_markdown()

    assert all(word in text for word in ("Beginnings", "second point", "Figure 1: nothing", "12.50", "手写无效", "Pen"))


def test_the_source_is_the_origin_when_its_digest_is_known() -> None:
    source = SourceInfo(name="a.png", sha256="0f" * 32, media_type="image/png")
    known = build_document("x").model_copy(update={"source": source})

    assert read(known).origin.filename == "a.png"
    assert read(known).origin.binary_hash == int("0f" * 8, 16)
    assert read(build_document("x")).origin is None


def test_a_caption_of_a_caption_or_of_nothing_stays_a_text() -> None:
    grid = table(("a", "b"))
    first = region(1, RegionLabel.CAPTION, "one", (0.1, 0.1, 0.2, 0.2), caption_of="p1r2")
    second = region(2, RegionLabel.CAPTION, "two", (0.1, 0.3, 0.2, 0.4), caption_of="p1r9")
    third = region(3, RegionLabel.LIST_ITEM, "three", (0.1, 0.5, 0.2, 0.6), caption_of="p1r4")
    fourth = region(4, RegionLabel.TABLE, "a b", (0.1, 0.7, 0.9, 0.8), table=grid)
    document = read(build_document(build_page(first, second, third, fourth)))

    assert [child.cref for child in document.body.children] == ["#/texts/0", "#/texts/1", "#/tables/0"]
    assert document.tables[0].caption_text(document) == "three"


def test_words_in_a_picture_are_its_children_and_a_table_without_a_grid_is_text() -> None:
    empty = Table(row_count=1, col_count=1)
    seal = region(1, RegionLabel.SEAL, "stamped", (0.1, 0.1, 0.2, 0.2)).model_copy(update={"table": empty})
    grid = region(2, RegionLabel.TABLE, "no grid", (0.1, 0.3, 0.2, 0.4))
    document = read(build_document(build_page(seal, grid)))

    assert [child.resolve(document).orig for child in document.pictures[0].children] == ["stamped"]
    assert [(item.label.value, item.orig) for item in document.texts] == [("text", "stamped"), ("text", "no grid")]
    assert document.tables == []


def test_one_line_is_possible() -> None:
    assert "\n" not in render_docling(build_document("x"), indent=None)
    assert json.loads(render_docling(build_document("x")))["schema_name"] == "DoclingDocument"
