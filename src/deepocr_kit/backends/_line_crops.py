"""Pictures of the lines that tell best how a page lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from deepocr_kit.geometry import BBox

__all__ = ["LineCrops", "line_crops"]

MAX_LINES = 15
"""Lines that are looked at, longest first; each costs the engine about two milliseconds."""

MIN_ASPECT = 2.0
"""Shortest line, length over height; a word of three letters can lie any way."""


@dataclass(frozen=True, slots=True)
class LineCrops:
    """Lines of a page.

    Attributes:
        pictures: Of the longest lines of the larger kind, lying; tall ones after a quarter turn against the clock.
        lines: How many lines are long enough.
        sideways: How many of them are taller than wide.
    """

    pictures: tuple[Image.Image, ...]
    lines: int
    sideways: int


def line_crops(picture: Image.Image, boxes: Sequence[BBox]) -> LineCrops:
    """The lines of a page that can tell how it lies.

    Args:
        picture: The whole page.
        boxes: One per line, in the unit frame.
    """
    wide: list[tuple[float, BBox]] = []
    tall: list[tuple[float, BBox]] = []
    for box in boxes:
        width, height = box.width * picture.width, box.height * picture.height
        if min(width, height) >= 1 and max(width, height) >= MIN_ASPECT * min(width, height):
            (wide if width > height else tall).append((max(width, height), box))
    larger = max(wide, tall, key=len)
    longest = sorted(larger, key=lambda line: -line[0])[:MAX_LINES]
    pictures = [_crop(picture, box) for _, box in longest]
    if larger is tall:
        pictures = [crop.transpose(Image.Transpose.ROTATE_90) for crop in pictures]
    return LineCrops(tuple(pictures), len(wide) + len(tall), len(tall))


def _crop(picture: Image.Image, box: BBox) -> Image.Image:
    left, top = int(box.x0 * picture.width), int(box.y0 * picture.height)
    right, bottom = int(box.x1 * picture.width) + 1, int(box.y1 * picture.height) + 1
    return picture.crop((left, top, min(right, picture.width), min(bottom, picture.height)))
