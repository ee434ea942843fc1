"""A document as Markdown (CommonMark with GitHub's tables)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from deepocr_kit.documents import Document, Page, Region, RegionLabel, TextFormat, upright_page
from deepocr_kit.layout import UNKNOWN_SIZE, Placed, place_regions
from deepocr_kit.rendering._characters import clean
from deepocr_kit.rendering._html_text import words_of
from deepocr_kit.rendering._markdown_text import escape_markdown, table_markdown

__all__ = ["render_markdown"]

PAGE_BREAK = "\n\n---\n\n"
"""Between two pages."""

LINE_GAP = 0.8
"""Rows nearer than this many line heights stand in one paragraph."""

_PICTURES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL})
_RUNNING = frozenset({RegionLabel.TEXT, RegionLabel.OTHER, RegionLabel.KEY_VALUE_REGION, RegionLabel.REFERENCE})
_PREFIXES = {
    RegionLabel.TITLE: "# ",
    RegionLabel.SECTION_HEADER: "## ",
    RegionLabel.LIST_ITEM: "- ",
    RegionLabel.CHECKBOX_SELECTED: "- [x] ",
    RegionLabel.CHECKBOX_UNSELECTED: "- [ ] ",
}


def render_markdown(document: Document) -> str:
    """The document as Markdown, in reading order, a rule between pages.

    Headings, lists, captions, code and formulas follow the labels; tables are
    GitHub's, or HTML when cells span; pictures are comments that name their
    region; short lines on one level stand on one line, so that a value stands
    beside its label. Text is escaped: nothing on a page can become a link, an
    image, HTML or a heading.

    Args:
        document: What to write.

    Returns:
        Text with a line break at the end unless it is empty.
    """
    pages = [page for page in (_page(upright_page(page)) for page in document.pages) if page]
    return PAGE_BREAK.join(pages) + ("\n" if pages else "")


def _page(page: Page) -> str:
    blocks: list[str] = []
    if page.error is not None:
        blocks.append(f"*Page {page.number} failed: {escape_markdown(f'{page.error.type}: {page.error.message}')}*")
    by_id = {region.id: region for region in page.regions}
    run: list[Placed] = []
    for spot in place_regions(page.regions, page.size or UNKNOWN_SIZE):
        if spot.row is not None and (spot.text is not None or by_id[spot.region_id].label in _RUNNING):
            run.append(spot)
            continue
        blocks += _paragraphs(run, by_id)
        run = []
        blocks.append(_block(by_id[spot.region_id]))
    blocks += _paragraphs(run, by_id)
    blocks += [_block(region) for region in page.regions if not region.boxes]
    return _join(block for block in blocks if block)


def _join(blocks: Iterable[str]) -> str:
    """Blocks with an empty line between; list items stand together."""
    text, before = "", ""
    for block in blocks:
        tight = before.startswith("- ") and block.startswith("- ")
        text += ("\n" if tight else "\n\n") + block if text else block
        before = block
    return text


def _paragraphs(run: Sequence[Placed], by_id: dict[str, Region]) -> list[str]:
    """Lines of text: pieces of one row on one line, near rows in one paragraph."""
    paragraphs: list[str] = []
    before: Placed | None = None
    for spot in run:
        text = spot.text if spot.text is not None else words_of(by_id[spot.region_id])
        words = escape_markdown(" ".join(text.split()))
        if before is None:
            paragraphs.append(words)
        elif before.row == spot.row:
            paragraphs[-1] += " " + words
        elif spot.bbox.y0 - before.bbox.y0 >= 0 and spot.bbox.y0 - before.bbox.y1 < LINE_GAP * spot.bbox.height:
            paragraphs[-1] += "\\\n" + words
        else:
            paragraphs.append(words)
        before = spot
    return paragraphs


def _block(region: Region) -> str:
    """One region as a block of its own; empty when it has nothing to say."""
    if region.table is not None and region.table.cells:
        return table_markdown(region.table)
    text = words_of(region)
    if region.label in _PICTURES:
        name = re.sub(r"[^A-Za-z0-9]", "", region.id)
        return f"<!-- {region.label.value} {name} -->" + (f"\n\n{_lines(text)}" if text else "")
    return _WRITERS.get(region.label, _plain)(region, text) if text else ""


def _plain(region: Region, text: str) -> str:
    if region.label in _PREFIXES:
        return _PREFIXES[region.label] + escape_markdown(" ".join(text.split()))
    return _lines(text)


def _caption(_: Region, text: str) -> str:
    return f"*{escape_markdown(' '.join(text.split()))}*"


def _code(_: Region, text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _formula(region: Region, text: str) -> str:
    """Display math of the LaTeX source, without delimiters of its own."""
    source = clean(region.content).strip() if region.format is TextFormat.LATEX else text
    for opening, closing in (("\\[", "\\]"), ("$$", "$$"), ("\\(", "\\)"), ("$", "$")):
        if source.startswith(opening) and source.endswith(closing) and len(source) > len(opening) + len(closing):
            source = source[len(opening) : -len(closing)].strip()
            break
    source = re.sub(r"\n\s*\n", "\n", source).replace("$", "\\$").replace("<", "\\lt ").replace(">", "\\gt ")
    source = re.sub(r"\](?=[(\[:])", "] ", source)  # a reader without math must not see a link
    return f"$$\n{source}\n$$"


_WRITERS = {RegionLabel.CAPTION: _caption, RegionLabel.CODE: _code, RegionLabel.FORMULA: _formula}


def _lines(text: str) -> str:
    """Paragraphs with their line breaks kept."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text)
    return "\n\n".join(
        "\\\n".join(escape_markdown(line.strip()) for line in lines.splitlines()) for lines in paragraphs
    )
