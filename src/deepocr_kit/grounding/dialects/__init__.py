"""The dialects of other model families than DeepSeek-OCR, one module each."""

from __future__ import annotations

from deepocr_kit.grounding.dialects.chandra import Chandra1Dialect, Chandra2Dialect
from deepocr_kit.grounding.dialects.doctags import DocTagsDialect
from deepocr_kit.grounding.dialects.dots_ocr import DotsOcrDialect
from deepocr_kit.grounding.dialects.glm_ocr import GlmOcrDialect
from deepocr_kit.grounding.dialects.hunyuan_ocr import HunyuanOcrDialect
from deepocr_kit.grounding.dialects.mineru import MineruDialect
from deepocr_kit.grounding.dialects.nanonets import NanonetsDialect
from deepocr_kit.grounding.dialects.olmocr import OlmOcrDialect
from deepocr_kit.grounding.dialects.paddleocr_vl import PaddleOcrVlDialect
from deepocr_kit.grounding.dialects.qwen_vl import Qwen3VlDialect, Qwen25VlDialect
from deepocr_kit.grounding.dialects.unlimited_ocr import UnlimitedOcrDialect

__all__ = [
    "Chandra1Dialect",
    "Chandra2Dialect",
    "DocTagsDialect",
    "DotsOcrDialect",
    "GlmOcrDialect",
    "HunyuanOcrDialect",
    "MineruDialect",
    "NanonetsDialect",
    "OlmOcrDialect",
    "PaddleOcrVlDialect",
    "Qwen3VlDialect",
    "Qwen25VlDialect",
    "UnlimitedOcrDialect",
]
