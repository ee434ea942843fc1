"""ANLS* against its definition and against the reference implementation."""

from __future__ import annotations

import datetime as dt
import warnings
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from deepocr_kit.evaluation import anls_star
from steady_time import stays_under

LEAVES = st.one_of(st.none(), st.text("ab cé数", max_size=8), st.integers(0, 30), st.booleans())
NODES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("pqr"), inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.sampled_from("pqrs"), NODES, max_size=4)


def has_list_of_options(expected: Any, predicted: Any) -> bool:
    """Whether the reference takes a list of texts for alternatives, as old data sets wrote them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            reference(expected, predicted)
        except UserWarning:
            return True
    return False


def reference(expected: Any, predicted: Any) -> float:
    return float(pytest.importorskip("anls_star", reason="anls_star is not installed").anls_score(expected, predicted))


def turned(node: Any) -> Any:
    """The same with every list from its end."""
    match node:
        case list():
            return [turned(inner) for inner in reversed(node)]
        case dict():
            return {key: turned(inner) for key, inner in node.items()}
        case _:
            return node


@example(
    expected={"r": [[], None, [None, None]]},
    predicted={"p": None, "q": None, "r": [None, {"p": None, "q": None}, None]},
)
@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_it_is_what_the_reference_implementation_says(expected: Any, predicted: Any) -> None:
    if has_list_of_options(expected, predicted):
        return

    # which of two equally good pairings of items is taken follows from their order, in both of them
    orders = list(product((expected, turned(expected)), (predicted, turned(predicted))))
    ours = {round(anls_star(*order), 9) for order in orders}
    theirs = {round(reference(*order), 9) for order in orders}

    assert ours & theirs


@settings(max_examples=100, deadline=None)
@given(NODES, NODES)
def test_it_is_between_nothing_and_all_and_all_for_the_truth_itself(expected: Any, predicted: Any) -> None:
    assert 0 <= anls_star(expected, predicted) <= 1
    assert anls_star(expected, expected) == 1


ITEMS = st.lists(st.fixed_dictionaries({"p": st.text("ab c", max_size=4), "q": st.integers(0, 30)}), max_size=5)
"""Of one form: the published measure breaks ties between items of different sizes by their order."""


@settings(max_examples=100, deadline=None)
@given(ITEMS, ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_count(expected: list[Any], predicted: list[Any], draw: Any) -> None:
    shuffled = draw.sample(predicted, len(predicted))

    assert anls_star({"a": expected}, {"a": shuffled}) == pytest.approx(anls_star({"a": expected}, {"a": predicted}))


@pytest.mark.parametrize(
    ("expected", "predicted", "score"),
    [
        ("Hello World", "hello   world", 1),
        ("abcd", "abce", 0.75),
        ("abcd", "abxy", 0.5),
        ("abcd", "axyz", 0),
        ({"a": "x", "b": "y"}, {"a": "x"}, 0.5),
        ({"a": "x"}, {"a": "x", "b": "invented"}, 0.5),
        ({"a": "x", "b": None}, {"a": "x"}, 1),
        ({"a": ("12.00", "12")}, {"a": "12"}, 1),
        (["a", "b"], ["b", "a", "c"], pytest.approx(2 / 3)),
        ({"a": "x"}, "x", 0),
        ([("a", {"b": "c", "d": "e"})], [], 0),
        (None, [], 1),
        ("x" * 20_000, "y" + "x" * 19_999, 0),
        ({"a": Decimal("1.5"), "b": dt.date(2024, 3, 27)}, {"a": "1.5", "b": "2024-03-27"}, 1),
    ],
)
def test_a_score_is_what_the_definition_says(expected: Any, predicted: Any, score: float) -> None:
    assert anls_star(expected, predicted) == score


def test_models_count_as_their_json() -> None:
    class Bill(BaseModel):
        total: Decimal

    assert anls_star({"total": "1.50"}, Bill(total=Decimal("1.50"))) == 1


@pytest.mark.parametrize("side", [0, 1])
def test_endless_nesting_is_refused_and_not_a_recursion_error(side: int) -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]

    with pytest.raises(ValueError, match="nested deeper than 64"):
        anls_star(*((deep, "x") if side else ("x", deep)))


def test_a_tuple_without_alternatives_is_refused() -> None:
    with pytest.raises(ValueError, match="alternatives"):
        anls_star({"a": ()}, {"a": "x"})


def test_long_lists_in_another_order_are_still_paired_and_take_no_long_time() -> None:
    expected = [{"name": f"Item {at}", "amount": f"{at}.00"} for at in range(1500)]
    predicted = [{"name": f"ITEM {at}", "amount": f"{at}.00"} for at in reversed(range(1500))]

    assert anls_star(expected, predicted) == 1
    assert stays_under(5, lambda: anls_star(expected, predicted))
