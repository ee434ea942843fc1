from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects.hunyuan_ocr import HunyuanOcrDialect


def meta(label: str, corners: str = "(50,20),(950,20),(950,90),(50,90)", kind: str = "quad") -> str:
    return f"<hy-meta><layout>{label}</layout><{kind}>{corners}</{kind}></hy-meta>"


LAYOUT = (
    f"# Annual Report{meta('title')}\nBody <em>with markup</em>{meta('paragraph_span')}\n"
    f"<table><tr><td>Lampe</td><td>A<B</td></tr></table>"
    f"{meta('table', '[[50,320],[950,320],[950,700],[50,700]]', 'poly')}"
)
FIGURES = (
    "Step two of the solution.\n<pFig>Diagram for Question</pFig><quad>(204,50),(325,111)</quad>\n\n"
    "## Answers\n- <pFig></pFig><quad>(145,291),(388,357)</quad>\n"
)
LINES = "ATLANTA (AP) Second(10,20),(300,40)Total 12.50(10,50),(300,70)\n"
JSON = '[{"box": [10, 20, 300, 40], "text": "Lampe"}, {"box": [10, 50, 300, 70], "text": "12,50 und"}]'


class TestHunyuanOcrContract(DialectContract):
    dialect = HunyuanOcrDialect()
    streamed = ("layout", "figures", "lines", "tagged lines", "json lines", "json layout")
    tasks = (OcrTask.DOCUMENT, OcrTask.LINES, OcrTask.FREE, OcrTask.FIGURE)
    samples: ClassVar = {
        "layout": Sample(LAYOUT),
        "figures": Sample(FIGURES, OcrTask.FREE),
        "lines": Sample(LINES, OcrTask.LINES),
        "tagged lines": Sample("<ref>Lampe</ref><quad>(1,2),(300,40)</quad>" * 2, OcrTask.LINES),
        "json lines": Sample(JSON, OcrTask.LINES),
        "json layout": Sample('[{"layout_type":"figure","bbox":"(450,347),(698,347),(698,631),(450,631)"}]'),
        "markdown": Sample("# Heading\n\n| Lampe | 12.50 |\n|---|---|\n| Birne | 1.50 |", OcrTask.FREE),
    }
    malformed: ClassVar = {
        "cut quad": "<pFig>Diagram</pFig><quad>(204,50),</quad>",
        "left over closer": f"Total{meta('title')}</hy-meta>",
        "left over opener": "Total<hy-meta><layout>title",
        "cut token": f"Total{meta('title')} more <hy-me",
        "beyond the grid": f"Total{meta('title', '(50,20),(9500,90)')}",
        "broken json": '[{"box": [10, 20, 300], "text": "Lampe"}]',
    }
    fragments = (
        "<hy-meta>", "</hy-meta>", "<layout>", "</layout>", "<quad>", "</quad>", "<poly>", "<pFig>", "</pFig>", "<ref>",
        "</ref>", "(1,2),(300,40)", "(1,2)", meta("title"), meta("figure", "(1,2"),
        "<pFig>Lamp</pFig><quad>(1,2),</quad>",
        "<ref>Lamp</ref><quad>(1,2),(30,40)</quad>", "<table><tr><td>", "</table>", "| a | b |\n|---|---|\n", "A<B",
        "<hy-m", "\n", "总计 12.50",
    )  # fmt: skip
    hostile: ClassVar = {
        "openers": "<hy-meta><layout>",
        "figures": "<pFig>",
        "quads": "<quad>(1,2),",
        "pairs": "(1,2),(3,4),",
        "refs": "<ref>a",
        "metas": meta("title"),
    }
    markup = re.compile(
        r"</?(?:hy-meta|layout|quad|poly|pFig|ref) ?>|</?answer>|[\[\]{},:\"']|```[A-Za-z]*|-{3,}|\*{3,}|_{3,}"
    )


