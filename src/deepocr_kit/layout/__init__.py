"""Rows, columns, reading order and layout text, from boxes alone."""

from __future__ import annotations

from deepocr_kit.layout._columns import find_gutters
from deepocr_kit.layout._items import reads_downward
from deepocr_kit.layout._metrics import LINE_SPACING, cell_width, em_width, estimated_lines
from deepocr_kit.layout._wording import split_label_value
from deepocr_kit.layout.arrange import Arrangement, arrange
from deepocr_kit.layout.options import TableWriter, TextOptions
from deepocr_kit.layout.order import PageClass, Writing, geometric_order, page_class_of
from deepocr_kit.layout.placement import Placed, place_regions
from deepocr_kit.layout.rows import Row, RowItem, find_rows, line_slope
from deepocr_kit.layout.text import DEFAULT_OPTIONS, DEFAULT_WIDTH, UNKNOWN_SIZE, layout_text

__all__ = [
    "DEFAULT_OPTIONS",
    "DEFAULT_WIDTH",
    "LINE_SPACING",
    "UNKNOWN_SIZE",
    "Arrangement",
    "PageClass",
    "Placed",
    "Row",
    "RowItem",
    "TableWriter",
    "TextOptions",
    "Writing",
    "arrange",
    "cell_width",
    "em_width",
    "estimated_lines",
    "find_gutters",
    "find_rows",
    "geometric_order",
    "layout_text",
    "line_slope",
    "page_class_of",
    "place_regions",
    "reads_downward",
    "split_label_value",
]
