"""atheris harness: any text as a table, in every form. ``python tests/fuzz/fuzz_tables.py -max_total_time=60``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["deepocr_kit.grounding", "deepocr_kit.documents"]):
    from deepocr_kit.documents import Table
    from deepocr_kit.grounding import ParsedTable, parse_html_table
    from deepocr_kit.grounding.markdown_tables import parse_markdown_table
    from deepocr_kit.grounding.otsl import parse_otsl

MAX_PLACES = 20_000
PIECES = (
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", '<td rowspan="2">', "<td colspan=3>",
    "<td colspan=99999999 rowspan=7>", "<caption>", "</caption>", "<thead>", "</thead>", "<br>", "<b>", "</b>", "&amp;",
    "<tr><td>a</td><td>b</td></tr>", "<fcel>", "<ecel>", "<lcel>", "<ucel>", "<xcel>", "<nl>", "<ched>", "<otsl>",
    "</otsl>", "|", "|---|---|\n", "| a | b |\n", "\\|", "\n", "12.50", "A<B", "<br", "总计",
)  # fmt: skip


def test_one_input(data: bytes) -> None:
    """Bytes from 0x80 on stand for whole pieces."""
    text = "".join(chr(byte) if byte < 0x80 else PIECES[byte % len(PIECES)] for byte in data)
    for parse in (parse_html_table, parse_otsl, parse_markdown_table):
        _check(text, parse(text))


def _check(text: str, parsed: ParsedTable) -> None:
    """The grid is valid and small, it comes back from JSON, and each of its words is also in the text."""
    assert all(issue.offset is not None and 0 <= issue.offset <= len(text) for issue in parsed.issues)
    if parsed.table is not None:
        words = " ".join(parsed.text.split())
        assert parsed.table.row_count * parsed.table.col_count <= MAX_PLACES
        assert Table.model_validate_json(parsed.table.model_dump_json()) == parsed.table
        assert all(" ".join(cell.text.split()) in words for cell in parsed.table.cells)


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
