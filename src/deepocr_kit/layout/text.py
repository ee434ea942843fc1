"""A page as plain text that keeps its layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from deepocr_kit.documents import Page, Region, upright_page, with_distinct_ids
from deepocr_kit.geometry import Size
from deepocr_kit.layout._lines_of_text import Setting, print_rows, setting_of
from deepocr_kit.layout._table_text import print_table
from deepocr_kit.layout._text_blocks import text_blocks
from deepocr_kit.layout.options import TextOptions
from deepocr_kit.layout.rows import Row, RowItem, analyse

__all__ = ["DEFAULT_OPTIONS", "DEFAULT_WIDTH", "UNKNOWN_SIZE", "layout_text"]

DEFAULT_WIDTH = 160
"""Widest line in cells."""

DEFAULT_OPTIONS = TextOptions()
"""Hides nothing."""

UNKNOWN_SIZE = Size(1000, 1000)
"""Stands in for the size of a page that came without its picture: the model's own square grid."""

BLANK_AFTER = 0.8
"""A gap of this many line heights between two rows becomes a blank line."""

_MIN_WIDTH = 20

_FLAT = 1e-6
"""Boxes lower than this share of the page say nothing about the distance of lines."""


def layout_text(page: Page, *, max_width: int = DEFAULT_WIDTH, options: TextOptions = DEFAULT_OPTIONS) -> str:
    r"""The page's words, line by line, where they stand on the page.

    A label and its value stand on one line, columns start at one place, wide
    characters count as two cells, tables come from their grids. A page of
    vertical Chinese or Japanese is given line by line, from the right, without
    indents. Nothing is cut: what does not fit into ``max_width`` is wrapped.

    Args:
        page: Its regions' boxes decide; a page without a size counts as square.
        max_width: Widest line, in cells of a terminal; at least 20. A table that
            ``options`` has written otherwise is as wide as it was written.
        options: What is left out and what is marked. Rows are found before
            anything is left out, so that the rest stays in its place.

    Returns:
        Lines joined with ``"\n"``, without trailing spaces and without a final line break.

    Raises:
        ValueError: ``max_width`` is below 20.
    """
    if max_width < _MIN_WIDTH:
        raise ValueError(f"max_width must be at least {_MIN_WIDTH}, got {max_width!r}")
    page = with_distinct_ids(upright_page(page))
    size = page.size or UNKNOWN_SIZE
    regions = {region.id: region for region in page.regions}
    analysis = analyse(page.regions, size)
    rows = _shown(analysis.rows, regions, options)
    setting = setting_of(rows, size, analysis.lean, max_width)
    lines: list[str] = []
    before: Row | None = None
    for block in text_blocks(rows, setting):
        for row, printed in zip(block, _print_block(block, regions, setting, options), strict=True):
            if before is not None and printed:
                lines.extend([""] * min(_gap(before, row), options.max_number_of_consecutive_new_lines - 1))
            lines.extend(printed)
            before = row
    if analysis.downward:
        lines = [line.strip() for line in lines]
    if options.max_number_of_consecutive_spaces is not None:
        lines = _squeezed(lines, options.max_number_of_consecutive_spaces)
    return "\n".join(lines)


def _shown(rows: Sequence[Row], regions: Mapping[str, Region], options: TextOptions) -> list[Row]:
    """The rows without what is left out; words of a region stand between its prefix and its suffix."""
    marks = {region_id: options.around(region) for region_id, region in regions.items()}
    hidden = {region_id for region_id, region in regions.items() if options.hides(region)}
    ends: dict[str, tuple[int, int]] = {}
    for row in rows:
        for item in row.items:
            first, last = ends.get(item.region_id, (item.part, item.part))
            ends[item.region_id] = min(first, item.part), max(last, item.part)

    def marked(item: RowItem) -> RowItem:
        prefix, suffix = marks[item.region_id]
        if item.column is not None or not (prefix or suffix):
            return item
        first, last = ends[item.region_id]
        before, after = prefix if item.part == first else "", suffix if item.part == last else ""
        return replace(item, text=f"{before}{item.text}{after}")

    shown = (tuple(marked(item) for item in row.items if item.region_id not in hidden) for row in rows)
    return [replace(row, items=items) for row, items in zip(rows, shown, strict=True) if items]


def _gap(before: Row, row: Row) -> int:
    """How many lines would fit between two rows; 0 when they stand close, 1 where boxes begin or end."""
    if before.bottom is None or before.top is None or row.top is None or row.bottom is None:
        return int((before.top is None) != (row.top is None))
    height = min(item.bbox.height for item in (*before.items, *row.items) if item.bbox is not None)
    gap = row.top - before.bottom
    if gap <= BLANK_AFTER * height:
        return 0
    return max(1, round(gap / height)) if height > _FLAT else 1


def _print_block(
    block: Sequence[Row], regions: Mapping[str, Region], setting: Setting, options: TextOptions
) -> list[list[str]]:
    """The lines of each row."""
    first = block[0].items[0]
    table = regions[first.region_id].table
    if first.column is None or table is None:
        return print_rows(block, setting)
    return print_table(block, table, setting, options)


def _squeezed(lines: Iterable[str], most: int) -> list[str]:
    pattern = re.compile(f" {{{most + 1},}}")
    return [pattern.sub(" " * most, line) for line in lines]
