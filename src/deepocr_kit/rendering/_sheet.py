"""One page as a sheet of its own shape, every region at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from deepocr_kit.documents import Page, RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.layout import Placed
from deepocr_kit.rendering._html_text import PICTURES, Sheet, draw
from deepocr_kit.rendering._scan import crop, scan_rule

__all__ = ["draw_sheet"]

PRINT_DPI_RANGE = (50.0, 1200.0)
"""Resolutions that are believed for the size of a printed sheet."""

PRINT_WIDTH_MM, PRINT_HEIGHT_MM = 210.0, 297.0
"""A sheet of unknown resolution is made to fit into A4."""

PRINT_SPARE_MM = 0.3
"""Added to a sheet's height, so that rounding to device pixels never starts another sheet."""

_SAFE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_RESERVED = ("page-", "sheet-", "view-", "flow-", "grid-", "x")


def draw_sheet(page: Page, placed: Sequence[Placed], sheet: Sheet, rules: list[str]) -> list[str]:
    """Lines of HTML of the sheet; adds its style rules.

    Args:
        page: Upright.
        placed: Its regions that have a box, with their places.
        sheet: Its size, language and scan.
        rules: Grows.
    """
    name = f"sheet-{page.number}"
    size = sheet.size
    width, height = _print_size(page, size)
    rules.append(f"@page p{page.number}{{size:{width:.1f}mm {height + PRINT_SPARE_MM:.1f}mm;margin:0}}")
    rules.append(f"#{name}{{aspect-ratio:{size.width}/{size.height};page:p{page.number}}}")
    if sheet.scanned:
        rules.append(scan_rule(name, sheet.turned))
    by_id = {region.id: region for region in page.regions}
    ids = _element_ids(page, placed)
    captions = {region.caption_of: region.id for region in page.regions if region.caption_of is not None}
    whole = {spot.region_id: ids[spot.region_id, spot.part] for spot in reversed(placed)}
    of_language = f' lang="{sheet.language}"' if sheet.language else ""
    lines = [f'<div class="sheet{" scanned" if sheet.scanned else ""}" id="{name}"{of_language}>']
    crops: list[str] = []
    moved: list[str] = []
    listing = False
    for spot in placed:
        region = by_id[spot.region_id]
        element_id = ids[spot.region_id, spot.part]
        caption = whole.get(captions.get(region.id, ""))
        element = draw(region, spot, element_id, sheet, described_by=caption)
        rules += [f"#{element_id}{{{rule}}}" for rule in element.rules]
        moved += [f"#{element_id}{{{rule}}}" for rule in element.scan_rules]
        part = crop(spot.raw) if region.label in PICTURES and sheet.turned == 0 else ""
        crops += [f"#{element_id}{{{part}}}"] if part else []
        if (region.label is RegionLabel.LIST_ITEM) != listing:
            listing = not listing
            lines.append('<ul class="list">' if listing else "</ul>")
        lines.append(element.html)
    if sheet.scanned:
        rules += _when("text", crops) + _when("scan", moved)
    return [*lines, "</ul></div>" if listing else "</div>"]


def _when(view: str, rules: Sequence[str]) -> list[str]:
    """Rules that hold in one view; the boxes are shown on the scan."""
    chosen = "#view-scan:checked,#view-boxes:checked" if view == "scan" else f"#view-{view}:checked"
    return [f":root:has({chosen}){{", *rules, "}"] if rules else []


def _element_ids(page: Page, placed: Iterable[Placed]) -> dict[tuple[str, int], str]:
    """Ids of elements: the region's own where that is safe and free, else one made up."""
    ids: dict[tuple[str, int], str] = {}
    taken: set[str] = set()
    for number, spot in enumerate(placed):
        wanted = spot.region_id if spot.region_id not in taken else f"{spot.region_id}-{spot.part}"
        if not _SAFE_ID.fullmatch(wanted) or wanted in taken or wanted.startswith(_RESERVED):
            wanted = f"x{page.number}-{number}"
        taken.add(wanted)
        ids[spot.region_id, spot.part] = wanted
    return ids


def _print_size(page: Page, size: Size) -> tuple[float, float]:
    """Width and height of the printed sheet in millimetres."""
    if page.dpi is not None and PRINT_DPI_RANGE[0] <= page.dpi <= PRINT_DPI_RANGE[1]:
        return size.width / page.dpi * 25.4, size.height / page.dpi * 25.4
    scale = min(PRINT_WIDTH_MM / size.width, PRINT_HEIGHT_MM / size.height)
    return size.width * scale, size.height * scale
