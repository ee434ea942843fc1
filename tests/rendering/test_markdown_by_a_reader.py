"""Markdown, read by markdown-it as CommonMark with tables: the words arrive, and nothing else becomes markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from format_checks import documents, spaceless, told
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sample_documents import hostile_document, more_hostile_document, one_of_everything, region, table

from deepocr_kit.documents import Document, Region, RegionLabel
from deepocr_kit.rendering import render_markdown
from deepocr_kit.testing import build_document, build_page

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = [*"#-+*_`~|<>[]()!\\&;:. \t\n=1aA中é$^{}\"'@/"]
WORDS = ["http://a.b ", "www.a.b ", "a@b.cc", "&amp;", "    ", "---", "```", "1. ", "> ", "<!--", "| --- |", "\n\n"]
TEXTS = st.lists(st.sampled_from(MARKUP + WORDS + ["[x]: y\n", "\\[", "$$", "<td>"]), max_size=14).map("".join)
BLOCKS = {"bullet_list", "fence", "heading", "hr", "html_block", "list_item", "paragraph"}
ROWS = {"table", "tbody", "td", "th", "thead", "tr"}
INSIDE = {"em", "hardbreak", "inline", "softbreak", "text"}
IN_FORMULAS = {"strong", "code_inline", "s"}
"""What a reader that knows no formulas may see in one: no block, no link, no picture, no HTML."""

HEADINGS = (RegionLabel.TITLE, RegionLabel.SECTION_HEADER)
ITEMS = (RegionLabel.LIST_ITEM, RegionLabel.CHECKBOX_SELECTED, RegionLabel.CHECKBOX_UNSELECTED)


def read(document: Document, form: str) -> list[Token]:
    return list(walk(READER.parse(render_markdown(document, tables=form))))


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from walk(token.children or ())


def shown(tokens: Iterable[Token]) -> str:
    """What a person sees; the comments that stand for pictures are left out."""
    texts = []
    for token in tokens:
        if token.type in {"text", "fence", "code_inline"}:
            texts.append(token.content)
        elif token.type == "html_block" and not token.content.startswith("<!-- "):
            texts.append(html.fragment_fromstring(token.content, create_parent=True).text_content())
    return "".join(texts)


def check(document: Document, form: str) -> None:
    """Only blocks that the labels ask for, and every character of every text."""
    tokens = read(document, form)
    labels = Counter(item.label for item in document.regions if told(item) and not has_grid(item))
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= BLOCKS | ROWS | INSIDE | (IN_FORMULAS if labels[RegionLabel.FORMULA] else set())
    counts = Counter(token.type for token in tokens)
    assert counts["heading_open"] == sum(labels[label] for label in HEADINGS)
    assert counts["list_item_open"] == sum(labels[label] for label in ITEMS)
    assert counts["fence"] == labels[RegionLabel.CODE]
    assert counts["hr"] <= max(0, len(document.pages) - 1)
    wanted = Counter("".join(told(item) for item in document.regions if item.label is not RegionLabel.FORMULA))
    assert wanted - Counter(shown(tokens)) == Counter()


def has_grid(item: Region) -> bool:
    return item.table is not None and bool(item.table.cells)


@pytest.mark.parametrize("form", ["gfm", "html"])
@settings(max_examples=80, deadline=None)
@given(document=documents(TEXTS))
def test_any_document_has_the_blocks_of_its_labels_and_every_character(document: Document, form: str) -> None:
    check(document, form)


@pytest.mark.parametrize("form", ["gfm", "html"])
@pytest.mark.parametrize("document", [one_of_everything(), hostile_document(), more_hostile_document()])
def test_the_samples_do_too(document: Document, form: str) -> None:
    check(document, form)


def test_cells_of_a_pipe_table_are_those_of_the_grid() -> None:
    grid = table(("a|b", "", "`c|d`"), ("\\|", "*", "<td>"), ("1. x", "# y", "---"))
    page = build_page(region(1, RegionLabel.TABLE, "", None, table=grid))
    tokens = read(build_document(page), "gfm")
    cells = [token for before, token in pairwise(tokens) if before.type in {"th_open", "td_open"}]

    assert [shown(walk([cell])) for cell in cells] == [text for row in grid.rows() for text in row]


@pytest.mark.parametrize(
    "source", ["# x", "* x", "***", "> x", "1. x", "a\n===", "a | b\n--- | ---", "```\nx", "http://a.b [x](y) a@b.c"]
)
def test_a_formula_is_a_paragraph_for_a_reader_without_formulas(source: str) -> None:
    tokens = read(build_document(build_page(region(1, RegionLabel.FORMULA, source, None))), "gfm")

    assert {token.type for token in tokens} == {"paragraph_open", "inline", "text", "softbreak", "paragraph_close"}
    assert "http://" not in shown(tokens)


def test_signs_at_the_end_of_a_heading_are_kept() -> None:
    tokens = read(build_document(build_page(region(1, RegionLabel.TITLE, "In C ##", None))), "gfm")

    assert spaceless(shown(tokens)) == "InC##"
