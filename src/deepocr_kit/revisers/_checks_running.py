"""Checks the rules between fields of a revision, and marks the fields that took part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.revisers.base import EvidenceGrade, FieldEvidence, Revision, T
from deepocr_kit.revisers.checks import Check, Finding, Term
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode, rules_of, schema_tree

__all__ = ["apply_checks", "declared_checks", "join_paths", "without_checks"]

FAILED_FACTOR = 0.5
"""What a broken rule leaves of a score."""

PASSED_FACTOR = 0.5
"""What a rule that holds, and that a wrong value would hardly have passed, leaves of a score's distance to 1."""

PATHS_SHOWN = 6

_SIGNALS = frozenset({"checks_failed", "checks_passed", "failed_check", "score_before_checks", "settled_by_check"})
_NOT_RAISED = frozenset({EvidenceGrade.UNSUPPORTED, EvidenceGrade.DERIVED, EvidenceGrade.MISSING})
"""Grades of values that are not on the page: a computed value keeps every rule that it was computed by."""

_INDEX = re.compile(r"\[(\d+)\]")


def apply_checks(schema: type[T], revision: Revision[T]) -> Revision[T]:
    """The revision with the rules of its schema checked anew; values stay as they are.

    A broken rule gives a ``check_failed`` issue, and all its fields the signal
    ``checks_failed``, the words in ``failed_check`` and half of their score. A
    rule that holds gives ``checks_passed``. May be called again after fields
    were changed: what it said before is forgotten.

    Args:
        schema: The user's model class, with rules declared by ``cross_checks``.
        revision: What was read into it.

    Raises:
        SchemaError: The schema cannot be used.
    """
    declared = list(declared_checks(schema_tree(schema)))
    if not declared:
        return revision
    bare = without_checks(revision)
    fields = bare.fields
    paths = _Paths(fields)
    marks: defaultdict[str, _Marks] = defaultdict(_Marks)
    issues = list(bare.issues)
    for key, check in declared:
        for finding in _findings(key, check, paths, fields):
            for path in finding.paths:
                marks[path].add(finding, settles=_settles(finding, path, fields))
            if not finding.passed:
                issues.append(_issue(finding))
    settled = {path for path, mark in marks.items() if mark.settled and not mark.failed}
    return revision.model_copy(
        update={
            "fields": {
                path: marks[path].on(evidence) if path in marks else evidence for path, evidence in fields.items()
            },
            # a doubt about the place matters little once arithmetic has settled the value
            "issues": tuple(
                _with_severity(issue, Severity.INFO) if issue.field in settled else issue for issue in issues
            ),
        }
    )


def without_checks(revision: Revision[T]) -> Revision[T]:
    """The revision as if no rule had been checked; for those who change scores before they check again."""
    return revision.model_copy(
        update={
            "fields": {path: _unmarked(evidence) for path, evidence in revision.fields.items()},
            "issues": tuple(
                _with_severity(issue, Severity.WARNING)
                for issue in revision.issues
                if issue.code is not IssueCode.CHECK_FAILED
            ),
        }
    )


def declared_checks(node: SchemaNode, key: str = "") -> Iterator[tuple[str, Check]]:
    """All rules of a schema, each with the path of the part, or of the list's items, that its own paths begin in.

    Args:
        node: The schema.
        key: Its own path.
    """
    match node:
        case ObjectNode(children, model):
            for check in rules_of(model):
                yield join_paths(key, check.each), check
            for name, child in children.items():
                yield from declared_checks(child, join_paths(key, name))
        case ListNode(item):
            yield from declared_checks(item, f"{key}[*]")
        case LeafNode():
            return


def join_paths(head: str, tail: str) -> str:
    """``seller.name`` of ``seller`` and ``name``; either may be empty."""
    return f"{head}.{tail}" if head and tail else head or tail


