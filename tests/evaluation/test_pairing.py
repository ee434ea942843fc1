"""Pairs of list items against every possible pairing."""

from __future__ import annotations

from itertools import combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.evaluation._assignment import MAX_WORK, best_pairs, pair_items

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@settings(max_examples=200, deadline=None)
@given(TABLES)
def test_no_other_pairing_has_a_larger_sum(table: list[list[float]]) -> None:
    pairs = best_pairs(table)
    size = min(len(table), len(table[0]))
    best = max(
        sum(table[row][column] for row, column in zip(rows, columns, strict=True))
        for rows in combinations(range(len(table)), size)
        for columns in permutations(range(len(table[0])), size)
    )

    assert len(pairs) == len({row for row, _ in pairs}) == len({column for _, column in pairs}) == size
    assert abs(sum(table[row][column] for row, column in pairs) - best) < 1e-9


def test_empty_tables_have_no_pairs() -> None:
    assert best_pairs([]) == []
    assert best_pairs([[]]) == []
    assert pair_items([], ["a"], lambda _row, _column: 1.0) == []


def test_long_lists_are_paired_by_what_they_share() -> None:
    rows = [{"name": f"thing {at}", "amount": str(at), "unit": "kg"} for at in range(300)]
    columns = [{"name": f"THING {at}", "amount": str(at if at % 7 else at + 1000), "unit": "kg"} for at in range(300)]
    turned = columns[::-1]

    assert len(rows) * len(turned) * 3 > MAX_WORK
    assert pair_items(rows, turned, lambda _row, _column: 0.0, leaves=3) == [(at, 299 - at) for at in range(300)]


def test_long_lists_that_share_nothing_are_paired_in_order_without_a_table() -> None:
    def refuse(_row: int, _column: int) -> float:
        raise AssertionError("a table of 10^8 scores")

    pairs = pair_items([f"a{at}" for at in range(10_000)], [f"b{at}" for at in range(9_999)], refuse)

    assert pairs == [(at, at) for at in range(9_999)]
