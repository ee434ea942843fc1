"""A document as one self-contained HTML file without scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from deepocr_kit.documents import Document, Issue, Page, PageImage, PageStatus, Region, RegionLabel, upright_page
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import Size
from deepocr_kit.layout import UNKNOWN_SIZE, Placed, place_regions
from deepocr_kit.rendering._characters import escape, language
from deepocr_kit.rendering._html_text import draw, table_html, words_of
from deepocr_kit.rendering._style import BASE_STYLE, SCAN_STYLE

__all__ = ["render_html"]

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Media types of scans that may be put into the page."""

PRINT_DPI_RANGE = (50.0, 1200.0)
"""Resolutions that are believed for the size of a printed sheet."""

PRINT_WIDTH_MM, PRINT_HEIGHT_MM = 210.0, 297.0
"""A sheet of unknown resolution is made to fit into A4."""

PRINT_SPARE_MM = 0.3
"""Added to a sheet's height, so that rounding to device pixels never starts another sheet."""

_SAFE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


def render_html(document: Document, *, images: Mapping[int, PageImage] | None = None, title: str | None = None) -> str:
    """The document as HTML: every region at its place, rows level, values beside their labels.

    One file that loads nothing, runs nothing and allows nothing else to: a
    content security policy names the hash of its one style sheet. Positions
    and font sizes follow the width of the window; printing gives one sheet
    per page in its own size. Every word of every region stands in it exactly
    once, in reading order: those without a box in a list after their page.
    Pages that failed are there with their error, issues after their page.

    Args:
        document: What to show.
        images: Scans by 0-based page index. With any, the reader can switch
            between text and scan.
        title: Of the file; the source's name by default.

    Raises:
        RenderError: An image is neither JPEG, PNG nor WebP.
    """
    scans = dict(images or {})
    rules: list[str] = []
    sections = [_page(page, scans.get(page.index), rules) for page in document.pages]
    style = "\n" + BASE_STYLE + (SCAN_STYLE if scans else "") + "\n".join(rules) + "\n"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    heading = escape(title or document.source.name or "Document")
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{heading}</title>\n<style>{style}</style>\n</head>\n<body>",
            f'<header class="top"><h1 dir="auto">{heading}</h1>\n<p class="facts">{_facts(document)}</p>',
            f"{_VIEWS if scans else ''}</header>\n<main>",
            *sections,
            "</main>\n</body>\n</html>\n",
        ]
    )


_VIEWS = (
    '<fieldset class="views"><legend>View</legend>'
    '<label><input type="radio" name="view" id="view-text" checked>Text</label>'
    '<label><input type="radio" name="view" id="view-scan">Scan</label></fieldset>'
)


def _facts(document: Document) -> str:
    count = len(document.pages)
    return f"{count} {'page' if count == 1 else 'pages'}, {document.status.value}"


def _page(page: Page, scan: PageImage | None, rules: list[str]) -> str:
    """The section of a page; adds its style rules."""
    # over a scan everything stands as on the scan
    page = upright_page(page) if scan is None else page
    size = page.size or (scan.size if scan is not None else UNKNOWN_SIZE)
    lines = [
        f'<section class="page" id="page-{page.number}" aria-label="Page {page.number}">',
        f'<p class="number">Page {page.number}{"" if page.status is PageStatus.OK else ": " + page.status.value}</p>',
    ]
    if page.error is not None or page.status is PageStatus.FAILED:
        lines.append(f'<p class="failure">{_failure(page)}</p>')
    placed = place_regions(page.regions, size)
    if placed or scan is not None:
        lines += _sheet(page, placed, size, scan, rules)
    loose = [region for region in page.regions if not region.boxes]
    if loose:
        lines.append('<section class="loose"><h3>Without position</h3><ul>')
        lines += [_loose_item(region) for region in loose]
        lines.append("</ul></section>")
    lines += _issues(page.issues)
    return "\n".join([*lines, "</section>"])


def _failure(page: Page) -> str:
    if page.error is None:
        return "This page failed."
    again = " (running it again may help)" if page.error.retryable else ""
    return f"This page failed: {escape(page.error.type)}: {escape(page.error.message)}{again}"


