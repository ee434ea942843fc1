from __future__ import annotations

import json
import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel
from deepocr_kit.errors import GroundingError
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects.paddleocr_vl import PaddleOcrVlDialect


def locations(*numbers: int) -> str:
    return "".join(f"<|LOC_{number}|>" for number in numbers)


QUAD = locations(100, 200, 500, 190, 505, 450, 95, 460)
LINE = f"<|TEXT_START|>57 &amp; 59 JALAN<|TEXT_END|><|LOC_BEGIN|>{QUAD}<|LOC_END|>"
BLOCKS = [
    {"block_label": "doc_title", "block_content": "Chapter One", "block_bbox": [90, 120, 860, 180], "block_order": 1},
    {"block_label": "vertical_text", "block_content": "Lamp", "block_bbox": [90.5, 220, 860, 1200], "block_order": 2},
]  # fmt: skip
RESULT = json.dumps(
    {"input_path": "page.png", "width": 900, "height": 1200, "parsing_res_list": BLOCKS, "layout_det_res": {
        "boxes": [{"cls_id": 6, "label": "doc_title", "score": 0.9, "coordinate": [90, 120, 860, 180]}]}}
)  # fmt: skip


class TestPaddleOcrVlContract(DialectContract):
    dialect = PaddleOcrVlDialect()
    streamed = ("lines", "bare lines")
    tasks = (OcrTask.FREE, OcrTask.LINES, OcrTask.FIGURE)
    samples: ClassVar = {
        "lines": Sample(LINE + "\n" + LINE.replace("JALAN", "STREET") + "</s>", OcrTask.LINES),
        "bare lines": Sample(f"Total amount{QUAD}\nSecond line{QUAD}", OcrTask.LINES),
        "text": Sample("Some words of a page.\n\nAnother paragraph.", OcrTask.FREE),
        "table crop": Sample("<fcel>Lampe<fcel>12.50<nl><fcel>Birne<ecel><nl>", OcrTask.FREE),
        "result": Sample(RESULT),
    }
    malformed: ClassVar = {
        "seven numbers": f"Total{locations(1, 2, 3, 4, 5, 6, 7)}",
        "beyond the grid": f"Total{locations(1, 2, 300, 4, 300, 60, 1, 6000)}",
        "flat": f"Total{locations(1, 2, 300, 2, 300, 2, 1, 2)}",
        "cut location": f"Total{QUAD}<|LOC_1",
        "broken result": '{"width": 9, "height": 9, "parsing_res_list": [{"block_bbox": [1, 2], "block_content": ""}]}',
    }
    fragments = (
        "<|TEXT_START|>", "<|TEXT_END|>", "<|LOC_BEGIN|>", "<|LOC_END|>", "<|LOC_SEP|>", "</s>", "<|LOC_5|>", "<|LOC_",
        QUAD, LINE, locations(1, 2, 30, 40), "&amp;", "\n", "总计 12.50", "<fcel>", "<nl>", "<", "A<B",
        "<table><tr><td>",
    )  # fmt: skip
    hostile: ClassVar = {
        "locations": "<|LOC_1|>",
        "begins": "<|LOC_BEGIN|>",
        "lines": LINE,
        "blanks": "<|LOC_1|> \n",
        "starts": "<|TEXT_START|>",
        "blocks": '{"block_bbox": [1, 2, 3, 4], "block_content": "a"}',
    }
    markup = re.compile(r"<\|[A-Z_0-9]+\|>|</s>|\"\w*\"?\s*:\s*|[\[\]{},:\"']")


def test_a_crop_that_speaks_of_saved_results_is_text() -> None:
    raw_text = 'A page is a "parsing_res_list" of blocks with a "block_bbox" each.'
    parsed = PaddleOcrVlDialect().parse(raw_text, task=OcrTask.FREE)

    assert [region.text for region in parsed.regions] == [raw_text]
    assert parsed.issues == ()


def test_a_line_has_its_text_and_the_box_around_its_corners() -> None:
    (region,) = PaddleOcrVlDialect().parse(LINE, task=OcrTask.LINES, strict=True).regions

    assert (region.content, region.text) == ("57 &amp; 59 JALAN", "57 & 59 JALAN")
    assert region.bbox == BBox(0.095, 0.19, 0.505, 0.46)


@pytest.mark.parametrize("mark", ["", "<|LOC_BEGIN|>"])
def test_lines_are_read_without_their_marks(mark: str) -> None:
    regions = PaddleOcrVlDialect().parse(f"one{mark}{QUAD}\ntwo{QUAD}", task=OcrTask.LINES).regions

    assert [region.text for region in regions] == ["one", "two"]
    assert all(len(region.boxes) == 1 for region in regions)


def test_four_locations_are_a_box_and_sixteen_are_two() -> None:
    regions = PaddleOcrVlDialect().parse(f"one{locations(1, 2, 300, 40)}\ntwo{QUAD}{QUAD}", task=OcrTask.LINES).regions

    assert [len(region.boxes) for region in regions] == [1, 2]


def test_text_behind_the_last_location_of_spotted_lines_is_said() -> None:
    parsed = PaddleOcrVlDialect().parse(f"{LINE}\nTotal", task=OcrTask.LINES)

    assert [region.text for region in parsed.regions] == ["57 & 59 JALAN", "Total"]
    assert [issue.code for issue in parsed.issues] == [IssueCode.UNTAGGED_TEXT]


def test_a_runaway_list_of_locations_is_bounded() -> None:
    parsed = PaddleOcrVlDialect().parse("Total" + QUAD * 2000, task=OcrTask.LINES)

    assert len(parsed.regions[0].boxes) == 1000
    assert parsed.issues[0].code is IssueCode.LIMIT_REACHED


def test_a_saved_result_is_in_pixels_of_its_own_size() -> None:
    title, text = PaddleOcrVlDialect().parse(RESULT, size=Size(1, 1)).regions

    assert (title.label, title.text) == (RegionLabel.TITLE, "Chapter One")
    assert title.bbox == BBox(0.1, 0.1, 860 / 900, 0.15)
    assert text.label is RegionLabel.TEXT


def test_what_a_saved_result_says_besides_is_kept_in_issues() -> None:
    parsed = PaddleOcrVlDialect().parse(RESULT)
    held = "".join(RESULT[slice(*issue.span)] for issue in parsed.issues if issue.span)

    assert "page.png" in held
    assert '"coordinate": [90, 120, 860, 180]' in held


@pytest.mark.parametrize(("size", "x0"), [(Size(900, 1200), 0.1), (None, 0.09)])
def test_without_its_own_size_the_page_counts_and_then_a_guess(size: Size | None, x0: float) -> None:
    raw_text = json.dumps({"width": None, "parsing_res_list": BLOCKS})
    parsed = PaddleOcrVlDialect().parse(raw_text, size=size)

    assert parsed.regions[0].bbox is not None
    assert parsed.regions[0].bbox.x0 == x0
    if size is None:
        with pytest.raises(GroundingError, match="not known"):
            PaddleOcrVlDialect().parse(raw_text, strict=True)


def test_a_table_crop_becomes_a_grid() -> None:
    (region,) = PaddleOcrVlDialect().parse("<fcel>a<fcel>b<nl>", task=OcrTask.FREE).regions

    assert (region.label, region.table is not None) == (RegionLabel.TABLE, True)


def test_the_documented_answer_is_read(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/019.txt").read_text(encoding="utf-8")
    (region,) = PaddleOcrVlDialect().parse(raw_text, task=OcrTask.LINES, strict=True).regions

    assert (region.text, region.bbox) == ("Hello", BBox(0.1, 0.2, 0.3, 0.4))
