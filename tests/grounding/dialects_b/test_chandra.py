from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample
from tests.grounding.lossless import HTML_TAG

from deepocr_kit.documents import IssueCode, RegionLabel, TextFormat
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects import Chandra1Dialect, Chandra2Dialect


def block(label: str, content: str, box: str = "100 200 300 400") -> str:
    return f'<div data-bbox="{box}" data-label="{label}">{content}</div>\n'


DOCUMENT = (
    block("Page-Header", "Annual Report")
    + block("Section-Header", "<h2>Prices &amp; sizes</h2>")
    + block("Text", "<p>The <b>lamp</b> costs A<B euros<br/>per piece.</p>")
    + block("Caption", "<p>Table one</p>")
    + block("Table", '<table><tr data-bbox="1 2 3 4"><th>Lamp</th><td><math>x^2</math></td></tr></table>')
    + block("Equation-Block", '<math display="block">\\frac{a}{b}</math>')
    + block("Image", '<img alt="a bulb &gt; lamp"/>')
    + block("Form", '<p><input type="checkbox" checked/> paid <input type="checkbox"/> open</p>')
    + block("Code-Block", "<pre><code>def f():\n    return 1</code></pre>")
    + block("List-Group", "<ul><li>first</li><li>second</li></ul>")
)
FREE = "<h1>Heading words</h1>\n<p>Paragraph words</p>\n<ul><li>first</li><li>second</li></ul>"
FRAGMENTS = (
    '<div data-bbox="100 200 300 400" data-label="Text">', "</div>", "<p>", "</p>", "<table>", "<tr><td>", "</table>",
    "<div>", "<div", "<", "<body>", "</body>", '<img alt="bulb"/>', '<div data-bbox="1 2', '<ul data-bbox="1 2 3 4">',
    '<li data-bbox="1 2 3 4">', "<li>", "</ul>", "<h2>", "</h2>", "<br>", "<b>", "```html\n", "```", "&amp;", "A<B",
    '<p data-bbox="0 0 9 9">', "\n", "<style>p{}</style>", "<span data-label='Text'>",
)  # fmt: skip
HOSTILE = {
    "openers": '<div data-bbox="1 2 3 4">', "closers": "</div>", "quotes": '<div a="', "attributes": "<p a=1 ",
    "lists": "<ul><li>", "tables": "<table><td>", "text": "a<b ", "fences": "```<style>",
}  # fmt: skip


class TestChandra1Contract(DialectContract):
    dialect = Chandra1Dialect()
    streamed = ("document",)
    tasks = (OcrTask.DOCUMENT, OcrTask.FREE)
    samples: ClassVar = {"document": Sample(DOCUMENT.replace("100 200 300 400", "[100, 200, 300, 400]"))}
    malformed: ClassVar = {"outside": "Total" + DOCUMENT}
    fragments = FRAGMENTS
    hostile: ClassVar = {"openers": '<div data-bbox="[1, 2, 3, 4]">'}
    markup = re.compile(rf"{HTML_TAG}|```[A-Za-z]*|<\|[a-z_]+\|>|</s>", re.IGNORECASE)


class TestChandra2Contract(DialectContract):
    dialect = Chandra2Dialect()
    streamed = ("document", "without layout")
    tasks = (OcrTask.DOCUMENT, OcrTask.FREE)
    samples: ClassVar = {
        "document": Sample(DOCUMENT),
        "fenced": Sample(f"```html\n<html><body>\n{DOCUMENT}</body></html>\n```"),
        "without layout": Sample(FREE, OcrTask.FREE),
    }
    malformed: ClassVar = {
        "outside": "Total" + DOCUMENT,
        "not closed": DOCUMENT.replace("Annual Report</div>", "Annual Report"),
        "cut": DOCUMENT[:200],
        "cut tag": DOCUMENT[:20],
        "no box": '<div data-label="Text">Total</div>',
        "bad box": block("Text", "Total", "1 2 3"),
        "outside of the grid": block("Text", "Total", "1 2 3 2000"),
        "stray closer": "</div>" + DOCUMENT,
    }
    fragments = FRAGMENTS
    hostile: ClassVar = HOSTILE
    markup = TestChandra1Contract.markup


def parse(raw_text: str, task: OcrTask = OcrTask.DOCUMENT):
    return Chandra2Dialect().parse(raw_text, task=task)


