"""The HTML form in a real browser: places, views, search, requests, scripts, print."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from browsing import MEASURE, Visit, check_places, contrast, find
from PIL import Image
from sample_documents import HOSTILE, MORE_HOSTILE, hostile_document, more_hostile_document, one_of_everything

from deepocr_kit.documents import Document, Page, PageImage
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import render_html
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region


def test_every_box_is_at_its_place_and_holds_its_text(page: Any, tmp_path: Path) -> None:
    check_places(render_html(one_of_everything(), images={0: build_page_image()}), page, tmp_path / "page.html")


def test_every_box_of_the_founding_case_is_at_its_place(page: Any, tmp_path: Path, founding_page: Page) -> None:
    check_places(render_html(Document(pages=(founding_page,))), page, tmp_path / "page.html")


def test_label_and_value_of_the_founding_case_are_level(page: Any, tmp_path: Path, founding_page: Page) -> None:
    Visit(page, render_html(Document(pages=(founding_page,))), tmp_path / "page.html")
    middles = {box["text"].strip(): box["top"] + box["height"] / 2 for box in page.evaluate(MEASURE)}

    for label, value in (("下车", "23:40"), ("单价(元)", "4.10元"), ("里程(km)", "15.9km"), ("等候", "00:03:26")):
        assert middles[label] == pytest.approx(middles[value], abs=1)


def test_hostile_texts_do_nothing(page: Any, tmp_path: Path) -> None:
    visit = Visit(page, render_html(hostile_document()), tmp_path / "page.html")
    page.wait_for_timeout(200)
    shown = page.evaluate("document.body.textContent")

    assert page.title() == HOSTILE[0] + ".png"
    assert visit.said == []
    assert visit.asked == [(tmp_path / "page.html").as_uri()]
    assert all(payload in shown for payload in HOSTILE)
    assert page.evaluate("[...document.querySelectorAll('script,a,base,img')].length") == 0


def test_more_hostile_texts_do_nothing_in_any_view(page: Any, tmp_path: Path) -> None:
    visit = Visit(page, render_html(more_hostile_document(), images={0: build_page_image()}), tmp_path / "page.html")
    for view in ("text", "scan", "boxes", "reflow"):
        visit.show(view)
        page.wait_for_timeout(50)
    shown = page.evaluate("document.body.textContent")

    assert page.title() == MORE_HOSTILE[0]
    assert visit.said == []
    assert {url.split(":")[0] for url in visit.asked} <= {"file", "data"}
    assert all(shown.count(payload) >= 8 for payload in MORE_HOSTILE)
    assert (
        page.evaluate("document.querySelectorAll('script,a,img,iframe,link,object,embed,details,textarea').length") == 0
    )


def test_an_override_of_the_direction_ends_with_its_region(page: Any, tmp_path: Path) -> None:
    Visit(page, render_html(more_hostile_document()), tmp_path / "page.html")
    [left], [right] = find(page, "left"), find(page, "right")

    assert left[2] <= right[0]


def test_the_views_switch_without_a_script(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    images = {0: build_page_image(color="red")}
    visit = Visit(page, render_html(one_of_everything(), images=images), tmp_path / "page.html")
    looks = {}
    for view in ("text", "scan", "boxes", "reflow"):
        visit.show(view)
        looks[view] = page.evaluate(
            """() => [
              getComputedStyle(document.querySelector('#sheet-1'), '::before').display,
              getComputedStyle(document.querySelector('#p1r4')).color == 'rgba(0, 0, 0, 0)',
              getComputedStyle(document.querySelector('#p1r4')).outlineStyle,
              document.querySelector('#sheet-1').checkVisibility(),
              document.querySelector('#page-1 .flow').checkVisibility(),
            ]"""
        )
    context.close()

    assert looks == {
        "text": ["none", False, "none", True, False],
        "scan": ["block", True, "none", True, False],
        "boxes": ["block", True, "solid", True, False],
        "reflow": ["none", False, "none", False, True],
    }


def test_a_page_without_a_scan_keeps_its_text_in_the_scan_view(page: Any, tmp_path: Path) -> None:
    document = build_document(build_page("first"), build_page("second").model_copy(update={"index": 1}))
    html = render_html(document, images={0: build_page_image()}, view="scan")
    Visit(page, html, tmp_path / "page.html")

    assert page.evaluate("getComputedStyle(document.querySelector('#sheet-2 .r')).color") != "rgba(0, 0, 0, 0)"


def test_a_scan_that_lies_on_its_side_is_shown_upright(page: Any, tmp_path: Path) -> None:
    # the upper half of the scan as handed in is red; turned clockwise it is the right half of the page
    halves = Image.new("RGB", (200, 280), "blue")
    halves.paste("red", (0, 0, 200, 140))
    buffer = io.BytesIO()
    halves.save(buffer, "PNG")
    scan = PageImage(data=buffer.getvalue(), media_type="image/png", size=Size(200, 280))
    region = build_region("word", (0.1, 0.1, 0.2, 0.3))
    lying = Page(index=0, size=scan.size, turned=1, regions=(region,))
    Visit(page, render_html(Document(pages=(lying,)), images={0: scan}, view="scan"), tmp_path / "page.html")
    sheet = page.locator("#sheet-1")
    picture = Image.open(io.BytesIO(sheet.screenshot())).convert("RGB")

    assert picture.width > picture.height
    assert picture.getpixel((picture.width - 20, picture.height // 2))[0] > 200
    assert picture.getpixel((20, picture.height // 2))[2] > 200


@pytest.mark.parametrize("view", ["text", "scan", "boxes", "reflow"])
def test_each_word_is_found_once_and_where_it_stands(page: Any, tmp_path: Path, view: str) -> None:
    html = render_html(one_of_everything(), images={0: build_page_image()}, view=view)
    Visit(page, html, tmp_path / "page.html")
    [place] = find(page, "Beginnings")
    shown = "#p1r3" if view != "reflow" else ".flow h3"
    box = page.locator(shown).bounding_box()

    assert box["x"] <= (place[0] + place[2]) / 2 <= box["x"] + box["width"]
    assert box["y"] <= (place[1] + place[3]) / 2 <= box["y"] + box["height"]


def test_a_label_and_its_value_in_one_box_are_found_as_one_phrase(page: Any, tmp_path: Path) -> None:
    Visit(page, render_html(build_document(build_page(("Due 4.10", (0.1, 0.1, 0.9, 0.12))))), tmp_path / "page.html")

    assert len(find(page, "Due 4.10")) == 1


def test_what_is_found_on_a_scan_is_marked_and_its_ink_stays_legible(page: Any, tmp_path: Path) -> None:
    html = render_html(one_of_everything(), images={0: build_page_image()}, view="scan")
    Visit(page, html, tmp_path / "page.html")
    heading = page.locator("#p1r3")
    before = heading.screenshot()
    page.evaluate("window.find('Beginnings', true)")

    assert heading.screenshot() != before
    assert contrast(heading) > 4.5


def test_print_gives_one_sheet_per_page_in_its_own_size(page: Any, tmp_path: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    document = one_of_everything()
    wide = document.pages[0].model_copy(update={"index": 1, "size": type(document.pages[0].size)(1414, 1000)})
    pages = tuple(page.model_copy(update={"regions": page.regions[:19]}) for page in (document.pages[0], wide))
    Visit(page, render_html(Document(pages=pages)), tmp_path / "page.html")

    printed = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    sizes = [printed[at].get_size() for at in range(len(printed))]

    in_mm = [length / 72 * 25.4 for size in sizes for length in size]

    assert in_mm == pytest.approx([169.3, 239.4, 239.4, 169.3], abs=1)
    assert "Beginnings" in printed[0].get_textpage().get_text_range()
    printed.close()


def test_a_scan_prints_as_one_sheet_and_the_reflow_view_as_running_text(page: Any, tmp_path: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    first = one_of_everything().pages[0]
    first = first.model_copy(update={"regions": first.regions[:19]})
    html = render_html(Document(pages=(first,)), images={0: build_page_image(color="red")}, view="scan")
    visit = Visit(page, html, tmp_path / "page.html")
    page.emulate_media(color_scheme="dark")
    scanned = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    visit.show("reflow")
    flowing = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    corner = scanned[0].render(scale=0.2).to_pil().convert("RGB").getpixel((5, 40))

    assert (len(scanned), len(flowing)) == (1, 1)
    assert corner[0] > 200
    assert corner[2] < 100
    assert "Beginnings" in flowing[0].get_textpage().get_text_range()
    scanned.close()
    flowing.close()
