"""Pages as blocks, lines and table cells, as the standard formats want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deepocr_kit.documents import Document, Page, PageStatus, Region, Table, TableCell, upright_page
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import UNKNOWN_SIZE, em_width
from deepocr_kit.rendering._characters import clean
from deepocr_kit.rendering._html_text import words_of
from deepocr_kit.rendering._lines import Line, bands, split_lines
from deepocr_kit.rendering._xml import Names

__all__ = ["Block", "Cell", "Pixels", "Sheet", "failed_page", "failure", "pixel_box", "sheets"]

CELL_GAP = 0.6
"""Room to the right of a cell's lines, in line heights, by which readers tell words of two cells apart."""

Pixels = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; its box is an estimate, or None when the table has no position."""

    place: TableCell
    box: BBox | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A region, ready to be written; a table has cells instead of lines."""

    region: Region
    name: str
    box: BBox | None
    lines: tuple[Line, ...]
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its blocks in reading order.

    Attributes:
        page: As given.
        size: Of the frame of the boxes, in pixels; ``UNKNOWN_SIZE`` when the page has none.
        blocks: One per region.
    """

    page: Page
    size: Size
    blocks: tuple[Block, ...]


def sheets(document: Document, *, upright: bool = False) -> tuple[Sheet, ...]:
    """All pages of a document.

    Args:
        document: What to write.
        upright: Give boxes as a reader sees the page; else as they are on the picture as it was handed in.
    """
    names = Names()
    return tuple(_sheet(page, names, upright=upright) for page in document.pages)


def failure(page: Page) -> str | None:
    """Why a page failed, in one line; ``failed`` when nothing is known, None when it did not."""
    if page.error is not None:
        return " ".join(clean(f"{page.error.type}: {page.error.message}").split())
    return "failed" if page.status is PageStatus.FAILED else None


def failed_page(page: Page) -> str | None:
    """The same as the end of a sentence that begins with "Page": ``3 failed: why``."""
    why = failure(page)
    return None if why is None else f"{page.number} failed" + ("" if page.error is None else f": {why}")


def pixel_box(box: BBox, size: Size, inside: Pixels | None = None) -> Pixels:
    """Whole pixels, at least one in each direction, inside of the page and of ``inside``."""
    x0, y0, x1, y1 = box.to_pixels(size)
    _, _, right, bottom = inside or (0, 0, size.width, size.height)
    if x0 == x1:
        x0, x1 = (x0, x1 + 1) if x1 < right else (x0 - 1, x1)
    if y0 == y1:
        y0, y1 = (y0, y1 + 1) if y1 < bottom else (y0 - 1, y1)
    return x0, y0, x1, y1


def _sheet(page: Page, names: Names, *, upright: bool) -> Sheet:
    turned = upright_page(page)
    blocks: Iterable[Block] = (_block(region, names.name(region.id), turned.size) for region in turned.regions)
    if page.turned and not upright:
        blocks = (_turned(block, -page.turned) for block in blocks)
    return Sheet(page, (turned if upright else page).size or UNKNOWN_SIZE, tuple(blocks))


def _block(region: Region, name: str, page_size: Size | None) -> Block:
    size = page_size or UNKNOWN_SIZE
    if region.table is not None and region.table.cells:
        return Block(region, name, region.bbox, (), tuple(_cells(region.table, region.bbox, size)))
    return Block(region, name, region.bbox, split_lines(words_of(region), region.boxes, size))


def _cells(table: Table, box: BBox | None, size: Size) -> Iterable[Cell]:
    """Cells with boxes that share the table's: rows by their lines, columns by their widest text."""
    cells = sorted(table.cells, key=lambda cell: (cell.row, cell.col))
    if box is None:
        return [Cell(cell, None, split_lines(clean(cell.text), (), size)) for cell in cells]
    heights, widths = [1.0] * table.row_count, [1.0] * table.col_count
    for cell in cells:
        rows = cell.text.splitlines()
        heights[cell.row] = max(heights[cell.row], float(len(rows)))
        if cell.col_span == 1:
            widths[cell.col] = max([widths[cell.col], *(em_width(row) for row in rows)])
    down, across = bands(box, heights), bands(box, widths, across=True)
    result = []
    for cell in cells:
        last_row, last_col = down[cell.row + cell.row_span - 1], across[cell.col + cell.col_span - 1]
        place = BBox(across[cell.col].x0, down[cell.row].y0, last_col.x1, last_row.y1)
        result.append(Cell(cell, place, _cell_lines(clean(cell.text), place, size)))
    return result


def _cell_lines(text: str, box: BBox, size: Size) -> tuple[Line, ...]:
    """The lines that the text has; a cell's box is too rough an estimate to wrap by. A gap is left to the next cell."""
    rows = [row.rstrip() for row in text.splitlines() if row.strip()]
    if not rows:
        return ()
    gap = min(CELL_GAP * box.height / len(rows) / size.aspect, box.width / 3)
    inner = BBox(box.x0, box.y0, box.x1 - gap, box.y1)
    return tuple(Line(row, band) for row, band in zip(rows, bands(inner, [1.0] * len(rows)), strict=True))


def _turned(block: Block, quarters: int) -> Block:
    cells = tuple(
        replace(cell, box=_turn(cell.box, quarters), lines=_turned_lines(cell.lines, quarters)) for cell in block.cells
    )
    return replace(block, box=_turn(block.box, quarters), lines=_turned_lines(block.lines, quarters), cells=cells)


def _turned_lines(lines: Sequence[Line], quarters: int) -> tuple[Line, ...]:
    return tuple(replace(line, box=_turn(line.box, quarters)) for line in lines)


def _turn(box: BBox | None, quarters: int) -> BBox | None:
    return None if box is None else box.turned(quarters)
