"""A document as DoclingDocument JSON, which retrieval and chunking tools read."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterable
from typing import Any

from deepocr_kit.documents import Document, Page, Region, RegionLabel, Table
from deepocr_kit.geometry import Size
from deepocr_kit.layout import UNKNOWN_SIZE
from deepocr_kit.rendering._blocks import failed_page
from deepocr_kit.rendering._characters import clean
from deepocr_kit.rendering._html_text import PICTURES, words_of
from deepocr_kit.rendering._markdown_text import latex_source

__all__ = ["render_docling"]

VERSION = "1.3.0"
"""Version of the form that is claimed: the oldest that has all that is written; newer readers migrate it."""

_LABELS = {RegionLabel.KEY_VALUE_REGION: "text", RegionLabel.OTHER: "text", RegionLabel.SEAL: "picture"}
"""Where docling's word for a text is another one, or where its item wants data that a page of OCR has not."""

_FURNITURE = frozenset({RegionLabel.PAGE_HEADER, RegionLabel.PAGE_FOOTER})
_TABLES = frozenset({RegionLabel.TABLE, RegionLabel.DOCUMENT_INDEX})

_Item = dict[str, Any]
"""A JSON object of the form."""


def render_docling(document: Document, *, indent: int | None = 2) -> str:
    """The document as DoclingDocument JSON (schema ``DoclingDocument`` of docling-core).

    Labels are docling's own. Tables keep their grid, spans and header cells;
    captions hang on the table or picture they describe; list items stand in
    groups; headers and footers are furniture; formulas hold their LaTeX, with
    the plain words in ``orig``. Every box of a region is a provenance entry in
    pixels of the picture as it was handed in, and regions without a position
    have none. A page that failed is in ``pages``, and a group named after its
    error stands in its place.

    Args:
        document: What to write; a page without a size is 1000 x 1000.
        indent: Spaces per level; None for one line.
    """
    return json.dumps(_Writer().write(document), ensure_ascii=False, indent=indent, allow_nan=False)


