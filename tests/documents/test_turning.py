"""A page as a reader sees it."""

from __future__ import annotations

from deepocr_kit.documents import turn_regions, upright_page
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.testing import build_page, build_region


def test_an_upright_page_is_itself() -> None:
    page = build_page("words")

    assert upright_page(page) is page
    assert turn_regions(page.regions, 4) == page.regions


def test_an_upright_page_has_its_boxes_and_its_size_turned() -> None:
    page = build_page(build_region("words", (0.8, 0.1, 0.9, 0.6)), size=Size(400, 300))

    seen = upright_page(page.model_copy(update={"turned": 3}))

    assert seen.regions[0].boxes[0] == BBox(0.1, 1 - 0.9, 0.6, 1 - 0.8)
    assert (seen.size, seen.turned) == (Size(300, 400), 0)
    assert upright_page(page.model_copy(update={"turned": 2, "size": None})).size is None
