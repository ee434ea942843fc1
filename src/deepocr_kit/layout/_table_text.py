"""Tables into lines of text, from their grids."""

from __future__ import annotations

from collections.abc import Sequence

from deepocr_kit.documents import Table
from deepocr_kit.layout._columns import Cell, column_starts
from deepocr_kit.layout._lines_of_text import Setting, print_cells
from deepocr_kit.layout._metrics import cell_width
from deepocr_kit.layout._wording import is_value
from deepocr_kit.layout.options import TextOptions
from deepocr_kit.layout.rows import Row

__all__ = ["print_table"]


def print_table(block: Sequence[Row], table: Table, setting: Setting, options: TextOptions) -> list[list[str]]:
    """The lines of each row of a table.

    Aligned, the table stands where it stands on the page if it fits there. A
    table that is written otherwise stands at the left, all of it with its first row.

    Args:
        block: The rows of the table that hold something.
        table: Its grid.
        setting: How the page's width becomes cells.
        options: How to write tables.
    """
    if options.table_linearization_format is not None:
        written = options.table_linearization_format(table).splitlines()
        printed = [written, *([] for _ in block[1:])]
    elif options.table_column_separator is not None:
        lines = [options.table_column_separator.join(texts) for _, texts in _grid(table, options)]
        printed = [options.table_row_separator.join(lines).split("\n"), *([] for _ in block[1:])]
    else:
        printed = _aligned(block, table, setting, options)
    if options.table_prefix:
        printed[0] = [options.table_prefix, *printed[0]]
    if options.table_suffix:
        printed[-1] = [*printed[-1], options.table_suffix]
    return printed


def _grid(table: Table, options: TextOptions) -> list[tuple[list[int], list[str]]]:
    """Columns and texts of each row of the grid, empty places among them."""
    empty = options.table_cell_empty_cell_placeholder
    texts = [[empty] * table.col_count for _ in range(table.row_count)]
    for cell in table.cells:
        text = " ".join(cell.text.split())
        repeated = options.table_duplicate_text_in_merged_cells
        for row in range(cell.row, cell.row + (cell.row_span if repeated else 1)):
            for column in range(cell.col, cell.col + (cell.col_span if repeated else 1)):
                texts[row][column] = text or empty
    return [(list(range(table.col_count)), row) for row in texts]


def _aligned(block: Sequence[Row], table: Table, setting: Setting, options: TextOptions) -> list[list[str]]:
    """Rows of one grid; every column as wide as its widest cell."""
    filled = options.table_cell_empty_cell_placeholder or options.table_duplicate_text_in_merged_cells
    rows = (
        [
            ([at for at in columns if texts[at]], [text for text in texts if text])
            for columns, texts in _grid(table, options)
        ]
        if filled
        else [([item.column or 0 for item in row.items], [item.text for item in row.items]) for row in block]
    )
    rows = [row for row in rows if row[0]]
    cells = [[Cell((text,), cell_width(text), 0.0, 0.0, 0.0, is_value(text)) for text in texts] for _, texts in rows]
    starts, _ = column_starts(cells, [columns for columns, _ in rows], 0.0, 1.0)
    end = max(starts[columns[-1]] + row[-1].width for row, (columns, _) in zip(cells, rows, strict=True))
    edges = [setting.straight(item.bbox)[0] for row in block for item in row.items if item.bbox is not None]
    indent = max(0, min(setting.place(min(edges, default=setting.left)), setting.max_width - end))
    printed = [
        print_cells(row, [indent + starts[column] for column in columns], setting.max_width)
        for row, (columns, _) in zip(cells, rows, strict=True)
    ]
    if len(printed) == len(block):
        return printed
    return [[line for lines in printed for line in lines], *([] for _ in block[1:])]
