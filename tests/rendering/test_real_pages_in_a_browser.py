"""Real pages in a real browser: receipts, Chinese reports, a two-column paper, newspapers, the founding case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, check_places
from real_documents import answer, chinese_page, newspaper, receipt

from deepocr_kit.documents import Document, Page, PageImage
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import render_html

A4 = Size(1654, 2339)
REPORT = "odb__eastmoney_62b4149b1612ce28d20f26cd5c5b2e18f80b26fca6e4452e090376a2fe72eae3.pdf_0"
SLIDE = "mdp__zh_slide_45"
Pages = tuple[Document, dict[int, PageImage]]
KINDS: dict[str, Callable[[Path], Pages]] = {
    "receipt": lambda data: receipt(data, "013"),
    "another receipt": lambda data: receipt(data, "048"),
    "report": lambda data: chinese_page(data, REPORT),
    "slide": lambda data: chinese_page(data, SLIDE),
    "paper": lambda data: (answer(data, "001", A4), {}),
    "health check": lambda data: (answer(data, "004", A4), {}),
    "newspaper": lambda data: (newspaper(data, 3), {}),
    "another newspaper": lambda data: (newspaper(data, 20), {}),
}


@pytest.fixture(params=[*KINDS, "taxi"])
def pages(request: pytest.FixtureRequest, shared_data: Path, founding_page: Page) -> Pages:
    """A real page, with its scan where there is one."""
    if request.param == "taxi":
        return Document(pages=(founding_page,)), {}
    return KINDS[request.param](shared_data)


def test_every_box_is_at_its_place_and_holds_its_text(page: Any, tmp_path: Path, pages: Pages) -> None:
    document, images = pages
    check_places(render_html(document, images=images), page, tmp_path / "page.html")


def test_the_reflow_view_fits_a_phone(page: Any, tmp_path: Path, pages: Pages) -> None:
    document, images = pages
    page.set_viewport_size({"width": 320, "height": 700})
    visit = Visit(page, render_html(document, images=images, view="reflow"), tmp_path / "page.html")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert visit.said == []
