"""Short ways to write and to read an answer; each reading checks that nothing is lost."""

from __future__ import annotations

from lossless import check_lossless

from deepocr_kit.documents import IssueCode, Region
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import GRID_MAX, DeepSeekOcrDialect, OcrTask, ParsedText

DIALECT = DeepSeekOcrDialect()


def parse(raw_text: str, task: OcrTask = OcrTask.DOCUMENT) -> ParsedText:
    parsed = DIALECT.parse(raw_text, task=task)
    check_lossless(raw_text, parsed)
    return parsed


def one(raw_text: str, task: OcrTask = OcrTask.DOCUMENT) -> Region:
    (region,) = parse(raw_text, task).regions
    return region


def codes(parsed: ParsedText) -> list[IssueCode]:
    return [issue.code for issue in parsed.issues]


def tag(label: str = "text", boxes: str = "[[1, 2, 3, 4]]") -> str:
    return f"<|ref|>{label}<|/ref|><|det|>{boxes}<|/det|>"


def grid(*corners: int) -> BBox:
    return BBox(*(value / GRID_MAX for value in corners))
