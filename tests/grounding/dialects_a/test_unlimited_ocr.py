from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from tests.grounding.dialect_contract import DialectContract, Sample

from deepocr_kit.documents import IssueCode, RegionLabel
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import OcrTask
from deepocr_kit.grounding.dialects.unlimited_ocr import UnlimitedOcrDialect

TOKENS = r"<\|/?ref\|>|<\|/?det\|>|<PAGE>|<｜(?:end|begin)▁of▁sentence｜>"
DOCUMENT = """\
<PAGE><|det|>title [40, 30, 960, 80]<|/det|>MASTER SERVICES AGREEMENT
<|det|>text [40, 100, 960, 220]<|/det|>The Supplier shall be paid monthly.
continued on the next line.

<|det|>table [40, 240, 960, 400]<|/det|><table><tr><td>Monthly fee</td><td>A<B 82,000</td></tr></table>
<|det|>image [40, 420, 500, 600]<|/det|>
<|det|>footer [40, 950, 960, 990]<|/det|>Page 4 of 6<｜end▁of▁sentence｜>"""


class TestUnlimitedOcrContract(DialectContract):
    dialect = UnlimitedOcrDialect()
    streamed = ("document", "tokens stripped", "spotting")
    samples: ClassVar = {
        "document": Sample(DOCUMENT),
        "tokens stripped": Sample(DOCUMENT.replace("<|det|>", "").replace("<|/det|>", "").replace("<PAGE>", "")),
        "spotting": Sample("<|ref|>Lessard 1901<|/ref|><|det|>[10, 20, 300, 80]<|/det|>\n" * 3, OcrTask.LINES),
    }
    malformed: ClassVar = {
        "text before the first tag": "Lamp 12.50\n<|det|>text [1, 2, 300, 40]<|/det|>Total",
        "unclosed det": "<|det|>text [1, 2, 300, 40]Total",
        "no box": "<|det|>text<|/det|>Total",
        "cut tag": "<|det|>text [112, 13",
        "cut token": "<|det|>text [1, 2, 300, 40]<|/det|>Total <|de",
        "second page": "<|det|>text [1, 2, 300, 40]<|/det|>Total\n<PAGE>",
        "text inside the tag": f"<|det|>{'words ' * 20}<|/det|>Total",
        "lone closer": "<|/det|>",
        "opener before a bare tag": "<|det|>\ntitle [1, 2, 300, 40]A<B",
    }
    fragments = (
        "<|det|>", "<|/det|>", "<|ref|>", "<|/ref|>", "<PAGE>", "<｜end▁of▁sentence｜>", "<|d", "<", "[1, 2, 3, 4]",
        "<|det|>text [1, 2, 300, 40]<|/det|>", "<|det|>image [[1, 2, 30, 40], [5, 6, 70, 80]]<|/det|>\n",
        "\ntitle [1, 2, 300, 40]", "text [9, 9, 1, 1]", "<|det|>table [1, 2", "[[119,", "<table><tr><td>", "</table>",
        "| a | b |\n|---|---|\n", "\n", "\n\n", "总计 12.50", "A<B",
    )  # fmt: skip
    hostile: ClassVar = {
        "openers": "<|det|>",
        "closers": "<|/det|>",
        "refs": "<|ref|>a<|/ref|><|det|>",
        "tags": "<|det|>text [1, 2, 300, 40]<|/det|>",
        "boxes": "<|det|>[1, 2, 3, 4",
        "stripped": "\ntext [1, 2, 3",
        "pages": "<PAGE>",
    }
    markup = re.compile(TOKENS)


def parse(raw_text: str, task: OcrTask = OcrTask.DOCUMENT):
    return UnlimitedOcrDialect().parse(raw_text, task=task)


def test_the_label_stands_in_front_of_the_box_and_the_text_on_the_same_line() -> None:
    title, text, table, image, footer = parse(DOCUMENT).regions

    assert [r.label.value for r in (title, text, table, image)] == ["title", "text", "table", "picture"]
    assert (footer.label, footer.raw_label) == (RegionLabel.PAGE_FOOTER, "footer")
    assert title.text == "MASTER SERVICES AGREEMENT"
    assert text.content.endswith("\ncontinued on the next line.")
    assert table.table is not None
    assert table.table.rows() == (("Monthly fee", "A<B 82,000"),)
    assert image.content == ""
    assert title.bbox == BBox(40 / 999, 30 / 999, 960 / 999, 80 / 999)


def test_several_boxes_stand_in_a_list_of_lists() -> None:
    (region,) = parse("<|det|>image [[1, 2, 30, 40], [500, 6, 700, 80]]<|/det|>").regions

    assert len(region.boxes) == 2


@pytest.mark.parametrize("task", [OcrTask.LINES, OcrTask.DOCUMENT])
def test_words_inside_a_ref_without_content_are_the_text(task: OcrTask) -> None:
    (region,) = parse("<|ref|>A Powdery Surface<|/ref|><|det|>[9, 7, 904, 121]<|/det|>", task).regions

    assert (region.raw_label, region.content, len(region.boxes)) == ("", "A Powdery Surface", 1)


def test_a_ref_with_content_is_a_label() -> None:
    (region,) = parse("<|ref|>sub_title<|/ref|><|det|>[9, 7, 904, 121]<|/det|>\n## Aim").regions

    assert (region.label, region.raw_label, region.text) == (RegionLabel.SECTION_HEADER, "sub_title", "Aim")


def test_a_ref_without_a_box_keeps_its_words() -> None:
    parsed = parse("<|ref|>Lamp and bulb<|/ref|> more")

    assert "more" in parsed.regions[0].content
    assert parsed.issues[-1].code is IssueCode.MISSING_BOX


def test_pages_of_one_answer_are_said() -> None:
    parsed = parse(DOCUMENT + "\n" + DOCUMENT)

    assert [issue.code for issue in parsed.issues] == [IssueCode.STRAY_MARKUP]
    assert len(parsed.regions) == 10


def test_an_unclosed_ref_keeps_what_follows() -> None:
    parsed = parse("<|ref|>text <|det|>text [1, 2, 300, 40]<|/det|>Total")

    assert [region.content for region in parsed.regions] == ["text", "Total"]


def test_the_documented_answer_is_read(shared_data: Path) -> None:
    raw_text = (shared_data / "model_outputs/others/014.txt").read_text(encoding="utf-8")
    parsed = UnlimitedOcrDialect().parse(raw_text, strict=True)

    assert [(r.raw_label, r.text) for r in parsed.regions] == [
        ("title", "1. Introduction"),
        ("text", "Humans are …"),
        ("page_number", "3"),
    ]
    assert parsed.issues == ()
