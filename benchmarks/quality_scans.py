"""Real scans with their true regions, and damage done to them on purpose, for the quality benchmark."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageStat

from benchmarks.shared_data import shared_data
from deepocr_kit.documents import PageImage, Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.inputs import decode_rgb, open_source
from deepocr_kit.testing import build_region

__all__ = [
    "Scan",
    "blank_files",
    "blank_like",
    "chinese",
    "left_out",
    "pictures_beside_text",
    "printed_page",
    "receipts",
    "turned",
    "wiped",
]

LEFT_OUT = 0.2
"""Share of the lines of an answer that are left out, in one stretch."""

WORDS = ("The", "goods", "that", "were", "sold", "remain", "property", "of", "the", "seller", "until", "they", "are")

WIPED = 0.2
"""Share of the lines that are wiped from the picture."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page with its true regions, none when the truth has no places.

    Attributes:
        name: Its id in the data set.
        image: The page.
        regions: One per line or block.
    """

    name: str
    image: PageImage
    regions: tuple[Region, ...]


def receipts() -> Iterator[Scan]:
    """60 receipts, a region for each line."""
    folder = shared_data("receipts")
    for item in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]:
        with open_source(folder / item["image"]) as source:
            image = source.load_page(0)
        lines = enumerate(item["boxes"], 1)
        regions = (_region(line["quad"], line["text"], image.size, number) for number, line in lines)
        yield Scan(item["id"], image, tuple(regions))


def chinese() -> Iterator[Scan]:
    """23 Chinese pages, four of them with a region for each block."""
    folder = shared_data("chinese")
    for item in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]:
        with open_source(folder / item["image"]) as source:
            image = source.load_page(0)
        # the blocks of the photographed slides are those of the slide, not of the photograph
        blocks = item.get("blocks", []) if item["source"] == "OmniDocBench v1 demo" else []
        texts = [str(block.get("text") or block.get("html") or block.get("latex") or "") for block in blocks]
        places = enumerate(zip(blocks, texts, strict=True), 1)
        regions = (_region(block["poly"], text, image.size, number) for number, (block, text) in places)
        yield Scan(item["id"], image, tuple(regions))


def _region(corners: Sequence[float], text: str, size: Size, number: int) -> Region:
    xs, ys = corners[0::2], corners[1::2]
    box = BBox.from_pixels(min(xs), min(ys), max(xs), max(ys), size)
    return build_region(text, (box.x0, box.y0, box.x1, box.y1), region_id=f"p1r{number}")


def blank_files() -> Iterator[PageImage]:
    """The blank pages among the odd files."""
    for path in sorted(shared_data("odd/files").glob("blank__*")):
        with open_source(path) as source:
            yield from (source.load_page(index) for index in range(source.page_count))


# -- damage


def left_out(regions: Sequence[Region]) -> Iterator[Sequence[Region]]:
    """The regions without a fifth of them: near the top, in the middle, near the bottom."""
    ordered = sorted(regions, key=lambda region: region.boxes[0].y0)
    size = max(1, round(LEFT_OUT * len(ordered)))
    for share in (0.1, 0.4, 0.7):
        begin = round(share * len(ordered))
        yield [*ordered[:begin], *ordered[begin + size :]]


def wiped(scan: Scan) -> PageImage:
    """The picture with every fifth region painted over in the colour of its paper."""
    picture = decode_rgb(scan.image)
    pen = ImageDraw.Draw(picture)
    for region in scan.regions[:: round(1 / WIPED)]:
        left, top, right, bottom = region.boxes[0].to_pixels(scan.image.size)
        frame = (max(0, left - 8), max(0, top - 8), min(picture.width, right + 8), min(picture.height, bottom + 8))
        pen.rectangle(frame, fill=_paper(picture.crop(frame)))
    return _encoded(picture, scan.image)


def blank_like(image: PageImage) -> PageImage:
    """Paper of the page's colour and size."""
    picture = decode_rgb(image)
    return _encoded(Image.new("RGB", picture.size, _paper(picture)), image)


