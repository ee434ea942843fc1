"""Characters that an output form cannot hold, replaced."""

from __future__ import annotations

import html
import re
import unicodedata

__all__ = ["clean", "escape", "language", "reads_right_to_left"]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Controls but tab and line ends, lone surrogates, and noncharacters (the basic plane's)."""

_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u9fff]")


def clean(text: str) -> str:
    """The text with every character that HTML or a terminal must not get replaced by U+FFFD."""
    return _FORBIDDEN.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """``clean``, and safe as HTML text and inside a double-quoted attribute."""
    return html.escape(clean(text), quote=True)


def language(text: str) -> str:
    """A BCP 47 tag for East Asian scripts, which decides the shape of Han characters; empty for all else."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh" if _HAN.search(text) else ""


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left (UAX #9, rule P2)."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
