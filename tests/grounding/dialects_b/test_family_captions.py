"""Captions of every family with boxes find their table or picture by place and by order together."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from deepocr_kit.geometry import Size
from deepocr_kit.grounding import Dialect, dialect_named

Block = tuple[str, tuple[int, int, int, int]]
"""What it is (``table``, ``picture``, ``caption`` or ``text``), and its box on a grid of 1000."""


def _deepseek(blocks: list[Block]) -> str:
    words = {"picture": "image", "caption": "figure_title"}
    return "".join(f"{words.get(kind, kind)}[{list(box)}]\nwords\n" for kind, box in blocks)


def _unlimited(blocks: list[Block]) -> str:
    words = {"picture": "image", "caption": "figure_title"}
    return "".join(f"<|det|>{words.get(kind, kind)} {list(box)}<|/det|>words\n" for kind, box in blocks)


def _mineru(blocks: list[Block]) -> str:
    words = {"picture": "image", "caption": "table_caption"}
    return "".join(
        f"<|box_start|>{' '.join(map(str, box))}<|box_end|><|ref_start|>{words.get(kind, kind)}<|ref_end|>\n"
        for kind, box in blocks
    )


def _paddle(blocks: list[Block]) -> str:
    words = {"picture": "image", "caption": "figure_title"}
    regions = [{"block_bbox": box, "block_label": words.get(kind, kind), "block_content": "a"} for kind, box in blocks]
    return json.dumps({"width": 1000, "height": 1000, "parsing_res_list": regions})


def _hunyuan(blocks: list[Block]) -> str:
    return "".join(
        f"words<hy-meta><layout>{kind}</layout><quad>({box[0]},{box[1]}),({box[2]},{box[3]})</quad></hy-meta>\n"
        for kind, box in blocks
    )


def _dots(blocks: list[Block]) -> str:
    return json.dumps([{"bbox": box, "category": kind.title(), "text": "words"} for kind, box in blocks])


def _chandra(blocks: list[Block]) -> str:
    words = {"picture": "Image"}
    return "".join(
        f'<div data-bbox="{" ".join(map(str, box))}" data-label="{words.get(kind, kind.title())}">words</div>\n'
        for kind, box in blocks
    )


def _doctags(blocks: list[Block]) -> str:
    words = {"table": "otsl"}
    return "".join(
        f"<{words.get(kind, kind)}>{''.join(f'<loc_{value // 2}>' for value in box)}words</{words.get(kind, kind)}>\n"
        for kind, box in blocks
    )


FAMILIES: dict[str, Callable[[list[Block]], str]] = {
    "deepseek-ocr": _deepseek,
    "unlimited-ocr": _unlimited,
    "mineru2.5": _mineru,
    "paddleocr-vl": _paddle,
    "hunyuan-ocr": _hunyuan,
    "dots-ocr": _dots,
    "chandra-2": _chandra,
    "doctags": _doctags,
}
ABOVE, BELOW = (100, 100, 400, 300), (100, 360, 400, 600)


def links(name: str, *blocks: Block) -> list[str | None]:
    """``caption_of`` of each region, streamed and whole."""
    dialect: Dialect = dialect_named(name)
    raw_text, size = FAMILIES[name](list(blocks)), Size(980, 980)
    whole = dialect.parse(raw_text, size=size)
    parser = dialect.parser(size=size)
    early = [region for character in raw_text for region in parser.feed(character)]

    assert tuple(early) == whole.regions[: len(early)]
    return [region.caption_of for region in whole.regions]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_caption_between_two_tables_goes_to_the_nearer_one(name: str) -> None:
    near_the_lower = ("caption", (100, 345, 400, 355))
    near_the_upper = ("caption", (100, 305, 400, 315))

    assert links(name, ("table", ABOVE), near_the_lower, ("table", BELOW)) == [None, "p1r3", None]
    assert links(name, ("table", ABOVE), near_the_upper, ("table", BELOW)) == [None, "p1r1", None]


@pytest.mark.parametrize("name", FAMILIES)
def test_captions_above_their_tables_all_go_down(name: str) -> None:
    blocks: list[Block] = [
        ("caption", (100, 85, 400, 95)),
        ("table", ABOVE),
        ("caption", (100, 345, 400, 355)),
        ("table", BELOW),
        ("text", (100, 700, 400, 800)),
    ]

    assert links(name, *blocks) == ["p1r2", None, "p1r4", None, None]


@pytest.mark.parametrize("name", FAMILIES)
def test_captions_below_their_tables_all_go_up(name: str) -> None:
    blocks: list[Block] = [
        ("table", ABOVE),
        ("caption", (100, 305, 400, 315)),
        ("table", BELOW),
        ("caption", (100, 605, 400, 615)),
        ("text", (100, 700, 400, 800)),
    ]

    assert links(name, *blocks) == [None, "p1r1", None, "p1r3", None]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_table_in_another_column_is_no_neighbour(name: str) -> None:
    caption: Block = ("caption", (100, 310, 400, 330))

    assert links(name, ("table", (600, 100, 900, 295)), caption, ("table", BELOW)) == [None, "p1r3", None]


@pytest.mark.parametrize("name", FAMILIES)
def test_text_between_them_parts_a_caption_from_its_table(name: str) -> None:
    assert links(name, ("table", ABOVE), ("text", (500, 1, 900, 90)), ("caption", (100, 310, 400, 330)))[2] is None


def test_a_caption_of_code_goes_to_no_picture() -> None:
    tag = "<|box_start|>{}<|box_end|><|ref_start|>{}<|ref_end|>\n"
    answer = tag.format("100 100 400 300", "image") + tag.format("100 305 400 315", "code_caption")

    assert [region.caption_of for region in dialect_named("mineru2.5").parse(answer).regions] == [None, None]


def test_a_caption_inside_of_a_picture_is_not_linked_again() -> None:
    box = "<loc_10><loc_10><loc_200><loc_200>"
    answer = (
        f"<picture>{box}<caption>{box}Figure 1</caption></picture><caption>{box}more</caption><otsl>{box}<fcel>a</otsl>"
    )
    regions = dialect_named("doctags").parse(answer).regions

    assert [region.caption_of for region in regions] == [None, "p1r1", "p1r4", None]
