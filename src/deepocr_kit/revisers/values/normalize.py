"""One form for texts that mean the same, so that they can be compared."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["compare_key", "fold", "normalize"]

_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_NARROW_SPACES = "\u00a0\u2007\u2009\u202f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
_PRINTABLE_ASCII = frozenset(chr(code) for code in range(0x20, 0x7F))
_ARABIC_POINT, _ARABIC_COMMA = "\u066b", "\u066c"
_MARKS_OF_THEIR_OWN = ("<super>", "<sub>", "<circle>")
"""Forms that NFKC makes plain digits of, though ``12\u00b2`` is no 122 and ``\u24605`` no 15."""
_TABLE = {
    **{ord(char): " " for char in "\u3000\u2002\u2003\u2008\u200a\t\r\n\v\f"},
    **{ord(char): "'" for char in _NARROW_SPACES + "\u2018\u2019\u02bc"},
    **{ord(char): "-" for char in _DASHES},
    ord(_ARABIC_POINT): ".",
    ord(_ARABIC_COMMA): "'",
}


def normalize(text: str) -> str:
    """NFKC, casefolded, without invisible characters, spaces collapsed.

    Full-width letters, digits and punctuation become plain ones. Traditional
    and simplified characters stay different, and so do 〇 and O.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return _SPACES.sub(" ", visible).strip()


def compare_key(text: str) -> str:
    """``normalize`` with letters and digits alone: what must be equal for two texts to say the same."""
    return _NOT_WORD.sub("", normalize(text))


def fold(text: str) -> str:
    """Full-width characters as plain ones, one for one: offsets stay those of ``text``.

    Digits of every script become plain ones, but not raised, lowered and circled ones.
    Narrow spaces, which only part thousands, become ``'``; other white space a
    plain space; every dash a hyphen.
    """
    if text.isascii() and not _SPACES.search(text.replace(" ", "")):
        return text
    return "".join(map(_fold_char, text))


def _fold_char(char: str) -> str:
    if char in _PRINTABLE_ASCII:
        return char
    mapped = _TABLE.get(ord(char))
    if mapped is not None:
        return mapped
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.decomposition(char).startswith(_MARKS_OF_THEIR_OWN):
        return char
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char
