"""Where a page differs from its paper, as a small black and white picture, with Pillow alone."""

from __future__ import annotations

import io
from itertools import accumulate

from PIL import Image, ImageChops, ImageFilter

from deepocr_kit.documents import PageImage

__all__ = ["MASK_SIDE", "decode_small", "ink_mask", "light_mask", "shrink", "without_runs"]

MASK_SIDE = 640
"""Longest side of the mask in pixels. Ten-point type on A4 is then five pixels high, the least that shows lines."""

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

_DRAFT_SHARE = 0.8
"""The decoder may deliver this much less than ``MASK_SIDE``; a JPEG shrinks by halves while it is decoded."""

_RUN = b"\xff" * RUN_MIN


def decode_small(image: PageImage) -> Image.Image | None:
    """The page in grey, at most ``MASK_SIDE`` long; None when its data is no picture of its size."""
    try:
        opened = Image.open(io.BytesIO(image.data), formats=("JPEG", "PNG"))
        if opened.size != (image.size.width, image.size.height):
            return None
        scale = _DRAFT_SHARE * MASK_SIDE / max(opened.size)
        if scale < 1:
            opened.draft("L", (max(1, int(opened.width * scale)), max(1, int(opened.height * scale))))
        return shrink(opened.convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # whoever reads the page says what is wrong with it; here it only cannot be checked
        return None


def shrink(image: Image.Image) -> Image.Image:
    """A grey picture made at most ``MASK_SIDE`` long."""
    scale = MASK_SIDE / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX)


def ink_mask(grey: Image.Image) -> Image.Image:
    """255 where the page is darker than its paper, else 0.

    Light type on a dark ground shows as the ground between its strokes.
    """
    difference = ImageChops.subtract(grey.filter(ImageFilter.BoxBlur(BLUR_RADIUS)), grey)
    threshold = max(CONTRAST_MIN, min(CONTRAST_MAX, NOISE_FACTOR * _median(difference.histogram())))
    return difference.point([255 if value >= threshold else 0 for value in range(256)])


def light_mask(grey: Image.Image) -> Image.Image:
    """255 where a picture is lighter than what lies around, else 0; what lies outside of it does not count."""
    difference = ImageChops.subtract(grey, grey.filter(ImageFilter.BoxBlur(BLUR_RADIUS)))
    return difference.point([255 if value >= CONTRAST_MIN else 0 for value in range(256)])


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
