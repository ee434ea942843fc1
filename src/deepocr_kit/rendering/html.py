"""A document as one self-contained HTML file without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from deepocr_kit.documents import Document, Issue, Page, PageImage, PageStatus, upright_page, with_distinct_ids
from deepocr_kit.errors import RenderError
from deepocr_kit.layout import UNKNOWN_SIZE, place_regions
from deepocr_kit.rendering._characters import escape, language
from deepocr_kit.rendering._html_text import Sheet, words_of
from deepocr_kit.rendering._reflow import Reflow
from deepocr_kit.rendering._scan import data_url
from deepocr_kit.rendering._sheet import draw_sheet
from deepocr_kit.rendering._style import BASE_STYLE, FLOW_STYLE, SCAN_STYLE

__all__ = ["HtmlView", "render_html"]

HtmlView: TypeAlias = Literal["text", "scan", "boxes", "reflow"]
"""What the reader sees first: the rebuilt page, the scan, the scan with the boxes on it, or running text."""


def render_html(
    document: Document,
    *,
    images: Mapping[int, PageImage] | None = None,
    title: str | None = None,
    view: HtmlView = "text",
) -> str:
    """The document as HTML: every region at its place, rows level, values beside their labels.

    One file that loads nothing, runs nothing and allows nothing else to: a
    content security policy names the hash of its one style sheet. The reader
    switches between the views without a script; what is not shown is not
    found and not read out. Positions and font sizes follow the width of the
    window; printing gives one sheet per page in its own size. Every word of
    every region stands in each view exactly once, in reading order. Pages
    that failed are there with their error, issues after their page.

    Args:
        document: What to show.
        images: Scans by 0-based page index, each in the frame of its page as
            it was handed in. Scan and boxes can be shown only with them.
        title: Of the file; the source's name by default.
        view: What is shown first.

    Raises:
        RenderError: An image is neither JPEG, PNG nor WebP, ``view`` is no view, or needs images and there are none.
    """
    if view not in get_args(HtmlView):
        raise RenderError(f"there is no view {view!r}; use one of {', '.join(get_args(HtmlView))}")
    scans = {page.index: images[page.index] for page in document.pages if images and page.index in images}
    if view in {"scan", "boxes"} and not scans:
        raise RenderError(f"the view {view!r} needs scans; pass images={{page index: image}} or choose another view")
    rules: list[str] = []
    sections = [_page(page, scans.get(page.index), rules) for page in document.pages]
    choice = bool(scans) or any(region.boxes for page in document.pages for region in page.regions)
    switch = _switch(view, scanned=bool(scans)) if choice else ""
    style = "\n" + BASE_STYLE + FLOW_STYLE + (SCAN_STYLE if scans else "") + "\n".join(rules) + "\n"
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
            f"{switch}</header>\n<main>",
            *sections,
            "</main>\n</body>\n</html>\n",
        ]
    )


def _switch(view: HtmlView, *, scanned: bool) -> str:
    """The choice of views, as radio buttons that the style sheet asks."""
    names: Sequence[HtmlView] = get_args(HtmlView) if scanned else ("text", "reflow")
    return (
        '<fieldset class="views"><legend>View</legend>'
        + "".join(
            f'<label><input type="radio" name="view" id="view-{name}"{" checked" if name == view else ""}>'
            f"{name.capitalize()}</label>"
            for name in names
        )
        + "</fieldset>"
    )


def _facts(document: Document) -> str:
    count = len(document.pages)
    return f"{count} {'page' if count == 1 else 'pages'}, {document.status.value}"


def _page(page: Page, scan: PageImage | None, rules: list[str]) -> str:
    """The section of a page; adds its style rules."""
    page = with_distinct_ids(page)
    upright = upright_page(page)
    size = upright.size or (scan.size.turned(page.turned) if scan is not None else UNKNOWN_SIZE)
    placed = place_regions(upright.regions, size)
    tongue = language("".join(words_of(region) for region in page.regions))
    lines = [
        f'<section class="page" id="page-{page.number}" aria-label="Page {page.number}">',
        f'<p class="number">Page {page.number}{"" if page.status is PageStatus.OK else ": " + page.status.value}</p>',
    ]
    if page.error is not None or page.status is PageStatus.FAILED:
        lines.append(f'<p class="failure">{_failure(page)}</p>')
    if scan is not None:
        rules.append(f"#page-{page.number}{{--scan:url({data_url(scan)})}}")
    drawn = bool(placed) or scan is not None
    sheet = Sheet(size, tongue, page.turned, scan is not None)
    reflow = Reflow(upright, sheet)
    of_language = f' lang="{tongue}"' if tongue else ""
    if drawn:
        lines += draw_sheet(upright, placed, sheet, rules)
        loose = reflow.loose()
        if loose:
            lines += [f'<section class="loose"{of_language}><h3 lang="en">Without position</h3>', *loose, "</section>"]
    flow = reflow.lines(placed)
    if flow:
        lines += [f'<div class="flow{"" if drawn else " only"}"{of_language}>', *flow, "</div>"]
    rules += reflow.rules
    lines += _issues(page.issues)
    return "\n".join([*lines, "</section>"])


def _failure(page: Page) -> str:
    if page.error is None:
        return "This page failed."
    again = " (running it again may help)" if page.error.retryable else ""
    return f"This page failed: {escape(page.error.type)}: {escape(page.error.message)}{again}"


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
