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
import math
import re
import time
from collections.abc import Callable

from benchmarks.answer_texts import HOSTILE, TYPICAL
from benchmarks.measure import interleaved
from benchmarks.outcome import Outcome, Unavailable
from benchmarks.shared_data import shared_data
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask

__all__ = ["official_regions", "ours", "run"]

ROUNDS = 5
OFFICIAL = re.compile(r"(<\|ref\|>(.*?)<\|/ref\|><\|det\|>(.*?)<\|/det\|>)", re.DOTALL)
PAGE_BYTES = 6_000
"""A dense page; typical pages are measured one by one, as they come from a server."""
PAGES = 20
HOSTILE_BYTES = 4_000
LARGE_BYTES = 800_000


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rounds = limit or ROUNDS
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, pages in _typical().items():
        task = OcrTask.LINES if name == "lines" else OcrTask.DOCUMENT
        mine, official = _side_by_side(pages, task, rounds)
        rows.append((name, _kilobytes(pages), mine, official, "", ""))
        figures[f"parser.{name}_mb_per_s"] = round(mine, 2)
        figures[f"official_regex.{name}_mb_per_s"] = round(official, 2)
    speeds: dict[str, tuple[float, float]] = {}
    growths: dict[str, float] = {}
    for name, make in HOSTILE.items():
        small = [make(HOSTILE_BYTES)]
        speeds[name] = _side_by_side(small, OcrTask.DOCUMENT, min(rounds, 3))
        large, growths[name] = _large(make, min(rounds, 3))
        rows.append((name, _kilobytes(small), *speeds[name], large, growths[name]))
        figures[f"parser.hostile.{name}_mb_per_s"] = round(large, 2)
    large_speeds = {key: value for key, value in figures.items() if key.startswith("parser.hostile.")}
    figures["parser.worst_mb_per_s"] = min(large_speeds.values())
    figures["parser.worst_growth"] = round(max(growths.values()), 2)
    figures["official_regex.worst_mb_per_s"] = round(min(official for _, official in speeds.values()), 4)
    figures["parser.worst_mb_per_s_on_4_kb"] = round(min(mine for mine, _ in speeds.values()), 2)
    worst, quickest = min(large_speeds, key=lambda key: large_speeds[key]), max(growths, key=lambda key: growths[key])
    return Outcome(
        header=("input", "KB", "ours MB/s", "official MB/s", f"ours on {LARGE_BYTES // 1000} KB", "time(2N)/time(N)"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            f"processor time, best of {rounds} rounds (hostile: at most 3) in turns; typical texts page by page",
            f"slowest hostile text: {worst.removeprefix('parser.hostile.').removesuffix('_mb_per_s')}; "
            f"largest time(2N)/time(N): {quickest}; 2 is linear, and it is taken from N to 4 N",
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


def _best(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least processor time of each: whatever else the machine does only makes it longer."""
    seconds = interleaved(contestants, rounds=rounds, clock=time.process_time)
    return {name: min(values) for name, values in seconds.items()}


def _side_by_side(pages: list[str], task: OcrTask, rounds: int) -> tuple[float, float]:
    """Our MB/s and the official MB/s."""
    best = _best(
        {
            "ours": lambda: [ours(page, task) for page in pages],
            "official": lambda: [official_regions(page) for page in pages],
        },
        rounds,
    )
    size = _kilobytes(pages) / 1000
    return size / best["ours"], size / best["official"]


def _large(make: Callable[[int], str], rounds: int) -> tuple[float, float]:
    """Our MB/s on a large input, and how the time grows when an input doubles (twice, which steadies the figure)."""
    quarter, whole = make(LARGE_BYTES // 4), make(LARGE_BYTES)
    best = _best({"quarter": lambda: ours(quarter), "whole": lambda: ours(whole)}, rounds)
    return len(whole.encode()) / 1e6 / best["whole"], math.sqrt(best["whole"] / best["quarter"])
