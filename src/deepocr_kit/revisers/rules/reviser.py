"""The reviser that needs no model."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from deepocr_kit.documents import Document, Issue, IssueCode, Severity, Usage
from deepocr_kit.errors import UnsupportedValueError
from deepocr_kit.revisers._checks_running import declared_checks
from deepocr_kit.revisers._settling import without_empty_items
from deepocr_kit.revisers.base import EvidenceGrade, OnUnsupported, Reviser, Revision, T
from deepocr_kit.revisers.checks import Check
from deepocr_kit.revisers.evidence import suspicious_ids
from deepocr_kit.revisers.fields import FieldSpec, LeafNode, ListNode, ObjectNode, ValueKind, schema_tree, specs_of
from deepocr_kit.revisers.given import finish
from deepocr_kit.revisers.rules._agreement import sum_of_items
from deepocr_kit.revisers.rules._answer import Answer, missing
from deepocr_kit.revisers.rules._declared import Arithmetic
from deepocr_kit.revisers.rules._distrust import distrusted
from deepocr_kit.revisers.rules._fields import read_fields
from deepocr_kit.revisers.rules._ink import MAX_PIECES, Ink, read_ink
from deepocr_kit.revisers.rules._items import read_items
from deepocr_kit.revisers.rules._labels import LabelIndex
from deepocr_kit.revisers.rules._spread import join_spread
from deepocr_kit.revisers.values import DateOrder, guess_date_order

__all__ = ["RulesReviser"]

MAX_PLANS = 64
"""Schemas that one reviser remembers."""
_NUMBER = re.compile(r"\[\d+\]")


class RulesReviser(Reviser):
    """Reads printed values by their form, their labels and their place.

    Deterministic, in this process, in milliseconds. Good at what is typed and
    labelled (dates, amounts, codes, times), fair at names and addresses in a
    letterhead; where it does not know it gives no value and says why.

    Args:
        threshold: Least score (0..1) of a value that counts as proven. What
            scores less is graded ``ambiguous`` or left out.
        on_unsupported: What happens to ambiguous values: ``flag`` keeps them
            with their low grade, ``null`` takes them out, ``raise`` refuses.
    """

    def __init__(self, *, threshold: float = 0.7, on_unsupported: OnUnsupported = "flag") -> None:
        if not 0 < threshold <= 1:
            raise ValueError(f"threshold is a score above 0 and up to 1, got {threshold!r}")
        self._threshold = threshold
        self._on_unsupported = on_unsupported
        self._plans: dict[type[BaseModel], _Plan] = {}

    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:  # noqa: ARG002 - rules follow no words
        """Fill ``schema`` from ``document``; ``instructions`` are for models and change nothing here.

        Raises:
            SchemaError: The schema cannot be used.
            UnsupportedValueError: ``on_unsupported="raise"`` and a value is ambiguous.
        """
        started = time.perf_counter()
        plan = self._plan(schema)
        ink = join_spread(read_ink(document), plan.knows)
        order = guess_date_order("\n".join(piece.text for piece in ink.pieces))
        suspicious = suspicious_ids(document)
        found = (distrusted(answer, suspicious) for answer in self._answers(document, ink, plan, order))
        answers = [self._supported(answer) for answer in found]
        draft: Revision[T] = Revision(
            issues=_cut_issue(ink),
            usage=Usage(seconds=time.perf_counter() - started),
            model="rules",
            method="rules",
        )
        leaves = (answer.leaf(plan.specs[_NUMBER.sub("[*]", answer.path)]) for answer in answers)
        return _with_absences(finish(schema, without_empty_items(leaves), draft))

    def _plan(self, schema: type[BaseModel]) -> _Plan:
        """What is known of a schema; kept, because one reviser reads many documents into few schemas."""
        plan = self._plans.get(schema)
        if plan is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            plan = self._plans[schema] = _make_plan(schema)
        return plan

    def _answers(self, document: Document, ink: Ink, plan: _Plan, order: DateOrder) -> Iterator[Answer]:
        lists = [
            (path, columns, read_items(document, ink, path, columns, index, order) if columns else ())
            for path, columns, index in plan.lists
        ]
        sums = (sum_of_items(items, columns) for _, columns, items in lists)
        arithmetic = Arithmetic(
            lines=frozenset(value for value in sums if value is not None),
            checks=plan.checks,
            listed={
                spec.path: [item[number].value for item in items]
                for _, columns, items in lists
                for number, spec in enumerate(columns)
            },
        )
        yield from read_fields(ink, plan.singles, plan.index, order, self._threshold, arithmetic)
        for path, columns, items in lists:
            if not columns:
                yield missing(path, "rules read lists of values and of models with plain fields")
            elif not items:
                yield missing(path, "no table and no row of labels names the list's fields")
            for item in items:
                yield from item

    def _supported(self, answer: Answer) -> Answer:
        if answer.grade is not EvidenceGrade.AMBIGUOUS or self._on_unsupported == "flag":
            return answer
        if self._on_unsupported == "raise":
            raise UnsupportedValueError(
                f"{answer.quote!r} is not proven: {answer.reason}. 'flag' or 'null' go on without proof",
                path=answer.path,
            )
        return missing(answer.path, f"{answer.quote!r} was taken out: {answer.reason}")


@dataclass(frozen=True, slots=True)
class _Plan:
    """A schema, ready to be looked for.

    Attributes:
        specs: All fields and lists by path, the fields of lists as in ``lines[*].amount``.
        singles: The fields outside of lists.
        index: Their labels.
        lists: Path, fields of one item and their labels, for every list that is not inside of another.
        checks: Rules between its fields, as ``declared_checks`` gives them.
    """

    specs: Mapping[str, FieldSpec]
    singles: tuple[FieldSpec, ...]
    index: LabelIndex
    lists: tuple[tuple[str, tuple[FieldSpec, ...], LabelIndex], ...]
    checks: tuple[tuple[str, Check], ...]

    def knows(self, label: str) -> bool:
        """Whether words are a label of a field, of this schema or of common documents."""
        return self.index.knows(label) or any(index.knows(label) for _, _, index in self.lists)


def _make_plan(schema: type[BaseModel]) -> _Plan:
    tree = schema_tree(schema)
    specs = specs_of(tree)
    singles = tuple(spec for spec in specs if "[*]" not in spec.path)
    lists = [(path, _columns(node)) for path, node in _lists(tree, "")]
    whole = (FieldSpec(path, path, ValueKind.TEXT, list, required=False) for path, _ in lists)
    return _Plan(
        specs={spec.path: spec for spec in (*specs, *whole)},
        singles=singles,
        index=LabelIndex(singles),
        lists=tuple((path, columns, LabelIndex(columns)) for path, columns in lists),
        checks=tuple(declared_checks(tree)),
    )


def _columns(node: ListNode) -> tuple[FieldSpec, ...]:
    match node.item:
        case LeafNode(spec):
            return (spec,)
        case ObjectNode(children):
            return tuple(child.spec for child in children.values() if isinstance(child, LeafNode))
        case ListNode():
            return ()


def _lists(node: ObjectNode, path: str) -> Iterator[tuple[str, ListNode]]:
    """The lists that are not inside of lists, with their paths."""
    for name, child in node.children.items():
        own = f"{path}.{name}" if path else name
        if isinstance(child, ListNode):
            yield own, child
        elif isinstance(child, ObjectNode):
            yield from _lists(child, own)


def _with_absences(revision: Revision[T]) -> Revision[T]:
    """The revision; fields without a value that the schema can do without are said for information."""
    told = {issue.field for issue in revision.issues}
    absences = (
        Issue(code=IssueCode.FIELD_MISSING, severity=Severity.INFO, message=evidence.reason, field=path)
        for path, evidence in revision.fields.items()
        if evidence.grade is EvidenceGrade.MISSING and path not in told
    )
    return revision.model_copy(update={"issues": (*revision.issues, *absences)})


def _cut_issue(ink: Ink) -> tuple[Issue, ...]:
    if not ink.cut:
        return ()
    message = f"the document holds more than {MAX_PIECES} pieces of text; the rest was not searched"
    return (Issue(code=IssueCode.DOCUMENT_CUT, severity=Severity.WARNING, message=message),)
