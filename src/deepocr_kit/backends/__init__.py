"""What reads pages: vision models behind servers, and engines in this process."""

from __future__ import annotations

from deepocr_kit.backends.base import (
    BlockingOcrBackend,
    OcrBackend,
    RecognitionDone,
    RecognitionEvent,
    RegionFound,
    TextDelta,
)

__all__ = [
    "BlockingOcrBackend",
    "OcrBackend",
    "RecognitionDone",
    "RecognitionEvent",
    "RegionFound",
    "TextDelta",
]
