"""What backends and revisers share about talking to a model server."""

from __future__ import annotations

from deepocr_kit.services.clocks import Clocks, Timeouts
from deepocr_kit.services.openai_client import OpenAIService
from deepocr_kit.services.redaction import Redactor

__all__ = ["Clocks", "OpenAIService", "Redactor", "Timeouts"]
