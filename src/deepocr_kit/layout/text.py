"""A page as plain text that keeps its layout."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from statistics import median

from deepocr_kit.documents import Page, upright_page
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._columns import COLUMN_GAP, Cell, assign_columns, column_starts
from deepocr_kit.layout._metrics import LINE_SPACING, cell_width, em_width, estimated_lines, wrap
from deepocr_kit.layout._wording import is_value
from deepocr_kit.layout.rows import Row, RowItem, find_rows

__all__ = ["DEFAULT_WIDTH", "UNKNOWN_SIZE", "layout_text"]

DEFAULT_WIDTH = 160
"""Widest line in cells."""

UNKNOWN_SIZE = Size(1000, 1000)
"""Stands in for the size of a page that came without its picture: the model's own square grid."""

BLANK_AFTER = 0.8
"""A gap of this many line heights between two rows becomes a blank line."""

MAX_LONE_ROWS = 2
"""So many rows of one piece may stand between rows that share their columns."""

_MIN_WIDTH = 20


def layout_text(page: Page, *, max_width: int = DEFAULT_WIDTH, blank_lines: bool = True) -> str:
    r"""The page's words, line by line, where they stand on the page.

    A label and its value stand on one line, columns start at one place, wide
    characters count as two cells, tables come from their grids. Nothing is
    cut: what does not fit into ``max_width`` is wrapped.

    Args:
        page: Its regions' boxes decide; a page without a size counts as square.
        max_width: Widest line, in cells of a terminal; at least 20.
        blank_lines: Whether a gap between two rows becomes one blank line.

    Returns:
        Lines joined with ``"\n"``, without trailing spaces and without a final line break.

    Raises:
        ValueError: ``max_width`` is below 20.
    """
    if max_width < _MIN_WIDTH:
        raise ValueError(f"max_width must be at least {_MIN_WIDTH}, got {max_width!r}")
    page = upright_page(page)
    size = page.size or UNKNOWN_SIZE
    rows = find_rows(page.regions, size)
    left, cell = _grid(rows, max_width)
    lines: list[str] = []
    before: Row | None = None
    for block in _blocks(rows):
        for row, printed in zip(block, _print_block(block, left, cell, size, max_width), strict=True):
            if blank_lines and before is not None and _apart(before, row):
                lines.append("")
            lines.extend(printed)
            before = row
    return "\n".join(lines)


def _grid(rows: Sequence[Row], max_width: int) -> tuple[float, float]:
    """Left edge of the text and width of one cell, as shares of the page."""
    items = [(item, item.bbox) for row in rows for item in row.items if item.bbox is not None]
    if not items:
        return 0.0, 1 / max_width
    left = min(box.x0 for _, box in items)
    right = max(box.x1 for _, box in items)
    widths = [
        box.width / cell_width(item.text)
        for item, box in items
        if item.column is None and box.width > 0 and cell_width(item.text)
    ]
    return left, max(median(widths) if widths else 0.0, (right - left) / max_width, 1e-6)


def _blocks(rows: Sequence[Row]) -> Iterable[list[Row]]:
    """Runs of rows that share their columns: all rows of a table, or rows with few lone pieces between."""
    tables: dict[str, list[Row]] = {}
    for row in rows:
        if row.items[0].column is not None:
            tables.setdefault(row.items[0].region_id, []).append(row)
    block: list[Row] = []
    lone = 0
    for row in rows:
        in_table = row.items[0].column is not None
        lone = lone + 1 if len(row.items) == 1 else 0
        if block and (in_table or lone > MAX_LONE_ROWS):
            yield block
            block = []
        if not in_table:
            block.append(row)
        elif row.items[0].region_id in tables:
            yield tables.pop(row.items[0].region_id)
    if block:
        yield block


def _apart(before: Row, row: Row) -> bool:
    if before.bottom is None or before.top is None or row.top is None or row.bottom is None:
        return (before.top is None) != (row.top is None)
    heights = [item.bbox.height for item in (*before.items, *row.items) if item.bbox is not None]
    return row.top - before.bottom > BLANK_AFTER * min(heights)


