"""Text and tables as Markdown that shows them as they are."""

from __future__ import annotations

import re

from deepocr_kit.documents import Table
from deepocr_kit.rendering._characters import clean
from deepocr_kit.rendering._html_text import table_html

__all__ = ["escape_markdown", "table_markdown"]

_INLINE = re.compile(r"[\\`*_\[\]<>&~$|@]")
_AT_START = re.compile(r"^(\s*)(#(?=#{0,5}(?:\s|$))|[+-](?=\s|$)|[-=](?=[-=]*\s*$)|\d{1,9}[.)](?=\s|$))")
_LINK = re.compile(r"(https?|ftp)(?=://)|www(?=\.)", re.IGNORECASE)


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _INLINE.sub(r"\\\g<0>", clean(text))
    text = _LINK.sub(lambda found: found[0] + "\\", text)
    return _AT_START.sub(lambda found: found[1] + _guard(found[2]), text)


def table_markdown(table: Table) -> str:
    """A pipe table, or HTML on one line when a cell spans."""
    if any(cell.row_span > 1 or cell.col_span > 1 for cell in table.cells):
        return table_html(table).replace("\n", " ")
    rows = [[escape_markdown(" ".join(clean(text).split())) for text in row] for row in table.rows()]
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _guard(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"
