"""The quality checks: loops found and how soon, ink checks and orientation with hits and false alarms, and their time.

Ground-truth boxes stand in for an answer's regions, so nothing has to be read.
A hit needs damage that was done on purpose: lines left out of the answer, lines
wiped from the picture, pages turned. Everything else that is said is a false
alarm. The limits were set while looking at these scans, so the false alarms
are no held-out figures. The line classifier is asked when the extra ``cpu`` is
installed.
"""

from __future__ import annotations

import asyncio
import io
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from PIL import Image, ImageDraw, ImageStat

from benchmarks.outcome import Outcome
from benchmarks.shared_data import shared_data
from deepocr_kit.backends import RapidOcrBackend
from deepocr_kit.documents import Issue, IssueCode, PageImage, Recognition, Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.inputs import decode_rgb, open_source
from deepocr_kit.quality import InkMap, check_ink, find_loop
from deepocr_kit.testing import build_region

__all__ = ["run"]

Row = tuple[str, str, int, int, str]
"""Check, on what, how often it spoke, of how many, and whether that is right or a false alarm."""

LOOPED = frozenset({"deepseek/059", "deepseek/062"})
"""The answers that are loops, as their notes say."""

LEFT_OUT = 0.2
"""Share of the lines of an answer that are left out, in one stretch."""

WIPED = 0.2
"""Share of the lines that are wiped from the picture."""

MADE_LOOPS = {
    "words": "Thank you for your visit. ",
    "one letter": "A",
    "empty cells": "<td></td>",
    "underscores": "_",
    "lines": "to be paid on the day\n",
    "a paragraph": "Goods sold are not returnable. Please check before you leave the counter, and keep this slip "
    "for at least seven days: without it nothing can be exchanged. We thank you and hope to see you again soon.\n",
    "the same box": "<|ref|>text<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\nwords\n\n",
    "empty table rows": "<tr><td></td><td></td></tr>",
}


@dataclass(frozen=True, slots=True)
class _Scan:
    """A page with its true regions, none when the truth has no places."""

    image: PageImage
    regions: tuple[Region, ...]


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    receipts, chinese = list(_receipts())[:limit], list(_chinese())[:limit]
    distances, loop_rows = _loops()
    rows: list[Row] = [*loop_rows]
    rows += _ink_rows("receipts", receipts) + _ink_rows("chinese", chinese) + _blank_rows()
    rows += _classifier_rows({"receipts": receipts, "chinese": chinese})
    figures = {
        f"{check}.{data}.{'hits' if right == 'hit' else 'false_alarms'}": spoke / of
        for check, data, spoke, of, right in rows
        if of
    }
    milliseconds = _milliseconds([*receipts, *chinese])
    figures |= {"ink_ms_median": statistics.median(milliseconds), "ink_ms_p95": _percentile(milliseconds, 0.95)}
    figures |= {"loop_distance_max_real": max(distances["real"]), "loop_mb_per_s": _loop_speed()}
    figures |= {f"loop_distance.{name}": max(known) for name, known in distances.items() if name != "real"}
    return Outcome(
        header=("check", "on", "said", "of", "which is a"),
        rows=tuple(rows),
        figures={name: round(value, 4) for name, value in figures.items()},
        notes=(
            f"real loops are known {max(distances['real'])} characters after their third repeat at the latest",
            f"ink: {figures['ink_ms_median']:.1f} ms of CPU a page, decoding included "
            f"(95 % of pages: {figures['ink_ms_p95']:.1f} ms); loops: {figures['loop_mb_per_s']:.1f} MB/s",
        ),
    )


# -- loops


