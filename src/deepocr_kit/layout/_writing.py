"""Tells from words and the shapes of their boxes which way a page is written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from unicodedata import bidirectional

from deepocr_kit.documents import Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._items import reads_downward
from deepocr_kit.layout._metrics import is_wide

__all__ = ["Writing", "writing_of"]

_SAMPLE = 200
"""Characters of a region that are looked at."""


class Writing(StrEnum):
    """Where lines begin and which way they follow each other.

    ``DOWNWARD`` is Chinese and Japanese vertical setting: lines run down and
    follow each other to the left.
    """

    LEFT_TO_RIGHT = "left_to_right"
    RIGHT_TO_LEFT = "right_to_left"
    DOWNWARD = "downward"


def writing_of(regions: Sequence[Region], size: Size) -> Writing:
    """The writing of most of the page.

    Downward when most regions of several wide characters stand in boxes
    that only a vertical line fits, for a box of several vertical lines
    looks like any other. Right to left when most letters are of such a script
    (Unicode bidirectional classes R and AL).

    Args:
        regions: Of one page; those without a box are ignored.
        size: Of the page in pixels; only its aspect matters.
    """
    down = wide = right = letters = 0
    for region in regions:
        text, box = "".join(region.text[:_SAMPLE].split()), region.bbox
        if box is None or not text:
            continue
        # a glance at plain text spares the look at every character
        if not text.isascii():
            if len(text) > 1 and sum(map(is_wide, text)) * 2 > len(text):
                wide += 1
                down += _runs_down(text, box, size)
            right += sum(bidirectional(char) in {"R", "AL"} for char in text)
        letters += sum(map(str.isalpha, text))
    if wide and down * 2 > wide and wide * 2 > sum(1 for region in regions if region.text.strip()):
        return Writing.DOWNWARD
    return Writing.RIGHT_TO_LEFT if right * 2 > letters else Writing.LEFT_TO_RIGHT


def _runs_down(text: str, box: BBox, size: Size) -> bool:
    return reads_downward(text, box.width * size.aspect, box.height)
