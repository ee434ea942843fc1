"""A page as running text, tables and grids that fit any width: the reflow view."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from deepocr_kit.documents import Page, Region, RegionLabel
from deepocr_kit.layout import LINE_SPACING, Placed, em_width
from deepocr_kit.rendering._characters import clean, escape
from deepocr_kit.rendering._fit import fit_line
from deepocr_kit.rendering._grid import Cell, grid_html
from deepocr_kit.rendering._html_text import (
    PICTURES,
    SCALE,
    TAGS,
    Sheet,
    has_mark,
    line_halves,
    number,
    speech,
    table_html,
    with_box,
    words_of,
)
from deepocr_kit.rendering._scan import crop

__all__ = ["Reflow"]

MAX_LONE_ROWS = 2
"""So many rows of one piece may stand between rows that share their columns."""

LINE_GAP = 0.8
"""Rows nearer than this many line heights stand in one paragraph."""

SAME_EDGE = 1.5
"""Edges nearer than this many ems are one edge."""

PROSE = 12.0
"""A line of so many ems that reaches the right edge goes on in the next one; where most are shorter it is a form."""

FILLED = 0.8
"""Words that seem to fill this share of their box fill it; widths are only estimated."""

WIDE_TABLE = 4
"""A table of so many columns may be wider than a phone and gets a frame to scroll in."""

_BREAK = re.compile(r"[ \t]*\n\s*")
_CHECKS = frozenset({RegionLabel.CHECKBOX_SELECTED, RegionLabel.CHECKBOX_UNSELECTED})
_RUNNING = _CHECKS | {RegionLabel.TEXT, RegionLabel.OTHER, RegionLabel.KEY_VALUE_REGION, RegionLabel.REFERENCE}
_STYLED = frozenset(
    {
        RegionLabel.CAPTION,
        RegionLabel.FOOTNOTE,
        RegionLabel.PAGE_HEADER,
        RegionLabel.PAGE_FOOTER,
        RegionLabel.FORMULA,
        RegionLabel.CODE,
    }
)


class Reflow:
    """Writes the reflow view of one page.

    Attributes:
        rules: Style rules that the written elements need; grows.
    """

    def __init__(self, page: Page, sheet: Sheet) -> None:
        """Begin with an upright page and what its sheet is like."""
        self.rules: list[str] = []
        self._page = page
        self._aspect = sheet.size.aspect
        self._language = sheet.language
        self._crops = sheet.scanned and sheet.turned == 0
        self._by_id = {region.id: region for region in page.regions}

    def lines(self, placed: Iterable[Placed]) -> list[str]:
        """Lines of HTML: every region once, in reading order, those without a box where the model wrote them."""
        lines: list[str] = []
        for kind, group in groupby(_in_order(self._page.regions, placed), key=lambda entry: _kind(*entry)):
            entries = list(group)
            if kind == "run":
                lines += self._run([spot for _, spot in entries if spot is not None])
                continue
            blocks = [self._block(region, spot) for region, spot in entries]
            lines += ["<ul>", *blocks, "</ul>"] if kind == "list" else blocks
        return lines

    def loose(self) -> list[str]:
        """Lines of HTML of the regions without a box."""
        return self.lines(())

    def _block(self, region: Region, spot: Placed | None) -> str:
        """One region as an element of its own."""
        text = words_of(region) if spot is None or spot.text is None else clean(spot.text)
        attributes = speech(text, self._language) + (f' data-region="{escape(region.id)}"' if spot is None else "")
        if region.table is not None and region.table.cells:
            wide = region.table.col_count >= WIDE_TABLE
            frame = ' class="wide" tabindex="0" role="region" aria-label="Table"' if wide else ""
            return f"<div{frame}{attributes}>{table_html(region.table)}</div>"
        if region.label in PICTURES:
            return self._picture(region, spot, text, attributes)
        tag = TAGS.get(region.label, "p")
        names = [region.label.value] if region.label in _STYLED else []
        names += ["marked"] if tag == "li" and has_mark(text) else []
        of_class = f' class="{" ".join(names)}"' if names else ""
        text = with_box(region.label, text)
        body = escape(text) if tag == "pre" else _broken(text)
        return f"<{tag}{of_class}{attributes}>{body}</{tag}>"

    def _picture(self, region: Region, spot: Placed | None, text: str, attributes: str) -> str:
        """A picture's own part of the scan, or an empty frame, and what is written in it."""
        part = crop(spot.bbox) if spot is not None and self._crops else ""
        of_id = ""
        if spot is not None and part:
            name = f"flow-{self._page.number}-{len(self.rules)}"
            of_id = f'id="{name}" '
            wide, high = spot.bbox.width, spot.bbox.height / self._aspect
            self.rules.append(f"#{name}{{width:{number(100 * wide)}%;aspect-ratio:{number(wide / high)};{part}}}")
        picture = f'<div {of_id}class="image" role="img" aria-label="{region.label.value}"></div>'
        return picture + (f"<p{attributes}>{_broken(text)}</p>" if text else "")

    def _run(self, run: Iterable[Placed]) -> list[str]:
        """Lines of text: those with neighbours as grids, the others as paragraphs.

        In a form what stands on one line is read together, wherever the reading order has it.
        """
        spots = list(run)
        if median(self._box_ems(spot) for spot in spots) < PROSE:
            spots.sort(key=lambda spot: spot.row or 0)
        rows = [self._cells(list(row)) for _, row in groupby(spots, key=lambda spot: spot.row)]
        lines: list[str] = []
        at = 0
        while at < len(rows):
            end = _grid_end(rows, at)
            if end > at:
                html, rule = grid_html(rows[at:end], f"grid-{self._page.number}-{len(self.rules)}")
                self.rules.append(rule)
                lines += html
            else:
                end = next((later for later in range(at, len(rows)) if len(rows[later]) > 1), len(rows))
                lines += self._paragraphs([row[0] for row in rows[at:end]])
            at = end
        return lines

    def _box_ems(self, spot: Placed) -> float:
        """How many ems fit into a line's box."""
        return spot.bbox.width * self._aspect * LINE_SPACING / max(spot.bbox.height, 1e-4)

    def _cells(self, row: Sequence[Placed]) -> list[Cell]:
        """The pieces of a row, left to right, as wide as their words; label and value that share a box are parted."""
        cells: list[Cell] = []
        for spot in row:
            region, box = self._by_id[spot.region_id], spot.bbox
            text = with_box(region.label, words_of(region) if spot.text is None else clean(spot.text))
            width, height = box.width * SCALE, box.height * SCALE / self._aspect
            halves = line_halves(text, region.label, fit_line(text, width, height)) if len(row) == 1 else None
            for half, at_end in zip(halves or (text,), (False, True) if halves else (spot.at_end,), strict=True):
                ems, em = em_width(half), height / LINE_SPACING / SCALE
                inked = ems * em
                inked = inked if inked < FILLED * box.width else box.width
                x0 = box.x1 - inked if at_end else box.x0
                cells.append(
                    Cell(half, speech(half, self._language), ems, x0, x0 + inked, box.y0, box.y1, em, at_end=at_end)
                )
        return sorted(cells, key=lambda cell: cell.x0)

    def _paragraphs(self, lines: Sequence[Cell]) -> list[str]:
        """Near lines in one paragraph; a line that ends before the right edge ends with a break."""
        paragraphs: list[list[Cell]] = []
        for line in lines:
            before = paragraphs[-1][-1] if paragraphs else None
            near = before is not None and line.y0 >= before.y0 and line.y0 - before.y1 < LINE_GAP * (line.y1 - line.y0)
            if near and before is not None and before.attributes == line.attributes:
                paragraphs[-1].append(line)
            else:
                paragraphs.append([line])
        return [_paragraph(paragraph) for paragraph in paragraphs]


