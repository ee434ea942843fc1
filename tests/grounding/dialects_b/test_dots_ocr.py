from __future__ import annotations

import json
import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel, TextFormat
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects import DotsOcrDialect
from deepocr_kit.grounding.dialects.dots_ocr import FACTOR, MAX_PIXELS, MIN_PIXELS

PAGE = Size(1008, 1400)
"""A page that the model's resizing leaves as it is."""

LAYOUT = [
    {"bbox": [20, 30, 500, 60], "category": "Page-header", "text": "Annual Report"},
    {"bbox": [20, 80, 900, 120], "category": "Title", "text": '# Prices "and" sizes'},
    {"bbox": [20, 140, 900, 300], "category": "Table", "text": '<table><tr><td colspan="2">A<B</td></tr></table>'},
    {"bbox": [20, 310, 900, 340], "category": "Caption", "text": "Table one: lamps\nand bulbs"},
    {"bbox": [20, 350, 900, 400], "category": "Formula", "text": "\\frac{a}{b} \\times \\nu"},
    {"bbox": [20, 420, 900, 800], "category": "Picture"},
    {"bbox": [20, 820, 900, 900], "category": "List-item", "text": "- 总计 12.50"},
]
TEXT = json.dumps(LAYOUT, ensure_ascii=False)


class TestDotsOcrContract(DialectContract):
    dialect = DotsOcrDialect()
    streamed = ("layout", "fenced", "free")
    tasks = (OcrTask.DOCUMENT, OcrTask.FREE)
    samples: ClassVar = {
        "layout": Sample(TEXT),
        "fenced": Sample(f"```json\n{json.dumps(LAYOUT, indent=2)}\n```"),
        "wrapped": Sample(json.dumps({"layout": LAYOUT})),
        "free": Sample("# Prices\n\nLamp and bulb\n\n- first item\n- second item", OcrTask.FREE),
    }
    malformed: ClassVar = {
        "prose": f"Here you are: {TEXT}",
        "cut": TEXT[:150],
        "list not closed": TEXT[:-1],
        "missing comma": TEXT.replace(', "category"', ' "category"', 1),
        "three numbers": TEXT.replace("[20, 30, 500, 60]", "[20, 30, 500]"),
        "quote inside": '[{"bbox": [1, 2, 30, 40], "category": "Text", "text": "He said "hi" twice"}]',
        "no box": '[{"category": "Text", "text": "Total"}]',
        "swapped": '[{"bbox": [30, 40, 1, 2], "category": "Text", "text": "Total"}]',
        "no JSON": "The page is empty.",
    }
    fragments = (
        '{"bbox": [1, 2, 30, 40], "category": "Text", "text": "Total"}', '{"bbox": [1, 2, 30', '"category": "Text"',
        '"text": "', '"', "'", "{", "}", "[", "]", ",", ":", "\\", "\\u12", '{"text": "a"', '{"layout": [',
        '{"page": 3, ',
        "```json\n", "```", "\n", "{bbox: [1 2 3 4]", '", "text":', "<table><tr><td>", "null", "12.50", "“", "总计",
    )  # fmt: skip
    hostile: ClassVar = {
        "keys": '{"text": ', "bare keys": "{a:", "strings": '{"a":"b"}x',
        "unclosed": '{"text":"b', "lists": '{"bbox":[1,',
        "nested": '{"a":{"a":[', "in a string": '"text":"x" y ',
    }  # fmt: skip
    markup = re.compile(r"[\s\[\]{},:\"'“”‘’]|```[A-Za-z]*|\blayout\b|<\|[A-Za-z_]+\|>|</s>|-{3,}|\*{3,}|_{3,}")


def parse(raw_text: str, size: Size | None = PAGE):
    return DotsOcrDialect().parse(raw_text, size=size)


def test_a_layout_becomes_regions_in_the_unit_frame() -> None:
    regions = parse(TEXT).regions

    assert [region.label for region in regions] == [
        RegionLabel.PAGE_HEADER, RegionLabel.TITLE, RegionLabel.TABLE, RegionLabel.CAPTION, RegionLabel.FORMULA,
        RegionLabel.PICTURE, RegionLabel.LIST_ITEM,
    ]  # fmt: skip
    assert [region.raw_label for region in regions] == [item["category"] for item in LAYOUT]
    assert regions[0].boxes == (BBox(20 / 1008, 30 / 1400, 500 / 1008, 60 / 1400),)
    assert regions[1].text == 'Prices "and" sizes'
    assert regions[2].table is not None
    assert regions[2].table.rows() == (("A<B",),)
    assert regions[3].caption_of == regions[2].id
    assert regions[4].content == r"\frac{a}{b} \times \nu"
    assert regions[4].format is TextFormat.LATEX
    assert regions[5].content == ""


