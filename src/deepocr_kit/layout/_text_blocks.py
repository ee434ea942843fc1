"""Runs of rows that share their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from deepocr_kit.layout._columns import find_gutters
from deepocr_kit.layout._lines_of_text import Setting
from deepocr_kit.layout.rows import Row

__all__ = ["text_blocks"]

MAX_LONE_ROWS = 2
"""So many rows of one piece may stand between rows that share their columns, whatever they are."""


def text_blocks(rows: Sequence[Row], setting: Setting) -> Iterable[list[Row]]:
    """All rows of a table, or rows whose columns agree, from top to bottom.

    Rows of one piece belong to the rows before them, or to those after them
    when none stand before.
    """
    tables: dict[str, list[Row]] = {}
    for row in rows:
        if row.items[0].column is not None:
            tables.setdefault(row.items[0].region_id, []).append(row)
    for in_table, group in groupby(rows, key=lambda row: row.items[0].column is not None):
        if not in_table:
            yield from _agreeing(list(group), setting)
            continue
        for row in group:
            if row.items[0].region_id in tables:
                yield tables.pop(row.items[0].region_id)


def _agreeing(rows: Sequence[Row], setting: Setting) -> Iterable[list[Row]]:
    """Rows between two tables, parted where many rows of one piece stand between columns that do not agree."""
    block: list[Row] = []
    lone: list[Row] = []
    core: list[Row] = []
    for row, shared_after in _with_next_core(rows):
        if len(row.items) == 1:
            lone.append(row)
            continue
        if core and len(lone) > MAX_LONE_ROWS and not _agree(core, shared_after, lone, setting):
            yield [*block, *lone]
            block, lone, core = [], [], []
        elif len(lone) > MAX_LONE_ROWS:
            core = []
        block += [*lone, row]
        core.append(row)
        lone = []
    if block or lone:
        yield [*block, *lone]


def _with_next_core(rows: Sequence[Row]) -> Iterable[tuple[Row, list[Row]]]:
    """Each row; the first of each core comes with the rows of several pieces that follow it without a long break."""
    starts: dict[int, list[Row]] = {}
    lone, first = MAX_LONE_ROWS + 1, 0
    for at, row in enumerate(rows):
        if len(row.items) == 1:
            lone += 1
            continue
        if lone > MAX_LONE_ROWS:
            first = at
            starts[first] = []
        starts[first].append(row)
        lone = 0
    for at, row in enumerate(rows):
        yield row, starts.get(at, [])


def _agree(above: Sequence[Row], below: Sequence[Row], between: Sequence[Row], setting: Setting) -> bool:
    """Whether two runs of rows need no more gutters together than one alone, and nothing between crosses one."""
    gaps = [_gaps(rows, setting) for rows in (above, below)]
    gutters = find_gutters([*gaps[0], *gaps[1]])
    if len(gutters) > max(len(find_gutters(one)) for one in gaps):
        return False
    edges = [setting.straight(item.bbox) for row in between for item in row.items if item.bbox is not None]
    return not any(x0 + setting.cell < gutter < x1 - setting.cell for x0, x1 in edges for gutter in gutters)


def _gaps(rows: Sequence[Row], setting: Setting) -> list[tuple[float, float]]:
    boxed = [[setting.straight(item.bbox) for item in row.items if item.bbox is not None] for row in rows]
    return [(left[1], right[0]) for edges in boxed for left, right in pairwise(edges)]
