"""Special tokens of a family: taken out of text, and found when the end of an answer cuts one."""

from __future__ import annotations

import re

__all__ = ["PIPE_TOKEN_CUT", "Tokens"]

PIPE_TOKEN_CUT = r"<\|/?[A-Za-z_0-9]{0,24}\|?\Z"
"""A token like ``<|box_start|>`` without its end. A lone ``<`` is text."""

_LONGEST = 40
"""A cut token is looked for in so many last characters."""


class Tokens:
    """Special tokens of a family.

    Args:
        pattern: A regular expression of one token.
        cut: The same of a token without its end, up to the end of the text.
    """

    def __init__(self, pattern: str, cut: str = PIPE_TOKEN_CUT) -> None:
        self.pattern = re.compile(pattern)
        self._cut = re.compile(cut)

    def whole_end(self, raw_text: str) -> int:
        """Where the text ends without a token that is cut."""
        match = self._cut.search(raw_text, max(len(raw_text) - _LONGEST, 0))
        return len(raw_text) if match is None else match.start()

    def text(self, raw_text: str, start: int, end: int) -> tuple[str, int | None]:
        """The words of a stretch without tokens and without white space around them.

        Returns:
            The words, and where they begin in ``raw_text`` when they stand there in one piece.
        """
        stretch = raw_text[start:end]
        pieces = self.pattern.split(stretch)
        content = "".join(pieces).strip()
        whole = content and sum(1 for piece in pieces if piece and not piece.isspace()) == 1
        return content, stretch.find(content) + start if whole else None