def test_a_layout_tag_belongs_to_the_text_before_it() -> None:
    title, text, table = HunyuanOcrDialect().parse(LAYOUT, strict=True).regions

    assert (title.label, title.raw_label, title.text) == (RegionLabel.TITLE, "title", "Annual Report")
    assert title.bbox == BBox(0.05, 0.02, 0.95, 0.09)
    assert (text.label, text.content) == (RegionLabel.TEXT, "Body <em>with markup</em>")
    assert table.table is not None
    assert table.table.rows() == (("Lampe", "A<B"),)
    assert table.bbox == BBox(0.05, 0.32, 0.95, 0.7)


def test_figures_stand_between_the_text_with_their_captions() -> None:
    regions = HunyuanOcrDialect().parse(FIGURES).regions

    assert [(region.label.value, region.content) for region in regions] == [
        ("text", "Step two of the solution."),
        ("picture", "Diagram for Question"),
        ("section_header", "## Answers"),
        ("text", "-"),
        ("picture", ""),
    ]
    assert regions[1].bbox == BBox(0.204, 0.05, 0.325, 0.111)


def test_a_page_of_markdown_has_a_region_for_every_block_and_a_figure_is_one() -> None:
    raw_text = "# Prices\n\n| Lamp | 12.50 |\n|---|---|\n\n<table><tr><td>Bulb</td></tr></table>"
    page = HunyuanOcrDialect().parse(raw_text, task=OcrTask.FREE, strict=True)
    figure = HunyuanOcrDialect().parse(raw_text, task=OcrTask.FIGURE)

    assert [region.label.value for region in page.regions] == ["title", "table", "table"]
    assert [region.table.rows() for region in page.regions if region.table] == [(("Lamp", "12.50"),), (("Bulb",),)]
    assert len(figure.regions) == 1


def test_a_page_that_speaks_of_json_is_read_as_text() -> None:
    raw_text = 'The member "box": [1, 2, 3, 4] of an answer holds a box.'
    parsed = HunyuanOcrDialect().parse(raw_text, task=OcrTask.FREE)

    assert [region.text for region in parsed.regions] == [raw_text]
    assert parsed.issues == ()


def test_spotted_lines_keep_the_brackets_of_their_text() -> None:
    regions = HunyuanOcrDialect().parse(LINES, task=OcrTask.LINES).regions

    assert [(region.text, region.bbox) for region in regions] == [
        ("ATLANTA (AP) Second", BBox(0.01, 0.02, 0.3, 0.04)),
        ("Total 12.50", BBox(0.01, 0.05, 0.3, 0.07)),
    ]


def test_coordinates_in_the_text_of_a_document_are_text() -> None:
    (region,) = HunyuanOcrDialect().parse("Draw from (1,2),(3,4) on.", task=OcrTask.FREE).regions

    assert (region.content, region.boxes) == ("Draw from (1,2),(3,4) on.", ())


@pytest.mark.parametrize("task", [OcrTask.LINES, OcrTask.DOCUMENT])
def test_json_lines_and_json_layout_are_read(task: OcrTask) -> None:
    regions = HunyuanOcrDialect().parse(JSON, task=task).regions

    assert [(region.text, len(region.boxes)) for region in regions] == [("Lampe", 1), ("12,50 und", 1)]


def test_a_box_that_is_written_as_a_string_is_read() -> None:
    raw_text = '[{"layout_type": "figure", "bbox": "(450,347),(698,347),(698,631),(450,631)"}]'
    (region,) = HunyuanOcrDialect().parse(raw_text).regions

    assert (region.label, region.bbox) == (RegionLabel.PICTURE, BBox(0.45, 0.347, 0.698, 0.631))


def test_half_a_box_keeps_the_caption() -> None:
    parsed = HunyuanOcrDialect().parse("<pFig>Diagram</pFig><quad>(204,50),</quad>")

    assert (parsed.regions[0].content, parsed.regions[0].boxes) == ("Diagram", ())
    assert parsed.issues[0].code is IssueCode.MALFORMED_COORDINATES


def test_the_maintainers_example_is_read(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/018.txt").read_text(encoding="utf-8")
    (region,) = HunyuanOcrDialect().parse(raw_text, strict=True).regions

    assert (region.label, region.text) == (RegionLabel.PICTURE, "Diagram for Question 10")
    assert region.bbox == BBox(0.204, 0.05, 0.325, 0.111)
