"""Tables in Markdown: pipes or HTML."""

from __future__ import annotations

import html
import re

import pytest
from format_checks import PLAIN_TEXTS, documents, spaceless, told
from hypothesis import given, settings
from sample_documents import one_of_everything, region, table

from deepocr_kit.documents import Document, RegionLabel
from deepocr_kit.grounding import parse_html_table
from deepocr_kit.rendering import render_markdown, table_to_markdown
from deepocr_kit.testing import build_document, build_page


def test_all_tables_can_be_html() -> None:
    text = render_markdown(one_of_everything(), tables="html")

    assert text.count("<table>") == 3
    assert "| --- |" not in text


def test_one_table_can_be_html() -> None:
    grid = table(("a", "b"), ("c", "A<B"))
    text = table_to_markdown(grid, form="html")

    assert "\n" not in text
    assert parse_html_table(text).table == grid


def plain(markdown: str) -> str:
    """Markdown without its marks: what a reader sees, without white space."""
    text = re.sub(r"<!--.*?-->|</?t[rhdable]+[^>]*>", "", markdown)
    return spaceless(html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)))


@pytest.mark.parametrize("form", ["gfm", "html"])
@settings(max_examples=60, deadline=None)
@given(document=documents(PLAIN_TEXTS))
def test_no_letter_is_lost(document: Document, form: str) -> None:
    """Marks may be added, and formulas spell some signs out; letters and digits may not be fewer."""
    said = plain(render_markdown(document, tables=form))
    counts = {char: said.count(char) for char in set(said)}
    for item in document.regions:
        for char in told(item):
            if char.isalnum():
                counts[char] = counts.get(char, 0) - 1

    assert {char: count for char, count in counts.items() if count < 0} == {}


def test_a_table_without_a_position_is_a_table_too() -> None:
    loose = region(1, RegionLabel.TABLE, "", None, table=table(("a", "b")))

    assert "| a | b |" in render_markdown(build_document(build_page(loose)))
    assert "<table>" in render_markdown(build_document(build_page(loose)), tables="html")