def _paper(picture: Image.Image) -> tuple[int, ...]:
    """The median colour of what is lighter than the mean."""
    grey = picture.convert("L")
    middle = ImageStat.Stat(grey).mean[0]
    mask = grey.point([255 if value >= middle else 0 for value in range(256)])
    return tuple(ImageStat.Stat(picture, mask).median) if mask.getbbox() else (255, 255, 255)


def turned(image: PageImage, quarters: int) -> PageImage:
    """The page after quarter turns clockwise."""
    return image if quarters == 0 else _encoded(decode_rgb(image).rotate(-90 * quarters, expand=True), image)


def _encoded(picture: Image.Image, like: PageImage) -> PageImage:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return PageImage(buffer.getvalue(), "image/jpeg", Size(*picture.size), like.page_index)


# -- drawn pages


def pictures_beside_text() -> Iterator[Scan]:
    """Pages of 20 drawn lines and a picture that no region covers: grain in blobs of 1..20 pixels, and halftone."""
    for seed in range(100, 104):
        for blob in (1, 2, 3, 4, 6, 8, 10, 14, 20):
            for strength in (14, 20, 30, 40, 80):
                yield _page_with(_grain(blob, strength, seed), f"grain {blob} {strength}")
        for pitch in (4, 6, 8, 10, 14, 20):
            yield _page_with(_halftone(pitch, seed), f"halftone {pitch}")


def printed_page() -> PageImage:
    """A page of 30 lines of type at 150 dots per inch, as JPEG."""
    page, _ = _printed("page", rows=30)
    buffer = io.BytesIO()
    page.convert("RGB").save(buffer, "JPEG", quality=90)
    return PageImage(buffer.getvalue(), "image/jpeg", Size(*page.size))


def _page_with(picture: Image.Image, name: str) -> Scan:
    page, regions = _printed(name, rows=20)
    page.paste(picture, (300, 1200))
    buffer = io.BytesIO()
    page.save(buffer, "PNG", compress_level=1)
    return Scan(name, PageImage(buffer.getvalue(), "image/png", Size(1240, 1754)), tuple(regions))


def _printed(name: str, *, rows: int) -> tuple[Image.Image, list[Region]]:
    """A4 with lines of type, and their regions."""
    page = Image.new("L", (1240, 1754), 255)
    pen, noise, regions = ImageDraw.Draw(page), random.Random(name), []
    for row in range(rows):
        text = " ".join(noise.sample(WORDS, len(WORDS)))
        pen.text((125, 152 + 50 * row), text, fill=20, font=ImageFont.load_default(23))
        corners = (120, 150 + 50 * row, 1100, 184 + 50 * row)
        regions.append(_region(corners, text, Size(1240, 1754), row + 1))
    return page, regions


def _grain(blob: int, strength: float, seed: int) -> Image.Image:
    noise, size = random.Random(seed), (600 // blob, 300 // blob)
    levels = (max(0, min(255, round(noise.gauss(150, strength)))) for _ in range(size[0] * size[1]))
    return Image.frombytes("L", size, bytes(levels)).resize((600, 300), Image.Resampling.BICUBIC)


def _halftone(pitch: int, seed: int) -> Image.Image:
    tones = _grain(60, 60, seed).rotate(45, expand=True, fillcolor=255)
    levels = tones.tobytes()
    dots = Image.new("L", tones.size, 255)
    pen = ImageDraw.Draw(dots)
    for y in range(0, dots.height, pitch):
        for x in range(0, dots.width, pitch):
            radius = 0.75 * pitch * ((255 - levels[y * dots.width + x]) / 255) ** 0.5
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    upright = dots.rotate(-45 if seed % 2 else -30, fillcolor=255)
    left, top = (upright.width - 600) // 2, (upright.height - 300) // 2
    return upright.crop((left, top, left + 600, top + 300))
