"""The picture of one page, ready to be recognized."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field

from deepocr_kit.documents.issue import Issue
from deepocr_kit.geometry import Size

__all__ = ["THUMBNAIL_SIDE", "PageImage"]

THUMBNAIL_SIDE = 640
"""Longest side of a thumbnail in pixels. Ten-point type on A4 is then five pixels high, the least that shows lines."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """An upright RGB page, encoded once.

    Made by ``deepocr_kit.inputs.open_source``. Pixels are decoded by
    ``deepocr_kit.inputs.decode_rgb``.

    Attributes:
        data: The encoded picture (JPEG or PNG).
        media_type: ``image/jpeg`` or ``image/png``.
        size: Pixels of the upright page.
        page_index: 0-based place in its source.
        dpi: Dots per inch, when known.
        source_name: Name of the source, for people.
        issues: What was changed or ignored on the way in.
        thumbnail: The page in grey, at most ``THUMBNAIL_SIDE`` pixels long (a binary PGM file), taken
            while its pixels were at hand; empty when nobody did. Leave it out when you change ``data``.

    Raises:
        ValueError: ``page_index`` is negative, or ``dpi`` no number of dots.
    """

    data: bytes = field(repr=False)
    media_type: str
    size: Size
    page_index: int = 0
    dpi: float | None = None
    source_name: str = ""
    issues: tuple[Issue, ...] = ()
    thumbnail: bytes = field(default=b"", repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.page_index < 0:
            raise ValueError(f"page_index counts from 0, got {self.page_index!r}")
        if self.dpi is not None and not 0 < self.dpi < math.inf:
            raise ValueError(f"dpi is a finite number above 0, or None, got {self.dpi!r}")

    @property
    def page_number(self) -> int:
        """1-based page, for people."""
        return self.page_index + 1

    @property
    def sha256(self) -> str:
        """Hex digest of ``data``."""
        return hashlib.sha256(self.data).hexdigest()
