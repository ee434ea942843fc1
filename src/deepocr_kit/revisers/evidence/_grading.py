"""Decides how well the page proves a value, and says so in one number for sorting."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from deepocr_kit.revisers.base import EvidenceGrade
from deepocr_kit.revisers.evidence._index import EvidenceIndex, IndexedRegion, Place
from deepocr_kit.revisers.evidence._labels import labelled_places
from deepocr_kit.revisers.evidence._search import (
    Hit,
    Method,
    Query,
    find_confusable,
    find_fuzzy,
    find_strict,
)
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.values import fold

__all__ = ["GRADE_SCORES", "Verdict", "judge", "score_of", "strict_places"]

GRADE_SCORES: Mapping[EvidenceGrade, float] = {
    EvidenceGrade.CITED_EXACT: 0.98,
    EvidenceGrade.CITED_NORMALIZED: 0.95,
    EvidenceGrade.CITED_TYPED: 0.95,
    EvidenceGrade.FOUND_LABELLED: 0.88,
    EvidenceGrade.FOUND_UNIQUE: 0.80,
    EvidenceGrade.FUZZY: 0.65,
    EvidenceGrade.AMBIGUOUS: 0.40,
    EvidenceGrade.CONFUSABLE: 0.30,
    EvidenceGrade.DERIVED: 0.20,
    EvidenceGrade.UNSUPPORTED: 0.05,
    EvidenceGrade.MISSING: 0.0,
}
"""Where a score starts from; the order is that of the grades, the distances are judgement, not measurement."""

MISSED_CITATION_FACTOR = 0.9
SUSPICIOUS_FACTOR = 0.5

Signals: TypeAlias = dict[str, float | bool | str]

_FRACTION = re.compile(r"[.,]\d{1,2}(?!\d)")

_CITED_GRADES = {
    Method.EXACT: EvidenceGrade.CITED_EXACT,
    Method.TYPED: EvidenceGrade.CITED_TYPED,
    Method.NORMALIZED: EvidenceGrade.CITED_NORMALIZED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        grade: How well it proves the value.
        place: The place that was chosen; None when there is none.
        signals: Named facts.
        reason: Why the grade is low, for people.
    """

    grade: EvidenceGrade
    place: Place | None = None
    signals: Signals = field(default_factory=dict)
    reason: str = ""


def judge(index: EvidenceIndex, spec: FieldSpec, query: Query, cited: Sequence[IndexedRegion]) -> Verdict:
    """Look for a value in what was cited, then in the same lines, then on the cited pages, then everywhere.

    A strict match anywhere comes before an approximate one in the cited
    region; outside of the cited regions one match must be the only one, or
    the only one beside a label.
    """
    if cited:
        line = [index.regions[number] for number in sorted(index.line_of([item.number for item in cited]))]
        hits = find_strict(index, query, cited)
        if hits:
            return _cited(hits)
        hits = find_strict(index, query, line)
        if len(hits) == 1:
            return _checked(hits[0], EvidenceGrade.FOUND_LABELLED, {"citation": "same_line"})
    signals: Signals = {"citation": "missed" if cited else "none"}
    hits = find_strict(index, query, None)
    pages = {item.page_index for item in cited}
    here = [hit for hit in hits if index.regions[hit.place.regions[0]].page_index in pages]
    if hits:
        return _found(index, spec, query, here or hits, signals)
    for scope in (list(cited), None) if cited else (None,):
        for hit in find_fuzzy(index, query, scope):
            return Verdict(EvidenceGrade.FUZZY, hit.place, _about_scope(scope, signals, similarity=hit.similarity))
    for scope in (list(cited), None) if cited else (None,):
        for hit in find_confusable(index, query, scope):
            reason = "equal to the page only if look-alike characters such as 0 and O are exchanged"
            return Verdict(EvidenceGrade.CONFUSABLE, hit.place, _about_scope(scope, signals), reason)
    return Verdict(EvidenceGrade.UNSUPPORTED, None, signals, "the value stands nowhere in the document")


