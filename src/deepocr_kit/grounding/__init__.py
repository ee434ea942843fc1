"""A model's grounding text, taken apart into regions."""

from __future__ import annotations

from deepocr_kit.grounding._coordinates import GRID_MAX
from deepocr_kit.grounding._plain_text import plain_text
from deepocr_kit.grounding.deepseek import DeepSeekOcrDialect
from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText
from deepocr_kit.grounding.line_dialect import LineDialect, TextLine, write_lines
from deepocr_kit.grounding.tables import ParsedTable, parse_html_table

__all__ = [
    "GRID_MAX",
    "DeepSeekOcrDialect",
    "Dialect",
    "GroundingParser",
    "LineDialect",
    "OcrTask",
    "ParsedTable",
    "ParsedText",
    "TextLine",
    "parse_html_table",
    "plain_text",
    "write_lines",
]
