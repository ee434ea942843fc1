"""Made-up tables as a vision model boxes them: turned, noisy, ragged, with empty cells, drifted if wanted.

A table is drawn level on an A4 page, turned about the page's middle, and boxed:
the box of a turned line is the axis-parallel box around it, so it is taller
the longer the line is. Noise is added, and corners are rounded to the 0..999
grid. The same seed gives the same table.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import em_width

__all__ = ["A4", "MadeTable", "made_table"]

A4 = Size(1654, 2339)
"""At 200 dpi."""

GRID = 999
"""Largest number of the models' grid, on both axes."""

EMPTY = 0.15
"""Share of cells without text."""

TALLEST_SHARE, LOWEST_SHARE = 0.78, 0.5
"""Height of a text line as a share of the distance from row to row."""

_LATIN = ("Unit", "Net", "Gross", "Amount due", "Item", "Stock", "Ref", "Total", "Paid to", "Service", "Oil", "Paper")
_KINDS = ("words", "han", "number", "number", "number")
_HAN = ("数量", "单价", "金额合计", "备注", "日期", "车", "里程", "燃油附加费")


@dataclass(frozen=True, slots=True)
class MadeTable:
    """A table and the truth about it.

    Attributes:
        regions: One per cell that holds text, shuffled.
        size: Of the page.
        cells: Region id to (row, column).
        right_set: Columns whose cells end at one place; the others start at one, but for centred ones.
    """

    regions: tuple[Region, ...]
    size: Size
    cells: dict[str, tuple[int, int]]
    right_set: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Column:
    """Left and right edge in page heights, how its cells are set (0 left, 0.5 centred, 1 right), and what they hold."""

    x0: float
    x1: float
    align: float
    kind: str


def made_table(
    seed: int, *, noise: float = 0.0, degrees: float = 0.0, drift: float = 0.0, columns: int | None = None
) -> MadeTable:
    """A table of 6 to 30 rows and 2 to 7 columns.

    Args:
        seed: Decides everything that the other arguments leave open, the direction of the turn too.
        noise: Standard deviation of each box's place, across and down, in grid units.
        degrees: How far the page is turned, one way or the other.
        drift: By so much of a row all columns but the first stand lower or higher; they hold numbers then.
        columns: Number of columns; by the seed when None.
    """
    chance = random.Random(f"table {seed}")
    count = chance.randint(2, 7)
    count = columns or count
    rows = chance.randint(6, 30)
    pitch = chance.uniform(22, min(44, 880 / rows)) / GRID
    top = chance.uniform(0.05, 0.95 - rows * pitch)
    turn = math.radians(degrees) * chance.choice((-1, 1))
    shift = drift * pitch * chance.choice((-1, 1))
    share = chance.uniform(LOWEST_SHARE, TALLEST_SHARE)
    layout = _columns(chance, count, ("number",) if drift else _KINDS)
    regions: list[Region] = []
    cells: dict[str, tuple[int, int]] = {}
    for row in range(rows):
        size = share * pitch * chance.choice((0.85, 1.0, 1.0, 1.0, 1.12))
        for at, column in enumerate(layout):
            text = _text(chance, column, row, at)
            height = size * chance.uniform(0.92, 1.08)
            width = min(em_width(text) * size / 1.25, column.x1 - column.x0)
            spare = column.x1 - column.x0 - width
            x = column.x0 + spare * column.align + width / 2
            y = top + (row + 0.5) * pitch + (shift if at else 0.0)
            box = _boxed(x, y, width, height, turn, (chance.gauss(0, noise), chance.gauss(0, noise)))
            if chance.random() >= EMPTY:
                regions.append(Region(id="", label=RegionLabel.TEXT, boxes=(box,), content=text, text=text))
                cells[text] = (row, at)
    chance.shuffle(regions)
    named = tuple(region.model_copy(update={"id": f"p1r{at}"}) for at, region in enumerate(regions, start=1))
    return MadeTable(
        regions=named,
        size=A4,
        cells={region.id: cells[region.text] for region in named},
        right_set=frozenset(at for at, column in enumerate(layout) if column.align == 1.0),
    )


def _columns(chance: random.Random, count: int, kinds: Sequence[str]) -> list[_Column]:
    """Columns of uneven width over most of the page; the first holds words and is set to the left."""
    left, right = chance.uniform(0.05, 0.12) * A4.aspect, chance.uniform(0.88, 0.95) * A4.aspect
    gap = 0.02 * A4.aspect
    shares = [chance.uniform(0.6, 1.4) for _ in range(count)]
    free = right - left - gap * (count - 1)
    columns: list[_Column] = []
    for at, share in enumerate(shares):
        width = free * share / sum(shares)
        kind = "words" if at == 0 else chance.choice(kinds)
        align = 0.0 if at == 0 else 1.0 if kind == "number" else chance.choice((0.0, 0.0, 0.5))
        columns.append(_Column(left, left + width, align, kind))
        left += width + gap
    return columns


def _text(chance: random.Random, column: _Column, row: int, at: int) -> str:
    """Words that stand nowhere else in the table, shorter or longer."""
    match column.kind:
        case "number":
            return f"{chance.choice((1, 12, 345, 6789))}{row:02}.{at}{chance.randint(0, 9)}"
        case "han":
            return f"{chance.choice(_HAN)}{chr(0x4E00 + row * 8 + at)}"
        case _:
            return f"{chance.choice(_LATIN)} {chr(97 + at)}{chr(97 + row // 26)}{chr(97 + row % 26)}"


def _boxed(x: float, y: float, width: float, height: float, turn: float, noise: tuple[float, float]) -> BBox:
    """The box around a line with this middle after the page was turned, on the grid; in page heights before."""
    across, down = x - A4.aspect / 2, y - 0.5
    x = (A4.aspect / 2 + across * math.cos(turn) - down * math.sin(turn)) / A4.aspect * GRID + noise[0]
    y = (0.5 + across * math.sin(turn) + down * math.cos(turn)) * GRID + noise[1]
    half_width = (width * math.cos(turn) + height * abs(math.sin(turn))) / A4.aspect * GRID / 2
    half_height = (height * math.cos(turn) + width * abs(math.sin(turn))) * GRID / 2
    return BBox.of(
        round(x - half_width) / GRID,
        round(y - half_height) / GRID,
        round(x + half_width) / GRID,
        round(y + half_height) / GRID,
    )
