"""Pairs two lists so that the sum of the pairs' scores is the largest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["MAX_WORK", "best_pairs", "pair_items"]

MAX_WORK = 40_000
"""Comparisons of leaves for one pair of lists, 100 by 100 items of 4; longer lists are paired by what they share."""

COMMON = 20
"""A value that more items than this share tells none of them apart."""


def pair_items(
    rows: Sequence[Any], columns: Sequence[Any], score: Callable[[int, int], float], *, leaves: int = 1
) -> list[tuple[int, int]]:
    """Row and column of each pair, by row, for lists of any length.

    The pairs are the best ones while the table of scores is within ``MAX_WORK``.
    In longer lists equal items are paired first, then those that share the most
    values; the rest has the best pairs if it is short enough, else it is paired in order.

    Args:
        rows: Items, nested as JSON; a mapping shares a value when the same key has it.
        columns: The same for the other list.
        score: How well a row fits a column; larger is better.
        leaves: How many leaves one score compares.
    """
    pairs: dict[int, int] = {}
    if _work(rows, columns, leaves) > MAX_WORK:
        row_values, column_values = list(map(_values, rows)), list(map(_values, columns))
        _pair_equal(row_values, column_values, pairs)
        _pair_alike(row_values, column_values, pairs)
    taken = set(pairs.values())
    open_rows = [row for row in range(len(rows)) if row not in pairs]
    open_columns = [column for column in range(len(columns)) if column not in taken]
    if _work(open_rows, open_columns, leaves) > MAX_WORK:
        pairs.update(zip(open_rows, open_columns, strict=False))
    else:
        table = [[score(row, column) for column in open_columns] for row in open_rows]
        pairs.update((open_rows[row], open_columns[column]) for row, column in best_pairs(table))
    return sorted(pairs.items())


def _work(rows: Sequence[Any], columns: Sequence[Any], leaves: int) -> int:
    return len(rows) * len(columns) * max(1, leaves)


def _values(item: Any) -> frozenset[tuple[str, str]]:
    """What an item is known by; case does not count, and neither do empty values."""
    named = item if isinstance(item, Mapping) else {"": item}
    return frozenset((name, repr(value).casefold()) for name, value in named.items() if value is not None)


def _pair_equal(
    rows: Sequence[frozenset[tuple[str, str]]], columns: Sequence[frozenset[tuple[str, str]]], pairs: dict[int, int]
) -> None:
    free: dict[frozenset[tuple[str, str]], list[int]] = {}
    for column in reversed(range(len(columns))):
        free.setdefault(columns[column], []).append(column)
    pairs.update((row, free[values].pop()) for row, values in enumerate(rows) if free.get(values))


def _pair_alike(
    rows: Sequence[frozenset[tuple[str, str]]], columns: Sequence[frozenset[tuple[str, str]]], pairs: dict[int, int]
) -> None:
    taken = set(pairs.values())
    holders: dict[tuple[str, str], list[int]] = {}
    for column, values in enumerate(columns):
        for value in values if column not in taken else ():
            holders.setdefault(value, []).append(column)
    telling = {value: found for value, found in holders.items() if len(found) <= COMMON}
    shared = Counter(
        (row, column)
        for row, values in enumerate(rows)
        if row not in pairs
        for value in values
        for column in telling.get(value, ())
    )
    for (row, column), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if row not in pairs and column not in taken:
            pairs[row] = column
            taken.add(column)


def best_pairs(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Row and column of each pair, by row; every row or every column is in one, whichever are fewer.

    The Hungarian method with potentials, as Jonker and Volgenant run it: one
    shortest augmenting path for each row, cubic in the shorter side at worst.

    Args:
        scores: A table, rows of equal length; larger is better.
    """
    rows, columns = len(scores), len(scores[0]) if scores else 0
    if not rows or not columns:
        return []
    if rows > columns:
        turned = [list(column) for column in zip(*scores, strict=True)]
        return sorted((row, column) for column, row in best_pairs(turned))
    row_of = _augment([[-score for score in row] for row in scores])
    return sorted((row, column) for column, row in enumerate(row_of) if row is not None)


def _augment(costs: Sequence[Sequence[float]]) -> list[int | None]:
    """The row of each column; there are at least as many columns as rows."""
    columns = range(len(costs[0]))
    row_of: list[int | None] = [None for _ in columns]
    row_potential, column_potential = [0.0 for _ in costs], [0.0 for _ in columns]
    for start in range(len(costs)):
        distance = [float("inf") for _ in columns]
        before: list[int | None] = [None for _ in columns]
        done: set[int] = set()
        row: int | None = start
        at: int | None = None
        while row is not None:
            if at is not None:
                done.add(at)
            reached = 0.0 if at is None else distance[at]
            for column in columns:
                if column in done:
                    continue
                slack = reached + costs[row][column] - row_potential[row] - column_potential[column]
                if slack < distance[column]:
                    distance[column], before[column] = slack, at
            at = min((column for column in columns if column not in done), key=distance.__getitem__)
            row = row_of[at]
        assert at is not None
        total = distance[at]
        row_potential[start] += total
        for column in done:
            column_potential[column] += distance[column] - total
            held = row_of[column]
            assert held is not None
            row_potential[held] += total - distance[column]
        while at is not None:
            earlier = before[at]
            row_of[at] = start if earlier is None else row_of[earlier]
            at = earlier
    return row_of
