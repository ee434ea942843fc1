"""Doubles, builders, contract suites and loopback servers, for our tests and yours."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deepocr_kit.testing import chat_profiles, vllm_faults
from deepocr_kit.testing.backends import FailingBackend, FunctionBackend, RecognizeCall, StaticBackend
from deepocr_kit.testing.builders import build_document, build_page, build_page_image, build_region
from deepocr_kit.testing.chat_server import ChatAnswer, ChatServer
from deepocr_kit.testing.revisers import (
    FailingReviser,
    FunctionReviser,
    ReviseCall,
    ScriptedLlmReviser,
    StaticReviser,
)
from deepocr_kit.testing.vllm_script import Answer, Cut, Hang, HttpFault, RawEvent, RecordedRequest, StreamError
from deepocr_kit.testing.vllm_server import VllmServer

if TYPE_CHECKING:
    from deepocr_kit.testing.backend_contract import OcrBackendContract
    from deepocr_kit.testing.bedrock_server import BedrockAnswer, BedrockRequest, BedrockServer
    from deepocr_kit.testing.reviser_contract import ReviserContract

__all__ = [
    "Answer",
    "BedrockAnswer",
    "BedrockRequest",
    "BedrockServer",
    "ChatAnswer",
    "ChatServer",
    "Cut",
    "FailingBackend",
    "FailingReviser",
    "FunctionBackend",
    "FunctionReviser",
    "Hang",
    "HttpFault",
    "OcrBackendContract",
    "RawEvent",
    "RecognizeCall",
    "RecordedRequest",
    "ReviseCall",
    "ReviserContract",
    "ScriptedLlmReviser",
    "StaticBackend",
    "StaticReviser",
    "StreamError",
    "VllmServer",
    "build_document",
    "build_page",
    "build_page_image",
    "build_region",
    "chat_profiles",
    "vllm_faults",
]

_CONTRACTS = {
    "OcrBackendContract": "deepocr_kit.testing.backend_contract",
    "ReviserContract": "deepocr_kit.testing.reviser_contract",
}
"""Suites need pytest; they load on first use (PEP 562), so that doubles and servers work without it."""

_SERVERS = {
    "BedrockAnswer": "deepocr_kit.testing.bedrock_server",
    "BedrockRequest": "deepocr_kit.testing.bedrock_server",
    "BedrockServer": "deepocr_kit.testing.bedrock_server",
}
"""Load boto3, so they load on first use too."""


def __getattr__(name: str) -> Any:
    """Load a server on first use, and a contract suite with pytest's explanations of failed asserts."""
    if name in _SERVERS:
        return getattr(import_module(_SERVERS[name]), name)
    if name not in _CONTRACTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pytest  # noqa: PLC0415 - comes with the extra "testing"

    pytest.register_assert_rewrite(_CONTRACTS[name])
    return getattr(import_module(_CONTRACTS[name]), name)


def __dir__() -> list[str]:
    """Every public name."""
    return __all__
