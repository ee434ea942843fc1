"""What stands on pages and is no text: photographs with grain, halftone, bar codes, rows of signs, punch holes."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

__all__ = ["PICTURES", "grain", "halftone"]

SIZE = (600, 300)


def grain(seed: int, *, blob: int, strength: float) -> Image.Image:
    """Noise in blobs of so many pixels, with this standard deviation of grey levels."""
    noise = random.Random(seed)
    small = (SIZE[0] // blob, SIZE[1] // blob)
    levels = bytes(max(0, min(255, round(noise.gauss(150, strength)))) for _ in range(small[0] * small[1]))
    return Image.frombytes("L", small, levels).resize(SIZE, Image.Resampling.BICUBIC)


def halftone(seed: int, *, pitch: int, turned: bool) -> Image.Image:
    """Dots in a grid, larger where a soft picture is darker; the grid straight or diagonal."""
    tones = grain(seed, blob=60, strength=60)
    picture = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(picture)
    for row, y in enumerate(range(0, SIZE[1], pitch // 2 if turned else pitch)):
        for x in range(pitch // 2 * (turned and row % 2), SIZE[0], pitch):
            radius = 0.7 * pitch * ((255 - tones.getpixel((x, y))) / 255) ** 0.5
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return picture


def signs(sign: str) -> Image.Image:
    """Two rows of one sign, as on receipts."""
    picture = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(picture)
    for y in (40, 200):
        pen.text((10, y), sign * 40, fill=20, font=ImageFont.load_default(30))
    return picture


def bars() -> Image.Image:
    """A bar code with its ends a little higher, blurred by the scanner."""
    picture = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(picture)
    noise = random.Random(3)
    x = 10
    while x < 590:
        width = noise.choice((2, 2, 4, 6))
        pen.rectangle((x, 100, x + width, 160 if 60 < x < 540 else 175), fill=30)
        x += width + noise.choice((3, 4, 7))
    return picture


def holes() -> Image.Image:
    """Two punch holes."""
    picture = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(picture)
    for x in (80, 420):
        pen.ellipse((x, 100, x + 66, 166), fill=10)
    return picture


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "asterisks": lambda: signs("*"),
    "dashes": lambda: signs("- "),
    "equals signs": lambda: signs("="),
    "a bar code": bars,
    "punch holes": holes,
}
