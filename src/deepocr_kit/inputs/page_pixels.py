"""The pixels of a finished page, decoded again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

from deepocr_kit.documents import PageImage
from deepocr_kit.errors import UnsupportedFormatError
from deepocr_kit.inputs._pillow import decoding, open_picture
from deepocr_kit.inputs._pixels import flatten
from deepocr_kit.inputs._sniffing import HEAD_BYTES, sniff_format
from deepocr_kit.inputs._thumbnails import draft_thumbnail, shrink
from deepocr_kit.inputs.policy import MAX_PIXELS_CEILING, InputFormat

__all__ = ["decode_rgb", "decode_thumbnail"]


def decode_rgb(image: PageImage) -> Image.Image:
    """The pixels of a page, mode ``RGB``, of the page's ``size``.

    Raises:
        UnsupportedFormatError: Its data is neither JPEG nor PNG.
        DamagedInputError: Its data cannot be decoded, or is not of its size.
    """
    with _opened(image) as picture:
        picture.load()
        return flatten(picture)[0].convert("RGB")


def decode_thumbnail(image: PageImage) -> Image.Image:
    """The page in mode ``L``, at most ``THUMBNAIL_SIDE`` pixels long.

    The thumbnail that the page came with; when it has none, its data is
    decoded, a JPEG no further than needed.

    Raises:
        InputError: As ``decode_rgb``.
    """
    if image.thumbnail:
        with decoding(image.source_name, "thumbnail", max_pixels=MAX_PIXELS_CEILING, page_index=image.page_index):
            return Image.open(io.BytesIO(image.thumbnail), formats=("PPM",)).convert("L")
    with _opened(image) as picture:
        draft_thumbnail(picture)
        picture.load()
        return shrink(flatten(picture)[0])


@contextmanager
def _opened(image: PageImage) -> Iterator[ImageFile.ImageFile]:
    """The page's data, not yet loaded; what goes wrong in the block is translated as well."""
    kind = sniff_format(image.data[:HEAD_BYTES])
    if kind not in (InputFormat.JPEG, InputFormat.PNG):
        raise UnsupportedFormatError(image.source_name, "a PageImage holds JPEG or PNG", "Make it with open_source")
    with decoding(image.source_name, kind.name, max_pixels=MAX_PIXELS_CEILING, page_index=image.page_index):
        opened = open_picture(image.data, kind, max_pixels=MAX_PIXELS_CEILING)
        if opened.image.size != (image.size.width, image.size.height):
            raise ValueError("not the size it says")
        yield opened.image
