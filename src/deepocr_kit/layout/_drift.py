"""Values that were printed half a row off their labels, found and assigned back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from deepocr_kit.layout._items import Item
from deepocr_kit.layout._wording import fit, is_label, is_value, split_label_value

__all__ = ["Drift", "Pair", "Side", "find_drift"]

REACH = 0.85
"""Farthest a value may stand from its label, in label pitches."""

LEVEL = 0.2
"""A value nearer than this (in label pitches) is level with its label."""

MIN_RUN = 3
"""So many values in a row must be off to the same side before it counts as drift."""

MIN_FAR_RUN = 4
"""The same where most are off by more than half a pitch, and so nearer to another label; a unit that agrees counts
as one more."""

MAX_ALONE = 3
"""A run ends where more labels or values than this stand alone between two of its pairs."""

PAIRED = 2 / 3
"""Least share of the values from the first to the last of a run that have their label in it. Values of a table, and
lines that are level with something else, find a label half a row off by chance, but only some of them."""

SKIP_LABEL, SKIP_VALUE = 0.35, 0.8
"""Cost of a label without a value and of a value without a label."""

BOND = -0.6
"""Cost of leaving a label and a value together that stand in one region."""

OFFSET, CHANGE = 0.3, 1.5
"""Cost of one pitch of offset, and of one pitch of change of the offset from one pair to the next."""

_PITCH_WINDOW = 3
_LOOK_BACK = 24
_MAX_CHOICES = 6
_MAX_PITCH = 4.0


@dataclass(frozen=True, slots=True)
class Side:
    """A label or a value: a whole item, or one half of an item that holds both.

    Attributes:
        item: Where it comes from.
        text: Its own words.
        y: Its middle with the skew taken out.
        slack: How far its true middle may be from ``y``: half of what a torn item is too tall.
        halves: The item's label and value, when this is one of them.
    """

    item: Item
    text: str
    y: float
    slack: float = 0.0
    halves: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and the label it belongs to; ``offset`` in label pitches, negative when the value stands higher."""

    label: Side
    value: Side
    offset: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What a page's labels and values say.

    Attributes:
        cost: Of the best assignment; lower when more labels have a value. Comparable
            between two slopes of one page.
        pairs: The values that stand off their labels.
    """

    cost: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    label: int
    value: int
    offset: float
    bond: bool
    fit: float

    @property
    def cost(self) -> float:
        return BOND if self.bond else OFFSET * self.offset**2 + self.fit


def find_drift(rows: Sequence[Sequence[Item]], slope: float) -> Drift:
    """The values that stand off their labels, each with its label, from top to bottom.

    Labels and values are two columns; a monotone assignment between them is
    chosen by dynamic programming. It pays for labels and values left alone,
    for offset, for change of offset, for units that disagree, and for tearing
    a label from the value in its own region. Only runs of values that are off
    to the same side are reported, and only when they stand in other rows than their labels, so
    a table that is level gives nothing.

    Args:
        rows: Rows as they stand, from top to bottom.
        slope: Of the lines.
    """
    labels, values = _sides([item for row in rows if len(row) <= 2 for item in row if item.lined], slope)
    if len(labels) < MIN_RUN or len(values) < MIN_RUN:
        return Drift(0.0, ())
    cost, chain = _cheapest(_nodes(labels, values), len(labels), len(values))
    home = {item.id: at for at, row in enumerate(rows) for item in row}
    pairs = [
        pair
        for run in _runs(chain)
        for pair in _moved([Pair(labels[node.label], values[node.value], node.offset) for node in run], home)
    ]
    return Drift(cost, tuple(pairs))


def _sides(items: Sequence[Item], slope: float) -> tuple[list[Side], list[Side]]:
    labels: list[Side] = []
    values: list[Side] = []
    typical = median(item.h for item in items) if items else 0.0
    for item in items:
        y = item.y - slope * item.x
        halves = split_label_value(item.text)
        if halves is not None:
            slack = max(0.0, (item.h - typical) / 2)
            labels.append(Side(item, halves[0], y, slack, halves))
            values.append(Side(item, halves[1], y, slack, halves))
        elif is_value(item.text):
            values.append(Side(item, item.text, y))
        elif is_label(item.text):
            labels.append(Side(item, item.text, y))
    return sorted(labels, key=_by_place), sorted(values, key=_by_place)


def _by_place(side: Side) -> tuple[float, object]:
    return side.y, side.item.key


def _pitches(labels: Sequence[Side]) -> list[float]:
    """Distance from line to line around each label."""
    gaps = [after.y - before.y for before, after in pairwise(labels)]
    pitches = []
    for index, label in enumerate(labels):
        around = gaps[max(0, index - _PITCH_WINDOW) : index + _PITCH_WINDOW]
        pitches.append(min(median(around), _MAX_PITCH * label.item.h))
    return pitches


def _nodes(labels: Sequence[Side], values: Sequence[Side]) -> list[_Node]:
    places = [value.y for value in values]
    own = {value.item.id: index for index, value in enumerate(values) if value.halves}
    nodes: list[_Node] = []
    for index, (label, pitch) in enumerate(zip(labels, _pitches(labels), strict=True)):
        if pitch <= 0:
            continue
        start = bisect_left(places, label.y - 2 * pitch)
        stop = bisect_left(places, label.y + 2 * pitch)
        choices = [
            _Node(index, at, offset, bond=False, fit=fit(label.text, values[at].text))
            for at in range(start, stop)
            if _beside(label, values[at]) and abs(offset := _offset(label, values[at], pitch)) <= REACH
        ]
        nearest = sorted(choices, key=lambda node: (abs(node.offset), node.value))[:_MAX_CHOICES]
        if label.halves:
            nearest.append(_Node(index, own[label.item.id], 0.0, bond=True, fit=0.0))
        nodes.extend(sorted(nearest, key=lambda node: node.value))
    return nodes


def _beside(label: Side, value: Side) -> bool:
    """Whether the value starts and ends further right than the label."""
    if label.item is value.item:
        return False
    label_end = label.item.x0 if label.halves else label.item.x1
    value_start = value.item.x1 if value.halves else value.item.x0
    return value_start > label.item.x0 and value.item.x1 > label_end


def _offset(label: Side, value: Side, pitch: float) -> float:
    gap = value.y - label.y
    slack = min(abs(gap), label.slack + value.slack)
    return (gap - slack if gap > 0 else gap + slack) / pitch


def _cheapest(nodes: Sequence[_Node], label_count: int, value_count: int) -> tuple[float, list[_Node]]:
    """The chain of nodes, rising in labels and values, with the least cost over all labels and values."""
    best: list[tuple[float, int]] = []
    for at, node in enumerate(nodes):
        cost, before = SKIP_LABEL * node.label + SKIP_VALUE * node.value, -1
        for earlier in range(max(0, at - _LOOK_BACK), at):
            other = nodes[earlier]
            if other.label >= node.label or other.value >= node.value:
                continue
            step = (
                best[earlier][0]
                + SKIP_LABEL * (node.label - other.label - 1)
                + SKIP_VALUE * (node.value - other.value - 1)
                + CHANGE * (node.offset - other.offset) ** 2
            )
            if step < cost:
                cost, before = step, earlier
        best.append((cost + node.cost, before))
    ends = [
        (best[at][0] + SKIP_LABEL * (label_count - node.label - 1) + SKIP_VALUE * (value_count - node.value - 1), at)
        for at, node in enumerate(nodes)
    ]
    if not ends:
        return SKIP_LABEL * label_count + SKIP_VALUE * value_count, []
    cost, at = min(ends)
    chain: list[_Node] = []
    while at >= 0:
        chain.append(nodes[at])
        at = best[at][1]
    return cost, chain[::-1]


def _runs(chain: Sequence[_Node]) -> list[list[_Node]]:
    """Neighbours of the chain that are off to the same side, and hardly leave a value between them alone."""
    runs: list[list[_Node]] = []
    for node in chain:
        if node.bond or abs(node.offset) < LEVEL:
            runs.append([])
        elif runs and runs[-1] and _goes_on(runs[-1][-1], node):
            runs[-1].append(node)
        else:
            runs.append([node])
    return [run for run in runs if run and _is_sure(run)]


def _is_sure(run: Sequence[_Node]) -> bool:
    """Whether the run is too long, and its values too much in one piece, to have come about by chance."""
    far = median(abs(node.offset) for node in run) > 0.5
    said = len(run) + (sum(node.fit < 0 for node in run) if far else 0)
    values = run[-1].value - run[0].value + 1
    return said >= (MIN_FAR_RUN if far else MIN_RUN) and len(run) >= PAIRED * values


def _goes_on(node: _Node, after: _Node) -> bool:
    """Whether two neighbours of the chain are off to the same side, with few labels and values between them."""
    alone = max(after.label - node.label, after.value - node.value) - 1
    return (node.offset > 0) == (after.offset > 0) and alone <= MAX_ALONE


def _moved(run: Sequence[Pair], home: Mapping[tuple[str, int], int]) -> Sequence[Pair]:
    """The run when any of its values must change rows, else nothing."""
    return run if any(home[pair.label.item.id] != home[pair.value.item.id] for pair in run) else ()
