"""The HTML form for everybody: axe-core's rules, contrast as painted, targets, focus, narrow windows, languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, contrast
from sample_documents import A5, one_of_everything, region, table

from deepocr_kit.documents import Document, Page, RegionLabel
from deepocr_kit.rendering import render_html
from deepocr_kit.testing import build_document, build_page, build_page_image

VIEWS = ("text", "scan", "boxes", "reflow")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def complaints(page: Any) -> list[str]:
    """What axe-core finds wrong."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(page, options=RULES).response
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_wrong(browser: Any, tmp_path: Path, view: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    html = render_html(one_of_everything(), images={0: build_page_image()}, view=view)
    Visit(page, html, tmp_path / "page.html")
    found = complaints(page)
    context.close()

    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_painted_with_enough_contrast(browser: Any, tmp_path: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1700, "height": 1000})
    page = context.new_page()
    visit = Visit(page, render_html(one_of_everything(), images={0: build_page_image()}), tmp_path / "page.html")
    parts = ["#p1r1", "#p1r2", "#p1r4", "#p1r5", "#p1r8", "#p1r9", "#p1r12", "#p1r13", "#p1r17", "#p1r18", "#p1r19"]
    ratios = {
        part: contrast(page.locator(part)) for part in [*parts, ".facts", ".number >> nth=0", ".issues", ".failure"]
    }
    visit.show("reflow")
    ratios |= {
        part: contrast(page.locator(part).first) for part in [".flow h2", ".flow p", ".flow td", ".flow .caption"]
    }
    context.close()

    assert {part: ratio for part, ratio in ratios.items() if ratio < 4.5} == {}


def test_the_ground_is_light_or_dark_as_the_reader_likes_it(browser: Any, tmp_path: Path) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        Visit(page, render_html(one_of_everything()), tmp_path / "page.html")
        grounds[scheme] = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
        context.close()

    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 30, 36)"}


def test_the_views_can_be_hit_and_reached_with_the_keyboard(page: Any, tmp_path: Path) -> None:
    html = render_html(one_of_everything(), images={0: build_page_image()})
    Visit(page, html, tmp_path / "page.html")
    sizes = [page.locator(f"#view-{view}").bounding_box() for view in VIEWS]
    page.keyboard.press("Tab")
    rings = []
    for view in VIEWS:
        rings.append(
            page.evaluate("[document.activeElement.id, getComputedStyle(document.activeElement).outlineWidth]")
        )
        assert page.locator(f"#view-{view}").is_checked()
        page.keyboard.press("ArrowRight")

    assert all(size["width"] >= 24 and size["height"] >= 24 for size in sizes)
    assert rings == [[f"view-{view}", "3px"] for view in VIEWS]


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_the_reflow_view_never_scrolls_sideways(page: Any, tmp_path: Path, width: int) -> None:
    wide = table(*(tuple(f"column {at}" for at in range(14)) for _ in range(3)))
    long_word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    rows = [
        (f"{text} {at}", (0.05 + 0.11 * at, 0.1 * row + 0.05, 0.13 + 0.11 * at, 0.1 * row + 0.065))
        for row, text in enumerate(("Name", long_word, "12345678901234567890"))
        for at in range(8)
    ]
    lines = build_page(*rows).regions
    grid = region(90, RegionLabel.TABLE, "wide", (0.1, 0.5, 0.9, 0.6), table=table(("Total", "12.50")))
    more = region(91, RegionLabel.TABLE, "wide", (0.1, 0.7, 0.9, 0.8), table=wide)
    code = region(92, RegionLabel.CODE, long_word, (0.1, 0.9, 0.9, 0.95))
    document = Document(pages=(Page(index=0, size=A5, regions=(*lines, grid, more, code)),))
    page.set_viewport_size({"width": width, "height": 600})
    Visit(page, render_html(document, title=long_word, view="reflow"), tmp_path / "page.html")
    past = page.evaluate(
        """[...document.querySelectorAll('.flow *')]
          .filter(element => !element.closest('.wide table') && element.getBoundingClientRect().right > innerWidth)
          .map(element => element.outerHTML.slice(0, 80))"""
    )

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert past == []


@pytest.mark.parametrize("columns", [2, 3, 6, 7, 12])
def test_a_grid_of_so_many_columns_fits_every_window(page: Any, tmp_path: Path, columns: int) -> None:
    step = 0.9 / columns
    lines = [
        (f"{word} {at}", (0.05 + step * at, 0.1 * row, 0.05 + step * (at + 0.8), 0.1 * row + 0.012))
        for row, word in enumerate(("Name", "10000", "longer"), start=1)
        for at in range(columns)
    ]
    Visit(page, render_html(build_document(build_page(*lines)), view="reflow"), tmp_path / "page.html")
    wide = []
    for width in (320, 390, 639, 641, 700, 800, 879, 881, 960, 1280):
        page.set_viewport_size({"width": width, "height": 600})
        wide += [width] if page.evaluate("document.documentElement.scrollWidth") > width else []

    assert page.locator(".flow .grid").count() == 1
    assert wide == []


def test_a_wide_table_can_be_scrolled_with_the_keyboard(page: Any, tmp_path: Path) -> None:
    wide = table(*(tuple(f"column {at}" for at in range(14)) for _ in range(3)))
    document = build_document(build_page(region(1, RegionLabel.TABLE, "wide", (0.1, 0.1, 0.9, 0.4), table=wide)))
    page.set_viewport_size({"width": 320, "height": 600})
    Visit(page, render_html(document, view="reflow"), tmp_path / "page.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)

    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Table"
    assert page.evaluate("document.activeElement.scrollLeft") > 0
    assert complaints(page) == []


def test_only_the_view_that_is_shown_is_read_out(page: Any, tmp_path: Path) -> None:
    visit = Visit(page, render_html(one_of_everything()), tmp_path / "page.html")
    counts = []
    for view in ("text", "reflow"):
        visit.show(view)
        counts.append(page.locator("main").aria_snapshot().count("1. Beginnings"))

    assert counts == [1, 1]


def test_a_region_says_its_language_when_it_is_not_that_of_the_page() -> None:
    document = build_document(
        build_page(
            "发票代码 发票号码 统一社会信用代码 开票日期 金额合计",
            "単価です",
            "한국어 문장",
            "Fare Receipt",
            "12.50",
            "合计",
        ),
        name="taxi",
    )
    html = render_html(document)

    assert 'id="sheet-1" lang="zh"' in html
    for text, tag in (("単価です", "ja"), ("한국어 문장", "ko"), ("Fare Receipt", "und")):
        assert f'<p lang="{tag}">{text}</p>' in html
    assert "<p>12.50<br>合计</p>" in html
