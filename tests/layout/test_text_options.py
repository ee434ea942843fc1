"""What layout text leaves out, marks, and how it writes tables when asked."""

from __future__ import annotations

import pytest

from deepocr_kit.documents import Region, RegionLabel, Table, TableCell
from deepocr_kit.layout import TextOptions, layout_text
from deepocr_kit.testing import build_page, build_region

LABELS = {
    "header": RegionLabel.PAGE_HEADER,
    "number": RegionLabel.PAGE_FOOTER,
    "title": RegionLabel.TITLE,
    "section": RegionLabel.SECTION_HEADER,
    "words": RegionLabel.TEXT,
    "point": RegionLabel.LIST_ITEM,
    "chart": RegionLabel.CHART,
    "pair": RegionLabel.KEY_VALUE_REGION,
    "ticked": RegionLabel.CHECKBOX_SELECTED,
    "empty": RegionLabel.CHECKBOX_UNSELECTED,
    "footer": RegionLabel.PAGE_FOOTER,
}
TEXTS = {"number": "- 3 -"}

TABLE = Table(
    row_count=3,
    col_count=3,
    cells=(
        TableCell(row=0, col=0, text="Item", header=True),
        TableCell(row=0, col=1, col_span=2, text="Price", header=True),
        TableCell(row=1, col=0, text="Pen"),
        TableCell(row=1, col=2, text="2.00"),
    ),
)


def page_of_all(**options: object) -> str:
    found = [
        build_region(TEXTS.get(name, name), (0.1, 0.05 * at, 0.4, 0.05 * at + 0.03), region_id=f"p1r{at}", label=label)
        for at, (name, label) in enumerate(LABELS.items(), start=1)
    ]
    return layout_text(build_page(*found), options=TextOptions(max_number_of_consecutive_new_lines=1, **options))  # type: ignore[arg-type]  # options of several types


def table_region(*, text: str = "") -> Region:
    region = build_region(text, (0.1, 0.5, 0.9, 0.6), region_id="p1r50", label=RegionLabel.TABLE)
    return region.model_copy(update={"table": TABLE})


def table_text(**options: object) -> str:
    return layout_text(build_page(table_region()), options=TextOptions(**options))  # type: ignore[arg-type]  # options of several types


def test_the_default_hides_nothing_and_marks_only_checkboxes() -> None:
    assert page_of_all().splitlines() == [
        "header", "- 3 -", "title", "section", "words", "point", "chart", "pair", "[X] ticked", "[ ] empty", "footer"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "gone"),
    [
        ("hide_header_layout", {"header"}),
        ("hide_footer_layout", {"footer", "- 3 -"}),
        ("hide_page_num_layout", {"- 3 -"}),
        ("hide_figure_layout", {"chart"}),
        ("hide_key_value_layout", {"pair"}),
    ],
)
def test_what_is_hidden_is_gone_and_nothing_else(option: str, gone: set[str]) -> None:
    assert set(page_of_all().splitlines()) - set(page_of_all(**{option: True}).splitlines()) == gone


def test_tables_can_be_hidden() -> None:
    page = build_page(build_region("words"), table_region())

    assert layout_text(page, options=TextOptions(hide_table_layout=True)) == "words"


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("title", "<title>"),
        ("section_header", "<section>"),
        ("list_element", "<point>"),
        ("text", "<words>"),
        ("header", "<header>"),
        ("footer_layout", "<footer>"),
        ("page_num", "<- 3 ->"),
        ("figure_layout", "<chart>"),
    ],
)
def test_each_kind_has_its_prefix_and_its_suffix(option: str, line: str) -> None:
    lines = page_of_all(**{f"{option}_prefix": "<", f"{option}_suffix": ">"}).splitlines()

    assert [one for one in lines if one.startswith("<")] == [line]


def test_a_region_of_several_lines_is_marked_at_both_ends_only() -> None:
    region = build_region("one\ntwo\nthree", (0.1, 0.1, 0.3, 0.16), label=RegionLabel.TITLE)

    text = layout_text(build_page(region), options=TextOptions(title_prefix="# ", title_suffix=" #"))

    assert text.split() == ["#", "one", "two", "three", "#"]


