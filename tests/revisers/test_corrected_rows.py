"""Rows of a list that a person takes out, puts in or moves; and items that the schema refuses after a correction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel

from deepocr_kit.errors import RevisionError
from deepocr_kit.revisers import (
    CorrectedField,
    CorrectedList,
    Corrections,
    Revision,
    apply_corrections,
    load_corrections,
    revision_of,
)
from deepocr_kit.testing import build_document


class Line(BaseModel):
    name: str
    amount: Decimal
    note: str | None = None


class Receipt(BaseModel):
    company: str
    lines: list[Line]
    tags: list[str] = []


DOCUMENT = build_document("ACME STORES\nTea 4.50\nCake 8.25\nMilk 2.10\nRolls 3.00")
NAMES = ("Tea", "Cake", "Rolls")
ANSWERS = {
    "company": "ACME STORES",
    "lines": [
        {"name": {"text": name, "src": [f"p1r{at}"]}, "amount": {"text": amount, "src": [f"p1r{at}"]}}
        for name, amount, at in (("Tea", "4.50", 2), ("Cake", "8.25", 3), ("Rolls", "3.00", 5))
    ],
}


def reviewed(answers: dict[str, object] = ANSWERS) -> Revision[Receipt]:
    return revision_of(DOCUMENT, Receipt, answers)


def field(path: str, new: str | None, *ids: str, old: str | None = None, confirmed: bool = False) -> CorrectedField:
    return CorrectedField(path=path, old=old, new=new, region_ids=ids, confirmed=confirmed)


def apply(*fields: CorrectedField, before: Revision[Receipt] | None = None, **lists: list[int]) -> Revision[Receipt]:
    rows = tuple(CorrectedList(path=f"/{name}", rows=tuple(numbers)) for name, numbers in lists.items())
    return apply_corrections(DOCUMENT, Receipt, before or reviewed(), Corrections(fields=fields, lists=rows))


def names(revision: Revision[Receipt]) -> list[str]:
    assert revision.value is not None
    return [line.name for line in revision.value.lines]


def test_a_row_that_was_taken_out_goes_and_the_others_keep_their_evidence_under_their_new_number() -> None:
    before = reviewed()
    after = apply(lines=[0, 2])

    assert names(after) == ["Tea", "Rolls"]
    moved = before.fields["lines[2].amount"].model_copy(update={"path": "lines[1].amount"})
    assert after.fields["lines[1].amount"] == moved
    assert not any(path.startswith("lines[2]") for path in after.fields)
    assert all(evidence.path == path for path, evidence in after.fields.items())


def test_a_row_that_was_missed_is_put_in_at_its_place_and_proved_like_any_other() -> None:
    milk = (field("/lines/3/name", "Milk", "p1r4"), field("/lines/3/amount", "2.10", "p1r4", confirmed=True))
    after = apply(*milk, lines=[0, 1, 3, 2])

    assert names(after) == ["Tea", "Cake", "Milk", "Rolls"]
    assert after.fields["lines[2].amount"].value == Decimal("2.10")
    assert after.fields["lines[2].amount"].quote == "2.10"
    assert after.fields["lines[2].amount"].signals["confirmed"] is True
    assert after.fields["lines[2].name"].signals["corrected"] is True
    assert after.fields["lines[3].name"].region_ids == ("p1r5",)


def test_a_new_row_that_the_page_does_not_show_is_unsupported_until_it_is_confirmed() -> None:
    ghost = {"/lines/3/name": "Ghost", "/lines/3/amount": "77.77"}
    typed = apply(*(field(path, new) for path, new in ghost.items()), lines=[0, 1, 2, 3])
    vouched = apply(*(field(path, new, confirmed=True) for path, new in ghost.items()), lines=[0, 1, 2, 3])

    assert {issue.field for issue in typed.issues} == {"lines[3].name", "lines[3].amount"}
    assert vouched.issues == ()
    assert not vouched.fields["lines[3].amount"].needs_review


def test_a_first_row_is_put_into_an_empty_list_and_all_rows_are_taken_out_of_a_full_one() -> None:
    tagged = apply(field("/tags/0", "ACME", "p1r1"), tags=[0])
    emptied = apply(lines=[])

    assert tagged.value is not None
    assert tagged.value.tags == ["ACME"]
    assert names(emptied) == []


def test_issues_move_with_their_row_and_go_with_it() -> None:
    lines = [{"name": "Tea", "amount": "4.50"}, {"name": "Ghost", "amount": "1.11"}, {"name": "Cake", "amount": "9.99"}]
    before = reviewed({"company": "ACME STORES", "lines": lines})

    assert {issue.field for issue in before.issues} >= {"lines[1].amount", "lines[2].amount"}
    assert {issue.field for issue in apply(before=before, lines=[2, 0]).issues} == {"lines[0].amount"}


def test_a_row_that_is_corrected_and_moved_is_both() -> None:
    after = apply(field("/lines/2/name", "Milk", "p1r4", old="Rolls"), lines=[2, 0])

    assert names(after) == ["Milk", "Tea"]
    assert after.fields["lines[0].name"].signals["corrected"] is True
    assert "corrected" not in after.fields["lines[1].name"].signals


@pytest.mark.parametrize(
    ("wrong", "others"), [("0", ["Cake", "Rolls"]), ("1", ["Tea", "Rolls"]), ("2", ["Tea", "Cake"])]
)
def test_when_the_schema_refuses_an_item_the_others_keep_the_evidence_that_is_theirs(
    wrong: str, others: list[str]
) -> None:
    before = reviewed()
    old = before.fields[f"lines[{wrong}].amount"].raw_text
    confirmed = field("/lines/1/name", "Cake", "p1r3", old="Cake", confirmed=True)
    after = apply(field(f"/lines/{wrong}/amount", "not a number", old=old), confirmed)

    assert names(after) == others
    for at, name in enumerate(others):
        evidence = after.fields[f"lines[{at}].name"]
        assert evidence.region_ids == before.fields[f"lines[{NAMES.index(name)}].name"].region_ids
        assert evidence.path == f"lines[{at}].name"
        assert ("confirmed" in evidence.signals) is (name == "Cake")
    assert f"lines[{wrong}].amount" in {issue.field for issue in after.issues}


def test_emptying_every_value_of_a_row_takes_it_out() -> None:
    emptied = (field("/lines/0/name", None, old="Tea"), field("/lines/0/amount", None, old="4.50"))
    after = apply(*emptied)

    assert names(after) == ["Cake", "Rolls"]
    assert after.fields["lines[0].name"].region_ids == ("p1r3",)


@pytest.mark.parametrize(
    ("fields", "lists", "words"),
    [
        ([], {"lines": [0, 0]}, r"a row of 'lines' stands there twice: \[0, 0\]"),
        ([], {"lines": [0, 7]}, "row 7 of 'lines' is not in the result, and no value is given for it"),
        ([field("/lines/3/name", " ")], {"lines": [0, 3]}, "row 3 of 'lines' is not in the result"),
        ([field("/lines/1/name", "x", old="Cake")], {"lines": [0]}, "change '/lines/1/name' and take its row out"),
        ([field("/lines/3/nam", "x")], {"lines": [3]}, "the result has no field '/lines/3/nam'"),
        ([field("/lines/3", "x")], {"lines": [3]}, "the result has no field '/lines/3'"),
        ([field("/lines/3/name", "x", old="y")], {"lines": [3]}, "the person saw 'y', the result has ''"),
        ([field("/lines/3/name", "x")], {}, "the result has no field '/lines/3/name'"),
        ([field("/company/3", "x")], {"company": [3]}, "the result has no field '/company/3'"),
        ([], {"nothing": [0]}, "row 0 of 'nothing' is not in the result"),
        ([field(f"/lines/{'9' * 5000}/name", "x")], {}, "the result has no field"),
        ([field("/company", "x", old="ACME STORES")] * 2, {}, "the corrections speak of '/company' twice"),
    ],
)
def test_corrections_that_cannot_be_meant_are_refused(
    fields: list[CorrectedField], lists: dict[str, list[int]], words: str
) -> None:
    with pytest.raises(RevisionError, match=words):
        apply(*fields, **lists)


def test_a_list_whose_rows_are_given_twice_is_refused() -> None:
    twice = Corrections(lists=(CorrectedList(path="/lines", rows=(0,)),) * 2)

    with pytest.raises(RevisionError, match="the corrections give the rows of '/lines' twice"):
        apply_corrections(DOCUMENT, Receipt, reviewed(), twice)


@pytest.mark.parametrize("rows", ["[-1]", "[1000000]", "[0.5]", '["a"]', "null"])
def test_rows_that_are_no_numbers_of_rows_are_refused(rows: str) -> None:
    with pytest.raises(RevisionError, match=r"these are not corrections: lists\.0\.rows"):
        load_corrections(f'{{"lists": [{{"path": "/lines", "rows": {rows}}}]}}')


def test_an_item_that_cannot_be_told_from_a_refused_one_gets_fresh_evidence() -> None:
    nothing = field("/lines/0/note", "none")
    after = apply(nothing, field("/lines/1/amount", "not a number", old="8.25"))

    assert names(after) == ["Tea", "Rolls"]
    assert after.fields["lines[0].name"].region_ids == ("p1r2",)
    assert after.fields["lines[0].name"].signals.get("corrected") is None
