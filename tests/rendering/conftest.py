"""The review page of the invoice in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_browser import Review, scans
from review_samples import invoice

from deepocr_kit.rendering import render_review


@pytest.fixture
def visit(page: Any, tmp_path: Path) -> Callable[..., Review]:
    """Opens the review page of the invoice, at a fragment."""
    document, fields = invoice()
    html = render_review(document, fields, images=scans())
    page.set_viewport_size({"width": 1200, "height": 800})
    return lambda fragment="": Review(page, html, tmp_path / "review.html", fragment)
