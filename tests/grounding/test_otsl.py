from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.grounding import parse_otsl
from steady_time import LOOSELY_LINEAR, growth

TOKENS = ["<fcel>", "<ecel>", "<lcel>", "<ucel>", "<xcel>", "<nl>", "<ched>", "<rhed>", "<srow>", "<otsl>", "</otsl>"]


def cells(text: str) -> list[tuple[int, int, int, int, str]]:
    table = parse_otsl(text).table
    assert table is not None
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in table.cells]


def test_rows_and_cells_become_a_grid() -> None:
    parsed = parse_otsl("<otsl><ched>Ware<ched>Price<nl><fcel>Lamp<fcel>12.50<nl><rhed>Sum<ecel><nl></otsl>")

    assert parsed.table is not None
    assert parsed.table.rows() == (("Ware", "Price"), ("Lamp", "12.50"), ("Sum", ""))
    assert [cell.header for cell in parsed.table.cells] == [True, True, False, False, True, False]
    assert (parsed.text, parsed.issues) == ("Ware Price\nLamp 12.50\nSum", ())


def test_spans_reach_to_the_right_and_down() -> None:
    text = "<fcel>Product<fcel>Years<lcel><nl><ucel><fcel>2016<fcel>2017<nl><fcel>Apple<fcel>49823<fcel>695944<nl>"

    assert cells(text)[:2] == [(0, 0, 2, 1, "Product"), (0, 1, 1, 2, "Years")]
    assert parse_otsl(text).issues == ()


def test_a_span_may_reach_both_ways() -> None:
    text = "<fcel>a<lcel><fcel>b<nl><ucel><xcel><fcel>c<nl>"

    assert cells(text) == [(0, 0, 2, 2, "a"), (0, 2, 1, 1, "b"), (1, 2, 1, 1, "c")]
    assert parse_otsl(text).issues == ()


def test_a_span_that_is_no_rectangle_is_cut_to_one() -> None:
    text = "<fcel>a<lcel><nl><ucel><fcel>b<nl>"

    assert cells(text) == [(0, 0, 1, 2, "a"), (1, 0, 1, 1, ""), (1, 1, 1, 1, "b")]
    assert "no rectangle" in parse_otsl(text).issues[0].message


@pytest.mark.parametrize("text", ["<lcel><fcel>a<nl>", "<ucel><fcel>a<nl>", "<fcel>a<nl><fcel>b<xcel><xcel><nl>"])
def test_a_continuation_of_nothing_is_an_empty_cell(text: str) -> None:
    assert any("continues nothing" in issue.message for issue in parse_otsl(text).issues)
    assert "" in [cell[4] for cell in cells(text)]


def test_text_in_the_wrong_place_gets_a_cell() -> None:
    parsed = parse_otsl("<fcel>a<lcel>more<nl>tail<fcel>b<nl>")

    assert parsed.table is not None
    assert parsed.table.rows() == (("a", "more"), ("tail", "b"))
    assert {issue.severity for issue in parsed.issues} == {Severity.WARNING}
    assert len(parsed.issues) == 2


def test_words_before_the_first_cell_are_kept_in_the_text() -> None:
    parsed = parse_otsl("Table 1: Prices<fcel>a<nl>")

    assert (parsed.text, cells("Table 1: Prices<fcel>a<nl>")) == ("Table 1: Prices\na", [(0, 0, 1, 1, "a")])


def test_less_than_signs_entities_and_line_breaks_are_text() -> None:
    (cell,) = cells("<otsl><loc_1><loc_2><loc_3><loc_4><fcel>A<B &amp; <b>C</b> <br/> x  y<nl></otsl>")

    assert cell[4] == "A<B & C\nx y"


def test_rows_of_different_width_are_kept_and_said() -> None:
    parsed = parse_otsl("<fcel>a<fcel>b<nl><fcel>c<nl><nl><fcel>d<nl>")

    assert parsed.table is not None
    assert (parsed.table.row_count, parsed.table.col_count) == (4, 2)
    assert "differ" in parsed.issues[0].message


@pytest.mark.parametrize("text", ["<otsl><fcel>Lamp<nl>", "<fcel>Lamp<fc", "<fcel>Lamp</ot"])
def test_a_cut_table_is_an_error(text: str) -> None:
    parsed = parse_otsl(text)

    assert parsed.text == "Lamp"
    assert [(issue.code, issue.severity) for issue in parsed.issues] == [(IssueCode.MALFORMED_TABLE, Severity.ERROR)]


@pytest.mark.parametrize("words", ["<br", "a <br b", "<BRACKET>", "<br <br>", "a<brb>c"])
def test_what_begins_like_a_line_break_is_text(words: str) -> None:
    parsed = parse_otsl(f"<fcel>{words}<nl>")

    assert parsed.text == words.replace("<br>", "").strip()


def test_a_less_than_sign_at_the_end_is_text() -> None:
    assert (parse_otsl("<fcel>a <").text, parse_otsl("<fcel>a <").issues) == ("a <", ())


@pytest.mark.parametrize("text", ["", "words alone", "<otsl></otsl>"])
def test_without_a_cell_there_is_no_grid(text: str) -> None:
    assert parse_otsl(text).table is None


def test_a_grid_is_bounded_and_its_text_is_not() -> None:
    rows = "<fcel>a<fcel>b<nl>" * 20_000
    parsed = parse_otsl(rows)
    wide = parse_otsl("<fcel>a" * 20_001)

    assert parsed.table is not None
    assert parsed.table.row_count == 10_000
    assert parsed.text.count("a") == 20_000
    assert parsed.issues[0].code is IssueCode.LIMIT_REACHED
    assert (wide.table, wide.issues[0].code) == (None, IssueCode.LIMIT_REACHED)


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(st.sampled_from([*TOKENS, "<", "<lc", "\n"]) | st.text(max_size=4), max_size=25))
def test_every_word_is_kept_whatever_the_tokens(parts: list[str]) -> None:
    words = [f"uniqueword{index:02d}zz" for index in range(len(parts))]
    parsed = parse_otsl("".join(f"{part} {word} " for part, word in zip(parts, words, strict=True)))
    in_cells = "" if parsed.table is None else " ".join(cell.text for cell in parsed.table.cells)

    assert [parsed.text.count(word) for word in words] == [1] * len(words)
    assert all(in_cells.count(word) <= 1 for word in words)


@pytest.mark.parametrize("unit", ["<fcel>", "<lcel>", "<ucel>", "<nl>", "<fcel>a<lcel><nl><ucel><xcel><nl>", "<loc_1>"])
def test_time_is_linear(unit: str) -> None:
    short, long = unit * 1_000, unit * 8_000
    grown = growth(lambda: parse_otsl(short), lambda: parse_otsl(long), times=8, limit=LOOSELY_LINEAR)

    assert grown <= LOOSELY_LINEAR
