"""Reads documents whose truth is known, and judges what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import anyio
from pydantic import BaseModel

from deepocr_kit.documents import Document
from deepocr_kit.errors import DeepOcrError, SchemaError
from deepocr_kit.evaluation._plain_values import plain_expected, plain_read
from deepocr_kit.evaluation._reading import Reading
from deepocr_kit.evaluation.anls import anls_star
from deepocr_kit.evaluation.comparison import compare_fields
from deepocr_kit.evaluation.report import DocumentEvaluation, EvaluationReport
from deepocr_kit.inputs import SourceLike
from deepocr_kit.pipeline import AsyncPipeline, Pipeline, Result, revise_document
from deepocr_kit.revisers import FieldEvidence, Reviser
from deepocr_kit.revisers.base import T
from deepocr_kit.revisers.fields import schema_tree

__all__ = [
    "EvaluationCase",
    "OnJudged",
    "evaluate",
    "evaluate_async",
    "evaluate_results",
    "evaluate_reviser",
    "judge",
]

_Source_co = TypeVar("_Source_co", covariant=True)

OnJudged: TypeAlias = Callable[[DocumentEvaluation, Result[Any]], None]
"""Called with each document as soon as it is judged, in the order in which they are finished."""


@dataclass(frozen=True, slots=True)
class EvaluationCase(Generic[_Source_co]):
    """A document and the truth about it.

    Attributes:
        name: Shown in the report; unique in it.
        source: The file to read, a ``Document`` that was read before, or its ``Result``.
        expected: JSON nested like the schema; see ``compare_fields``.
    """

    name: str
    source: _Source_co
    expected: Mapping[str, Any]


def judge(
    schema: type[BaseModel],
    expected: Mapping[str, Any],
    fields: Mapping[str, FieldEvidence],
    *,
    name: str = "",
) -> DocumentEvaluation:
    """One document against its truth.

    Args:
        schema: The user's model class.
        expected: JSON nested like the schema; see ``compare_fields``.
        fields: Evidence by path, as ``Revision.fields`` has it; empty when nothing was read.
        name: Of the document.

    Raises:
        SchemaError: ``expected`` is not nested like the schema, or the schema cannot be used.
    """
    tree = schema_tree(schema)
    comparisons = compare_fields(schema, expected, fields)
    read = plain_read(tree, expected, Reading(fields))
    return DocumentEvaluation(name=name, comparisons=comparisons, anls=anls_star(plain_expected(tree, expected), read))


def evaluate(
    pipeline: Pipeline[T], cases: Iterable[EvaluationCase[SourceLike]], *, on_judged: OnJudged | None = None
) -> EvaluationReport:
    """Read every source with a pipeline that has a schema, and judge what came out.

    A source that cannot be read is judged as one of which nothing was read. A
    case whose truth is not nested like the schema is skipped, with the reason.

    Args:
        pipeline: Stays open.
        cases: Sources with their truths.
        on_judged: Called with each document as soon as it is judged.

    Raises:
        SchemaError: The schema cannot be used.
        ValueError: The pipeline has no schema, or two cases have one name.
    """
    known = list(cases)
    judging = _Judging(_needed(pipeline.schema), known, on_judged)
    for result in pipeline.run_many(case.source for case in known):
        judging.add(result.index, known[result.index], result)
    return judging.report()


async def evaluate_async(
    pipeline: AsyncPipeline[T], cases: Iterable[EvaluationCase[SourceLike]], *, on_judged: OnJudged | None = None
) -> EvaluationReport:
    """``evaluate`` for a pipeline with coroutines."""
    known = list(cases)
    judging = _Judging(_needed(pipeline.schema), known, on_judged)
    async for result in pipeline.run_many(case.source for case in known):
        judging.add(result.index, known[result.index], result)
    return judging.report()


async def evaluate_reviser(
    reviser: Reviser,
    schema: type[T],
    cases: Iterable[EvaluationCase[Document]],
    *,
    instructions: str | None = None,
    concurrency: int = 4,
    on_judged: OnJudged | None = None,
) -> EvaluationReport:
    """Judge a reviser alone, on documents that were read before.

    Args:
        reviser: Stays open.
        schema: The user's model class.
        cases: Documents with their truths; taken one by one, as the reviser has room.
        instructions: As for ``Reviser.revise``.
        concurrency: Documents at once.
        on_judged: Called with each document as soon as it is judged.

    Raises:
        SchemaError: The schema cannot be used.
        ValueError: ``concurrency`` is below 1, or two cases have one name.
    """
    if concurrency < 1:
        raise ValueError(f"concurrency must be at least 1, got {concurrency!r}")
    judging = _Judging(schema, (), on_judged)
    places = anyio.Semaphore(concurrency)

    async def one(at: int, case: EvaluationCase[Document]) -> None:
        try:
            try:
                revision = await revise_document(reviser, case.source, schema, instructions=instructions)
            except DeepOcrError as error:
                judging.add(at, case, Result(case.source, error=error))
            else:
                judging.add(at, case, Result(case.source, revision))
        finally:
            places.release()

    async with anyio.create_task_group() as group:
        for at, case in enumerate(cases):
            judging.check(case.name)
            await places.acquire()
            group.start_soon(one, at, case)
    return judging.report()


def evaluate_results(
    schema: type[BaseModel], cases: Iterable[EvaluationCase[Result[Any]]], *, on_judged: OnJudged | None = None
) -> EvaluationReport:
    """Judge results that are there already.

    Args:
        schema: The user's model class.
        cases: Results with their truths.
        on_judged: Called with each document as soon as it is judged.

    Raises:
        SchemaError: The schema cannot be used.
        ValueError: Two cases have one name.
    """
    judging = _Judging(schema, (), on_judged)
    for at, case in enumerate(cases):
        judging.check(case.name)
        judging.add(at, case, case.source)
    return judging.report()


class _Judging:
    """Documents that were judged so far."""

    def __init__(
        self, schema: type[BaseModel], known: Iterable[EvaluationCase[Any]], on_judged: OnJudged | None
    ) -> None:
        schema_tree(schema)  # one that cannot be used is no fault of the truths
        self._schema = schema
        self._on_judged = on_judged
        self._names: set[str] = set()
        self._documents: dict[int, DocumentEvaluation] = {}
        self._skipped: dict[int, tuple[str, str]] = {}
        for case in known:
            self.check(case.name)

    def check(self, name: str) -> None:
        if name in self._names:
            raise ValueError(f"two cases are called {name!r}; names must differ")
        self._names.add(name)

    def add(self, at: int, case: EvaluationCase[Any], result: Result[Any]) -> None:
        try:
            judged = judge(self._schema, case.expected, result.evidence, name=case.name)
        except SchemaError as error:
            self._skipped[at] = (case.name, error.message)
            return
        usage = result.document.usage
        if result.revision is not None:
            usage += result.revision.usage
        said = result.error
        judged = judged.model_copy(
            update={
                "status": result.status,
                "issues": result.issues,
                "usage": usage,
                "error": "" if said is None else f"{type(said).__name__}: {said.message}",
            }
        )
        self._documents[at] = judged
        if self._on_judged is not None:
            self._on_judged(judged, result)

    def report(self) -> EvaluationReport:
        return EvaluationReport(
            schema_name=self._schema.__name__,
            documents=tuple(self._documents[at] for at in sorted(self._documents)),
            skipped=dict(self._skipped[at] for at in sorted(self._skipped)),
        )


def _needed(schema: type[T] | None) -> type[T]:
    if schema is None:
        raise ValueError("the pipeline has no schema to judge by; give it one with schema=")
    return schema