def _sheet(page: Page, placed: Sequence[Placed], size: Size, scan: PageImage | None, rules: list[str]) -> list[str]:
    by_id = {region.id: region for region in page.regions}
    name = f"sheet-{page.number}"
    rules.append(f"#{name}{{aspect-ratio:{size.width}/{size.height}}}")
    width, height = _print_size(page, size)
    rules.append(f"@page p{page.number}{{size:{width:.1f}mm {height + PRINT_SPARE_MM:.1f}mm;margin:0}}")
    rules.append(f"#page-{page.number}{{page:p{page.number}}}")
    if scan is not None:
        rules.append(f"#{name}{{--scan:url({_data_url(scan)})}}")
    ids = _element_ids(page, placed)
    captions = {region.caption_of: region.id for region in page.regions if region.caption_of is not None}
    whole = {spot.region_id: ids[spot.region_id, spot.part] for spot in reversed(placed)}
    text = "".join(words_of(region) for region in page.regions)
    tongue = language(text)
    lines = [f'<div class="sheet" id="{name}"' + (f' lang="{tongue}">' if tongue else ">")]
    listing = False
    for spot in placed:
        region = by_id[spot.region_id]
        element_id = ids[spot.region_id, spot.part]
        element = draw(region, spot, element_id, size, described_by=whole.get(captions.get(region.id, "")))
        rules += [f"#{element_id}{{{rule}}}" for rule in element.rules]
        if scan is not None:
            rules += [f":root:has(#view-scan:checked) #{element_id}{{{rule}}}" for rule in element.scan_rules]
            rules += _crop(region, spot, element_id)
        if (region.label is RegionLabel.LIST_ITEM) != listing:
            listing = not listing
            lines.append('<ul class="list">' if listing else "</ul>")
        lines.append(element.html)
    return [*lines, "</ul></div>" if listing else "</div>"]


def _element_ids(page: Page, placed: Iterable[Placed]) -> dict[tuple[str, int], str]:
    """Ids of elements: the region's own where that is safe and free, else one made up."""
    ids: dict[tuple[str, int], str] = {}
    taken: set[str] = set()
    for number, spot in enumerate(placed):
        wanted = spot.region_id if spot.region_id not in taken else f"{spot.region_id}-{spot.part}"
        if not _SAFE_ID.fullmatch(wanted) or wanted in taken or wanted.startswith(("page-", "sheet-", "view-")):
            wanted = f"x{page.number}-{number}"
        taken.add(wanted)
        ids[spot.region_id, spot.part] = wanted
    return ids


def _crop(region: Region, spot: Placed, element_id: str) -> list[str]:
    """A picture shows its own part of the scan behind the text."""
    box = spot.raw
    if region.label not in {RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL}:
        return []
    if not (0 < box.width < 1 and 0 < box.height < 1):
        return []
    return [
        f":root:has(#view-text:checked) #{element_id}{{background-image:var(--scan);"
        f"background-size:{100 / box.width:.3f}% {100 / box.height:.3f}%;"
        f"background-position:{100 * box.x0 / (1 - box.width):.3f}% {100 * box.y0 / (1 - box.height):.3f}%}}"
    ]


def _data_url(scan: PageImage) -> str:
    if scan.media_type not in IMAGE_TYPES:
        raise RenderError(
            f"page {scan.page_number}: a scan of type {scan.media_type!r} cannot be shown; "
            f"use one of {', '.join(sorted(IMAGE_TYPES))}"
        )
    return f"data:{scan.media_type};base64,{base64.b64encode(scan.data).decode()}"


def _print_size(page: Page, size: Size) -> tuple[float, float]:
    """Width and height of the printed sheet in millimetres."""
    if page.dpi is not None and PRINT_DPI_RANGE[0] <= page.dpi <= PRINT_DPI_RANGE[1]:
        return size.width / page.dpi * 25.4, size.height / page.dpi * 25.4
    scale = min(PRINT_WIDTH_MM / size.width, PRINT_HEIGHT_MM / size.height)
    return size.width * scale, size.height * scale


def _loose_item(region: Region) -> str:
    gridded = region.table is not None and region.table.cells
    body = table_html(region.table) if region.table is not None and gridded else escape(words_of(region))
    return f'<li dir="auto" data-region="{escape(region.id)}" class="{region.label.value}">{body}</li>'


def _issues(issues: Sequence[Issue]) -> list[str]:
    if not issues:
        return []
    lines = ['<section class="issues"><h3>Issues</h3><ul>']
    for issue in issues:
        where = f" ({escape(issue.region_id)})" if issue.region_id else ""
        lines.append(
            f'<li class="{issue.severity.value}"><span class="severity">{issue.severity.value}</span> '
            f"{issue.code.value}{where}: {escape(issue.message)}</li>"
        )
    return [*lines, "</ul></section>"]
