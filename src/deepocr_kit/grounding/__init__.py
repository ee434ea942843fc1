"""A model's grounding text, taken apart into regions."""

from __future__ import annotations

from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText

__all__ = ["Dialect", "GroundingParser", "OcrTask", "ParsedText"]
