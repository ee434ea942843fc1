"""Small grey pictures of pages, taken while their pixels are at hand, so that no check has to decode a page again."""

from __future__ import annotations

import io

from PIL import Image, ImageFile

from deepocr_kit.documents import THUMBNAIL_SIDE

__all__ = ["draft_thumbnail", "make_thumbnail", "shrink"]

_DRAFT_SHARE = 0.8
"""The decoder may deliver this much less than ``THUMBNAIL_SIDE``; a JPEG shrinks by halves while it is decoded."""


def draft_thumbnail(picture: ImageFile.ImageFile) -> None:
    """Have a JPEG, not yet loaded, decoded in grey and no larger than its thumbnail needs; every byte is still read."""
    scale = min(1.0, _DRAFT_SHARE * THUMBNAIL_SIDE / max(picture.size))
    picture.draft("L", (max(1, int(picture.width * scale)), max(1, int(picture.height * scale))))


def shrink(picture: Image.Image) -> Image.Image:
    """A loaded picture of mode ``L`` or ``RGB``, grey and at most ``THUMBNAIL_SIDE`` pixels long."""
    grey = picture.convert("L")
    grey.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BOX)
    return grey


def make_thumbnail(picture: Image.Image) -> bytes:
    """What ``PageImage.thumbnail`` holds, from a loaded picture of mode ``L`` or ``RGB``."""
    buffer = io.BytesIO()
    shrink(picture).save(buffer, "PPM")
    return buffer.getvalue()
