"""Pages as PAGE XML, content schema of 2019-07-15."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from deepocr_kit.documents import Document, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.rendering._blocks import Block, Cell, Pixels, Sheet, failure, pixel_box, sheets
from deepocr_kit.rendering._characters import escape, language, reads_right_to_left
from deepocr_kit.rendering._html_text import PICTURES
from deepocr_kit.rendering._lines import Line
from deepocr_kit.rendering._xml import DECLARATION, Value, element

__all__ = ["render_page_xml"]

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that was not given; the form demands one."""

_TEXT_TYPES = {
    RegionLabel.TITLE: "heading",
    RegionLabel.SECTION_HEADER: "heading",
    RegionLabel.TEXT: "paragraph",
    RegionLabel.LIST_ITEM: "paragraph",
    RegionLabel.CAPTION: "caption",
    RegionLabel.FOOTNOTE: "footnote",
    RegionLabel.PAGE_HEADER: "header",
    RegionLabel.PAGE_FOOTER: "footer",
    RegionLabel.DOCUMENT_INDEX: "TOC-entry",
}
_OTHER_REGIONS: dict[RegionLabel, tuple[str, dict[str, Value]]] = {
    RegionLabel.TABLE: ("TableRegion", {}),
    RegionLabel.PICTURE: ("ImageRegion", {}),
    RegionLabel.CHART: ("ChartRegion", {}),
    RegionLabel.SEAL: ("GraphicRegion", {"type": "stamp"}),
    RegionLabel.FORMULA: ("MathsRegion", {}),
}
_LANGUAGES = {"ja": "Japanese", "ko": "Korean", "zh": "Chinese"}


def render_page_xml(document: Document, *, created: datetime | None = None) -> tuple[str, ...]:
    """The pages as PAGE XML 2019-07-15 (https://github.com/PRImA-Research-Lab/PAGE-XML), one file per page.

    Points are whole pixels of the picture as it was handed in; ``orientation``
    says how a page lies. The reading order is told; tables are
    ``TableRegion``s of one ``TextRegion`` per cell, whose row and column stand
    in ``TableCellRole`` and whose place is an estimate. A region without a
    position gets the whole page and ``position {known:false;}`` in its
    ``custom``, because the form demands points. A page that failed says so in
    its ``custom`` and in a ``MetadataItem``.

    Args:
        document: What to write; a page without a size is 1000 x 1000.
        created: When the result was made; 1970-01-01 stands for not known.

    Returns:
        One text per page, in order.
    """
    stamp = (created or UNKNOWN_TIME).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return tuple(_file(sheet, document.source.name, stamp) for sheet in sheets(document))


def _file(sheet: Sheet, source: str, stamp: str) -> str:
    page, error = sheet.page, failure(sheet.page)
    items = [("model", page.model), ("dialect", page.dialect), ("status", page.status.value), ("error", error or "")]
    metadata = element(
        "Metadata",
        None,
        element("Creator", None, "deepocr_kit"),
        element("Created", None, stamp),
        element("LastChange", None, stamp),
        *(
            element("MetadataItem", {"type": "processingStep", "name": name, "value": value})
            for name, value in items
            if value
        ),
    )
    attributes: dict[str, Value] = {
        "imageFilename": source,
        "imageWidth": sheet.size.width,
        "imageHeight": sheet.size.height,
        "imageXResolution": page.dpi,
        "imageYResolution": page.dpi,
        "imageResolutionUnit": None if page.dpi is None else "PPI",
        "custom": f"page {{index:{page.index};}} status {{value:{page.status.value};}}",
        "orientation": (None, 90, 180, -90)[page.turned],
    }
    regions = (_region(block, sheet.size, index) for index, block in enumerate(sheet.blocks))
    content = element("Page", attributes, "\n", _order(sheet.blocks), *regions)
    return DECLARATION + element("PcGts", {"xmlns": NAMESPACE}, "\n", metadata, "\n", content) + "\n"


