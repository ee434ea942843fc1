"""Captions find their table or picture by place and by order."""

from __future__ import annotations

import pytest
from answers import DIALECT, parse, tag

from deepocr_kit.documents import RegionLabel

PICTURE_ABOVE = "[[100, 100, 400, 300]]"
PICTURE_BELOW = "[[100, 340, 400, 600]]"


def links(*regions: tuple[str, str]) -> list[str | None]:
    """``caption_of`` of each region, given as (label, box list)."""
    raw_text = "\n".join(f"{tag(label, boxes)}\nx\n" for label, boxes in regions)
    return [region.caption_of for region in parse(raw_text).regions]


def test_the_nearer_one_wins_over_the_one_right_before() -> None:
    caption = ("image_caption", "[[100, 325, 400, 336]]")

    assert links(("image", PICTURE_ABOVE), caption, ("image", PICTURE_BELOW)) == [None, "p1r3", None]


def test_when_both_are_equally_near_the_one_before_wins() -> None:
    caption = ("image_caption", "[[100, 312, 400, 328]]")

    assert links(("image", PICTURE_ABOVE), caption, ("image", PICTURE_BELOW)) == [None, "p1r1", None]


def test_captions_above_their_tables_go_to_the_table_below() -> None:
    regions = [
        ("table_caption", "[[100, 100, 900, 110]]"),
        ("table", "[[100, 115, 900, 300]]"),
        ("table_caption", "[[100, 340, 900, 350]]"),
        ("table", "[[100, 355, 900, 600]]"),
    ]

    assert links(*regions) == ["p1r2", None, "p1r4", None]


def test_a_row_of_pictures_and_then_a_row_of_captions_are_paired_by_column() -> None:
    regions = [
        ("image", "[[100, 100, 400, 300]]"),
        ("image", "[[500, 100, 800, 300]]"),
        ("image_caption", "[[100, 310, 400, 330]]"),
        ("image_caption", "[[500, 310, 800, 330]]"),
    ]

    assert links(*regions) == [None, None, "p1r1", "p1r2"]


def test_a_caption_in_two_languages_is_two_captions_of_one_picture() -> None:
    regions = [
        ("image", "[[100, 100, 400, 300]]"),
        ("image_caption", "[[100, 310, 400, 320]]"),
        ("image_caption", "[[100, 325, 400, 335]]"),
        ("text", "[[100, 500, 400, 600]]"),
    ]

    assert links(*regions) == [None, "p1r1", "p1r1", None]


def test_a_caption_beside_its_picture_is_found() -> None:
    caption = ("image_caption", "[[420, 150, 600, 250]]")

    assert links(("image", PICTURE_ABOVE), caption, ("text", "[[1, 700, 900, 800]]")) == [None, "p1r1", None]


def test_a_picture_in_another_column_is_not_nearer() -> None:
    regions = [
        ("image", "[[600, 100, 900, 290]]"),
        ("image_caption", "[[100, 300, 400, 320]]"),
        ("image", PICTURE_BELOW),
    ]

    assert links(*regions) == [None, "p1r3", None]


@pytest.mark.parametrize("boxes", ["[[119,", "[[700, 900, 800, 950]]"])
def test_without_a_box_or_without_a_neighbour_the_order_decides(boxes: str) -> None:
    assert links(("image", PICTURE_ABOVE), ("image_caption", boxes), ("text", "[[1, 2, 3, 4]]"))[1] == "p1r1"


def test_text_between_them_parts_a_caption_from_a_picture() -> None:
    regions = [("image", PICTURE_ABOVE), ("text", "[[1, 2, 3, 4]]"), ("image_caption", "[[100, 310, 400, 320]]")]

    assert links(*regions) == [None, None, None]


def test_html_under_a_caption_decides_whatever_the_boxes_say() -> None:
    html = "<table><tr><td>a</td></tr></table>"
    raw_text = (
        f"{tag('table', PICTURE_ABOVE)}\n{tag('table_caption', '[[100, 335, 400, 339]]')}\nTable 1\n{html}\n"
        f"{tag('table', PICTURE_BELOW)}\n{html}"
    )
    parsed = parse(raw_text)

    assert [region.caption_of for region in parsed.regions] == [None, "p1r1", None]
    assert parsed.regions[0].content == html


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("placement", ["own", "under the caption"])
@pytest.mark.parametrize("caption_box", ["[[100, 90, 400, 98]]", "[[100, 310, 400, 318]]"])
def test_both_placements_of_a_table_end_at_its_region(placement: str, caption_box: str, *, stripped: bool) -> None:
    html = "<table><tr><td>a</td></tr></table>"
    table, caption = (
        (f"{label}{boxes}" if stripped else tag(label, boxes))
        for label, boxes in (("table", PICTURE_ABOVE), ("table_caption", caption_box))
    )
    own = placement == "own"
    first, second = parse(
        f"{table}\n{html}\n\n{caption}\nTable 1\n" if own else f"{table}\n{caption}\nTable 1\n\n{html}\n"
    ).regions

    assert (first.label, first.content, first.caption_of) == (RegionLabel.TABLE, html, None)
    assert first.table is not None
    assert (second.label, second.content, second.caption_of) == (RegionLabel.CAPTION, "Table 1", first.id)


def test_one_caption_between_two_tables_goes_to_the_nearer_one() -> None:
    near_the_lower, near_the_upper = "[[100, 325, 400, 336]]", "[[100, 303, 400, 312]]"
    tables = ("table", PICTURE_ABOVE), ("table", PICTURE_BELOW)

    assert links(tables[0], ("table_caption", near_the_lower), tables[1]) == [None, "p1r3", None]
    assert links(tables[0], ("table_caption", near_the_upper), tables[1]) == [None, "p1r1", None]


def test_a_caption_of_a_table_passes_over_a_picture_that_is_nearer() -> None:
    regions = [
        ("table", PICTURE_ABOVE),
        ("table_caption", "[[100, 325, 400, 336]]"),
        ("image", PICTURE_BELOW),
    ]

    assert links(*regions) == [None, "p1r1", None]


def test_a_table_tag_without_any_box_leaves_the_html_with_the_caption() -> None:
    parsed = parse(f"<|ref|>table<|/ref|>{tag('table_caption')}\nTable 1\n<table><tr><td>a</td></tr></table>")

    assert [region.table is None for region in parsed.regions] == [True, False]


def test_a_caption_waits_for_what_may_be_its_table_and_for_no_more() -> None:
    parser = DIALECT.parser()
    parser.feed(f"{tag('table_caption', '[[1, 2, 900, 20]]')}\nTable 1\n{tag('table', '[[1, 25, 900, 300]]')}\n")

    assert parser.feed("<table><tr><td>a</td></tr></table>\n") == ()
    assert [region.label for region in parser.feed(f"{tag()}\n")] == [RegionLabel.CAPTION, RegionLabel.TABLE]


def test_many_captions_in_a_row_do_not_wait_for_ever() -> None:
    parser = DIALECT.parser()
    given = parser.feed(f"{tag('image_caption')}\nx\n" * 20)

    assert len(given) >= 12
