"""Corrections of a person: read, checked against the result, and put into it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import Enum

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document, SourceInfo
from deepocr_kit.errors import RevisionError
from deepocr_kit.revisers import (
    CorrectedField,
    CorrectedSource,
    Corrections,
    EvidenceGrade,
    FieldEvidence,
    Revision,
    apply_corrections,
    load_corrections,
    pointer_of,
    revision_of,
    shown_value,
)
from deepocr_kit.testing import build_document

SHA = "12" * 32


class Line(BaseModel):
    name: str
    amount: Decimal


class Receipt(BaseModel):
    company: str
    date: dt.date
    total: Decimal
    paid: bool | None = None
    lines: list[Line] = []


DOCUMENT = build_document("ACME STORES\nDate: 27/03/2024\nTea 4.50\nCake 8.25\nTotal 12.75\n99.00").model_copy(
    update={"source": SourceInfo(name="a.png", sha256=SHA)}
)
ANSWERS = {
    "company": "Acme Stores",
    "date": "2024-03-27",
    "total": {"text": "12.76", "src": ["p1r5"]},
    "lines": [{"name": "Tea", "amount": "4.50"}, {"name": "Cake", "amount": "8.25"}],
}


def reviewed(answers: dict[str, object] = ANSWERS, **options: object) -> Revision[Receipt]:
    return revision_of(DOCUMENT, Receipt, answers, **options)  # type: ignore[arg-type]


def said(path: str, old: str | None, new: str | None, *ids: str, confirmed: bool = False) -> Corrections:
    one = CorrectedField(path=path, old=old, new=new, region_ids=ids, confirmed=confirmed)
    return Corrections(document=CorrectedSource(name="a.png", sha256=SHA), fields=(one,))


def test_a_corrected_value_is_typed_proved_and_validated() -> None:
    fresh = apply_corrections(DOCUMENT, Receipt, reviewed(), said("/total", "12.76", "12.75", "p1r5"))

    assert fresh.value is not None
    assert fresh.value.total == Decimal("12.75")
    assert fresh.fields["total"].grade is EvidenceGrade.CITED_TYPED or not fresh.fields["total"].grade.is_low
    assert fresh.fields["total"].signals["corrected"] is True
    assert fresh.fields["total"].signals["confirmed"] is False
    assert [issue.field for issue in fresh.issues] == []


def test_fields_that_nobody_touched_keep_their_evidence() -> None:
    before = reviewed()
    after = apply_corrections(DOCUMENT, Receipt, before, said("/total", "12.76", "12.75", "p1r5"))

    untouched = [path for path in before.fields if path != "total"]
    assert {path: after.fields[path] for path in untouched} == {path: before.fields[path] for path in untouched}


def test_a_confirmed_value_keeps_its_grade_and_loses_its_issue() -> None:
    fresh = apply_corrections(DOCUMENT, Receipt, reviewed(), said("/total", "12.76", "12.76", "p1r5", confirmed=True))

    assert fresh.fields["total"].grade is EvidenceGrade.UNSUPPORTED
    assert fresh.fields["total"].signals["confirmed"] is True
    assert "corrected" not in fresh.fields["total"].signals or fresh.fields["total"].signals["corrected"]
    assert fresh.issues == ()


def test_a_value_that_the_page_does_not_show_stays_unsupported_until_it_is_confirmed() -> None:
    typed = apply_corrections(DOCUMENT, Receipt, reviewed(), said("/total", "12.76", "77.77"))

    assert typed.value is not None
    assert typed.value.total == Decimal("77.77")
    assert typed.fields["total"].grade is EvidenceGrade.UNSUPPORTED
    assert [issue.field for issue in typed.issues] == ["total"]


def test_an_item_of_a_list_can_be_corrected() -> None:
    fresh = apply_corrections(DOCUMENT, Receipt, reviewed(), said("/lines/1/amount", "8.25", "99.00", "p1r6"))

    assert fresh.value is not None
    assert [line.amount for line in fresh.value.lines] == [Decimal("4.50"), Decimal("99.00")]


def test_a_required_value_that_is_taken_out_leaves_no_model_and_says_so() -> None:
    fresh = apply_corrections(DOCUMENT, Receipt, reviewed(), said("/company", "Acme Stores", None))

    assert fresh.value is None
    assert "company" in {issue.field for issue in fresh.issues}


def test_a_missing_value_can_be_given() -> None:
    before = reviewed({name: value for name, value in ANSWERS.items() if name != "date"})
    fresh = apply_corrections(DOCUMENT, Receipt, before, said("/date", None, "2024-03-27", "p1r2"))

    assert before.value is None
    assert fresh.value is not None
    assert fresh.value.date == dt.date(2024, 3, 27)


def test_a_value_that_was_taken_out_stays_out_unless_somebody_vouches_for_it() -> None:
    before = reviewed(on_unsupported="null")
    other = apply_corrections(DOCUMENT, Receipt, before, said("/company", "Acme Stores", "ACME STORES", "p1r1"))
    vouched = apply_corrections(DOCUMENT, Receipt, before, said("/total", "12.76", "12.76", "p1r5", confirmed=True))

    assert other.value is None
    assert vouched.value is not None
    assert vouched.value.total == Decimal("12.76")


def test_corrections_of_another_document_another_schema_and_another_result_are_refused() -> None:
    foreign = Corrections(document=CorrectedSource(name="b.png", sha256="34" * 32))
    with pytest.raises(RevisionError, match=r"belong to 'b.png' with SHA-256 343434343434.*this is 'a.png'"):
        apply_corrections(DOCUMENT, Receipt, reviewed(), foreign)
    with pytest.raises(RevisionError, match="the result has no field '/gone'"):
        apply_corrections(DOCUMENT, Receipt, reviewed(), said("/gone", "1", "2"))
    with pytest.raises(RevisionError, match=r"/total: the person saw '1\.00', the result has '12\.76'"):
        apply_corrections(DOCUMENT, Receipt, reviewed(), said("/total", "1.00", "2.00"))


def test_a_document_without_a_digest_and_a_text_that_no_page_can_show_are_taken() -> None:
    plain = Document(pages=DOCUMENT.pages)
    fresh = apply_corrections(plain, Receipt, reviewed(), said("/company", "Acme \ufffdtores", "ACME STORES", "p1r1"))

    assert fresh.value is not None
    assert fresh.value.company == "ACME STORES"


def test_the_saved_json_is_read_back() -> None:
    corrections = said("/total", None, "1", "p1r1", confirmed=True)

    assert load_corrections(corrections.model_dump_json()) == corrections
    assert load_corrections(corrections.model_dump_json().encode()) == corrections


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "the whole text"),
        ("[]", "the whole text"),
        (json.dumps({"format": "deepocr-corrections/2"}), "format"),
        (json.dumps({"fields": [{"path": "/a"}]}), "fields.0.old"),
        (json.dumps({"more": 1}), "more"),
    ],
)
def test_another_text_is_refused_with_the_place(text: str, where: str) -> None:
    with pytest.raises(RevisionError, match=f"these are not corrections: {where}: "):
        load_corrections(text)


def test_paths_become_json_pointers() -> None:
    paths = ["total", "seller.name", "lines[0].amount", "a[1][2]", "with/slash.and~tilde", "[3]", ""]

    assert [pointer_of(path) for path in paths] == [
        "/total",
        "/seller/name",
        "/lines/0/amount",
        "/a/1/2",
        "/with~1slash/and~0tilde",
        "/3",
        "/",
    ]


class Color(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "raw", "shown"),
    [
        (Decimal("1.50"), "1.5", "1.50"),
        (True, "yes", "true"),
        (Color.RED, "RED", "red"),
        (None, "not a date", "not a date"),
        (dt.date(2024, 1, 2), "", "2024-01-02"),
    ],
)
def test_a_value_is_shown_as_typed_or_as_it_was_read(value: object, raw: str, shown: str) -> None:
    evidence = FieldEvidence(path="a", value=value, raw_text=raw, grade=EvidenceGrade.FUZZY)

    assert shown_value(evidence) == shown
