"""Text and tables as Markdown that shows them as they are."""

from __future__ import annotations

import re
from typing import Literal

from deepocr_kit.documents import Region, Table, TextFormat
from deepocr_kit.rendering._characters import clean
from deepocr_kit.rendering._html_text import table_html, words_of

__all__ = ["TableForm", "escape_markdown", "latex_source", "table_markdown"]

TableForm = Literal["gfm", "html"]
"""GitHub's pipe tables, or HTML."""

_INLINE = re.compile(r"[\\`*_\[\]<>&~$|@]")
_AT_START = re.compile(r"^(\s*)(#(?=#{0,5}(?:\s|$))|[+-](?=\s|$)|[-=](?=[-=]*\s*$)|\d{1,9}[.)](?=\s|$))")
_LINK = re.compile(r"(https?|ftp)(?=://)|www(?=\.)", re.IGNORECASE)


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _INLINE.sub(r"\\\g<0>", clean(text))
    text = _LINK.sub(lambda found: found[0] + "\\", text)
    return _AT_START.sub(lambda found: found[1] + _guard(found[2]), text)


def table_markdown(table: Table, form: TableForm = "gfm") -> str:
    """A pipe table, or HTML on one line when that is asked for or a cell spans."""
    if form == "html" or any(cell.row_span > 1 or cell.col_span > 1 for cell in table.cells):
        return table_html(table).replace("\n", " ")
    rows = [[escape_markdown(" ".join(clean(text).split())) for text in row] for row in table.rows()]
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def latex_source(region: Region) -> str:
    """The source of a formula without delimiters of its own; its words when it is not written in LaTeX."""
    source = clean(region.content).strip() if region.format is TextFormat.LATEX else words_of(region)
    for opening, closing in (("\\[", "\\]"), ("$$", "$$"), ("\\(", "\\)"), ("$", "$")):
        if source.startswith(opening) and source.endswith(closing) and len(source) > len(opening) + len(closing):
            return source[len(opening) : -len(closing)].strip()
    return source


def _guard(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"
