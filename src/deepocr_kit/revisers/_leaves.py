"""Takes a wire answer apart into leaves, and says in what form each is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deepocr_kit.documents import whole_text
from deepocr_kit.revisers.base import FieldEvidence
from deepocr_kit.revisers.evidence import EvidenceIndex
from deepocr_kit.revisers.fields import FieldSpec, LeafNode, ListNode, ObjectNode, SchemaNode, ValueKind
from deepocr_kit.revisers.values import parse_value
from deepocr_kit.revisers.wire import SOURCES, TEXT

__all__ = ["LEAVES_MAX", "Leaf", "LeafReader", "read_leaf"]

LEAVES_MAX = 5_000
"""Most leaves of one answer; a list that goes on is cut."""

_NO_VALUE = frozenset({"null", "none", "n/a"})
"""What models write for nothing; taken as nothing when no region is named as the source."""

_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Controls but tab and line end, controls of direction, and tags: no page shows them, and no value has them."""

_FORMS: Mapping[ValueKind, str] = {
    ValueKind.NUMBER: "a number",
    ValueKind.INTEGER: "a whole number",
    ValueKind.DATE: "a date",
    ValueKind.TIME: "a time of day",
    ValueKind.DATETIME: "a date with a time",
    ValueKind.DURATION: "a duration",
    ValueKind.BOOLEAN: "a yes or no",
    ValueKind.CHOICE: "one of the choices",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One answered value.

    Attributes:
        path: With list indices.
        spec: The field.
        text: As answered, outer spaces removed; empty for no value.
        cited: Region ids that were named and exist.
        unknown: Region ids that were named and do not exist.
        value: The typed value; None when there is none or it cannot be typed.
        problem: What is wrong with the text, in our own words; empty when nothing is.
        evidence: What proves it, once that was looked for.
    """

    path: str
    spec: FieldSpec
    text: str = ""
    cited: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    value: Any = None
    problem: str = ""
    evidence: FieldEvidence | None = None


def read_leaf(path: str, spec: FieldSpec, answer: object, index: EvidenceIndex) -> Leaf:
    """One leaf from what stands at its place: an object with ``text`` and ``src``, a scalar or nothing."""
    inner, sources = (answer.get(TEXT), answer.get(SOURCES)) if isinstance(answer, Mapping) else (answer, ())
    text = _scalar_text(inner)
    named = [sources] if isinstance(sources, str) else sources if isinstance(sources, list | tuple) else []
    ids = list(dict.fromkeys(_id(name) for name in named if isinstance(name, str)))
    known = tuple(name for name in ids if index.region(name))
    unknown = tuple(name[:64] for name in ids if not index.region(name))
    if not text or (not known and text.casefold() in _NO_VALUE and not _is_choice(text, spec)):
        return Leaf(path, spec, unknown=unknown)
    value = parse_value(text, spec, order=index.order)
    problem = "" if value is not None else f"that is not {_FORMS.get(spec.kind, 'in the form that the field needs')}"
    return Leaf(path, spec, text, known, unknown, value, problem)


class LeafReader:
    """Walks a wire answer along the tree of a schema.

    Args:
        index: The document, for region ids and the order of dates.

    Attributes:
        cut: Paths of lists that were longer than ``LEAVES_MAX`` allows.
    """

    def __init__(self, index: EvidenceIndex) -> None:
        self._index = index
        self._left = LEAVES_MAX
        self.cut: list[str] = []

    def read(self, node: SchemaNode, answer: object, path: str = "") -> Iterator[Leaf]:
        """The leaves of ``answer``; a field that it does not have gives an empty leaf, an absent list none."""
        match node:
            case LeafNode(spec):
                self._left -= 1
                yield read_leaf(path, spec, answer, self._index)
            case ObjectNode(children):
                fields = answer if isinstance(answer, Mapping) else {}
                for name, child in children.items():
                    yield from self.read(child, fields.get(name), f"{path}.{name}" if path else name)
            case ListNode(item):
                entries = answer if isinstance(answer, list) else [] if answer is None else [answer]
                for position, entry in enumerate(entries):
                    if self._left <= 0:
                        self.cut.append(path)
                        return
                    yield from self.read(item, entry, f"{path}[{position}]")


def _scalar_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        return ""
    return _UNPRINTED.sub("", whole_text(str(value))).strip()


def _id(name: str) -> str:
    """A region id without the brackets or quotes that some models copy along."""
    return whole_text(name).strip(" \t\n[]()<>\"'#")


def _is_choice(text: str, spec: FieldSpec) -> bool:
    return any(text.casefold() == word.casefold() for word, _ in spec.choices)
