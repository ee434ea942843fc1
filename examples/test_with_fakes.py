"""Tests of code that uses the library: no model, no network, no picture of a customer.

``pytest examples/test_with_fakes.py``
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel

from custom_backend import QwenBackend
from deepocr_kit import DeepSeekOcrDialect, Pipeline, ServiceError
from deepocr_kit.documents import PageStatus
from deepocr_kit.testing import Answer, FailingBackend, StaticBackend, VllmServer, build_page_image

ANSWER = (
    "<|ref|>text<|/ref|><|det|>[[100, 100, 300, 130]]<|/det|>\nTotal\n\n"
    "<|ref|>text<|/ref|><|det|>[[700, 100, 900, 130]]<|/det|>\n49.66\n"
)


class Bill(BaseModel):
    """What is read."""

    total: Decimal


def test_a_scripted_answer_is_read_into_the_schema() -> None:
    backend = StaticBackend(ANSWER, dialect=DeepSeekOcrDialect())

    with Pipeline(backend, schema=Bill) as pipeline:
        result = pipeline.run(build_page_image())

    assert result.value == Bill(total=Decimal("49.66"))
    assert result.evidence["total"].boxes
    assert len(backend.calls) == 1


def test_a_page_that_fails_is_kept_with_its_reason() -> None:
    with Pipeline(FailingBackend(ServiceError("out of memory", service="gpu"))) as pipeline:
        result = pipeline.run(build_page_image())

    assert result.status is PageStatus.FAILED
    assert "out of memory" in str(result.document.pages[0].error)


def test_another_model_is_asked_over_http() -> None:
    with (
        VllmServer(Answer("# A heading\n\nand text"), model="Qwen/Qwen3-VL-8B-Instruct") as server,
        Pipeline(QwenBackend(server.base_url, api_key=server.api_key)) as pipeline,
    ):
        result = pipeline.run(build_page_image())

    assert "A heading" in result.markdown()
    assert server.completions[0].prompt.startswith("Write the text of this page")
