"""Tells lines of type from pictures, grain, bar codes, rules and rows of one sign, by their shape in the mask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from deepocr_kit.quality._ink_cells import CELL, cell_groups

__all__ = ["InkBlock", "type_blocks"]

BLOCK_CELLS_MIN = 5
BLOCK_WIDTH_MIN = 4
"""Smallest block, in cells; a tick or a page number is less."""

BLOCK_FILL_MIN = 0.25
"""Least share of a block's frame that is inked; scratches and curves have less."""

DENSITY_MAX = 0.62
"""Most ink in the cells of a block; type has about a third, bar codes and pictures have more."""

DENSITY_MIN = 0.1
"""Least ink in the frame of a single line; of 2,600 true lines and paragraphs none has less, dashed rules that are not
quite level do."""

ASPECT_MIN = 1.5
"""A single line is this much wider than high. Punch holes are not; of the true lines one in seventy is such a short
number."""

PEAK_SHARE = 0.35
"""Rows of pixels with more ink than this part of the fullest one belong to a line of type, the others part lines."""

LINES_INK_MIN = 0.5
"""Least part of a slice's ink that lies in its lines; grain between the edges of a picture lies elsewhere."""

GAP_SHARE = 0.1
GAP_ROWS_MIN = 0.1
"""Between lines of type there is next to nothing: this part of the rows of pixels, at least, has less ink than this
part of the fullest row. So are 95 % of the slices of true paragraphs, and 5 % of those of grain and halftone."""

LINE_HEIGHTS = range(4, 25)
"""How many pixels high a line of type may be. Dashes and rules are lower, logos and pictures higher."""

LINES_SHARE = 0.6
"""Least part of a block that must be such lines."""

SLICE_CELLS = 15
"""A block is looked at in slices about as wide, since lines across a whole page are seldom level enough."""

REPEAT_SHARE = 0.8
REPEAT_WIDTH_MIN = 42
REPEAT_PERIODS = range(3, 25)
"""Moved sideways by one of these numbers of pixels, a row of asterisks, dashes or halftone dots lies on itself with
0.83 of its ink and more; of the true lines that are so wide all but one in a thousand with less."""

UPRIGHT_SHARE = 0.75
UPRIGHT_HEIGHT_MIN = 12
"""The same for the bars of a bar code that are moved down by a third of their height; nearly all large type stays under
0.73."""

_ON = re.compile(rb"\x01+")


@dataclass(frozen=True, slots=True)
class InkBlock:
    """Lines of type, perhaps.

    Attributes:
        frame: Left, top, right and bottom in mask pixels.
        ink: Pixels of ink in it.
    """

    frame: tuple[int, int, int, int]
    ink: int


def type_blocks(mask: Image.Image) -> Iterator[InkBlock]:
    """Blocks that look like lines of type, in a mask without rules and dark areas."""
    for group in cell_groups(mask):
        width, area = group.right - group.left, (group.right - group.left) * (group.bottom - group.top)
        if group.cells < max(BLOCK_CELLS_MIN, BLOCK_FILL_MIN * area) or width < BLOCK_WIDTH_MIN:
            continue
        if group.ink > DENSITY_MAX * group.cells:
            continue
        frame = group.frame_in(mask)
        typed = _ink_of_lines(mask, frame)
        if typed > LINES_SHARE * group.ink * CELL * CELL:
            yield InkBlock(frame, typed)


def _ink_of_lines(mask: Image.Image, frame: tuple[int, int, int, int]) -> int:
    """Pixels of ink in the slices of a block that consist of lines of type."""
    left, top, right, bottom = frame
    several = bottom - top > LINE_HEIGHTS.stop + CELL
    if not several and not _may_be_line(mask.crop(frame)):
        return 0
    count = max(1, round((right - left) / (SLICE_CELLS * CELL))) if several else 1
    ink = 0
    for number in range(count):
        start, end = (left + (right - left) * part // count for part in (number, number + 1))
        piece = mask.crop((start, top, end, bottom))
        if _has_lines(piece, several=several) and not _repeats_one_sign(piece) and not _has_bars(piece):
            ink += piece.histogram()[255]
    return ink


def _may_be_line(piece: Image.Image) -> bool:
    """Whether a piece has the shape of a single line."""
    is_wide = piece.width >= ASPECT_MIN * piece.height
    return is_wide and piece.histogram()[255] >= DENSITY_MIN * piece.width * piece.height


def _has_lines(piece: Image.Image, *, several: bool) -> bool:
    profile = piece.resize((1, piece.height), Image.Resampling.BOX).tobytes()
    fullest = max(profile)
    runs = [found.span() for found in _ON.finditer(bytes(value >= PEAK_SHARE * fullest for value in profile))]
    lines = [(start, end) for start, end in runs if end - start in LINE_HEIGHTS]
    height = sum(end - start for start, end in lines)
    if len(lines) <= several or height < LINES_SHARE * sum(end - start for start, end in runs):
        return False
    if sum(sum(profile[start:end]) for start, end in runs) < LINES_INK_MIN * sum(profile):
        return False
    between = profile[runs[0][0] : runs[-1][1]]
    empty = sum(value <= GAP_SHARE * fullest for value in between)
    return not several or empty >= GAP_ROWS_MIN * len(between)


def _repeats_one_sign(piece: Image.Image) -> bool:
    if piece.width < REPEAT_WIDTH_MIN:
        return False
    ink = _Bits(piece)
    return any(ink.staying(period, 0) >= REPEAT_SHARE for period in REPEAT_PERIODS)


def _has_bars(piece: Image.Image) -> bool:
    box = piece.getbbox()
    if box is None or box[3] - box[1] < UPRIGHT_HEIGHT_MIN:
        return False
    bars = piece.crop(box)
    return _Bits(bars).staying(0, bars.height // 3) >= UPRIGHT_SHARE


class _Bits:
    """The ink of a piece as one long number, in which moving and comparing it is quick."""

    def __init__(self, piece: Image.Image) -> None:
        self._width, self._height = piece.size
        # so wide that nothing moves into the next row
        padded = piece.crop((0, 0, piece.width + REPEAT_PERIODS.stop, piece.height))
        self._stride = (padded.width + 7) // 8 * 8
        self._bits = int.from_bytes(padded.convert("1", dither=Image.Dither.NONE).tobytes())
        self._ink = max(1, self._bits.bit_count())

    def staying(self, across: int, down: int) -> float:
        """Which part of the ink lies on ink when it is moved, for the part of the piece where both overlap."""
        both = (self._bits & (self._bits >> (down * self._stride + across))).bit_count()
        overlap = (self._width - across) * (self._height - down) / (self._width * self._height)
        return both / (self._ink * overlap)
