from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel, Severity
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects.mineru import CROP_PROMPTS, MineruDialect

# written after the grammar and the example page that public copies of the model's report print
LAYOUT = """\
<|box_start|>705 112 899 146<|box_end|><|ref_start|>header<|ref_end|><|rotate_up|>
<|box_start|>030 343 132 397<|box_end|><|ref_start|>title<|ref_end|><|rotate_up|>
<|box_start|>212 500 491 582<|box_end|><|ref_start|>table_caption<|ref_end|><|rotate_up|>
<|box_start|>212 600 491 782<|box_end|><|ref_start|>table<|ref_end|><|rotate_right|>
<|box_start|>654 940 907 975<|box_end|><|ref_start|>page_number<|ref_end|><|rotate_up|><|im_end|>"""
FIGURE = """\
<|class_start|>chart<|class_end|>
<|sub_class_start|>bar<|sub_class_end|>
<|caption_start|>Sales of lamps by month<|caption_end|>
<|content_start|>
| Month | Lamps |
|---|---|
| May | 12 |
<|content_end|>"""
OTSL = "<fcel>Ware<fcel>Price<lcel><nl><fcel>Lampe<fcel>12.50<fcel>EUR<nl>"


def tag(label: str = "text", box: str = "100 200 300 400") -> str:
    return f"<|box_start|>{box}<|box_end|><|ref_start|>{label}<|ref_end|><|rotate_up|>"


class TestMineruContract(DialectContract):
    dialect = MineruDialect()
    streamed = ("layout", "tokens stripped", "one step")
    tasks = (OcrTask.DOCUMENT, OcrTask.FREE, OcrTask.FIGURE)
    samples: ClassVar = {
        "layout": Sample(LAYOUT),
        "tokens stripped": Sample("705 112 899 146header\n030 343 132 397 title\n"),
        "one step": Sample(f"{tag()}<|md_start|>Lampe und Birne<|md_end|>\n{tag('table')}<|md_start|>{OTSL}<|md_end|>"),
        "table crop": Sample(OTSL, OcrTask.FREE),
        "figure crop": Sample(FIGURE, OcrTask.FIGURE),
        "text crop": Sample("Lampe und Birne, 12.50\nzweite Zeile", OcrTask.FREE),
    }
    malformed: ClassVar = {
        "plain text": "Total 12.50",
        "unclosed box": f"<|box_start|>100 200 300\n{tag()}",
        "cut box": "<|box_start|>100 200",
        "cut token": f"{tag()}\n<|box_st",
        "three numbers": tag(box="100 200 300"),
        "beyond the grid": tag(box="100 200 300 4000"),
        "swapped": tag(box="300 200 100 400"),
        "empty box": tag(box="100 200 100 400"),
        "no box": tag(box=""),
        "cut figure": FIGURE.removesuffix("<|content_end|>"),
        "lone closer": f"{tag()}<|box_end|>",
    }
    fragments = (
        "<|box_start|>", "<|box_end|>", "<|ref_start|>", "<|ref_end|>", "<|rotate_left|>", "<|md_start|>", "<|im_end|>",
        "<|txt_contd_tgt|>", tag(), tag("table"), "\n010 020 030 040 text\n", "<|box", "<", "100 200 300 400", "text",
        "<|box_start|>100 200 300 400<|box_end|>", OTSL, "<fcel>", "<nl>", "<table><tr><td>", "\n", "总计 12.50",
        "<|class_start|>chart<|class_end|>", "<|sub_class_start|>", "<|caption_start|>", "<|content_end|>",
    )  # fmt: skip
    hostile: ClassVar = {
        "openers": "<|box_start|>",
        "numbers": "<|box_start|>1 2 3 4 ",
        "closers": "<|box_end|>",
        "refs": "<|box_start|>1 2 3 4<|box_end|><|ref_start|>a",
        "cells": "<fcel><lcel>",
        "rows": "<nl>",
    }
    markup = re.compile(r"<\|[a-z_]+\|>")


