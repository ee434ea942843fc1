"""Invisible text of a PDF page, and the codes of its characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

from deepocr_kit.geometry import BBox
from deepocr_kit.rendering._characters import reads_right_to_left
from deepocr_kit.rendering._lines import Line

__all__ = ["ASCENT", "DESCENT", "FULL_WIDTH", "HALF_WIDTH", "WIDTHS", "Codes", "text_stream"]

SPACE_WIDTH, HALF_WIDTH, FULL_WIDTH = WIDTHS = (300, 500, 1000)
"""Widths of characters in thousandths of the font size: of the space, of all others, and of East Asian wide ones."""

MOST_STRETCH = 215.0
"""Widest setting of a line in percent. Beyond it a space would be wider than 0.7 font sizes, and poppler would take the
words for two columns; such a line begins at its box's beginning and ends before its end."""

ASCENT, DESCENT = 800, -200
"""Of a line's box over and under the base line, in thousandths of the font size."""

SMALLEST_FONT = 0.1
"""Points; a box without height still gets text that can be found."""

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_PRIVATE = range(0xE000, 0xF900)
_BATCH = 100
"""Most entries of one block of a character map (PDF 32000-1, 9.10.3)."""


class Codes:
    """Two-byte codes of the characters that a document uses.

    A character of the basic plane is its own code; others get a code of the
    private use area that no character of the document needs, because readers
    disagree about surrogate pairs. What finds no code becomes U+FFFD.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        used = sorted(set().union(*texts))
        self._codes = {char: ord(char) for char in used if ord(char) <= 0xFFFF}
        free = (code for code in _PRIVATE if chr(code) not in self._codes)
        self._codes |= dict(zip((char for char in used if ord(char) > 0xFFFF), free, strict=False))
        self._codes["\N{REPLACEMENT CHARACTER}"] = 0xFFFD

    def encode(self, text: str) -> str:
        """The text as the hexadecimal string of a content stream."""
        return "".join(f"{self._codes.get(char, 0xFFFD):04X}" for char in text)

    def widths(self) -> list[tuple[int, int]]:
        """Codes with a width other than ``HALF_WIDTH``, and the width, in order."""
        found = ((code, _width(char)) for char, code in self._codes.items())
        return sorted((code, width) for code, width in found if width != HALF_WIDTH)

    def to_glyphs(self) -> bytes:
        """By code, in two bytes, the glyph that is as wide as the character: the place of the width, from 1."""
        glyphs = bytearray(WIDTHS.index(HALF_WIDTH).to_bytes(2, "big") * (1 + max(self._codes.values())))
        for char, code in self._codes.items():
            glyphs[2 * code : 2 * code + 2] = (WIDTHS.index(_width(char)) + 1).to_bytes(2, "big")
        return bytes(glyphs)

    def to_unicode(self) -> bytes:
        """The character map by which readers get the text back."""
        pairs = sorted((code, char) for char, code in self._codes.items())
        blocks = []
        for start in range(0, len(pairs), _BATCH):
            batch = pairs[start : start + _BATCH]
            rows = "\n".join(f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in batch)
            blocks.append(f"{len(batch)} beginbfchar\n{rows}\nendbfchar")
        return _CMAP.replace("%", "\n".join(blocks)).encode("ascii")


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def text_stream(
    lines: Sequence[Line], codes: Codes, width: float, height: float, display: Callable[[str], str]
) -> bytes:
    """Operators that set lines invisibly, each stretched over its box.

    Args:
        lines: With boxes in the unit frame of the upright page.
        codes: Of all characters.
        width: Of the page in points.
        height: Of the page in points.
        display: Gives the visual order of a line that has characters from right to left.
    """
    shown = [_set(line, line.box, codes, (width, height), display) for line in lines if line.box is not None]
    return "\n".join(["BT", "3 Tr", *shown, "ET"]).encode("ascii") if shown else b""


def _set(line: Line, box: BBox, codes: Codes, page: tuple[float, float], display: Callable[[str], str]) -> str:
    width, height = page
    left, top = box.x0 * width, (1 - box.y0) * height
    length, thickness = box.width * width, box.height * height
    if line.downward:
        length, thickness = thickness, length
    size = max(thickness, SMALLEST_FONT)
    text = line.text.replace("\t", " ")
    natural = sum(_width(char) for char in text) / 1000 * size
    stretch = min(max(100 * length / natural, 0.1), MOST_STRETCH)
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        text = display(text)
        if reads_right_to_left(line.text):
            left += length - natural * stretch / 100
    if line.downward:
        place = f"0 -1 1 0 {left - DESCENT / 1000 * size:.3f} {top:.3f}"
    else:
        place = f"1 0 0 1 {left:.3f} {top - ASCENT / 1000 * size:.3f}"
    return f"/F {size:.3f} Tf {stretch:.3f} Tz {place} Tm <{codes.encode(text)}> Tj"


def _width(char: str) -> int:
    if char == " ":
        return SPACE_WIDTH
    return FULL_WIDTH if unicodedata.east_asian_width(char) in {"W", "F"} else HALF_WIDTH
