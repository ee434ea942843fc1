"""Finds characters that only a broken decoding leaves behind."""

from __future__ import annotations

import re

__all__ = ["count_mojibake", "count_replacements"]

_HIGH_RUN = re.compile(r"[\u0080-\u00ffŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{2,}+")
"""Characters that bytes over 127 become when they are read as Windows-1252 or Latin-1."""


def count_replacements(text: str) -> int:
    """How many replacement characters (U+FFFD) there are."""
    return text.count("\ufffd")


def count_mojibake(text: str) -> int:
    """How many runs of characters are UTF-8 that was read as Windows-1252 or Latin-1, such as ``Ã©`` for ``é``."""
    return sum(
        any(_is_utf8(match.group(), codec) for codec in ("cp1252", "latin-1")) for match in _HIGH_RUN.finditer(text)
    )


def _is_utf8(run: str, codec: str) -> bool:
    try:
        run.encode(codec).decode("utf-8")
    except UnicodeError:
        return False
    return True
