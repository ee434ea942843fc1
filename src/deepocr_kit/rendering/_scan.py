"""The scan behind a page's text, as style rules."""

from __future__ import annotations

import base64

from deepocr_kit.documents import PageImage
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import BBox

__all__ = ["IMAGE_TYPES", "crop", "data_url", "scan_rule"]

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Media types of scans that may be put into the page."""


def data_url(scan: PageImage) -> str:
    """The scan as a ``data:`` URL.

    Raises:
        RenderError: It is neither JPEG, PNG nor WebP.
    """
    if scan.media_type not in IMAGE_TYPES:
        raise RenderError(
            f"page {scan.page_number}: a scan of type {scan.media_type!r} cannot be shown; "
            f"use one of {', '.join(sorted(IMAGE_TYPES))}"
        )
    return f"data:{scan.media_type};base64,{base64.b64encode(scan.data).decode()}"


def scan_rule(sheet_id: str, turned: int) -> str:
    """The rule that lays the scan under its sheet, turned upright by so many quarter turns clockwise."""
    sides = "width:100cqh;height:100cqw" if turned % 2 else "width:100cqw;height:100cqh"
    turn = f" rotate({90 * turned}deg)" if turned else ""
    return f"#{sheet_id}::before{{{sides};transform:translate(-50%,-50%){turn}}}"


def crop(box: BBox) -> str:
    """The declarations that show one part of an upright scan; empty when the part is a whole side of it or nothing.

    Args:
        box: The part, in the unit frame.
    """
    if not (0 < box.width < 1 and 0 < box.height < 1):
        return ""
    return (
        f"background:var(--scan) {100 * box.x0 / (1 - box.width):.3f}% {100 * box.y0 / (1 - box.height):.3f}%"
        f"/{100 / box.width:.3f}% {100 / box.height:.3f}%"
    )
