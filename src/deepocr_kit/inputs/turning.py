"""Turns the picture of a page by quarters."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from deepocr_kit.documents import PageImage
from deepocr_kit.inputs.page_pixels import decode_rgb

__all__ = ["turn_image"]

_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""Quarter turns clockwise in Pillow's words, which turns against the clock."""

_JPEG_QUALITY = 95


def turn_image(image: PageImage, quarters: int) -> PageImage:
    """The page after so many quarter turns clockwise, in the same format; the same object after none.

    Raises:
        InputError: As ``decode_rgb``.
    """
    if quarters % 4 == 0:
        return image
    picture = decode_rgb(image).transpose(_TURNS[quarters % 4])
    buffer = io.BytesIO()
    if image.media_type == "image/png":
        picture.save(buffer, "PNG", compress_level=1)
    else:
        picture.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return replace(image, data=buffer.getvalue(), size=image.size.turned(quarters), thumbnail=b"")
