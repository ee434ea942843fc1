"""The figures of an evaluation, for those who read its JSON without this library."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from deepocr_kit.documents import Usage
from deepocr_kit.evaluation.items import ItemScores
from deepocr_kit.evaluation.scores import Coverage, EvidenceScores, FieldScores

__all__ = ["EvaluationSummary", "FieldSummary"]


class FieldSummary(BaseModel):
    """One leaf of the schema over all documents.

    Attributes:
        scores: The counts.
        accuracy: Of the counts, as all rates; None where there is nothing to rate.
        precision: Share of the values read that are right.
        recall: Share of the values expected that were read right.
        f1: Harmonic mean of both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scores: FieldScores
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None

    @classmethod
    def of(cls, scores: FieldScores) -> FieldSummary:
        """The rates of some counts."""
        return cls(
            scores=scores, accuracy=scores.accuracy, precision=scores.precision, recall=scores.recall, f1=scores.f1
        )


class EvaluationSummary(BaseModel):
    """The figures of a report at once.

    Attributes:
        documents: How many were judged.
        skipped: How many could not be judged.
        all_fields: The micro average.
        aligned: Share of right values among all steps of a person who corrects the rest.
        accuracy_interval: 95 % bootstrap interval of the accuracy, documents drawn as wholes.
        f1_interval: The same of F1.
        macro_f1: Mean of the fields' F1.
        anls: Mean ANLS* of the documents.
        items: Whole items of lists.
        items_f1: Their F1.
        evidence: Counts of boxes and regions.
        evidence_precision: Share of the cited ones that meet a true one.
        evidence_recall: Share of the true ones that a cited one meets.
        coverage: At a precision of 0.97.
        usage: Summed over all documents.
        fields: By leaf of the schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents: int
    skipped: int
    all_fields: FieldSummary
    aligned: float | None
    accuracy_interval: tuple[float, float] | None
    f1_interval: tuple[float, float] | None
    macro_f1: float | None
    anls: float | None
    items: ItemScores
    items_f1: float | None
    evidence: EvidenceScores
    evidence_precision: float | None
    evidence_recall: float | None
    coverage: Coverage
    usage: Usage
    fields: dict[str, FieldSummary]
