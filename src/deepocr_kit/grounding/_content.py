"""Reads what stands inside a region, whatever form the model wrote it in."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple, Protocol

from deepocr_kit.documents import Issue, IssueCode, RegionLabel, Severity, Table, TextFormat
from deepocr_kit.grounding._parsed_table import ParsedTable
from deepocr_kit.grounding._plain_text import plain_text
from deepocr_kit.grounding.markdown_tables import find_markdown_tables, parse_markdown_table
from deepocr_kit.grounding.otsl import OTSL_TOKEN, parse_otsl
from deepocr_kit.grounding.tables import find_tables, parse_html_table

__all__ = ["Content", "read_content"]

_HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TABLES = frozenset({RegionLabel.TABLE, RegionLabel.CHART, RegionLabel.DOCUMENT_INDEX})


class Content(NamedTuple):
    """A region's content, read.

    Attributes:
        text: All its words.
        format: How it is written.
        table: The grid of its first table.
        issues: What is odd about its tables, with offsets from the start of the content.
    """

    text: str
    format: TextFormat
    table: Table | None = None
    issues: tuple[Issue, ...] = ()


_PLAIN, _MARKDOWN, _LATEX = TextFormat.PLAIN, TextFormat.MARKDOWN, TextFormat.LATEX
_FORMULA = RegionLabel.FORMULA
"""Asked for with every region; found sooner by these names than by their class."""

_EMPTY = Content("", _MARKDOWN)
_EMPTY_PLAIN = Content("", _PLAIN)
_EMPTY_FORMULA = Content("", _LATEX)


def read_content(content: str, label: RegionLabel, *, plain: bool = False) -> Content:
    """Read a region's content in linear time. Never raises.

    Tables are OTSL, HTML or Markdown; the first one becomes the grid. Bare text is no table unless the label says so:
    a page may well speak of ``<td>``.

    Args:
        content: As the model wrote it, without its special tokens.
        label: The region's label.
        plain: The content is bare text, no Markdown.
    """
    if not content:
        return _EMPTY_PLAIN if plain else _EMPTY_FORMULA if label is _FORMULA else _EMPTY
    is_table = label in _TABLES
    if "<" not in content and "|" not in content:
        return _words(content, label, plain=plain)
    is_html = _HTML_TABLE.match(content) is not None
    if OTSL_TOKEN.match(content) or (is_table and not is_html and OTSL_TOKEN.search(content)):
        parsed = parse_otsl(content)
        return Content(parsed.text, _PLAIN, parsed.table, parsed.issues)
    if "<" in content and (is_table or (not plain and _HTML_TABLE.search(content))):
        spans = find_tables(content)
        if spans:
            form = TextFormat.HTML if is_html else _MARKDOWN
            return _read(content, label, spans, parse_html_table, form)
    if "|" in content and (is_table or not plain):
        spans = find_markdown_tables(content)
        if is_table and not spans:
            spans = ((0, len(content)),)
        if spans:
            return _read(content, label, spans, parse_markdown_table, _MARKDOWN)
    return _words(content, label, plain=plain)


def _words(content: str, label: RegionLabel, *, plain: bool) -> Content:
    if plain:
        return Content(content, _PLAIN)
    form = _LATEX if label is _FORMULA else _MARKDOWN
    return Content(plain_text(content, label), form)


class _TableReader(Protocol):
    def __call__(self, text: str, /, *, with_grid: bool, said: Container[str]) -> ParsedTable: ...


def _read(
    content: str,
    label: RegionLabel,
    spans: tuple[tuple[int, int], ...],
    parse: _TableReader,
    form: TextFormat,
) -> Content:
    texts: list[str] = []
    table: Table | None = None
    tables = 0
    issues: dict[str, Issue] = {}
    position = 0
    for start, end in spans:
        texts.append(plain_text(content[position:start], label))
        parsed = parse(content[start:end], with_grid=table is None, said=issues)
        texts.append(parsed.text)
        table = table or parsed.table
        tables += bool(parsed.text)
        for issue in parsed.issues:
            if issue.message not in issues:  # said once a region: a thousand tables need no thousand remarks
                offset = start + (issue.offset or 0)
                issues[issue.message] = issue if issue.offset == offset else issue.model_copy(update={"offset": offset})
        position = end
    texts.append(plain_text(content[position:], label))
    if tables > 1:
        message = f"the region holds {tables} tables; only the first became a grid"
        issues[message] = Issue(code=IssueCode.MALFORMED_TABLE, severity=Severity.WARNING, message=message, offset=0)
    return Content("\n".join(filter(None, texts)), form, table, tuple(issues.values()))
