"""A document as ALTO 4.4 XML."""

from __future__ import annotations

from collections.abc import Iterable

from deepocr_kit.documents import Document, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.rendering._blocks import Block, Cell, Pixels, Sheet, failure, pixel_box, sheets
from deepocr_kit.rendering._characters import escape, language, reads_right_to_left
from deepocr_kit.rendering._html_text import PICTURES
from deepocr_kit.rendering._lines import Line
from deepocr_kit.rendering._xml import DECLARATION, Value, element

__all__ = ["render_alto"]

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"


def render_alto(document: Document) -> str:
    """The document as ALTO 4.4 (https://www.loc.gov/standards/alto/), one ``Page`` per page.

    Units are pixels of the picture as it was handed in. Labels are
    ``LayoutTag``s, the order is told by ``ReadingOrder`` and by the order of
    elements, tables are ``ComposedBlock``s of one ``TextBlock`` per cell with
    estimated places, models stand in ``Processing``. A ``TextLine`` holds one
    ``String`` with the whole line and the tag ``whole_line``, because no
    engine gave boxes of words. What has no position has no ``HPOS``. A page
    that failed says so in ``QUALITY_DETAIL``.

    Args:
        document: What to write; a page without a size is 1000 x 1000.
    """
    pages = sheets(document)
    steps = _steps(document)
    description = element(
        "Description",
        None,
        element("MeasurementUnit", None, "pixel"),
        element("sourceImageInformation", None, element("fileName", None, escape(document.source.name))),
        *(_step(name, model, dialect) for (model, dialect), name in steps.items()),
    )
    layout = element("Layout", None, *(_page(sheet, number, steps) for number, sheet in enumerate(pages, start=1)))
    if not pages:  # a Layout needs a Page
        layout = element("Layout", None, element("Page", {"ID": "page_0", "PHYSICAL_IMG_NR": 0}))
    attributes: dict[str, Value] = {
        "xmlns": NAMESPACE,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
        "SCHEMAVERSION": "4.4",
    }
    return DECLARATION + element("alto", attributes, description, _tags(document), _order(pages), layout) + "\n"


def _steps(document: Document) -> dict[tuple[str, str], str]:
    """Ids of what read the pages, by model and dialect."""
    pairs = dict.fromkeys((page.model, page.dialect) for page in document.pages if page.model or page.dialect)
    return {pair: f"processing_{number}" for number, pair in enumerate(pairs, start=1)}


def _step(name: str, model: str, dialect: str) -> str:
    return element(
        "Processing",
        {"ID": name},
        element("processingCategory", None, "contentGeneration"),
        element("processingStepDescription", None, "text recognition"),
        *([element("processingStepSettings", None, escape(f"dialect: {dialect}"))] if dialect else []),
        element("processingSoftware", None, element("softwareName", None, escape(model or dialect))),
    )


def _tags(document: Document) -> str:
    labels = sorted({region.label.value for region in document.regions})
    own = (element("LayoutTag", {"ID": f"label_{label}", "TYPE": "region", "LABEL": label}) for label in labels)
    return element(
        "Tags",
        None,
        *own,
        element("LayoutTag", {"ID": "header_cell", "TYPE": "cell", "LABEL": "header"}),
        element(
            "OtherTag",
            {"ID": "whole_line", "TYPE": "granularity", "LABEL": "line", "DESCRIPTION": "a whole line, not one word"},
        ),
    )


def _order(pages: Iterable[Sheet]) -> str:
    """One ordered group per page that has blocks; empty when none has, since a group must not be empty."""
    groups = [
        element(
            "OrderedGroup",
            {"ID": f"order_{number}"},
            *(element("ElementRef", {"ID": f"{block.name}_ref", "REF": block.name}) for block in sheet.blocks),
        )
        for number, sheet in enumerate(pages, start=1)
        if sheet.blocks
    ]
    return element("ReadingOrder", None, *groups) if groups else ""


def _page(sheet: Sheet, number: int, steps: dict[tuple[str, str], str]) -> str:
    page, size = sheet.page, sheet.size
    attributes: dict[str, Value] = {
        "ID": f"page_{number}",
        "PHYSICAL_IMG_NR": number,
        "WIDTH": size.width,
        "HEIGHT": size.height,
        "LANG": language("".join(region.text for region in page.regions)) or None,
        "ROTATION": 90 * page.turned or None,
        "PROCESSINGREFS": steps.get((page.model, page.dialect)),
        "QUALITY_DETAIL": failure(page),
    }
    space = element("PrintSpace", _place((0, 0, size.width, size.height)), *(_block(it, size) for it in sheet.blocks))
    return element("Page", attributes, "\n", space, "\n")


def _place(box: Pixels | None) -> dict[str, Value]:
    if box is None:
        return {}
    return {"HPOS": box[0], "VPOS": box[1], "WIDTH": box[2] - box[0], "HEIGHT": box[3] - box[1]}


def _block(block: Block, size: Size) -> str:
    region = block.region
    box = None if block.box is None else pixel_box(block.box, size)
    attributes: dict[str, Value] = {"ID": block.name, "TAGREFS": f"label_{region.label}", **_place(box)}
    text = (block.lines, size, box, region.confidence)
    if block.cells or region.label is RegionLabel.TABLE:
        attributes["TYPE"] = "table"
        cells = [_cell(block, number, cell, size, box) for number, cell in enumerate(block.cells) if cell.lines]
        if block.lines:
            cells = [_text_block(f"{block.name}_text", _place(box), *text)]
        return element("ComposedBlock", attributes, *cells) + "\n"
    if region.label not in PICTURES:
        return _text_block(block.name, attributes, *text) + "\n"
    if not block.lines:
        return element("Illustration", attributes | {"TYPE": region.label.value}) + "\n"
    picture = element("Illustration", {"ID": f"{block.name}_picture", "TYPE": region.label.value, **_place(box)})
    words = _text_block(f"{block.name}_text", _place(box), *text)
    return element("ComposedBlock", attributes | {"TYPE": region.label.value}, picture, words) + "\n"


def _cell(block: Block, number: int, cell: Cell, size: Size, inside: Pixels | None) -> str:
    box = None if cell.box is None else pixel_box(cell.box, size, inside)
    attributes = _place(box) | {"TAGREFS": "header_cell" if cell.place.header else None}
    return _text_block(f"{block.name}_c{number}", attributes, cell.lines, size, box, None)


def _text_block(
    name: str,
    attributes: dict[str, Value],
    lines: tuple[Line, ...],
    size: Size,
    inside: Pixels | None,
    confidence: float | None,
) -> str:
    text = "".join(line.text for line in lines)
    facts: dict[str, Value] = {"LANG": language(text) or None}
    if any(line.downward for line in lines):
        facts["BASEDIRECTION"] = "ttb"
    elif reads_right_to_left(text):
        facts["BASEDIRECTION"] = "rtl"
    written = []
    for number, line in enumerate(lines):
        place = _place(None if inside is None else pixel_box(line.box or BBox(0, 0, 1, 1), size, inside))
        word: dict[str, Value] = {"CONTENT": line.text, "WC": confidence, "TAGREFS": "whole_line"}
        written.append(element("TextLine", {"ID": f"{name}_l{number}", **place}, element("String", place | word)))
    return element("TextBlock", {"ID": name} | attributes | facts, *written)
