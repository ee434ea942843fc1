"""Regions over the scan, and pictures cut out of it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from deepocr_kit.documents import PageImage, RegionLabel
from deepocr_kit.errors import InputError
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import crop_pictures, crop_regions, draw_regions, render_markdown
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region

WHITE, RED = (255, 255, 255), (255, 0, 0)


def scan_with_a_red_part() -> Image.Image:
    picture = Image.new("RGB", (400, 300), WHITE)
    picture.paste(RED, (100, 150, 300, 250))
    return picture


def page_with_a_picture(label: RegionLabel = RegionLabel.PICTURE, *, turned: int = 0):
    regions = (
        build_region("words", (0.1, 0.1, 0.5, 0.2), region_id="p1r1"),
        build_region("", (0.25, 0.5, 0.75, 250 / 300), region_id="p1r2", label=label),
    )
    return build_page(*regions, size=Size(400, 300)).model_copy(update={"turned": turned})


def test_a_frame_stands_around_every_box_and_the_scan_is_left_alone() -> None:
    scan = scan_with_a_red_part()

    drawn = draw_regions(scan, page_with_a_picture(), names=False)

    assert drawn.size == scan.size
    assert drawn.mode == "RGB"
    for corner in ((40, 30), (200, 60), (100, 150), (300, 250)):
        assert drawn.getpixel(corner) not in (WHITE, RED)
    assert drawn.getpixel((200, 200)) == RED
    assert scan.getpixel((100, 150)) == RED


def test_names_give_the_place_in_the_reading_order_and_the_label() -> None:
    plain = draw_regions(scan_with_a_red_part(), page_with_a_picture(), names=False)
    named = draw_regions(scan_with_a_red_part(), page_with_a_picture(), names=True)

    # before the boxes' upper left corners, and nowhere far from the boxes
    assert plain.crop((20, 30, 39, 45)).tobytes() != named.crop((20, 30, 39, 45)).tobytes()
    assert plain.crop((20, 150, 99, 165)).tobytes() != named.crop((20, 150, 99, 165)).tobytes()
    assert plain.crop((0, 260, 400, 300)).tobytes() == named.crop((0, 260, 400, 300)).tobytes()


@pytest.mark.parametrize(("box", "place"), [((0.0, 0.0, 0.5, 0.2), (3, 3)), ((0.0, 0.5, 0.5, 0.7), (3, 145))])
def test_a_name_without_room_before_its_box_stands_above_it_or_in_it(
    box: tuple[float, float, float, float], place: tuple[int, int]
) -> None:
    page = build_page(build_region("words", box), size=Size(400, 300))

    drawn = draw_regions(Image.new("RGB", (400, 300), WHITE), page)

    assert drawn.getpixel(place) != WHITE


def test_boxes_are_shares_so_any_size_of_the_scan_will_do() -> None:
    small = draw_regions(scan_with_a_red_part().resize((200, 150)), page_with_a_picture(), names=False)

    assert small.getpixel((20, 15)) != WHITE


def test_the_picture_is_cut_out_of_the_scan() -> None:
    crops = crop_regions(scan_with_a_red_part(), page_with_a_picture())

    assert list(crops) == ["p1r2"]
    assert crops["p1r2"].size == (200, 100)
    assert crops["p1r2"].getcolors() == [(200 * 100, RED)]


@pytest.mark.parametrize("label", [RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL])
def test_pictures_charts_and_seals_are_cut_out(label: RegionLabel) -> None:
    assert list(crop_regions(scan_with_a_red_part(), page_with_a_picture(label))) == ["p1r2"]


def test_other_regions_are_cut_out_when_asked_for() -> None:
    crops = crop_regions(scan_with_a_red_part(), page_with_a_picture(), labels={RegionLabel.TEXT})

    assert list(crops) == ["p1r1"]


def test_a_region_without_a_box_and_a_box_without_width() -> None:
    regions = (
        build_region("", None, region_id="p1r1", label=RegionLabel.PICTURE),
        build_region("", (1.0, 0.2, 1.0, 0.2), region_id="p1r2", label=RegionLabel.PICTURE),
    )

    crops = crop_regions(scan_with_a_red_part(), build_page(*regions, size=Size(400, 300)))

    assert {name: crop.size for name, crop in crops.items()} == {"p1r2": (1, 1)}


def test_files_of_a_turned_page_stand_upright() -> None:
    data = io.BytesIO()
    scan_with_a_red_part().save(data, "PNG")
    image = PageImage(data.getvalue(), "image/png", Size(400, 300))
    document = build_document(page_with_a_picture(turned=1))

    files = crop_pictures(document, {0: image})

    ((place, (name, png)),) = files.items()
    assert place == (0, "p1r2")
    assert name == "page-1-1-p1r2.png"
    assert Image.open(io.BytesIO(png)).size == (100, 200)


def test_pages_without_a_scan_have_no_files() -> None:
    assert crop_pictures(build_document(page_with_a_picture()), {}) == {}


def test_two_regions_with_one_id_both_get_a_file() -> None:
    twice = build_region("", (0.1, 0.1, 0.4, 0.4), region_id="../x", label=RegionLabel.PICTURE)
    page = build_page(twice, twice, size=Size(400, 300))
    image = build_page_image()

    names = [name for name, _ in crop_pictures(build_document(page), {0: image}).values()]

    assert len(set(names)) == 2
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for name in names)


def test_a_scan_that_cannot_be_decoded_is_said() -> None:
    broken = PageImage(b"\x89PNG\r\n\x1a\nnothing", "image/png", Size(4, 3))

    with pytest.raises(InputError):
        draw_regions(broken, page_with_a_picture())


def test_markdown_shows_the_files_it_is_given() -> None:
    document = build_document(page_with_a_picture())

    text = render_markdown(document, pictures={(0, "p1r2"): "pictures/a b<c>.png"})

    assert "![picture p1r2](<pictures/a%20b%3Cc%3E.png>)" in text
    assert "<!--" not in text
    assert "<!-- picture p1r2 -->" in render_markdown(document)
