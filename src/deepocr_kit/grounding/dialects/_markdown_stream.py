"""Finds the blocks of a Markdown stream that are closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._frames import Frame
from deepocr_kit.grounding.dialects._markdown_blocks import ATOM, HTML_TABLE, SEMANTIC, WRAPPER, MarkdownReader
from deepocr_kit.grounding.tables import find_tables

__all__ = ["MarkdownBlocks"]

_OPENER = re.compile(rf"<(?:{SEMANTIC})>|\$\$|\\\[|\\begin\{{(?:tabular|table|longtable)\*?\}}")
"""What begins a block that may go over blank lines."""

_BLANK_LINE = re.compile(r"\n[ \t\r]*+\n(?=[ \t]*+\S)")


class MarkdownBlocks:
    """Reads the blocks of a stream up to a blank line that stands in none of them.

    Args:
        begin: Where the Markdown begins in an answer that begins like this; None while that is open.
        frame: Of boxes in comments.
    """

    def __init__(self, *, begin: Callable[[str], int | None] = lambda _: 0, frame: Frame | None = None) -> None:
        self._begin = begin
        self._frame = frame
        self._has_begun = False

    def __call__(self, answer: Answer, start: int) -> int:
        """See ``BlockReader``."""
        text = answer.raw_text
        if not self._has_begun:
            begin = self._begin(text)
            if begin is None or "\n" not in text[begin:].lstrip():
                return start
            wrapper = WRAPPER.match(text, begin)
            start = begin if wrapper is None else wrapper.end()
            self._has_begun = True
        end = _closed_end(text, start)
        reader = MarkdownReader(answer, self._frame)
        reader.read(start, end)
        return end if reader.comment_at is None else reader.comment_at


def _closed_end(text: str, start: int) -> int:
    """Where the last blank line ends that stands outside of every block; ``start`` when there is none.

    Text follows it, so that it is not the end of the answer, and no block before it waits for its closer.
    """
    end = start
    for gap_start, gap_end in _gaps(text, start):
        opener = _OPENER.search(text, gap_start, gap_end)
        stop = gap_end if opener is None else opener.start()
        for blank in _BLANK_LINE.finditer(text, gap_start, stop + 1):
            end = blank.end() if blank.end() <= stop else end
        if opener is not None:
            break
    return end


def _gaps(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The stretches between tables, formulas and the like, up to the first of them that is not closed."""
    size = len(text)
    position = start
    spans = find_tables(text[start:]) if HTML_TABLE.search(text, start) else ()
    for table_start, table_end in (*((start + first, start + last) for first, last in spans), (size, size)):
        for atom in ATOM.finditer(text, position, max(table_start, position)):
            yield position, atom.start()
            if atom["fence"] is not None and not atom["closer"]:
                return
            position = atom.end()
        yield position, max(table_start, position)
        if table_end == size:
            return
        position = max(position, table_end)
