"""The picture of one page, ready to be recognized."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from deepocr_kit.documents.issue import Issue
from deepocr_kit.geometry import Size

__all__ = ["PageImage"]


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
    """

    data: bytes = field(repr=False)
    media_type: str
    size: Size
    page_index: int = 0
    dpi: float | None = None
    source_name: str = ""
    issues: tuple[Issue, ...] = ()

    @property
    def page_number(self) -> int:
        """1-based page, for people."""
        return self.page_index + 1

    @property
    def sha256(self) -> str:
        """Hex digest of ``data``."""
        return hashlib.sha256(self.data).hexdigest()
