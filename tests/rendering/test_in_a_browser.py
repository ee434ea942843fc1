"""The HTML form in a real browser: places, overflow, requests, scripts, print."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sample_documents import HOSTILE, hostile_document, one_of_everything

from deepocr_kit.documents import Document, Page
from deepocr_kit.rendering import render_html
from deepocr_kit.testing import build_page_image

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")

VIEWPORTS = [(400, 800), (1000, 900), (1700, 1000)]

MEASURE = """() => [...document.querySelectorAll('.sheet')].flatMap(sheet => {
  const page = sheet.getBoundingClientRect();
  return [...sheet.querySelectorAll('[data-region]')].map(element => {
    const box = element.getBoundingClientRect();
    const texts = [...element.querySelectorAll('svg text')].map(text => text.getBoundingClientRect());
    return {
      id: element.id, text: element.textContent,
      left: box.left - page.left, top: box.top - page.top, width: box.width, height: box.height,
      sheetWidth: page.width, sheetHeight: page.height,
      over: Math.max(element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight),
      line: element.classList.contains('line'),
      past: Math.max(0, ...texts.flatMap(text => [text.right - box.right, box.left - text.left])),
    };
  });
})"""


class Visit:
    """One file in the browser, with everything it asked for and said."""

    def __init__(self, page: Any, html: str, path: Path) -> None:
        path.write_text(html, encoding="utf-8")
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def rules_of(html: str) -> dict[str, tuple[float, ...]]:
    """Left, top, width, height in percent, by element id, as the style sheet says."""
    number = r"([0-9.]+)%;"
    found = re.findall(rf"^#([\w-]+){{left:{number}top:{number}width:{number}height:{number}", html, flags=re.M)
    return {name: tuple(float(value) for value in values) for name, *values in found}


def check_places(html: str, page: Any, path: Path) -> None:
    visit = Visit(page, html, path)
    rules = rules_of(html)
    for width, height in VIEWPORTS:
        page.set_viewport_size({"width": width, "height": height})
        boxes = page.evaluate(MEASURE)

        assert {box["id"] for box in boxes} == set(rules)
        for box in boxes:
            left, top, wide, high = rules[box["id"]]
            assert box["left"] == pytest.approx(left / 100 * box["sheetWidth"], abs=1)
            assert box["top"] == pytest.approx(top / 100 * box["sheetHeight"], abs=1)
            assert box["width"] == pytest.approx(wide / 100 * box["sheetWidth"], abs=1)
            assert box["height"] == pytest.approx(high / 100 * box["sheetHeight"], abs=1)
            assert box["over"] <= 1, box
            assert box["past"] <= max(1.0, 0.03 * box["width"]), box
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert visit.said == []
    assert visit.asked == [path.as_uri()]


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


def test_the_scan_can_be_shown_without_a_script(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    Visit(page, render_html(one_of_everything(), images={0: build_page_image(color="red")}), tmp_path / "page.html")
    style = "element => [getComputedStyle(element).backgroundImage.slice(0, 9), getComputedStyle(element).color]"

    assert page.locator("#sheet-1").evaluate(style)[0] == "none"
    page.check("#view-scan")

    assert page.locator("#sheet-1").evaluate(style)[0] == 'url("data'
    assert page.locator("#p1r4").evaluate(style)[1] == "rgba(0, 0, 0, 0)"
    context.close()


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


def test_text_is_readable_on_light_and_dark(browser: Any, tmp_path: Path) -> None:
    colors = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        Visit(page, render_html(one_of_everything()), tmp_path / "page.html")
        colors.add(page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor"))
        context.close()

    assert len(colors) == 2
