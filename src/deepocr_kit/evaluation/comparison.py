"""Compares what was read with what is expected, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from deepocr_kit.evaluation._assignment import pair_items
from deepocr_kit.evaluation._plain_values import all_judged, plain_expected, plain_read
from deepocr_kit.evaluation._reading import Reading
from deepocr_kit.evaluation.anls import count_leaves, text_similarity
from deepocr_kit.evaluation.expected import UNJUDGED, ExpectedBox, ExpectedValue, check_expected, expected_value
from deepocr_kit.revisers import FieldEvidence, FieldSpec, PageBox
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode, schema_tree
from deepocr_kit.revisers.values import same_value

__all__ = ["FieldComparison", "Outcome", "compare_fields"]

NEARLY = 0.001
"""Weight of likeness when list items are paired: it decides between pairings in which equally many fields are right."""


class Outcome(StrEnum):
    """How a field came out."""

    RIGHT = "right"
    """The value is one of the expected ones."""
    WRONG = "wrong"
    """Another value was read."""
    MISSING = "missing"
    """No value was read where one is expected."""
    SPURIOUS = "spurious"
    """A value was read where none is expected."""
    EMPTY = "empty"
    """No value was read where none is expected."""


class FieldComparison(BaseModel):
    """One leaf of the schema: expected, read, and how that came out.

    Attributes:
        path: Where it was read, ``lines[0].amount``; empty inside of an item that was not read.
        expected_path: Where it stands in the truth; empty inside of an item that has no true one.
        field: The path with ``[*]`` for any index: the leaf of the schema.
        outcome: How it came out.
        expected: The first expected value as text; empty when none is expected.
        got: The value as text; empty when none was read.
        evidence: What was said to prove it; None when nothing was said.
        boxes_expected: Where the truth stands; empty when that is not judged.
        regions_expected: The same as ids of regions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    expected_path: str
    field: str
    outcome: Outcome
    expected: str = ""
    got: str = ""
    evidence: FieldEvidence | None = None
    boxes_expected: tuple[ExpectedBox, ...] = ()
    regions_expected: tuple[str, ...] = ()

    @property
    def is_miss(self) -> bool:
        """Whether it did not come out as expected."""
        return self.outcome not in {Outcome.RIGHT, Outcome.EMPTY}

    @property
    def boxes(self) -> tuple[PageBox, ...]:
        """Where the value was said to stand."""
        return () if self.evidence is None else self.evidence.boxes


def compare_fields(
    schema: type[BaseModel], expected: Mapping[str, Any], fields: Mapping[str, FieldEvidence]
) -> tuple[FieldComparison, ...]:
    """Every judged leaf of a schema, in the order of the schema.

    Values are equal as what they are: numbers as decimals, dates as dates, codes
    by letters and digits, prose without case, width, spaces and punctuation.
    Items of lists are paired so that the most of their fields are right, in any
    order; an item without a partner is missing or spurious with all its fields.
    Very long lists are paired by the values they share.

    Args:
        schema: The user's model class.
        expected: JSON nested like the schema, by field name. A key that is
            missing is not judged; null says that there must be no value.
        fields: Evidence by path, as a ``Revision`` has it; empty when nothing was read.

    Raises:
        SchemaError: ``expected`` is not nested like the schema.
    """
    tree = schema_tree(schema)
    check_expected(tree, expected)
    return tuple(_compare(tree, expected, Reading(fields), "", ""))


def _compare(
    node: SchemaNode, expected: Any, read: Reading, path: str | None, true_path: str | None
) -> Iterator[FieldComparison]:
    """Comparisons below one node.

    Args:
        node: Of the schema.
        expected: The truth about it; ``UNJUDGED`` when it has none.
        read: What was read.
        path: Where it was read; None for an item that was not.
        true_path: Where it stands in the truth; None for an item that does not.
    """
    if expected is UNJUDGED:
        return
    match node:
        case LeafNode(spec):
            truth = expected_value(expected, true_path or "")
            yield _compare_leaf(spec, truth, read, path, true_path)
        case ListNode(item):
            yield from _compare_list(item, expected, read, path, true_path)
        case ObjectNode(children):
            for name, child in children.items():
                inner = None if expected is None else expected.get(name, UNJUDGED)
                yield from _compare(child, inner, read, _join(path, name), _join(true_path, name))


def _compare_list(
    item: SchemaNode, expected: Any, read: Reading, path: str | None, true_path: str | None
) -> Iterator[FieldComparison]:
    truths: Sequence[Any] = expected or ()
    indices = () if path is None else read.items(path)
    judged = all_judged(truths)
    rows = [plain_expected(item, truth) for truth in truths]
    columns = [plain_read(item, judged, read, f"{path}[{index}]") for index in indices]
    width = max(map(count_leaves, (*rows, *columns)), default=1)

    def compared(number: int, index: int) -> tuple[FieldComparison, ...]:
        return tuple(_compare(item, truths[number], read, f"{path}[{indices[index]}]", f"{true_path}[{number}]"))

    def agreement(number: int, index: int) -> float:
        return _agreement(compared(number, index))

    pairs = dict(pair_items(rows, columns, agreement, leaves=width))
    for number, truth in enumerate(truths):
        if number in pairs:
            yield from compared(number, pairs[number])
        else:
            yield from _compare(item, truth, read, None, f"{true_path}[{number}]")
    paired = set(pairs.values())
    for at, index in enumerate(indices):
        if at not in paired:
            yield from _compare(item, judged, read, f"{path}[{index}]", None)


def _compare_leaf(
    spec: FieldSpec, truth: ExpectedValue, read: Reading, path: str | None, true_path: str | None
) -> FieldComparison:
    value = None if path is None else read.value(path)
    match value is not None, bool(truth.values):
        case True, True:
            right = any(value == wanted or same_value(value, wanted, spec.kind) for wanted in truth.values)
            outcome = Outcome.RIGHT if right else Outcome.WRONG
        case True, False:
            outcome = Outcome.SPURIOUS
        case False, True:
            outcome = Outcome.MISSING
        case _:
            outcome = Outcome.EMPTY
    return FieldComparison(
        path=path or "",
        expected_path=true_path or "",
        field=spec.path,
        outcome=outcome,
        expected=_text(truth.values[0]) if truth.values else "",
        got=_text(value),
        evidence=None if path is None else read.evidence(path),
        boxes_expected=truth.boxes,
        regions_expected=truth.regions,
    )


def _agreement(found: Sequence[FieldComparison]) -> float:
    """How well an item fits a true one: its right fields, and a little for what is nearly right."""
    right = sum(one.outcome is Outcome.RIGHT for one in found)
    alike = sum(text_similarity(one.expected, one.got) for one in found if one.outcome is Outcome.WRONG)
    return right + NEARLY * alike


def _join(path: str | None, name: str) -> str | None:
    return f"{path}.{name}" if path else path if path is None else name


def _text(value: Any) -> str:
    return "" if value is None else str(getattr(value, "value", value))
