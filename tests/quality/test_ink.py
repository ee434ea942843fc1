"""The ink of drawn pages: blank or not, where, and how it lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_pages import PAGE, draw_lines, line_boxes, paper, with_noise, with_shadow
from drawn_pictures import PICTURES, grain, halftone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from deepocr_kit.geometry import BBox
from deepocr_kit.inputs import decode_thumbnail, open_source
from deepocr_kit.quality import InkMap

PAPERS = {
    "white": paper(),
    "grey": paper(150),
    "coloured": Image.new("RGB", (PAGE.width, PAGE.height), (250, 240, 150)),
    "noisy": with_noise(paper(235)),
    "in uneven light with a dark border": with_shadow(paper(250)),
    "one bit": Image.new("1", (PAGE.width, PAGE.height), 1),
    "black": paper(0),
}


@pytest.mark.parametrize("name", PAPERS)
def test_paper_without_print_is_blank(name: str) -> None:
    assert InkMap.of(PAPERS[name]).is_blank


@pytest.mark.parametrize("name", [name for name in PAPERS if name != "black"])
def test_one_line_of_print_is_not_blank_on_any_paper(name: str) -> None:
    assert not InkMap.of(draw_lines(PAPERS[name].convert("L"), 1)).is_blank


def test_white_print_on_black_is_ink() -> None:
    ink = InkMap.of(draw_lines(paper(0), 1, ink=255))

    assert not ink.is_blank
    assert ink.share(line_boxes()[0]) > 0.1


def test_faint_print_is_ink() -> None:
    assert not InkMap.of(draw_lines(with_noise(paper(235)), 2, ink=170)).is_blank


def test_text_in_frames_on_a_page_of_print_that_is_not_level_is_still_found() -> None:
    page = draw_lines(paper()).rotate(1.2, fillcolor=255, resample=Image.Resampling.BICUBIC)

    assert InkMap.of(page).uncovered([BBox(0, 0, 1, 0.5)]).share > 0.3


def test_scratches_and_thick_bars_are_not_text() -> None:
    page = draw_lines(paper(), 3)
    pen = ImageDraw.Draw(page)
    pen.line((100, 500, 1100, 1600), fill=0, width=6)
    pen.line((1100, 500, 100, 1600), fill=0, width=6)

    assert InkMap.of(page).uncovered(line_boxes(3)).share == 0


def test_specks_rules_and_edges_leave_a_page_blank() -> None:
    page = paper()
    pen = ImageDraw.Draw(page)
    pen.line((100, 800, 1140, 800), fill=0, width=4)
    pen.line((600, 100, 600, 1600), fill=0, width=4)
    pen.rectangle((0, 0, 12, 1753), fill=0)
    for at in range(200, 1100, 150):
        pen.ellipse((at, at, at + 2, at + 2), fill=0)

    assert InkMap.of(page).is_blank


def test_a_page_number_is_ink() -> None:
    page = paper()
    ImageDraw.Draw(page).text((600, 1650), "12", fill=0, font_size=30)

    assert not InkMap.of(page).is_blank


def test_shares_tell_lines_from_gaps() -> None:
    ink = InkMap.of(draw_lines(paper()))
    boxes = line_boxes()

    assert all(ink.share(box) > 0.15 for box in boxes)
    assert ink.share(BBox(0.1, 0.95, 0.9, 0.99)) == 0
    assert ink.share(BBox(0.5, 0.99, 0.5, 0.99)) == 0


def test_nothing_is_uncovered_under_boxes_around_every_line() -> None:
    assert InkMap.of(draw_lines(paper())).uncovered(line_boxes()).share == 0


@pytest.mark.parametrize("name", ["white", "grey", "coloured", "noisy", "in uneven light with a dark border"])
def test_lines_without_a_box_are_uncovered_and_located(name: str) -> None:
    ink = InkMap.of(draw_lines(PAPERS[name].convert("L")))
    boxes = line_boxes()

    found = ink.uncovered(boxes[:10] + boxes[20:])

    assert found.share == pytest.approx(1 / 3, abs=0.06)
    union = BBox.union(found.boxes)
    assert union is not None
    assert union.y0 == pytest.approx(boxes[10].y0, abs=0.02)
    assert union.y1 == pytest.approx(boxes[19].y1, abs=0.02)


def test_pictures_rules_and_bar_codes_are_not_taken_for_lost_text() -> None:
    page = draw_lines(paper(), 20)
    pen = ImageDraw.Draw(page)
    page.paste(grain(1, blob=10, strength=80), (300, 1200))
    for at in range(150, 1100, 9):
        pen.rectangle((at, 1560, at + at % 5 + 1, 1640), fill=0)
    pen.rectangle((100, 120, 1150, 1170), outline=0, width=3)

    assert InkMap.of(page).uncovered(line_boxes(20)).share < 0.05


def uncovered_beside_text(picture: Image.Image) -> float:
    page = draw_lines(paper(), 20)
    page.paste(picture, (300, 1200))
    return InkMap.of(page).uncovered(line_boxes(20)).share


@pytest.mark.parametrize("strength", [20, 40, 80])
@pytest.mark.parametrize("blob", [1, 2, 4, 6, 10, 15, 20])
def test_grain_of_a_picture_that_no_region_covers_is_not_taken_for_lost_text(blob: int, strength: float) -> None:
    assert all(uncovered_beside_text(grain(seed, blob=blob, strength=strength)) < 0.035 for seed in range(3))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("pitch", [4, 6, 8, 10, 14, 20])
def test_halftone_is_not_taken_for_lost_text(pitch: int, *, turned: bool) -> None:
    assert uncovered_beside_text(halftone(1, pitch=pitch, turned=turned)) < 0.035


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_printed_and_no_text_is_not_taken_for_it(name: str) -> None:
    assert uncovered_beside_text(PICTURES[name]()) < 0.035


def test_lines_beside_a_grainy_picture_are_still_found() -> None:
    page = draw_lines(paper(), 20)
    page.paste(grain(1, blob=6, strength=40), (300, 1200))

    found = InkMap.of(page).uncovered(line_boxes(20)[:16])

    assert found.share > 0.1
    assert max(box.y1 for box in found.boxes) < 0.68


def test_pale_print_on_a_coloured_ground_is_light() -> None:
    page = draw_lines(paper(225), 4, ink=255)
    ink = InkMap.of(page)

    assert ink.light_share(line_boxes()[0]) > 0.05
    assert ink.light_share(line_boxes()[20]) == 0


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_only_a_page_on_its_side_lies_sideways(quarters: int) -> None:
    page = draw_lines(with_noise(paper(240))).rotate(-90 * quarters, expand=True)

    assert InkMap.of(page).lies_sideways is (quarters % 2 == 1)


@pytest.mark.parametrize("size", [(60, 60), (640, 90)])
def test_small_pictures_and_strips_are_not_asked_how_they_lie(size: tuple[int, int]) -> None:
    assert not InkMap.of(draw_lines(paper()).resize(size)).lies_sideways


@given(width=st.integers(1, 40), height=st.integers(1, 40), pixels=st.binary(min_size=1600, max_size=1600))
@settings(max_examples=40, deadline=None)
def test_any_small_picture_gives_shares_between_0_and_1(width: int, height: int, pixels: bytes) -> None:
    ink = InkMap.of(Image.frombytes("L", (width, height), pixels[: width * height]))

    assert 0 <= ink.share(BBox(0, 0, 1, 1)) <= 1
    assert 0 <= ink.uncovered(()).share <= 1
    assert ink.is_blank in {True, False}
    assert not ink.lies_sideways


def test_it_shows_its_size() -> None:
    assert repr(InkMap.of(paper())) == "<InkMap of 452 x 640 pixels>"


def test_blank_pages_of_real_files_are_blank(shared_data: Path) -> None:
    for name in ("blank__OCRmyPDF__blank.pdf", "blank__olmocr__blank_book_pg1.pdf"):
        with open_source(shared_data / "odd/files" / name) as source:
            ink = InkMap.of(decode_thumbnail(source.load_page(0)))

        assert ink.is_blank