class _Writer:
    """Collects the items of one document."""

    def __init__(self) -> None:
        self.lists: dict[str, list[_Item]] = {"groups": [], "texts": [], "pictures": [], "tables": []}
        self.body: _Item = {"self_ref": "#/body", "children": [], "name": "_root_", "label": "unspecified"}
        self.body["content_layer"] = "body"
        self.group: _Item | None = None

    def write(self, document: Document) -> _Item:
        for page in document.pages:
            self._page(page)
        name = clean(document.source.name)
        result: _Item = {"schema_name": "DoclingDocument", "version": VERSION, "name": name or "document"}
        digest, media_type = document.source.sha256 or "", document.source.media_type
        if name and mimetypes.guess_extension(media_type) and _is_hex(digest):
            result["origin"] = {"mimetype": media_type, "binary_hash": int(digest[:16], 16), "filename": name}
        furniture = {"self_ref": "#/furniture", "children": [], "content_layer": "furniture", "name": "_root_"}
        pages = {str(page.number): {"page_no": page.number, "size": _size(page)} for page in document.pages}
        return result | {"furniture": furniture, "body": self.body} | self.lists | {"pages": pages}

    def _page(self, page: Page) -> None:
        self.group = None
        failed = failed_page(page)
        if failed is not None:
            self._add("groups", {"name": f"page {failed}", "label": "unspecified"}, self.body)
        ids = {region.id for region in page.regions if _holds_captions(region)}
        captions: dict[str, list[Region]] = {}
        for region in page.regions:
            if region.caption_of in ids and not _holds_captions(region):
                captions.setdefault(str(region.caption_of), []).append(region)
        for region in page.regions:
            if not _holds_captions(region):
                if region.caption_of not in ids:
                    self._text(page, region, self.body)
                continue
            grid = _grid_of(region)
            item = self._picture(page, region) if grid is None else self._table(page, region, grid)
            for caption in captions.pop(region.id, []):
                item["captions"].append({"$ref": self._text(page, caption, item)["self_ref"]})

    def _text(self, page: Page, region: Region, parent: _Item) -> _Item:
        words = words_of(region)
        item: _Item = {"label": _LABELS.get(region.label, region.label.value), "orig": words, "text": words}
        if region.label in _TABLES:  # without a grid it is text
            item["label"] = "text"
        if region.label is RegionLabel.FORMULA:
            item["text"] = latex_source(region)
        elif region.label is RegionLabel.LIST_ITEM and parent is self.body:
            if self.group is None:
                self.group = self._add("groups", {"name": "list", "label": "list"}, self.body)
            return self._add("texts", item | self._facts(page, region, len(words)), self.group)
        elif region.label is RegionLabel.LIST_ITEM:
            item["label"] = "text"
        if parent is self.body:
            self.group = None
        return self._add("texts", item | self._facts(page, region, len(item["text"])), parent)

    def _table(self, page: Page, region: Region, grid: Table) -> _Item:
        self.group = None
        label = "document_index" if region.label is RegionLabel.DOCUMENT_INDEX else "table"
        item = _floating(label) | {"data": _data(grid)} | self._facts(page, region, 0)
        return self._add("tables", item, self.body)

    def _picture(self, page: Page, region: Region) -> _Item:
        self.group = None
        label = _LABELS.get(region.label, region.label.value)
        item = self._add("pictures", _floating(label) | self._facts(page, region, 0), self.body)
        words = words_of(region)
        if words:
            text = {"label": "text", "orig": words, "text": words}
            self._add("texts", text | self._facts(page, region, len(words)), item)
        return item

    def _add(self, kind: str, item: _Item, parent: _Item) -> _Item:
        ref = f"#/{kind}/{len(self.lists[kind])}"
        whole = {"self_ref": ref, "parent": {"$ref": parent["self_ref"]}, "children": [], "content_layer": "body"}
        whole |= item
        self.lists[kind].append(whole)
        parent["children"].append({"$ref": ref})
        return whole

    def _facts(self, page: Page, region: Region, length: int) -> _Item:
        size = page.size or UNKNOWN_SIZE
        boxes: Iterable[_Item] = (
            {
                "l": box.x0 * size.width,
                "t": box.y0 * size.height,
                "r": box.x1 * size.width,
                "b": box.y1 * size.height,
                "coord_origin": "TOPLEFT",
            }
            for box in region.boxes
        )
        return {
            "content_layer": "furniture" if region.label in _FURNITURE else "body",
            "prov": [{"page_no": page.number, "bbox": box, "charspan": [0, length]} for box in boxes],
        }


def _holds_captions(region: Region) -> bool:
    return region.label in PICTURES or _grid_of(region) is not None


def _grid_of(region: Region) -> Table | None:
    return region.table if region.table is not None and region.table.cells else None


def _floating(label: str) -> _Item:
    return {"label": label, "captions": [], "references": [], "footnotes": []}


def _size(page: Page) -> dict[str, int]:
    size: Size = page.size or UNKNOWN_SIZE
    return {"width": size.width, "height": size.height}


def _data(table: Table) -> _Item:
    cells = [
        {
            "row_span": cell.row_span,
            "col_span": cell.col_span,
            "start_row_offset_idx": cell.row,
            "end_row_offset_idx": cell.row + cell.row_span,
            "start_col_offset_idx": cell.col,
            "end_col_offset_idx": cell.col + cell.col_span,
            "text": clean(cell.text),
            "column_header": cell.header,
            "row_header": False,
            "row_section": False,
        }
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col))
    ]
    return {"table_cells": cells, "num_rows": table.row_count, "num_cols": table.col_count}


def _is_hex(digest: str) -> bool:
    return len(digest) >= 16 and all(char in "0123456789abcdefABCDEF" for char in digest)
