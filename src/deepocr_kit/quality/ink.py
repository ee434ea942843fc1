"""What a small grey picture of a page tells about its ink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from PIL import Image, ImageChops, ImageDraw

from deepocr_kit.documents import THUMBNAIL_SIDE
from deepocr_kit.geometry import BBox
from deepocr_kit.quality._ink_blocks import type_blocks
from deepocr_kit.quality._ink_cells import count_inky_cells
from deepocr_kit.quality._ink_mask import bit_rows, ink_mask, light_pixels, without_runs

__all__ = ["InkMap", "UncoveredInk"]

EDGE_SHARE = 0.015
"""This much of each edge, as a share of the longer side, is not looked at: borders, shadows and torn paper."""

BOX_MARGIN = 4
"""Boxes are taken wider by this many mask pixels, 0.6 % of the page: they are drawn by people or guessed by models."""

NEGLIGIBLE = 0.02
"""Less ink than this outside all boxes, compared with that inside, is not looked at."""

BLANK_CELLS = 1
"""Most inked cells of a blank page; two digits of a page number have two."""

SIDEWAYS_SHARPNESS = 0.6
"""Rows of pixels change more sharply down a page than columns do across it. Three measures of that multiply to 0.97
and more on 83 upright scans (median 9), so on the same scans turned on their side to 1.03 and less."""

SIDEWAYS_AT_ALL = 2.0
"""Above this, with rules and frames left in, a page is upright without a second look."""

SIDEWAYS_SIDE_MIN = 160
SIDEWAYS_LENGTH_MIN = 480
"""Shorter and longer side, in mask pixels, of a page that is asked; a strip with one line looks the same from any side,
and in a small picture letters are as high as rules are long elsewhere."""

_STRIPS = 6
"""A page is looked at in so many strips, since lines across a whole page are seldom level enough."""

_SMEAR = 8
_SMEAR_MIN = 60
"""Mask pixels that are made one, and the ink of 255 from which that one counts: words of small type become bars."""


@dataclass(frozen=True, slots=True)
class UncoveredInk:
    """Ink that looks like type and lies outside all regions.

    Attributes:
        share: Its part of all such ink on the page, 0..1.
        boxes: Where, in the unit frame; the largest first.
    """

    share: float
    boxes: tuple[BBox, ...]


class InkMap:
    """Where a page has ink, at 640 pixels or less. Made in a few milliseconds; frozen after that.

    Args:
        mask: 255 for ink, 0 for paper.
        grey: The page in grey, of the same size, to look for print that is lighter than its ground.
    """

    def __init__(self, mask: Image.Image, grey: Image.Image) -> None:
        self._mask = mask
        self._grey = grey
        self._rows = bit_rows(mask)

    def __repr__(self) -> str:
        return f"<InkMap of {self._mask.width} x {self._mask.height} pixels>"

    @classmethod
    def of(cls, picture: Image.Image) -> Self:
        """The ink of a whole page: its pixels in any mode that Pillow turns into grey, or its ``decode_thumbnail``."""
        grey = picture.convert("L")
        grey.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BOX)
        return cls(ink_mask(grey), grey)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but paper, specks, rules and what lies at the edges."""
        return count_inky_cells(without_runs(self._without(()))) <= BLANK_CELLS

    @property
    def lies_sideways(self) -> bool:
        """Whether the lines run down the page: it lies on its side, or its writing is vertical.

        Three measures are taken along and across and multiplied: how sharply
        the ink of rows of pixels changes in strips of the page, the same for
        words smeared into bars, and how often ink begins and ends. Small
        pictures and strips are not asked.
        """
        if min(self._mask.size) < SIDEWAYS_SIDE_MIN or max(self._mask.size) < SIDEWAYS_LENGTH_MIN:
            return False
        # the cheaper look first, with all rules and frames
        if _relative_sharpness(self._mask) > SIDEWAYS_AT_ALL:
            return False
        return _relative_sharpness(without_runs(self._without(()))) < SIDEWAYS_SHARPNESS

    def share(self, box: BBox) -> float:
        """Which part of a box is ink, 0..1; whole mask pixels around it count."""
        left, top, right, bottom = self._frame(box)
        window = ((1 << (right - left)) - 1) << (self._mask.width - right)
        ink = sum((row & window).bit_count() for row in self._rows[top:bottom])
        return ink / ((right - left) * (bottom - top))

    def light_share(self, box: BBox) -> float:
        """Which part of a box is lighter than the rest of it, 0..1: pale print on a coloured ground.

        Dark print makes the paper around it light as well, so this tells
        something of boxes without ink alone.
        """
        crop = self._grey.crop(self._frame(box))
        return light_pixels(crop) / (crop.width * crop.height)

    def _frame(self, box: BBox) -> tuple[int, int, int, int]:
        """Whole pixels around a box, one at least."""
        width, height = self._mask.size
        left, top = min(int(box.x0 * width), width - 1), min(int(box.y0 * height), height - 1)
        return left, top, max(left + 1, round(box.x1 * width)), max(top + 1, round(box.y1 * height))

    def uncovered(self, boxes: Iterable[BBox]) -> UncoveredInk:
        """Ink that looks like type and that none of ``boxes`` covers."""
        outside = self._without(boxes)
        left = outside.histogram()[255]
        covered = self._mask.histogram()[255] - left
        if left < NEGLIGIBLE * covered:
            return UncoveredInk(0.0, ())
        blocks = sorted(type_blocks(without_runs(outside)), key=lambda block: (-block.ink, block.frame))
        ink = sum(block.ink for block in blocks)
        width, height = self._mask.size
        places = tuple(
            BBox(block.frame[0] / width, block.frame[1] / height, block.frame[2] / width, block.frame[3] / height)
            for block in blocks
        )
        return UncoveredInk(ink / max(1, covered + ink), places)

    def _without(self, boxes: Iterable[BBox]) -> Image.Image:
        """The mask with the boxes and the page's edges wiped."""
        mask = self._mask.copy()
        width, height = mask.size
        draw = ImageDraw.Draw(mask)
        for box in boxes:
            left, top = box.x0 * width - BOX_MARGIN, box.y0 * height - BOX_MARGIN
            draw.rectangle((left, top, box.x1 * width + BOX_MARGIN, box.y1 * height + BOX_MARGIN), fill=0)
        edge = max(1, round(EDGE_SHARE * max(width, height)))
        draw.rectangle((0, 0, width - 1, height - 1), outline=0, width=edge)
        return mask


def _relative_sharpness(mask: Image.Image) -> float:
    across = _sharpness(mask.transpose(Image.Transpose.TRANSPOSE))
    return _sharpness(mask) / across if across else 1.0


def _sharpness(mask: Image.Image) -> float:
    """How much a mask looks like level lines; only the ratio to that of the turned mask means something."""
    width, height = mask.size
    strips = _changes(mask.resize((_STRIPS, height), Image.Resampling.BOX))
    bars = mask.resize((max(1, width // _SMEAR), height), Image.Resampling.BOX)
    smeared = bars.point([255 if value > _SMEAR_MIN else 0 for value in range(256)])
    changed = _changes(smeared.resize((1, height), Image.Resampling.BOX))
    edges = ImageChops.difference(mask.crop((1, 0, width, height)), mask.crop((0, 0, width - 1, height)))
    return strips * changed * edges.histogram()[255]


def _changes(columns: Image.Image) -> float:
    """Mean square of the change of ink from one row of pixels to the next."""
    width, height = columns.size
    steps = ImageChops.difference(columns.crop((0, 1, width, height)), columns.crop((0, 0, width, height - 1)))
    return sum(value * value * seen for value, seen in enumerate(steps.histogram())) / (width * height)
