"""A document and the fields read from it as one HTML file in which a person checks them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files

from deepocr_kit.documents import Document, Issue, PageImage
from deepocr_kit.rendering._characters import clean, escape
from deepocr_kit.rendering._review_fields import Fields
from deepocr_kit.rendering._review_parts import Ids, issue_items
from deepocr_kit.rendering._review_scans import Scans
from deepocr_kit.rendering._review_values import ReviewBox, ReviewField, ReviewList, ReviewState

__all__ = ["CORRECTIONS_FORMAT", "ReviewBox", "ReviewField", "ReviewList", "ReviewState", "render_review"]

CORRECTIONS_FORMAT = "deepocr-corrections/1"
"""What the saved corrections call their form."""

SCRIPTS = ("_review_state.js", "_review_scan.js", "_review_fields.js", "_review_rows.js", "_review_start.js")
"""The script of the page, in the order in which its parts need one another."""

STYLES = ("_review_style.css", "_review_fields.css", "_review_print.css")


def render_review(
    document: Document,
    fields: Sequence[ReviewField] = (),
    *,
    lists: Sequence[ReviewList] = (),
    images: Mapping[int, PageImage] | None = None,
    issues: Sequence[Issue] = (),
    title: str | None = None,
) -> str:
    """The document as a page on which a person checks each field against the scan.

    The scan stands left, the fields right. A field shows its value, its grade
    and the words that prove it, and lights up where they stand; a value that
    nothing proves is loud. Values can be corrected and confirmed, rows of lists taken out and
    added, and the corrections saved as JSON; nothing is sent anywhere. One file that loads
    nothing: a content security policy names the hashes of its one style sheet
    and its one script. Without scripts everything can still be read, and links
    lead from a field to its box.

    Args:
        document: The pages, with their regions and issues.
        fields: In the order of the schema; paths are unique.
        lists: Lists to which a person can add rows; one that has rows among ``fields`` need not be here.
        images: Scans by 0-based page index. Without them the words of the regions are drawn.
        issues: Of the document as a whole.
        title: Of the file; the source's name by default.

    Raises:
        RenderError: An image is neither JPEG, PNG nor WebP.
        ValueError: Two fields have the same path.
    """
    if len({one.path for one in fields}) < len(fields):
        raise ValueError("two fields have the same path")
    region_ids = Ids("r=", (region.id for region in document.regions))
    field_ids = Ids("f=", (one.path for one in fields))
    used: dict[str, list[ReviewState]] = {}
    for one in fields:
        for name in one.region_ids:
            used.setdefault(name, []).append(one.state)
    scans = Scans(images or {}, region_ids, used)
    sections = "\n".join(scans.page(page) for page in document.pages)
    style = "\n" + "".join(map(_asset, STYLES)) + "\n".join(scans.rules) + "\n"
    script = '\n"use strict";\n(() => {\n' + "\n".join(map(_asset, SCRIPTS)) + "})();\n"
    heading = escape(title or document.source.name or "Document")
    drawn = Fields(fields, field_ids, region_ids, lists)
    body = drawn.html()
    data = _data(document, drawn, field_ids, region_ids)
    return _asset("_review_page.html").format(
        policy=(
            f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'"
        ),
        heading=heading,
        facts=_facts(document, fields),
        style=style,
        scans=sections or '<p class="empty">The document has no pages.</p>',
        count=len(document.pages),
        issues=_all_issues(document, fields, issues, field_ids, region_ids),
        fields=body or _NO_FIELDS,
        check=sum(one.state is not ReviewState.PROVED for one in fields),
        total=len(fields),
        data=data,
        script=script,
    )


def _asset(name: str) -> str:
    return files("deepocr_kit.rendering").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _facts(document: Document, fields: Sequence[ReviewField]) -> str:
    pages, count = len(document.pages), len(fields)
    return f"{pages} {'page' if pages == 1 else 'pages'} · {count} {'field' if count == 1 else 'fields'}" + (
        f" · {document.status.value}" if document.status.value != "ok" else ""
    )


def _all_issues(
    document: Document, fields: Sequence[ReviewField], issues: Sequence[Issue], field_ids: Ids, region_ids: Ids
) -> str:
    """Every issue once more in one list, each with a link to its place."""
    items = issue_items(issues, region_ids)
    for one in fields:
        items += issue_items(one.issues, region_ids, field=(field_ids[one.path], one.name))
    for page in document.pages:
        items += issue_items([issue.model_copy(update={"page_index": page.index}) for issue in page.issues], region_ids)
    if not items:
        return '<p class="none-here">No issues.</p>'
    return (
        f'<details class="all-issues"><summary>{len(items)} {"issue" if len(items) == 1 else "issues"}</summary>'
        f'<ul class="issues">{"".join(items)}</ul></details>'
    )


def _data(document: Document, drawn: Fields, field_ids: Ids, region_ids: Ids) -> str:
    """What the script needs to know, as JSON that cannot end its element."""
    turns = {page.index: page.turned for page in document.pages}
    facts = {
        "format": CORRECTIONS_FORMAT,
        "document": {"name": clean(document.source.name), "sha256": document.source.sha256},
        "fields": [
            {
                "id": field_ids[one.path],
                "path": clean(one.path),
                "name": clean(one.full_name),
                "value": clean(one.value),
                "state": one.state.value,
                "regions": [clean(name) for name in one.region_ids],
                "places": [region_ids[name] for name in one.region_ids if name in region_ids],
                "boxes": [[box.page_index, *_corners(box, turns.get(box.page_index, 0))] for box in one.boxes],
            }
            for one in drawn.in_order()
        ],
        "lists": drawn.lists,
    }
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _corners(box: ReviewBox, turned: int) -> list[float]:
    """On the page as it is shown, upright."""
    shown = box.bbox.turned(turned)
    return [round(value, 6) for value in (shown.x0, shown.y0, shown.x1, shown.y1)]


_NO_FIELDS = (
    '<div class="empty"><p><strong>No fields.</strong></p><p>This document was read without a schema. '
    "Its regions are on the left: click one to see what was read there.</p></div>"
)
