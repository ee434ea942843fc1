"""Plain text that keeps the layout."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from benchmarks.rows import Case, aligned_cells
from hypothesis import given, settings
from layout_forms import build_form
from layout_strategies import regions

from deepocr_kit.documents import Page, Region, Table, TableCell
from deepocr_kit.geometry import Size
from deepocr_kit.layout import TextOptions, cell_width, layout_text
from deepocr_kit.testing import build_page, build_region

AB = (("a", 0.1), ("b", 0.5))
CD = (("c", 0.1), ("d", 0.3))


def column_of(text: str, word: str) -> int:
    line = next(line for line in text.splitlines() if word in line)
    return cell_width(line[: line.index(word)])


def end_of(text: str, word: str) -> int:
    return column_of(text, word) + cell_width(word)


def test_an_empty_page_is_an_empty_text() -> None:
    assert layout_text(build_page()) == ""


def test_label_and_value_stand_on_one_line_and_numbers_end_in_one_column() -> None:
    page = Page(index=0, size=Size(1000, 1400), regions=tuple(build_form(6, jitter=1.0)))

    text = layout_text(page, options=TextOptions(max_number_of_consecutive_new_lines=1))
    lines = text.splitlines()

    assert len(lines) == 6
    assert len({len(line) for line in lines}) == 1


def test_left_set_columns_start_in_one_column_whatever_stands_before() -> None:
    page = build_page(
        ("Name", (0.1, 0.10, 0.14, 0.12)),
        ("Ann", (0.5, 0.10, 0.53, 0.12)),
        ("公司名称", (0.1, 0.13, 0.18, 0.15)),
        ("Bob", (0.505, 0.13, 0.53, 0.15)),
    )

    text = layout_text(page)

    assert column_of(text, "Ann") == column_of(text, "Bob")


def test_wide_characters_count_as_two_cells() -> None:
    assert cell_width("单价(元) a\u0301") == 10


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("\N{FAMILY}", 2),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", 2),
        ("\u2764\ufe0f\u200d\U0001f525 ok", 5),
        ("\U0001f44d\U0001f3fd", 2),
        ("\u2611\ufe0f", 2),
        ("\U0001f1e9\U0001f1ea", 2),
        ("क्षि", 2),
        ("क्\u200dष", 2),
        (unicodedata.normalize("NFD", "한글"), 4),
        ("\u200b\u00ad", 0),
        ("\x80", 1),
    ],
)
def test_characters_that_belong_together_count_once(text: str, width: int) -> None:
    assert cell_width(text) == width


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f600" * 100,
        "a" * 19 + "\U0001f600",
        "\U00020000" * 60,
        "\u2764\ufe0f" * 50,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 30,
        unicodedata.normalize("NFD", "각é") * 50,
    ],
)
def test_a_long_word_of_wide_characters_is_not_wider_than_allowed(text: str) -> None:
    lines = layout_text(build_page(text), max_width=20).splitlines()

    assert max(map(cell_width, lines)) <= 20
    assert "".join(lines) == text
    assert not any(unicodedata.combining(line[0]) or line[0] in "\ufe0f\u200d" for line in lines)


def test_a_tab_is_a_space() -> None:
    assert layout_text(build_page("a\tb")) == "a b"


def test_a_page_of_vertical_lines_is_read_from_the_right_without_indents() -> None:
    page = build_page(
        ("題名 作者", (0.4, 0.03, 0.6, 0.06)),
        ("つかぬ何でも薄暗い", (0.2, 0.1, 0.23, 0.5)),
        ("どこで生れたかとんと見当がつかぬ" * 3, (0.5, 0.1, 0.53, 0.9)),
        ("吾輩は猫である名前はまだ無い", (0.8, 0.1, 0.83, 0.6)),
    )

    text = layout_text(page, options=TextOptions(max_number_of_consecutive_new_lines=1))

    assert text.splitlines() == [page.regions[at].text for at in (0, 3, 2, 1)]


def test_a_lone_piece_starts_where_its_column_starts() -> None:
    page = build_page(
        ("Name", (0.1, 0.10, 0.14, 0.12)),
        ("Ann Example", (0.5, 0.10, 0.61, 0.12)),
        ("of Nowhere", (0.5, 0.13, 0.60, 0.15)),
        ("Date", (0.1, 0.16, 0.14, 0.18)),
        ("today", (0.5, 0.16, 0.55, 0.18)),
    )

    text = layout_text(page)

    assert column_of(text, "of Nowhere") == column_of(text, "Ann Example") == column_of(text, "today")


def test_a_gap_becomes_one_blank_line_if_wanted() -> None:
    page = build_page(("one", (0.1, 0.1, 0.2, 0.12)), ("two", (0.1, 0.4, 0.2, 0.42)))

    assert layout_text(page) == "one\n\ntwo"
    assert layout_text(page, options=TextOptions(max_number_of_consecutive_new_lines=1)) == "one\ntwo"


def test_regions_without_a_box_follow_after_a_blank_line() -> None:
    page = build_page(build_region("lost", None, region_id="p1r9"), build_region("placed"))

    assert layout_text(page) == "placed\n\nlost"


def test_a_table_is_set_from_its_grid() -> None:
    cells = [(0, 0, "Item"), (0, 1, "Price"), (1, 0, "Pencil case"), (1, 1, "12.00")]
    table = Table(row_count=2, col_count=2, cells=tuple(TableCell(row=r, col=c, text=t) for r, c, t in cells))
    region = build_region("", (0.1, 0.1, 0.9, 0.3)).model_copy(update={"table": table})

    assert layout_text(build_page(region)) == "Item         Price\nPencil case  12.00"


def test_a_wrapped_cell_stays_in_its_column() -> None:
    address = "12 Imaginary Lane, Neverton, a place that is not on any map at all, NV0 0XX"
    page = build_page(
        ("Address", (0.1, 0.1, 0.17, 0.115)), (address, (0.5, 0.1, 0.75, 0.16)), ("Name", (0.1, 0.2, 0.14, 0.215))
    )

    lines = layout_text(page).splitlines()
    start = lines[0].index("12")

    assert all(line[:start].strip() in {"Address", ""} for line in lines[:3])
    assert " ".join(line[start:] for line in lines[:3]).split()[:4] == address.split()[:4]


def test_a_line_that_is_too_long_is_wrapped_and_not_cut() -> None:
    words = " ".join(f"word{number}" for number in range(40)) + " " + "x" * 70 + "字" * 30
    text = layout_text(build_page((words, (0.1, 0.1, 0.9, 0.11))), max_width=40)

    assert max(cell_width(line) for line in text.splitlines()) <= 40
    assert "".join(text.split()) == "".join(words.split())


def test_a_row_that_does_not_fit_is_joined_and_wrapped() -> None:
    page = build_page(
        *((f"a long piece of text {n}", (0.01 + n * 0.05, 0.1, 0.05 + n * 0.05, 0.101)) for n in range(18))
    )

    text = layout_text(page, max_width=60)

    assert max(cell_width(line) for line in text.splitlines()) <= 60
    assert text.count("piece") == 18


def test_a_width_that_is_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        layout_text(build_page("x"), max_width=5)


def test_the_founding_case_reads_line_by_line(founding_page: Page) -> None:
    lines = [" ".join(line.split()) for line in layout_text(founding_page).splitlines()]

    for line in (
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
        "发票号码:97233233388",
    ):
        assert line in lines
    for label, value in (("发票代码:", "1233777024888215"), ("统一社会信用代码:", "9237083284283916429N")):
        assert lines[lines.index(label) + 1] == value


def test_no_value_of_the_founding_case_is_missing(founding_page: Page, founding_values: dict[str, str]) -> None:
    text = layout_text(founding_page)

    assert [value for value in founding_values.values() if value not in text] == []


def test_the_founding_case_s_amounts_end_in_one_column(founding_page: Page) -> None:
    text = layout_text(founding_page)

    assert len({end_of(text, value) for value in ("23:40", "4.10元", "15.9km", "00:03:26", "100.00元")}) == 1


@pytest.mark.parametrize(
    "case", [Case(0, 0), Case(2, 2.9), Case(4, 1.7), Case(2, 0, drift=0.4)], ids=lambda case: case.name
)
def test_columns_of_made_up_tables_are_straight_whatever_was_done_to_the_page(case: Case) -> None:
    for seed in range(3_000_000, 3_000_008):
        straight, cells = aligned_cells(case.table(seed))

        assert straight == cells


def test_columns_stay_straight_across_rows_of_one_piece() -> None:
    names = [("Name", (0.1, 0.1, 0.14, 0.12)), ("Ann", (0.5, 0.1, 0.53, 0.12))]
    lone = [(f"word {n}", (0.502, 0.13 + 0.03 * n, 0.57, 0.15 + 0.03 * n)) for n in range(5)]
    more = [("公司名称", (0.1, 0.3, 0.18, 0.32)), ("Bob", (0.505, 0.3, 0.53, 0.32))]

    text = layout_text(build_page(*names, *lone, *more))

    assert len({column_of(text, word) for word in ("Ann", "word 0", "word 4", "Bob")}) == 1


def test_text_across_the_gutter_parts_columns_that_do_not_agree() -> None:
    above = [(f"{name}{n}", (x, 0.1 + 0.03 * n, x + 0.05, 0.12 + 0.03 * n)) for n in range(2) for name, x in AB]
    prose = [("running words " * 4, (0.1, 0.2 + 0.03 * n, 0.6, 0.22 + 0.03 * n)) for n in range(3)]
    below = [(f"{name}{n}", (x, 0.3 + 0.03 * n, x + 0.05, 0.32 + 0.03 * n)) for n in range(2) for name, x in CD]

    text = layout_text(build_page(*above, *prose, *below))

    assert column_of(text, "b0") != column_of(text, "d0")


def test_a_gap_beside_a_box_that_is_hardly_there_is_one_blank_line() -> None:
    page = build_page(("one", (0.1, 0.0, 0.2, 2.3e-311)), ("two", (0.1, 0.2, 0.2, 0.2)))

    assert layout_text(page, options=TextOptions(max_number_of_consecutive_new_lines=4)) == "one\n\ntwo"


def test_a_gap_may_become_more_blank_lines() -> None:
    page = build_page(("one", (0.1, 0.1, 0.2, 0.12)), ("two", (0.1, 0.2, 0.2, 0.22)))

    assert layout_text(page, options=TextOptions(max_number_of_consecutive_new_lines=4)) == "one\n\n\n\ntwo"


@settings(max_examples=60, deadline=None)
@given(regions())
def test_nothing_is_lost_and_no_line_is_too_long(found: list[Region]) -> None:
    unmarked = TextOptions(selection_element_selected="", selection_element_not_selected="")
    text = layout_text(build_page(*found), max_width=50, options=unmarked)

    def letters(value: str) -> Counter[str]:
        return Counter("".join(value.split()))

    assert letters(text) == letters("".join(region.text for region in found))
    assert all(cell_width(line) <= 50 for line in text.splitlines())
