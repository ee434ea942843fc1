"""Texts that are too much for their boxes, and boxes that are no boxes."""

from __future__ import annotations

import re

import pytest
from sample_documents import table

from deepocr_kit.documents import RegionLabel
from deepocr_kit.rendering import render_html
from deepocr_kit.testing import build_document, build_page, build_region


def html_of(text: str, box: tuple[float, float, float, float], label: RegionLabel = RegionLabel.TEXT) -> str:
    return render_html(build_document(build_page(build_region(text, box, label=label))))


def font_of(html: str) -> float:
    return float(re.findall(r"font-size:([0-9.]+)cqw", html)[-1])


def test_a_line_that_fills_its_box_is_set_to_its_exact_width() -> None:
    html = html_of("a line that fills its box about right", (0.1, 0.1, 0.4, 0.115))

    assert 'textLength="300" lengthAdjust="spacingAndGlyphs"' in html


def test_a_short_line_in_a_wide_box_keeps_its_width() -> None:
    assert "textLength" not in html_of("short", (0.1, 0.1, 0.9, 0.115))


def test_a_label_and_a_value_in_one_box_stand_at_its_ends() -> None:
    html = html_of("Due 4.10", (0.1, 0.1, 0.9, 0.115))

    assert re.search(r'>Due <tspan x="800" text-anchor="end">4.10</tspan></text>', html)


def test_a_formula_is_not_torn_into_label_and_value() -> None:
    assert ">E 22</text>" in html_of("E 22", (0.1, 0.1, 0.9, 0.115), RegionLabel.FORMULA)


def test_more_text_makes_a_smaller_font() -> None:
    box = (0.1, 0.1, 0.5, 0.3)
    fonts = [font_of(html_of("some words\n" * count, box)) for count in (2, 10, 50, 1000)]

    assert fonts == sorted(fonts, reverse=True)
    assert len(set(fonts)) == 4


@pytest.mark.parametrize("text", ["", "x", "Due 4.10", "two\nlines", "竖排文字", "x" * 5000])
@pytest.mark.parametrize("box", [(0.5, 0.5, 0.5, 0.5), (0.1, 0.5, 0.9, 0.5), (0.5, 0.1, 0.5, 0.9)])
def test_boxes_without_area_are_drawn(text: str, box: tuple[float, float, float, float]) -> None:
    assert 'id="p1r1"' in html_of(text, box)


@pytest.mark.parametrize("box", [(0.1, 0.1, 0.1, 0.1), (0.1, 0.1, 0.12, 0.11), (0.1, 0.1, 0.9, 0.9)])
def test_tables_are_fitted_to_any_box(box: tuple[float, float, float, float]) -> None:
    grid = table(*(("a cell with many words in it", "x" * 50) for _ in range(30)))
    region = build_region("a table", box, label=RegionLabel.TABLE).model_copy(update={"table": grid})

    assert render_html(build_document(build_page(region))).count("<tr>") == 60


def test_a_list_item_gets_a_dot_unless_it_has_a_mark_of_its_own() -> None:
    assert "<circle" in html_of("point", (0.1, 0.1, 0.2, 0.12), RegionLabel.LIST_ITEM)
    assert "<circle" not in html_of("1. point", (0.1, 0.1, 0.2, 0.12), RegionLabel.LIST_ITEM)
    assert " bullet" in html_of("a\nb", (0.1, 0.1, 0.2, 0.15), RegionLabel.LIST_ITEM)
