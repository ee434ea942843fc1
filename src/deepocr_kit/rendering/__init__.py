"""Documents into HTML, text, Markdown and JSON."""

from __future__ import annotations
