from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossless import letters, squeeze

from deepocr_kit.documents import IssueCode, Severity, Table
from deepocr_kit.grounding import ParsedTable, parse_html_table
from deepocr_kit.grounding.tables import find_tables


def grid(html: str) -> tuple[tuple[str, ...], ...]:
    table = parse_html_table(html).table
    assert table is not None
    return table.rows()


def messages(parsed: ParsedTable) -> str:
    return "; ".join(issue.message for issue in parsed.issues)


def test_a_plain_table_has_no_issue() -> None:
    parsed = parse_html_table("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>")

    assert parsed.table is not None
    assert parsed.table.rows() == (("a", "b"), ("c", "d"))
    assert parsed.text == "a b\nc d"
    assert parsed.issues == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("A<B", "A<B"),
        ("p < 0.05", "p < 0.05"),
        ("A<B and C>D", "A<B and C>D"),
        ("x<b", "x<b"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("<script>1</script>", "<script>1</script>"),
        ("<b>bold</b> <i>x", "bold <i>x"),
        ("10<sup>3</sup> CO<sub>2</sub>", "10^3 CO2"),
        ("a<br>b<br/> c", "a\nb\nc"),
        ("AT&amp;T &lt;b&gt; &section &#20320; &bogus; &#0;", "AT&T <b> &section 你 &bogus; &#0;"),
        ("&#99999999999999;", "&#99999999999999;"),
        ("**1228** 22:**20**", "1228 22:20"),
        ("  a \n b  ", "a b"),
        (r"\( \binom{n}{k} \)", r"\( \binom{n}{k} \)"),
    ],
)
def test_no_text_of_a_cell_is_lost(cell: str, text: str) -> None:
    assert grid(f"<table><tr><td>{cell}</td></tr></table>") == ((text,),)


def test_spans_fill_the_grid() -> None:
    parsed = parse_html_table(
        '<table><tr><th rowspan="2">a</th><th colspan="2">b</th></tr><tr><td>c</td><td>d</td></tr></table>'
    )
    assert parsed.table is not None
    first, second = parsed.table.cells[:2]

    assert parsed.table.rows() == (("a", "b", ""), ("", "c", "d"))
    assert (first.row_span, second.col_span, first.header, parsed.table.cells[2].header) == (2, 2, True, False)
    assert parsed.issues == ()


def test_cells_in_a_head_are_headers() -> None:
    table = parse_html_table(
        "<table><thead><tr><td>a</td></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"
    ).table
    assert table is not None

    assert [cell.header for cell in table.cells] == [True, False]


@pytest.mark.parametrize("span", ["99999999", "0", "'3'", '\\"2\\"', "9" * 5000])
def test_any_colspan_is_bounded(span: str) -> None:
    table = parse_html_table(f"<table><tr><td colspan={span}>a</td><td>b</td></tr><tr><td>c</td></tr></table>").table

    assert table is not None
    assert table.col_count == 2


def test_a_huge_span_is_said() -> None:
    parsed = parse_html_table("<table><tr><td colspan=99999999 rowspan=99999999>a</td></tr></table>")

    assert parsed.table == Table(row_count=1, col_count=1, cells=parsed.table.cells if parsed.table else ())
    assert "span" in messages(parsed)


def test_a_span_that_runs_into_a_cell_is_cut_short() -> None:
    parsed = parse_html_table("<table><tr><td>a</td><td rowspan=2>b</td></tr><tr><td colspan=2>c</td></tr></table>")
    assert parsed.table is not None

    assert parsed.table.rows() == (("a", "b"), ("c", ""))
    assert "span" in messages(parsed)


def test_a_missing_row_is_added() -> None:
    parsed = parse_html_table("<table><tr><td>a</td></tr><td>b</td></table>")

    assert parsed.table is not None
    assert parsed.table.rows() == (("a",), ("b",))
    assert [(issue.code, issue.severity) for issue in parsed.issues] == [(IssueCode.MALFORMED_TABLE, Severity.WARNING)]


def test_missing_closers_change_nothing() -> None:
    assert grid("<table><tr><td>a<td>b<tr><td>c<td>d</td></table>") == (("a", "b"), ("c", "d"))


def test_rows_of_different_width_are_said() -> None:
    parsed = parse_html_table("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")

    assert parsed.table is not None
    assert parsed.table.rows() == (("a", "b"), ("c", ""))
    assert "columns" in messages(parsed)


@pytest.mark.parametrize("tail", ["", "<", "</t", "<td", "</td"])
def test_a_cut_table_keeps_its_cells_and_is_an_error(tail: str) -> None:
    parsed = parse_html_table(f"<table><tr><td>a</td><td>b{tail}")

    assert parsed.table is not None
    assert parsed.table.rows() == (("a", "b"),)
    assert [issue.severity for issue in parsed.issues] == [Severity.ERROR]


