"""Lines that stand side by side as the rows and columns of a CSS grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from deepocr_kit.layout import find_gutters
from deepocr_kit.rendering._characters import escape

__all__ = ["Cell", "grid_html"]

WIDEST = 20.0
"""A column keeps room for its longest text, but not for more ems than this."""

ROOMS = {2: 15.0, 6: 28.0, 12: 34.0}
"""So many columns together keep at most so many ems: two fit a phone, where two stay side by side, and the others with
the gaps between them the narrowest window in which the style sheet does not wrap their rows."""

LEAST = 0.01
"""Every column has at least this share of the page."""

KINDS = {2: "grid", 6: "grid many", 12: "grid crowd"}
"""Classes of a grid of so many columns."""

MOST_COLUMNS = 12
"""Rows that need more columns are lines that wrap."""

SAME_END = 0.6
"""Words that end so near to the end of their column, in ems, stand at its end, as the head over a column of numbers."""

APART = 0.8
"""A gap of this many line heights above a row is kept."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a row.

    Attributes:
        text: Its words.
        attributes: Of its element, a space before each.
        ems: Estimated width of its words in ems.
        x0: Where its words start, as a share of the page.
        x1: Where they end.
        y0: Upper edge of its box.
        y1: Lower edge.
        em: Size of its font, as a share of the page's width.
        at_end: Whether it stands at the end of its column.
    """

    text: str
    attributes: str
    ems: float
    x0: float
    x1: float
    y0: float
    y1: float
    em: float
    at_end: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with the column where it starts and the one before which it ends, both 0-based."""

    cell: Cell
    start: int
    end: int


def grid_html(rows: Sequence[Sequence[Cell]], grid_id: str) -> tuple[list[str], str]:
    """Lines of HTML of a grid, and its style rule, which may be empty.

    Columns are parted by the gutters of the rows and start where the median
    of their cells starts. A cell reaches to the next one of its row, the last
    one to the end, and one whose words stand at its end to where they end.
    The grid is as wide against its text as it is on the page.
    """
    gutters = find_gutters((left.x1, right.x0) for row in rows for left, right in pairwise(row))
    columns = [_columns(row, gutters) for row in rows]
    numbers = {column: at for at, column in enumerate(sorted({column for row in columns for column in row}))}
    count = len(numbers)
    free = count > MOST_COLUMNS
    if free:
        columns, count = [[0] * len(row) for row in rows], 1
        numbers = {0: 0}
    placed = []
    for row, starts in zip(rows, columns, strict=True):
        begins = [*(numbers[start] for start in starts), count]
        placed.append([_placed(cell, begins[at], begins[at + 1], gutters, numbers) for at, cell in enumerate(row)])
    kind = "free" if free else KINDS[_step(count)]
    lines = [f'<div id="{grid_id}" class="{kind}">', *_rows_html(placed, _ends(placed)), "</div>"]
    return lines, "" if free else f"#{grid_id}{{{_measures(placed, count)}}}"


def _placed(cell: Cell, start: int, most: int, gutters: Sequence[float], numbers: Mapping[int, int]) -> _Placed:
    """A cell that reaches to ``most``, the next one's column; words at its end stand where they end on the page."""
    if not cell.at_end:
        return _Placed(cell, start, most)
    last = bisect_right(gutters, cell.x1)
    end = sum(column <= last for column in numbers)
    return _Placed(cell, start, min(max(end, start + 1), most))


def _ends(rows: Sequence[Sequence[_Placed]]) -> dict[int, float]:
    """Where words that stand at the end of their column end, by the column before which that is."""
    ends: dict[int, list[float]] = {}
    for at in (at for row in rows for at in row if at.cell.at_end):
        ends.setdefault(at.end, []).append(at.cell.x1)
    return {end: median(edges) for end, edges in ends.items()}


def _stands_at_end(at: _Placed, ends: Mapping[int, float]) -> bool:
    return at.cell.at_end or abs(at.cell.x1 - ends.get(at.end, -1.0)) < SAME_END * at.cell.em


def _step(count: int) -> int:
    return next(most for most in ROOMS if count <= most)


def _rows_html(rows: Sequence[Sequence[_Placed]], ends: Mapping[int, float]) -> list[str]:
    """The rows, with the gaps between them; in each the cells, from their column to the next one's."""
    lines: list[str] = []
    bottom = 1.0
    for row in rows:
        apart = min(at.cell.y0 for at in row) - bottom > APART * min(at.cell.y1 - at.cell.y0 for at in row)
        bottom = max(at.cell.y1 for at in row)
        html = ""
        expected = 0
        for at in row:
            names = [f"s{at.start + 1}"] if at.start > expected else []
            names += [f"w{at.end - at.start}"] if at.end - at.start > 1 else []
            names += ["end"] if _stands_at_end(at, ends) else []
            of_class = f' class="{" ".join(names)}"' if names else ""
            html += f"<p{of_class}{at.cell.attributes}>{escape(at.cell.text)}</p>"
            expected = at.end
        lines.append(f'<div class="{"gap " if apart else ""}row">{html}</div>')
    return lines


def _columns(row: Sequence[Cell], gutters: Sequence[float]) -> list[int]:
    """The column of each cell; rises from left to right."""
    columns: list[int] = []
    for cell in row:
        column = bisect_right(gutters, cell.x0)
        columns.append(max(column, columns[-1] + 1) if columns else column)
    return columns


def _measures(rows: Sequence[Sequence[_Placed]], count: int) -> str:
    """Declarations of the columns and the width.

    Columns have the shares of the page between their median starts, and room
    for the texts that end in them, as far as they are short.
    """
    lefts: list[list[float]] = [[] for _ in range(count)]
    needs = [1.0] * count
    for at in (at for row in rows for at in row):
        lefts[at.start].append(at.cell.x0)
        if at.end - at.start == 1:
            needs[at.start] = max(needs[at.start], min(WIDEST, 1.1 * at.cell.ems + 0.5))
    starts = list(accumulate((median(left) for left in lefts), lambda before, start: max(before + LEAST, start)))
    end = max(max(at.cell.x1 for row in rows for at in row), starts[-1] + LEAST)
    em = max(median(at.cell.em for row in rows for at in row), 1e-4)
    shares = [
        max(need, (right - left) / em) for need, (left, right) in zip(needs, pairwise([*starts, end]), strict=True)
    ]
    most = _cap(needs, ROOMS[_step(count)])
    template = " ".join(
        f"minmax({min(need, most):.1f}em,{share:.1f}fr)" for need, share in zip(needs, shares, strict=True)
    )
    return f"grid-template-columns:{template};max-width:{min(sum(shares) + count, 999):.0f}em"


def _cap(needs: Iterable[float], room: float) -> float:
    """The most that each column may keep so that all fit into ``room``; columns that need less keep what they need."""
    ordered = sorted(needs)
    for at, need in enumerate(ordered):
        share = room / (len(ordered) - at)
        if need > share:
            return share
        room -= need
    return ordered[-1]
