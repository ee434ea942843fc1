"""A document as hOCR 1.2: HTML whose elements carry the boxes of the page."""

from __future__ import annotations

from deepocr_kit.documents import Document, RegionLabel, Table
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.rendering._blocks import Block, Cell, Pixels, Sheet, failure, pixel_box, sheets
from deepocr_kit.rendering._characters import escape, language, reads_right_to_left
from deepocr_kit.rendering._lines import Line
from deepocr_kit.rendering._xml import DECLARATION, Value, element

__all__ = ["render_hocr"]

_BLOCK_CLASSES = {
    RegionLabel.TITLE: "ocr_title",
    RegionLabel.TABLE: "ocr_table",
    RegionLabel.PICTURE: "ocr_photo",
    RegionLabel.CHART: "ocr_image",
    RegionLabel.SEAL: "ocr_image",
    RegionLabel.FORMULA: "ocr_math",
}
_LINE_CLASSES = {
    RegionLabel.PAGE_HEADER: "ocr_header",
    RegionLabel.PAGE_FOOTER: "ocr_footer",
    RegionLabel.CAPTION: "ocr_caption",
}
_CAPABILITIES = (
    "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocr_title ocr_table ocr_photo ocr_image ocr_math "
    "ocr_header ocr_footer ocr_caption ocrp_lang ocrp_dir ocrp_wconf"
)


def render_hocr(document: Document) -> str:
    """The document as hOCR 1.2 (https://kba.github.io/hocr-spec/1.2/), one ``ocr_page`` per page.

    Well-formed XHTML without named entities, in reading order. Boxes are whole
    pixels of the picture as it was handed in; ``textangle`` says how a page
    lies. A line holds one ``ocrx_word`` with the line's own box, marked
    ``data-synthetic``, because no engine gave boxes of words and readers such
    as OCRmyPDF's skip lines without one. A region without a position has no
    ``bbox`` and no lines. A page that failed says so in ``data-error``.

    Args:
        document: What to write; a page without a size is 1000 x 1000.
    """
    head = (
        element("meta", {"http-equiv": "Content-Type", "content": "text/html;charset=utf-8"}),
        element("title", None, escape(document.source.name or "Document")),
        _meta("ocr-system", "deepocr_kit"),
        _meta("ocr-number-of-pages", str(len(document.pages))),
        _meta("ocr-langs", _languages(document)),
        _meta("ocr-capabilities", _CAPABILITIES),
    )
    body = "\n".join(_page(sheet, number, document.source.name) for number, sheet in enumerate(sheets(document)))
    html = element(
        "html",
        {"xmlns": "http://www.w3.org/1999/xhtml"},
        "\n" + element("head", None, "\n", "\n".join(head), "\n"),
        "\n" + element("body", None, "\n", body, "\n"),
        "\n",
    )
    return f"{DECLARATION}<!DOCTYPE html>\n{html}\n"


def _meta(name: str, content: str) -> str:
    return element("meta", {"name": name, "content": content})


def _languages(document: Document) -> str:
    found = {language(region.text) for region in document.regions} - {""}
    return " ".join(sorted(found)) or "unknown"


def _page(sheet: Sheet, number: int, source: str) -> str:
    size, page = sheet.size, sheet.page
    name = source.replace('"', "_").replace(";", "_")
    title = f'image "{name}"; bbox 0 0 {size.width} {size.height}; ppageno {number}'
    if page.dpi is not None and page.dpi >= 1:
        title += f"; scan_res {round(page.dpi)} {round(page.dpi)}"
    attributes: dict[str, Value] = {
        "class": "ocr_page",
        "id": f"page_{number + 1}",
        "title": title,
        "data-status": page.status.value,
        "data-error": failure(page),
    }
    angle = f"; textangle {90 * page.turned}" if page.turned else ""
    blocks = (_block(block, size, angle) for block in sheet.blocks)
    return element("div", attributes, "\n", *(f"{block}\n" for block in blocks))


def _block(block: Block, size: Size, angle: str) -> str:
    region = block.region
    tongue = language(region.text)
    box = None if block.box is None else pixel_box(block.box, size)
    attributes: dict[str, Value] = {
        "class": _BLOCK_CLASSES.get(region.label, "ocr_carea"),
        "id": block.name,
        "lang": tongue or None,
        "data-label": region.label.value,
        "title": _title(box),
    }
    if block.cells and region.table is not None:
        attributes["class"] = "ocr_table"
        return element("div", attributes, _table(block, region.table, size, box, angle))
    if block.lines:
        return element("div", attributes, _paragraph(block, size, box, angle))
    return element("div", attributes, "")


def _title(box: Pixels | None, more: str = "") -> str | None:
    return None if box is None else f"bbox {box[0]} {box[1]} {box[2]} {box[3]}{more}"


def _paragraph(block: Block, size: Size, box: Pixels | None, angle: str) -> str:
    attributes: dict[str, Value] = {"class": "ocr_par", "id": f"{block.name}_p", "title": _title(box)}
    if any(reads_right_to_left(line.text) for line in block.lines):
        attributes["dir"] = "rtl"
    wanted = _LINE_CLASSES.get(block.region.label, "ocr_line")
    confidence = block.region.confidence
    return element("p", attributes, _lines(block.name, block.lines, size, box, (wanted, angle, confidence)))


def _lines(
    name: str, lines: tuple[Line, ...], size: Size, inside: Pixels | None, kind: tuple[str, str, float | None]
) -> str:
    """Lines with a box as spans, those without as plain text with breaks; ``kind``: class, text angle, confidence."""
    wanted, angle, confidence = kind
    if inside is None:
        return element("br").join(escape(line.text) for line in lines)
    sure = "" if confidence is None else f"; x_wconf {round(100 * confidence)}"
    spans = []
    for number, line in enumerate(lines):
        box = pixel_box(line.box or BBox(0, 0, 1, 1), size, inside)
        word = element(
            "span",
            {
                "class": "ocrx_word",
                "id": f"{name}_w{number}",
                "title": _title(box, sure),
                "data-synthetic": "1",
            },
            escape(line.text),
        )
        spans.append(
            element("span", {"class": wanted, "id": f"{name}_l{number}", "title": _title(box, angle)}, word),
        )
    return "\n".join(spans)


def _table(block: Block, table: Table, size: Size, inside: Pixels | None, angle: str) -> str:
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for number, cell in enumerate(block.cells):
        rows[cell.place.row].append(_cell(f"{block.name}_c{number}", cell, size, inside, angle))
    return element("table", None, *("\n" + element("tr", None, "".join(row)) for row in rows), "\n")


def _cell(name: str, cell: Cell, size: Size, inside: Pixels | None, angle: str) -> str:
    place = cell.place
    spans: dict[str, Value] = {
        "rowspan": place.row_span if place.row_span > 1 else None,
        "colspan": place.col_span if place.col_span > 1 else None,
    }
    tag = "th" if place.header else "td"
    if not cell.lines or cell.box is None or inside is None:
        return element(tag, spans, _lines(name, cell.lines, size, None, ("ocr_line", angle, None)))
    box = pixel_box(cell.box, size, inside)
    lines = _lines(name, cell.lines, size, box, ("ocr_line", angle, None))
    attributes: dict[str, Value] = {"class": "ocr_par", "title": _title(box), "data-synthetic": "1"}
    return element(tag, spans, element("p", attributes, lines))
