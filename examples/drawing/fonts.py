"""Finds the Noto CJK fonts that the examples are drawn with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

__all__ = ["FontFiles", "FontsMissingError", "find_fonts"]

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("~/Library/Fonts"),
    Path("/Library/Fonts"),
)

SANS_SC = 2
"""Face of Simplified Chinese in the Noto Sans and Noto Serif collections."""

MONO_SC = 7
"""Face of Noto Sans Mono CJK SC in the Noto Sans collection."""


class FontsMissingError(RuntimeError):
    """The fonts are not installed; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class FontFiles:
    """The font collections in use."""

    sans: Path
    sans_bold: Path
    serif: Path

    def printed(self, pixels: int) -> ImageFont.FreeTypeFont:
        """What a printing house sets forms in."""
        return ImageFont.truetype(self.serif, pixels, index=SANS_SC)

    def plain(self, pixels: int) -> ImageFont.FreeTypeFont:
        """What an office printer writes."""
        return ImageFont.truetype(self.sans, pixels, index=SANS_SC)

    def bold(self, pixels: int) -> ImageFont.FreeTypeFont:
        """Headings."""
        return ImageFont.truetype(self.sans_bold, pixels, index=SANS_SC)

    def till(self, pixels: int) -> ImageFont.FreeTypeFont:
        """What a till or a taximeter writes, every character equally wide."""
        return ImageFont.truetype(self.sans, pixels, index=MONO_SC)

    def till_bold(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The same, struck twice."""
        return ImageFont.truetype(self.sans_bold, pixels, index=MONO_SC)

    def digest(self) -> str:
        """Changes when another version of a font would draw other pixels."""
        whole = hashlib.sha256()
        for path in (self.sans, self.sans_bold, self.serif):
            whole.update(hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()


def find_fonts() -> FontFiles:
    """The Noto CJK collections in the usual font folders.

    Raises:
        FontsMissingError: One of them is nowhere.
    """
    return FontFiles(
        sans=_find("NotoSansCJK-Regular.ttc"),
        sans_bold=_find("NotoSansCJK-Bold.ttc"),
        serif=_find("NotoSerifCJK-Regular.ttc"),
    )


def _find(name: str) -> Path:
    for folder in FONT_FOLDERS:
        for path in sorted(folder.expanduser().glob(f"**/{name}")):
            return path
    raise FontsMissingError(f"{name} is in none of the font folders; on Debian: apt-get install fonts-noto-cjk")
