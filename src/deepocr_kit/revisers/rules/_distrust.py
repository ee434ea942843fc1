"""Doubts what stands in text that talks to a model."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from deepocr_kit.revisers.base import EvidenceGrade
from deepocr_kit.revisers.rules._answer import Answer

__all__ = ["distrusted"]


def distrusted(answer: Answer, suspicious: Set[str]) -> Answer:
    """The answer, but ambiguous when its value stands in one of the ``suspicious`` regions."""
    if answer.value is None or not answer.pieces or answer.pieces[0].region_id not in suspicious:
        return answer
    return replace(
        answer,
        grade=answer.grade if answer.grade.is_low else EvidenceGrade.AMBIGUOUS,
        score=answer.score / 2,
        signals={**answer.signals, "suspicious_region": True},
        reason=answer.reason or "the value stands only in text that reads like an instruction to a model",
    )
