"""All tables of a document in one CSV."""

from __future__ import annotations

import csv
import io

from format_checks import documents, spaceless, told
from hypothesis import given, settings
from sample_documents import one_of_everything, region, table

from deepocr_kit.documents import Document, Page, PageError, PageStatus, RegionLabel
from deepocr_kit.rendering import render_csv, table_to_csv
from deepocr_kit.testing import build_document, build_page
from steady_time import stays_under


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_every_row_names_its_page_its_table_and_its_number() -> None:
    rows = read(render_csv(one_of_everything()))

    assert rows[0] == ["page", "table", "row", "col1", "col2"]
    assert rows[1] == ["1", "p1r9", "1", "Item", "Price"]
    assert rows[5] == ["1", "p1r10", "2", "left", "right"]
    assert rows[6] == ["2", "p2r2", "1", "a", "b"]


def test_a_page_that_failed_is_a_row_without_a_table() -> None:
    grid = region(1, RegionLabel.TABLE, "", None, table=table(("a", "b")))
    half = build_page(grid).model_copy(update={"error": PageError(type="E", message="cut\noff")})
    gone = Page(index=1, status=PageStatus.FAILED)

    assert read(render_csv(one_of_everything()))[7] == ["3", "", "", "ServiceTimeoutError: no token for 60 s"]
    assert read(render_csv(Document(pages=(half, gone)))) == [
        ["page", "table", "row", "col1", "col2"],
        ["1", "", "", "E: cut off"],
        ["1", "p1r1", "1", "a", "b"],
        ["2", "", "", "failed"],
    ]
    assert read(render_csv(Document(pages=(gone,)))) == [["page", "table", "row", "col1"], ["2", "", "", "failed"]]


def test_a_document_without_tables_is_empty() -> None:
    assert render_csv(build_document("x")) == render_csv(Document()) == ""


def test_spans_can_be_filled_and_formulas_are_guarded() -> None:
    grid = table(("=1+1", "-5.00"), ("+86 10", "@x"))
    page = build_page(region(1, RegionLabel.TABLE, "", (0.1, 0.1, 0.9, 0.9), table=grid))

    assert read(render_csv(build_document(page)))[1:] == [
        ["1", "p1r1", "1", "'=1+1", "-5.00"],
        ["1", "p1r1", "2", "+86 10", "'@x"],
    ]
    assert read(render_csv(build_document(page), guard_formulas=False))[1][3] == "=1+1"
    assert read(render_csv(one_of_everything(), fill_spans=True))[4][3:] == ["Both", "Both"]


def test_a_name_of_a_region_cannot_be_a_formula() -> None:
    odd = region(1, RegionLabel.TABLE, "", None, table=table(("a", "b"))).model_copy(update={"id": "=1+1"})

    assert read(render_csv(build_document(build_page(odd))))[1][1] == "'=1+1"


@settings(max_examples=100, deadline=None)
@given(documents())
def test_no_word_of_a_table_is_lost(document: Document) -> None:
    rows = read(render_csv(document, guard_formulas=False))[1:]
    cells = "".join(spaceless("".join(row[3:])) for row in rows if row[2])

    assert [row[0] for row in rows if not row[2]] == [str(page.number) for page in document.pages if page.error]
    assert cells == "".join(told(item) for item in document.regions if item.table is not None and item.table.cells)


def test_a_long_cell_takes_linear_time() -> None:
    grid = table(("-1" + " " * 200_000 + "x",))

    assert stays_under(1, lambda: table_to_csv(grid))