def _paragraph(lines: Sequence[Cell]) -> str:
    right = max(line.x1 for line in lines)
    text = _broken(lines[0].text)
    for before, line in pairwise(lines):
        em = before.em
        full = before.x1 - before.x0 > PROSE * em and right - before.x1 < SAME_EDGE * em
        text += ("\n" if full and before.x0 - line.x0 > -SAME_EDGE * em else "<br>") + _broken(line.text)
    return f"<p{lines[0].attributes}>{text}</p>"


def _broken(text: str) -> str:
    """Text with its line breaks; empty lines between are one."""
    return _BREAK.sub(lambda found: "<br>" * min(2, found[0].count("\n")), escape(text))


def _kind(region: Region, spot: Placed | None) -> str:
    if spot is not None and spot.row is not None and (spot.text is not None or region.label in _RUNNING):
        return "run"
    return "list" if region.label is RegionLabel.LIST_ITEM else "block"


def _grid_end(rows: Sequence[Sequence[Cell]], start: int) -> int:
    """Where the grid that begins here ends; ``start`` when none begins."""
    end = start
    for at in range(start, len(rows)):
        if len(rows[at]) > 1:
            end = at + 1
        elif at - end >= MAX_LONE_ROWS or end == start:
            break
    return end


def _in_order(regions: Iterable[Region], placed: Iterable[Placed]) -> Iterator[tuple[Region, Placed | None]]:
    """Placed pieces in their order, and each region without a box behind what came before it."""
    all_regions = list(regions)
    ranks = {region.id: rank for rank, region in enumerate(all_regions)}
    loose = [(rank, region) for rank, region in enumerate(all_regions) if not region.boxes]
    done = 0
    for spot in placed:
        rank = ranks[spot.region_id]
        while done < len(loose) and loose[done][0] < rank:
            yield loose[done][1], None
            done += 1
        yield all_regions[rank], spot
    for _, region in loose[done:]:
        yield region, None
