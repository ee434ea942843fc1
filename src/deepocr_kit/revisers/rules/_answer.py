"""What the rules found for one field, before it is evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from deepocr_kit.revisers._leaves import Leaf
from deepocr_kit.revisers.base import EvidenceGrade, FieldEvidence, PageBox
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._ink import Piece

__all__ = ["MISREAD", "Answer", "missing"]

MISREAD = "its characters were not surely read"


@dataclass(frozen=True, slots=True)
class Answer:
    """A value with its proof.

    Attributes:
        path: The place in the schema, lists numbered: ``lines[0].amount``.
        value: The typed value; None when there is none.
        quote: The printed words.
        pieces: Where they stand, then where the label stands.
        grade: How well they prove it.
        score: 0..1.
        signals: Named facts.
        reason: Why there is no value, or no proof.
    """

    path: str
    value: Any
    quote: str
    pieces: tuple[Piece, ...]
    grade: EvidenceGrade
    score: float
    signals: dict[str, float | bool | str] = field(default_factory=dict)
    reason: str = ""

    def evidence(self) -> FieldEvidence:
        """The public form."""
        confidences = [piece.confidence for piece in self.pieces if piece.confidence is not None]
        signals = dict(self.signals)
        if confidences:
            signals["ocr_confidence"] = min(confidences)
        boxes = {(piece.page_index, piece.box): piece for piece in self.pieces if piece.box is not None}
        return FieldEvidence(
            path=self.path,
            raw_text=self.quote,
            value=self.value,
            quote=self.quote,
            region_ids=tuple(dict.fromkeys(piece.region_id for piece in self.pieces)),
            boxes=tuple(PageBox(page_index=page, bbox=box) for page, box in boxes if box is not None),
            grade=self.grade,
            score=round(min(max(self.score, 0.0), 1.0), 4),
            signals=signals,
            reason=self.reason,
        )

    def leaf(self, spec: FieldSpec) -> Leaf:
        """The form in which all revisers give their values to the schema.

        Args:
            spec: The field that the answer is of.
        """
        return Leaf(self.path, spec, self.quote, value=self.value, evidence=self.evidence())


def missing(path: str, reason: str) -> Answer:
    """No value, and why."""
    return Answer(path, None, "", (), EvidenceGrade.MISSING, 0.0, reason=reason)
