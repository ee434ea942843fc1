"""Pixels of any mode into eight bits per channel, upright, grey or RGB, so that text stays legible."""

from __future__ import annotations

import math
from typing import Literal

from PIL import Image, ImageChops, ImageCms, ImageStat

__all__ = ["Background", "flatten", "turn_upright"]

Background = Literal["white", "black"]
"""What was put behind a transparent picture."""

_DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_FLAT_MODES = ("L", "RGB")
_OPAQUE = 255
_WORD_MAX = 65_535
_PHOTOMETRIC_TAG = 262
_WHITE_IS_ZERO = 0

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation to the turn that undoes it (EXIF 3.0, tag 274)."""


def turn_upright(image: Image.Image, orientation: int) -> Image.Image:
    """Undo an EXIF orientation (1..8)."""
    return image if orientation not in _TURNS else image.transpose(_TURNS[orientation])


def flatten(image: Image.Image) -> tuple[Image.Image, Background]:
    """A loaded picture in mode ``L`` or ``RGB``, and what was put behind transparent pixels.

    May be the same object, when nothing had to be done.

    Raises:
        ValueError: A picture of floats holds something that is not finite.
    """
    if image.mode in _DEEP_MODES:
        return _scale_deep(image), "white"
    if image.has_transparency_data:
        return _flatten_alpha(image.convert("LA").convert("RGBA") if image.mode == "La" else image.convert("RGBA"))
    if image.mode == "LAB":
        return _convert_lab(image), "white"
    if image.mode in _FLAT_MODES:
        return image, "white"
    return image.convert("L" if image.mode == "1" else "RGB"), "white"


def _scale_deep(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and float greys to 8 bits.

    Pillow's own conversion clips at 255, which turns most 16-bit scans white.
    Values that reach the upper half of 16 bits are taken as 16 bits; any other
    range (12 bits in 16, counts, floats) is stretched from black to white.
    """
    whole = image if image.mode == "F" else image.convert("I")
    low, high = (float(value) for value in whole.getextrema())  # type: ignore[arg-type]  # one band: two numbers
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("pixels that are not finite numbers")
    if image.mode != "F" and low >= 0 and _WORD_MAX // 2 < high <= _WORD_MAX:
        low, high = 0.0, float(_WORD_MAX)
    scale = 255.0 / (high - low) if high > low else 0.0
    # A picture of one value is blank paper.
    shift = -low * scale if scale else 255.0
    grey = whole.point(lambda value: value * scale + shift).convert("L")
    return ImageChops.invert(grey) if scale and _white_is_zero(image) else grey


def _white_is_zero(image: Image.Image) -> bool:
    """Whether it is a TIFF whose smallest value means white, which Pillow heeds for 8 bits only."""
    tags = getattr(image, "tag_v2", None)
    return tags is not None and tags.get(_PHOTOMETRIC_TAG) == _WHITE_IS_ZERO


def _convert_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
    assert converted is not None  # it is None only when asked to work in place
    return converted


def _flatten_alpha(image: Image.Image) -> tuple[Image.Image, Background]:
    """Put white behind a transparent picture, or black when white would hide what is on it."""
    alpha = image.getchannel("A")
    if alpha.getextrema()[0] == _OPAQUE:
        return image.convert("RGB"), "white"
    over_black = ImageChops.multiply(image.convert("RGB").convert("L"), alpha)
    over_white = ImageChops.add(over_black, ImageChops.invert(alpha))
    # Light print on nothing: over white it has less than half of the contrast it has over black.
    hidden = 2 * ImageStat.Stat(over_white).stddev[0] < ImageStat.Stat(over_black).stddev[0]
    background: Background = "black" if hidden else "white"
    paper = Image.new("RGB", image.size, background)
    paper.paste(image, mask=alpha)
    return paper, background
