"""The picture of a page as PDF wants it: JPEG as it is, all else without loss."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from deepocr_kit.documents import PageImage
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import Size

__all__ = ["PdfPicture", "pdf_picture"]

_HEADER = struct.Struct(">IIBBBBB")
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_JPEG_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB"}
_PNG_SPACES = {0: ("/DeviceGray", 1), 2: ("/DeviceRGB", 3)}
"""Colour space and channels by PNG's colour type; others are converted first."""


@dataclass(frozen=True, slots=True)
class PdfPicture:
    """The stream of a picture and what its dictionary says.

    Attributes:
        data: Encoded.
        size: In pixels.
        space: PDF's name of the colour space.
        bits: Per channel.
        channels: Of a PNG stream, whose rows have PNG's predictors; 0 for a JPEG.
    """

    data: bytes
    size: Size
    space: str
    bits: int
    channels: int


def pdf_picture(scan: PageImage) -> PdfPicture:
    """The scan as a PDF picture.

    Raises:
        RenderError: It is neither JPEG, PNG nor WebP, or it is damaged.
    """
    kind = _FORMATS.get(scan.media_type)
    if kind is None:
        raise RenderError(
            f"page {scan.page_number}: a scan of type {scan.media_type!r} cannot be put into a PDF; "
            f"use one of {', '.join(sorted(_FORMATS))}"
        )
    try:
        with Image.open(io.BytesIO(scan.data), formats=(kind,)) as picture:
            if kind == "JPEG" and len(picture.getbands()) in _JPEG_SPACES:
                return PdfPicture(scan.data, Size(*picture.size), _JPEG_SPACES[len(picture.getbands())], 8, 0)
            if kind == "PNG" and _fits(scan.data):
                return _rows(scan.data)
            converted = picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # an error of Pillow may quote an address of the heap, so only its kind is told
        raise RenderError(f"page {scan.page_number}: the scan is damaged ({type(error).__name__})") from None
    converted.info.clear()  # or a colour that stands for transparency would be written again
    buffer = io.BytesIO()
    converted.save(buffer, "PNG")
    return _rows(buffer.getvalue())


def _fits(data: bytes) -> bool:
    """Whether PDF takes the rows of this PNG as they are: no palette, no transparency, not interlaced."""
    _, _, bits, color, _, _, interlaced = _HEADER.unpack_from(data, 16)
    return not interlaced and color in _PNG_SPACES and bits <= 8 and all(kind != b"tRNS" for kind, _ in _chunks(data))


def _rows(data: bytes) -> PdfPicture:
    """The rows of a PNG, still packed."""
    width, height, bits, color, _, _, _ = _HEADER.unpack_from(data, 16)
    space, channels = _PNG_SPACES[color]
    rows = b"".join(content for kind, content in _chunks(data) if kind == b"IDAT")
    return PdfPicture(rows, Size(width, height), space, bits, channels)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk of a PNG."""
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
