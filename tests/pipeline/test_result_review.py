"""A result as a review page, and what comes back from it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import Enum

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document, Issue, IssueCode, Severity
from deepocr_kit.errors import RevisionError
from deepocr_kit.geometry import BBox
from deepocr_kit.pipeline import Result
from deepocr_kit.revisers import (
    CorrectedField,
    CorrectedList,
    Corrections,
    EvidenceGrade,
    FieldEvidence,
    Revision,
    revision_of,
)
from deepocr_kit.testing import build_document, build_page_image


class Kind(Enum):
    CASH = "cash"


class Receipt(BaseModel):
    company: str
    date: dt.date
    total: Decimal


TEXT = "ACME STORES\nDate: 27/03/2024\nTotal 12.75"
ANSWERS = {"company": "Acme Stores", "date": "2024-03-27", "total": "12.76"}


def result(document: Document | None = None) -> Result[Receipt]:
    read = document or build_document(TEXT)
    return Result(read, revision_of(read, Receipt, ANSWERS))


def data_of(page: str) -> dict[str, object]:
    return {one["path"]: one for one in json.loads(page.split('id="data">')[1].split("</script>")[0])["fields"]}


def test_every_field_of_the_schema_is_on_the_page_with_its_state() -> None:
    page = result().review_html(images={0: build_page_image()}, title="Mine")
    fields = data_of(page)

    assert {path: one["state"] for path, one in fields.items()} == {
        "/company": "proved",
        "/date": "proved",
        "/total": "unsupported",
    }
    assert fields["/date"]["value"] == "2024-03-27"
    assert fields["/date"]["regions"] == ["p1r2"]
    assert "<title>Mine" in page
    assert page.count("data:image/png") == 1


def test_grades_become_states_and_every_field_says_what_its_grade_means() -> None:
    evidence = [
        FieldEvidence(path="a", value=Kind.CASH, grade=EvidenceGrade.FOUND_UNIQUE, signals={"ocr": 0.5, "x": True}),
        FieldEvidence(path="b", value=True, grade=EvidenceGrade.DERIVED, signals={"labelled": False, "place": "right"}),
        FieldEvidence(path="c", raw_text="soon", grade=EvidenceGrade.CITED_EXACT, reason="that is not a date"),
        FieldEvidence(path="d", grade=EvidenceGrade.MISSING),
        FieldEvidence(path="e", raw_text="1", grade=EvidenceGrade.UNSUPPORTED),
    ]
    issues = (
        Issue(code=IssueCode.FIELD_MISSING, severity=Severity.ERROR, message="it is missing", field="d"),
        Issue(code=IssueCode.DOCUMENT_CUT, severity=Severity.WARNING, message="cut after page 9"),
    )
    revision = Revision(fields={one.path: one for one in evidence}, issues=issues)
    page = Result(build_document("a"), revision).review_html()

    assert {path: (one["value"], one["state"]) for path, one in data_of(page).items()} == {
        "/a": ("cash", "proved"),
        "/b": ("true", "doubtful"),
        "/c": ("soon", "doubtful"),
        "/d": ("", "missing"),
        "/e": ("1", "unsupported"),
    }
    for words in ("It stands in exactly one place.", "that is not a date", "cut after page 9", "<dd>0.5</dd>"):
        assert words in page
    assert "<dd>yes</dd>" in page
    assert "<dd>no</dd>" in page


def test_a_result_without_a_schema_has_a_page_without_fields() -> None:
    assert "No fields." in Result(build_document(TEXT)).review_html()


class Line(BaseModel):
    name: str
    parts: list[str] = []


class Bill(BaseModel):
    company: str
    lines: list[Line] = []


class Odd(BaseModel):
    lines: list[Line]
    notes: dict[str, str] = {}


def test_a_schema_that_only_another_reviser_can_fill_has_its_page_too() -> None:
    evidence = FieldEvidence(path="lines[0].name", value="Tea", grade=EvidenceGrade.FOUND_UNIQUE)
    revision = Revision[Odd](value=Odd(lines=[Line(name="Tea")]), fields={evidence.path: evidence})

    assert list(data_of(Result(build_document("Tea"), revision).review_html())) == ["/lines/0/name"]


def test_a_row_can_be_added_to_a_list_of_which_none_was_read_and_comes_back_with_its_evidence() -> None:
    read = build_document("ACME STORES\nTea")
    bill = Result(read, revision_of(read, Bill, {"company": "ACME STORES"}))
    page = bill.review_html()
    tea = CorrectedField(path="/lines/0/name", old=None, new="Tea", region_ids=("p1r2",))
    fresh = bill.corrected(Corrections(fields=(tea,), lists=(CorrectedList(path="/lines", rows=(0,)),)))

    lists = json.loads(page.split('id="data">')[1].split("</script>")[0])["lists"]
    assert lists == [{"path": "/lines", "name": "Lines", "columns": [["/name", "Name"]]}]
    assert fresh.value == Bill(company="ACME STORES", lines=[Line(name="Tea")])
    assert fresh.evidence["lines[0].name"].region_ids == ("p1r2",)


def test_corrections_change_the_value_and_the_status_of_the_result() -> None:
    said = CorrectedField(path="/total", old="12.76", new="12.75", region_ids=("p1r3",), confirmed=True)
    fresh = result().corrected(Corrections(fields=(said,)))

    assert fresh.value == Receipt(company="Acme Stores", date=dt.date(2024, 3, 27), total=Decimal("12.75"))
    assert fresh.evidence["total"].region_ids == ("p1r3",)
    assert fresh.issues == ()


def test_corrections_of_a_result_without_a_value_need_the_schema() -> None:
    read = build_document(TEXT)
    incomplete: Result[Receipt] = Result(read, revision_of(read, Receipt, ANSWERS | {"date": None}))
    said = Corrections(fields=(CorrectedField(path="/date", old=None, new="2024-03-27", region_ids=("p1r2",)),))

    with pytest.raises(RevisionError, match="pass schema="):
        incomplete.corrected(said)
    with pytest.raises(RevisionError, match="a result with a revision"):
        Result(read).corrected(said)
    fresh = incomplete.corrected(said, schema=Receipt)
    assert fresh.value is not None
    assert fresh.value.date == dt.date(2024, 3, 27)


def test_boxes_stay_in_the_frame_of_a_page_that_was_handed_in_on_its_side() -> None:
    upright = build_document(TEXT).pages[0]
    turned = upright.model_copy(
        update={
            "turned": 1,
            "size": upright.size.turned(1) if upright.size else None,
            "regions": tuple(
                region.model_copy(update={"boxes": tuple(box.turned(-1) for box in region.boxes)})
                for region in upright.regions
            ),
        }
    )
    document = Document(pages=(turned,))
    before = result(document)
    said = CorrectedField(path="/total", old="12.76", new="12.75", region_ids=("p1r3",))
    after = before.corrected(Corrections(fields=(said,)))
    company = before.evidence["company"].boxes

    assert after.evidence["company"].boxes[0].bbox == approximately(company[0].bbox)
    assert after.evidence["total"].boxes[0].bbox == approximately(turned.regions[2].boxes[0])


def approximately(box: BBox) -> object:
    class Near(BBox):
        def __eq__(self, other: object) -> bool:
            return isinstance(other, BBox) and all(
                abs(getattr(self, name) - getattr(other, name)) < 1e-9 for name in ("x0", "y0", "x1", "y1")
            )

        __hash__ = BBox.__hash__

    return Near(box.x0, box.y0, box.x1, box.y1)
