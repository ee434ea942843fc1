"""The founding case, arranged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from review_browser import Review, scans
from review_samples import invoice

from deepocr_kit.documents import Page, Recognition
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.layout import arrange
from deepocr_kit.rendering import render_review

SQUARE = Size(1000, 1000)


@pytest.fixture(scope="session")
def founding_page(shared_data: Path) -> Page:
    """The photographed taxi receipt, parsed and arranged."""
    raw_text = (shared_data / "taxi_invoice" / "grounding.txt").read_text(encoding="utf-8")
    parsed = DeepSeekOcrDialect().parse(raw_text)
    arrangement = arrange(Recognition(regions=parsed.regions, raw_text=raw_text), SQUARE)
    return Page(index=0, size=SQUARE, regions=arrangement.regions, issues=arrangement.issues, raw_text=raw_text)


@pytest.fixture(scope="session")
def founding_values(shared_data: Path) -> dict[str, str]:
    """Its 17 fields."""
    return json.loads((shared_data / "taxi_invoice" / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")  # an open one keeps an event loop, and no test after it could start its own
def browser() -> Iterator[Any]:
    """A headless Chromium of the system."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A tab of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(page: Any, tmp_path: Path) -> Callable[..., Review]:
    """Opens the review page of the invoice, at a fragment."""
    document, fields = invoice()
    html = render_review(document, fields, images=scans())
    page.set_viewport_size({"width": 1200, "height": 800})
    return lambda fragment="": Review(page, html, tmp_path / "review.html", fragment)
