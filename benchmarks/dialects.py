"""Parsers of the other dialects in MB/s, on typical pages and on hostile ones, and how the time grows."""

from __future__ import annotations

from benchmarks.measure import interleaved, median_ratio, medians
from benchmarks.outcome import Outcome
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import OcrTask, dialect_named

__all__ = ["run"]

ROUNDS = 5
PAGE_BYTES = 24_000
LARGE_BYTES = 400_000
PAGE = Size(1240, 1754)

WORDS = (
    "The quick brown fox jumps over the lazy dog, 敏捷的棕色狐狸跳过了懒狗, and so on for a line or two of an "
    "ordinary page, until the paragraph comes to its end at last."
)
CELLS = "<tr><td>Item</td><td>Qty</td><td>12.50</td><td>项目</td></tr>" * 20
OTSL = "<fcel>Item<fcel>Qty<fcel>12.50<fcel>项目<nl>" * 20
BOX = "<loc_45><loc_45><loc_453><loc_208>"
MINERU_BOX = "<|box_start|>149 044 297 058<|box_end|><|ref_start|>{}<|ref_end|><|rotate_up|>"
META = "<hy-meta><layout>{}</layout><quad>(50,20),(950,20),(950,90),(50,90)</quad></hy-meta>\n"
QUAD = "<|LOC_BEGIN|>" + "".join(f"<|LOC_{n}|>" for n in (100, 200, 300, 200, 300, 400, 100, 400)) + "<|LOC_END|>"

INPUTS: dict[str, tuple[str, OcrTask, str, tuple[str, ...]]] = {
    "unlimited-ocr": (
        f"<|det|>text [112, 132, 884, 309]<|/det|>{WORDS}\n" * 9
        + f"<|det|>table [112, 132, 884, 309]<|/det|><table>{CELLS}</table>\n",
        OcrTask.DOCUMENT,
        "",
        ("<|det|>", "<|ref|>a<|/ref|><|det|>", "<|det|>[1, 2, 3, 4"),
    ),
    "mineru2.5": (
        "".join(
            MINERU_BOX.format(word) + "\n" for word in ("title", "text", "text", "image", "image_caption", "table")
        ),
        OcrTask.DOCUMENT,
        "",
        ("<|box_start|>", "<|box_start|>1 2 3 4 ", "<fcel><lcel>"),
    ),
    "paddleocr-vl": (
        f"<|TEXT_START|>{WORDS[:60]}<|TEXT_END|>{QUAD}\n",
        OcrTask.LINES,
        "",
        ("<|LOC_1|>", "<|LOC_BEGIN|>", f"a{QUAD}"),
    ),
    "glm-ocr": (
        f'{{"index": 0, "label": "text", "bbox_2d": [208, 85, 301, 109], "content": "{WORDS}", '
        '"native_label": "paragraph_title"}, ',
        OcrTask.DOCUMENT,
        "[[",
        ('{"bbox_2d": ', '{"bbox_2d": [[', '{"bbox_2d": [1, 2, 3, 4], "content": "a"}'),
    ),
    "hunyuan-ocr": (
        (WORDS + META.format("paragraph")) * 9 + f"<table>{CELLS}</table>" + META.format("table"),
        OcrTask.DOCUMENT,
        "",
        ("<hy-meta><layout>", "<pFig>", "<quad>(1,2),"),
    ),
    "doctags": (
        f"<text>{BOX}{WORDS}</text>\n" * 9 + f"<otsl>{BOX}{OTSL}</otsl>\n",
        OcrTask.DOCUMENT,
        "",
        ("<text>", "<picture><caption>", "<otsl><fcel>", "<lcel><ucel>"),
    ),
}
"""By dialect: a stretch of a typical page, what was asked, what begins the answer, and units of hostile answers."""


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rounds = limit or ROUNDS
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, (stretch, task, lead, units) in INPUTS.items():
        page = _speed(name, task, lead + stretch * (PAGE_BYTES // len(stretch.encode()) + 1), rounds)
        measured = [_large(name, task, lead + unit, unit, rounds) for unit in (stretch, *units)]
        slowest, growth = min(speed for speed, _ in measured), max(ratio for _, ratio in measured)
        rows.append((name, page, measured[0][0], slowest, growth))
        figures[f"{name}.page_mb_per_s"] = round(page, 3)
        figures[f"{name}.hostile_mb_per_s"] = round(slowest, 3)
        figures[f"{name}.doubling_ratio"] = round(growth, 3)
    return Outcome(
        header=(
            "dialect",
            f"MB/s on a page of {PAGE_BYTES // 1000} KB",
            f"the same, {LARGE_BYTES // 1000} KB",
            "slowest hostile",
            "worst time(2N)/time(N)",
        ),
        rows=tuple(rows),
        figures=figures,
        notes=(f"medians of {rounds} rounds; hostile answers have {LARGE_BYTES // 1000} KB; 2 is linear",),
    )


def _speed(name: str, task: OcrTask, text: str, rounds: int) -> float:
    return (
        len(text.encode()) / 1e6 / medians(interleaved({"it": lambda: _parse(name, task, text)}, rounds=rounds))["it"]
    )


def _large(name: str, task: OcrTask, lead: str, unit: str, rounds: int) -> tuple[float, float]:
    """MB/s on a large answer, and how the time grows when it doubles."""
    count = LARGE_BYTES // 2 // len(unit.encode()) + 1
    half, whole = lead + unit * count, lead + unit * (2 * count)
    seconds = interleaved(
        {"half": lambda: _parse(name, task, half), "whole": lambda: _parse(name, task, whole)}, rounds=rounds
    )
    return len(whole.encode()) / 1e6 / medians(seconds)["whole"], median_ratio(seconds["whole"], seconds["half"])


def _parse(name: str, task: OcrTask, text: str) -> int:
    return len(dialect_named(name).parse(text, task=task, size=PAGE).regions)
