"""The text of a region as lines, each with a box."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import em_width, estimated_lines, reads_downward

__all__ = ["Line", "bands", "split_lines", "spread"]

MOST_LINES = 2000
"""A region is never cut into more lines than this."""

PAGE_EMS, PAGE_LINES = 45, 60
"""Widest line and most lines of a page on which text without a position is spread; more lines become lower."""

_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_TOKEN = re.compile(f"[{_WIDE}]|[^\\s{_WIDE}]+|\\s+")
"""Wide characters one by one, since a line may end after any of them; words; white space."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        text: Without line breaks; never empty.
        box: In the unit frame of the upright page; None when the region has no position.
        downward: Whether it runs from top to bottom.
    """

    text: str
    box: BBox | None
    downward: bool = False


def split_lines(text: str, boxes: Sequence[BBox], size: Size) -> tuple[Line, ...]:
    """The lines of a text that stands in ``boxes``.

    Line breaks of the text are kept. Where they do not fill the box, as many
    lines are made as the words need: at spaces, and between wide characters.
    The boxes of lines share the height of the region evenly; they are
    estimates, unless the region has one box per line.

    Args:
        text: Of one region or table cell.
        boxes: In the unit frame; none when the position is not known.
        size: Of the page in pixels; only its aspect matters.
    """
    rows = [row.rstrip() for row in text.splitlines() if row.strip()]
    if len(boxes) == 0 or len(rows) == 0:
        return tuple(Line(row, None) for row in rows)
    if len(boxes) == 1:
        return _in_box(rows, boxes[0], size)
    if len(rows) != len(boxes):
        rows = _share(" ".join(rows), [box.area for box in boxes])
    return tuple(line for row, box in zip(rows, boxes, strict=True) if row for line in _in_box([row], box, size))


def bands(box: BBox, weights: Sequence[float], *, across: bool = False) -> list[BBox]:
    """The box cut into strips from top to bottom, or ``across`` it from left to right, as thick as their weights."""
    total = sum(weights)
    shares = [0.0, *(done / total for done in accumulate(weights))]
    if across:
        edges = [min(box.x0 + box.width * share, box.x1) for share in shares[:-1]] + [box.x1]
        return [BBox(left, box.y0, right, box.y1) for left, right in pairwise(edges)]
    edges = [min(box.y0 + box.height * share, box.y1) for share in shares[:-1]] + [box.y1]
    return [BBox(box.x0, top, box.x1, bottom) for top, bottom in pairwise(edges)]


def spread(texts: Sequence[str]) -> tuple[Line, ...]:
    """Lines from the top of a page on, for text that has no position."""
    rows = [
        row
        for text in texts
        for row in _share(text, [1.0] * max(1, math.ceil(em_width(text) / PAGE_EMS)))
        if row.strip()
    ]
    if not rows:
        return ()
    page = BBox(0, 0, 1, min(1.0, len(rows) / PAGE_LINES))
    places = bands(page, [1.0] * len(rows))
    widths = (min(1.0, max(em_width(row), 1.0) / PAGE_EMS) for row in rows)
    return tuple(
        Line(row, BBox(0, place.y0, width, place.y1)) for row, place, width in zip(rows, places, widths, strict=True)
    )


def _in_box(rows: Sequence[str], box: BBox, size: Size) -> tuple[Line, ...]:
    width, height = box.width * size.width, box.height * size.height
    if len(rows) == 1 and reads_downward(rows[0], width, height):
        return (Line(rows[0], box, downward=True),)
    lines = _wrapped(rows, width, height)
    return tuple(Line(line, band) for line, band in zip(lines, bands(box, [1.0] * len(lines)), strict=True))


def _wrapped(rows: Sequence[str], width: float, height: float) -> list[str]:
    """Rows, the long ones cut so that all have about the font size at which the text fills the box."""
    count = max(len(rows), min(estimated_lines(" ".join(rows), width, height), MOST_LINES))
    if count == len(rows):
        return list(rows)
    ems = [em_width(row) for row in rows]
    room = sum(ems) / count
    lines: list[str] = []
    for row, length in zip(rows, ems, strict=True):
        lines += [line for line in _share(row, [1.0] * max(1, round(length / room))) if line]
    return lines


def _share(text: str, weights: Sequence[float]) -> list[str]:
    """The text in as many parts as there are weights, of about these widths; words stay whole, a part may be empty."""
    if len(weights) == 1:
        return [text]
    tokens = _TOKEN.findall(text)
    widths = [em_width(token) for token in tokens]
    scale = sum(widths) / (sum(weights) or 1.0)
    ends = [end * scale for end in accumulate(weights)]
    parts: list[list[str]] = [[] for _ in weights]
    at, done = 0, 0.0
    for token, width in zip(tokens, widths, strict=True):
        while at < len(ends) - 1 and done + width / 2 > ends[at]:
            at += 1
        parts[at].append(token)
        done += width
    return ["".join(part).strip() for part in parts]