@pytest.mark.parametrize(
    ("size", "seen"),
    [
        (Size(1008, 1400), (1008, 1400)),
        (Size(1014, 1532), (1008, 1540)),  # printed by the notebook of Qwen2.5-VL for this picture
        (Size(1654, 2339), (1652, 2352)),
        (Size(5000, 7000), (2828, 3948)),
        (Size(20, 10), (84, 56)),
    ],
)
def test_pixels_are_those_of_the_resized_picture(size: Size, seen: tuple[int, int]) -> None:
    answer = json.dumps([{"bbox": [0, 0, seen[0] / 2, seen[1] / 4], "category": "Picture"}])
    (region,) = parse(answer, size).regions

    assert region.boxes == (BBox(0, 0, 0.5, 0.25),)


def test_the_resizing_can_be_that_of_another_server() -> None:
    dialect = DotsOcrDialect(min_pixels=MIN_PIXELS, max_pixels=MAX_PIXELS // 10)
    answer = '[{"bbox": [0, 0, 448, 616], "category": "Picture"}]'
    (region,) = dialect.parse(answer, size=Size(2000, 2800)).regions

    assert region.boxes == (BBox(0, 0, 448 / 896, 616 / 1232),)
    assert FACTOR == 28


@pytest.mark.parametrize("bounds", [{"max_pixels": 0}, {"max_pixels": MIN_PIXELS - 1}, {"min_pixels": -1}])
def test_impossible_bounds_are_refused_before_a_page_is_read(bounds: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="give those of the server"):
        DotsOcrDialect(**bounds)


def test_its_repr_shows_how_it_was_made() -> None:
    assert repr(DotsOcrDialect(max_pixels=50_000)) == "DotsOcrDialect(min_pixels=3136, max_pixels=50000)"


def test_without_the_size_of_the_page_regions_have_no_box_and_one_issue_says_why() -> None:
    parsed = parse(TEXT, None)

    assert all(region.boxes == () for region in parsed.regions)
    assert [issue.code for issue in parsed.issues] == [IssueCode.MISSING_BOX]
    assert "size=" in parsed.issues[0].message


@pytest.mark.parametrize(
    ("raw_text", "texts"),
    [
        ('[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "a"} {"bbox": [1, 2, 3, 4], "text": "b"}]', ["a", "b"]),
        ('[{"bbox": [1, 2, 3, 4, "category": "Text", "text": "a"}]', ["a"]),
        ('[{"bbox": [1, 2, 3], "category": "Text", "text": "a"}]', ["a"]),
        ("[{'bbox': [1, 2, 3, 4], 'category': 'Text', 'text': 'don\\'t'}]", ["don't"]),
        ('[{"category": "Text", "category": "Text", "text": "a", "text": "b", "text": "a"}]', ["a\nb"]),
        ('[{"bbox": [1, 2, 3, 4], "text": "He said "hi", ok"}, {"text": "b"}]', ['He said "hi", ok', "b"]),
        ('{"bbox": [1, 2, 3, 4], "text": "a"}\n{"bbox": [1, 2, 3, 4], "text": "b"}', ["a", "b"]),
        ('[{"bbox": [1, 2, 3, 4], "text": "a", "score": 0.9, "note": "x"}]', ["a"]),
        ('[{"bbox": [1, 2, 3, 4], "text": "a", lost words}]', ["a\nlost words"]),
        ('[{"bbox": [1, 2, 3, 4], "category": "Text", "type": "Stamp", "text": "a"}]', ["a\nStamp"]),
        ('[{"name": "Lamp"}]', ['{"name": "Lamp"}']),
    ],
)
def test_broken_json_keeps_its_texts(raw_text: str, texts: list[str]) -> None:
    assert [region.content for region in parse(raw_text).regions] == texts


def test_a_repaired_object_says_what_was_repaired() -> None:
    parsed = parse('[{"bbox": [1, 2, 30, 40] "category": "Text", "text": "a"}]')

    (issue,) = parsed.issues
    assert issue.code is IssueCode.MALFORMED_JSON
    assert "a missing comma" in issue.message
    assert issue.region_id == "p1r1"


def test_an_answer_that_is_cut_in_a_text_keeps_it_and_says_so() -> None:
    parsed = parse('[{"bbox": [1, 2, 30, 40], "category": "Text", "text": "Total 12.')

    assert parsed.regions[0].text == "Total 12."
    assert [issue.code for issue in parsed.issues] == [IssueCode.CUT_TAIL]


def test_a_box_written_as_text_or_twice_is_one_box() -> None:
    (region,) = parse('{"bbox": "0 0 504 700", "bbox_2d": [0, 0, 504, 700], "text": "a"}').regions

    assert region.boxes == (BBox(0, 0, 0.5, 0.5),)


def test_the_real_sample_is_read_whole(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/004.txt").read_text(encoding="utf-8")
    parsed = parse(raw_text, Size(1224, 1584))

    assert len(parsed.regions) == 17
    assert [(region.content, region.raw_label) for region in parsed.regions] == [
        (item.get("text", ""), item["category"]) for item in json.loads(raw_text.rstrip() + "]")
    ]
    assert all(len(region.boxes) == 1 for region in parsed.regions)
    assert parsed.regions[11].caption_of == parsed.regions[10].id
    assert [issue.code for issue in parsed.issues] == [IssueCode.UNCLOSED_TAG]
