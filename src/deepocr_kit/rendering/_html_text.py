"""One region of a page as an HTML element."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deepocr_kit.documents import Region, RegionLabel, Table
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import Placed, em_width, reads_downward, split_label_value
from deepocr_kit.rendering._characters import clean, escape, reads_right_to_left
from deepocr_kit.rendering._fit import fit_block, fit_line, fit_table

__all__ = ["Element", "draw", "table_html", "words_of"]

SCALE = 1000.0
"""Width of a page in the units of the drawing."""

TABLE_FONT = 28.0
"""Largest font of a table in the units of the drawing; rows may be taller than their text."""

_TAGS = {
    RegionLabel.TITLE: "h2",
    RegionLabel.SECTION_HEADER: "h3",
    RegionLabel.LIST_ITEM: "li",
    RegionLabel.CODE: "pre",
}
_PICTURES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL})
_FORM = frozenset({RegionLabel.TEXT, RegionLabel.KEY_VALUE_REGION, RegionLabel.OTHER})
_MARKED = re.compile(r"[-*+•·‣▪●○–—]|\(?\w{1,4}[.)、)]|[①-⑳]")
_BOXES = {
    RegionLabel.CHECKBOX_SELECTED: "\N{BALLOT BOX WITH CHECK} ",
    RegionLabel.CHECKBOX_UNSELECTED: "\N{BALLOT BOX} ",
}


@dataclass(frozen=True, slots=True)
class Element:
    """A region's HTML and the declarations that its id needs."""

    html: str
    rules: tuple[str, ...]
    scan_rules: tuple[str, ...] = ()


def words_of(region: Region) -> str:
    """What to show of a region: its text, or its content when it has none."""
    return clean(region.text if region.text.strip() else region.content).strip()


def draw(region: Region, placed: Placed, element_id: str, size: Size, *, described_by: str | None = None) -> Element:
    """The element of a placed region.

    Args:
        region: What to draw.
        placed: Where, and which part of it.
        element_id: Id of the element; safe as an HTML id and as a CSS name.
        size: Of the page in pixels; only its aspect matters.
        described_by: Id of the caption's element.
    """
    text = words_of(region) if placed.text is None else clean(placed.text)
    width, height = placed.bbox.width * SCALE, placed.bbox.height * SCALE / size.aspect
    bullet = region.label is RegionLabel.LIST_ITEM and _MARKED.match(text) is None
    kind, body, font = _body(region, placed, text, width, height)
    if bullet and kind == "line":
        body = body.replace("<text", _bullet(height) + "<text", 1)
    tag = "div" if kind == "table" or region.label in _PICTURES else _TAGS.get(region.label, "p")
    attributes = [
        f'id="{element_id}"',
        f'class="r {kind} {region.label.value}{" bullet" if bullet else ""}"',
        'dir="auto"',
        f'data-region="{escape(region.id)}"',
        f'data-box="{_corners(placed.raw)}"',
    ]
    if region.label in _PICTURES and not text:
        attributes.append(f'role="img" aria-label="{region.label.value}"')
    if described_by is not None:
        attributes.append(f'aria-describedby="{described_by}"')
    rules = _position(placed.bbox) + (f"font-size:{font / SCALE * 100:.3f}cqw" if font else "")
    scan = (_position(placed.raw),) if placed.raw != placed.bbox else ()
    return Element(f"<{tag} {' '.join(attributes)}>{body}</{tag}>", (rules,), scan)


def _body(region: Region, placed: Placed, text: str, width: float, height: float) -> tuple[str, str, float]:
    """Kind of element, its inner HTML, and its font size in drawing units (0: none)."""
    if region.table is not None and region.table.cells and placed.text is None:
        return "table", table_html(region.table), min(fit_table(region.table, width, height), TABLE_FONT)
    text = _BOXES.get(region.label, "") + text
    if reads_downward(text, width, height) and "\n" not in text:
        size = min(0.8 * width, 0.95 * height / max(1.0, em_width(text)))
        return "down", escape(text), size
    if placed.row is not None and "\n" not in text and region.label is not RegionLabel.CODE:
        return "line", _line(text, width, height, at_end=placed.at_end, divided=region.label in _FORM), 0.0
    return "block", escape(text), fit_block(text, width, height)


def _line(text: str, width: float, height: float, *, at_end: bool, divided: bool) -> str:
    """One line as SVG text, which can be told its exact width without a script."""
    fit = fit_line(text, width, height)
    baseline = height / 2 + 0.35 * fit.size
    halves = None if fit.adjust == "spacingAndGlyphs" or not divided else split_label_value(text)
    head = f'<svg viewBox="0 0 {width:.2f} {height:.2f}" preserveAspectRatio="none">'
    common = f'y="{baseline:.2f}" font-size="{fit.size:.2f}"'
    if halves is not None:
        return (
            f"{head}<text {common}>{escape(halves[0])} </text>"
            f'<text x="{width:.2f}" {common} text-anchor="end">{escape(halves[1])}</text></svg>'
        )
    backward = reads_right_to_left(text)
    place = ""
    if backward:
        place = f' x="{width:.2f}" direction="rtl"'
    elif at_end and fit.adjust is None:
        place = f' x="{width:.2f}" text-anchor="end"'
    stretch = f' textLength="{width:.2f}" lengthAdjust="{fit.adjust}"' if fit.adjust else ""
    return f"{head}<text{place} {common}{stretch}>{escape(text)}</text></svg>"


def _bullet(height: float) -> str:
    """A dot before a line; drawn, so that it is no text."""
    return f'<circle cx="{-0.5 * height:.2f}" cy="{height / 2:.2f}" r="{0.11 * height:.2f}"/>'


def table_html(table: Table) -> str:
    """A real ``<table>`` of the grid; every text escaped, places before a cell that no other covers as empty cells."""
    by_row: dict[int, list[str]] = {row: [] for row in range(table.row_count)}
    free_from: dict[int, int] = {}  # by column, the first row that no cell from above reaches into
    next_col = dict.fromkeys(by_row, 0)
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
        gaps = sum(free_from.get(col, 0) <= cell.row for col in range(next_col[cell.row], cell.col))
        next_col[cell.row] = cell.col + cell.col_span
        free_from |= dict.fromkeys(range(cell.col, cell.col + cell.col_span), cell.row + cell.row_span)
        tag = "th" if cell.header else "td"
        spans = (f' rowspan="{cell.row_span}"' if cell.row_span > 1 else "") + (
            f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
        )
        by_row[cell.row].append("<td></td>" * gaps + f"<{tag}{spans}>{escape(cell.text)}</{tag}>")
    return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in by_row.values()) + "</table>"


def _position(box: BBox) -> str:
    return (
        f"left:{box.x0 * 100:.4f}%;top:{box.y0 * 100:.4f}%;width:{box.width * 100:.4f}%;height:{box.height * 100:.4f}%;"
    )


def _corners(box: BBox) -> str:
    return f"{box.x0:.5f} {box.y0:.5f} {box.x1:.5f} {box.y1:.5f}"
