"""Turns a clean drawing into something that went through a pocket and a scanner.

Everything random comes from one seeded generator, so the same drawing gives
the same picture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

__all__ = ["Age", "scan"]


@dataclass(frozen=True, slots=True)
class Age:
    """What happened to a sheet.

    Attributes:
        seed: Of everything random.
        skew: Degrees by which it lay askew, counter-clockwise.
        scale: Scanned pixels per drawn pixel.
        margin: How much of the scanner's lid shows around the sheet: left, top, right, bottom, in scanned pixels.
        creases: Where it had been folded, as shares of its height.
        blur: Radius in scanned pixels.
        grain: Strength of the sensor's noise, in grey levels.
        shade: Brightness of the darker side, 1 for even light.
        quality: Of the JPEG.
    """

    seed: int
    skew: float
    scale: float = 0.5
    margin: tuple[int, int, int, int] = (40, 40, 40, 40)
    creases: tuple[float, ...] = ()
    blur: float = 0.6
    grain: float = 7.0
    shade: float = 0.86
    quality: int = 72


LID = (226, 226, 222)
"""The inside of a scanner's lid: nearly white, greyer than paper."""


def scan(sheet: Image.Image, age: Age) -> Image.Image:
    """The sheet as a scanner sees it after ``age``."""
    dice = random.Random(age.seed)
    worn = _fold(_wear_ink(sheet, dice), age.creases, dice)
    small = worn.resize(
        (round(worn.width * age.scale), round(worn.height * age.scale)),
        Image.Resampling.LANCZOS,
    )
    page = _lay_on_glass(small, age)
    page = _light(page, age.shade, dice)
    page = page.filter(ImageFilter.GaussianBlur(age.blur))
    return _add_grain(page, age.grain, dice)


def _noise(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """Even noise, one byte a pixel."""
    return Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))


def _clouds(size: tuple[int, int], cells: int, dice: random.Random) -> Image.Image:
    """Slow noise: a coarse random grid, blown up smoothly."""
    grid = (max(size[0] // cells, 2), max(size[1] // cells, 2))
    return _noise(grid, dice).resize(size, Image.Resampling.BICUBIC)


def _wear_ink(sheet: Image.Image, dice: random.Random) -> Image.Image:
    """Let some of the paper shine through the ink, unevenly, as worn ribbons and thermal heads do."""
    fine = _noise(sheet.size, dice).filter(ImageFilter.GaussianBlur(1.6))
    fine = ImageOps.autocontrast(fine, cutoff=1)
    slow = _clouds(sheet.size, 180, dice)
    lift = Image.blend(fine, slow, 0.45).point([round(value * 0.34) for value in range(256)])
    lifted = ImageChops.add(sheet, Image.merge("RGB", (lift, lift, lift)))
    return ImageChops.darker(lifted, Image.new("RGB", sheet.size, sheet.getpixel((2, 2))))


def _fold(sheet: Image.Image, creases: tuple[float, ...], dice: random.Random) -> Image.Image:
    """Draw soft creases: a dark line with a light one beside it."""
    marks = Image.new("L", sheet.size, 128)
    pen = ImageDraw.Draw(marks)
    for share in creases:
        y = sheet.height * share
        points = [(x, y + dice.uniform(-3, 3)) for x in range(0, sheet.width + 60, 60)]
        pen.line(points, fill=96, width=9)
        pen.line([(x, y + 9) for x, y in points], fill=150, width=9)
    marks = marks.filter(ImageFilter.GaussianBlur(5))
    wrinkles = _clouds(sheet.size, 260, dice).point([120 + value * 16 // 255 for value in range(256)])
    relief = ImageChops.add(marks, wrinkles, scale=1, offset=-128)
    return ImageChops.add(sheet, Image.merge("RGB", (relief, relief, relief)), scale=1, offset=-128)


def _lay_on_glass(sheet: Image.Image, age: Age) -> Image.Image:
    """Turn the sheet a little and put it on the glass, with a soft shadow at its edge."""
    left, top, right, bottom = age.margin
    size = (sheet.width + left + right, sheet.height + top + bottom)
    glass = Image.new("RGB", size, LID)
    cover = Image.new("L", size, 0)
    cover.paste(255, (left, top, left + sheet.width, top + sheet.height))
    placed = Image.new("RGB", size, LID)
    placed.paste(sheet, (left, top))
    cover = cover.rotate(age.skew, Image.Resampling.BICUBIC)
    placed = placed.rotate(age.skew, Image.Resampling.BICUBIC, fillcolor=LID)
    shadow = ImageChops.offset(cover, 5, 6).filter(ImageFilter.GaussianBlur(7))
    glass.paste((176, 176, 172), (0, 0), shadow)
    glass.paste(placed, (0, 0), cover.filter(ImageFilter.GaussianBlur(0.7)))
    return glass


def _light(page: Image.Image, shade: float, dice: random.Random) -> Image.Image:
    """Darken towards one corner, a little unevenly."""
    slope = Image.linear_gradient("L").rotate(dice.choice((25, 60, 120)), expand=False).resize(page.size)
    slope = slope.filter(ImageFilter.GaussianBlur(60))
    low = round(255 * shade)
    light = slope.point([low + (255 - low) * value // 255 for value in range(256)])
    return ImageChops.multiply(page, Image.merge("RGB", (light, light, light)))


def _add_grain(page: Image.Image, grain: float, dice: random.Random) -> Image.Image:
    """Sensor noise: the mean of three dice is close to a bell curve."""
    layers = [_noise(page.size, dice) for _ in range(3)]
    mean = Image.blend(Image.blend(layers[0], layers[1], 0.5), layers[2], 1 / 3)
    factor = grain / 42
    noise = mean.point([max(0, min(255, round(128 + (value - 128) * factor))) for value in range(256)])
    noise = noise.filter(ImageFilter.GaussianBlur(0.45))
    return ImageChops.add(page, Image.merge("RGB", (noise, noise, noise)), scale=1, offset=-128)
