"""Texts that every encoding can write."""

from __future__ import annotations

__all__ = ["whole_text"]


def whole_text(text: str) -> str:
    """The text without halves of characters (surrogates), which JSON can spell and nothing downstream can write.

    Two halves that belong together become their character, a lone one becomes U+FFFD.
    """
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
