"""What is let in, and in which form it goes on."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["DEFAULT_POLICY", "ImageEncoding", "InputFormat", "InputPolicy"]

ImageEncoding = Literal["jpeg", "png"]
"""How a page is encoded when it cannot be passed on as it is."""

MAX_PIXELS_CEILING = 178_956_970
"""Largest ``max_pixels`` that can be asked for.

Above it Pillow refuses to open a picture (twice ``Image.MAX_IMAGE_PIXELS``), and so does vLLM, which answers 500.
"""


class InputFormat(StrEnum):
    """A file format that can become pages; recognised by its first bytes, never by its name."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    BMP = "bmp"
    GIF = "gif"
    TIFF = "tiff"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """E.g. ``image/png``."""
        return "application/pdf" if self is InputFormat.PDF else f"image/{self.value}"


class InputPolicy(BaseModel):
    """The limits for one source. Every default is small enough for untrusted files.

    Attributes:
        formats: What is opened at all.
        max_bytes: Largest source, in bytes.
        max_pixels: Largest page, in pixels. A larger picture is refused before it
            is decoded; a larger PDF page is rendered with fewer dots per inch.
        max_pages: Most pages of one source; a source with more is refused whole.
        min_side: Shortest side of a page, in pixels. Nothing is legible below it.
        max_side: Longest side of a page, in pixels; larger pages are scaled down to it. None: no such limit.
        dpi: Dots per inch at which PDF pages are rendered.
        encoding: How a page is encoded that cannot be passed on as it is.
        jpeg_quality: Pillow's JPEG quality.
        pdf_memory_bytes: Address space of the process that renders PDF pages.
        pdf_cpu_seconds: CPU time for one PDF page, and for opening the file.
        pdf_wall_seconds: Time by the clock for one PDF page, and for opening the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    formats: frozenset[InputFormat] = frozenset(InputFormat)
    max_bytes: int = Field(default=256 * 1024**2, ge=1)
    max_pixels: int = Field(default=80_000_000, ge=1, le=MAX_PIXELS_CEILING)
    max_pages: int = Field(default=1000, ge=1)
    min_side: int = Field(default=8, ge=1)
    max_side: int | None = Field(default=None, ge=1)
    dpi: float = Field(default=200.0, gt=0, le=2400)
    encoding: ImageEncoding = "jpeg"
    jpeg_quality: int = Field(default=90, ge=1, le=100)
    pdf_memory_bytes: int = Field(default=2 * 1024**3, ge=256 * 1024**2)
    pdf_cpu_seconds: int = Field(default=30, ge=1)
    pdf_wall_seconds: float = Field(default=60.0, gt=0)


DEFAULT_POLICY = InputPolicy()
"""The policy of ``open_source`` when none is given."""
