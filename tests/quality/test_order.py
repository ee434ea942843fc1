"""Kendall's tau, checked against its definition."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.quality import order_agreement


@pytest.mark.parametrize(("ranks", "tau"), [([], 1.0), ([3], 1.0), ([0, 1, 2], 1.0), ([2, 1, 0], -1.0)])
def test_the_extremes(ranks: list[int], tau: float) -> None:
    assert order_agreement(ranks) == tau


@given(st.permutations(range(9)))
def test_it_counts_the_pairs_in_the_wrong_order(ranks: list[int]) -> None:
    wrong = sum(one > other for one, other in combinations(ranks, 2))

    assert order_agreement(ranks) == pytest.approx(1 - 2 * wrong / 36)
