"""What layout text shows of a page and how it marks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeAlias

from deepocr_kit.documents import Region, RegionLabel, Table

__all__ = ["TableWriter", "TextOptions"]

TableWriter: TypeAlias = Callable[[Table], str]
"""Writes one table; its lines are put into the text as they are."""

_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|第)?\s{0,3}[-–—]?\s{0,3}(?:\d{1,5}|[ivxlc]{1,7})\s{0,3}[-–—]?(?:\s{0,3}(?:/|of|von|共|页,?)\s{0,3}\d{1,5})?\s{0,3}页?",
    re.IGNORECASE,
)
_PAGE_NUMBER_WORDS = frozenset({"page_number", "page-number", "pagenumber", "page_num"})
_FURNITURE = frozenset({RegionLabel.PAGE_HEADER, RegionLabel.PAGE_FOOTER})
_FIGURES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL})
_CHECKBOXES = frozenset({RegionLabel.CHECKBOX_SELECTED, RegionLabel.CHECKBOX_UNSELECTED})
_MARKS = ("[", "(", "☐", "☑", "☒", "✓", "✔", "✗", "✘", "□", "■")
"""A checkbox's text that starts so was marked by the model."""

_NAMES = {
    RegionLabel.TITLE: "title",
    RegionLabel.SECTION_HEADER: "section_header",
    RegionLabel.LIST_ITEM: "list_element",
    RegionLabel.TEXT: "text",
    RegionLabel.PAGE_HEADER: "header",
    RegionLabel.PAGE_FOOTER: "footer_layout",
    **dict.fromkeys(_FIGURES, "figure_layout"),
}
"""The options' word for what stands before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions:
    r"""How ``layout_text`` and ``render_text`` write a page; the defaults hide nothing and mark nothing but checkboxes.

    Names and defaults are those of ``TextLinearizationConfig`` in
    amazon-textract-textractor (``textractor/data/text_linearization_config.py``,
    version 1.10), where this text has such a thing. It is one value and not
    twenty keyword arguments, so that it can be made once, kept beside a prompt,
    and handed through every function that writes text.

    Three differences. Separators between lines and paragraphs are missing, since
    lines stand where they stand on the page. ``table_column_separator`` is None,
    which aligns columns with spaces. ``table_linearization_format`` takes the
    function that writes a table (``table_to_markdown``, ``table_to_html`` or
    ``table_to_csv`` of ``deepocr_kit.rendering``, or your own) and not its name.

    Attributes:
        hide_header_layout: Leave out page headers.
        hide_footer_layout: Leave out page footers.
        hide_page_num_layout: Leave out headers and footers that are nothing but a page number.
        hide_figure_layout: Leave out the text of pictures, charts and seals.
        hide_table_layout: Leave out tables.
        hide_key_value_layout: Leave out key-value regions.
        title_prefix: Before a title; every prefix and suffix is a part of one line.
        title_suffix: After a title.
        section_header_prefix: Before a section header.
        section_header_suffix: After a section header.
        list_element_prefix: Before a list item.
        list_element_suffix: After a list item.
        text_prefix: Before a text region.
        text_suffix: After a text region.
        header_prefix: Before a page header that is no page number.
        header_suffix: After such a page header.
        footer_layout_prefix: Before a page footer that is no page number.
        footer_layout_suffix: After such a page footer.
        page_num_prefix: Before a page number.
        page_num_suffix: After a page number.
        figure_layout_prefix: Before the text of a picture, chart or seal.
        figure_layout_suffix: After it.
        selection_element_selected: Stands before the text of a ticked checkbox.
        selection_element_not_selected: Stands before the text of an empty one.
        table_linearization_format: Writes a table; None sets it from its grid. What it writes is not wrapped.
        table_column_separator: Between the cells of a table, which are not aligned then; empty cells are kept.
        table_row_separator: Between the rows of a table.
        table_prefix: A line before each table; none when empty.
        table_suffix: A line after each table; none when empty.
        table_cell_empty_cell_placeholder: Stands in an empty cell of a table.
        table_duplicate_text_in_merged_cells: Repeat a spanning cell's text on all its places.
        max_number_of_consecutive_new_lines: 1 for no blank lines, 2 for at most one between two rows, and so on.
        max_number_of_consecutive_spaces: Shortens longer runs of spaces, which ends the alignment and saves tokens;
            None leaves them.

    Raises:
        ValueError: A prefix, suffix, mark or placeholder has a line break, or a number is below 1.
        TypeError: A value is of another kind than its default, such as the name of a table format.
    """

    hide_header_layout: bool = False
    hide_footer_layout: bool = False
    hide_page_num_layout: bool = False
    hide_figure_layout: bool = False
    hide_table_layout: bool = False
    hide_key_value_layout: bool = False
    title_prefix: str = ""
    title_suffix: str = ""
    section_header_prefix: str = ""
    section_header_suffix: str = ""
    list_element_prefix: str = ""
    list_element_suffix: str = ""
    text_prefix: str = ""
    text_suffix: str = ""
    header_prefix: str = ""
    header_suffix: str = ""
    footer_layout_prefix: str = ""
    footer_layout_suffix: str = ""
    page_num_prefix: str = ""
    page_num_suffix: str = ""
    figure_layout_prefix: str = ""
    figure_layout_suffix: str = ""
    selection_element_selected: str = "[X]"
    selection_element_not_selected: str = "[ ]"
    table_linearization_format: TableWriter | None = None
    table_column_separator: str | None = None
    table_row_separator: str = "\n"
    table_prefix: str = ""
    table_suffix: str = ""
    table_cell_empty_cell_placeholder: str = ""
    table_duplicate_text_in_merged_cells: bool = False
    max_number_of_consecutive_new_lines: int = 2
    max_number_of_consecutive_spaces: int | None = None

    def __post_init__(self) -> None:
        """Refuse marks that would break a line, numbers below 1, and values of another kind."""
        writer = self.table_linearization_format
        if writer is not None and not callable(writer):
            raise TypeError(
                f"table_linearization_format must be a function such as table_to_markdown or None, got {writer!r}"
            )
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.startswith("max_number"):
                if value is not None or field.default is not None:
                    _check_number(field.name, value)
            elif isinstance(field.default, bool) and not isinstance(value, bool):
                raise TypeError(f"{field.name} must be True or False, got {value!r}")
            elif isinstance(field.default, str) or field.name == "table_column_separator":
                _check_mark(field.name, value)

    def hides(self, region: Region) -> bool:
        """Whether the region is left out."""
        return (
            (self.hide_header_layout and region.label is RegionLabel.PAGE_HEADER)
            or (self.hide_footer_layout and region.label is RegionLabel.PAGE_FOOTER)
            or (self.hide_page_num_layout and _is_page_number(region))
            or (self.hide_figure_layout and region.label in _FIGURES)
            or (self.hide_table_layout and region.label is RegionLabel.TABLE)
            or (self.hide_key_value_layout and region.label is RegionLabel.KEY_VALUE_REGION)
        )

    def around(self, region: Region) -> tuple[str, str]:
        """What stands before and after the region's words."""
        if _is_page_number(region):
            return self.page_num_prefix, self.page_num_suffix
        if region.label in _CHECKBOXES:
            ticked = region.label is RegionLabel.CHECKBOX_SELECTED
            mark = self.selection_element_selected if ticked else self.selection_element_not_selected
            return (f"{mark} " if mark and not region.text.lstrip().startswith(_MARKS) else ""), ""
        name = _NAMES.get(region.label)
        return (getattr(self, f"{name}_prefix"), getattr(self, f"{name}_suffix")) if name else ("", "")


def _check_number(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value!r}")


def _check_mark(name: str, value: object) -> None:
    if not isinstance(value, str):
        if value is None and name == "table_column_separator":
            return
        raise TypeError(f"{name} must be a text, got {value!r}")
    if name != "table_row_separator" and value.splitlines() not in ([], [value]):
        raise ValueError(f"{name} must be a part of one line, got {value!r}")


def _is_page_number(region: Region) -> bool:
    if region.label not in _FURNITURE:
        return False
    return (
        region.raw_label.casefold() in _PAGE_NUMBER_WORDS
        or _PAGE_NUMBER.fullmatch(region.text.strip()[:40]) is not None
    )
