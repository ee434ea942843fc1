from __future__ import annotations

import csv
import io
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.documents import Table, TableCell
from deepocr_kit.errors import MissingExtraError
from deepocr_kit.grounding import parse_html_table, parse_markdown_table
from deepocr_kit.rendering import table_to_csv, table_to_dataframe, table_to_html, table_to_markdown

SPANNED = Table(
    row_count=3,
    col_count=3,
    cells=(
        TableCell(row=0, col=0, row_span=2, text="Ware", header=True),
        TableCell(row=0, col=1, col_span=2, text="Price", header=True),
        TableCell(row=1, col=1, text="net", header=True),
        TableCell(row=1, col=2, text="gross", header=True),
        TableCell(row=2, col=0, text="Lamp"),
        TableCell(row=2, col=2, text="12.50"),
    ),
)


def table_of(*rows: tuple[str, ...], header: bool = False) -> Table:
    return Table(
        row_count=len(rows),
        col_count=max(map(len, rows), default=0),
        cells=tuple(
            TableCell(row=row, col=col, text=text, header=header and row == 0)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        ),
    )


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_html_keeps_spans_headers_and_text() -> None:
    html = table_to_html(SPANNED)
    parsed = parse_html_table(html).table

    assert parsed is not None
    assert [cell for cell in parsed.cells if cell.text] == list(SPANNED.cells)
    assert "<script" not in table_to_html(table_of(("<script>A<B</script>",)))


def test_markdown_is_a_pipe_table_whose_text_is_escaped() -> None:
    table = table_of(("Ware", "a|b"), ("[x](http://y)", "A<B\nC"), header=True)
    text = table_to_markdown(table)

    assert text.splitlines()[1] == "| --- | --- |"
    assert len(text.splitlines()) == 3
    assert "[x](" not in text
    assert parse_markdown_table(table_to_markdown(table_of(("a", "b"), ("c", "d"), header=True))).table is not None


def test_markdown_of_a_table_with_spans_is_html_on_one_line() -> None:
    assert table_to_markdown(SPANNED).startswith("<table><tr><th rowspan=")
    assert "\n" not in table_to_markdown(SPANNED)


def test_an_empty_table_is_empty_in_every_form() -> None:
    table = Table(row_count=0, col_count=0)

    assert table_to_markdown(table) == table_to_csv(table) == ""
    assert table_to_html(table) == "<table></table>"


def test_csv_has_quotes_where_they_are_needed() -> None:
    assert table_to_csv(table_of(('a "b", c', "d\ne"))) == '"a ""b"", c","d\ne"\r\n'


def test_csv_puts_a_spanning_text_on_its_first_place_or_on_all() -> None:
    assert read_csv(table_to_csv(SPANNED)) == [["Ware", "Price", ""], ["", "net", "gross"], ["Lamp", "", "12.50"]]
    assert read_csv(table_to_csv(SPANNED, fill_spans=True))[:2] == [
        ["Ware", "Price", "Price"],
        ["Ware", "net", "gross"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        " =1",
        "\t=1",
        "＝1+1",
        "\r=1",
        "|x",
        "%0A",
        "-",
        "=-1",
        "-1+cmd",
    ],
)
def test_csv_guards_what_a_spreadsheet_would_run(text: str) -> None:
    ((guarded,),) = read_csv(table_to_csv(table_of((text,))))
    ((as_is,),) = read_csv(table_to_csv(table_of((text,)), guard_formulas=False))

    assert guarded == f"'{as_is}"


@pytest.mark.parametrize(
    "text", ["-342,273.79", "+3", "-5 %", "- 1 234,50 €", "-$5.00", "Lamp", "12=3", "a@b", "3-4", "'x"]
)
def test_csv_leaves_numbers_and_plain_text_alone(text: str) -> None:
    assert read_csv(table_to_csv(table_of((text,)))) == [[text]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), min_size=1, max_size=4))
def test_csv_never_begins_a_field_with_a_formula_and_never_splits_one(rows: list[tuple[str, str]]) -> None:
    read = read_csv(table_to_csv(table_of(*rows)))

    assert [len(row) for row in read] == [2] * len(rows)
    assert not any(field.lstrip()[:1] in {"=", "@"} for row in read for field in row)


def test_a_data_frame_needs_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(MissingExtraError, match=r"deepocr_kit\[pandas\]"):
        table_to_dataframe(SPANNED)


def test_header_rows_become_the_columns_of_a_data_frame() -> None:
    pytest.importorskip("pandas")
    frame = table_to_dataframe(table_of(("Ware", "Price"), ("Lamp", "012.50"), header=True))

    assert list(frame.columns) == ["Ware", "Price"]
    assert frame.to_numpy().tolist() == [["Lamp", "012.50"]]


def test_several_header_rows_become_levels_of_the_columns() -> None:
    pytest.importorskip("pandas")
    frame = table_to_dataframe(SPANNED)

    assert list(frame.columns) == [("Ware", "Ware"), ("Price", "net"), ("Price", "gross")]
    assert frame.to_numpy().tolist() == [["Lamp", "", "12.50"]]


def test_a_data_frame_without_a_header_has_numbered_columns() -> None:
    pytest.importorskip("pandas")

    assert list(table_to_dataframe(table_of(("a", "b"))).columns) == [0, 1]
    assert table_to_dataframe(Table(row_count=0, col_count=0)).empty
