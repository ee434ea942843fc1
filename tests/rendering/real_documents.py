"""Real pages of the shared data as documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PIL import Image

from deepocr_kit.documents import Document, Page, PageImage, Recognition, Region, RegionLabel, SourceInfo
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.layout import arrange, em_width, geometric_order

LABELS = {
    "title": RegionLabel.SECTION_HEADER,
    "figure": RegionLabel.PICTURE,
    "header": RegionLabel.PAGE_HEADER,
    "footer": RegionLabel.PAGE_FOOTER,
    "figure_caption": RegionLabel.CAPTION,
    "equation_isolated": RegionLabel.FORMULA,
}
WORDS = ("der", "Reichsanzeiger", "meldet", "aus", "Berlin", "dass", "die", "Verhandlungen", "zu", "Ende", "sind")
"""Filler for pages of which only the boxes are known."""


def receipt(shared_data: Path, name: str) -> tuple[Document, dict[int, PageImage]]:
    """A scanned receipt with the lines that people marked on it."""
    item = _item(shared_data / "receipts", name)
    image = _image(shared_data / "receipts" / item["image"])
    regions = [
        _region(at, RegionLabel.TEXT, line["text"], line["quad"], image.size) for at, line in enumerate(item["boxes"])
    ]
    return _document(name, geometric_order(regions, image.size), image.size), {0: image}


def chinese_page(shared_data: Path, name: str) -> tuple[Document, dict[int, PageImage]]:
    """A Chinese page with the blocks that people marked on it."""
    item = _item(shared_data / "chinese", name)
    image = _image(shared_data / "chinese" / item["image"])
    regions = [
        _region(at, LABELS.get(block["type"], RegionLabel.TEXT), block.get("text") or "", block["poly"], image.size)
        for at, block in enumerate(item["blocks"])
    ]
    return _document(name, regions, image.size), {0: image}


def answer(shared_data: Path, name: str, size: Size) -> Document:
    """A page as DeepSeek-OCR read it."""
    raw_text = (shared_data / "model_outputs" / "deepseek" / f"{name}.txt").read_text(encoding="utf-8")
    return _document(name, DeepSeekOcrDialect().parse(raw_text).regions, size)


def newspaper(shared_data: Path, at: int) -> Document:
    """The boxes of a newspaper page in their true order, filled with words."""
    pages = json.loads((shared_data / "reading_order" / "newspapers.json").read_text(encoding="utf-8"))["pages"]
    size = Size(2000, 2900)
    regions = []
    for number, corners in enumerate(pages[at]["boxes"]):
        box = BBox.of(*(corner / 999 for corner in corners))
        width, height = box.width * size.width, box.height * size.height
        room = 0.9 * width * height / (22 * 22 * 1.25) if height > 45 else 0.85 * width / (0.8 * height)
        text = WORDS[number % len(WORDS)]
        width = em_width(text)
        while width < room:
            more = " " + WORDS[len(text) % len(WORDS)]
            text, width = text + more, width + em_width(more)
        regions.append(Region(id=f"p1r{number + 1}", label=RegionLabel.TEXT, text=text, content=text, boxes=(box,)))
    return _document("newspaper", regions, size)


def _item(folder: Path, name: str) -> dict[str, Any]:
    items = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]
    return next(item for item in items if item["id"] == name)


def _image(path: Path) -> PageImage:
    with Image.open(path) as picture:
        size, media_type = Size(*picture.size), f"image/{(picture.format or '').lower()}"
    return PageImage(data=path.read_bytes(), media_type=media_type, size=size)


def _region(at: int, label: RegionLabel, text: str, corners: list[float], size: Size) -> Region:
    xs, ys = corners[::2], corners[1::2]
    box = BBox.from_pixels(min(xs), min(ys), max(xs), max(ys), size)
    return Region(id=f"p1r{at + 1}", label=label, text=text, content=text, boxes=(box,))


def _document(name: str, regions: Any, size: Size) -> Document:
    arranged = arrange(Recognition(regions=tuple(regions), finish_reason="stop"), size)
    return Document(source=SourceInfo(name=name), pages=(Page(index=0, size=size, regions=arranged.regions),))
