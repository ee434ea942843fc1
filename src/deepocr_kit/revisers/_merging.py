"""Puts the answers of several windows together: the best proof wins, and lists follow each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.revisers._leaves import Leaf
from deepocr_kit.revisers._report import proved
from deepocr_kit.revisers.base import EvidenceGrade, FieldEvidence
from deepocr_kit.revisers.evidence import EvidenceIndex

__all__ = ["MergedLeaves", "merged_leaves"]

BORDER_ITEMS = 12
"""How many items at the border of two windows are looked at for doubles."""

_GRADES = tuple(EvidenceGrade)
_FIRST_INDEX = re.compile(r"^(.*?)\[(\d+)\](.*)$", re.DOTALL)
_Item: TypeAlias = dict[str, Leaf]


@dataclass(slots=True)
class MergedLeaves:
    """One answer from many.

    Attributes:
        leaves: By path.
        windows: Number of the window that gave a leaf, by path.
        disputed: Paths for which another window gave another value.
        issues: What the windows disagree about.
    """

    leaves: dict[str, Leaf] = field(default_factory=dict)
    windows: dict[str, int] = field(default_factory=dict)
    disputed: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)


def merged_leaves(index: EvidenceIndex, answers: Sequence[Mapping[str, Leaf]]) -> MergedLeaves:
    """The answers of all windows as one.

    A field takes the value with the best grade, then the best score, then the
    first one. The items of a list follow each other in the order of the windows;
    an item that two neighbouring windows both saw counts once.

    Args:
        index: The whole document.
        answers: Leaves by path, window by window.
    """
    merged = MergedLeaves()
    if len(answers) == 1:
        merged.leaves = dict(answers[0])
        merged.windows = dict.fromkeys(answers[0], 0)
        return merged
    for path in dict.fromkeys(path for answer in answers for path in answer if "[" not in path):
        _take_best(merged, index, path, [(number, answer[path]) for number, answer in enumerate(answers)])
    heads = dict.fromkeys(path.partition("[")[0] for answer in answers for path in answer if "[" in path)
    for head in heads:
        _take_items(merged, head, answers)
    return merged


def _take_best(merged: MergedLeaves, index: EvidenceIndex, path: str, answers: Iterable[tuple[int, Leaf]]) -> None:
    given = [(number, leaf) for number, leaf in answers if leaf.text]
    if not given:
        return _put(merged, path, 0, next(leaf for _, leaf in answers))
    evidence = {number: _evidence(index, leaf) for number, leaf in given}
    number, best = min(given, key=lambda item: _rank(evidence[item[0]]))
    _put(merged, path, number, best)
    others = [leaf for _, leaf in given if _value(leaf) != _value(best)]
    if others:
        merged.disputed.add(path)
        merged.issues.append(_disputed(path, best, others[0]))
    return None


def _evidence(index: EvidenceIndex, leaf: Leaf) -> FieldEvidence | None:
    return proved(index, {leaf.path: leaf}, "flag")[leaf.path].evidence


def _rank(evidence: FieldEvidence | None) -> tuple[int, float]:
    return (len(_GRADES), 0.0) if evidence is None else (_GRADES.index(evidence.grade), -evidence.score)


def _value(leaf: Leaf) -> Any:
    return "".join(leaf.text.casefold().split()) if leaf.value is None or isinstance(leaf.value, str) else leaf.value


def _disputed(path: str, best: Leaf, other: Leaf) -> Issue:
    return Issue(
        code=IssueCode.WINDOWS_DISAGREE,
        severity=Severity.WARNING,
        message=f"parts of the document give different values: {best.text[:80]!r} was taken, not {other.text[:80]!r}",
        field=path,
    )


def _take_items(merged: MergedLeaves, head: str, answers: Sequence[Mapping[str, Leaf]]) -> None:
    taken: list[tuple[int, _Item]] = []
    for number, answer in enumerate(answers):
        fresh = _items(head, answer)
        for item in fresh[:BORDER_ITEMS]:
            border = range(max(0, len(taken) - BORDER_ITEMS), len(taken))
            double = next((place for place in border if _is_same(taken[place], (number, item))), None)
            if double is None:
                taken.append((number, item))
            elif _filled(item) > _filled(taken[double][1]):
                taken[double] = (number, item)
        taken += [(number, item) for item in fresh[BORDER_ITEMS:]]
    for position, (number, item) in enumerate(taken):
        for rest, leaf in item.items():
            _put(merged, f"{head}[{position}]{rest}", number, leaf)


def _items(head: str, answer: Mapping[str, Leaf]) -> list[_Item]:
    items: dict[int, _Item] = {}
    for path, leaf in answer.items():
        match = _FIRST_INDEX.match(path)
        if match is not None and match[1] == head:
            items.setdefault(int(match[2]), {})[match[3]] = leaf
    return [items[number] for number in sorted(items)]


def _is_same(known: tuple[int, _Item], fresh: tuple[int, _Item]) -> bool:
    """Whether two windows mean one printed item: they name a common region, and nothing of it differs."""
    (window, old), (next_window, new) = known, fresh
    common = {name for leaf in old.values() for name in leaf.cited} & {
        name for leaf in new.values() for name in leaf.cited
    }
    if window == next_window or not common:
        return False
    return all(
        not leaf.text or not new[rest].text or _value(leaf) == _value(new[rest])
        for rest, leaf in old.items()
        if rest in new
    )


def _filled(item: _Item) -> int:
    return sum(bool(leaf.text) for leaf in item.values())


def _put(merged: MergedLeaves, path: str, number: int, leaf: Leaf) -> None:
    merged.leaves[path] = replace(leaf, path=path)
    merged.windows[path] = number