def strict_places(index: EvidenceIndex, spec: FieldSpec, query: Query, cited: Sequence[IndexedRegion]) -> list[Place]:
    """Where the value stands strictly: in the cited regions, else anywhere."""
    hits = find_strict(index, query, cited) if cited else []
    return [
        hit.place for hit in hits or _alike(index, spec, query, find_strict(index, query, None))[0] if hit.likeliest
    ]


def _alike(index: EvidenceIndex, spec: FieldSpec, query: Query, hits: Sequence[Hit]) -> tuple[list[Hit], list[Place]]:
    """The hits without numbers that are written in another form, and the places beside a label."""
    labelled = labelled_places(index, (hit.place for hit in hits), (*spec.labels, *spec.synonyms))
    return [hit for hit in hits if hit.place in labelled or _is_written_alike(index, query, hit)], labelled


def _cited(hits: Sequence[Hit]) -> Verdict:
    best = min(hits, key=lambda hit: (list(Method).index(hit.method), not hit.likeliest))
    return _checked(best, _CITED_GRADES[best.method], {"citation": "hit"})


def _found(index: EvidenceIndex, spec: FieldSpec, query: Query, hits: Sequence[Hit], signals: Signals) -> Verdict:
    hits, labelled = _alike(index, spec, query, hits)
    if not hits:
        return Verdict(EvidenceGrade.UNSUPPORTED, None, signals, "only a number written in another form is equal to it")
    signals = {**signals, "occurrences": float(len(hits)), "labelled": bool(labelled)}
    if len(labelled) == 1:
        chosen = next(hit for hit in hits if hit.place == labelled[0])
        return _checked(chosen, EvidenceGrade.FOUND_LABELLED, signals)
    if len(hits) == 1:
        return _checked(hits[0], EvidenceGrade.FOUND_UNIQUE, signals)
    reason = f"the value stands in {len(hits)} places and nothing tells which one is meant"
    return Verdict(EvidenceGrade.AMBIGUOUS, labelled[0] if labelled else hits[0].place, signals, reason)


def _is_written_alike(index: EvidenceIndex, query: Query, hit: Hit) -> bool:
    """False for a number with a fraction that is equal to one without: 33.00 and the 33 of an address."""
    if query.kind is not ValueKind.NUMBER or hit.method is not Method.TYPED:
        return True
    return bool(_FRACTION.search(fold(query.texts[0]))) == bool(_FRACTION.search(fold(index.quote(hit.place))))


def _checked(hit: Hit, grade: EvidenceGrade, signals: Signals) -> Verdict:
    if hit.likeliest:
        return Verdict(grade, hit.place, signals)
    reason = "the printed date is read this way only with day and month exchanged"
    return Verdict(EvidenceGrade.AMBIGUOUS, hit.place, {**signals, "ambiguous_date": True}, reason)


def _about_scope(scope: Sequence[IndexedRegion] | None, signals: Signals, **further: float) -> Signals:
    return {**signals, **further, **({"citation": "hit"} if scope else {})}


def score_of(grade: EvidenceGrade, signals: Mapping[str, float | bool | str]) -> float:
    """A heuristic for sorting, 0..1; not a probability.

    The grade's value, times ``0.5 + 0.5 * ocr_confidence`` where an engine gave
    one, times the similarity of approximate prose, times 0.9 when the cited
    region was wrong, times 0.5 when the region reads like an instruction.
    """
    score = GRADE_SCORES[grade]
    score *= 0.5 + 0.5 * float(signals.get("ocr_confidence", 1.0))
    score *= float(signals.get("similarity", 1.0))
    if signals.get("citation") == "missed":
        score *= MISSED_CITATION_FACTOR
    if signals.get("suspicious_region"):
        score *= SUSPICIOUS_FACTOR
    return round(score, 4)
