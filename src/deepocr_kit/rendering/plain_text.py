"""A document as plain text that keeps its layout."""

from __future__ import annotations

from deepocr_kit.documents import Document, Page
from deepocr_kit.layout import DEFAULT_OPTIONS, DEFAULT_WIDTH, TextOptions, layout_text
from deepocr_kit.rendering._blocks import failed_page
from deepocr_kit.rendering._characters import clean

__all__ = ["render_text"]

PAGE_BREAK = "\n\f\n"
"""Between two pages, as pdftotext does it."""


def render_text(document: Document, *, max_width: int = DEFAULT_WIDTH, options: TextOptions = DEFAULT_OPTIONS) -> str:
    """The words of all pages where they stand, a form feed between pages.

    A page that failed is one line that says so. Control characters and lone
    surrogates are replaced by U+FFFD, so that printing the text is safe.

    Args:
        document: What to write.
        max_width: Widest line in terminal cells; longer ones are wrapped.
        options: What is left out and what is marked, and how tables are written.

    Returns:
        Lines, with a line break at the end unless there are none.

    Raises:
        ValueError: ``max_width`` is below 20.
    """
    pages = [_page(page, max_width, options) for page in document.pages]
    return PAGE_BREAK.join(pages) + ("\n" if pages else "")


def _page(page: Page, max_width: int, options: TextOptions) -> str:
    text = clean(layout_text(page, max_width=max_width, options=options))
    failed = failed_page(page)
    if failed is None:
        return text
    return f"[page {failed}]" + (f"\n{text}" if text else "")
