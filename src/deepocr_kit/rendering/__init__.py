"""Documents into HTML, text, Markdown and JSON."""

from __future__ import annotations

from deepocr_kit.rendering.html import render_html
from deepocr_kit.rendering.json_text import render_json
from deepocr_kit.rendering.markdown import render_markdown
from deepocr_kit.rendering.plain_text import render_text
from deepocr_kit.rendering.tables import table_to_csv, table_to_dataframe, table_to_html, table_to_markdown

__all__ = [
    "render_html",
    "render_json",
    "render_markdown",
    "render_text",
    "table_to_csv",
    "table_to_dataframe",
    "table_to_html",
    "table_to_markdown",
]
