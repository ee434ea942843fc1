"""Boxes on a grid, or in pixels of a resized picture, brought to the unit frame of the page."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deepocr_kit.documents import IssueCode
from deepocr_kit.geometry import BBox, Size

__all__ = ["Frame", "FramedBox", "ResizedPixels", "read_numbers"]

_MAX_NUMBER_CHARS = 16
"""Longest number that is read; a longer one is no coordinate."""

_NUMBER = re.compile(r"[-+]?+(?>\d++(?>\.\d*+)?+|\.\d++)")


class FramedBox(NamedTuple):
    """What could be made of the numbers of one box.

    Attributes:
        box: In the unit frame; None when there are too few numbers for one.
        problems: Each kind of trouble once: ``MALFORMED_COORDINATES``, ``COORDINATES_CLAMPED``,
            ``SWAPPED_CORNERS``, ``EMPTY_BOX``.
    """

    box: BBox | None
    problems: tuple[IssueCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame that a model gives its coordinates in: from 0 to ``width`` and from 0 to ``height``.

    Attributes:
        width: The number that stands for the right edge of the page.
        height: The number that stands for its lower edge.
        slack: How far beyond the edge a number may lie without a word, as a share of the side. Models whose grid ends
            at 999 write 1000 now and then.
    """

    width: float
    height: float
    slack: float = 0.0015

    @classmethod
    def grid(cls, last: float) -> Frame:
        """A grid from 0 to ``last`` on each axis, whatever the aspect of the page."""
        return cls(last, last)

    @classmethod
    def pixels(cls, size: Size) -> Frame:
        """Pixels of a picture of ``size``: what the model was shown, after its own resizing."""
        return cls(size.width, size.height)

    def box(self, numbers: Sequence[float]) -> FramedBox:
        """The box with these numbers: ``x0, y0, x1, y1``, or eight for the four corners of a quadrangle.

        Corners are put in order and clamped to the page. Any other count, or a number that is none, gives no box.
        """
        if len(numbers) == 4:  # nearly all boxes are in order and on the page; then nothing is to be said
            x0, y0 = numbers[0] / self.width, numbers[1] / self.height
            x1, y1 = numbers[2] / self.width, numbers[3] / self.height
            if 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1:
                return FramedBox(BBox(x0, y0, x1, y1))
        if len(numbers) not in (4, 8) or not all(map(math.isfinite, numbers)):
            return FramedBox(None, (IssueCode.MALFORMED_COORDINATES,))
        xs, ys = numbers[0::2], numbers[1::2]
        problems: list[IssueCode] = []
        if self._leaves(xs, self.width) or self._leaves(ys, self.height):
            problems.append(IssueCode.COORDINATES_CLAMPED)
        if len(numbers) == 4 and (xs[1] < xs[0] or ys[1] < ys[0]):
            problems.append(IssueCode.SWAPPED_CORNERS)
        box = BBox.of(min(xs) / self.width, min(ys) / self.height, max(xs) / self.width, max(ys) / self.height)
        if box.x0 == box.x1 or box.y0 == box.y1:
            problems.append(IssueCode.EMPTY_BOX)
        return FramedBox(box, tuple(problems))

    def _leaves(self, values: Sequence[float], side: float) -> bool:
        return min(values) < -self.slack * side or max(values) > (1 + self.slack) * side


def read_numbers(text: str, *, most: int = 8) -> tuple[float, ...]:
    """The numbers in ``text``, whatever stands between them, in linear time.

    Args:
        text: What stands between the markup of a box.
        most: How many are read; one more is given when there are more, so that the caller sees it.

    Returns:
        None at all when one of them is longer than any coordinate.
    """
    numbers: list[float] = []
    for match in _NUMBER.finditer(text):
        if match.end() - match.start() > _MAX_NUMBER_CHARS:
            return ()
        numbers.append(float(match.group()))
        if len(numbers) > most:
            break
    return tuple(numbers)


@dataclass(frozen=True, slots=True)
class ResizedPixels:
    """Tells the frame of models that answer in pixels of the picture as their image processor has resized it.

    Attributes:
        min_pixels: Smaller pictures are enlarged.
        max_pixels: Larger ones are made smaller.
        factor: Both sides become multiples of it.

    Raises:
        ValueError: No picture can have so many pixels.
    """

    min_pixels: int
    max_pixels: int
    factor: int

    def __post_init__(self) -> None:
        """Check the bounds."""
        if not 1 <= self.min_pixels <= self.max_pixels:
            raise ValueError(f"bounds need 1 <= min_pixels <= max_pixels, got {self.bounds}; give those of the server")

    @property
    def bounds(self) -> str:
        """For people, as keyword arguments."""
        return f"min_pixels={self.min_pixels!r}, max_pixels={self.max_pixels!r}"

    def frame(self, size: Size | None) -> Frame | None:
        """The frame for a page that was sent in ``size``; None when that is not known.

        Source: ``smart_resize`` in ``qwen_vl_utils/vision_process.py`` of qwen-vl-utils 0.0.14, and the same function
        in ``dots_ocr/utils/image_utils.py`` of rednote-hilab/dots.ocr. Theirs refuses pictures more than 200 times as
        wide as high; this one does not, because the server has decided that already.
        """
        if size is None:
            return None
        factor = self.factor
        width = max(factor, round(size.width / factor) * factor)
        height = max(factor, round(size.height / factor) * factor)
        if width * height > self.max_pixels:
            shrink = math.sqrt(size.pixels / self.max_pixels)
            width = max(factor, math.floor(size.width / shrink / factor) * factor)
            height = max(factor, math.floor(size.height / shrink / factor) * factor)
        elif width * height < self.min_pixels:
            grow = math.sqrt(self.min_pixels / size.pixels)
            width = math.ceil(size.width * grow / factor) * factor
            height = math.ceil(size.height * grow / factor) * factor
        return Frame(width, height)
