"""Asks two revisers and says where they disagree."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import anyio

from deepocr_kit.documents import Document, Issue, IssueCode, PageImage, Severity
from deepocr_kit.errors import DeepOcrError
from deepocr_kit.revisers._checks_running import apply_checks, without_checks
from deepocr_kit.revisers._combining import CombinedReviser
from deepocr_kit.revisers.base import EvidenceGrade, FieldEvidence, Reviser, Revision, T

__all__ = ["ConsensusReviser"]

DISAGREEMENT_FACTOR = 0.5
"""What the score of a value is multiplied by when the second reviser read another one."""


class ConsensusReviser(CombinedReviser):
    """A reviser, and a second one that is asked at the same time for its opinion.

    The values are those of ``primary``. Where both have a value, the signal
    ``agrees_with_second`` (``agrees_with_rules`` when the rules are the second one) says
    whether it is the same. A value that differs, or that only the second one
    found, is told in a ``revisers_disagree`` issue with both values, and the
    score of one that differs is halved. When the second one proves an equal value
    in one place and the first one left its place open (``ambiguous``), its
    proof is taken over.

    A second one that fails costs a ``second_failed`` issue and nothing else.

    Args:
        primary: Gives the values.
        second: Gives the second opinion, best one that works differently.

    It closes both when it is closed.
    """

    def __init__(self, primary: Reviser, second: Reviser) -> None:
        super().__init__(primary, second)

    async def _combine(
        self,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage] | None,
        instructions: str | None,
    ) -> Revision[T]:
        primary, second = self.revisers
        opinions: list[Revision[T]] = []
        failures: list[DeepOcrError] = []
        broken: list[Exception] = []

        async def ask_second() -> None:
            try:
                opinions.append(await self._ask(second, document, schema, images, instructions))
            except DeepOcrError as error:
                failures.append(error)
            except Exception as error:  # noqa: BLE001 - raised below, as it is; the group would wrap it
                broken.append(error)

        revision: Revision[T] | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(ask_second)
            try:
                revision = await self._ask(primary, document, schema, images, instructions)
            except Exception as error:  # noqa: BLE001 - raised below, as it is; the group would wrap it
                broken.insert(0, error)
                group.cancel_scope.cancel()
        if revision is None or broken:
            raise broken[0]
        if failures:
            issue = _issue(IssueCode.SECOND_FAILED, f"there is no second opinion: {failures[0]}")
            return revision.model_copy(update={"issues": (*revision.issues, issue)})
        return _compared(schema, revision, opinions[0])


def _compared(schema: type[T], revision: Revision[T], opinion: Revision[T]) -> Revision[T]:
    revision, opinion = without_checks(revision), without_checks(opinion)
    signal = "agrees_with_rules" if opinion.model == "rules" else "agrees_with_second"
    other_lengths = _lengths(opinion)
    lengths = {path: count for path, count in _lengths(revision).items() if other_lengths.get(path, count) != count}
    fields: dict[str, FieldEvidence] = {}
    issues: list[Issue] = [
        _issue(
            IssueCode.REVISERS_DISAGREE,
            f"{count} items were taken, the second reviser reads {other_lengths[path]}",
            path,
        )
        for path, count in lengths.items()
    ]
    settled: set[str] = set()
    for path, evidence in revision.fields.items():
        other = opinion.fields.get(path)
        # items of lists of different lengths do not stand opposite each other
        if other is None or not _shown(other) or any(path.startswith(f"{head}[") for head in lengths):
            fields[path] = evidence
            continue
        agrees = _key(evidence) == _key(other)
        fields[path] = _signalled(evidence, other, signal, agrees=agrees)
        if not agrees:
            issues.append(_differ(path, evidence, other))
        elif fields[path].grade is not evidence.grade:
            settled.add(path)
    kept = [
        issue for issue in revision.issues if not (issue.code is IssueCode.FIELD_AMBIGUOUS and issue.field in settled)
    ]
    compared = revision.model_copy(
        update={
            "fields": fields,
            "issues": (*kept, *issues),
            "usage": revision.usage + opinion.usage,
            "exchanges": (*revision.exchanges, *opinion.exchanges),
        }
    )
    return apply_checks(schema, compared)


def _signalled(evidence: FieldEvidence, other: FieldEvidence, signal: str, *, agrees: bool) -> FieldEvidence:
    if not _shown(evidence):
        return evidence
    signals = {**evidence.signals, signal: agrees}
    if not agrees:
        score = evidence.score * DISAGREEMENT_FACTOR
        return evidence.model_copy(update={"signals": signals, "score": score})
    open_place = evidence.grade is EvidenceGrade.AMBIGUOUS and not evidence.signals.get("suspicious_region")
    if not open_place or other.grade.is_low:
        return evidence.model_copy(update={"signals": signals})
    # the second one tells the places apart, e.g. by a label
    proof = {name: getattr(other, name) for name in ("quote", "region_ids", "boxes", "grade", "score")}
    return evidence.model_copy(
        update={**proof, "signals": {**signals, "settled_by_second": True}, "reason": other.reason}
    )


def _differ(path: str, evidence: FieldEvidence, other: FieldEvidence) -> Issue:
    ours, theirs = _shown(evidence)[:80], _shown(other)[:80]
    if not ours:
        return _issue(IssueCode.REVISERS_DISAGREE, f"only the second reviser found a value: {theirs!r}", path)
    return _issue(IssueCode.REVISERS_DISAGREE, f"{ours!r} was taken, the second reviser reads {theirs!r}", path)


def _issue(code: IssueCode, message: str, path: str | None = None) -> Issue:
    return Issue(code=code, severity=Severity.WARNING, message=message, field=path)


def _shown(evidence: FieldEvidence) -> str:
    return str(evidence.value) if evidence.value is not None else evidence.raw_text


def _key(evidence: FieldEvidence) -> Any:
    """What makes two values equal: typed values as such, text without case, width, spaces and punctuation."""
    value = evidence.raw_text if evidence.value is None else evidence.value
    if not isinstance(value, str):
        return value
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded


def _lengths(revision: Revision[Any]) -> dict[str, int]:
    """How many items the outermost lists have."""
    lengths: dict[str, int] = {}
    for head, number in _items(revision.fields):
        lengths[head] = max(lengths.get(head, 0), number + 1)
    return lengths


def _items(paths: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for path in paths:
        head, bracket, rest = path.partition("[")
        if bracket:
            yield head, int(rest.partition("]")[0])