class _Paths:
    """Paths of fields, by their place in the schema and the items they stand in.

    Args:
        paths: With list indices.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_key: defaultdict[str, list[tuple[tuple[int, ...], str]]] = defaultdict(list)
        for path in paths:
            numbers = tuple(map(int, _INDEX.findall(path)))
            self._by_key[_INDEX.sub("[*]", path)].append((numbers, path))
        self._grouped: dict[tuple[str, int], dict[tuple[int, ...], list[str]]] = {}

    def scopes(self, key: str) -> list[tuple[int, ...]]:
        """The items that there are of ``key``, in order."""
        depth = key.count("[*]")
        inside = (entries for own, entries in self._by_key.items() if own.startswith(key) and own != key)
        return sorted({numbers[:depth] for entries in inside for numbers, _ in entries})

    def under(self, key: str, scope: tuple[int, ...]) -> list[str]:
        """The fields at ``key`` within one item, in order."""
        group = self._grouped.get((key, len(scope)))
        if group is None:
            group = self._grouped[key, len(scope)] = {}
            for numbers, path in sorted(self._by_key.get(key, ())):
                group.setdefault(numbers[: len(scope)], []).append(path)
        return group.get(scope, [])


def _findings(key: str, check: Check, paths: _Paths, fields: Mapping[str, FieldEvidence]) -> Iterator[Finding]:
    for scope in paths.scopes(key):
        yield from check.findings(
            {
                own: [Term(path, fields[path].value) for path in paths.under(join_paths(key, own), scope)]
                for own in check.paths
            }
        )


@dataclass(slots=True)
class _Marks:
    """What all rules together say of one field."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    told: bool = False
    settled: bool = False

    def add(self, finding: Finding, *, settles: bool) -> None:
        """Count one finding."""
        self.passed += finding.passed
        if not finding.passed:
            self.failed.append(finding.message)
        self.told = self.told or finding.telling
        self.settled = self.settled or settles

    def on(self, evidence: FieldEvidence) -> FieldEvidence:
        """The evidence with these marks."""
        signals: dict[str, float | bool | str] = {**evidence.signals}
        score = evidence.score
        if self.passed:
            signals["checks_passed"] = float(self.passed)
        if self.failed:
            signals |= {"checks_failed": float(len(self.failed)), "failed_check": self.failed[0]}
            score *= FAILED_FACTOR
        elif self.told and evidence.grade not in _NOT_RAISED:
            score = 1 - (1 - score) * PASSED_FACTOR
        if self.settled and not self.failed:
            signals["settled_by_check"] = True
        if score != evidence.score:
            signals["score_before_checks"] = evidence.score
        return evidence.model_copy(update={"signals": signals, "score": round(score, 4)})


def _unmarked(evidence: FieldEvidence) -> FieldEvidence:
    if not _SIGNALS & evidence.signals.keys():
        return evidence
    signals = {name: value for name, value in evidence.signals.items() if name not in _SIGNALS}
    score = evidence.signals.get("score_before_checks", evidence.score)
    return evidence.model_copy(update={"signals": signals, "score": score})


def _settles(finding: Finding, path: str, fields: Mapping[str, FieldEvidence]) -> bool:
    """Whether a rule proves a value that stands in several places: the page proves all the other values in it."""
    evidence = fields[path]
    if not finding.settles or evidence.grade is not EvidenceGrade.AMBIGUOUS:
        return False
    if evidence.signals.get("suspicious_region") or evidence.signals.get("ambiguous_date"):
        return False
    return not any(fields[other].grade.is_low for other in finding.paths if other != path)


def _issue(finding: Finding) -> Issue:
    shown = ", ".join(finding.paths[:PATHS_SHOWN]) + (", ..." if len(finding.paths) > PATHS_SHOWN else "")
    return Issue(
        code=IssueCode.CHECK_FAILED,
        severity=Severity.WARNING,
        message=f"{finding.message}; one of these is wrong: {shown}",
        field=finding.paths[-1],
    )


def _with_severity(issue: Issue, severity: Severity) -> Issue:
    """An issue about an open place with this severity; others as they are."""
    return issue.model_copy(update={"severity": severity}) if issue.code is IssueCode.FIELD_AMBIGUOUS else issue
