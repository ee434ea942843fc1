"""A model's grounding text, taken apart into regions."""

from __future__ import annotations

from deepocr_kit.grounding._coordinates import GRID_MAX
from deepocr_kit.grounding._plain_text import plain_text
from deepocr_kit.grounding.deepseek import DeepSeekOcrDialect
from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText
from deepocr_kit.grounding.known_dialects import KNOWN_DIALECTS, dialect_named, reparse
from deepocr_kit.grounding.line_dialect import LineDialect, TextLine, write_lines
from deepocr_kit.grounding.markdown_tables import find_markdown_tables, parse_markdown_table
from deepocr_kit.grounding.otsl import parse_otsl
from deepocr_kit.grounding.tables import ParsedTable, parse_html_table

__all__ = [
    "GRID_MAX",
    "KNOWN_DIALECTS",
    "DeepSeekOcrDialect",
    "Dialect",
    "GroundingParser",
    "LineDialect",
    "OcrTask",
    "ParsedTable",
    "ParsedText",
    "TextLine",
    "dialect_named",
    "find_markdown_tables",
    "parse_html_table",
    "parse_markdown_table",
    "parse_otsl",
    "plain_text",
    "reparse",
    "write_lines",
]
