"""What an evaluation found, as one value that is kept, compared and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

from deepocr_kit.documents import Issue, PageStatus, Usage
from deepocr_kit.evaluation.comparison import FieldComparison
from deepocr_kit.evaluation.items import ItemScores
from deepocr_kit.evaluation.scores import Coverage, EvidenceScores, FieldScores, coverage_at, interval
from deepocr_kit.evaluation.summary import EvaluationSummary, FieldSummary

__all__ = ["DocumentEvaluation", "EvaluationReport"]

REPORT_VERSION: Literal["1.0"] = "1.0"


class DocumentEvaluation(BaseModel):
    """One document against its truth.

    Attributes:
        name: Of the document.
        comparisons: Every judged leaf.
        anls: ANLS* of the judged part, 0..1.
        status: Of the result.
        error: Why nothing could be read or compared; empty otherwise. Its expected values then count as missing.
        issues: What the library said about it.
        usage: Requests, tokens and seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    comparisons: tuple[FieldComparison, ...] = ()
    anls: float = Field(default=0.0, ge=0, le=1)
    status: PageStatus = PageStatus.OK
    error: str = ""
    issues: tuple[Issue, ...] = ()
    usage: Usage = Usage()

    @property
    def scores(self) -> FieldScores:
        """Of its leaves."""
        return FieldScores.of(self.comparisons)

    @property
    def misses(self) -> tuple[FieldComparison, ...]:
        """The leaves that did not come out as expected."""
        return tuple(one for one in self.comparisons if one.is_miss)


class EvaluationReport(BaseModel):
    """All documents of an evaluation.

    JSON round trip: ``model_dump_json`` and ``model_validate_json``. The
    ``summary`` in the JSON is made anew from the documents when it is read.

    Attributes:
        schema_name: Name of the model class.
        documents: In the order given.
        skipped: Names of what could not be judged, with the reason: a missing or broken truth.
        version: Of this form.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal["1.0"] = REPORT_VERSION
    schema_name: str
    documents: tuple[DocumentEvaluation, ...] = ()
    skipped: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _without_summary(cls, written: Any) -> Any:
        if isinstance(written, Mapping):
            return {key: value for key, value in written.items() if key != "summary"}
        return written

    def __add__(self, other: EvaluationReport) -> EvaluationReport:
        """The documents of both; the name of the schema is the first one's."""
        return self.model_copy(
            update={"documents": self.documents + other.documents, "skipped": {**self.skipped, **other.skipped}}
        )

    @property
    def comparisons(self) -> tuple[FieldComparison, ...]:
        """Every judged leaf of every document."""
        return tuple(one for document in self.documents for one in document.comparisons)

    @property
    def scores(self) -> FieldScores:
        """Over all leaves: the micro average."""
        return FieldScores.of(self.comparisons)

    @property
    def by_field(self) -> Mapping[str, FieldScores]:
        """By leaf of the schema, ``lines[*].amount``, in the order in which documents first judge them."""
        found: dict[str, list[FieldComparison]] = {}
        for one in self.comparisons:
            found.setdefault(one.field, []).append(one)
        return {field: FieldScores.of(ones) for field, ones in found.items()}

    @property
    def macro_f1(self) -> float | None:
        """Mean of the fields' F1: a rare field weighs as much as a common one."""
        rates = [rate for scores in self.by_field.values() if (rate := scores.f1) is not None]
        return fmean(rates) if rates else None

    @property
    def anls(self) -> float | None:
        """Mean ANLS* of the documents."""
        return fmean(document.anls for document in self.documents) if self.documents else None

    @property
    def items(self) -> ItemScores:
        """Items of all lists of all documents."""
        return sum((ItemScores.of(document.comparisons) for document in self.documents), ItemScores())

    @property
    def evidence(self) -> EvidenceScores:
        """Whether right values point at the right ink, where the truth has boxes."""
        return EvidenceScores.of(self.comparisons)

    @property
    def usage(self) -> Usage:
        """Summed over all documents."""
        return sum((document.usage for document in self.documents), Usage())

    def coverage(self, precision: float = 0.97) -> Coverage:
        """How much can go through unseen at that precision; see ``coverage_at``."""
        return coverage_at(self.comparisons, precision=precision)

    def accuracy_interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Bootstrap interval of the accuracy, documents drawn as wholes; None for fewer than two documents."""
        return interval([document.scores for document in self.documents], _accuracy, level=level)

    def f1_interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """The same of the F1 over all leaves."""
        return interval([document.scores for document in self.documents], _f1, level=level)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property (mypy#1362)
    @property
    def summary(self) -> EvaluationSummary:
        """The figures of the report at once."""
        items, evidence = self.items, self.evidence
        return EvaluationSummary(
            documents=len(self.documents),
            skipped=len(self.skipped),
            all_fields=FieldSummary.of(self.scores),
            aligned=self.scores.aligned,
            accuracy_interval=self.accuracy_interval(),
            f1_interval=self.f1_interval(),
            macro_f1=self.macro_f1,
            anls=self.anls,
            items=items,
            items_f1=items.f1,
            evidence=evidence,
            evidence_precision=evidence.precision,
            evidence_recall=evidence.recall,
            coverage=self.coverage(),
            usage=self.usage,
            fields={field: FieldSummary.of(scores) for field, scores in self.by_field.items()},
        )


def _accuracy(counts: Sequence[FieldScores]) -> float | None:
    judged = sum(one.judged for one in counts)
    return sum(one.right + one.empty for one in counts) / judged if judged else None


def _f1(counts: Sequence[FieldScores]) -> float | None:
    right = sum(one.right for one in counts)
    weighed = sum(2 * (one.right + one.wrong) + one.spurious + one.missing for one in counts)
    return 2 * right / weighed if weighed else None