def test_checkboxes_are_marked_as_wanted_and_never_twice() -> None:
    marked = build_region("[x] done", label=RegionLabel.CHECKBOX_SELECTED)

    assert "yes ticked" in page_of_all(selection_element_selected="yes")
    assert "\nempty" in page_of_all(selection_element_not_selected="")
    assert layout_text(build_page(marked)) == "[x] done"


def test_marks_do_not_change_which_pieces_share_a_row() -> None:
    page = build_page(("Name", (0.1, 0.1, 0.14, 0.12)), ("Ann", (0.5, 0.1, 0.53, 0.12)))

    text = layout_text(page, options=TextOptions(text_prefix="a long prefix ", text_suffix="."))

    assert text.split("  ")[0] == "a long prefix Name."
    assert text.endswith("a long prefix Ann.")


@pytest.mark.parametrize(
    ("text", "label", "number"),
    [
        ("3", RegionLabel.PAGE_FOOTER, True),
        ("Page 3 of 12", RegionLabel.PAGE_HEADER, True),
        ("3/12", RegionLabel.PAGE_FOOTER, True),
        ("xiv", RegionLabel.PAGE_FOOTER, True),
        ("第3页", RegionLabel.PAGE_FOOTER, True),
        ("3", RegionLabel.TEXT, False),
        ("3 apples", RegionLabel.PAGE_FOOTER, False),
        ("1" * 100_000, RegionLabel.PAGE_FOOTER, False),
    ],
)
def test_a_page_number_is_a_header_or_footer_that_is_nothing_else(
    text: str, label: RegionLabel, *, number: bool
) -> None:
    page = build_page(build_region(text, (0.1, 0.9, 0.2, 0.92), label=label))

    assert (layout_text(page, options=TextOptions(hide_page_num_layout=True)) == "") is number


def test_a_model_s_own_word_for_page_numbers_counts() -> None:
    region = build_region("A-7", label=RegionLabel.PAGE_FOOTER).model_copy(update={"raw_label": "page_number"})

    assert layout_text(build_page(region), options=TextOptions(hide_page_num_layout=True)) == ""


def test_tables_are_written_by_the_function_that_was_given() -> None:
    wide = "| " + "x" * 300 + " |"

    text = table_text(table_linearization_format=lambda table: f"{table.row_count} rows\n{wide}")

    assert text == f"3 rows\n{wide}"


def test_cells_and_rows_can_be_parted_by_separators_and_keep_their_places() -> None:
    assert table_text(table_column_separator="\t") == "Item\tPrice\t\nPen\t\t2.00\n\t\t"
    assert table_text(table_column_separator="|", table_row_separator=";") == "Item|Price|;Pen||2.00;||"


def test_empty_and_merged_cells_can_be_filled() -> None:
    assert table_text(table_cell_empty_cell_placeholder="-") == "Item  Price  -\nPen   -      2.00\n-     -      -"
    assert table_text(table_duplicate_text_in_merged_cells=True) == "Item  Price  Price\nPen          2.00"


def test_a_line_may_stand_before_and_after_each_table() -> None:
    assert table_text(table_prefix="<table>", table_suffix="</table>") == (
        "<table>\nItem  Price\nPen    2.00\n</table>"
    )


def test_runs_of_spaces_can_be_shortened() -> None:
    page = build_page(("Name", (0.1, 0.1, 0.14, 0.12)), ("Ann", (0.5, 0.1, 0.53, 0.12)))

    assert layout_text(page, options=TextOptions(max_number_of_consecutive_spaces=1)) == "Name Ann"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_prefix": "\n# "},
        {"text_suffix": ".\n"},
        {"table_cell_empty_cell_placeholder": "a\u2028b"},
        {"max_number_of_consecutive_new_lines": 0},
        {"max_number_of_consecutive_spaces": 0},
    ],
)
def test_options_that_would_break_lines_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TextOptions(**wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "wrong",
    [
        {"hide_header_layout": "no"},
        {"title_prefix": 5},
        {"table_column_separator": 3},
        {"table_linearization_format": "markdown"},
        {"max_number_of_consecutive_new_lines": 1.5},
        {"max_number_of_consecutive_spaces": True},
        {"max_number_of_consecutive_new_lines": None},
    ],
)
def test_options_of_another_kind_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=next(iter(wrong))):
        TextOptions(**wrong)  # type: ignore[arg-type]  # wrong on purpose
