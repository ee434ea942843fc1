"""Short ways to build the values that a test needs."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from deepocr_kit.documents import (
    Document,
    Page,
    PageImage,
    PageStatus,
    Region,
    RegionLabel,
    SourceInfo,
    TextFormat,
)
from deepocr_kit.geometry import BBox, Size

__all__ = ["build_document", "build_page", "build_page_image", "build_region"]


def build_page_image(
    *,
    width: int = 200,
    height: int = 280,
    color: str = "white",
    ink: bool = True,
    page_index: int = 0,
    media_type: str = "image/png",
) -> PageImage:
    """A page of one colour with hatching all over, really encoded.

    Args:
        width: Pixels.
        height: Pixels.
        color: A Pillow colour name.
        ink: Whether it is hatched, so that there is ink wherever an answer claims text; else it is blank paper.
        page_index: 0-based.
        media_type: ``image/png`` or ``image/jpeg``.
    """
    buffer = io.BytesIO()
    kind = {"image/png": "PNG", "image/jpeg": "JPEG"}[media_type]
    picture = Image.new("RGB", (width, height), color)
    if ink:
        pen = ImageDraw.Draw(picture)
        step = max(8, max(width, height) // 28)
        for start in range(-height, width, step):
            pen.line((start, 0, start + height, height), fill="black", width=max(2, step // 5))
    picture.save(buffer, kind)
    return PageImage(
        data=buffer.getvalue(),
        media_type=media_type,
        size=Size(width, height),
        page_index=page_index,
        source_name="built",
    )


def build_region(
    content: str = "text",
    box: tuple[float, float, float, float] | None = (0.1, 0.1, 0.9, 0.15),
    *,
    region_id: str = "p1r1",
    label: RegionLabel = RegionLabel.TEXT,
    confidence: float | None = None,
) -> Region:
    """A region with plain content.

    Args:
        content: Becomes ``content`` and ``text``.
        box: Corners in the unit frame, or None for a region without a box.
        region_id: Its id.
        label: Its label; also written as ``raw_label``.
        confidence: 0..1 or None.
    """
    return Region(
        id=region_id,
        label=label,
        raw_label=label.value,
        boxes=() if box is None else (BBox.of(*box),),
        content=content,
        format=TextFormat.PLAIN,
        text=content,
        confidence=confidence,
    )


def build_page(
    *regions: Region | str | tuple[str, tuple[float, float, float, float]],
    index: int = 0,
    size: Size | None = None,
    status: PageStatus = PageStatus.OK,
) -> Page:
    """A page of regions.

    Args:
        regions: Whole regions (kept as they are), texts, or (text, box) pairs. Texts
            without a box are put one under the other. Ids are given in order.
        index: 0-based page.
        size: Pixels; 1000 x 1400 by default.
        status: Of the page.
    """
    built = []
    for position, item in enumerate(regions):
        if isinstance(item, Region):
            built.append(item)
            continue
        top = min(0.02 + 0.03 * position, 0.97)
        text, box = item if isinstance(item, tuple) else (item, (0.1, top, 0.9, top + 0.02))
        built.append(build_region(text, box, region_id=f"p{index + 1}r{position + 1}"))
    return Page(index=index, size=size or Size(1000, 1400), regions=tuple(built), model="built", status=status)


def build_document(*pages: Page | str, name: str = "built.png") -> Document:
    """A document of pages; a text becomes a page with one region per line."""
    built = tuple(
        page if isinstance(page, Page) else build_page(*page.splitlines(), index=index)
        for index, page in enumerate(pages)
    )
    return Document(source=SourceInfo(name=name, media_type="image/png"), pages=built)