def _order(blocks: Sequence[Block]) -> str:
    """Nothing when there are no regions, since a group must not be empty."""
    if not blocks:
        return ""
    refs = (element("RegionRefIndexed", {"index": at, "regionRef": block.name}) for at, block in enumerate(blocks))
    return element("ReadingOrder", None, element("OrderedGroup", {"id": "order_1"}, *refs)) + "\n"


def _region(block: Block, size: Size, index: int) -> str:
    region = block.region
    box = pixel_box(block.box or BBox(0, 0, 1, 1), size)
    custom = f"readingOrder {{index:{index};}} structure {{type:{region.label.value};}}"
    if block.box is None:
        custom += " position {known:false;}"
    attributes: dict[str, Value] = {"id": block.name, "custom": custom}
    tag, more = ("TableRegion", {}) if block.cells else _OTHER_REGIONS.get(region.label, ("TextRegion", {}))
    if tag == "TextRegion":
        return _text_region(block.name, attributes, block, size, box) + "\n"
    if block.cells and region.table is not None:
        more = {"rows": region.table.row_count, "columns": region.table.col_count}
    inner = [_cell(block, number, cell, size, box) for number, cell in enumerate(block.cells)]
    if block.lines:
        inner = [_text_region(f"{block.name}_text", {"id": f"{block.name}_text"}, block, size, box)]
    return element(tag, attributes | more, _coords(box), *inner) + "\n"


def _text_region(name: str, attributes: dict[str, Value], block: Block, size: Size, box: Pixels) -> str:
    label = block.region.label
    kind = "other" if label in PICTURES else _TEXT_TYPES.get(label, "other")
    facts = attributes | {"type": kind} | _script(block.lines)
    lines = _lines(name, block.lines, size, box, block.region.confidence)
    return element("TextRegion", facts, _coords(box), lines)


def _cell(block: Block, number: int, cell: Cell, size: Size, inside: Pixels) -> str:
    place = cell.place
    role: dict[str, Value] = {
        "rowIndex": place.row,
        "columnIndex": place.col,
        "rowSpan": place.row_span,
        "colSpan": place.col_span,
        "header": "true" if place.header else "false",
    }
    name = f"{block.name}_c{number}"
    box = pixel_box(cell.box or BBox(0, 0, 1, 1), size, inside)
    roles = element("Roles", None, element("TableCellRole", role))
    lines = _lines(name, cell.lines, size, box, None)
    return element("TextRegion", {"id": name} | _script(cell.lines), _coords(box), roles, lines)


def _script(lines: Sequence[Line]) -> dict[str, Value]:
    """Language, where letters tell it, and direction."""
    text = "".join(line.text for line in lines)
    facts: dict[str, Value] = {}
    if any(line.downward for line in lines):
        facts["readingDirection"] = "top-to-bottom"
    elif reads_right_to_left(text):
        facts["readingDirection"] = "right-to-left"
    facts["primaryLanguage"] = _LANGUAGES.get(language(text))
    return facts


def _lines(name: str, lines: Sequence[Line], size: Size, inside: Pixels, confidence: float | None) -> str:
    """Lines, then the text of all of them."""
    if not lines:
        return ""
    written = (
        element(
            "TextLine",
            {"id": f"{name}_l{number}"},
            _coords(pixel_box(line.box or BBox(0, 0, 1, 1), size, inside)),
            _equiv(line.text, confidence),
        )
        for number, line in enumerate(lines)
    )
    return "".join(written) + _equiv("\n".join(line.text for line in lines), confidence)


def _equiv(text: str, confidence: float | None) -> str:
    return element("TextEquiv", {"conf": confidence}, element("Unicode", None, escape(text)))


def _coords(box: Pixels) -> str:
    x0, y0, x1, y1 = box
    return element("Coords", {"points": f"{x0},{y0} {x1},{y0} {x1},{y1} {x0},{y1}"})
