"""Rows from boxes."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.receipts import load_receipts
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_forms import PAGE, build_form, expected_pairs
from layout_strategies import regions

from deepocr_kit.documents import Page, Region, Table, TableCell
from deepocr_kit.geometry import Size
from deepocr_kit.layout import find_rows
from deepocr_kit.testing import build_region


def texts_of(found: list[Region], size: Size = PAGE) -> list[list[str]]:
    return [[item.text for item in row.items] for row in find_rows(found, size)]


def pairs_of(found: list[Region], size: Size = PAGE) -> set[frozenset[str]]:
    return {frozenset(item.region_id for item in row.items) for row in find_rows(found, size)}


def words(text: str) -> Counter[str]:
    return Counter(text.split())


def test_a_page_without_regions_has_no_rows() -> None:
    assert find_rows([], PAGE) == ()


def test_pieces_of_a_row_go_from_left_to_right() -> None:
    found = [
        build_region("right", (0.6, 0.1, 0.8, 0.12), region_id="p1r1"),
        build_region("left", (0.1, 0.101, 0.3, 0.121), region_id="p1r2"),
        build_region("below", (0.1, 0.2, 0.3, 0.22), region_id="p1r3"),
    ]

    assert texts_of(found) == [["left", "right"], ["below"]]


def test_a_row_tells_its_words_and_its_edges() -> None:
    row = find_rows(
        [build_region("one", (0.1, 0.1, 0.3, 0.12)), build_region("two", (0.5, 0.11, 0.7, 0.13), region_id="b")], PAGE
    )[0]

    assert (row.text, row.top, row.bottom, row.shifted) == ("one two", 0.1, 0.13, False)


def test_several_lines_in_one_region_are_several_rows() -> None:
    found = [
        build_region("Name\nDate", (0.1, 0.1, 0.3, 0.14), region_id="p1r1"),
        build_region("John\n2024", (0.5, 0.1, 0.7, 0.14), region_id="p1r2"),
    ]

    assert texts_of(found) == [["Name", "John"], ["Date", "2024"]]


def test_a_box_per_line_is_the_line_s_box() -> None:
    region = build_region("one\ntwo", (0.1, 0.1, 0.3, 0.12))
    boxes = (region.boxes[0], build_region(box=(0.5, 0.4, 0.7, 0.42)).boxes[0])

    rows = find_rows([region.model_copy(update={"boxes": boxes})], PAGE)

    assert [row.items[0].bbox for row in rows] == list(boxes)


def test_a_wrapped_paragraph_stands_in_the_row_of_its_first_line() -> None:
    address = "12 Imaginary Lane, Neverton, a place that is not on any map at all, NV0 0XX"
    found = [
        build_region("Address", (0.1, 0.1, 0.2, 0.115), region_id="p1r1"),
        build_region(address, (0.5, 0.1, 0.7, 0.16), region_id="p1r2"),
    ]

    assert texts_of(found) == [["Address", address]]


def test_vertical_text_has_a_row_of_its_own() -> None:
    found = [
        build_region("手写无效", (0.05, 0.1, 0.08, 0.2), region_id="p1r1"),
        build_region("上车", (0.2, 0.14, 0.25, 0.16), region_id="p1r2"),
        build_region("22:20", (0.6, 0.141, 0.65, 0.161), region_id="p1r3"),
    ]

    assert sorted(texts_of(found)) == [["上车", "22:20"], ["手写无效"]]


def test_a_table_gives_its_grid() -> None:
    cells = (
        TableCell(row=0, col=0, text="Item", header=True),
        TableCell(row=0, col=1, text="Price"),
        TableCell(row=1, col=0, text=" Pen\n blue "),
        TableCell(row=1, col=1, text="2.00"),
    )
    table = build_region("ignored", (0.1, 0.2, 0.5, 0.3)).model_copy(
        update={"table": Table(row_count=2, col_count=2, cells=cells)}
    )

    rows = find_rows([table], PAGE)

    assert [[(item.text, item.column) for item in row.items] for row in rows] == [
        [("Item", 0), ("Price", 1)],
        [("Pen blue", 0), ("2.00", 1)],
    ]
    assert rows[1].top == pytest.approx(0.25)


def test_regions_without_a_box_come_last_in_their_own_order() -> None:
    table = Table(row_count=1, col_count=2, cells=(TableCell(row=0, col=0, text="a"), TableCell(row=0, col=1, text="")))
    found = [
        build_region("tenth", None, region_id="p1r10"),
        build_region("second", None, region_id="p1r2"),
        build_region("", None, region_id="p1r11").model_copy(update={"table": table}),
        build_region("placed", region_id="p1r12"),
    ]

    rows = find_rows(found, PAGE)

    assert [row.text for row in rows] == ["placed", "second", "tenth", "a"]
    assert rows[1].top is None


def test_content_stands_in_for_a_missing_text() -> None:
    region = build_region("x").model_copy(update={"text": "", "content": "E = mc^2"})

    assert texts_of([region]) == [["E = mc^2"]]


@pytest.mark.parametrize("slope", [-0.03, 0.0, 0.02, 0.03])
def test_rows_are_found_on_a_skewed_page(slope: float) -> None:
    chance = random.Random(1)
    found = []
    for row in range(15):
        for col in range(4):
            x, y = 100 + col * 220, 120 + row * 28
            y += slope * x + chance.gauss(0, 1.5)
            found.append(
                build_region(
                    f"r{row}c{col}",
                    (x / 999, y / 999, (x + 90) / 999, (y + 20) / 999),
                    region_id=f"p1r{len(found) + 1}",
                )
            )

    expected = [[f"r{row}c{col}" for col in range(4)] for row in range(15)]

    assert texts_of(found, Size(1000, 1000)) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_the_input_does_not_matter(data: st.DataObject) -> None:
    found = data.draw(regions())
    shuffled = data.draw(st.permutations(found))

    assert find_rows(shuffled, PAGE) == find_rows(found, PAGE)


@settings(max_examples=60, deadline=None)
@given(regions())
def test_every_word_stands_in_exactly_one_row(found: list[Region]) -> None:
    rows = find_rows(found, PAGE)

    assert words(" ".join(row.text for row in rows)) == words(" ".join(region.text for region in found))


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(4, 14), pitch=st.integers(26, 44), seed=st.integers(0, 999), right=st.booleans())
def test_a_level_form_stays_as_it_is(rows: int, pitch: int, seed: int, *, right: bool) -> None:
    found = build_form(rows, pitch=pitch, seed=seed, right=right, jitter=1.0)

    assert pairs_of(found) == expected_pairs(rows)
    assert not any(row.shifted for row in find_rows(found, PAGE))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(4, 14),
    pitch=st.integers(26, 44),
    seed=st.integers(0, 999),
    right=st.booleans(),
    drift=st.floats(0.3, 0.6),
    sign=st.sampled_from([-1, 1]),
)
def test_a_drifted_value_column_is_put_back(
    rows: int, pitch: int, seed: int, drift: float, sign: int, *, right: bool
) -> None:
    found = build_form(rows, pitch=pitch, seed=seed, right=right, drift=sign * drift)

    assert pairs_of(found) == expected_pairs(rows)


def test_prose_in_two_columns_half_a_line_apart_is_no_drift() -> None:
    found = []
    for line in range(12):
        for x, shift in ((0.08, 0.0), (0.54, 0.009)):
            y = 0.2 + 0.018 * line + shift
            text = "some words of running prose that fill a line"
            found.append(build_region(text, (x, y, x + 0.38, y + 0.014), region_id=f"p1r{len(found) + 1}"))

    assert not any(row.shifted for row in find_rows(found, PAGE))


def test_a_value_in_the_region_of_another_label_goes_to_its_own() -> None:
    lines = [
        ("23:40", (0.38, 0.647, 0.615, 0.678)),
        ("Off 4.10元", (0.341, 0.662, 0.614, 0.695)),
        ("单价(元)", (0.34, 0.692, 0.433, 0.715)),
        ("15.9km", (0.511, 0.709, 0.614, 0.733)),
        ("里程(km)", (0.338, 0.722, 0.438, 0.744)),
        ("00:03:26", (0.486, 0.738, 0.614, 0.761)),
        ("等候", (0.337, 0.753, 0.384, 0.77)),
    ]
    found = [build_region(text, box, region_id=f"p1r{number}") for number, (text, box) in enumerate(lines, 1)]

    assert texts_of(found, Size(1000, 1000)) == [
        ["Off", "23:40"],
        ["单价(元)", "4.10元"],
        ["里程(km)", "15.9km"],
        ["等候", "00:03:26"],
    ]


def test_every_value_of_the_founding_case_is_in_its_label_s_row(founding_page: Page) -> None:
    rows = {row.text for row in find_rows(founding_page.regions, Size(1000, 1000))}

    assert rows >= {
        "车号 BB88888",
        "证号 114514",
        "日期 24-08-08",
        "上车 1228 22:20",
        "下车 23:40",
        "单价(元) 4.10元",
        "里程(km) 15.9km",
        "等候 00:03:26",
        "金额(元) 100.00元",
        "含电调费 0元燃油附加费 0元",
        "节假日附加费 0元",
    }


def test_counts_and_prices_above_the_names_of_goods_are_no_drift() -> None:
    found = []
    for row in range(6):
        y = 0.2 + 0.04 * row
        for text, x, top in ((f"{row + 1}X 1.{row}0", 0.3, y), (f"RM{row}.50", 0.6, y), ("*GOODS", 0.3, y + 0.02)):
            found.append(build_region(text, (x, top, x + 0.1, top + 0.016), region_id=f"p1r{len(found) + 1}"))

    assert texts_of(found)[:3] == [["1X 1.00", "RM0.50"], ["*GOODS"], ["2X 1.10", "RM1.50"]]
    assert not any(row.shifted for row in find_rows(found, PAGE))


def test_numbers_of_a_list_beside_a_few_names_are_no_drift() -> None:
    names = [(f"Name {chr(97 + n)}", (0.1, 0.2 + 0.08 * n, 0.2, 0.22 + 0.08 * n)) for n in range(5)]
    figures = [(f"{n}.25", (0.5, 0.209 + 0.02 * n, 0.6, 0.225 + 0.02 * n)) for n in range(20)]
    found = [build_region(text, box, region_id=f"p1r{n}") for n, (text, box) in enumerate((*names, *figures))]

    assert not any(row.shifted for row in find_rows(found, PAGE))


def test_three_values_nearer_to_other_labels_are_not_enough_for_drift() -> None:
    labels = [("Net", 0.20), ("Tax", 0.23), ("Sum", 0.26)]
    values = [("0.10", 0.184), ("15.00", 0.214), ("15.10", 0.244)]
    found = [
        build_region(text, (x, y, x + 0.1, y + 0.02), region_id=f"p1{text}")
        for x, column in ((0.2, labels), (0.5, values))
        for text, y in column
    ]

    assert not any(row.shifted for row in find_rows(found, Size(1000, 1000)))


def test_nothing_on_level_real_pages_is_taken_for_drift(shared_data: Path) -> None:
    assert shared_data.is_dir()
    receipts = load_receipts()
    pages = [receipt.document.pages[0] for at, receipt in enumerate(receipts) if at % 10 == 0 or receipt.id == "532"]

    assert len(pages) >= 24
    assert not [row.text for page in pages for row in find_rows(page.regions, page.size or PAGE) if row.shifted]


def test_each_line_of_a_vertical_page_is_a_row_from_the_right() -> None:
    upper = [("どこで生れたかとんと見当がつかぬ", 0.8 - 0.05 * n, 0.1, 0.6 - 0.05 * n) for n in range(3)]
    lower = [("何でも薄暗いじめじめした", 0.8 - 0.05 * n, 0.65, 0.9) for n in range(3)]
    found = [
        build_region(f"{text}{n}", (x, top, x + 0.03, bottom), region_id=f"p1r{n}")
        for n, (text, x, top, bottom) in enumerate((*upper, *lower))
    ]

    assert texts_of(found[::-1]) == [[region.text] for region in found]


def test_many_regions_take_linear_time_even_on_one_spot() -> None:
    found = [build_region(f"v {number}", (0.1, 0.1, 0.3, 0.12), region_id=f"p1r{number}") for number in range(3000)]

    assert len(find_rows(found, PAGE)) == 3000


@pytest.mark.parametrize(
    ("values", "pairs"),
    [
        (["1.0km", "9.00元", "00:01:02"], {"里程(km) 1.0km", "单价(元) 9.00元"}),
        (["7", "9.00元", "00:01:02"], {"里程(km) 7", "单价(元) 9.00元"}),
    ],
)
def test_units_decide_where_places_do_not(values: list[str], pairs: set[str]) -> None:
    labels = ["里程(km)", "单价(元)", "等候(时)"]
    tops = [0.2, 0.23, 0.26]
    found = [
        build_region(text, (0.2, top, 0.28, top + 0.02), region_id=f"p1r{n}")
        for n, (text, top) in enumerate(zip(labels, tops, strict=True))
    ] + [
        build_region(text, (0.31, top - 0.0165, 0.4, top + 0.0035), region_id=f"p1v{n}")
        for n, (text, top) in enumerate(zip(values, tops, strict=True))
    ]

    assert {" ".join(row) for row in texts_of(found, Size(1000, 1000))} >= pairs


def test_a_value_does_not_share_a_row_with_one_that_comes_from_another_row() -> None:
    found = build_form(8, drift=-0.4, pitch=40, right=False)
    label, value = found[0].boxes[0], found[8].boxes[0]
    stray = build_region("77.77", (value.x0, label.y0, value.x1, label.y1), region_id="p1r99")

    rows = [{item.region_id for item in row.items} for row in find_rows([*found, stray], PAGE)]

    assert {"p1r99"} in rows
    assert {"p1r1", "p1r9"} in rows


def test_boxes_without_height_or_width_are_rows_too() -> None:
    found = [build_region(f"t{n} x", (0.1 * n, 0.3, 0.1 * n, 0.3), region_id=f"p1r{n}") for n in range(6)]

    assert sum(len(row.items) for row in find_rows(found, PAGE)) == 6


def test_boxes_that_grow_with_their_width_speak_for_skew_and_not_for_drift() -> None:
    slope = 0.04
    found = []

    def add(text: str, x: float, y: float, width: float) -> None:
        top = y + slope * x
        box = (x / 999, top / 999, (x + width) / 999, (top + 20 + slope * width) / 999)
        found.append(build_region(text, box, region_id=f"p1r{len(found) + 1}"))

    for row in range(8):
        add("A label that is wide", 100, 150 + row * 40, 260) if row % 2 else add("Fee", 100, 150 + row * 40, 60)
        add("12.50", 600, 150 + row * 40, 60)

    rows = find_rows(found, Size(1000, 1000))

    assert [len(row.items) for row in rows] == [2] * 8
    assert not any(row.shifted for row in rows)


def test_a_whole_sentence_is_neither_label_nor_value() -> None:
    sentence = "a sentence of many words that goes on and on for the whole width of the page and ends in a number 12"
    found = [build_region(sentence, (0.1, 0.1 + 0.03 * n, 0.9, 0.12 + 0.03 * n), region_id=f"p1r{n}") for n in range(4)]

    assert [row.text for row in find_rows(found, PAGE)] == [sentence] * 4


def test_a_column_of_overlapping_lines_has_no_slope() -> None:
    found = [
        build_region(f"t{n}", (0.1, 0.1 + 0.001 * n, 0.12, 0.2 + 0.001 * n), region_id=f"p1r{n}") for n in range(6)
    ]

    assert len(find_rows(found, PAGE)) == 6


def test_boxes_lower_than_any_type_do_not_upset_the_slope() -> None:
    heights = (0.0, 1.0, 5e-324, 5e-324, 5e-324)
    found = [build_region("0", (0, 0, 0, height), region_id=f"p1r{at}") for at, height in enumerate(heights)]

    assert sum(len(row.items) for row in find_rows(found, PAGE)) == len(found)
