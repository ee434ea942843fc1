"""Characters that an output form cannot hold, replaced."""

from __future__ import annotations

import html
import re
import unicodedata

__all__ = ["clean", "escape", "has_direction", "language", "language_within", "reads_right_to_left"]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Controls but tab and line ends, lone surrogates, and noncharacters (the basic plane's)."""

_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u9fff]")
_SYLLABLE = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile("[A-Za-z]")
_LATIN_WORD = re.compile("[A-Za-z]{3}")
_DIRECTED = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters that run from right to left, and controls of direction (UAX #9)."""

STRAY_SHARE = 0.1
"""Letters of one script that are fewer than this share of another's are stray; they do not decide the language."""


def clean(text: str) -> str:
    """The text with every character that HTML or a terminal must not get replaced by U+FFFD."""
    return _FORBIDDEN.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """``clean``, and safe as HTML text and inside a double-quoted attribute."""
    return html.escape(clean(text), quote=True)


def language(text: str) -> str:
    """A BCP 47 tag for East Asian scripts, which decides the shape of Han characters; empty for all else."""
    if text.isascii():
        return ""
    han, kana, hangul = (len(script.findall(text)) for script in (_HAN, _KANA, _HANGUL))
    if han + kana + hangul <= STRAY_SHARE * len(_LATIN.findall(text)):
        return ""
    if kana > STRAY_SHARE * han:
        return "ja"
    return "ko" if 2 * hangul > han else "zh"


def language_within(text: str, outer: str) -> str:
    """The tag of a text inside of something in the language ``outer``; empty when it need not be said.

    Words in Latin letters within East Asian text are in a language that is not
    known: ``und``. Han characters alone are taken for what surrounds them.
    """
    if text.isascii() or (outer and _SYLLABLE.search(text) is None):  # the quick answer for most regions of a page
        return "und" if outer and _HAN.search(text) is None and _LATIN_WORD.search(text) else ""
    own = language(text)
    return own if own != outer and not (own == "zh" and outer) else ""


def has_direction(text: str) -> bool:
    """Whether a text holds anything that may run from right to left, so that its direction must be found."""
    return not text.isascii() and _DIRECTED.search(text) is not None


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left (UAX #9, rule P2)."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
