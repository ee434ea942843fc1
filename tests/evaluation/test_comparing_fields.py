"""Fields that were read against fields that are expected."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from evaluation_samples import Invoice, box, evidence, items, read, truths
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.errors import SchemaError
from deepocr_kit.evaluation import FieldComparison, Outcome, compare_fields, judge
from deepocr_kit.revisers import EvidenceGrade


def compared(expected: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """Outcomes by the path where a value was read, or is expected."""
    found = compare_fields(Invoice, expected, read(values))
    return {one.path or f"not read: {one.expected_path}": one.outcome.value for one in found}


@pytest.mark.parametrize(
    ("field", "expected", "got", "outcome"),
    [
        ("total", "1,234.50", Decimal("1234.5"), "right"),
        ("total", Decimal("12.50"), Decimal("12.5"), "right"),
        ("total", 12, "12.00", "right"),
        ("total", "12.50", Decimal("12.51"), "wrong"),
        ("total", Decimal("1E+999999999"), Decimal(1), "wrong"),
        ("date", "27/03/2024", dt.date(2024, 3, 27), "right"),
        ("date", "2024-03-28", dt.date(2024, 3, 27), "wrong"),
        ("number", "INV 001-7", "inv-0017", "right"),
        ("number", "INV-0011", "INV-0017", "wrong"),
        ("paid", True, True, "right"),
        ("paid", False, True, "wrong"),
        ("currency", "eur", "EUR", "right"),
        ("seller.name", "Café  Müller, Inc.", "CAFÉ MÜLLER INC", "right"),
        ("seller.phone", "+49 30 123456", "4930123456", "right"),
        ("total", None, Decimal(1), "spurious"),
        ("total", "  ", None, "empty"),
        ("total", "3", None, "missing"),
        ("total", {"any_of": ["3", "4.00"]}, Decimal(4), "right"),
        ("total", {"value": "3"}, Decimal(4), "wrong"),
        ("total", {"any_of": [None, "3"]}, Decimal(3), "right"),
    ],
)
def test_values_are_compared_as_what_they_are(field: str, expected: Any, got: Any, outcome: str) -> None:
    name, _, inner = field.partition(".")

    assert compared({name: {inner: expected} if inner else expected}, {field: got}) == {field: outcome}


def test_a_field_that_the_truth_does_not_name_is_not_judged() -> None:
    assert compared({"total": "3"}, {"total": Decimal(3), "number": "X1", "lines[0].name": "tea"}) == {"total": "right"}


def test_null_for_an_object_or_a_list_says_that_all_of_it_must_be_empty() -> None:
    outcomes = compared({"seller": None, "lines": None}, {"seller.name": "Acme", "lines[0].name": "tea"})

    assert outcomes == {
        "seller.name": "spurious",
        "seller.phone": "empty",
        "lines[0].name": "spurious",
        "lines[0].amount": "empty",
    }


def test_items_are_paired_by_what_is_right_in_them_and_the_rest_is_missing_or_spurious() -> None:
    expected = {"lines": truths(("Tea", "3.00"), ("Coffee", "4.00"), ("Cake", "5.00"))}
    found = compare_fields(Invoice, expected, items(("Cake", "5"), ("Tea", "3.50"), ("Bread", "9"), ("Deposit", "1")))

    assert {(one.expected_path, one.path): one.outcome.value for one in found} == {
        ("lines[0].name", "lines[1].name"): "right",
        ("lines[0].amount", "lines[1].amount"): "wrong",
        ("lines[1].name", "lines[2].name"): "wrong",
        ("lines[1].amount", "lines[2].amount"): "wrong",
        ("lines[2].name", "lines[0].name"): "right",
        ("lines[2].amount", "lines[0].amount"): "right",
        ("", "lines[3].name"): "spurious",
        ("", "lines[3].amount"): "spurious",
    }
    assert {one.field for one in found} == {"lines[*].name", "lines[*].amount"}


def test_an_item_that_was_not_read_misses_all_its_fields() -> None:
    found = compare_fields(Invoice, {"lines": truths(("Tea", "3.00"))}, {})

    assert [(one.expected_path, one.path, one.outcome.value) for one in found] == [
        ("lines[0].name", "", "missing"),
        ("lines[0].amount", "", "missing"),
    ]


def test_only_the_fields_that_some_item_judges_can_be_spurious() -> None:
    found = compare_fields(Invoice, {"lines": [{"name": "Tea"}]}, items(("Tea", "3"), ("Cake", "4")))

    assert [(one.path, one.outcome.value) for one in found] == [
        ("lines[0].name", "right"),
        ("lines[1].name", "spurious"),
    ]


def test_items_of_which_nothing_is_expected_are_paired_with_what_was_read() -> None:
    found = compare_fields(Invoice, {"lines": [{"amount": None}]}, read({"lines[0].name": "Tea"}))

    assert [(one.path, one.expected_path, one.outcome.value) for one in found] == [
        ("lines[0].amount", "lines[0].amount", "empty")
    ]


@pytest.mark.parametrize("number", [Decimal("1E+999999999"), Decimal("-1E-999999999"), Decimal("Infinity")])
def test_monstrous_numbers_are_not_written_out(number: Decimal) -> None:
    judged = judge(Invoice, {"total": number}, read({"total": number}))

    assert judged.scores.right == judged.anls == 1


def test_lists_of_values_are_compared_in_any_order() -> None:
    assert compared({"tags": ["b", "a"]}, {"tags[0]": "a", "tags[1]": "b"}) == {"tags[0]": "right", "tags[1]": "right"}


def test_items_without_a_value_are_no_items_and_holes_do_not_count() -> None:
    values = {"lines[0].name": None, "lines[7].name": "Tea", "lines[99999999999].name": "x", "lines[zero].name": "y"}

    assert compared({"lines": [{"name": "Tea"}]}, values) == {"lines[7].name": "right"}


def test_a_value_of_the_grade_missing_is_no_value() -> None:
    fields = {"total": evidence("total", Decimal(3), grade=EvidenceGrade.MISSING)}

    assert compare_fields(Invoice, {"total": "3"}, fields)[0].outcome is Outcome.MISSING


def test_a_comparison_says_what_was_expected_and_what_proves_the_value() -> None:
    fields = {"total": evidence("total", Decimal("3.10"), quote="3.10", boxes=(box(0, 0, 1, 1),))}
    one = compare_fields(Invoice, {"total": {"any_of": ["3", "3.20"], "regions": ["p1r1"]}}, fields)[0]

    assert (one.expected, one.got, one.is_miss) == ("3", "3.10", True)
    assert one.evidence is fields["total"]
    assert one.boxes == (box(0, 0, 1, 1),)
    assert one.regions_expected == ("p1r1",)
    assert FieldComparison(path="a", expected_path="a", field="a", outcome=Outcome.EMPTY).boxes == ()


@pytest.mark.parametrize(
    ("expected", "path", "words"),
    [
        ({"sum": 3}, "", "no field 'sum'"),
        ({"seller": {"nmae": "x"}}, "seller", "no field 'nmae'"),
        ({"seller": "Acme"}, "seller", "an object is expected, got a text"),
        ({"seller": ["Acme"]}, "seller", "an object is expected, got a list"),
        ({"lines": {"name": "Tea"}}, "lines", "a list is expected, got an object"),
        ({"lines": 3}, "lines", "a list is expected, got a number"),
        ({"lines": [[]]}, "lines[0]", "an object is expected"),
        ({"lines": [{"name": []}]}, "lines[0].name", "a single value is expected"),
        ({"total": {}}, "total", "'value' or 'any_of'"),
        ({"total": {"worth": 3}}, "total", "'worth'"),
        ({"total": {"value": {"value": 3}}}, "total", "a single value"),
        ({"total": {"any_of": [[3]]}}, "total", "a single value"),
        ({"total": {"any_of": 3}}, "total", "any_of"),
        ({"total": {"value": 3, "boxes": [{"box": [0, 0, 1]}]}}, "total", "boxes.0.box"),
        ({"total": {"value": 3, "boxes": [{"box": [0, 0, 1, float("nan")]}]}}, "total", "finite"),
        ({"total": {"value": 3, "boxes": [{"box": [0, 0, 1, 1], "page": 0}]}}, "total", "page"),
    ],
)
def test_a_truth_that_is_not_nested_like_the_schema_is_refused(expected: Any, path: str, words: str) -> None:
    with pytest.raises(SchemaError, match=words) as caught:
        compare_fields(Invoice, expected, {})

    assert caught.value.path == path


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(), st.text(max_size=8))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*Invoice.model_fields, "name", "value", "any_of", "boxes"]), inner, max_size=4
        ),
    ),
    max_leaves=12,
)
PATHS = st.sampled_from(
    ["number", "date", "total", "paid", "seller.name", "lines[0].name", "lines[3].amount", "tags[1]"]
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(list(Invoice.model_fields)), JSON), st.dictionaries(PATHS, JSON))
def test_whatever_a_truth_holds_it_is_judged_or_refused(expected: dict[str, Any], values: dict[str, Any]) -> None:
    try:
        judged = judge(Invoice, expected, read(values))
    except SchemaError:
        return

    scores = judged.scores
    assert scores.judged == len(judged.comparisons)
    assert all(rate is None or 0 <= rate <= 1 for rate in (scores.accuracy, scores.precision, scores.recall, scores.f1))
    assert 0 <= judged.anls <= 1


LINES = st.lists(st.tuples(st.sampled_from(["tea", "cake", "milk"]), st.sampled_from(["1", "2.50"])), max_size=6)


@settings(max_examples=60, deadline=None)
@given(LINES, LINES, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_no_figure(true: Any, got: Any, draw: Any) -> None:
    one = judge(Invoice, {"lines": truths(*true)}, items(*got))
    other = judge(Invoice, {"lines": truths(*draw.sample(true, len(true)))}, items(*draw.sample(got, len(got))))

    assert one.scores == other.scores
    assert one.anls == pytest.approx(other.anls)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_what_is_expected_is_all_right_when_it_is_read(true: Any) -> None:
    judged = judge(
        Invoice, {"number": "A1", "lines": truths(*true), "seller": None}, items(*true) | read({"number": "a1"})
    )

    assert judged.misses == ()
    assert judged.scores.accuracy == judged.anls == 1
