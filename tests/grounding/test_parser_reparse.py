from __future__ import annotations

from pathlib import Path

import pytest

from deepocr_kit import Page, Size
from deepocr_kit.errors import GroundingError
from deepocr_kit.grounding import KNOWN_DIALECTS, DeepSeekOcrDialect, LineDialect, OcrTask, dialect_named, reparse

ANSWER = "text[[1, 2, 300, 40]]\nTotal 9.80\n\nimage[[1, 50, 300, 400]]\nimage_caption[[1, 410, 300, 420]]\nFigure 1\n"


def test_a_stored_page_gives_the_same_regions_and_issues() -> None:
    parsed = DeepSeekOcrDialect().parse(ANSWER + "<|ref|>te", page_number=3)
    stored = Page(
        index=2, size=Size(800, 600), raw_text=ANSWER + "<|ref|>te", dialect="deepseek-ocr", regions=parsed.regions
    )
    page = Page.model_validate_json(stored.model_dump_json())
    again = reparse(page.raw_text, page.dialect, page_number=page.number, size=page.size)

    assert again == parsed
    assert again.regions == page.regions


def test_the_task_decides_what_a_ref_holds() -> None:
    raw_text = "<|ref|>title<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>"

    assert reparse(raw_text, "deepseek-ocr", task=OcrTask.LINES).regions[0].text == "title"
    assert reparse(raw_text, "deepseek-ocr").regions[0].text == ""


def test_a_dialect_may_be_given_as_an_object() -> None:
    raw_text = '{"text": "Total 9.80", "box": [0.1, 0.2, 0.3, 0.4]}\n'

    assert reparse(raw_text, LineDialect()).regions == reparse(raw_text, "lines").regions


def test_strict_is_passed_on() -> None:
    with pytest.raises(GroundingError):
        reparse("<|/det|>", "deepseek-ocr", strict=True)


def test_names_are_unique_and_lead_to_their_dialect() -> None:
    names = [dialect.name for dialect in KNOWN_DIALECTS]

    assert len(set(names)) == len(names)
    assert [dialect_named(name) for name in names] == list(KNOWN_DIALECTS)


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"'deepseek'; use one of deepseek-ocr, lines,"):
        dialect_named("deepseek")


def test_every_real_answer_reads_the_same_from_a_stored_page(shared_data: Path) -> None:
    for file in sorted((shared_data / "model_outputs/deepseek").glob("*.txt")):
        raw_text = file.read_text("utf-8")
        regions = DeepSeekOcrDialect().parse(raw_text).regions
        page = Page(index=0, raw_text=raw_text, dialect="deepseek-ocr", regions=regions)
        stored = Page.model_validate_json(page.model_dump_json())

        assert reparse(stored.raw_text, stored.dialect).regions == stored.regions == regions
