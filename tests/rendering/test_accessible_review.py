"""The review page for everybody: axe-core's rules, contrast, targets, no script, print, hostile texts, many pages."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from review_browser import MARK, VIEWPORTS, Review, scan, scans
from review_samples import SIZE, hostile, invoice, long_document
from sample_documents import HOSTILE

from deepocr_kit.rendering import render_review

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_hostile_texts_do_nothing(page: Any, tmp_path: Path) -> None:
    document, fields, issues = hostile()
    html = render_review(document, fields, issues=issues, title=HOSTILE[0], images=scans())
    review = Review(page, html, tmp_path / "review.html")
    for _ in HOSTILE:
        review.press("j", "Enter", "Escape")
    page.locator(".r").first.click()
    page.click("#region-use")
    assert page.locator(".add").count() == len(HOSTILE)
    for button in page.locator(".add").all():
        button.click()
        page.keyboard.type(HOSTILE[1])
        review.press("Enter", "x")
    shown = page.evaluate("document.body.textContent")

    assert page.title() == f"{HOSTILE[0]} – review"
    assert page.locator("script").count() == 2
    assert page.locator("main img, base, iframe, main style, main script").count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0
    assert all(payload in shown for payload in HOSTILE)
    assert review.said == []
    assert review.asked == [review.address]


def test_without_a_script_everything_can_be_read_and_links_lead_to_the_boxes(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    document, fields = invoice()
    Review(page, render_review(document, fields, images=scans()), tmp_path / "review.html")

    for text in ("Corner Bakery", "It stands in two places.", "it stands nowhere", "No value", "skewed by 1 degree"):
        assert page.locator(f"main :text({text!r}):visible").count() >= 1, text
    assert page.is_hidden("#save")
    assert page.is_hidden("#dock")
    plain = page.locator("[id='r=p2r3'] rect").evaluate("one => getComputedStyle(one).strokeWidth")
    page.locator("[id='f=/total'] .to-region").click()

    assert page.locator("[id='r=p2r3'] rect").evaluate("one => getComputedStyle(one).strokeWidth") != plain
    assert page.locator("[id='r=p2r3']").evaluate("one => one.matches(':target')")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1200, "height": 900})
    page = context.new_page()
    document, fields = invoice()
    review = Review(page, render_review(document, fields, images=scans()), tmp_path / "review.html")
    found = {}

    def check(name: str) -> None:
        results = axe.Axe().run(page, options={"runOnly": AXE_TAGS}).response
        found[name] = [(rule["id"], node["html"][:120]) for rule in results["violations"] for node in rule["nodes"]]

    check("at first")
    review.press("j", "e", "x", "Enter", "c", "Enter")
    page.click("summary >> nth=0")
    page.click("[id='r=p1r4']")
    check("with a region, a correction and an issue list")
    page.click(f"[id='f={fields[4].path}'] .pick")
    review.press("n", "Escape", "k", "x")
    check("with a row that was added and one that was removed")
    page.set_viewport_size({"width": 390, "height": 844})
    check("on a phone")
    review.press("?")
    check("with help")

    assert found == {name: [] for name in found}
    context.close()


def test_every_target_is_large_enough_and_nothing_overflows(visit: Any) -> None:
    review = visit()
    page = review.page
    page.click("[id='r=p1r4']")
    for width, height in VIEWPORTS:
        page.set_viewport_size({"width": width, "height": height})
        small = page.evaluate(
            """() => [...document.querySelectorAll('button, a, input, textarea, summary')]
              .filter(one => one.checkVisibility() && !one.matches('.skip'))
              .map(one => [one.id || one.className || one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
              .filter(([, box]) => box.height < 23.9 || box.width < 23.9).map(([name]) => name)"""
        )

        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_lines_of_boxes_and_focus_stand_out_in_both_schemes(browser: Any, tmp_path: Path) -> None:
    document, fields = invoice()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        Review(page, render_review(document, fields), tmp_path / "review.html")
        colors = page.evaluate(
            """() => { const style = getComputedStyle(document.documentElement);
            const names = ['box', 'box-ok', 'box-warn', 'box-bad', 'halo', 'accent', 'panel', 'edge', 'raised'];
            return Object.fromEntries(names.map(name => [name, style.getPropertyValue('--' + name).trim()])); }"""
        )
        context.close()

        for name in ("box", "box-ok", "box-warn", "box-bad"):
            assert contrast(colors[name], "#fff") >= 3
            assert contrast(colors[name], colors["halo"]) >= 3
        assert contrast(colors["halo"], "#000") >= 3
        assert contrast(colors["accent"], colors["panel"]) >= 3
        assert contrast(colors["edge"], colors["panel"]) >= 3
        assert contrast(colors["edge"], colors["raised"]) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours written in hexadecimal."""

    def light(color: str) -> float:
        digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_print_gives_the_fields_first_and_every_page_after_them(visit: Any) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    review = visit()

    printed = pdfium.PdfDocument(review.page.pdf())
    texts = [printed[at].get_textpage().get_text_range() for at in range(len(printed))]

    assert len(texts) >= 4
    for words in ("Corner Bakery", "It stands in two places.", "it stands nowhere", "No value", "Bread", "6.65"):
        assert words in texts[0]
    assert "no token for 60 s" in texts[-1]
    printed.close()


def test_two_hundred_pages_of_a_hundred_regions_stay_usable(page: Any, tmp_path: Path) -> None:
    document, fields = long_document(200, 100)
    html = render_review(document, fields, images=dict.fromkeys(range(200), scan(SIZE)))
    started = time.perf_counter()
    review = Review(page, html, tmp_path / "review.html")
    opened = time.perf_counter() - started
    started = time.perf_counter()
    page.click("[id='f=/items/150/line'] .pick")
    chosen = time.perf_counter() - started

    assert page.evaluate(MARK)["seen"]
    assert page.evaluate(MARK)["page"] == 150
    # measured 1 to 3 s and 0.1 to 0.5 s; far more only when the page grew a quadratic step
    assert opened < 30
    assert chosen < 10
    assert review.said == []
