"""Documents into HTML, text, Markdown and JSON."""

from __future__ import annotations

from deepocr_kit.rendering.html import render_html
from deepocr_kit.rendering.json_text import render_json
from deepocr_kit.rendering.markdown import render_markdown
from deepocr_kit.rendering.plain_text import render_text

__all__ = ["render_html", "render_json", "render_markdown", "render_text"]
