"""Reads a list of boxes on the model's grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from deepocr_kit.documents import IssueCode
from deepocr_kit.geometry import BBox

__all__ = [
    "BOX_PROBLEMS",
    "GRID_MAX",
    "GRID_TOLERATED",
    "MAX_BOXES",
    "BoxList",
    "box_list_end",
    "is_box_list",
    "one_box",
    "parse_boxes",
]

GRID_MAX = 999
"""The grid runs from 0 to 999 on each axis, whatever the aspect of the page.

Source: ``int(x1 / 999 * image_width)`` in ``run_dpsk_ocr_pdf.py:177-181`` of
deepseek-ai/DeepSeek-OCR@e4ac34e; "[0, 999] relative" in deepseek-ai/DeepSeek-VL2#100."""

GRID_TOLERATED = 1000
"""Largest value that passes without an issue. 1000 does occur in good answers; it is clamped to the edge."""

MAX_BOXES = 1000
"""Most boxes of one region. An answer of 8192 tokens has room for about 500."""

_MAX_NUMBER_CHARS = 16
"""Longest number that is read; a longer one is no coordinate."""

_SHORT = 8 * (MAX_BOXES + 1)
"""No more characters than these hold no more numbers than are read."""

_MAX_GARBLED_LETTERS = 16
"""Most letters inside a broken box list (``[[550, s 331, 600, 340]]``); with more, text has run into it."""

_ONE_BOX = re.compile(
    r"\s*+\[\s*+\[\s*+(\d{1,4})\s*+,\s*+(\d{1,4})\s*+,\s*+(\d{1,4})\s*+,\s*+(\d{1,4})\s*+\]\s*+\]\s*+"
)
_BOX_LIST = re.compile(r"\s*+\[(?>\s*+\[\s*+\d{1,4}+(?>\s*+,\s*+\d{1,4}+){3}\s*+\]\s*+,?+)++\s*+\]\s*+")
_NUMERIC = re.compile(r"[\s\d,.\[\]+-]*+")
_GROUP = re.compile(r"[^\[\]]++")
_WORDS = r"[^\[\]]*+"
_ORDERED = re.compile(rf"{_WORDS}(?:\[{_WORDS}(?:\[{_WORDS}\]{_WORDS})++\]{_WORDS}|(?:\[{_WORDS}\]{_WORDS})++)")
"""One list, ``[1, 2, 3, 4]``, several, or a list of lists."""

_NUMBER = re.compile(r"[-+]?+(?>\d++(?>\.\d*+)?+|\.\d++)")
_CLEAN_GROUP = re.compile(r"\s*+(?>[-+]?+[\d.]++\s*+,?+\s*+)*+")


_MALFORMED = IssueCode.MALFORMED_COORDINATES
"""Found sooner by this name than by its class, and asked for with every box list that is not well formed."""

BOX_PROBLEMS = {
    IssueCode.MALFORMED_COORDINATES: "the box list is not well formed; what could be read of it was kept",
    IssueCode.COORDINATES_CLAMPED: "a coordinate lies outside of the grid and was moved to its edge",
    IssueCode.SWAPPED_CORNERS: "the corners of a box are swapped and were put in order",
    IssueCode.EMPTY_BOX: "a box has no width or no height",
    IssueCode.LIMIT_REACHED: "the region has more boxes than are kept",
}
"""What is said of each kind of trouble."""


class BoxList(NamedTuple):
    """What could be read of a list of boxes.

    Attributes:
        boxes: In the unit frame, at most ``MAX_BOXES``.
        problems: Each kind of trouble once.
    """

    boxes: tuple[BBox, ...]
    problems: tuple[IssueCode, ...] = ()


def is_box_list(text: str) -> bool:
    """Whether ``text`` is nothing but a well-formed ``[[x0, y0, x1, y1], ...]`` of whole numbers."""
    return _BOX_LIST.fullmatch(text) is not None


