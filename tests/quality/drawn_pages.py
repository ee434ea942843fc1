"""Pages with known ink."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from deepocr_kit.documents import Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.testing import build_region

__all__ = ["PAGE", "draw_lines", "line_boxes", "line_regions", "paper", "with_noise", "with_shadow", "words_of"]

PAGE = Size(1240, 1754)
"""A4 at 150 dpi."""

LINE_HEIGHT = 34
WORDS = (
    "The",
    "goods",
    "that",
    "were",
    "sold",
    "remain",
    "property",
    "of",
    "the",
    "seller",
    "until",
    "they",
    "are",
    "paid",
)


def paper(color: int = 255, size: Size = PAGE) -> Image.Image:
    return Image.new("L", (size.width, size.height), color)


def line_boxes(count: int = 30, size: Size = PAGE) -> list[BBox]:
    """One box for each line that ``draw_lines`` draws."""
    return [BBox.from_pixels(120, 150 + 50 * row, 1100, 150 + 50 * row + LINE_HEIGHT, size) for row in range(count)]


def words_of(row: int) -> str:
    """The words of a line; each line has them in another order, or letters would stand in columns."""
    return " ".join(random.Random(row).sample(WORDS, len(WORDS)))


def line_regions(count: int = 30, size: Size = PAGE) -> list[Region]:
    return [
        build_region(words_of(row), (box.x0, box.y0, box.x1, box.y1), region_id=f"p1r{row + 1}")
        for row, box in enumerate(line_boxes(count, size))
    ]


def draw_lines(picture: Image.Image, count: int = 30, ink: int = 20) -> Image.Image:
    """Lines of type, 50 pixels apart."""
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(23)
    for row in range(count):
        pen.text((125, 152 + 50 * row), words_of(row), fill=ink, font=font)
    return picture


def with_noise(picture: Image.Image, strength: int = 24) -> Image.Image:
    """The grain of a scanner."""
    noise = Image.frombytes("L", picture.size, random.Random(1).randbytes(picture.width * picture.height))
    grain = noise.filter(ImageFilter.BoxBlur(1))
    return Image.blend(picture, grain, strength / 255)


def with_shadow(picture: Image.Image) -> Image.Image:
    """Light from one side, a dark border on the other."""
    slope = (
        Image.linear_gradient("L")
        .rotate(90)
        .resize(picture.size)
        .point([155 + value * 100 // 255 for value in range(256)])
    )
    shaded = Image.composite(picture, paper(0, Size(*picture.size)), slope)
    ImageDraw.Draw(shaded).rectangle((0, 0, 70, picture.height), fill=10)
    return shaded
