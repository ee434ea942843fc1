from __future__ import annotations

import json
import re
from pathlib import Path
from typing import ClassVar

from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel, TextFormat
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects.glm_ocr import GlmOcrDialect

# the form of the results that the toolkit saves: pages of regions
REGIONS = [
    {"index": 0, "label": "text", "bbox_2d": [208, 85, 301, 109], "content": "## 7.4 Joints",
     "polygon": [[208, 85], [208, 107], [300, 107], [300, 85]], "native_label": "paragraph_title"},
    {"index": 1, "label": "formula", "bbox_2d": [230, 246, 284, 290], "content": "$$\n\\frac {q l}{2 t}\n$$",
     "native_label": "display_formula"},
    {"index": 2, "label": "table", "bbox_2d": [33, 315, 931, 887], "native_label": "table",
     "content": "<table border=\"1\"><tr><td>Amount</td><td>A<B</td></tr></table>"},
    {"index": 3, "label": "image", "bbox_2d": [33, 890, 931, 990], "content": None, "native_label": "image"},
]  # fmt: skip
RESULT = json.dumps([REGIONS], ensure_ascii=False, indent=1)


class TestGlmOcrContract(DialectContract):
    dialect = GlmOcrDialect()
    streamed = ("markdown",)
    tasks = (OcrTask.DOCUMENT, OcrTask.FREE)
    samples: ClassVar = {
        "result": Sample(RESULT),
        "markdown": Sample("# Heading\n\nSome words of a page.\n\n| Lamp | Price |\n|---|---|\n| Bulb | 12.50 |\n\n"),
        "table crop": Sample('<table border="1"><tr><td>Lamp</td><td>12.50</td></tr></table>', OcrTask.FREE),
    }
    malformed: ClassVar = {
        "cut token": "Some words <|endof",
        "three numbers": '[[{"label": "text", "bbox_2d": [1, 2, 3], "content": "Total"}]]',
        "missing comma": '[[{"label": "text" "bbox_2d": [1, 2, 300, 40], "content": "Total"}]]',
        "cut object": '[[{"label": "text", "bbox_2d": [1, 2, 300, 40], "content": "Tot',
        "no box": '[[{"label": "text", "content": "Total"}, {"bbox_2d": [1, 2, 300, 40], "content": "Lamp"}]]',
    }
    fragments = (
        '{"label": "text", ', '"bbox_2d": [1, 2, 300, 40], ', '"content": "Total"}', '"content": "A<B \\n', "[[", "]]",
        '{"bbox_2d": [1, 2, 3], "content": "cut"', "null", "}", "{", '"', "\\", ",", "<|endoftext|>", "<table><tr><td>",
        "| a | b |\n|---|---|\n", "\n", "总计 12.50", "<|end", "words",
    )  # fmt: skip
    hostile: ClassVar = {
        "objects": '{"bbox_2d": [1, 2, 3, 4], "content": "a"}',
        "open objects": '{"bbox_2d": ',
        "quotes": '"bbox_2d"',
        "lists": '{"bbox_2d": [[',
        "pipes": "| a |\n|---|\n",
    }
    markup = re.compile(r"```[A-Za-z]*|<\|[a-z_]+\|>|</s>|[\[\]{},:\"']|-{3,}|\*{3,}|_{3,}")


def test_a_saved_result_gives_its_boxes_and_its_own_words_for_labels() -> None:
    title, formula, table, image = GlmOcrDialect().parse(RESULT, strict=True).regions

    assert (title.label, title.raw_label, title.text) == (RegionLabel.SECTION_HEADER, "paragraph_title", "7.4 Joints")
    assert title.bbox == BBox(0.208, 0.085, 0.301, 0.109)
    assert (formula.label, formula.format) == (RegionLabel.FORMULA, TextFormat.LATEX)
    assert "\\frac {q l}" in formula.content
    assert table.table is not None
    assert table.table.rows() == (("Amount", "A<B"),)
    assert (image.label, image.content) == (RegionLabel.PICTURE, "")


def test_a_page_is_read_block_by_block_and_every_table_is_a_grid() -> None:
    table = "<table><tr><td>Lamp</td><td>12.50</td></tr></table>"
    parsed = GlmOcrDialect().parse(f"# Heading\n\nwords\n\n{table}\n\n{table}<|endoftext|>", strict=True)

    assert [region.label.value for region in parsed.regions] == ["title", "text", "table", "table"]
    assert [region.table.rows() for region in parsed.regions if region.table] == [(("Lamp", "12.50"),)] * 2
    assert parsed.issues == ()


def test_a_crop_is_one_region() -> None:
    parsed = GlmOcrDialect().parse("# Heading\n\nwords<|endoftext|>", task=OcrTask.FREE, strict=True)

    assert [(region.content, region.boxes) for region in parsed.regions] == [("# Heading\n\nwords", ())]
    assert parsed.issues == ()


def test_a_page_that_speaks_of_saved_results_is_none() -> None:
    (region,) = GlmOcrDialect().parse('The key "bbox_2d" holds a box: [1, 2, 3, 4].').regions

    assert region.text.startswith('The key "bbox_2d"')


def test_a_cut_result_keeps_the_text_of_its_last_region() -> None:
    parsed = GlmOcrDialect().parse(RESULT[: RESULT.index("Joints") + 3])

    assert parsed.regions[-1].content == "## 7.4 Joi"
    assert IssueCode.CUT_TAIL in {issue.code for issue in parsed.issues}


def test_a_real_broken_table_is_a_grid_with_a_warning(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/021.txt").read_text(encoding="utf-8")
    parsed = GlmOcrDialect().parse(raw_text)
    (region,) = parsed.regions

    assert region.label is RegionLabel.TABLE
    assert region.table is not None
    assert region.table.rows()[:2] == (("评级要素", "分数", ""), ("要素一：财富创造能力", "4.31", ""))
    assert IssueCode.MALFORMED_TABLE in {issue.code for issue in parsed.issues}
