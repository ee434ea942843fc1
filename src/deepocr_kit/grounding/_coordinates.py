"""Reads a list of boxes on the model's grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
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

_MAX_GARBLED_LETTERS = 16
"""Most letters inside a broken box list (``[[550, s 331, 600, 340]]``); with more, text has run into it."""

_ONE_BOX = re.compile(
    r"\s*+\[\s*+\[\s*+(\d{1,4})\s*+,\s*+(\d{1,4})\s*+,\s*+(\d{1,4})\s*+,\s*+(\d{1,4})\s*+\]\s*+\]\s*+"
)
_BOX_LIST = re.compile(r"\s*+\[(?>\s*+\[\s*+\d{1,4}+(?>\s*+,\s*+\d{1,4}+){3}\s*+\]\s*+,?+)++\s*+\]\s*+")
_NUMERIC = re.compile(r"[\s\d,.\[\]+-]*+")
_GROUP = re.compile(r"[^\[\]]++")
_NOT_BRACKET = re.compile(r"[^\[\]]++")
_NUMBER = re.compile(r"[-+]?+(?>\d++(?>\.\d*+)?+|\.\d++)")
_CLEAN_GROUP = re.compile(r"\s*+(?>[-+]?+[\d.]++\s*+,?+\s*+)*+")


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
    match = _ONE_BOX.fullmatch(text)
    if match is not None:
        x0, y0, x1, y1 = map(int, match.groups())
        if x0 < x1 <= GRID_MAX and y0 < y1 <= GRID_MAX:
            return BoxList((BBox(x0 / GRID_MAX, y0 / GRID_MAX, x1 / GRID_MAX, y1 / GRID_MAX),))
        box, problems = _box([x0, y0, x1, y1])
        return BoxList((box,), problems)
    boxes: list[BBox] = []
    seen: dict[IssueCode, None] = {}
    if not _has_ordered_brackets(text):
        seen[IssueCode.MALFORMED_COORDINATES] = None
    for group in _GROUP.finditer(text):
        if not group.group().strip(" \t\r\n,"):
            continue
        numbers, clean = _numbers(group.group())
        if not clean or len(numbers) % 4:
            seen[IssueCode.MALFORMED_COORDINATES] = None
        if len(numbers) % 4 == 0:
            for index in range(0, len(numbers), 4):
                if len(boxes) == MAX_BOXES:
                    seen[IssueCode.LIMIT_REACHED] = None
                    return BoxList(tuple(boxes), tuple(seen))
                box, problems = _box(numbers[index : index + 4])
                boxes.append(box)
                seen.update(dict.fromkeys(problems))
    return BoxList(tuple(boxes), tuple(seen))


def _has_ordered_brackets(text: str) -> bool:
    """Whether it is one list, ``[1, 2, 3, 4]``, or a list of lists."""
    bare = _NOT_BRACKET.sub("", text)
    inner = bare[1:-1] if bare.startswith("[[") and bare.endswith("]]") else bare
    return bool(inner) and not inner.replace("[]", "")


def _numbers(group: str) -> tuple[list[float], bool]:
    """The numbers between two brackets, a few more than are used, and whether nothing else stands there."""
    numbers: list[float] = []
    for match in _NUMBER.finditer(group):
        if match.end() - match.start() > _MAX_NUMBER_CHARS:
            return [], False
        numbers.append(float(match.group()))
        if len(numbers) == 4 * (MAX_BOXES + 1):
            break
    return numbers, _CLEAN_GROUP.fullmatch(group) is not None


def _box(numbers: Sequence[float]) -> tuple[BBox, tuple[IssueCode, ...]]:
    x0, y0, x1, y1 = numbers
    problems: list[IssueCode] = []
    if min(numbers) < 0 or max(numbers) > GRID_TOLERATED:
        problems.append(IssueCode.COORDINATES_CLAMPED)
    if x1 < x0 or y1 < y0:
        problems.append(IssueCode.SWAPPED_CORNERS)
    box = BBox.of(x0 / GRID_MAX, y0 / GRID_MAX, x1 / GRID_MAX, y1 / GRID_MAX)
    if box.x0 == box.x1 or box.y0 == box.y1:
        problems.append(IssueCode.EMPTY_BOX)
    return box, tuple(problems)
