"""The review page in a narrow window: the scan stays in sight, and neither it nor the panel covers the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from review_browser import MARK, Review, scans
from review_samples import field, invoice, region

from deepocr_kit.rendering import render_review

PHONE = {"width": 390, "height": 844}
COLUMNS = ("name", "specification", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax")

WHERE = """() => {
  const part = name => document.querySelector(name).getBoundingClientRect();
  const field = part('.field.chosen'), scan = part('.left'), panel = part('#dock');
  const head = document.querySelector('.field.chosen').closest('tr')?.cells[0].getBoundingClientRect();
  return {hidden: (head?.right ?? 0) - field.left, top: field.top, bottom: field.bottom,
    scan: scan.bottom, panel: panel.top, height: innerHeight};
}"""


@pytest.fixture
def phone(page: Any, tmp_path: Path) -> Review:
    """The invoice, with a table that is wider than the window."""
    document, fields = invoice()
    place = region("p2r1", "Bread 4.20", (0.1, 0.2, 0.8, 0.25))
    wide = [field(f"/table/{row}/{name}", "a value", "proved", place) for row in range(9) for name in COLUMNS]
    page.set_viewport_size(PHONE)
    return Review(page, render_review(document, [*fields, *wide], images=scans()), tmp_path / "review.html")


def test_a_wide_table_scrolls_in_its_frame_and_does_not_widen_the_page(phone: Review) -> None:
    assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert phone.page.evaluate("[...document.querySelectorAll('.table')].at(-1).scrollWidth") > PHONE["width"]


def test_every_field_is_seen_between_the_scan_and_the_panel(phone: Review) -> None:
    phone.page.click("[id='f=/company'] .pick")
    for _ in range(24):
        phone.press("j")
        seen = phone.page.evaluate(WHERE)

        assert seen["hidden"] <= 1
        assert seen["scan"] <= seen["top"] + 1
        assert seen["bottom"] <= seen["panel"] + 1
    assert phone.page.evaluate(MARK)["seen"]
    assert seen["panel"] - seen["scan"] > 0.3 * seen["height"]


def test_the_panel_keeps_its_details_folded_until_they_are_asked_for(phone: Review) -> None:
    phone.page.click("[id='f=/company'] .pick")

    assert phone.page.is_hidden("#dock-more")
    phone.page.click("#why summary")
    assert phone.page.is_visible("#dock-more")


def test_the_panel_of_a_region_takes_the_place_of_the_field_s(phone: Review) -> None:
    phone.page.click("[id='r=p1r4']")
    panel = phone.page.locator("#inspector").bounding_box()

    assert panel["y"] + panel["height"] == pytest.approx(PHONE["height"], abs=1)
    assert phone.page.locator(".left").bounding_box()["height"] < 0.45 * PHONE["height"]
    phone.page.click("#region-close")
    assert phone.page.is_hidden("#inspector")
    assert phone.page.is_visible("#dock")


def test_in_a_wide_window_the_scan_is_left_of_the_fields(visit: Any) -> None:
    review = visit()
    scan, fields = (review.page.locator(name).bounding_box() for name in ("#viewer", "#fields"))

    assert scan["x"] == 0
    assert scan["x"] + scan["width"] <= fields["x"] + 1
    assert fields["x"] + fields["width"] == pytest.approx(1200, abs=1)
