"""Finds the ink that proves a value, whoever read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deepocr_kit.documents import Document
from deepocr_kit.revisers.base import EvidenceGrade, FieldEvidence, PageBox
from deepocr_kit.revisers.evidence._grading import GRADE_SCORES, Verdict, judge, score_of, strict_places
from deepocr_kit.revisers.evidence._index import EvidenceIndex, IndexedRegion, Place
from deepocr_kit.revisers.evidence._search import Query
from deepocr_kit.revisers.evidence._suspicion import is_suspicious, suspicious_ids
from deepocr_kit.revisers.fields import FieldSpec

__all__ = [
    "GRADE_SCORES",
    "MAX_CITED",
    "EvidenceIndex",
    "evidence_at",
    "find_evidence",
    "is_suspicious",
    "missing_evidence",
    "possible_places",
    "suspicious_ids",
]

MAX_CITED = 12
"""Who cites more regions for one value has cited nothing."""


def find_evidence(
    document: Document | EvidenceIndex,
    spec: FieldSpec,
    raw_text: str,
    *,
    value: Any = None,
    cited_ids: Sequence[str] = (),
    path: str | None = None,
) -> FieldEvidence:
    """What in the document proves a value.

    Numbers, dates, times and phone numbers are compared as values, codes letter by
    letter, prose with a few other characters at most and never another digit.

    Args:
        document: The document; pass an ``EvidenceIndex`` when there is more than one value.
        spec: The field.
        raw_text: The value as the reviser gave it; blank for no value.
        value: Its typed form; None when it could not be typed, then the text is looked for.
        cited_ids: Regions that were named as the source; unknown ones are ignored.
        path: With list indices, when the field stands in a list; ``spec.path`` by default.
    """
    index = document if isinstance(document, EvidenceIndex) else EvidenceIndex(document)
    path = spec.path if path is None else path
    if not raw_text.strip():
        return missing_evidence(path)
    cited = _cited(index, cited_ids)
    verdict = _judged(index, spec, _query(index, spec, raw_text, value), cited)
    regions = [index.regions[number] for number in verdict.place.regions] if verdict.place else []
    signals = {**verdict.signals, **_signals(regions)}
    return FieldEvidence(
        path=path,
        raw_text=raw_text,
        value=value,
        quote=index.quote(verdict.place) if verdict.place else "",
        region_ids=tuple(item.region.id for item in regions),
        boxes=tuple(_boxes(regions)),
        grade=verdict.grade,
        score=score_of(verdict.grade, signals),
        signals=signals,
        reason=verdict.reason,
    )


def possible_places(
    index: EvidenceIndex, spec: FieldSpec, raw_text: str, *, value: Any = None, cited_ids: Sequence[str] = ()
) -> list[Place]:
    """All places where a value stands strictly: in the named regions, else anywhere; arguments as ``find_evidence``."""
    return strict_places(index, spec, _query(index, spec, raw_text, value), _cited(index, cited_ids))


def evidence_at(
    index: EvidenceIndex, evidence: FieldEvidence, place: Place, **signals: float | bool | str
) -> FieldEvidence:
    """The evidence of a value of which something else decided that it stands at ``place``."""
    regions = [index.regions[number] for number in place.regions]
    further = {**evidence.signals, **signals, **_signals(regions)}
    return evidence.model_copy(
        update={
            "quote": index.quote(place),
            "region_ids": tuple(item.region.id for item in regions),
            "boxes": tuple(_boxes(regions)),
            "grade": EvidenceGrade.FOUND_UNIQUE,
            "signals": further,
            "score": score_of(EvidenceGrade.FOUND_UNIQUE, further),
            "reason": "",
        }
    )


def _query(index: EvidenceIndex, spec: FieldSpec, raw_text: str, value: Any) -> Query:
    return Query.of(spec, raw_text, raw_text.strip() if value is None else value, index.order)


def _cited(index: EvidenceIndex, ids: Sequence[str]) -> list[IndexedRegion]:
    known = [item for item in map(index.region, dict.fromkeys(ids)) if item is not None]
    return known if len(known) <= MAX_CITED else []


def _boxes(regions: Sequence[IndexedRegion]) -> Iterator[PageBox]:
    return (PageBox(page_index=item.page_index, bbox=box) for item in regions for box in item.region.boxes)


def missing_evidence(path: str, reason: str = "the document has no such value, or it was not found") -> FieldEvidence:
    """The evidence of a field without a value."""
    return FieldEvidence(path=path, grade=EvidenceGrade.MISSING, reason=reason)


def _judged(index: EvidenceIndex, spec: FieldSpec, query: Query, cited: Sequence[IndexedRegion]) -> Verdict:
    verdict = judge(index, spec, query, cited)
    if spec.derived and verdict.grade.is_low:
        return Verdict(EvidenceGrade.DERIVED, None, {}, "declared as computed, not printed")
    regions = [index.regions[number] for number in verdict.place.regions] if verdict.place else []
    if not verdict.grade.is_low and regions and all(item.suspicious for item in regions):
        reason = "the value stands only in text that reads like an instruction to a model"
        return Verdict(EvidenceGrade.AMBIGUOUS, verdict.place, verdict.signals, reason)
    return verdict


def _signals(regions: Sequence[IndexedRegion]) -> dict[str, float | bool | str]:
    signals: dict[str, float | bool | str] = {}
    confidences = [item.region.confidence for item in regions if item.region.confidence is not None]
    if confidences:
        signals["ocr_confidence"] = min(confidences)
    if any(item.suspicious for item in regions):
        signals["suspicious_region"] = True
    return signals