def _print_block(block: Sequence[Row], left: float, cell: float, size: Size, max_width: int) -> list[list[str]]:
    if block[0].items[0].column is not None:
        return _print_table(block, left, cell, max_width)
    cells = [[_cell(item, cell, size, max_width) for item in row.items] for row in block]
    shared = [row for row in cells if len(row) > 1]
    columns = assign_columns(shared)
    starts, right_widths = column_starts(shared, columns, left, cell)
    anchors = sorted(
        (one.x0, starts[number])
        for row, numbers in zip(shared, columns, strict=True)
        for one, number in zip(row, numbers, strict=True)
    )
    numbers = iter(columns)
    printed = []
    for row in cells:
        if len(row) == 1:
            start = _lone_start(row[0], left, cell, anchors)
            printed.append(_print_cells(row, [max(0, min(start, max_width - row[0].width))], max_width))
            continue
        places = [
            starts[number] + right_widths.get(number, one.width) - one.width
            for one, number in zip(row, next(numbers), strict=True)
        ]
        printed.append(_print_cells(row, places, max_width))
    return printed


def _latest_start(text: str, box: BBox, size: Size) -> float:
    """Where a number starts when it stands at the right end of a box that is wider than it."""
    if not is_value(text):
        return box.x0
    width = em_width(text) * box.height / LINE_SPACING / size.aspect
    return max(box.x0, box.x1 - width)


def _lone_start(one: Cell, left: float, cell: float, anchors: Sequence[tuple[float, int]]) -> int:
    """Start of a piece alone in its row: that of a column when it stands there on the page."""
    at = bisect_left(anchors, (one.x0, 0))
    near = min(anchors[max(0, at - 1) : at + 1], key=lambda anchor: abs(anchor[0] - one.x0), default=None)
    if near is not None and abs(near[0] - one.x0) < cell:
        return near[1]
    return round((one.x0 - left) / cell)


def _cell(item: RowItem, cell: float, size: Size, max_width: int) -> Cell:
    """A piece, wrapped when it fills several lines of its box."""
    box = item.bbox
    width = cell_width(item.text)
    limit = max_width
    if box is not None:
        count = estimated_lines(item.text, box.width * size.aspect, box.height)
        if count > 1:
            limit = min(max_width, max(round(box.width / cell), _MIN_WIDTH))
    lines = wrap(item.text, limit) if width > limit else (item.text,)
    return Cell(
        lines=lines,
        width=max(cell_width(line) for line in lines),
        x0=box.x0 if box else 0.0,
        x1=box.x1 if box else 0.0,
        latest=_latest_start(item.text, box, size) if box else 0.0,
        number=is_value(item.text),
    )


def _print_cells(cells: Sequence[Cell], starts: Sequence[int], max_width: int) -> list[str]:
    """Cells at their starts; one under the other when they do not fit beside each other."""
    if starts[-1] + cells[-1].width > max_width:
        return list(wrap((" " * COLUMN_GAP).join(" ".join(cell.lines) for cell in cells), max_width))
    printed = []
    for at in range(max(len(cell.lines) for cell in cells)):
        line = ""
        for cell, start in zip(cells, starts, strict=True):
            if at < len(cell.lines):
                line += " " * (start - cell_width(line)) + cell.lines[at]
        printed.append(line.rstrip())
    return printed


def _print_table(block: Sequence[Row], left: float, cell: float, max_width: int) -> list[list[str]]:
    """Rows of one grid, where it stands on the page if it fits there; every column as wide as its widest cell."""
    cells = [
        [Cell((item.text,), cell_width(item.text), 0.0, 0.0, 0.0, number=is_value(item.text)) for item in row.items]
        for row in block
    ]
    columns = [[item.column or 0 for item in row.items] for row in block]
    starts, _ = column_starts(cells, columns, 0.0, 1.0)
    end = max(starts[numbers[-1]] + row[-1].width for row, numbers in zip(cells, columns, strict=True))
    edges = [item.bbox.x0 for row in block for item in row.items if item.bbox is not None]
    indent = min(round((min(edges, default=left) - left) / cell), max_width - end)
    return [
        _print_cells(row, [max(0, indent) + starts[number] for number in numbers], max_width)
        for row, numbers in zip(cells, columns, strict=True)
    ]
