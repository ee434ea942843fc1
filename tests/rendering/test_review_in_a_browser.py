"""The review page in a real browser: from field to box and back, links, zoom and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from review_browser import MARK, VIEWPORTS, Review, scan
from review_samples import SIZE, invoice

from deepocr_kit.rendering import render_review

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def test_the_first_field_to_check_is_selected_and_the_keys_go_from_field_to_field(visit: Any) -> None:
    review = visit()
    assert review.chosen == "/date"

    seen = []
    for key in ("j", "ArrowDown", "j", "k", "ArrowUp", "k"):
        review.press(key)
        seen.append(review.chosen)

    assert seen == ["/seller/tax_id", "/note", "/lines/0/name", "/note", "/seller/tax_id", "/date"]
    assert review.focused == "f=/date"
    assert review.said == []


def test_enter_goes_to_the_box_arrows_to_the_next_and_escape_back_to_the_field(visit: Any) -> None:
    review = visit("#f=/company")
    review.page.focus(".field.chosen .pick")

    review.press("Enter")
    assert review.focused == "r=p1r1"
    assert review.page.inner_text("#region-text") == "Corner Bakery"
    assert review.page.inner_text("#region-sure") == "confidence 0.93"
    assert review.page.get_attribute("[id='r=p1r1']", "aria-label") == "Region p1r1: Corner Bakery"
    review.press("ArrowDown", "ArrowDown")
    assert review.focused == "r=p1r4"
    assert "unsure" in review.page.inner_text("#region-issues")
    review.press("Escape")

    assert review.focused == "f=/company"
    assert review.page.is_hidden("#inspector")


def test_tab_reaches_the_scan_the_fields_and_the_value_without_passing_every_box(visit: Any) -> None:
    review = visit()
    stops = []
    for _ in range(40):
        review.press("Tab")
        stops.append(review.focused)

    assert stops.count("f=/date") >= 1
    assert sum(stop.startswith("r=") for stop in stops[:35]) == 1
    order = [stops.index(name) for name in ("help", "page-now", "viewer", "r=p1r1", "f=/date", "value", "confirm")]
    assert order == sorted(order)


@pytest.mark.parametrize("viewport", VIEWPORTS, ids=lambda size: f"{size[0]} wide")
def test_the_box_of_the_selected_field_is_at_its_place_at_every_zoom(visit: Any, viewport: tuple[int, int]) -> None:
    review = visit("#f=/total")
    review.page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
    for button in ("#fit-width", "#zoom-in", "#zoom-in", "#zoom-in", "#fit-page", "#zoom-out", "#zoom-out"):
        review.page.click(button)
        review.page.click("#show")
        mark = review.page.evaluate(MARK)

        assert mark["page"] == 1
        assert mark["left"] == pytest.approx(0.7 * mark["width"], abs=1)
        assert mark["top"] == pytest.approx(0.82 * mark["height"], abs=1)
        assert mark["right"] == pytest.approx(0.9 * mark["width"], abs=1)
        assert mark["bottom"] == pytest.approx(0.86 * mark["height"], abs=1)
        assert mark["width"] / mark["height"] == pytest.approx(800 / 600, abs=0.01)
        assert mark["seen"]


def test_the_boxes_lie_on_the_scan_of_a_page_that_was_handed_in_on_its_side(page: Any, tmp_path: Path) -> None:
    document, fields = invoice()
    # the second page stands upright when it is turned once; its boxes are in the frame of the picture
    turned = document.pages[1].model_copy(update={"turned": 1, "size": SIZE})
    html = render_review(
        document.model_copy(update={"pages": (document.pages[0], turned)}),
        fields,
        images={1: scan(SIZE, 1)},
    )
    Review(page, html, tmp_path / "review.html", "#f=/total")
    mark = page.evaluate(MARK)
    picture = page.evaluate(
        """() => { const box = document.querySelector('image').getBoundingClientRect();
        const sheet = document.querySelector('#page-2 .sheet').getBoundingClientRect();
        return [box.left - sheet.left, box.top - sheet.top, box.width / sheet.width, box.height / sheet.height]; }"""
    )

    assert (mark["left"], mark["right"]) == (
        pytest.approx(0.14 * mark["width"], abs=1),
        pytest.approx(0.18 * mark["width"], abs=1),
    )
    assert mark["top"] == pytest.approx(0.7 * mark["height"], abs=1)
    assert picture == pytest.approx([0, 0, 1, 1], abs=1)


def test_a_deep_link_opens_the_field_or_the_region_on_its_page(visit: Any) -> None:
    review = visit("#f=/total")

    assert review.chosen == "/total"
    assert review.page.input_value("#value") == "6.65"
    assert review.page.evaluate(MARK)["seen"]
    expect(review.page.locator("#page-now")).to_have_value("2")
    review.page.goto(review.address + "#r=p1r4")
    assert review.page.inner_text("#region-text") == "thank you"
    expect(review.page.locator("#page-now")).to_have_value("1")
    review.page.goto(review.address + "#r=p1r3")
    assert review.page.inner_text("#region-text") == "found without a box"
    assert review.page.is_visible(".words li.chosen")
    review.page.goto(review.address + "#page-3")
    assert "no token for 60 s" in review.page.inner_text("#page-3")


def test_pointing_at_a_field_lights_its_box_up_and_pointing_at_a_box_its_fields(visit: Any) -> None:
    review = visit("#f=/company")

    review.page.hover("[id='f=/date']")
    assert review.page.locator(".marks.hint .mark.doubtful").count() == 1
    review.page.hover("[id='r=p1r4']")
    assert review.page.locator(".marks.hint").count() == 0
    review.page.hover("[id='r=p1r2']")

    assert review.page.locator(".field.lit").evaluate_all("all => all.map(one => one.id)") == ["f=/date"]


def test_zoom_keeps_the_point_under_the_pointer_and_the_scan_can_be_dragged(visit: Any) -> None:
    review = visit("#f=/company")
    page = review.page
    where = """() => { const box = document.querySelector('[id="r=p1r2"] rect').getBoundingClientRect();
      return [box.x, box.y]; }"""
    x, y = page.evaluate(where)

    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for _ in range(4):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator("#zoom")).not_to_have_text("100 %")
    page.wait_for_timeout(200)
    zoomed = page.evaluate(where)
    page.mouse.down()
    page.mouse.move(x - 30, y - 40, steps=4)
    page.mouse.up()
    dragged = page.evaluate(where)

    assert zoomed == pytest.approx([x, y], abs=3)
    assert dragged == pytest.approx([zoomed[0] - 30, zoomed[1] - 40], abs=2)
    assert review.chosen == "/company"


def test_keys_zoom_turn_pages_show_boxes_and_help_and_can_be_switched_off(visit: Any) -> None:
    review = visit()
    page = review.page
    review.press("+", "+")
    assert page.inner_text("#zoom") == "156 %"
    review.press("0")
    assert page.inner_text("#zoom") == "100 %"
    review.press("9")
    assert page.get_attribute("#fit-page", "aria-pressed") == "true"
    review.press("]")
    expect(page.locator("#page-now")).to_have_value("2")
    review.press("[")
    expect(page.locator("#page-now")).to_have_value("1")
    review.press("b")
    assert page.get_attribute("#all-boxes", "aria-pressed") == "true"

    review.press("?")
    page.uncheck("#single-keys")
    review.press("Escape", "j")

    assert review.chosen == "/date"
    assert page.is_hidden("#keys")


def test_the_panel_of_a_field_says_what_its_cell_has_no_room_for(visit: Any) -> None:
    review = visit("#f=/lines/0/amount")
    page = review.page

    assert page.inner_text("#dock-name") == "Lines › No. 1 › Amount"
    assert page.inner_text("#dock-quote").split() == ["Bread", "4.20", "p.", "2"]
    assert page.inner_text("#dock-more .to-region") == "p2r1"
    assert page.is_visible("[id='f=/lines/0/amount'] .quote")
    page.click("[id='f=/seller/tax_id'] .pick")
    assert page.inner_text("#dock-quote") == "Nothing on the pages shows this value."
    assert "it stands nowhere" in page.inner_text("#dock-more")
