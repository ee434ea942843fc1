"""Reading order on real newspapers and forms, as good as the benchmark says."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.order_pages import FORMS, NEWSPAPERS, order_pages, share_of

from deepocr_kit.geometry import Size
from deepocr_kit.layout import PageClass, geometric_order, page_class_of

A4 = Size(1654, 2339)


@pytest.mark.parametrize(
    ("name", "page_class", "least_before", "least_next"),
    [(NEWSPAPERS, PageClass.PROSE, 0.95, 0.85), (FORMS, PageClass.FORM, 0.94, 0.66)],
)
def test_pages_that_no_rule_was_made_on_are_read_well(
    shared_data: Path, name: str, page_class: PageClass, least_before: float, least_next: float
) -> None:
    assert shared_data.is_dir()
    pages = list(order_pages(name, half=1))
    kept = [share_of(page, geometric_order(page.regions, A4)) for page in pages]

    assert {page_class_of(page.regions, A4) for page in pages} == {page_class}
    assert sum(before for before, _ in kept) / sum(len(page.before) for page in pages) >= least_before
    assert sum(following for _, following in kept) / sum(len(page.next_to) for page in pages) >= least_next
