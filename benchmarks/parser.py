"""Grounding parser in MB/s beside the official regular expression, on typical pages, real answers and hostile texts.

The official scripts find regions with one regular expression and ``eval`` the
coordinates: ``re_match`` and ``draw_bounding_boxes`` in
``DeepSeek-OCR-master/DeepSeek-OCR-vllm/run_dpsk_ocr_pdf.py`` (line 124 and below) of
deepseek-ai/DeepSeek-OCR@e4ac34e. Here the same expression, byte for byte, runs
with ``ast.literal_eval``, which is no slower on well-formed boxes. It leaves
contents and tables unread and finds nothing in stripped answers; ours reads
all of it. The hostile texts that both read are small, because the official way
is not linear: 46 KB of ``<|ref|>a<|/ref|><|det|>`` take it minutes.
"""

from __future__ import annotations

import ast
import re
import time

from benchmarks.answer_texts import HOSTILE, TYPICAL
from benchmarks.measure import interleaved
from benchmarks.outcome import Outcome, Unavailable
from benchmarks.shared_data import shared_data
from benchmarks.speeds import SIZES, Speeds, slowest, speeds
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask

__all__ = ["official_regions", "ours", "run"]

ROUNDS = 5
OFFICIAL = re.compile(r"(<\|ref\|>(.*?)<\|/ref\|><\|det\|>(.*?)<\|/det\|>)", re.DOTALL)
PAGE_BYTES = 6_000
"""A dense page; typical pages are measured one by one, as they come from a server."""
PAGES = 20
HOSTILE_BYTES = 4_000


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rounds = limit or ROUNDS
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, pages in _typical().items():
        task = OcrTask.LINES if name == "lines" else OcrTask.DOCUMENT
        mine, official = _side_by_side(pages, task, rounds)
        rows.append((name, mine, "", "", official, ""))
        figures[f"parser.{name}_mb_per_s"] = round(mine, 2)
        figures[f"official_regex.{name}_mb_per_s"] = round(official, 2)
    measured: dict[str, Speeds] = {}
    officials: list[float] = []
    for name, make in HOSTILE.items():
        measured[name] = speeds(ours, make, min(rounds, 3))
        officials.append(_official([make(HOSTILE_BYTES)], min(rounds, 3)))
        rows.append((name, *measured[name].by_size, officials[-1], measured[name].growth))
        for size, speed in zip(SIZES, measured[name].by_size, strict=True):
            figures[f"parser.hostile.{name}_mb_per_s_on_{_key(size)}"] = round(speed, 2)
    for index, size in enumerate(SIZES):
        figures[f"parser.worst_mb_per_s_on_{_key(size)}"] = round(slowest(measured, index)[1], 2)
    steepest = max(measured, key=lambda name: measured[name].growth)
    figures["parser.worst_growth"] = round(measured[steepest].growth, 2)
    figures["official_regex.worst_mb_per_s"] = round(min(officials), 4)
    return Outcome(
        header=("input", "ours: page or 4 KB", "64 KB", "800 KB", "official: page or 4 KB", "time(2N)/time(N)"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            f"MB/s of processor time, best of {rounds} rounds (hostile: 5 times at most 3, on 800 KB at most 3); "
            f"typical texts page by page, {PAGE_BYTES // 1000} KB each, in turns with the official expression",
            "slowest hostile texts: "
            + ", ".join(f"{slowest(measured, index)[0]} on {size}" for index, size in enumerate(SIZES))
            + f"; largest time(2N)/time(N): {steepest}; 2 is linear, and it is taken from 200 KB to 800 KB",
            "the official expression leaves contents and tables unread, and finds nothing in stripped or hostile texts",
        ),
    )


def ours(text: str, task: OcrTask = OcrTask.DOCUMENT) -> int:
    """Regions by this library: with labels, contents, tables and spans."""
    return len(DeepSeekOcrDialect().parse(text, task=task).regions)


def official_regions(text: str) -> int:
    """Regions by the official expression: labels and boxes alone, contents are not taken apart."""
    found = 0
    for _, _, boxes in OFFICIAL.findall(text):
        try:
            found += bool(ast.literal_eval(boxes))
        except (
            ValueError,
            SyntaxError,
            MemoryError,
            RecursionError,
        ):  # the official script prints the error and goes on
            continue
    return found


def _typical() -> dict[str, list[str]]:
    pages = {name: [make(PAGE_BYTES)] * PAGES for name, make in TYPICAL.items()}
    try:
        folder = shared_data("model_outputs")
    except Unavailable:
        return pages
    return pages | {"real": [file.read_text("utf-8") for file in sorted(folder.glob("deepseek/*.txt"))]}


def _kilobytes(pages: list[str]) -> float:
    return sum(len(page.encode()) for page in pages) / 1000


def _key(size: str) -> str:
    return size.replace(" ", "_").lower()


def _official(pages: list[str], rounds: int) -> float:
    """MB/s of the official expression alone."""
    call = {"official": lambda: [official_regions(page) for page in pages]}
    return _kilobytes(pages) / 1000 / min(interleaved(call, rounds=rounds, clock=time.process_time)["official"])


def _side_by_side(pages: list[str], task: OcrTask, rounds: int) -> tuple[float, float]:
    """Our MB/s and the official MB/s, measured in turns."""
    seconds = interleaved(
        {
            "ours": lambda: [ours(page, task) for page in pages],
            "official": lambda: [official_regions(page) for page in pages],
        },
        rounds=rounds,
        clock=time.process_time,
    )
    size = _kilobytes(pages) / 1000
    return size / min(seconds["ours"]), size / min(seconds["official"])
