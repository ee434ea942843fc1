"""Documents at the edges of what a document may be, in every form: each is written, and its reader takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pikepdf
import pytest
from docling_core.types.doc import DoclingDocument
from format_checks import alto_schema, page_schema
from lxml import etree

from deepocr_kit.documents import (
    Document,
    Page,
    PageError,
    PageStatus,
    Region,
    RegionLabel,
    SourceInfo,
    Table,
    TableCell,
)
from deepocr_kit.geometry import MAX_SIDE, BBox, Size
from deepocr_kit.rendering import (
    render_alto,
    render_csv,
    render_docling,
    render_hocr,
    render_html,
    render_json,
    render_markdown,
    render_page_xml,
    render_searchable_pdf,
    render_text,
)
from steady_time import growth

pytestmark = pytest.mark.uncounted

PLACE = BBox(0.1, 0.1, 0.2, 0.12)
SQUARE = Size(1000, 1000)


def of(*regions: Region, **page: object) -> Document:
    return Document(pages=(Page.model_validate({"index": 0, "size": SQUARE, "regions": regions} | page),))


def region(name: str, text: str = "x", *boxes: BBox, **facts: object) -> Region:
    given = {"id": name, "label": RegionLabel.TEXT, "text": text, "content": text, "boxes": boxes or (PLACE,)}
    return Region.model_validate(given | facts)


def grid(rows: int, cols: int, *cells: TableCell) -> dict[str, object]:
    return {"label": RegionLabel.TABLE, "table": Table(row_count=rows, col_count=cols, cells=cells)}


def cell(row: int, col: int, text: str, **span: int) -> TableCell:
    return TableCell.model_validate({"row": row, "col": col, "text": text} | span)


COLLIDING = [
    "a",
    "a",
    "",
    " ",
    "A",
    "order_1",
    "page_1",
    "label_text",
    "whole_line",
    "a_l0",
    "a-l0",
    "x_0",
    "x-0",
    "xml",
]
ODD = {
    "no page": Document(),
    "no region and no size": Document(pages=(Page(index=0),)),
    "one pixel": of(region("a", "one\ntwo\nthree"), region("b", "x", BBox(1, 1, 1, 1)), size=Size(1, 1)),
    "the longest sides": of(region("a"), size=Size(MAX_SIDE, MAX_SIDE)),
    "a strip": of(region("a", "w " * 40), size=Size(1, 30000)),
    "sizes that differ": Document(
        pages=tuple(Page(index=at, size=Size(1 + 700 * at, 9), regions=(region(f"p{at}"),)) for at in range(3))
    ),
    "a resolution next to nothing": of(region("a"), dpi=1e-300),
    "a resolution beyond all": of(region("a"), dpi=1e300),
    "two pages of one number": Document(pages=(Page(index=7, regions=(region("a"),)), Page(index=7))),
    "a page of the last number": Document(pages=(Page(index=10**12, regions=(region("a"),)),)),
    "failed, for reasons not known": Document(pages=(Page(index=0, status=PageStatus.FAILED),)),
    "failed, with a hostile error": Document(
        pages=(Page(index=0, error=PageError(type="E\n", message="a\r\nb\x0b ]]> --> <x> \x1b[2J\ufffe")),)
    ),
    "a hostile name": of(region("a")).model_copy(
        update={"source": SourceInfo(name="../a\n\"';<>\x00\uffff.png", media_type="image/png\n", sha256="f" * 64)}
    ),
    "hostile names of models": of(region("a"), model="a\nb<\x00", dialect="\"'&"),
    "names that collide": of(*(region(name) for name in COLLIDING), model="m"),
    "white space": of(
        region("a", " \n\t\n "), region("b", "a\u2028b\u2029c\x85d\x0ce\x1cf\u200b"), region("c", "\u200b")
    ),
    "letters beyond the basic plane": of(region("a", "𠀀𪜀𫝀 中文 😀 𝒳 \ue000\uf8ff")),
    "directions": of(
        region("a", "abc שלום 12.50 עולם"), region("b", "\u202eabc"), region("c", "مرحبا"), region("d", "𞤀𞤁")
    ),
    "marks without end": of(region("a", "a" + "\u0301" * 3000)),
    "a word without end": of(region("a", "x" * 30_000)),
    "a text without end": of(region("a", "word " * 6_000)),
    "boxes without end": of(region("a", "w " * 400, *(BBox(at / 999, 0, at / 999, 1) for at in range(999)))),
    "confidences": of(*(region(f"c{value}", confidence=value) for value in (0.0, 1e-300, 1.0))),
    "captions of themselves": of(
        region("a", caption_of="a", label=RegionLabel.PICTURE), region("b", caption_of="b", label=RegionLabel.CAPTION)
    ),
    "tables without cells": of(region("a", **grid(3, 2)), region("b", **grid(0, 0))),
    "a table with a hole": of(region("a", **grid(3, 3, cell(2, 2, "z"), cell(0, 0, "big", row_span=2, col_span=3)))),
    "a table of many rows": of(region("a", **grid(20_000, 1, cell(19_999, 0, "end")))),
    "a table of many columns": of(region("a", **grid(1, 20_000, cell(0, 19_999, "end")))),
    "a table smaller than its cells": of(
        region("a", "", BBox(0.1, 0.1, 0.101, 0.101), **grid(30, 30, *(cell(at, at, "x\ny") for at in range(30))))
    ),
    "turned": Document(
        pages=tuple(
            Page(
                index=at,
                size=size,
                turned=at,
                regions=(region(f"r{at}", "w " * 9), region("t", **grid(1, 1, cell(0, 0, "x")))),
            )
            for at, size in enumerate((None, Size(300, 200), None, Size(200, 300)))
        )
    ),
    "every label, with a grid, empty and without a place": of(
        *(
            item
            for at, label in enumerate(RegionLabel)
            for item in (
                region(f"g{at}", "t\nu", label=label, table=Table(row_count=1, col_count=1, cells=(cell(0, 0, "x"),))),
                region(f"e{at}", "", label=label),
                region(f"n{at}", "v", label=label).model_copy(update={"boxes": ()}),
            )
        )
    ),
}


@pytest.fixture(params=ODD)
def odd(request: pytest.FixtureRequest) -> Document:
    return ODD[request.param]


def test_xml_is_well_formed_and_valid(odd: Document) -> None:
    alto, page = alto_schema(), page_schema()

    etree.fromstring(render_hocr(odd).encode())
    assert alto.validate(etree.fromstring(render_alto(odd).encode())), alto.error_log
    for text in render_page_xml(odd):
        assert page.validate(etree.fromstring(text.encode())), page.error_log


def test_json_is_read_back_and_taken_by_docling(odd: Document) -> None:
    assert Document.model_validate_json(render_json(odd)) == odd
    DoclingDocument.model_validate_json(render_docling(odd))


def test_a_pdf_has_every_page_and_no_error(odd: Document) -> None:
    with pikepdf.open(io.BytesIO(render_searchable_pdf(odd))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == len(odd.pages)


@pytest.mark.parametrize("render", [render_text, render_markdown, render_csv, render_html])
def test_texts_have_no_character_that_steers_a_terminal(odd: Document, render: Callable[[Document], str]) -> None:
    text = render(odd).encode().decode()

    assert not any(ord(char) < 32 and char not in "\t\n\r\f" for char in text)
    assert all(len(row) >= 4 for row in csv.reader(io.StringIO(render_csv(odd), newline="")))


@pytest.mark.parametrize(
    "render",
    [render_hocr, render_alto, render_page_xml, render_docling, render_json, render_searchable_pdf, render_csv],
)
def test_the_time_grows_with_the_number_of_regions(render: Callable[[Document], object]) -> None:
    def many(count: int) -> Document:
        places = ((at % 4 / 4, at // 4 * 4 / count) for at in range(count))
        table = grid(1, 2, cell(0, 0, "a"), cell(0, 1, "b"))
        return of(*(region(f"r{x}{y}", "two words", BBox.of(x, y, x + 0.2, y + 2 / count), **table) for x, y in places))

    short, long = many(500), many(2_000)

    assert growth(lambda: render(short), lambda: render(long), times=4) <= 2.3
