"""A document as Markdown (CommonMark with GitHub's tables)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from deepocr_kit.documents import Document, Page, Region, RegionLabel, upright_page, with_distinct_ids
from deepocr_kit.layout import UNKNOWN_SIZE, Placed, place_regions
from deepocr_kit.rendering._blocks import failed_page
from deepocr_kit.rendering._html_text import PICTURES, words_of
from deepocr_kit.rendering._markdown_text import TableForm, escape_markdown, latex_source, table_markdown

__all__ = ["render_markdown"]

PAGE_BREAK = "\n\n---\n\n"
"""Between two pages."""

LINE_GAP = 0.8
"""Rows nearer than this many line heights stand in one paragraph."""

_CLOSING = re.compile(r"(?<= )#+$")
"""At the end of a heading, where Markdown takes it for a mark."""

_BLOCK_MARK = re.compile(r"^(?=[ \t]*(?:[#:|`~]|[-+*_](?:[-*_|\s]|$)|=+[ \t]*$|\d+[.)](?:\s|$)))", re.MULTILINE)
"""Before what would begin a block of Markdown on a line of LaTeX, to which an empty group means nothing."""

_LINKED = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Inside of what readers take for an address."""

_UNSAFE_IN_LINK = re.compile(r"[<>\\\x00-\x20]")
_RUNNING = frozenset({RegionLabel.TEXT, RegionLabel.OTHER, RegionLabel.KEY_VALUE_REGION, RegionLabel.REFERENCE})
_PREFIXES = {
    RegionLabel.TITLE: "# ",
    RegionLabel.SECTION_HEADER: "## ",
    RegionLabel.LIST_ITEM: "- ",
    RegionLabel.CHECKBOX_SELECTED: "- [x] ",
    RegionLabel.CHECKBOX_UNSELECTED: "- [ ] ",
}


def render_markdown(
    document: Document, *, tables: TableForm = "gfm", pictures: Mapping[tuple[int, str], str] | None = None
) -> str:
    """The document as Markdown, in reading order, a rule between pages.

    Headings, lists, captions, code and formulas follow the labels. Tables are
    GitHub's, or HTML when asked for or when cells span. Pictures are comments
    that name their region, or links to their files where those are given. Short
    lines on one level stand on one line, so that a value stands beside its
    label. Text is escaped: nothing on a page can become a link, an image, HTML
    or a heading.

    Args:
        document: What to write.
        tables: ``gfm`` for pipe tables, ``html`` to have all tables in HTML.
        pictures: Relative paths of picture files by 0-based page index and region id; see ``crop_pictures``.

    Returns:
        Text with a line break at the end unless it is empty.
    """
    upright = (with_distinct_ids(upright_page(page)) for page in document.pages)
    pages = [text for page in upright if (text := _page(page, tables, pictures or {}))]
    return PAGE_BREAK.join(pages) + ("\n" if pages else "")


def _page(page: Page, tables: TableForm, pictures: Mapping[tuple[int, str], str]) -> str:
    blocks: list[str] = []
    failed = failed_page(page)
    if failed is not None:
        blocks.append(f"*Page {escape_markdown(failed)}*")
    by_id = {region.id: region for region in page.regions}
    run: list[Placed] = []
    for spot in place_regions(page.regions, page.size or UNKNOWN_SIZE):
        if spot.row is not None and (spot.text is not None or by_id[spot.region_id].label in _RUNNING):
            run.append(spot)
            continue
        blocks += _paragraphs(run, by_id)
        run = []
        blocks.append(_block(by_id[spot.region_id], tables, pictures.get((page.index, spot.region_id))))
    blocks += _paragraphs(run, by_id)
    blocks += [_block(region, tables) for region in page.regions if not region.boxes]
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


def _block(region: Region, tables: TableForm, picture: str | None = None) -> str:
    """One region as a block of its own; empty when it has nothing to say."""
    if region.table is not None and region.table.cells:
        return table_markdown(region.table, tables)
    text = words_of(region)
    if region.label in PICTURES:
        name = re.sub(r"[^A-Za-z0-9]", "", region.id)
        shown = f"<!-- {region.label.value} {name} -->"
        if picture is not None:
            shown = f"![{region.label.value} {name}](<{_UNSAFE_IN_LINK.sub(_percent, picture)}>)"
        return shown + (f"\n\n{_lines(text)}" if text else "")
    return _WRITERS.get(region.label, _plain)(region, text) if text else ""


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"


def _plain(region: Region, text: str) -> str:
    if region.label in _PREFIXES:
        words = escape_markdown(" ".join(text.split()))
        return _PREFIXES[region.label] + _CLOSING.sub(r"\\\g<0>", words)
    return _lines(text)


def _caption(_: Region, text: str) -> str:
    return f"*{escape_markdown(' '.join(text.split()))}*"


def _code(_: Region, text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _formula(region: Region, _: str) -> str:
    """Display math."""
    source = re.sub(r"\n\s*\n", "\n", latex_source(region))
    source = source.replace("$", "\\$").replace("<", "\\lt ").replace(">", "\\gt ")
    # a reader without math must see neither a link nor a heading, a list or a table
    source = re.sub(r"\](?=[(\[:])", "] ", source)
    source = _LINKED.sub("{}", source)
    source = _BLOCK_MARK.sub("{}", source)
    return f"$$\n{source}\n$$"


_WRITERS = {RegionLabel.CAPTION: _caption, RegionLabel.CODE: _code, RegionLabel.FORMULA: _formula}


def _lines(text: str) -> str:
    """Paragraphs with their line breaks kept."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text)
    return "\n\n".join(
        "\\\n".join(escape_markdown(line.strip()) for line in lines.splitlines()) for lines in paragraphs
    )
