"""Grounding parser in MB/s beside the official regular expression, on typical pages and on hostile ones.

The official scripts find regions with one regular expression and ``eval`` the
coordinates (``re_match`` in DeepSeek-OCR's ``run_dpsk_ocr_pdf.py``). Here the same expression
runs with ``ast.literal_eval``, which is no slower on well-formed boxes. The
hostile inputs are small, because the official way is not linear on them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from benchmarks.measure import interleaved, median_ratio, medians
from benchmarks.outcome import Outcome
from deepocr_kit.grounding import DeepSeekOcrDialect

__all__ = ["official_regions", "run"]

ROUNDS = 5
OFFICIAL = re.compile(r"(<\|ref\|>(.*?)<\|/ref\|><\|det\|>(.*?)<\|/det\|>)", re.DOTALL)
TYPICAL_BYTES = 400_000
HOSTILE_BYTES = 6_000
LARGE_BYTES = 400_000

PARAGRAPH = (
    "<|ref|>text<|/ref|><|det|>[[{x}, {y}, {x1}, {y1}]]<|/det|>\n"
    "The quick brown fox jumps over the lazy dog, 敏捷的棕色狐狸跳过了懒狗, "
    "and so on for a line or two of an ordinary page.  \n\n"
)
TABLE = (
    "<|ref|>table<|/ref|><|det|>[[{x}, {y}, {x1}, {y1}]]<|/det|>\n<table>"
    + "<tr><td>Item</td><td>Qty</td><td>12.50</td><td>项目</td></tr>" * 20
    + "</table>\n\n"
)


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    rounds = limit or ROUNDS
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for name, make in INPUTS.items():
        both = _side_by_side(make(TYPICAL_BYTES if name.startswith("typical") else HOSTILE_BYTES), rounds)
        large, growth = _large(make, rounds)
        rows.append((name, *both, large, growth))
        figures[f"{name}.mb_per_s"] = round(large, 3)
        figures[f"{name}.ratio_to_official"] = round(both[1] / both[2], 3)
        figures[f"{name}.doubling_ratio"] = round(growth, 3)
    figures["slowest_mb_per_s"] = min(value for name, value in figures.items() if name.endswith(".mb_per_s"))
    figures["worst_doubling_ratio"] = max(value for name, value in figures.items() if name.endswith(".doubling_ratio"))
    return Outcome(
        header=(
            "input",
            "KB",
            "ours MB/s",
            "official MB/s",
            f"ours MB/s on {LARGE_BYTES // 1000} KB",
            "time(2N)/time(N)",
        ),
        rows=tuple(rows),
        figures=figures,
        notes=(
            f"medians of {rounds} rounds; time(2N)/time(N) is ours on the large input, 2 is linear",
            "the official expression leaves contents and tables unread, and finds nothing in stripped or hostile texts",
        ),
    )


def _side_by_side(text: str, rounds: int) -> tuple[float, float, float]:
    """KB of the text, our MB/s and the official MB/s."""
    size = len(text.encode()) / 1e6
    middle = medians(
        interleaved({"ours": lambda: ours(text), "official": lambda: official_regions(text)}, rounds=rounds)
    )
    return size * 1000, size / middle["ours"], size / middle["official"]


def _large(make: Callable[[int], str], rounds: int) -> tuple[float, float]:
    """Our MB/s on a large input, and how the time grows when it doubles."""
    half, whole = make(LARGE_BYTES // 2), make(LARGE_BYTES)
    seconds = interleaved({"half": lambda: ours(half), "whole": lambda: ours(whole)}, rounds=rounds)
    growth = median_ratio(seconds["whole"], seconds["half"]) * 2 * len(half) / len(whole)
    return len(whole.encode()) / 1e6 / medians(seconds)["whole"], growth


def ours(text: str) -> int:
    """Regions by this library: with labels, contents, tables and spans."""
    return len(DeepSeekOcrDialect().parse(text).regions)


def official_regions(text: str) -> int:
    """Regions by the official expression: labels and boxes alone, contents are not taken apart."""
    found = 0
    for _, _, boxes in OFFICIAL.findall(text):
        try:
            found += bool(ast.literal_eval(boxes))
        except (ValueError, SyntaxError):  # the official script prints the error and goes on
            continue
    return found


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: piece * max(size // len(piece.encode()), 1)


def _page(*pieces: str) -> Callable[[int], str]:
    def make(size: int) -> str:
        parts, length, number = [], 0, 0
        while length < size:
            left, top = number * 37 % 500, number * 53 % 900
            piece = pieces[number % len(pieces)].format(x=left, y=top, x1=left + 400, y1=top + 60)
            parts.append(piece)
            length += len(piece.encode())
            number += 1
        return "".join(parts)

    return make


def _stripped(make: Callable[[int], str]) -> Callable[[int], str]:
    return lambda size: re.sub(r"<\|/?(?:ref|det)\|>", "", make(size))


INPUTS: dict[str, Callable[[int], str]] = {
    "typical_text": _page(PARAGRAPH),
    "typical_tables": _page(PARAGRAPH, TABLE),
    "typical_stripped": _stripped(_page(PARAGRAPH)),
    "unclosed_ref": _repeated("<|ref|>"),
    "ref_without_det": _repeated("<|ref|>a<|/ref|>"),
    "unclosed_det": _repeated("<|ref|>a<|/ref|><|det|>"),
    "many_boxes": lambda size: (
        "<|ref|>text<|/ref|><|det|>[" + "[1, 2, 3, 4], " * (size // 14) + "[1, 2, 3, 4]]<|/det|>\n"
    ),
    "long_number": lambda size: f"<|ref|>text<|/ref|><|det|>[[{'9' * size}, 2, 3, 4]]<|/det|>\n",
    "open_brackets": lambda size: "text[[" * (size // 6),
    "open_tables": _repeated("<table><tr><td>"),
}
"""Texts of about a given number of bytes, by name."""
