"""Every dialect of this library in one tuple, and a stored answer read again by the name of its dialect."""

from __future__ import annotations

from deepocr_kit.geometry import Size
from deepocr_kit.grounding.deepseek import DeepSeekOcrDialect
from deepocr_kit.grounding.dialect import Dialect, OcrTask, ParsedText
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
from deepocr_kit.grounding.line_dialect import LineDialect

__all__ = ["KNOWN_DIALECTS", "dialect_named", "reparse"]

KNOWN_DIALECTS: tuple[Dialect, ...] = (
    DeepSeekOcrDialect(),
    LineDialect(),
    UnlimitedOcrDialect(),
    MineruDialect(),
    PaddleOcrVlDialect(),
    GlmOcrDialect(),
    HunyuanOcrDialect(),
    DocTagsDialect(),
    DotsOcrDialect(),
    Chandra1Dialect(),
    Chandra2Dialect(),
    Qwen25VlDialect(),
    Qwen3VlDialect(),
    OlmOcrDialect(),
    NanonetsDialect(),
)
"""Dialects are immutable, so one of each serves everybody. A dialect of your own is passed as an object instead."""


def dialect_named(name: str) -> Dialect:
    """The dialect whose ``name`` stands in a stored page.

    Args:
        name: As in ``Page.dialect`` and ``Recognition.dialect``.

    Raises:
        ValueError: This library ships no such dialect.
    """
    for dialect in KNOWN_DIALECTS:
        if dialect.name == name:
            return dialect
    known = ", ".join(dialect.name for dialect in KNOWN_DIALECTS)
    raise ValueError(f"no dialect is named {name!r}; use one of {known}, or pass the dialect itself")


def reparse(
    raw_text: str,
    dialect: Dialect | str,
    *,
    task: OcrTask = OcrTask.DOCUMENT,
    page_number: int = 1,
    size: Size | None = None,
    strict: bool = False,
) -> ParsedText:
    """The regions of a stored answer, the same as when it came from the model.

    Boxes are those of the picture that the model saw: of a page that was turned before (``Page.turned``), those of the
    turned page.

    Args:
        raw_text: ``raw_text`` of a page or recognition, untouched.
        dialect: The dialect that wrote it, or its name as the page has it.
        task: What the model had been asked; a page does not keep it.
        page_number: 1-based; ``Page.number``. Region ids depend on it.
        size: ``Page.size``; for families that answer in pixels.
        strict: Raise on the first thing that is not well formed.

    Raises:
        ValueError: ``dialect`` is a name that nothing here has, or ``page_number`` is less than 1.
        GroundingError: Only when ``strict``.
    """
    used = dialect_named(dialect) if isinstance(dialect, str) else dialect
    return used.parse(raw_text, task=task, page_number=page_number, size=size, strict=strict)
