"""The review page in a real browser: values corrected, confirmed, filtered, saved and opened again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from review_samples import SHA

from deepocr_kit.revisers import load_corrections

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def test_clicking_a_box_selects_its_field_and_any_region_can_give_the_value(visit: Any) -> None:
    review = visit()

    review.page.click("[id='r=p1r1']")
    assert review.chosen == "/company"
    assert review.page.inner_text("#region-fields") == "Proves Company"
    review.page.click("[id='f=/note'] .pick")
    review.page.click("[id='r=p1r4']")
    review.page.click("#region-use")

    assert review.saved()["fields"] == [
        {"path": "/note", "old": None, "new": "thank you", "region_ids": ["p1r4"], "confirmed": False}
    ]


def test_corrections_are_typed_confirmed_undone_and_saved_as_documented_json(visit: Any) -> None:
    review = visit("#f=/seller/tax_id")
    page = review.page
    assert page.is_disabled("#save")
    assert page.inner_text("#progress") == "3 to check"

    review.press("e")
    page.keyboard.type("DE456")
    review.press("Enter")
    assert review.focused == "f=/seller/tax_id"
    assert page.inner_text("[id='f=/seller/tax_id'] .value") == "DE456"
    assert page.inner_text("[id='f=/seller/tax_id'] .grade") == "corrected"
    review.press("c")
    assert review.chosen == "/note"
    review.press("e")
    page.keyboard.type("never mind")
    review.press("Escape")
    review.press("j", "j", "e")
    page.keyboard.type("9.99")
    review.press("Enter", "u")
    assert page.inner_text("[id='f=/lines/0/amount'] .value") == "4.20"
    assert page.inner_text("#progress") == "2 to check"
    page.click("[id='f=/date'] .pick")
    page.click("#confirm")
    data = review.saved()

    assert data == {
        "format": "deepocr-corrections/1",
        "document": {"name": "bakery 14.pdf", "sha256": SHA},
        "fields": [
            {"path": "/date", "old": "2026-03-14", "new": "2026-03-14", "region_ids": ["p1r2"], "confirmed": True},
            {"path": "/seller/tax_id", "old": "DE123", "new": "DE456", "region_ids": [], "confirmed": True},
        ],
    }
    assert [said.new for said in load_corrections(json.dumps(data)).fields] == ["2026-03-14", "DE456"]
    assert review.said == []
    assert [url for url in review.asked if not url.startswith("blob:")] == [review.address]


def test_an_emptied_value_is_saved_as_no_value(visit: Any) -> None:
    review = visit("#f=/total")

    review.page.fill("#value", "")
    review.page.press("#value", "Enter")

    assert review.page.inner_text("[id='f=/total'] .value") == "No value"
    assert review.saved()["fields"][0]["new"] is None


def test_saved_corrections_can_be_opened_again_and_those_of_another_document_not(visit: Any, tmp_path: Path) -> None:
    review = visit()
    given = {"path": "/total", "old": "6.65", "new": "7.00", "region_ids": ["p2r3"], "confirmed": True}
    unknown = {"path": "/gone", "old": None, "new": "x", "region_ids": [], "confirmed": True}
    saved = {"format": "deepocr-corrections/1", "document": {"sha256": SHA}, "fields": [given, unknown, None]}
    answers = []
    for name, text in {
        "good": json.dumps(saved),
        "foreign": json.dumps(saved | {"document": {"sha256": "0" * 64}}),
        "other": json.dumps({"format": "something"}),
        "null": "null",
        "broken": "{",
    }.items():
        (tmp_path / name).write_text(text)
        review.page.evaluate("document.querySelector('#status').textContent = ''")
        review.page.set_input_files("#file", tmp_path / name)
        expect(review.page.locator("#status")).not_to_be_empty()
        answers.append(review.page.inner_text("#status"))

    assert answers == [
        "Opened 1 of 3 corrections",
        "These corrections belong to another document",
        *["This file does not hold corrections of this kind"] * 3,
    ]
    assert review.saved()["fields"] == [given]
    assert review.said == []


def test_the_corrections_can_be_copied_also_where_the_browser_forbids_it(visit: Any) -> None:
    review = visit("#f=/total")
    review.press("c")

    review.page.click("#copy")
    review.page.wait_for_selector("#by-hand[open], #status:not(:empty)")
    if review.page.is_visible("#by-hand"):
        text = review.page.input_value("#json")
    else:
        review.page.context.grant_permissions(["clipboard-read"])
        text = review.page.evaluate("navigator.clipboard.readText()")

    assert [said["path"] for said in json.loads(text)["fields"]] == ["/total"]


def test_filters_show_what_is_to_check_and_what_was_changed(visit: Any) -> None:
    review = visit()
    page = review.page

    def shown() -> list[str]:
        return page.locator(".field:visible").evaluate_all("all => all.map(one => one.id.slice(2))")

    page.click("[data-filter=changed]")
    assert shown() == []
    assert page.inner_text("#nothing") == "Nothing was changed or confirmed yet."
    page.click("[data-filter=check]")
    assert sorted(shown()) == ["/date", "/note", "/seller/tax_id"]
    page.click("[id='f=/date'] .pick")
    review.press("c", "c", "c")
    assert shown() == []
    assert page.inner_text("#progress") == page.inner_text("#nothing")[:21]
    page.click("[data-filter=changed]")
    assert sorted(shown()) == ["/date", "/note", "/seller/tax_id"]
    page.goto(review.address + "#f=/total")
    assert page.is_visible("[id='f=/total']")
