"""Rows into lines of text whose columns start, or end, at one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._columns import COLUMN_GAP, Cell, Columns
from deepocr_kit.layout._items import reads_downward
from deepocr_kit.layout._metrics import LINE_SPACING, cell_width, em_width, estimated_lines, wrap
from deepocr_kit.layout._wording import is_value
from deepocr_kit.layout.rows import Row, RowItem

__all__ = ["Setting", "print_cells", "print_rows", "setting_of"]

LEAST_WRAP = 20
"""A piece of several lines is not wrapped to less than this, in cells."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a page's width becomes cells.

    Attributes:
        size: Of the page in pixels; only its aspect matters.
        lean: How far columns run to the left per length down the page, in true aspect.
        max_width: Widest line, in cells.
        left: Left edge of the text, as a share of the page.
        cell: Width of one cell, as a share of the page.
    """

    size: Size
    lean: float
    max_width: int
    left: float = 0.0
    cell: float = 1.0

    def straight(self, box: BBox) -> tuple[float, float]:
        """Left and right edge as they would be if the columns stood upright; may leave the page."""
        shift = self.lean * (box.center[1] - 0.5) / self.size.aspect
        return box.x0 + shift, box.x1 + shift

    def place(self, x: float) -> int:
        """The cell at a share of the page's width."""
        return round((x - self.left) / self.cell)


def setting_of(rows: Sequence[Row], size: Size, lean: float, max_width: int) -> Setting:
    """A setting in which an average text takes as many cells as it has characters and all fits into ``max_width``."""
    setting = Setting(size, lean, max_width)
    items = [(item, *setting.straight(item.bbox)) for row in rows for item in row.items if item.bbox is not None]
    if not items:
        return Setting(size, lean, max_width, 0.0, 1 / max_width)
    left = min(x0 for _, x0, _ in items)
    right = max(x1 for *_, x1 in items)
    widths = [
        (x1 - x0) / width
        for item, x0, x1 in items
        if item.column is None and x1 > x0 and (width := cell_width(item.text))
    ]
    cell = max(median(widths) if widths else 0.0, (right - left) / max_width, 1e-6)
    return Setting(size, lean, max_width, left, cell)


def print_rows(block: Sequence[Row], setting: Setting) -> list[list[str]]:
    """The lines of each row of a block whose rows share their columns."""
    cells = [[_cell(item, setting) for item in row.items] for row in block]
    shared = [row for row in cells if len(row) > 1]
    columns = Columns.of(shared, setting.left, setting.cell)
    numbers = iter(columns.numbers)
    printed = []
    for row in cells:
        if len(row) > 1:
            places = [columns.start(number, one) for one, number in zip(row, next(numbers), strict=True)]
        else:
            start = columns.lone_start(row[0])
            start = setting.place(row[0].x0) if start is None else start
            places = [max(0, min(start, setting.max_width - row[0].width))]
        printed.append(print_cells(row, places, setting.max_width))
    return printed


def print_cells(cells: Sequence[Cell], starts: Sequence[int], max_width: int) -> list[str]:
    """Cells at their starts; one under the other when they do not fit beside each other."""
    if starts[-1] + cells[-1].width > max_width:
        return list(wrap((" " * COLUMN_GAP).join(" ".join(cell.lines) for cell in cells), max_width))
    printed = []
    for at in range(max(len(cell.lines) for cell in cells)):
        line, used = "", 0
        for cell, start in zip(cells, starts, strict=True):
            if at < len(cell.lines):
                line += " " * (start - used) + cell.lines[at]
                used = max(used, start) + cell_width(cell.lines[at])
        printed.append(line.rstrip())
    return printed


def _cell(item: RowItem, setting: Setting) -> Cell:
    """A piece, wrapped when it fills several lines of its box."""
    box, limit, x0, x1 = item.bbox, setting.max_width, 0.0, 0.0
    latest = 0.0
    width = cell_width(item.text)
    if box is not None:
        x0, x1 = setting.straight(box)
        latest = _latest_start(item.text, x0, x1, box.height / setting.size.aspect)
        across = box.width * setting.size.aspect
        if not reads_downward(item.text, across, box.height) and estimated_lines(item.text, across, box.height) > 1:
            limit = min(limit, max(round(box.width / setting.cell), LEAST_WRAP))
    lines = wrap(item.text, limit) if width > limit else (item.text,)
    return Cell(lines, max(cell_width(line) for line in lines), x0, x1, latest, is_value(item.text))


def _latest_start(text: str, x0: float, x1: float, height: float) -> float:
    """Where a number starts when it stands at the right end of a box that is wider than it."""
    return max(x0, x1 - em_width(text) * height / LINE_SPACING) if is_value(text) else x0
