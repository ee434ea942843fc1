from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.documents import IssueCode
from deepocr_kit.grounding import find_markdown_tables, parse_markdown_table
from steady_time import LOOSELY_LINEAR, growth

TABLE = "| Ware | Price |\n|:-----|------:|\n| Lamp | 12.50 |\n| Bulb | 1.50 |"


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    table = parse_markdown_table(text).table
    assert table is not None
    return table.rows()


def test_a_pipe_table_becomes_a_grid_with_a_header() -> None:
    parsed = parse_markdown_table(TABLE)

    assert parsed.table is not None
    assert parsed.table.rows() == (("Ware", "Price"), ("Lamp", "12.50"), ("Bulb", "1.50"))
    assert [cell.header for cell in parsed.table.cells] == [True, True, False, False, False, False]
    assert (parsed.text, parsed.issues) == ("Ware Price\nLamp 12.50\nBulb 1.50", ())


@pytest.mark.parametrize("text", ["a | b\n--- | ---\nc | d", "|a|b|\n|-|-|\n|c|d|", "  a|b  \n :-:|-: \nc|d|"])
def test_pipes_at_the_ends_may_be_missing(text: str) -> None:
    assert rows(text) == (("a", "b"), ("c", "d"))


def test_an_escaped_pipe_is_text() -> None:
    assert rows("| a \\| b | c |\n|---|---|\n| \\\\ | d |") == (("a | b", "c"), ("\\\\", "d"))


def test_marks_and_entities_inside_a_cell_are_read() -> None:
    assert rows("| **a** | A<B &amp; x<br>y |\n|---|---|") == (("a", "A<B & x\ny"),)


def test_empty_cells_keep_their_place() -> None:
    assert rows("| a | b | c |\n|---|---|---|\n| | x | |") == (("a", "b", "c"), ("", "x", ""))


def test_without_a_delimiter_row_there_is_no_header() -> None:
    parsed = parse_markdown_table("| a | b |\n| c | d |")

    assert parsed.table is not None
    assert not any(cell.header for cell in parsed.table.cells)
    assert [issue.code for issue in parsed.issues] == [IssueCode.MALFORMED_TABLE]


def test_rows_of_different_width_are_kept_and_said() -> None:
    parsed = parse_markdown_table("| a | b |\n|---|---|\n| c | d | e |\nlast line")

    assert rows("| a | b |\n|---|---|\n| c | d | e |\nlast line") == (
        ("a", "b", ""),
        ("c", "d", "e"),
        ("last line", "", ""),
    )
    assert "differ" in parsed.issues[0].message


def test_a_second_delimiter_row_is_a_row() -> None:
    assert rows(f"{TABLE}\n|---|---|")[-1] == ("---", "---")


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_nothing_is_no_table(text: str) -> None:
    assert parse_markdown_table(text).table is None


def test_a_grid_is_bounded_and_its_text_is_not() -> None:
    parsed = parse_markdown_table("| a | b |\n|---|---|\n" + "| c | d |\n" * 15_000)
    wide = parse_markdown_table("|a" * 20_001)

    assert parsed.table is not None
    assert parsed.table.row_count == 10_000
    assert parsed.text.count("c") == 15_000
    assert parsed.issues[0].code is IssueCode.LIMIT_REACHED
    assert wide.table is None
    assert wide.text.count("a") == 20_001


def test_tables_are_found_between_paragraphs() -> None:
    content = f"Some | words\n\n{TABLE}\n\nmore\n{TABLE}\nend"

    assert [content[start:end] for start, end in find_markdown_tables(content)] == [TABLE, TABLE]
    assert find_markdown_tables("a | b\nc | d\n---\n") == ()


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(st.sampled_from(["|", "\\|", "\n", "---", "|---|", "\\", "<br>"]) | st.text(max_size=4), max_size=25)
)
def test_every_word_is_kept_and_nothing_raises(parts: list[str]) -> None:
    words = [f"uniqueword{index:02d}zz" for index in range(len(parts))]
    text = "".join(f"{part} {word} " for part, word in zip(parts, words, strict=True))
    parsed = parse_markdown_table(text)
    spans = find_markdown_tables(text)

    assert [parsed.text.count(word) for word in words] == [1] * len(words)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("unit", ["|", "|-", "| a |\n|---|\n", "\\", "a|\n", ":-|"])
def test_time_is_linear(unit: str) -> None:
    def read(count: int) -> None:
        parse_markdown_table(unit * count)
        find_markdown_tables(unit * count)

    assert growth(lambda: read(5_000), lambda: read(40_000), times=8, limit=LOOSELY_LINEAR) <= LOOSELY_LINEAR