def box_list_end(text: str, *, closed: bool) -> int:
    """How far a box list reaches into ``text``, which begins with it.

    Args:
        text: A box list and perhaps what follows, on one line.
        closed: Whether a closer stands right behind ``text``.

    Returns:
        All of it when it is closed and hardly any letters are in it, else up
        to the brackets that end the list, else the leading digits and brackets.
    """
    if closed and sum(map(str.isalpha, text)) <= _MAX_GARBLED_LETTERS:
        return len(text)
    end = text.find("]]") + 2
    if end >= 2 and (end == len(text) or sum(map(str.isalpha, text[:end])) <= _MAX_GARBLED_LETTERS):
        return end
    match = _NUMERIC.match(text)
    return match.end() if match is not None else 0


def parse_boxes(text: str) -> BoxList:
    """Read ``[[x0, y0, x1, y1], ...]``, and whatever is near to it, in linear time.

    Decimals and free white space pass. Four numbers make a box even when
    something else stands between them; groups of another size make none.

    Args:
        text: What stands between the markup of a box list, on the 0..999 grid.
    """
    match = _ONE_BOX.fullmatch(text) if "]" in text else None
    if match is not None:
        x0, y0, x1, y1 = map(int, match.groups())
        return one_box(x0, y0, x1, y1)
    boxes: list[BBox] = []
    seen: dict[IssueCode, None] = {}
    if text.count("[") != text.count("]") or _ORDERED.fullmatch(text) is None:
        seen[_MALFORMED] = None
    for group in _GROUP.findall(text) if len(text) <= _SHORT else (match[0] for match in _GROUP.finditer(text)):
        if not group.strip(" \t\r\n,"):
            continue
        numbers = _numbers(group)
        if len(numbers) % 4 or not numbers:
            seen[_MALFORMED] = None
            continue
        if _MALFORMED not in seen and _CLEAN_GROUP.fullmatch(group) is None:
            seen[_MALFORMED] = None
        for index in range(0, len(numbers), 4):
            if len(boxes) == MAX_BOXES:
                seen[IssueCode.LIMIT_REACHED] = None
                return BoxList(tuple(boxes), tuple(seen))
            box, problems = _box([*map(float, numbers[index : index + 4])])
            boxes.append(box)
            for problem in problems:
                seen[problem] = None
    return BoxList(tuple(boxes), tuple(seen))


def one_box(x0: int, y0: int, x1: int, y1: int) -> BoxList:
    """The box with these corners on the 0..999 grid."""
    if 0 <= x0 < x1 <= GRID_MAX and 0 <= y0 < y1 <= GRID_MAX:
        return BoxList((BBox(x0 / GRID_MAX, y0 / GRID_MAX, x1 / GRID_MAX, y1 / GRID_MAX),))
    box, problems = _box((x0, y0, x1, y1))
    return BoxList((box,), problems)


def _numbers(group: str) -> list[str]:
    """The numbers between two brackets, a few more than are used; none when one of them is no coordinate."""
    if len(group) <= _MAX_NUMBER_CHARS:
        return _NUMBER.findall(group)
    if len(group) <= _SHORT:
        numbers = _NUMBER.findall(group)
    else:
        numbers = [match[0] for match in islice(_NUMBER.finditer(group), 4 * (MAX_BOXES + 1))]
    return [] if max(map(len, numbers), default=0) > _MAX_NUMBER_CHARS else numbers


def _box(numbers: Sequence[float]) -> tuple[BBox, tuple[IssueCode, ...]]:
    x0, y0, x1, y1 = numbers
    if 0 <= x0 < x1 <= GRID_MAX and 0 <= y0 < y1 <= GRID_MAX:
        return BBox(x0 / GRID_MAX, y0 / GRID_MAX, x1 / GRID_MAX, y1 / GRID_MAX), ()
    problems: tuple[IssueCode, ...] = ()
    least, most = min(numbers), max(numbers)
    if least < 0 or most > GRID_MAX:
        if least < 0 or most > GRID_TOLERATED:
            problems = (IssueCode.COORDINATES_CLAMPED,)
        x0, y0, x1, y1 = (min(max(number, 0), GRID_MAX) for number in numbers)
    if numbers[2] < numbers[0] or numbers[3] < numbers[1]:
        problems = (*problems, IssueCode.SWAPPED_CORNERS)
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if x0 == x1 or y0 == y1:
        problems = (*problems, IssueCode.EMPTY_BOX)
    return BBox(x0 / GRID_MAX, y0 / GRID_MAX, x1 / GRID_MAX, y1 / GRID_MAX), problems
