"""How finely a picture is scanned, and what it is with its pixels made square."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import ExifTags, Image

from deepocr_kit.geometry import Size
from deepocr_kit.inputs.policy import InputPolicy

__all__ = ["Raster", "read_dpi", "square_pixels"]

STRETCH_MIN = 1.2
"""Pixels less oblong than this stay as they are: letters are read as well, and small differences are often slips. A fax
in coarse mode has 204 x 98 dots per inch, one in fine mode 204 x 196."""
STRETCH_MAX = 4.0
"""Pixels more oblong than this are a slip in the file; 300 x 1200 dots per inch do occur."""

_DPI_SANE = (10.0, 10_000.0)
"""Dots per inch outside of this are a slip or a file without any."""

_TURNED_ON_ITS_SIDE = range(5, 9)
"""Orientations that swap width and height (EXIF 3.0, tag 274)."""


@dataclass(frozen=True, slots=True)
class Raster:
    """How finely a page is scanned.

    Attributes:
        size: Pixels.
        dpi: Dots per inch, across and down, when known.
    """

    size: Size
    dpi: float | None


def read_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Dots per inch across and down that a picture claims, when both are plausible; asked before it is loaded."""
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    if not all(_DPI_SANE[0] <= value <= _DPI_SANE[1] for value in (across, down)):
        return None
    # Pillow gives a TIFF the size it will have when it has turned itself, but the resolution it had before.
    on_its_side = getattr(image, "tag_v2", {}).get(ExifTags.Base.Orientation) in _TURNED_ON_ITS_SIDE
    return (down, across) if on_its_side else (across, down)


def square_pixels(size: Size, dpi: tuple[float, float] | None, policy: InputPolicy) -> Raster:
    """The raster of a picture with its pixels made square.

    The coarser axis gets more pixels, or where they would become more than
    ``max_pixels``, the finer axis fewer. Boxes, being shares of the page, stay
    what they are.

    Args:
        size: Pixels of the picture.
        dpi: Across and down, when known.
        policy: Says ``max_pixels``.
    """
    if dpi is None:
        return Raster(size, None)
    finer, coarser = max(dpi), min(dpi)
    if not STRETCH_MIN <= finer / coarser <= STRETCH_MAX:
        return Raster(size, finer)
    common = finer if size.pixels * finer / coarser <= policy.max_pixels else coarser
    across, down = (
        max(1, round(side * common / own)) for side, own in zip((size.width, size.height), dpi, strict=True)
    )
    return Raster(Size(across, down), common)
