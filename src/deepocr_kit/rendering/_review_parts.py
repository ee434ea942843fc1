"""Small parts of the review page: ids, links, icons and issues."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from deepocr_kit.documents import Issue, Severity
from deepocr_kit.rendering._characters import clean, escape
from deepocr_kit.rendering._review_values import ReviewState

__all__ = ["STATE_ICONS", "Ids", "icon", "issue_items", "region_links"]

STATE_ICONS = {
    ReviewState.PROVED: ("✓", "Proved"),
    ReviewState.DOUBTFUL: ("?", "Doubtful"),
    ReviewState.UNSUPPORTED: ("!", "Unsupported"),
    ReviewState.MISSING: ("∅", "Missing"),
}
"""A sign and a word for each state, so that no state is told by its colour alone."""

_SEVERITY_ICONS = {Severity.ERROR: "!", Severity.WARNING: "?", Severity.INFO: "i"}


class Ids:
    """Ids of elements, which are the fragments of the deep links as well.

    ``r=p1r7`` is a region, ``f=/total`` a field. What a fragment cannot hold is
    percent-encoded in the id too, so that id and fragment are always equal.

    Args:
        prefix: ``r=`` or ``f=``.
        names: Region ids or paths; one that comes twice gets a suffix.
    """

    def __init__(self, prefix: str, names: Iterable[str]) -> None:
        self._ids: dict[str, str] = {}
        taken: set[str] = set()
        for name in dict.fromkeys(names):
            wanted = prefix + quote(clean(name), safe="/")
            while wanted in taken:
                wanted += "~"
            taken.add(wanted)
            self._ids[name] = wanted

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def __getitem__(self, name: str) -> str:
        return self._ids[name]


def icon(state: ReviewState) -> str:
    """The sign of a state, with its word for those who do not see it."""
    sign, word = STATE_ICONS[state]
    return f'<span class="sign" aria-hidden="true">{sign}</span><span class="unseen">{word}: </span>'


def issue_items(
    issues: Iterable[Issue], regions: Ids, *, field: tuple[str, str] | None = None, at_page: int | None = None
) -> list[str]:
    """A list item for each issue, with links to where it belongs.

    Args:
        issues: Of a page, a field or the document.
        regions: Ids of the regions that can be linked to.
        field: Id and name of the field they are about; None inside of that field.
        at_page: Index of the page at which they are listed, which needs no link.
    """
    return [_issue_item(issue, regions, field, at_page) for issue in issues]


def _issue_item(issue: Issue, regions: Ids, field: tuple[str, str] | None, at_page: int | None) -> str:
    severity = issue.severity.value
    links = []
    if field is not None:
        links.append(f'<a href="#{escape(field[0])}"><bdi>{escape(field[1])}</bdi></a>')
    if issue.region_id is not None:
        links.append(region_links([issue.region_id], regions))
    elif field is None and issue.page_index not in {None, at_page}:
        number = (issue.page_index or 0) + 1
        links.append(f'<a href="#page-{number}">page {number}</a>')
    return (
        f'<li class="issue {severity}"><span class="sign" aria-hidden="true">{_SEVERITY_ICONS[issue.severity]}</span>'
        f"<span><strong>{severity}</strong> <code>{escape(issue.code.value)}</code> "
        f"<bdi>{escape(issue.message)}</bdi>{' ' if links else ''}{' '.join(links)}</span></li>"
    )


def region_links(region_ids: Iterable[str], regions: Ids) -> str:
    """Links to regions; one that the document does not have stays a word."""
    return " ".join(
        f'<a class="to-region" href="#{escape(regions[name])}">{escape(name)}</a>'
        if name in regions
        else f"<code>{escape(name)}</code>"
        for name in region_ids
    )
