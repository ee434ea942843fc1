"""Groups the inked cells of a mask that lie together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import Image

__all__ = ["CELL", "CellGroup", "cell_groups", "count_inky_cells"]

CELL = 6
"""Side of a cell in mask pixels; about a line of small type."""

CELL_INK = 0.1
"""Share of a cell that must be ink for the cell to count."""

_REACH = 2
"""Cells of two rows belong together when they are this many columns apart or less, and so do those of one row: one
empty cell parts words, two part columns."""

_INKED = bytes(density >= CELL_INK * 255 for density in range(256))
_RUN = re.compile(rb"\x01+(?:\x00\x01+)*")


@dataclass(slots=True)
class CellGroup:
    """Inked cells that touch, or have one empty cell between them.

    Attributes:
        left: First column of cells.
        top: First row.
        right: One behind the last column.
        bottom: One behind the last row.
        cells: How many are inked.
        ink: Their ink, in cells.
    """

    left: int
    top: int
    right: int
    bottom: int
    cells: int
    ink: float

    def take(self, other: CellGroup) -> None:
        """Become both."""
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        self.cells += other.cells
        self.ink += other.ink

    def frame_in(self, mask: Image.Image) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels of the mask."""
        right, bottom = min(self.right * CELL, mask.width), min(self.bottom * CELL, mask.height)
        return self.left * CELL, self.top * CELL, right, bottom


@dataclass(slots=True)
class _Run:
    """Inked cells of one row, and the group they belong to."""

    start: int
    end: int
    group: CellGroup


def count_inky_cells(mask: Image.Image) -> int:
    """How many cells hold ink, those without an inked neighbour left out, which are specks."""
    return sum(group.cells for group in cell_groups(mask) if group.cells > 1)


def cell_groups(mask: Image.Image) -> list[CellGroup]:
    """All groups, in no order that means anything."""
    reduced = mask.reduce(CELL)
    densities, width = reduced.tobytes(), reduced.width
    inked = densities.translate(_INKED)
    closed: list[CellGroup] = []
    above: list[_Run] = []
    for row, start in enumerate(range(0, len(inked), width)):
        runs = [
            _Run(begin - start, end - start, _group_of(densities[begin:end], begin - start, row))
            for begin, end in (found.span() for found in _RUN.finditer(inked, start, start + width))
        ]
        _join(above, runs)
        open_ids = {id(run.group) for run in runs}
        closed += {id(run.group): run.group for run in above if id(run.group) not in open_ids}.values()
        above = runs
    return [*closed, *{id(run.group): run.group for run in above}.values()]


def _group_of(densities: bytes, left: int, row: int) -> CellGroup:
    """The group of a single run."""
    cells = sum(densities.translate(_INKED))
    return CellGroup(left, row, left + len(densities), row + 1, cells, sum(densities) / 255)


def _join(above: list[_Run], runs: list[_Run]) -> None:
    """Unite the groups of runs of two rows that are near; both lists go from left to right."""
    begin = 0
    for run in runs:
        while begin < len(above) and above[begin].end + _REACH <= run.start:
            begin += 1
        for other in above[begin:]:
            if other.start >= run.end + _REACH:
                break
            kept, gone = other.group, run.group
            if kept is not gone:
                kept.take(gone)
                # a row has a few dozen runs: a walk over two rows is simpler than a forest, and quick
                for each in (*above, *runs):
                    if each.group is gone:
                        each.group = kept
