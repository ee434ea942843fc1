from __future__ import annotations

import pytest

from deepocr_kit.errors import ClosedError
from deepocr_kit.grounding import GRID_MAX, DeepSeekOcrDialect, OcrTask

DIALECT = DeepSeekOcrDialect()


@pytest.mark.parametrize(
    ("task", "prompt"),
    [
        (OcrTask.DOCUMENT, "<|grounding|>Convert the document to markdown."),
        (OcrTask.LINES, "<|grounding|>OCR this image."),
        (OcrTask.FREE, "Free OCR."),
        (OcrTask.FIGURE, "Parse the figure."),
        (OcrTask.DESCRIBE, "Describe this image in detail."),
    ],
)
def test_prompts_are_the_official_ones_without_the_placeholder(task: OcrTask, prompt: str) -> None:
    assert DIALECT.prompt(task) == prompt


def test_a_query_stands_in_the_official_locate_prompt() -> None:
    prompt = DIALECT.prompt(OcrTask.LOCATE, query="先天下之忧而忧")

    assert prompt == "Locate <|ref|>先天下之忧而忧<|/ref|> in the image."


@pytest.mark.parametrize("query", ["a<|/ref|>b", "<image>", "<｜end▁of▁sentence｜>", "two\nlines", "  ", "", None])
def test_a_query_that_would_change_the_prompt_is_refused(query: str | None) -> None:
    with pytest.raises(ValueError, match="query"):
        DIALECT.prompt(OcrTask.LOCATE, query=query)


def test_a_query_for_another_task_is_refused() -> None:
    with pytest.raises(ValueError, match="locate"):
        DIALECT.prompt(OcrTask.FREE, query="x")


def test_a_task_may_be_given_by_its_word_and_must_exist() -> None:
    assert DIALECT.prompt("locate", query="a") == DIALECT.prompt(OcrTask.LOCATE, query="a")
    for ask in (DIALECT.prompt, lambda task: DIALECT.parse("a", task=task)):
        with pytest.raises(ValueError, match="'read' is not a valid OcrTask"):
            ask("read")


def test_a_parser_is_for_one_answer() -> None:
    parser = DIALECT.parser()
    first = parser.finish()

    assert parser.finish() is first
    with pytest.raises(ClosedError):
        parser.feed("more")


def test_the_grid_is_the_one_of_the_reference_decoder() -> None:
    # int(x1 / 999 * image_width): run_dpsk_ocr_pdf.py:177 of deepseek-ai/DeepSeek-OCR@e4ac34e
    assert GRID_MAX == 999
