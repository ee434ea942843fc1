"""Documents into HTML, text, Markdown, JSON and the standard formats of OCR."""

from __future__ import annotations

from deepocr_kit.rendering.alto import render_alto
from deepocr_kit.rendering.docling import render_docling
from deepocr_kit.rendering.hocr import render_hocr
from deepocr_kit.rendering.html import HtmlView, render_html
from deepocr_kit.rendering.json_schema import render_json_schema
from deepocr_kit.rendering.json_text import render_json
from deepocr_kit.rendering.markdown import render_markdown
from deepocr_kit.rendering.page_xml import render_page_xml
from deepocr_kit.rendering.pictures import crop_pictures, crop_regions, draw_regions
from deepocr_kit.rendering.plain_text import render_text
from deepocr_kit.rendering.review import ReviewBox, ReviewField, ReviewList, ReviewState, render_review
from deepocr_kit.rendering.searchable_pdf import render_searchable_pdf
from deepocr_kit.rendering.tables import (
    render_csv,
    table_to_csv,
    table_to_dataframe,
    table_to_html,
    table_to_markdown,
)

__all__ = [
    "HtmlView",
    "ReviewBox",
    "ReviewField",
    "ReviewList",
    "ReviewState",
    "crop_pictures",
    "crop_regions",
    "draw_regions",
    "render_alto",
    "render_csv",
    "render_docling",
    "render_hocr",
    "render_html",
    "render_json",
    "render_json_schema",
    "render_markdown",
    "render_page_xml",
    "render_review",
    "render_searchable_pdf",
    "render_text",
    "table_to_csv",
    "table_to_dataframe",
    "table_to_html",
    "table_to_markdown",
]
