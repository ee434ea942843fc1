"""Splits a source that holds several documents one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from deepocr_kit.documents.document import Document
from deepocr_kit.documents.labels import RegionLabel
from deepocr_kit.documents.page import Page, PageStatus

__all__ = ["FirstPage", "split_document"]

FirstPage: TypeAlias = str | re.Pattern[str] | RegionLabel | Callable[[Page], bool]
"""What the first page of a document has: a text that a regular expression finds, a region
with a label, or whatever a function says."""


def split_document(
    document: Document, *, every: int | None = None, first_page: FirstPage | None = None, blank_pages: bool = False
) -> tuple[Document, ...]:
    """The documents in a file of several, in order; together they have all pages, blank separators apart.

    Pages keep their index and regions their ids, so evidence found in a part
    points at the pages of the whole file.

    Args:
        document: The whole file.
        every: A new document begins after so many pages.
        first_page: A new document begins at every page that has this. Pages before
            the first such page are a document of their own.
        blank_pages: A page without any text separates documents and belongs to none. A
            page that failed is not blank.

    Raises:
        ValueError: No rule, ``every`` together with another one, or ``every`` below 1.
    """
    if (every is not None and (first_page is not None or blank_pages)) or not (
        every is not None or first_page is not None or blank_pages
    ):
        raise ValueError("split by every, or by first_page and blank_pages")
    if every is not None and every < 1:
        raise ValueError(f"every must be at least 1, got {every!r}")
    is_first = _nowhere if first_page is None else _rule(first_page)
    groups = _every(document.pages, every) if every else _grouped(document.pages, is_first, blank_pages=blank_pages)
    return tuple(document.model_copy(update={"pages": tuple(group)}) for group in groups)


def _every(pages: tuple[Page, ...], count: int) -> Iterator[tuple[Page, ...]]:
    return (pages[start : start + count] for start in range(0, len(pages), count))


def _grouped(pages: Iterable[Page], is_first: Callable[[Page], bool], *, blank_pages: bool) -> list[list[Page]]:
    groups: list[list[Page]] = [[]]
    for page in pages:
        blank = blank_pages and page.status is not PageStatus.FAILED and not _text(page).strip()
        if blank or is_first(page):
            groups.append([])
        if not blank:
            groups[-1].append(page)
    return [group for group in groups if group]


def _rule(first_page: FirstPage) -> Callable[[Page], bool]:
    # a label is a string as well
    if isinstance(first_page, RegionLabel):
        return lambda page: any(region.label is first_page for region in page.regions)
    if isinstance(first_page, str | re.Pattern):
        pattern = re.compile(first_page)
        return lambda page: pattern.search(_text(page)) is not None
    return first_page


def _nowhere(_page: Page) -> bool:
    return False


def _text(page: Page) -> str:
    return "\n".join(region.text for region in page.regions)
