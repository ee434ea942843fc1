"""Rates, evidence, coverage and intervals."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_samples import box, evidence
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.evaluation import (
    EvidenceScores,
    ExpectedBox,
    FieldComparison,
    FieldScores,
    ItemScores,
    Outcome,
    coverage_at,
)
from deepocr_kit.evaluation.scores import interval


def comparison(outcome: str, score: float | None = 0.5, field: str = "total", **known: Any) -> FieldComparison:
    said = None if score is None else evidence(field, "x", score=score, boxes=known.pop("boxes", ()), **known)
    return FieldComparison(path=field, expected_path=field, field=field, outcome=Outcome(outcome), evidence=said)


def item(at: int, *outcomes: str) -> list[FieldComparison]:
    """The leaves of one item of a list."""
    return [
        FieldComparison(
            path="" if outcome == "missing" else f"lines[{at}].f{number}",
            expected_path="" if outcome == "spurious" else f"lines[{at}].f{number}",
            field=f"lines[*].f{number}",
            outcome=Outcome(outcome),
            expected="" if outcome in ("spurious", "empty") else "a",
            got="" if outcome in ("missing", "empty") else "b",
        )
        for number, outcome in enumerate(outcomes)
    ]


def test_wrong_missing_and_spurious_values_are_counted_apart() -> None:
    outcomes = ["right"] * 6 + ["wrong"] * 2 + ["missing"] * 1 + ["spurious"] * 1 + ["empty"] * 2
    scores = FieldScores.of(map(comparison, outcomes))

    assert scores == FieldScores(right=6, wrong=2, missing=1, spurious=1, empty=2)
    assert scores.judged == 12
    assert scores.accuracy == 8 / 12
    assert scores.precision == 6 / 9
    assert scores.recall == 6 / 9
    assert scores.f1 == pytest.approx(6 / 9)
    assert scores.aligned == 6 / 10
    assert scores + FieldScores(right=1) == FieldScores(right=7, wrong=2, missing=1, spurious=1, empty=2)


def test_rates_of_nothing_are_none() -> None:
    nothing, items = FieldScores(), ItemScores()

    assert {nothing.accuracy, nothing.precision, nothing.recall, nothing.f1, nothing.aligned} == {None}
    assert {items.precision, items.recall, items.f1} == {None}
    assert {EvidenceScores().precision, EvidenceScores().recall} == {None}
    assert FieldScores(empty=1).accuracy == 1


def test_an_item_is_right_when_all_its_fields_are() -> None:
    leaves = [
        *item(0, "right", "right"),
        *item(1, "right", "empty"),
        *item(2, "right", "wrong"),
        *item(3, "missing", "missing"),
        *item(4, "spurious", "empty"),
        *item(5, "empty", "empty"),
        comparison("right"),
    ]
    scores = ItemScores.of(leaves)

    assert scores == ItemScores(right=2, expected=4, read=4)
    assert (scores.precision, scores.recall, scores.f1) == (0.5, 0.5, 0.5)
    assert scores + scores == ItemScores(right=4, expected=8, read=8)


def placed(said: tuple[Any, ...], true: tuple[ExpectedBox, ...], outcome: str = "right") -> FieldComparison:
    return comparison(outcome, boxes=said).model_copy(update={"boxes_expected": true})


def test_cited_boxes_are_right_where_half_of_the_smaller_box_lies_in_the_other() -> None:
    word = ExpectedBox(box=(0.2, 0.2, 0.3, 0.3))
    line, half, less, beside = (
        box(0, 0.2, 1, 0.3),
        box(0.25, 0.2, 0.35, 0.3),
        box(0.26, 0.2, 0.36, 0.3),
        box(0, 0, 0.1, 0.1),
    )
    other_page = box(0.2, 0.2, 0.3, 0.3, page_index=1)

    assert EvidenceScores.of([placed((line,), (word,))]).precision == 1
    assert EvidenceScores.of([placed((half,), (word,))]).recall == pytest.approx(1)
    for wrong in (less, beside, other_page):
        assert EvidenceScores.of([placed((wrong,), (word,))]) == EvidenceScores(cited=1, true=1)
    assert EvidenceScores.of([placed((line, beside), (word, ExpectedBox(page=2, box=(0, 0, 1, 1))))]) == EvidenceScores(
        cited=2, cited_right=1, true=2, true_found=1
    )


def test_evidence_is_judged_for_right_values_with_a_known_place_alone() -> None:
    word = ExpectedBox(box=(0.2, 0.2, 0.3, 0.3))

    assert EvidenceScores.of([placed((box(0, 0, 1, 1),), (word,), "wrong")]) == EvidenceScores()
    assert EvidenceScores.of([placed((box(0, 0, 1, 1),), ())]) == EvidenceScores()


def test_regions_are_right_by_their_ids() -> None:
    one = comparison("right", region_ids=("p1r1", "p1r2")).model_copy(update={"regions_expected": ("p1r2", "p1r3")})
    silent = comparison("right", None).model_copy(update={"regions_expected": ("p1r2",)})

    assert EvidenceScores.of([one]) == EvidenceScores(cited=2, cited_right=1, true=2, true_found=1)
    assert EvidenceScores.of([silent]) == EvidenceScores(true=1)


def test_corners_of_an_expected_box_may_come_in_any_order_and_outside() -> None:
    assert ExpectedBox(box=(0.5, 2, -1, 0.1)).bbox == box(0, 0.1, 0.5, 1).bbox


def test_coverage_is_what_can_go_through_at_the_lowest_score_that_is_precise_enough() -> None:
    ones = [comparison("right", 0.9)] * 3 + [comparison("wrong", 0.8)] + [comparison("right", 0.7)] * 6
    ones += [comparison("wrong", 0.2), comparison("missing", None), comparison("empty", None)]
    found = coverage_at(ones, precision=0.9)

    assert (found.threshold, found.accepted, found.precision) == (0.7, 10, 0.9)
    assert found.coverage == 10 / 12
    assert coverage_at(ones, precision=1).threshold == 0.9
    assert coverage_at([comparison("wrong")], precision=0.5).threshold is None
    assert coverage_at([]).coverage == 0


@pytest.mark.parametrize("right", [55, 57, 29, 97])
def test_a_precision_that_is_just_reached_is_reached(right: int) -> None:
    ones = [comparison("right")] * right + [comparison("wrong")] * (100 - right)

    assert coverage_at(ones, precision=right / 100).accepted == 100


@pytest.mark.parametrize("precision", [0, -1, 1.01, float("nan")])
def test_a_precision_outside_of_0_and_1_is_refused(precision: float) -> None:
    with pytest.raises(ValueError, match="precision must be above 0"):
        coverage_at([], precision=precision)


OUTCOMES = st.lists(
    st.tuples(st.sampled_from([one.value for one in Outcome]), st.sampled_from([0.0, 0.3, 0.6, 1.0])), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(OUTCOMES)
def test_figures_stay_within_their_bounds(outcomes: list[tuple[str, float]]) -> None:
    ones = [comparison(outcome, score) for outcome, score in outcomes]
    scores, strict, lax = FieldScores.of(ones), coverage_at(ones, precision=0.9), coverage_at(ones, precision=0.1)
    rates = (scores.accuracy, scores.precision, scores.recall, scores.f1, scores.aligned, strict.coverage)

    assert all(rate is None or 0 <= rate <= 1 for rate in rates)
    assert strict.coverage <= lax.coverage
    if scores.aligned is not None and scores.f1 is not None:
        assert scores.aligned <= scores.f1


def test_an_interval_holds_the_rate_is_the_same_each_time_and_needs_two_documents() -> None:
    units = [1.0] * 8 + [0.0] * 2
    ends = interval(units, lambda sample: sum(sample) / len(sample))

    assert ends == interval(units, lambda sample: sum(sample) / len(sample))
    assert ends is not None
    assert 0 < ends[0] < 0.8 < ends[1] <= 1
    assert interval(units[:1], lambda sample: sum(sample)) is None
    assert interval(units, lambda _sample: None) is None
    with pytest.raises(ValueError, match="level"):
        interval(units, sum, level=1)
