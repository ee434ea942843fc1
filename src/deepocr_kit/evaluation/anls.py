"""ANLS*: how alike two nested values are, 0..1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from deepocr_kit.evaluation._assignment import pair_items

__all__ = ["ANLS_THRESHOLD", "anls_star", "count_leaves", "text_similarity"]

ANLS_THRESHOLD = 0.5
"""Texts less alike than this count as different, as in the paper."""

MAX_CHARS = 10_000
"""Longer texts are compared by equality alone; their edit distance takes the product of their lengths."""

MAX_DEPTH = 64
"""Deeper nesting is refused; schemas are far flatter."""

Node: TypeAlias = Mapping[str, Any] | Sequence[Any] | str | float | bool | None


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Sum of the leaves' scores, and how many leaves there are."""

    points: float
    leaves: int

    @property
    def mean(self) -> float:
        return self.points / self.leaves if self.leaves else 1.0

    def __add__(self, other: _Likeness) -> _Likeness:
        return _Likeness(self.points + other.points, self.leaves + other.leaves)


def anls_star(expected: Any, predicted: Any) -> float:
    """The ANLS* score of a prediction, 0..1.

    Leaves score one less their edit distance over the longer text, or nothing
    below ``ANLS_THRESHOLD``; case and runs of spaces do not count. The items of
    two lists are paired in the best way. A key that only one side has scores
    nothing, except where its value is empty. A tuple in ``expected`` holds
    alternatives, the best of which counts. Values that JSON does not know
    (models, dates, decimals) count as the JSON text that pydantic makes of them.

    Source: Peer, Schöpf, Nebendahl, Rietzler, Stabinger, "ANLS*: A Universal
    Document Processing Metric for Generative Large Language Models",
    arXiv 2402.03848, and its reference implementation ``anls_star`` 1.0.

    Lists too long for the best pairing are paired by the values they share, and
    texts of more than ``MAX_CHARS`` are compared by equality alone.

    Args:
        expected: The truth: mappings, lists, tuples, scalars, models.
        predicted: The same, without tuples of alternatives.

    Raises:
        ValueError: A side is nested deeper than ``MAX_DEPTH``, or has a tuple without alternatives.
    """
    return _likeness(_plain(expected), _plain(predicted)).mean


def text_similarity(one: str, other: str) -> float:
    """One less the edit distance over the longer text, 0..1; case and runs of spaces do not count."""
    one, other = (" ".join(text.lower().split()) for text in (one, other))
    if one == other:
        return 1.0
    longer = max(len(one), len(other))
    return 0.0 if longer > MAX_CHARS else 1 - _edit_distance(one, other) / longer


def _plain(value: Any, depth: int = 0) -> Any:
    """Values as JSON knows them; tuples stay, because they are alternatives."""
    if depth > MAX_DEPTH:
        raise ValueError(f"a value is nested deeper than {MAX_DEPTH} levels")
    match value:
        case tuple():
            if not value:
                raise ValueError("a tuple holds alternatives, and an empty one has none")
            return tuple(_plain(inner, depth + 1) for inner in value)
        case Mapping():
            return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
        case list():
            return [_plain(inner, depth + 1) for inner in value]
        case None | str() | int() | float():
            return value
        case _:
            plain = to_jsonable_python(value, by_alias=False, fallback=str)
            return _plain(plain, depth + 1) if isinstance(value, BaseModel) else plain


def _likeness(expected: Node, predicted: Node) -> _Likeness:
    match expected:
        case tuple():
            return max((_likeness(choice, predicted) for choice in expected), key=lambda found: found.mean)
        case None if _is_empty(predicted):
            return _Likeness(1.0, max(1, count_leaves(predicted)))
        case dict() if isinstance(predicted, dict):
            return _of_mappings(expected, predicted)
        case list() if isinstance(predicted, list):
            return _of_lists(expected, predicted)
        case str() | int() | float() if isinstance(predicted, str | int | float):
            alike = text_similarity(str(expected), str(predicted))
            return _Likeness(alike if alike >= ANLS_THRESHOLD else 0.0, 1)
        case _:
            return _Likeness(0.0, max(count_leaves(expected), count_leaves(predicted)))


def _of_mappings(expected: Mapping[str, Node], predicted: Mapping[str, Node]) -> _Likeness:
    total = _Likeness(0.0, 0)
    for key in (*expected, *(key for key in predicted if key not in expected)):
        found = _likeness(expected.get(key), predicted.get(key))
        invented_nothing = key not in expected and _is_empty(predicted[key])
        total += _Likeness(0.0, found.leaves) if invented_nothing else found
    return total


def _of_lists(expected: Sequence[Node], predicted: Sequence[Node]) -> _Likeness:
    found: dict[tuple[int, int], _Likeness] = {}

    def mean(row: int, column: int) -> float:
        found[row, column] = _likeness(expected[row], predicted[column])
        return found[row, column].mean

    widest = max(map(count_leaves, (*expected, *predicted)), default=1)
    pairs = pair_items(expected, predicted, mean, leaves=widest)
    scored = (found.get((row, column)) or _likeness(expected[row], predicted[column]) for row, column in pairs)
    total = sum(scored, _Likeness(0.0, 0))
    rows, columns = {row for row, _ in pairs}, {column for _, column in pairs}
    left = [item for at, item in enumerate(expected) if at not in rows]
    left += [item for at, item in enumerate(predicted) if at not in columns]
    return total + _Likeness(0.0, sum(map(count_leaves, left)))


def count_leaves(node: Node) -> int:
    """Values of a nested value; of alternatives the most."""
    match node:
        case tuple():
            return max(map(count_leaves, node))
        case dict():
            return sum(map(count_leaves, node.values()))
        case list():
            return sum(map(count_leaves, node))
        case _:
            return 1


def _is_empty(node: Node) -> bool:
    return node is None or (isinstance(node, dict | list | str) and not node)


def _edit_distance(one: str, other: str) -> int:
    """Insertions, deletions and exchanges of single characters from one text to the other.

    A column of the table at once, as the bits of whole numbers: G. Myers, "A fast
    bit-vector algorithm for approximate string matching", JACM 46 (1999), in the
    form that H. Hyyrö gave it for whole texts (2003).
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for at, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << at
    mask, last = (1 << len(one)) - 1, 1 << len(one) - 1
    up, down, distance = mask, 0, len(one)  # up and down: where the column's numbers rise and fall by one
    for char in other:
        same = places.get(char, 0)
        level = (((same & up) + up) ^ up) | same | down
        rises, falls = down | ~(level | up) & mask, up & level
        distance += bool(rises & last) - bool(falls & last)
        rises = rises << 1 | 1
        up, down = (falls << 1 | ~(level | rises)) & mask, rises & level & mask
    return distance
