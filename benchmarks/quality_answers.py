"""What the checks of the text say of real answers, true texts and damaged ones, for the quality benchmark."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.shared_data import shared_data
from deepocr_kit.documents import IssueCode, Recognition, Region, RegionLabel
from deepocr_kit.grounding import DeepSeekOcrDialect, reparse
from deepocr_kit.quality import check_recognition, find_loop
from deepocr_kit.testing import build_region

__all__ = ["Row", "answer_rows", "loop_distances", "loop_speed"]

Row = tuple[str, str, int, int, str]
"""Check, on what, how often it spoke, of how many, and whether that is right or a false alarm."""

FLAWED = {
    "deepseek/020": IssueCode.LOST_CELLS,
    "deepseek/024": IssueCode.LOST_CELLS,
    "deepseek/033": IssueCode.LOST_CELLS,
    "deepseek/056": IssueCode.WHOLE_PAGE_PICTURE,
    "deepseek/059": IssueCode.REPETITION,
    "deepseek/062": IssueCode.REPETITION,
    "others/021": IssueCode.REPLACEMENT_CHARACTERS,
}
"""What is wrong with real answers, as their notes say."""

DIALECTS = {
    "001": "chandra-2",
    "004": "dots-ocr",
    "006": "doctags",
    "009": "qwen2.5-vl",
    "012": "olmocr",
    "014": "unlimited-ocr",
    "017": "mineru2.5",
    "018": "hunyuan-ocr",
    "019": "paddleocr-vl",
    "021": "glm-ocr",
}
"""Who wrote the answers of other families."""

TEXT_CHECKS = (
    IssueCode.REPETITION,
    IssueCode.WHOLE_PAGE_PICTURE,
    IssueCode.REPLACEMENT_CHARACTERS,
    IssueCode.LOST_CELLS,
    IssueCode.TRUNCATED,
    IssueCode.EMPTY_ANSWER,
)

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
class _Answer:
    """An answer, parsed."""

    name: str
    recognition: Recognition

    def said(self) -> set[IssueCode]:
        """What the parser and the checks say together."""
        found = (*self.recognition.issues, *check_recognition(self.recognition))
        return {issue.code for issue in found}


def answer_rows() -> list[Row]:
    """Each check on real answers with that flaw, on those without it, on true texts, and on made damage."""
    real = list(_real_answers())
    true = [_Answer(f"text {number}", _recognition(lines)) for number, lines in enumerate(_true_texts())]
    rows: list[Row] = []
    for code in TEXT_CHECKS:
        flawed = [answer for answer in real if FLAWED.get(answer.name) is code]
        sound = [answer for answer in real if FLAWED.get(answer.name) is not code]
        if flawed:
            rows.append((code.value, "real answers with it", _count(flawed, code), len(flawed), "hit"))
        rows.append((code.value, "real answers without it", _count(sound, code), len(sound), "false alarm"))
        rows.append((code.value, "true texts", _count(true, code), len(true), "false alarm"))
        damaged = [_Answer(answer.name, made) for answer in true if (made := _DAMAGE[code](answer.recognition))]
        rows.append((code.value, "true texts, damaged", _count(damaged, code), len(damaged), "hit"))
    return rows


def loop_distances() -> dict[str, int]:
    """Characters from the third repeat to the finding: the most in real loops, and in each made one."""
    real = []
    for name, code in FLAWED.items():
        if code is IssueCode.REPETITION:
            loop = find_loop((shared_data("model_outputs") / f"{name}.txt").read_text(encoding="utf-8"))
            real.append(-1 if loop is None else loop.offset - loop.start - 3 * len(loop.unit))
    distances = {"real": max(real)}
    for name, unit in MADE_LOOPS.items():
        made = find_loop("Some words of an invoice.\n" + unit * (5 + 2000 // len(unit)))
        distances[name] = -1 if made is None else made.offset - made.start - 3 * len(unit)
    return distances


def loop_speed() -> float:
    """Characters per microsecond of CPU on real answers without a loop."""
    text = "".join(
        path.read_text(encoding="utf-8") for path in sorted(shared_data("model_outputs").glob("*/0[0-4]*.txt"))
    )
    seconds = []
    for _ in range(5):
        start = time.process_time()
        find_loop(text)
        seconds.append(time.process_time() - start)
    return len(text) / 1e6 / min(seconds)


def _count(answers: list[_Answer], code: IssueCode) -> int:
    return sum(code in answer.said() for answer in answers)


def _real_answers() -> Iterator[_Answer]:
    for path in sorted(shared_data("model_outputs").glob("*/*.txt")):
        text = path.read_text(encoding="utf-8")
        name = DeepSeekOcrDialect.name if path.parent.name == "deepseek" else DIALECTS[path.stem]
        parsed = reparse(text, name)
        recognition = Recognition(regions=parsed.regions, raw_text=text, finish_reason="stop", issues=parsed.issues)
        yield _Answer(f"{path.parent.name}/{path.stem}", recognition)


def _true_texts() -> Iterator[list[str]]:
    """The lines or blocks of each page of the data sets, those without pictures too."""
    for name in ("receipts/text_only.json", "receipts/manifest.json", "chinese/manifest.json"):
        for item in json.loads((shared_data("receipts").parent / name).read_text(encoding="utf-8"))["items"]:
            lines = [line["text"] for line in item.get("boxes", ())] or item.get("text", "").splitlines()
            if lines:
                yield lines


def _recognition(lines: list[str], finish_reason: str = "stop") -> Recognition:
    step = 1 / len(lines)
    regions = tuple(
        build_region(line, (0.1, row * step, 0.9, (row + 0.8) * step), region_id=f"p1r{row + 1}")
        for row, line in enumerate(lines)
    )
    return Recognition(regions=regions, raw_text="\n".join(lines), finish_reason=finish_reason)


def _looped(recognition: Recognition) -> Recognition:
    """A line with words, again and again."""
    lines = [region.text for region in recognition.regions]
    unit = next((line for line in lines if sum(map(str.isalpha, line)) > 3), lines[0])
    return _recognition([*lines, *[unit] * (5 + 600 // len(unit))])


def _as_picture(recognition: Recognition) -> Recognition:
    whole = build_region("", (0.0, 0.0, 1.0, 1.0), label=RegionLabel.PICTURE)
    return recognition.model_copy(update={"regions": (whole,), "raw_text": "image[[0, 0, 999, 999]]"})


def _badly_decoded(recognition: Recognition) -> Recognition | None:
    """Bytes of UTF-8 read as Windows-1252 where there are enough letters beyond ASCII, else every 30th one lost."""
    lines = [region.text for region in recognition.regions]
    if sum(not char.isascii() for line in lines for char in line) >= 20:
        return _recognition([line.encode().decode("cp1252", errors="replace") for line in lines])
    return _recognition([re.sub(r"(.{29}).", "\\1\ufffd", line, flags=re.DOTALL) for line in ["".join(lines)]])


def _without_cells(recognition: Recognition) -> Recognition:
    """The lines as a table whose cell tags a server has stripped."""
    text = f"table[[1, 2, 900, 900]]\n<table>{''.join(region.text for region in recognition.regions)}</table>"
    parsed = DeepSeekOcrDialect().parse(text)
    return Recognition(regions=parsed.regions, raw_text=text, finish_reason="stop", issues=parsed.issues)


def _cut(recognition: Recognition) -> Recognition:
    kept: tuple[Region, ...] = recognition.regions[: 1 + len(recognition.regions) // 2]
    return recognition.model_copy(update={"regions": kept, "finish_reason": "length"})


_DAMAGE: dict[IssueCode, Callable[[Recognition], Recognition | None]] = {
    IssueCode.REPETITION: _looped,
    IssueCode.WHOLE_PAGE_PICTURE: _as_picture,
    IssueCode.REPLACEMENT_CHARACTERS: _badly_decoded,
    IssueCode.LOST_CELLS: _without_cells,
    IssueCode.TRUNCATED: _cut,
    IssueCode.EMPTY_ANSWER: lambda recognition: recognition.model_copy(update={"regions": (), "raw_text": ""}),
}
