"""Where a page differs from its paper, as a small black and white picture, with Pillow alone."""

from __future__ import annotations

from itertools import accumulate

from PIL import Image, ImageChops, ImageFilter

__all__ = ["bit_rows", "ink_mask", "light_pixels", "without_runs"]

BLUR_RADIUS = 6
"""Paper is the mean of 13 x 13 pixels around, wider than a stroke and narrower than a shadow: uneven light, grey paper
and dark borders become paper."""

CONTRAST_MIN = 16
"""Ink is darker than its paper by this many of 255 grey levels at least; faint print on a thermal receipt reaches 30,
JPEG noise and the grain of paper stay under 6 at this size, and so does print that shines through from the back."""

CONTRAST_MAX = 40
"""The most that is asked for, however noisy the page."""

NOISE_FACTOR = 4
"""Ink must stand out from the page's own noise, its median difference from the blur, by this factor."""

RUN_MIN = 36
"""Runs of ink as long as this, in mask pixels, are rules, frames, bars or dark areas, not type."""

_RUN = b"\xff" * RUN_MIN


def ink_mask(grey: Image.Image) -> Image.Image:
    """255 where the page is darker than its paper, else 0.

    Light type on a dark ground shows as the ground between its strokes.
    """
    difference = ImageChops.subtract(grey.filter(ImageFilter.BoxBlur(BLUR_RADIUS)), grey)
    threshold = max(CONTRAST_MIN, min(CONTRAST_MAX, NOISE_FACTOR * _median(difference.histogram())))
    return difference.point([255 if value >= threshold else 0 for value in range(256)])


def light_pixels(grey: Image.Image) -> int:
    """How many pixels of a picture are lighter than what lies around; what lies outside of it does not count."""
    difference = ImageChops.subtract(grey, grey.filter(ImageFilter.BoxBlur(BLUR_RADIUS)))
    return sum(difference.histogram()[CONTRAST_MIN:])


def bit_rows(mask: Image.Image) -> list[int]:
    """The rows of a mask from top to bottom, ink as ones, the rightmost pixel in the lowest bit.

    Counting the ink of a box in them is several times as quick as cutting the box out.
    """
    stride = (mask.width + 7) // 8
    packed = mask.convert("1", dither=Image.Dither.NONE).tobytes()
    padding = 8 * stride - mask.width
    return [int.from_bytes(packed[start : start + stride]) >> padding for start in range(0, len(packed), stride)]


def without_runs(mask: Image.Image) -> Image.Image:
    """The mask without its long level and upright runs. Its first and last columns and rows must be empty."""
    level = _strip(mask)
    return _strip(level.transpose(Image.Transpose.TRANSPOSE)).transpose(Image.Transpose.TRANSPOSE)


def _strip(mask: Image.Image) -> Image.Image:
    pixels = bytearray(mask.tobytes())
    end = 0
    while (start := pixels.find(_RUN, end)) >= 0:
        end = pixels.find(0, start)
        pixels[start:end] = bytes(end - start)
    return Image.frombytes("L", mask.size, bytes(pixels))


def _median(histogram: list[int]) -> int:
    half = sum(histogram) / 2
    return next(value for value, seen in enumerate(accumulate(histogram)) if seen >= half)
