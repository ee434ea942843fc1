"""Saved answers become documents again."""

from __future__ import annotations

import pytest

from deepocr_kit import DeepSeekOcrDialect, OcrTask, Pipeline, Size, parse_document
from deepocr_kit.documents import Document, PageStatus
from deepocr_kit.errors import GroundingError
from deepocr_kit.testing import StaticBackend, build_page_image

TEXT = "<|ref|>text<|/ref|><|det|>[[100, 120, 500, 150]]<|/det|>\n合计 5.00\n"


def test_a_saved_answer_gives_the_same_regions_as_the_run_that_wrote_it() -> None:
    with Pipeline(StaticBackend(TEXT, dialect=DeepSeekOcrDialect())) as pipeline:
        page = pipeline.run(build_page_image()).document.pages[0]

    again = parse_document(page.raw_text, size=page.size)

    assert again.pages[0].regions == page.regions
    assert again.pages[0].dialect == page.dialect


def test_the_official_page_split_separates_pages() -> None:
    document = parse_document(f"{TEXT}\n<--- Page Split --->\n{TEXT}", name="raw.txt")

    assert [page.number for page in document.pages] == [1, 2]
    assert [region.id for region in document.regions] == ["p1r1", "p2r1"]
    assert document.source.name == "raw.txt"


def test_size_and_task_can_be_given() -> None:
    text = "<|ref|>越过高峰<|/ref|><|det|>[[547, 703, 604, 730]]<|/det|>"
    page = parse_document(text, task=OcrTask.LINES, size=Size(100, 200)).pages[0]

    assert page.size == Size(100, 200)
    assert page.regions[0].text == "越过高峰"


def test_strict_raises_where_the_default_reports() -> None:
    broken = "<|ref|>text<|/ref|><|det|>[[119,\n\nwords"

    assert parse_document(broken).pages[0].issues
    with pytest.raises(GroundingError):
        parse_document(broken, strict=True)


def test_an_empty_text_is_a_page_that_says_so() -> None:
    page = parse_document("").pages[0]

    assert page.regions == ()
    assert page.status is not PageStatus.OK


def test_halves_of_characters_become_characters_or_a_replacement() -> None:
    document = parse_document("text[[1, 2, 30, 40]]\n\ud83d\ude00 and \ud83d\n")

    assert document.regions[0].text == "\N{GRINNING FACE} and \ufffd"
    assert Document.model_validate_json(document.model_dump_json()) == document
