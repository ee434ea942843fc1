"""One region of a page as an HTML element."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deepocr_kit.documents import Region, RegionLabel, Table
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import Placed, em_width, reads_downward, split_label_value
from deepocr_kit.rendering._characters import clean, escape, has_direction, language_within, reads_right_to_left
from deepocr_kit.rendering._fit import LineFit, fit_block, fit_line, fit_table

__all__ = [
    "PICTURES",
    "TAGS",
    "Element",
    "Sheet",
    "draw",
    "has_mark",
    "line_halves",
    "number",
    "position",
    "speech",
    "table_html",
    "with_box",
    "words_of",
]

SCALE = 1000.0
"""Width of a page in the units of the drawing."""

TABLE_FONT = 28.0
"""Largest font of a table in the units of the drawing; rows may be taller than their text."""

TAGS = {
    RegionLabel.TITLE: "h2",
    RegionLabel.SECTION_HEADER: "h3",
    RegionLabel.LIST_ITEM: "li",
    RegionLabel.CODE: "pre",
}
PICTURES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL})
"""What is more than its words."""
_FORM = frozenset({RegionLabel.TEXT, RegionLabel.KEY_VALUE_REGION, RegionLabel.OTHER})
_MARKED = re.compile(r"[-*+•·‣▪●○–—]|\(?\w{1,4}[.)、)]|[①-⑳]")
_BOXES = {
    RegionLabel.CHECKBOX_SELECTED: "\N{BALLOT BOX WITH CHECK} ",
    RegionLabel.CHECKBOX_UNSELECTED: "\N{BALLOT BOX} ",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What regions are drawn on.

    Attributes:
        size: Of the upright page in pixels; only its aspect matters.
        language: BCP 47 tag of the page; empty when not known.
        turned: Quarter turns clockwise that put the page and its scan upright.
        scanned: Whether a scan lies under the text.
    """

    size: Size
    language: str = ""
    turned: int = 0
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """A region's HTML and the declarations that its id needs."""

    html: str
    rules: tuple[str, ...]
    scan_rules: tuple[str, ...] = ()


def words_of(region: Region) -> str:
    """What to show of a region: its text, or its content when it has none."""
    return clean(region.text if region.text.strip() else region.content).strip()


def draw(region: Region, placed: Placed, element_id: str, sheet: Sheet, *, described_by: str | None = None) -> Element:
    """The element of a placed region.

    Args:
        region: What to draw.
        placed: Where, and which part of it.
        element_id: Id of the element; safe as an HTML id and as a CSS name.
        sheet: What it stands on.
        described_by: Id of the caption's element.
    """
    text = words_of(region) if placed.text is None else clean(placed.text)
    width, height = placed.bbox.width * SCALE, placed.bbox.height * SCALE / sheet.size.aspect
    bullet = region.label is RegionLabel.LIST_ITEM and not has_mark(text)
    kind, body, font = _body(region, placed, text, width, height)
    if bullet and kind == "line":
        body = body.replace("<text", _bullet(height) + "<text", 1)
    tag = "div" if kind == "table" or region.label in PICTURES else TAGS.get(region.label, "p")
    attributes = [
        f'id="{element_id}" class="r {kind} {region.label.value}{" bullet" if bullet else ""}"',
        f'data-region="{escape(region.id)}" data-box="{_corners(placed.raw.turned(-sheet.turned))}"',
    ]
    if region.label in PICTURES and not text:
        attributes.append(f'role="img" aria-label="{region.label.value}"')
    if described_by is not None:
        attributes.append(f'aria-describedby="{described_by}"')
    rules = position(placed.bbox) + (f";font-size:{font / SCALE * 100:.3f}cqw" if font and text else "")
    scan = (position(placed.raw),) if placed.raw != placed.bbox else ()
    return Element(f"<{tag} {' '.join(attributes)}{speech(text, sheet.language)}>{body}</{tag}>", (rules,), scan)


def speech(text: str, outer_language: str) -> str:
    """The attributes that say a text's direction and language where needed, each with a space before it."""
    tongue = language_within(text, outer_language)
    return (' dir="auto"' if has_direction(text) else "") + (f' lang="{tongue}"' if tongue else "")


def has_mark(text: str) -> bool:
    """Whether a list item brings a bullet or a number of its own."""
    return _MARKED.match(text) is not None


def with_box(label: RegionLabel, text: str) -> str:
    """The text with the box that its label says: ticked, empty or none."""
    return _BOXES.get(label, "") + text


def line_halves(text: str, label: RegionLabel, fit: LineFit) -> tuple[str, str] | None:
    """Label and value of a line that has room between them, and stand at the two ends of its box; else None."""
    return None if label not in _FORM or fit.fills else split_label_value(text)


def _body(region: Region, placed: Placed, text: str, width: float, height: float) -> tuple[str, str, float]:
    """Kind of element, its inner HTML, and its font size in drawing units (0: none)."""
    if region.table is not None and region.table.cells and placed.text is None:
        return "table", table_html(region.table), min(fit_table(region.table, width, height), TABLE_FONT)
    text = with_box(region.label, text)
    if reads_downward(text, width, height) and "\n" not in text:
        size = min(0.8 * width, 0.95 * height / max(1.0, em_width(text)))
        return "down", escape(text), size
    if placed.row is not None and "\n" not in text and region.label is not RegionLabel.CODE:
        return "line", _line(text, region.label, width, height, at_end=placed.at_end), 0.0
    return "block", escape(text), fit_block(text, width, height)


def _line(text: str, label: RegionLabel, width: float, height: float, *, at_end: bool) -> str:
    """One line as SVG text, which can be told its exact width without a script."""
    fit = fit_line(text, width, height)
    wide = number(width)
    halves = line_halves(text, label, fit)
    place, stretch, body = "", "", ""
    if halves is not None:
        body = f'{escape(halves[0])} <tspan x="{wide}" text-anchor="end">{escape(halves[1])}</tspan>'
    elif reads_right_to_left(text):
        place = f'x="{wide}" direction="rtl" '
    elif at_end and not fit.fills:
        place = f'x="{wide}" text-anchor="end" '
    if halves is None and fit.fills:
        stretch = f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<svg viewBox="0 0 {wide} {number(height)}" preserveAspectRatio="none"><text {place}'
        f'y="{number(height / 2 + 0.35 * fit.size)}" font-size="{number(fit.size)}"{stretch}>'
        f"{body or escape(text)}</text></svg>"
    )


def _bullet(height: float) -> str:
    """A dot before a line; drawn, so that it is no text."""
    return f'<circle cx="{number(-0.5 * height)}" cy="{number(height / 2)}" r="{number(0.11 * height)}"/>'


def number(value: float) -> str:
    """Two decimals without zeros at the end: a fiftieth of a pixel on a page of 2000."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


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


def position(box: BBox) -> str:
    """The declaration that puts an element onto a box of its sheet."""
    edges = (box.y0, 1 - box.x1, 1 - box.y1, box.x0)
    return "inset:" + " ".join(f"{number(100 * edge)}%" for edge in edges)


def _corners(box: BBox) -> str:
    return f"{box.x0:.5f} {box.y0:.5f} {box.x1:.5f} {box.y1:.5f}"
