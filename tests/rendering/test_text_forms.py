"""Plain text, Markdown and JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_documents import A5, HOSTILE, hostile_document, one_of_everything, region, table

from deepocr_kit.documents import Document, Page, PageError, PageStatus, RegionLabel, TextFormat
from deepocr_kit.layout import TextOptions
from deepocr_kit.rendering import render_json, render_markdown, render_text, table_to_html, table_to_markdown
from deepocr_kit.testing import build_document, build_page, build_region


def markdown_of(label: RegionLabel, text: str, **update: object) -> str:
    return render_markdown(build_document(build_page(region(1, label, text, (0.1, 0.1, 0.9, 0.12), **update)))).rstrip(
        "\n"
    )


def test_pages_of_text_are_parted_by_a_form_feed() -> None:
    assert render_text(build_document("one", "two")) == "one\n\f\ntwo\n"


def test_a_document_without_pages_is_an_empty_text() -> None:
    assert render_text(Document()) == ""
    assert render_markdown(Document()) == ""


def test_a_failed_page_says_so_in_text_and_markdown() -> None:
    document = one_of_everything()

    assert "[page 3 failed: ServiceTimeoutError: no token for 60 s]" in render_text(document)
    assert "*Page 3 failed: ServiceTimeoutError: no token for 60 s*" in render_markdown(document)


def test_why_a_page_failed_is_one_line_and_may_be_unknown() -> None:
    lines = Page(index=0, status=PageStatus.FAILED, error=PageError(type="E", message="one\r\n\ntwo\x1b"))
    unknown = Page(index=1, status=PageStatus.FAILED)
    document = Document(pages=(lines, unknown))

    assert render_text(document) == "[page 1 failed: E: one two\ufffd]\n\f\n[page 2 failed]\n"
    assert render_markdown(document) == "*Page 1 failed: E: one two\ufffd*\n\n---\n\n*Page 2 failed*\n"


def test_options_reach_every_page_of_the_text() -> None:
    pages = [
        build_page(
            region(1, RegionLabel.TITLE, "Head", (0.1, 0.1, 0.9, 0.12)),
            region(2, RegionLabel.PAGE_FOOTER, "1", (0.1, 0.9, 0.2, 0.92)),
        )
        for _ in range(2)
    ]

    text = render_text(build_document(*pages), options=TextOptions(title_prefix="# ", hide_page_num_layout=True))

    assert text == "# Head\n\f\n# Head\n"


def test_a_table_in_the_text_can_be_markdown_or_html() -> None:
    page = build_page(region(1, RegionLabel.TABLE, "a b", (0.1, 0.1, 0.9, 0.2), table=table(("a", "b"), ("1", "2"))))

    markdown = render_text(build_document(page), options=TextOptions(table_linearization_format=table_to_markdown))
    html = render_text(build_document(page), options=TextOptions(table_linearization_format=table_to_html))

    assert markdown == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    assert html.startswith("<table>")
    assert "<td>2</td>" in html


def test_what_was_read_of_a_failed_page_follows_its_error() -> None:
    assert render_text(hostile_document()).splitlines()[0].startswith("[page 1 failed: <b>: ")
    assert "odd too" in render_text(hostile_document())


def test_text_is_safe_to_print() -> None:
    assert render_text(build_document(build_page("a\x1b[31mb\ud800"))) == "a\ufffd[31mb\ufffd\n"


def test_label_and_value_stand_on_one_line_of_markdown(founding_page: Page) -> None:
    lines = render_markdown(Document(pages=(founding_page,))).splitlines()

    for line in ("下车 23:40\\", "单价(元) 4.10元\\", "里程(km) 15.9km\\", "节假日附加费 0元\\"):
        assert line in lines


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        (RegionLabel.TITLE, "A\nB", "# A B"),
        (RegionLabel.SECTION_HEADER, "1. x", "## 1\\. x"),
        (RegionLabel.LIST_ITEM, "point", "- point"),
        (RegionLabel.CAPTION, "Figure *1*", "*Figure \\*1\\**"),
        (RegionLabel.CODE, "a ``` b", "````\na ``` b\n````"),
        (RegionLabel.FORMULA, "a^2", "$$\na^2\n$$"),
        (RegionLabel.CHECKBOX_SELECTED, "yes", "- [x] yes"),
        (RegionLabel.CHECKBOX_UNSELECTED, "no", "- [ ] no"),
        (RegionLabel.PICTURE, "", "<!-- picture p1r1 -->"),
        (RegionLabel.CHART, "sold", "<!-- chart p1r1 -->\n\nsold"),
        (RegionLabel.PAGE_FOOTER, "3", "3"),
        (RegionLabel.TEXT, "", ""),
    ],
)
def test_labels_decide_the_markdown(label: RegionLabel, text: str, expected: str) -> None:
    assert markdown_of(label, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# x", "\\# x"),
        ("#5 bus", "#5 bus"),
        ("- x", "\\- x"),
        ("-5.00", "-5.00"),
        ("3) x", "3\\) x"),
        ("4.10元", "4.10元"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("a|b ~c~ $d$", "a\\|b \\~c\\~ \\$d\\$"),
        ("[a](b)", "\\[a\\](b)"),
        ("![a](b)", "!\\[a\\](b)"),
        ("<b> &amp;", "\\<b\\> \\&amp;"),
        ("https://a.example", "https\\://a.example"),
        ("www.a.example", "www\\.a.example"),
        ("me@a.example", "me\\@a.example"),
        ("a\\b `c`", "a\\\\b \\`c\\`"),
    ],
)
def test_text_cannot_become_markup(text: str, expected: str) -> None:
    assert markdown_of(RegionLabel.TEXT, text) == expected


@pytest.mark.parametrize("content", ["\\[x\\]", "$$x$$", "\\(x\\)", "$x$", "x"])
def test_formulas_lose_their_own_delimiters(content: str) -> None:
    assert markdown_of(RegionLabel.FORMULA, "x", content=content, format=TextFormat.LATEX) == "$$\nx\n$$"


def test_formulas_cannot_close_themselves_or_carry_links() -> None:
    assert markdown_of(RegionLabel.FORMULA, "a $$ b\n\n<i>[x](y)") == "$$\na \\$\\$ b\n\\lt i\\gt [x] (y)\n$$"


def test_tables_are_pipes_and_html_when_cells_span() -> None:
    text = render_markdown(one_of_everything())

    assert "| Item | Price |\n| --- | --- |\n| Pen \\| blue | 2.00 |\n| A\\<B | 0.50 |" in text
    assert '<table><tr><th colspan="2">Both</th></tr><tr><td>left</td><td>right</td></tr></table>' in text


def test_line_breaks_in_cells_and_in_spanning_tables_do_not_break_the_table() -> None:
    grid = table(("a\nb", "c"))
    spanning = grid.model_copy(
        update={"col_count": 3, "cells": (grid.cells[0], grid.cells[1].model_copy(update={"col_span": 2}))}
    )

    assert markdown_of(RegionLabel.TABLE, "a b c", table=grid) == "| a b | c |\n| --- | --- |"
    assert markdown_of(RegionLabel.TABLE, "a b c", table=spanning) == (
        '<table><tr><th>a b</th><th colspan="2">c</th></tr></table>'
    )


def test_near_lines_are_one_paragraph_and_far_ones_are_not() -> None:
    page = build_page(("one", (0.1, 0.1, 0.2, 0.12)), ("two", (0.1, 0.125, 0.2, 0.145)), ("far", (0.1, 0.5, 0.2, 0.52)))

    assert render_markdown(build_document(page)) == "one\\\ntwo\n\nfar\n"


def test_paragraphs_inside_a_region_stay_apart() -> None:
    text = markdown_of(RegionLabel.FOOTNOTE, "one\ntwo\n\nthree")

    assert text == "one\\\ntwo\n\nthree"


def test_pages_of_markdown_are_parted_by_a_rule() -> None:
    assert render_markdown(build_document("one", "two")) == "one\n\n---\n\ntwo\n"


def test_hostile_texts_are_inert_in_markdown() -> None:
    text = render_markdown(hostile_document())

    assert "<script" not in text.replace("\\<script", "")
    assert "](javascript:" not in text.replace("\\](javascript:", "")
    assert "<img" not in text.replace("\\<img", "")
    assert all(payload.count("<") == 0 or payload not in text for payload in HOSTILE)


def test_json_is_read_back() -> None:
    document = one_of_everything()

    assert Document.model_validate_json(render_json(document)) == document
    assert Document.model_validate_json(render_json(document, indent=None)) == document


@pytest.mark.parametrize("indent", [2, None])
def test_json_survives_what_utf8_cannot_hold(indent: int | None) -> None:
    broken = build_document(build_page("a\ud800b\x00\uffff"))
    fine = build_document(build_page("a\ufffdb\x00\uffff"))

    assert json.loads(render_json(broken, indent=indent)) == json.loads(render_json(fine, indent=indent))
    assert render_json(broken, indent=indent) == render_json(fine, indent=indent)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(RegionLabel))
def test_rendering_never_raises(text: str, label: RegionLabel) -> None:
    document = Document(pages=(Page(index=0, size=A5, regions=(build_region(text, label=label),)),))

    assert Document.model_validate_json(render_json(document)) == document
    assert render_markdown(document).endswith("\n") or not render_markdown(document)
    assert render_text(document).endswith("\n")
