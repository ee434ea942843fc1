"""Font sizes that make a text fit its box, from estimated widths."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deepocr_kit.documents import Table
from deepocr_kit.layout import LINE_SPACING, em_width

__all__ = ["LineFit", "fit_block", "fit_line", "fit_table"]

LINE_SHARE = 0.88
"""Font size over the height of a line's box."""

FILLS = 0.8
"""A line that fills this share of its box is set to the box's exact width; a shorter one keeps its own."""

MOST_SQUEEZE = 1.12
"""A line that is wider than its box by more is set smaller instead of narrower."""

SAFETY = 0.93
"""Share of an estimated size that is used, for faces that run wider than estimated."""

STEP = 0.96
"""Factor from one tried size to the next smaller one."""

MAX_STEPS = 120

SPACE = 0.3
"""Width of a space in ems."""

_WORD = re.compile(r"[\u2e80-\uffef]+|[^\s\u2e80-\uffef]+")
_ANYWHERE = re.compile(r"[\u2e80-\uffef]")
"""East Asian text, which is wrapped between any two characters."""

CELL_PADDING = 0.6
"""Horizontal padding of a table cell in ems, both sides together."""


@dataclass(frozen=True, slots=True)
class LineFit:
    """How to set one line.

    Attributes:
        size: Font size, in the unit of the box.
        fills: Whether it is to be set to the exact width of the box.
    """

    size: float
    fills: bool


def fit_line(text: str, width: float, height: float) -> LineFit:
    """Size of a line in a box of ``width`` x ``height`` (any common unit)."""
    ems = em_width(text)
    size = LINE_SHARE * height
    if ems <= 0 or width <= 0:
        return LineFit(size, fills=False)
    if ems * size > MOST_SQUEEZE * width:
        size = MOST_SQUEEZE * width / ems
    return LineFit(size, fills=ems * size / width >= FILLS)


def fit_block(text: str, width: float, height: float) -> float:
    """Font size of wrapped text in a box of ``width`` x ``height`` (any common unit)."""
    lines = [
        [(em_width(word), _ANYWHERE.match(word) is not None) for word in _WORD.findall(line)]
        for line in text.splitlines()
    ]
    size = height / LINE_SPACING / max(1, len(lines))
    total = sum(ems for words in lines for ems, _ in words)
    if width <= 0 or total <= 0:
        return SAFETY * size
    size = min(size, width, math.sqrt(width * height / LINE_SPACING / total))
    for _ in range(MAX_STEPS):
        if size <= 0 or sum(_wrapped(words, width / size) for words in lines) * LINE_SPACING * size <= height:
            break
        size *= STEP
    return SAFETY * size


def _wrapped(words: Iterable[tuple[float, bool]], room: float) -> int:
    """How many lines of ``room`` ems the words take; each with its ems and whether it may be broken anywhere."""
    count, used = 1, 0.0
    for ems, anywhere in words:
        if used and used + ems > room and not anywhere:
            count, used = count + 1, 0.0
        used += ems + (0.0 if anywhere else SPACE)
        if used - SPACE > room:  # broken inside
            more = math.ceil((used - SPACE) / room) - 1
            count, used = count + more, used - more * room
    return count


def fit_table(table: Table, width: float, height: float) -> float:
    """Font size of a table's cells in a box of ``width`` x ``height`` (any common unit)."""
    cells = [
        (cell.row, cell.col, cell.col_span, max((em_width(line) for line in cell.text.splitlines()), default=0.0))
        for cell in table.cells
    ]
    natural = [1.0] * table.col_count
    for _, col, span, ems in cells:
        if span == 1:
            natural[col] = max(natural[col], ems + CELL_PADDING)
    size = height / max(1, table.row_count) / LINE_SPACING
    for _ in range(MAX_STEPS):
        if _table_height(cells, natural, width / size if size > 0 else 1.0, table.row_count) * size <= height:
            break
        size *= STEP
    return SAFETY * size


def _table_height(
    cells: Sequence[tuple[int, int, int, float]], natural: Sequence[float], room: float, rows: int
) -> float:
    """Height in ems when the columns share ``room`` ems by their natural widths."""
    scale = min(1.0, room / sum(natural)) if natural else 1.0
    lines = [1] * rows
    for row, col, span, ems in cells:
        inner = max(sum(natural[col : col + span]) * scale - CELL_PADDING, 0.5)
        needed = math.ceil(ems / inner - 1e-6)
        lines[row] = max(lines[row], needed + (1 if needed > 1 else 0))
    return sum(lines) * LINE_SPACING