def test_blocks_become_regions_with_their_form_of_content() -> None:
    header, heading, text, caption, table, formula, image, form, code, items = parse(DOCUMENT).regions

    assert header.label is RegionLabel.PAGE_HEADER
    assert header.format is TextFormat.PLAIN
    assert header.boxes == (BBox(0.1, 0.2, 0.3, 0.4),)
    assert (heading.label, heading.text) == (RegionLabel.SECTION_HEADER, "Prices & sizes")
    assert text.text == "The lamp costs A<B euros\nper piece."
    assert text.format is TextFormat.HTML
    assert caption.caption_of == table.id
    assert table.table is not None
    assert table.table.rows() == (("Lamp", "x^2"),)
    assert (formula.content, formula.format) == (r"\frac{a}{b}", TextFormat.LATEX)
    assert (image.label, image.text) == (RegionLabel.PICTURE, "a bulb > lamp")
    assert (form.label, form.text) == (RegionLabel.KEY_VALUE_REGION, "☑ paid ☐ open")
    assert (code.label, code.text) == (RegionLabel.CODE, "def f():\n    return 1")
    assert (items.label, items.text) == (RegionLabel.LIST_ITEM, "first\nsecond")


def test_the_first_model_has_another_grid() -> None:
    (region,) = Chandra1Dialect().parse(block("Text", "Total", "[0, 0, 512, 1024]")).regions

    assert region.boxes == (BBox(0, 0, 0.5, 1),)


def test_an_answer_without_layout_has_regions_without_boxes() -> None:
    parsed = parse(FREE, OcrTask.FREE)

    assert [(region.label, region.text) for region in parsed.regions] == [
        (RegionLabel.TITLE, "Heading words"),
        (RegionLabel.TEXT, "Paragraph words"),
        (RegionLabel.LIST_ITEM, "first"),
        (RegionLabel.LIST_ITEM, "second"),
    ]
    assert parsed.issues == ()


def test_a_block_that_is_not_closed_ends_where_the_next_one_begins() -> None:
    parsed = parse(block("Text", "first").replace("</div>", "") + block("Text", "second"))

    assert [region.text for region in parsed.regions] == ["first", "second"]
    assert [issue.code for issue in parsed.issues] == [IssueCode.UNCLOSED_TAG]


def test_a_cut_tag_stands_in_an_issue() -> None:
    raw_text = block("Text", "first") + '<div data-bbox="1 2'
    parsed = parse(raw_text)

    assert [region.text for region in parsed.regions] == ["first"]
    (issue,) = parsed.issues
    assert issue.code is IssueCode.CUT_TAIL
    assert issue.span is not None
    assert raw_text[slice(*issue.span)] == '<div data-bbox="1 2'


def test_several_tables_in_one_block_are_said() -> None:
    table = "<table><tr><td>a</td></tr></table>"
    parsed = parse(block("Table", table * 2))

    assert parsed.regions[0].text == "a\na"
    assert [issue.code for issue in parsed.issues] == [IssueCode.MALFORMED_TABLE]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<img alt='Logo'>", "Logo"),
        ('<input type="text" value="12.50">', "12.50"),
        ("<strong>a</strong><b>b</b>", "ab"),
    ],
)
def test_cells_keep_the_words_of_tags_inside_them(cell: str, text: str) -> None:
    (region,) = parse(block("Table", f"<table><tr><td>{cell}</td></tr></table>")).regions

    assert region.table is not None
    assert region.table.rows() == ((text,),)


def test_the_real_sample_is_read_without_an_issue(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/001.txt").read_text(encoding="utf-8")
    parsed = Chandra2Dialect().parse(raw_text, strict=True)

    assert parsed.issues == ()
    assert [region.raw_label for region in parsed.regions] == re.findall(r'data-label="([^"]+)"', raw_text)
    table = parsed.regions[5].table
    assert table is not None
    assert (table.row_count, table.col_count) == (10, 8)
    assert table.rows()[2] == ("6", "6", "OTSL", "0.965", "0.934", "0.955", "0.88", "2.73")
    assert parsed.regions[4].caption_of == parsed.regions[5].id
    assert parsed.regions[4].text.startswith("Table 1. HPO performed in OTSL and HTML")
