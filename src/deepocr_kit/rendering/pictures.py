"""Regions drawn over the scan, and the parts of the scan that are pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping

from PIL import Image, ImageDraw, ImageFont

from deepocr_kit.documents import Document, Page, PageImage, RegionLabel, with_distinct_ids
from deepocr_kit.geometry import BBox
from deepocr_kit.inputs import decode_rgb
from deepocr_kit.rendering._html_text import PICTURES

__all__ = ["crop_pictures", "crop_regions", "draw_regions"]

_LINE_SHARE = 1 / 500
_NAME_SHARE = 0.5
_NAME_HEIGHT_MIN = 9
_NAME_HEIGHT_MAX = 1 / 70
"""Names are half as high as the boxes they stand at, but at least so many pixels and at most this share of the page."""

_COLORS = {
    RegionLabel.TITLE: "#b3261e",
    RegionLabel.SECTION_HEADER: "#a8480b",
    RegionLabel.TABLE: "#0b6b3a",
    RegionLabel.PICTURE: "#7a3db8",
    RegionLabel.CHART: "#7a3db8",
    RegionLabel.SEAL: "#7a3db8",
    RegionLabel.FORMULA: "#00687a",
    RegionLabel.CAPTION: "#6d5e00",
    RegionLabel.PAGE_HEADER: "#5f6368",
    RegionLabel.PAGE_FOOTER: "#5f6368",
}
_OTHER_COLOR = "#1a56c4"


def draw_regions(image: PageImage | Image.Image, page: Page, *, names: bool = True) -> Image.Image:
    """The page with a frame around every box, in the color of its label.

    Args:
        image: The page as it was handed in; the boxes are in its frame, whatever its size.
        page: Its regions, in reading order.
        names: Whether each region's place in the reading order, counted from 1, stands at its first box, with its
            label unless that is plain text.

    Returns:
        A new picture, mode ``RGB``, of the size of ``image``.

    Raises:
        InputError: ``image`` is a ``PageImage`` that cannot be decoded.
    """
    picture = _pixels(image).copy()
    draw = ImageDraw.Draw(picture)
    width = max(1, round(_LINE_SHARE * max(picture.size)))
    for region in page.regions:
        for box in region.boxes:
            draw.rectangle(_corners(box, picture), outline=_COLORS.get(region.label, _OTHER_COLOR), width=width)
    # names last, so that no frame runs through them
    for number, region in enumerate(page.regions, 1):
        if names and region.boxes:
            name = str(number) if region.label is RegionLabel.TEXT else f"{number} {region.label.value}"
            frame = _corners(region.boxes[0], picture)
            size = min(_NAME_SHARE * (frame[3] - frame[1]), _NAME_HEIGHT_MAX * max(picture.size))
            font = ImageFont.load_default(max(size, _NAME_HEIGHT_MIN))
            _draw_name(draw, frame, name, font, _COLORS.get(region.label, _OTHER_COLOR))
    return picture


def crop_regions(
    image: PageImage | Image.Image, page: Page, *, labels: Collection[RegionLabel] = PICTURES
) -> dict[str, Image.Image]:
    """The part of the scan inside the union of a region's boxes, by region id.

    Args:
        image: The page as it was handed in; the boxes are in its frame.
        page: Its regions.
        labels: Which regions; those without a box are left out.

    Returns:
        Pictures of mode ``RGB``, at least one pixel wide and high, lying as in ``image``.

    Raises:
        InputError: ``image`` is a ``PageImage`` that cannot be decoded.
    """
    wanted = [(region.id, region.bbox) for region in with_distinct_ids(page).regions if region.label in labels]
    placed = [(name, box) for name, box in wanted if box is not None]
    if not placed:
        return {}
    picture = _pixels(image)
    return {name: picture.crop(_grown(_corners(box, picture))) for name, box in placed}


def crop_pictures(document: Document, images: Mapping[int, PageImage]) -> dict[tuple[int, str], tuple[str, bytes]]:
    """A file for every picture, chart and seal whose page has its scan, upright.

    Args:
        document: Read from the scans.
        images: Scans by 0-based page index.

    Returns:
        File name and PNG bytes by 0-based page index and region id. Names are made of letters, digits and hyphens,
        and never repeat.

    Raises:
        InputError: A scan cannot be decoded.
    """
    files: dict[tuple[int, str], tuple[str, bytes]] = {}
    for page in document.pages:
        if page.index not in images:
            continue
        for region_id, crop in crop_regions(images[page.index], page).items():
            upright = crop.rotate(-90 * page.turned, expand=True) if page.turned else crop
            name = re.sub(r"[^A-Za-z0-9]", "", region_id)[:40]
            encoded = io.BytesIO()
            upright.save(encoded, "PNG")
            files[page.index, region_id] = f"page-{page.number}-{len(files) + 1}-{name}.png", encoded.getvalue()
    return files


def _pixels(image: PageImage | Image.Image) -> Image.Image:
    return decode_rgb(image) if isinstance(image, PageImage) else image.convert("RGB")


def _corners(box: BBox, picture: Image.Image) -> tuple[int, int, int, int]:
    width, height = picture.size
    return round(box.x0 * width), round(box.y0 * height), round(box.x1 * width), round(box.y1 * height)


def _grown(corners: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = corners
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def _draw_name(
    draw: ImageDraw.ImageDraw,
    frame: tuple[int, int, int, int],
    name: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    color: str,
) -> None:
    """White on the frame's color: before the frame where there is room, else above it, else inside."""
    x0, y0, _, _ = frame
    left, top, right, bottom = draw.textbbox((0, 0), name, font=font)
    pad = max(1, round((bottom - top) / 5))
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    x, y = (x0 - width, y0) if x0 >= width else (x0, y0 - height) if y0 >= height else (x0, y0)
    draw.rectangle((x, y, x + width, y + height), fill=color)
    draw.text((x + pad - left, y + pad - top), name, font=font, fill="white")
