"""A revision as the fields of a review page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from deepocr_kit.documents import Issue
from deepocr_kit.errors import SchemaError
from deepocr_kit.rendering import ReviewBox, ReviewField, ReviewList, ReviewState
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, Revision, pointer_of, shown_value
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode, schema_tree

__all__ = ["issues_without_field", "review_fields", "review_lists"]

_MEANINGS = {
    EvidenceGrade.CITED_EXACT: "It stands in the named region, to the letter.",
    EvidenceGrade.CITED_NORMALIZED: "It stands in the named region, but for case, width and punctuation.",
    EvidenceGrade.CITED_TYPED: "An equal value stands in the named region.",
    EvidenceGrade.FOUND_LABELLED: "It stands beside its label.",
    EvidenceGrade.FOUND_UNIQUE: "It stands in exactly one place.",
    EvidenceGrade.FUZZY: "The page differs in a few characters.",
    EvidenceGrade.AMBIGUOUS: "It stands in several places, and nothing decides between them.",
    EvidenceGrade.CONFUSABLE: "The page differs in characters that look alike.",
    EvidenceGrade.DERIVED: "It is computed, and not printed.",
    EvidenceGrade.UNSUPPORTED: "It stands nowhere on the pages.",
    EvidenceGrade.MISSING: "There is no value.",
}


def review_fields(revision: Revision[Any]) -> tuple[ReviewField, ...]:
    """The evidence of a revision, each field with its own issues."""
    issues: dict[str, list[Issue]] = {}
    for issue in revision.issues:
        issues.setdefault(issue.field or "", []).append(issue)
    return tuple(_field(path, evidence, issues) for path, evidence in revision.fields.items())


def issues_without_field(revision: Revision[Any]) -> tuple[Issue, ...]:
    """Issues of a revision that no field shows."""
    return tuple(issue for issue in revision.issues if issue.field not in revision.fields)


def review_lists(schema: type[BaseModel]) -> tuple[ReviewList, ...]:
    """The lists of a schema, as far as their rows are no lists within lists."""
    try:
        return tuple(_lists(schema_tree(schema), ""))
    except SchemaError:
        # another reviser may fill models that ours cannot read; their rows are shown as far as there are any
        return ()


def _lists(node: SchemaNode, path: str) -> Iterator[ReviewList]:
    match node:
        case ObjectNode(children):
            for name, child in children.items():
                yield from _lists(child, f"{path}{pointer_of(name)}")
        case ListNode(item):
            yield ReviewList(path, tuple(_columns(item, "")))


def _columns(node: SchemaNode, path: str) -> Iterator[str]:
    match node:
        case LeafNode():
            yield path
        case ObjectNode(children):
            for name, child in children.items():
                yield from _columns(child, f"{path}{pointer_of(name)}")


def _field(path: str, evidence: FieldEvidence, issues: Mapping[str, list[Issue]]) -> ReviewField:
    return ReviewField(
        path=pointer_of(path),
        value=shown_value(evidence),
        state=_state(evidence),
        grade=evidence.grade.value,
        quote=evidence.quote,
        region_ids=evidence.region_ids,
        boxes=tuple(ReviewBox(box.page_index, box.bbox) for box in evidence.boxes),
        signals=tuple((name, _signal(value)) for name, value in evidence.signals.items()),
        note=evidence.reason or _MEANINGS[evidence.grade],
        issues=tuple(issues.get(path, ())),
    )


def _state(evidence: FieldEvidence) -> ReviewState:
    if not shown_value(evidence).strip():
        return ReviewState.MISSING
    if evidence.grade in {EvidenceGrade.UNSUPPORTED, EvidenceGrade.MISSING}:
        return ReviewState.UNSUPPORTED
    # a text that could not be read as a value is never proved
    low = evidence.needs_review or evidence.value is None
    return ReviewState.DOUBTFUL if low else ReviewState.PROVED


def _signal(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
