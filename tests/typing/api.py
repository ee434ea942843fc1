"""Pins of the public types; checked by mypy, never run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import assert_type

from pydantic import BaseModel

from deepocr_kit import (
    AsyncPipeline,
    Document,
    FieldEvidence,
    Pipeline,
    Recognition,
    Result,
    Reviser,
    Revision,
    VllmBackend,
)
from deepocr_kit.documents import PageImage
from deepocr_kit.evaluation import (
    EvaluationCase,
    EvaluationReport,
    evaluate,
    evaluate_async,
    evaluate_results,
    evaluate_reviser,
)
from deepocr_kit.pipeline import Event, revise_document


class Receipt(BaseModel):
    """A schema."""

    total: str


def pipeline_results_carry_the_schema() -> None:
    """The value has the type of the schema that was given."""
    pipeline = Pipeline(schema=Receipt)
    assert_type(pipeline, Pipeline[Receipt])
    result = pipeline.run("a.png")
    assert_type(result, Result[Receipt])
    assert_type(result.value, Receipt | None)
    assert_type(result.document, Document)
    assert_type(result.evidence["total"], FieldEvidence)
    assert_type(pipeline.run_many(["a.png", b"bytes"]), Iterator[Result[Receipt]])
    assert_type(pipeline.stream("a.png"), Iterator[Event])


def a_pipeline_without_a_schema_has_some_model() -> None:
    """Nothing is claimed about the value."""
    assert_type(Pipeline().run("a.png").value, BaseModel | None)


async def the_async_pipeline_is_the_same(pipeline: AsyncPipeline[Receipt]) -> None:
    """Coroutines and async generators of the same types."""
    assert_type(await pipeline.run("a.png"), Result[Receipt])
    assert_type(pipeline.run_many(["a.png"]), AsyncGenerator[Result[Receipt], None])
    assert_type(pipeline.stream("a.png"), AsyncGenerator[Event, None])


async def evaluations_give_reports(
    pipeline: Pipeline[Receipt], coroutines: AsyncPipeline[Receipt], reviser: Reviser, document: Document
) -> None:
    """A case may hold a path, a document that was read, or a result."""
    paths = [EvaluationCase("a", Path("a.png"), {"total": 3})]
    assert_type(paths, list[EvaluationCase[Path]])
    assert_type(pipeline.schema, type[Receipt] | None)
    assert_type(evaluate(pipeline, paths), EvaluationReport)
    assert_type(await evaluate_async(coroutines, paths), EvaluationReport)
    assert_type(await evaluate_reviser(reviser, Receipt, [EvaluationCase("a", document, {})]), EvaluationReport)
    assert_type(evaluate_results(Receipt, [EvaluationCase("a", pipeline.run("a.png"), {})]), EvaluationReport)
    assert_type(await revise_document(reviser, document, Receipt), Revision[Receipt])


async def the_seams_are_typed(backend: VllmBackend, image: PageImage, reviser: Reviser, document: Document) -> None:
    """A backend gives recognitions, a reviser gives revisions of the schema."""
    assert_type(await backend.recognize(image), Recognition)
    assert_type(await reviser.revise(document, Receipt), Revision[Receipt])
