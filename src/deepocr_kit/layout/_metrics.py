"""How wide and how tall a text is, estimated from its characters alone."""

from __future__ import annotations

import math
import re
import unicodedata

__all__ = ["FILL", "LINE_SPACING", "cell_width", "em_width", "estimated_lines", "is_wide", "wrap"]

LINE_SPACING = 1.25
"""Line height over font size; what browsers and typesetters use for running text."""

FILL = 0.95
"""Share of a line that a wrapped paragraph fills on average."""

_NARROW = frozenset("iljI.,:;!'|`()[]{}ftr ·")
_BROAD = frozenset("mwMW@%—")
_NO_WIDTH = frozenset({"Mn", "Me", "Mc", "Cf"})
_JOINED = "\u200d[\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?"
"""An emoji that is joined to the one before it."""

_SEQUENCE = re.compile(
    f"{_JOINED}|[#*0-9©®\u203c-\u3299\U0001f000-\U0001faff]\ufe0f|[\U0001f3fb-\U0001f3ff\u1160-\u11ff]"
)
"""What takes another width than its characters: joined to what stands before, shown as an emoji, a skin tone, and
vowels and finals of Hangul that is written in parts."""

_CLUSTER = re.compile(f".(?:{_JOINED}|[\ufe0f\U0001f3fb-\U0001f3ff\u1160-\u11ff])*")
"""Characters that stay together, but for combining ones, which take no width of their own."""

_WORD = re.compile(
    r"\s+|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|[^\s\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]+"
)
"""Runs of white space, single wide characters of the basic plane, and runs of the rest."""


def is_wide(char: str) -> bool:
    """Whether a character takes two cells of a terminal (East Asian Width ``W`` or ``F``, UAX #11)."""
    return unicodedata.east_asian_width(char) in {"W", "F"}


def cell_width(text: str) -> int:
    """Width in terminal cells: 2 for wide characters and emoji, 0 for combining and invisible ones, else 1."""
    if text.isascii():
        return len(text)
    text = _SEQUENCE.sub(lambda found: "\u3000" if found[0].endswith("\ufe0f") else "", text)
    return sum(0 if unicodedata.category(char) in _NO_WIDTH else 2 if is_wide(char) else 1 for char in text)


def em_width(text: str) -> float:
    """Width in ems of a usual sans-serif face, within about a tenth for running text.

    Wide characters take 1 em, the others 0.5 on average; thin and broad
    letters, capitals and digits are told apart.
    """
    return sum(_char_ems(char) for char in text)


def _char_ems(char: str) -> float:
    if char in _NARROW:
        return 0.3
    if char in _BROAD:
        return 0.87
    if char.isascii():
        return 0.67 if char.isupper() else 0.55
    if is_wide(char):
        return 1.0
    return 0.0 if unicodedata.category(char) in _NO_WIDTH else 0.6


def estimated_lines(text: str, width: float, height: float) -> int:
    """How many lines a text takes in a box of ``width`` x ``height`` (any common unit); at least 1.

    Text of n ems in k lines has the font size ``height / k / 1.25`` and fills
    ``k * width``, hence k is the root of ``n * height / (1.25 * 0.95 * width)``.
    No text takes more lines than it has characters.
    """
    if width <= 0 or height <= 0:
        return 1
    square = em_width(text) * height / (LINE_SPACING * FILL * width)
    return max(1, round(math.sqrt(min(square, len(text) ** 2))))


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Lines of at most ``width`` cells: cut at spaces, and inside a word only when it is longer than a line.

    Wide characters may be parted anywhere, as in Chinese and Japanese
    typesetting. Loses white space at the cuts, nothing else.
    """
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text):
        size = cell_width(word)
        if line and used + size > width:
            lines.append(line.rstrip())
            line, used = "", 0
        if not line and word.isspace():
            continue
        for piece in _chunks(word, width) if size > width else (word,):
            if line and used + cell_width(piece) > width:
                lines.append(line)
                line, used = "", 0
            line += piece
            used += cell_width(piece)
    return (*lines, line.rstrip()) if line.rstrip() or not lines else tuple(lines)


def _words(text: str) -> list[str]:
    """Runs of spaces, runs of narrow characters, and single wide characters."""
    return _WORD.findall(text)


def _chunks(word: str, width: int) -> list[str]:
    """Parts of a word that each fill a line."""
    if word.isascii():
        return [word[at : at + width] for at in range(0, len(word), width)]
    chunks, used = [""], 0
    for cluster in _CLUSTER.findall(word):
        size = cell_width(cluster)
        if used + size > width:
            chunks.append("")
            used = 0
        chunks[-1] += cluster
        used += size
    return chunks