@pytest.mark.parametrize(
    "html",
    ["<table>Modeldim22Uniform</table>", '<table><td rowspan="2">Mode<td colspan="3">NativeTinySmall</table>'],
)
def test_fused_cells_are_lost_and_their_text_is_kept(html: str) -> None:
    parsed = parse_html_table(html)

    assert parsed.table is None
    assert [(issue.code, issue.severity) for issue in parsed.issues] == [(IssueCode.LOST_CELLS, Severity.ERROR)]
    assert letters(parsed.text) == letters(re.sub("<[^<>]*>", "", html))


@pytest.mark.parametrize("html", ["<table></table>", "<table><tr></tr></table>", ""])
def test_an_empty_table_has_no_grid_and_no_issue(html: str) -> None:
    assert parse_html_table(html) == ParsedTable(None, "")


def test_text_between_cells_gets_a_cell() -> None:
    parsed = parse_html_table("<table>x<tr>y<td>a</td>z</tr></table>")

    assert parsed.table is not None
    assert parsed.table.rows() == (("x", "", ""), ("y", "a", "z"))
    assert "outside" in messages(parsed)


def test_a_caption_stands_in_the_text() -> None:
    parsed = parse_html_table("<table><caption>Prices<tr><td>a</td></tr></table>")

    assert parsed.text == "Prices\na"
    assert parse_html_table("<table><caption>P</caption><tr><td>a</td></tr></table>").text == "P\na"


def test_a_nested_table_joins_the_cell_around_it() -> None:
    parsed = parse_html_table(
        "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table>d</td><td>e</td></tr></table>"
    )
    assert parsed.table is not None

    assert parsed.table.rows() == (("a b c d", "e"),)
    assert "inside a cell" in messages(parsed)


def test_deep_nesting_is_bounded() -> None:
    assert parse_html_table("<table><tr><td>x" * 20_000).table is not None


def test_closers_without_a_table_are_harmless() -> None:
    assert parse_html_table("</table></table><tr><td>a</td></tr>").text == "a"


def test_a_grid_has_a_largest_size_and_the_rest_stays_text() -> None:
    parsed = parse_html_table("<table>" + "<tr><td>a</td><td>b</td></tr>" * 12_000 + "</table>")

    assert parsed.table is not None
    assert parsed.table.row_count * parsed.table.col_count <= 20_000
    assert parsed.text.count("a b") == 12_000
    assert [issue.code for issue in parsed.issues] == [IssueCode.LIMIT_REACHED]


def test_a_row_that_would_make_the_grid_too_large_is_left_out_with_its_spans() -> None:
    wide = '<tr><td colspan="2" rowspan="500">w</td>' + "<td>b</td>" * 100 + "</tr>"
    parsed = parse_html_table("<table>" + '<tr><td colspan="2">a</td></tr>' * 300 + wide + "</table>")

    assert parsed.table is not None
    assert (parsed.table.row_count, parsed.table.col_count) == (300, 1)
    assert parsed.text.splitlines()[-1] == "w" + " b" * 100
    assert [issue.code for issue in parsed.issues] == [IssueCode.LIMIT_REACHED], "its span is no remark"


CELLS = st.lists(st.lists(st.text("ab<>&;/ 1|=\"'x", max_size=8), min_size=1, max_size=5), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(rows=CELLS)
def test_every_letter_of_every_cell_is_on_the_grid(rows: list[list[str]]) -> None:
    html = (
        "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    )
    parsed = parse_html_table(html)
    assert parsed.table is not None
    expected = "".join(letters(re.sub(r"<br ?/?>|</?[bi]>|<tr>|&(?:lt|gt|amp);", "", "".join(row))) for row in rows)

    assert letters("".join("".join(row) for row in parsed.table.rows())) == expected or "<" in squeeze(html[7:])


PIECES = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th colspan=3>", "<td rowspan=4>",
     "<td rowspan=2 colspan=2>",
     "<caption>", "</caption>", "<thead>", "</thead>", "<br>", "<b>", "</b>", "a", "b<c", " ", "<", "<td", "&amp;"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(PIECES, max_size=40))
def test_any_order_of_tags_gives_a_valid_grid(parts: list[str]) -> None:
    parsed = parse_html_table("".join(parts))
    words = sum(part in ("a", "b<c") for part in parts)

    assert parsed.text.count("a") + parsed.text.count("c") >= words


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<table>", "<table ", "</table>", "</table ", "</table", "<tr>", "a", ">", " "]), max_size=20
    )
)
def test_places_of_tables_lie_in_order_and_apart(pieces: list[str]) -> None:
    content = "".join(pieces)
    position = 0
    for start, end in find_tables(content):
        assert position <= start < end <= len(content)
        position = end


def test_a_closer_without_its_bracket_ends_its_table_and_not_the_next_one() -> None:
    content = "<table><tr><td>a</td></tr></table \nwords <table><tr><td>b</td></tr></table>"
    first, second = find_tables(content)

    assert content[slice(*first)].endswith("</table")
    assert content[slice(*second)] == "<table><tr><td>b</td></tr></table>"


def test_issues_that_were_said_are_not_said_again() -> None:
    lost = "<table>words</table>"
    (issue,) = parse_html_table(lost).issues

    assert parse_html_table(lost, said={issue.message}).issues == ()
