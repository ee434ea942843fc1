"""Rows of a table in the review page: added, removed, put back, saved, opened again, and applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from review_browser import Review
from review_samples import SHA

from deepocr_kit.rendering import ReviewList, render_review
from deepocr_kit.revisers import load_corrections
from deepocr_kit.testing import build_document

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

NAME, AMOUNT = "[id='f=/lines/2/name']", "[id='f=/lines/2/amount']"


def rows(review: Any) -> list[str]:
    """The first word of each row, those that were removed in brackets."""
    words = "row => row.className == 'out' ? `(${text(row)})` : text(row)"
    return review.page.evaluate(
        f"""() => {{ const text = row => row.querySelector('.value').textContent;
        return [...document.querySelectorAll('.table tbody tr')].map({words}); }}"""
    )


def test_a_missed_row_is_typed_from_the_keyboard_at_its_place_and_saved(visit: Any) -> None:
    review = visit("#f=/lines/0/name")

    review.press("n")
    assert review.focused == "value"
    review.page.keyboard.type("Rolls")
    review.press("Enter", "j", "e")
    review.page.keyboard.type("3.00")
    review.press("Enter", "c")
    data = review.saved()

    assert rows(review) == ["Bread", "Rolls", "Milk"]
    assert data["lists"] == [{"path": "/lines", "rows": [0, 2, 1]}]
    assert data["fields"] == [
        {"path": "/lines/2/name", "old": None, "new": "Rolls", "region_ids": [], "confirmed": False},
        {"path": "/lines/2/amount", "old": None, "new": "3.00", "region_ids": [], "confirmed": True},
    ]
    assert load_corrections(json.dumps(data)).lists[0].rows == (0, 2, 1)
    assert review.said == []


def test_a_region_of_the_scan_gives_the_value_of_a_new_row_and_lights_up_for_it(visit: Any) -> None:
    review = visit()
    page = review.page

    page.click(".add")
    page.click("[id='r=p1r4']")
    page.click("#region-use")
    assert page.inner_text(f"{NAME} .value") == "thank you"
    assert review.saved()["fields"][0]["region_ids"] == ["p1r4"]
    assert page.locator("#page-1 .marks.held .mark").count() == 1
    review.press("k")
    page.click(f"{NAME} .pick")

    assert page.locator("#page-1 .marks.held .mark").count() == 1
    assert page.is_enabled("#show")


def test_a_row_is_removed_and_put_back_and_its_values_cannot_be_edited_meanwhile(visit: Any) -> None:
    review = visit("#f=/lines/1/name")
    page = review.page

    review.press("x")
    assert rows(review) == ["Bread", "(Milk)"]
    assert page.is_disabled("#value")
    review.press("c", "e")
    assert review.focused != "value"
    page.click("[id='r=p1r4']")
    assert page.is_hidden("#region-use")
    data = review.saved()
    page.click("[data-filter=changed]")
    assert page.locator(".field:visible").count() == 1
    page.click("#row-out")

    assert data["lists"] == [{"path": "/lines", "rows": [0]}]
    assert data["fields"] == []
    assert rows(review) == ["Bread", "Milk"]
    assert page.is_disabled("#save")


def test_a_new_row_without_a_value_is_not_saved_and_one_that_is_removed_is_gone(visit: Any) -> None:
    review = visit("#f=/lines/0/amount")
    page = review.page

    review.press("n", "Escape", "c")
    page.click("[id='f=/company'] .pick")
    review.press("c")
    data = review.saved()
    page.click(f"{AMOUNT} .pick")
    review.press("x")

    assert "lists" not in data
    assert [said["path"] for said in data["fields"]] == ["/company"]
    assert rows(review) == ["Bread", "Milk"]
    assert review.chosen == "/lines/1/name"
    assert page.inner_text("[data-filter=all] b") == "8"


def test_opened_corrections_bring_their_rows_back(visit: Any, tmp_path: Path) -> None:
    review = visit("#f=/lines/0/name")
    review.press("n")
    review.page.keyboard.type("Wrong")
    review.press("Enter")
    given = {"path": "/lines/7/name", "old": None, "new": "Rolls", "region_ids": ["p1r4"], "confirmed": True}
    lists = [
        {"path": "/lines", "rows": [7, 1]},
        {"path": "/gone", "rows": [0]},
        {"path": "/lines", "rows": [1, 1]},
        {"path": "/lines", "rows": "0"},
        None,
    ]
    saved = {"format": "deepocr-corrections/1", "document": {"sha256": SHA}, "fields": [given], "lists": lists}
    (tmp_path / "saved.json").write_text(json.dumps(saved))

    review.page.set_input_files("#file", tmp_path / "saved.json")
    expect(review.page.locator("#status")).to_have_text("Opened 1 of 1 correction")

    assert rows(review) == ["Rolls", "(Bread)", "Milk"]
    again = review.saved()
    assert again["lists"] == lists[:1]
    assert again["fields"] == [given]
    assert review.said == []


def test_a_first_row_can_be_added_to_an_empty_list_and_taken_away_again(page: Any, tmp_path: Path) -> None:
    html = render_review(build_document("a"), lists=[ReviewList("/tags", ("",))])
    review = Review(page, html, tmp_path / "review.html")

    page.click(".add")
    page.keyboard.type("urgent")
    review.press("Enter")
    assert page.inner_text("[id='f=/tags/0'] .value") == "urgent"
    assert page.is_enabled("#save")
    review.press("x")

    assert page.locator(".table tbody tr").count() == 0
    assert page.is_hidden("#dock")
    assert review.said == []