def test_the_layout_answer_gives_labels_and_boxes_without_text() -> None:
    parsed = MineruDialect().parse(LAYOUT)

    assert [(region.raw_label, region.label.value, region.content) for region in parsed.regions] == [
        ("header", "page_header", ""),
        ("title", "section_header", ""),
        ("table_caption", "caption", ""),
        ("table", "table", ""),
        ("page_number", "page_footer", ""),
    ]
    assert parsed.regions[1].bbox == BBox(0.03, 0.343, 0.132, 0.397)


def test_a_turned_region_is_said() -> None:
    (issue,) = MineruDialect().parse(LAYOUT).issues

    assert (issue.code, issue.severity, issue.region_id) == (IssueCode.ORIENTATION, Severity.INFO, "p1r4")
    assert "90 degrees" in issue.message


def test_a_table_crop_becomes_a_grid_with_spans() -> None:
    (region,) = MineruDialect().parse(OTSL, task=OcrTask.FREE).regions

    assert region.label is RegionLabel.TABLE
    assert region.table is not None
    assert region.table.rows() == (("Ware", "Price", ""), ("Lampe", "12.50", "EUR"))
    assert [cell.col_span for cell in region.table.cells] == [1, 2, 1, 1, 1]


def test_text_behind_a_tag_is_its_content_without_tokens() -> None:
    (region,) = MineruDialect().parse(f"{tag()}<|md_start|>Lampe<|txt_contd_tgt|> und Birne<|md_end|>").regions

    assert region.content == "Lampe und Birne"


def test_what_stands_before_a_broken_box_is_kept() -> None:
    parsed = MineruDialect().parse("<|box_start|>100 200 300 400 Lampe")

    assert parsed.regions[0].content == "Lampe"
    assert parsed.regions[0].bbox == BBox(0.1, 0.2, 0.3, 0.4)
    assert parsed.issues[0].code is IssueCode.UNCLOSED_TAG


def test_crops_have_prompts_of_their_own() -> None:
    assert set(CROP_PROMPTS) == {RegionLabel.TABLE, RegionLabel.FORMULA, RegionLabel.PICTURE, RegionLabel.CHART}
    assert all(prompt.startswith("\n") for prompt in CROP_PROMPTS.values())


def test_a_chart_is_its_description_and_its_numbers() -> None:
    (region,) = MineruDialect().parse(FIGURE, task=OcrTask.FIGURE).regions

    assert (region.label, region.raw_label) == (RegionLabel.CHART, "chart bar")
    assert region.content.startswith("Sales of lamps by month\n\n| Month")
    assert region.table is not None
    assert region.table.rows() == (("Month", "Lamps"), ("May", "12"))


def test_a_figure_that_is_no_chart_is_a_picture() -> None:
    raw_text = "<|class_start|>flowchart<|class_end|><|caption_start|>From lamp to bulb<|caption_end|>"
    (region,) = MineruDialect().parse(raw_text, task=OcrTask.FIGURE, strict=True).regions

    assert (region.label, region.raw_label, region.text) == (RegionLabel.PICTURE, "flowchart", "From lamp to bulb")


def test_an_unknown_label_becomes_other_and_keeps_its_word() -> None:
    parsed = MineruDialect().parse(tag("hologram"), strict=True)

    assert (parsed.regions[0].label, parsed.regions[0].raw_label) == (RegionLabel.OTHER, "hologram")
    assert parsed.issues[0].code is IssueCode.UNKNOWN_LABEL


def test_a_real_layout_answer_gives_a_box_for_each_line(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/017.txt").read_text(encoding="utf-8")
    regions = MineruDialect().parse(raw_text, strict=True).regions

    assert len(regions) == 5
    assert regions[0].bbox == BBox(0.149, 0.044, 0.297, 0.058)
    assert regions[0].raw_label == "<tok:2708>"  # the sample's label tokens were left undecoded