def _loops() -> tuple[dict[str, list[int]], list[Row]]:
    """Characters from the third repeat to the finding, and what was said of healthy text."""
    answers = {
        f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
        for path in sorted(shared_data("model_outputs").glob("*/*.txt"))
    }
    found = {name: loop for name, text in answers.items() if (loop := find_loop(text)) is not None}
    distances = {
        "real": [loop.offset - loop.start - 3 * len(loop.unit) for name, loop in found.items() if name in LOOPED]
    }
    for name, unit in MADE_LOOPS.items():
        made = find_loop("Some words of an invoice.\n" + unit * (5 + 2000 // len(unit)))
        distances[name] = [-1 if made is None else made.offset - made.start - 3 * len(unit)]
    texts = [
        "\n".join(line["text"] for line in item.get("boxes", ())) or item.get("text", "")
        for name in ("receipts/text_only.json", "receipts/manifest.json", "chinese/manifest.json")
        for item in json.loads((shared_data("receipts").parent / name).read_text(encoding="utf-8"))["items"]
    ]
    texts = [text for text in texts if text]
    healthy = [name for name in found if name not in LOOPED]
    return distances, [
        ("repetition", "looped answers", len(found) - len(healthy), len(LOOPED), "hit"),
        ("repetition", "healthy answers", len(healthy), len(answers) - len(LOOPED), "false alarm"),
        ("repetition", "true texts", sum(find_loop(text) is not None for text in texts), len(texts), "false alarm"),
    ]


def _loop_speed() -> float:
    text = "".join(
        path.read_text(encoding="utf-8") for path in sorted(shared_data("model_outputs").glob("*/0[0-4]*.txt"))
    )
    seconds = []
    for _ in range(3):
        start = time.process_time()
        find_loop(text)
        seconds.append(time.process_time() - start)
    return len(text) / 1e6 / min(seconds)


# -- ink


def _ink_rows(data: str, scans: Sequence[_Scan]) -> list[Row]:
    placed = [scan for scan in scans if scan.regions]
    said = [_said(scan.image, scan.regions) for scan in placed]
    cut = [_said(scan.image, kept) for scan in placed for kept in _left_out(scan.regions)]
    wiped = [_said(_wiped(scan), scan.regions) for scan in placed]
    blank = [_said(_blank_like(scan.image), scan.regions) for scan in placed]
    inks = [ink for scan in scans if (ink := InkMap.of_page(scan.image)) is not None]
    turned = [ink for scan in scans if (ink := InkMap.of_page(_turned(scan.image, 1))) is not None]
    return [
        ("blank_page", data, sum(ink.is_blank for ink in inks), len(inks), "false alarm"),
        ("sideways", data, sum(ink.lies_sideways for ink in inks), len(inks), "false alarm"),
        ("sideways", f"{data} turned by 90 degrees", sum(ink.lies_sideways for ink in turned), len(turned), "hit"),
        ("uncovered_ink", data, _count(said, IssueCode.UNCOVERED_INK), len(said), "false alarm"),
        ("uncovered_ink", f"{data}, a fifth left out", _count(cut, IssueCode.UNCOVERED_INK), len(cut), "hit"),
        ("text_on_blank", data, _count(said, IssueCode.TEXT_ON_BLANK), len(said), "false alarm"),
        ("text_on_blank", f"{data}, a fifth wiped", _count(wiped, IssueCode.TEXT_ON_BLANK), len(wiped), "hit"),
        ("text_on_blank", f"{data}, all wiped", _count(blank, IssueCode.TEXT_ON_BLANK), len(blank), "hit"),
    ]


def _blank_rows() -> list[Row]:
    pages = []
    for path in sorted(shared_data("odd/files").glob("blank__*")):
        with open_source(path) as source:
            pages += [source.load_page(index) for index in range(source.page_count)]
    blank = [ink.is_blank for page in pages if (ink := InkMap.of_page(page)) is not None]
    return [("blank_page", "blank files", sum(blank), len(pages), "hit")]


def _said(image: PageImage, regions: Sequence[Region]) -> tuple[Issue, ...]:
    ink = InkMap.of_page(image)
    return () if ink is None else check_ink(Recognition(regions=tuple(regions), finish_reason="stop"), ink)


def _count(said: Sequence[Sequence[Issue]], code: IssueCode) -> int:
    return sum(any(issue.code is code for issue in issues) for issues in said)


def _left_out(regions: Sequence[Region]) -> Iterator[Sequence[Region]]:
    """The regions without a fifth of them: near the top, in the middle, near the bottom."""
    ordered = sorted(regions, key=lambda region: region.boxes[0].y0)
    size = max(1, round(LEFT_OUT * len(ordered)))
    for share in (0.1, 0.4, 0.7):
        begin = round(share * len(ordered))
        yield [*ordered[:begin], *ordered[begin + size :]]


def _wiped(scan: _Scan) -> PageImage:
    """The picture with every fifth region painted over in the colour of its paper."""
    picture = decode_rgb(scan.image)
    pen = ImageDraw.Draw(picture)
    for region in scan.regions[:: round(1 / WIPED)]:
        left, top, right, bottom = region.boxes[0].to_pixels(scan.image.size)
        frame = (max(0, left - 8), max(0, top - 8), min(picture.width, right + 8), min(picture.height, bottom + 8))
        pen.rectangle(frame, fill=_paper(picture.crop(frame)))
    return _encoded(picture, scan.image)


def _blank_like(image: PageImage) -> PageImage:
    picture = decode_rgb(image)
    return _encoded(Image.new("RGB", picture.size, _paper(picture)), image)


def _paper(picture: Image.Image) -> tuple[int, ...]:
    """The median colour of what is lighter than the mean."""
    grey = picture.convert("L")
    middle = ImageStat.Stat(grey).mean[0]
    mask = grey.point([255 if value >= middle else 0 for value in range(256)])
    return tuple(ImageStat.Stat(picture, mask).median) if mask.getbbox() else (255, 255, 255)


# -- orientation


def _classifier_rows(scans: dict[str, list[_Scan]]) -> list[Row]:
    """What the engine's line classifier says; on pages without true lines the engine looks for them."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return []
    return asyncio.run(_judge(scans))


async def _judge(scans: dict[str, list[_Scan]]) -> list[Row]:
    rows: list[Row] = []
    async with RapidOcrBackend() as engine:
        for data, pages in scans.items():
            for quarters in range(4):
                needed = []
                for scan in pages:
                    lines = (
                        [region.boxes[0].turned(quarters) for region in scan.regions] if data == "receipts" else None
                    )
                    needed.append((await engine.judge_lines(_turned(scan.image, quarters), lines)).turn_needed)
                if quarters == 0:
                    rows.append(("turned", data, sum(map(bool, needed)), len(needed), "false alarm"))
                else:
                    right = needed.count(4 - quarters)
                    rows.append(("turned", f"{data} turned by {90 * quarters} degrees", right, len(needed), "hit"))
    return rows


def _turned(image: PageImage, quarters: int) -> PageImage:
    """The page after quarter turns clockwise."""
    return image if quarters == 0 else _encoded(decode_rgb(image).rotate(-90 * quarters, expand=True), image)


def _encoded(picture: Image.Image, like: PageImage) -> PageImage:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return PageImage(buffer.getvalue(), "image/jpeg", Size(*picture.size), like.page_index)


# -- data and time


def _receipts() -> Iterator[_Scan]:
    folder = shared_data("receipts")
    for item in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]:
        with open_source(folder / item["image"]) as source:
            image = source.load_page(0)
        lines = enumerate(item["boxes"], 1)
        yield _Scan(image, tuple(_region(line["quad"], line["text"], image.size, number) for number, line in lines))


def _chinese() -> Iterator[_Scan]:
    folder = shared_data("chinese")
    for item in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["items"]:
        with open_source(folder / item["image"]) as source:
            image = source.load_page(0)
        # the blocks of the photographed slides are those of the slide, not of the photograph
        blocks = item.get("blocks", []) if item["source"] == "OmniDocBench v1 demo" else []
        texts = [str(block.get("text") or block.get("html") or block.get("latex") or "") for block in blocks]
        places = enumerate(zip(blocks, texts, strict=True), 1)
        yield _Scan(image, tuple(_region(block["poly"], text, image.size, number) for number, (block, text) in places))


def _region(corners: Sequence[float], text: str, size: Size, number: int) -> Region:
    xs, ys = corners[0::2], corners[1::2]
    box = BBox.from_pixels(min(xs), min(ys), max(xs), max(ys), size)
    return build_region(text, (box.x0, box.y0, box.x1, box.y1), region_id=f"p1r{number}")


def _milliseconds(scans: Sequence[_Scan]) -> list[float]:
    """CPU time of all ink checks of each page, the decoding of its thumbnail included; the best of three."""
    times = []
    for scan in scans:
        rounds = []
        for _ in range(3):
            start = time.thread_time()
            _said(scan.image, scan.regions)
            rounds.append(1000 * (time.thread_time() - start))
        times.append(min(rounds))
    return times


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
