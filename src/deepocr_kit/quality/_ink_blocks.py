"""Finds blocks of ink that look like lines of type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

__all__ = ["InkBlock", "count_inky_cells", "type_blocks"]

CELL = 6
"""Side of a cell in mask pixels; about a line of small type."""

CELL_INK = 0.1
"""Share of a cell that must be ink for the cell to count."""

BLOCK_CELLS_MIN = 5
BLOCK_WIDTH_MIN = 4
"""Smallest block, in cells; a tick, a punch hole or a page number is less."""

BLOCK_FILL_MIN = 0.25
"""Least share of a block's frame that is inked; scratches and curves have less."""

DENSITY_MAX = 0.62
"""Most ink in the cells of a block; type has about a third, bar codes and pictures have more."""

PEAK_SHARE = 0.35
"""Rows of pixels with more ink than this part of the fullest one belong to a line of type, the others part lines."""

LINE_HEIGHTS = range(4, 25)
"""How many pixels high a line of type may be. Dashes and rules are lower, logos and pictures higher."""

LINES_SHARE = 0.6
"""Least part of a block that must be such lines."""

SLICE_CELLS = 15
"""A block is looked at in slices about as wide, since lines across a whole page are seldom level enough."""

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


def count_inky_cells(mask: Image.Image) -> int:
    """How many cells hold ink, those without an inked neighbour left out, which are specks."""
    return sum(len(cells) for cells in _components(*_cells(mask)) if len(cells) > 1)


def type_blocks(mask: Image.Image) -> Iterator[InkBlock]:
    """Blocks that look like lines of type, in a mask without rules and dark areas."""
    densities, width = _cells(mask)
    for cells in _components(densities, width):
        columns, rows = [cell % width for cell in cells], [cell // width for cell in cells]
        left, top, right, bottom = min(columns), min(rows), max(columns) + 1, max(rows) + 1
        area = (right - left) * (bottom - top)
        ink = sum(densities[cell] for cell in cells) / 255
        if len(cells) < max(BLOCK_CELLS_MIN, BLOCK_FILL_MIN * area) or right - left < BLOCK_WIDTH_MIN:
            continue
        if ink > DENSITY_MAX * len(cells):
            continue
        frame = (left * CELL, top * CELL, min(right * CELL, mask.width), min(bottom * CELL, mask.height))
        typed = _ink_of_lines(mask, frame)
        if typed > LINES_SHARE * ink * CELL * CELL:
            yield InkBlock(frame, typed)


def _cells(mask: Image.Image) -> tuple[bytes, int]:
    """Ink of each cell, 0..255, row by row, and the number of cells in a row."""
    reduced = mask.reduce(CELL)
    return reduced.tobytes(), reduced.width


def _components(densities: bytes, width: int) -> Iterator[list[int]]:
    """Groups of inked cells that touch, or have one empty cell between them in a row: words of a line."""
    inked = {cell for cell, density in enumerate(densities) if density >= CELL_INK * 255}
    while inked:
        cells = [inked.pop()]
        for cell in cells:
            column = cell % width
            for across in (-2, -1, 0, 1, 2):
                if not 0 <= column + across < width:
                    continue
                for other in (cell + across - width, cell + across, cell + across + width):
                    if other in inked:
                        inked.remove(other)
                        cells.append(other)
        yield cells


def _ink_of_lines(mask: Image.Image, frame: tuple[int, int, int, int]) -> int:
    """Pixels of ink in the slices of a block that consist of lines."""
    left, top, right, bottom = frame
    several = bottom - top > LINE_HEIGHTS.stop + CELL
    count = max(1, round((right - left) / (SLICE_CELLS * CELL))) if several else 1
    ink = 0
    for number in range(count):
        start, end = (left + (right - left) * part // count for part in (number, number + 1))
        piece = mask.crop((start, top, end, bottom))
        if _has_lines(piece, several=several):
            ink += piece.histogram()[255]
    return ink


def _has_lines(piece: Image.Image, *, several: bool) -> bool:
    profile = piece.resize((1, piece.height), Image.Resampling.BOX).tobytes()
    least = PEAK_SHARE * max(profile)
    runs = [len(run) for run in _ON.findall(bytes(value >= least for value in profile))]
    lines = [run for run in runs if run in LINE_HEIGHTS]
    return len(lines) > several and sum(lines) >= LINES_SHARE * sum(runs)
