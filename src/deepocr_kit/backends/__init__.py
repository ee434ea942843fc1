"""What reads pages: vision models behind servers, and engines in this process."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deepocr_kit.backends.base import (
    BlockingOcrBackend,
    OcrBackend,
    RecognitionDone,
    RecognitionEvent,
    RegionFound,
    Restarted,
    TextDelta,
)
from deepocr_kit.backends.line_judge import LineJudge, LineVotes

if TYPE_CHECKING:
    from deepocr_kit.backends.openai_compatible import OpenAICompatibleBackend
    from deepocr_kit.backends.orienting import OrientingBackend
    from deepocr_kit.backends.rapidocr import RapidOcrBackend
    from deepocr_kit.backends.retrying import RetryingBackend
    from deepocr_kit.backends.vllm import NgramGuard, ServedModel, VllmBackend
    from deepocr_kit.services import Timeouts

__all__ = [
    "BlockingOcrBackend",
    "LineJudge",
    "LineVotes",
    "NgramGuard",
    "OcrBackend",
    "OpenAICompatibleBackend",
    "OrientingBackend",
    "RapidOcrBackend",
    "RecognitionDone",
    "RecognitionEvent",
    "RegionFound",
    "Restarted",
    "RetryingBackend",
    "ServedModel",
    "TextDelta",
    "Timeouts",
    "VllmBackend",
]

_HOMES = {
    "NgramGuard": "deepocr_kit.backends.vllm",
    "OpenAICompatibleBackend": "deepocr_kit.backends.openai_compatible",
    "OrientingBackend": "deepocr_kit.backends.orienting",
    "RapidOcrBackend": "deepocr_kit.backends.rapidocr",
    "RetryingBackend": "deepocr_kit.backends.retrying",
    "ServedModel": "deepocr_kit.backends.vllm",
    "Timeouts": "deepocr_kit.services",
    "VllmBackend": "deepocr_kit.backends.vllm",
}
"""Where the names live whose modules load a vendor's SDK; they load on first use (PEP 562)."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Every public name."""
    return __all__
