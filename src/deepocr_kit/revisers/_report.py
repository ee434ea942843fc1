"""Says of every answered value what proves it, and what becomes of it when nothing does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.errors import UnsupportedValueError
from deepocr_kit.revisers._leaves import Leaf
from deepocr_kit.revisers._rows import aligned
from deepocr_kit.revisers._settling import Fault
from deepocr_kit.revisers.base import EvidenceGrade, FieldEvidence, OnUnsupported
from deepocr_kit.revisers.evidence import EvidenceIndex, find_evidence

__all__ = ["evidence_by_path", "issues_of", "proved"]

_UNPROVED = frozenset({EvidenceGrade.UNSUPPORTED, EvidenceGrade.CONFUSABLE})
"""Grades of values that the page does not show as they are."""


def proved(
    index: EvidenceIndex, leaves: Mapping[str, Leaf], on_unsupported: OnUnsupported, *, reasked: Set[str] = frozenset()
) -> dict[str, Leaf]:
    """The leaves with their evidence; unproved values are taken out or refused when that was asked for.

    Args:
        index: The document.
        leaves: By path.
        on_unsupported: What happens to a value that nothing on the page proves.
        reasked: Paths that were asked again; they get the signal ``reasked``.

    Raises:
        UnsupportedValueError: ``on_unsupported="raise"`` and a value has no support.
    """
    found = {path: _proved(index, leaf, on_unsupported, reasked=path in reasked) for path, leaf in leaves.items()}
    return aligned(index, found)


def _proved(index: EvidenceIndex, leaf: Leaf, on_unsupported: OnUnsupported, *, reasked: bool) -> Leaf:
    evidence = find_evidence(index, leaf.spec, leaf.text, value=leaf.value, cited_ids=leaf.cited, path=leaf.path)
    if leaf.problem:
        evidence = evidence.model_copy(update={"reason": leaf.problem})
    if reasked:
        evidence = evidence.model_copy(update={"signals": {**evidence.signals, "reasked": True}})
    if evidence.grade not in _UNPROVED or on_unsupported == "flag":
        return replace(leaf, evidence=evidence)
    if on_unsupported == "raise":
        raise UnsupportedValueError(
            f"{evidence.reason}; use on_unsupported='flag' to keep such values or 'null' to take them out",
            path=leaf.path,
        )
    reason = f"taken out: {evidence.reason}"
    return replace(leaf, value=None, evidence=evidence.model_copy(update={"reason": reason}))


def evidence_by_path(leaves: Mapping[str, Leaf]) -> dict[str, FieldEvidence]:
    """The evidence under the paths and with the values of the finished model."""
    return {
        path: leaf.evidence.model_copy(update={"path": path, "value": leaf.value})
        for path, leaf in leaves.items()
        if leaf.evidence is not None
    }


def issues_of(leaves: Mapping[str, Leaf], faults: Iterable[Fault]) -> tuple[Issue, ...]:
    """What a person should know about the values: unknown regions, weak proof, refusals, and what is required."""
    return (
        *(issue for leaf in leaves.values() for issue in _leaf_issues(leaf)),
        *(_fault_issue(fault, leaves.get(fault.path)) for fault in faults),
    )


def _fault_issue(fault: Fault, leaf: Leaf | None) -> Issue:
    if not fault.missing:
        return _issue(IssueCode.FIELD_INVALID, Severity.ERROR, fault.path, fault.message)
    reason = leaf.evidence.reason if leaf is not None and leaf.evidence is not None else ""
    message = f"{fault.path} is required and has no value" + (f": {reason}" if reason else "")
    return _issue(IssueCode.FIELD_MISSING, Severity.ERROR, fault.path, message)


def _leaf_issues(leaf: Leaf) -> Iterable[Issue]:
    if leaf.unknown:
        named = ", ".join(leaf.unknown[:5])
        yield _issue(
            IssueCode.UNKNOWN_REGION,
            Severity.WARNING,
            leaf.path,
            f"the answer names regions that do not exist: {named}",
        )
    evidence = leaf.evidence
    if evidence is not None and evidence.grade in _UNPROVED:
        yield _issue(IssueCode.FIELD_UNSUPPORTED, Severity.WARNING, leaf.path, evidence.reason, evidence)
    if evidence is not None and evidence.grade is EvidenceGrade.AMBIGUOUS:
        yield _issue(IssueCode.FIELD_AMBIGUOUS, Severity.WARNING, leaf.path, evidence.reason, evidence)


def _issue(
    code: IssueCode, severity: Severity, path: str, message: str, evidence: FieldEvidence | None = None
) -> Issue:
    """An issue of a field, where the page shows its value."""
    return Issue(
        code=code,
        severity=severity,
        message=message,
        region_id=next(iter(evidence.region_ids), None) if evidence is not None else None,
        page_index=next((box.page_index for box in evidence.boxes), None) if evidence is not None else None,
        field=path or None,
    )
