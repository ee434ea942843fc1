"""Pipelines and revisers on documents whose truth is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from evaluation_samples import Invoice
from pydantic import BaseModel

from deepocr_kit import AsyncPipeline, DeepSeekOcrDialect, Pipeline
from deepocr_kit.documents import Document, Usage
from deepocr_kit.errors import SchemaError, ServiceError
from deepocr_kit.evaluation import (
    DocumentEvaluation,
    EvaluationCase,
    EvaluationReport,
    evaluate,
    evaluate_async,
    evaluate_results,
    evaluate_reviser,
)
from deepocr_kit.pipeline import Result
from deepocr_kit.revisers import Revision, RulesReviser
from deepocr_kit.testing import (
    FailingReviser,
    FunctionReviser,
    StaticBackend,
    StaticReviser,
    build_document,
    build_page_image,
)

pytestmark = pytest.mark.anyio

TEXT = "text[[100, 50, 500, 90]]\nInvoice No A-17\n\ntext[[100, 120, 500, 150]]\nTotal 5.00\n"


class Bill(BaseModel):
    number: str
    total: Decimal


ANSWERS = {"number": "A-17", "total": "5.00"}
RIGHT = {"number": "a17", "total": 5}
WRONG = {"number": "a17", "total": 6}


def cases(*truths: Any, source: Any = None) -> list[EvaluationCase[Any]]:
    return [
        EvaluationCase(f"d{at}", build_page_image() if source is None else source, truth)
        for at, truth in enumerate(truths)
    ]


def backend() -> StaticBackend:
    return StaticBackend(TEXT, dialect=DeepSeekOcrDialect())


def outcome(report: EvaluationReport) -> dict[str, float | None]:
    return {one.name: one.scores.accuracy for one in report.documents}


def test_a_pipeline_is_judged_in_the_order_of_the_cases() -> None:
    seen: list[str] = []

    def look(judged: DocumentEvaluation, result: Result[Any]) -> None:
        assert result.document.pages
        seen.append(judged.name)

    with Pipeline(backend(), schema=Bill, reviser=StaticReviser(ANSWERS)) as pipeline:
        report = evaluate(pipeline, cases(RIGHT, WRONG, {"total": 5}), on_judged=look)

    assert outcome(report) == {"d0": 1, "d1": 0.5, "d2": 1}
    assert report.schema_name == "Bill"
    assert sorted(seen) == ["d0", "d1", "d2"]


async def test_the_async_pipeline_gives_the_same_report() -> None:
    async with AsyncPipeline(backend(), schema=Bill, reviser=StaticReviser(ANSWERS)) as pipeline:
        report = await evaluate_async(pipeline, cases(RIGHT, WRONG))

    assert outcome(report) == {"d0": 1, "d1": 0.5}


def test_a_source_that_cannot_be_read_misses_everything_and_says_why() -> None:
    with Pipeline(backend(), schema=Bill, reviser=StaticReviser(ANSWERS)) as pipeline:
        report = evaluate(pipeline, [*cases(RIGHT), EvaluationCase("gone", "gone.png", RIGHT)])

    assert report.scores.missing == 2
    assert report.documents[1].error.startswith("SourceNotFoundError: gone.png")
    assert report.documents[1].status == "failed"


def test_a_truth_that_does_not_fit_the_schema_is_skipped_with_the_reason() -> None:
    with Pipeline(backend(), schema=Bill, reviser=StaticReviser(ANSWERS)) as pipeline:
        report = evaluate(pipeline, cases({"sum": 5}, RIGHT))

    assert list(report.skipped) == ["d0"]
    assert "no field 'sum'" in report.skipped["d0"]
    assert outcome(report) == {"d1": 1}


def test_a_pipeline_without_a_schema_is_refused() -> None:
    with Pipeline(backend()) as pipeline, pytest.raises(ValueError, match="no schema"):
        evaluate(pipeline, [])


def test_two_cases_of_one_name_are_refused() -> None:
    with Pipeline(backend(), schema=Bill) as pipeline, pytest.raises(ValueError, match="two cases are called 'd0'"):
        evaluate(pipeline, cases(RIGHT) * 2)


async def test_a_reviser_is_judged_on_documents_that_were_read_before() -> None:
    document = build_document("Invoice No A-17\nTotal 5.00")
    report = await evaluate_reviser(RulesReviser(), Bill, cases({"total": "5.00"}, source=document))

    assert outcome(report) == {"d0": 1}


async def test_a_reviser_sees_the_cases_one_by_one_and_gets_the_instructions() -> None:
    taken: list[int] = []
    reviser = StaticReviser(ANSWERS)

    def lazily() -> Any:
        for at in range(3):
            taken.append(len(reviser.calls))
            yield EvaluationCase(f"d{at}", build_document(TEXT), RIGHT)

    report = await evaluate_reviser(reviser, Bill, lazily(), instructions="Look twice.", concurrency=1)

    assert taken == [0, 0, 1]
    assert {call.instructions for call in reviser.calls} == {"Look twice."}
    assert report.scores.right == 6


async def test_a_reviser_that_fails_misses_everything_and_says_why() -> None:
    reviser = FailingReviser(ServiceError("the server is away", service="test"), then=StaticReviser(ANSWERS))
    report = await evaluate_reviser(reviser, Bill, cases(RIGHT, RIGHT, source=build_document(TEXT)), concurrency=1)

    assert outcome(report) == {"d0": 0, "d1": 1}
    assert report.documents[0].error == "ServiceError: test: the server is away"
    assert report.documents[0].status == "degraded"


async def test_a_schema_that_cannot_be_used_is_an_error_and_not_a_skipped_case() -> None:
    class Knot(BaseModel):
        inner: dict[str, str]

    with pytest.raises(SchemaError):
        await evaluate_reviser(StaticReviser({}), Knot, [])
    with pytest.raises(ValueError, match="concurrency"):
        await evaluate_reviser(StaticReviser({}), Bill, [], concurrency=0)


async def test_usage_is_summed_over_reading_and_revising() -> None:
    def answer(document: Document, schema: Any, _instructions: Any) -> Revision[Any]:
        return Revision(usage=Usage(requests=2, prompt_tokens=10, seconds=1.5))

    report = await evaluate_reviser(FunctionReviser(answer), Bill, cases(RIGHT, RIGHT, source=build_document(TEXT)))

    assert report.usage == Usage(requests=4, prompt_tokens=20, seconds=3)
    assert report.documents[0].usage.requests == 2


def test_results_that_are_there_already_are_judged() -> None:
    with Pipeline(backend(), schema=Bill, reviser=StaticReviser(ANSWERS)) as pipeline:
        result = pipeline.run(build_page_image())
    report = evaluate_results(Bill, cases(RIGHT, WRONG, source=result))

    assert outcome(report) == {"d0": 1, "d1": 0.5}
    with pytest.raises(ValueError, match="two cases"):
        evaluate_results(Bill, cases(RIGHT, source=result) * 2)


def test_a_document_that_nothing_was_read_of_is_judged_by_what_it_should_hold() -> None:
    report = evaluate_results(Invoice, cases({"total": None, "lines": []}, source=Result(build_document("x"))))

    assert report.scores.accuracy == 1
    assert report.anls == 1
