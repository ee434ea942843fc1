"""A document as a PDF that shows the scans and can be searched."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from deepocr_kit.documents import Document, Page, PageImage
from deepocr_kit.errors import MissingExtraError
from deepocr_kit.geometry import Size
from deepocr_kit.rendering._blocks import Sheet, failed_page, sheets
from deepocr_kit.rendering._characters import clean, language
from deepocr_kit.rendering._lines import Line, spread

__all__ = ["render_searchable_pdf"]

DPI_RANGE = (36.0, 2400.0)
"""Resolutions that are believed; a page without one is made to fit into A4."""

A4_POINTS = (595.276, 841.89)
POINTS_RANGE = (3.0, 14400.0)
"""Shortest and longest side of a page that readers must accept (PDF 32000-1, annex C)."""


def render_searchable_pdf(document: Document, images: Mapping[int, PageImage] | None = None) -> bytes:
    """The scans with the text over them, invisible, so that it can be searched, selected and copied.

    Pages stand upright, in their true size when their ``dpi`` is known, else
    fitted into A4. A JPEG is taken over byte for byte, other pictures without
    loss. Lines stand in reading order, each stretched over its box; blocks of
    several lines are cut into lines. Text without a position is set from the
    top of its page on, so that it is found on its page. A page that failed has a
    note that says so. The same input gives the same bytes. It is no PDF/A,
    which wants metadata and a colour profile.

    Args:
        document: What to write.
        images: Scans by 0-based page index, as they were read; a page without one is white under its text.

    Returns:
        The file.

    Raises:
        MissingExtraError: pikepdf or python-bidi is not installed.
        RenderError: An image is neither JPEG, PNG nor WebP, or is damaged.
    """
    if any(importlib.util.find_spec(name) is None for name in ("pikepdf", "bidi")):
        raise MissingExtraError("a searchable PDF", extra="pdf")
    from deepocr_kit.rendering._pdf_file import PdfPage, write_pdf  # noqa: PLC0415 - needs an optional extra

    scans = images or {}
    pages: list[PdfPage] = []
    for sheet in sheets(document, upright=True):
        page, scan, size = sheet.page, scans.get(sheet.page.index), sheet.size
        if page.size is None and scan is not None:
            size = scan.size.turned(page.turned)
        failed = failed_page(page)
        note = None if failed is None else f"Page {failed}"
        pages.append(PdfPage(*_points(page, size), _lines(sheet), scan, page.turned, note))
    tongue = language("".join(region.text for region in document.regions))
    return write_pdf(pages, clean(document.source.name), tongue)


def _lines(sheet: Sheet) -> list[Line]:
    """All lines in reading order; those without a place come last, from the top of the page on."""
    placed: list[Line] = []
    loose: list[str] = []
    for block in sheet.blocks:
        for line in (*block.lines, *(line for cell in block.cells for line in cell.lines)):
            if line.box is None:
                loose.append(line.text)
            else:
                placed.append(line)
    return placed + list(spread(loose))


def _points(page: Page, size: Size) -> tuple[float, float]:
    """Width and height of a page in points."""
    if page.dpi is not None and DPI_RANGE[0] <= page.dpi <= DPI_RANGE[1]:
        scale = 72 / page.dpi
    else:
        scale = min(A4_POINTS[0] / size.width, A4_POINTS[1] / size.height)
    scale = min(scale, POINTS_RANGE[1] / max(size.width, size.height))
    return max(size.width * scale, POINTS_RANGE[0]), max(size.height * scale, POINTS_RANGE[0])
