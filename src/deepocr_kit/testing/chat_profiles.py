"""How OpenAI-compatible servers differ in what they refuse, and in the shapes of answers and errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from deepocr_kit.testing.vllm_faults import error_body
from deepocr_kit.testing.vllm_script import HttpFault

__all__ = [
    "LLAMA_CPP",
    "LM_STUDIO",
    "OLLAMA",
    "OLLAMA_SHIFTING",
    "OPENAI",
    "OPENAI_REASONING",
    "SGLANG",
    "VLLM",
    "VLLM_0_11",
    "VLLM_XGRAMMAR",
    "ChatProfile",
]


@dataclass(frozen=True, slots=True)
class ChatProfile:
    """One kind of server.

    Attributes:
        name: For people.
        refused_forms: Types of ``response_format`` (``json_schema_strict`` for a strict schema) and
            the error that each gets.
        refused_parameters: Parameters of the request and the error that each gets.
        reasoning_field: Where the thinking part of an answer goes.
        further: Further members of every answer.
        overflow: The error for a prompt of so many tokens that does not fit; None for a
            server that cuts the prompt without a word.
        left: How many tokens are left of such a prompt, by the context.
        checks_strict: Whether a strict schema must forbid further properties and require all.
    """

    name: str
    refused_forms: Mapping[str, HttpFault] = field(default_factory=dict)
    refused_parameters: Mapping[str, HttpFault] = field(default_factory=dict)
    reasoning_field: str = "reasoning_content"
    further: Mapping[str, Any] = field(default_factory=dict)
    overflow: Callable[[int, int], HttpFault] | None = None
    left: Callable[[int], int] = lambda context: context
    checks_strict: bool = False


def _vllm_overflow(tokens: int, limit: int) -> HttpFault:
    message = (
        f"This model's maximum context length is {limit} tokens. However, your request has {tokens} input tokens."
        " Please reduce the length of the input messages."
    )
    return HttpFault(400, error_body(400, message, "BadRequestError"))


def _llama_overflow(tokens: int, limit: int) -> HttpFault:
    message = f"the request exceeds the available context size ({limit} tokens), try increasing it"
    error = error_body(400, message, "exceed_context_size_error")["error"]
    return HttpFault(400, {"error": error | {"n_prompt_tokens": tokens, "n_ctx": limit}})


def _sglang_overflow(tokens: int, limit: int) -> HttpFault:
    message = f"The input ({tokens} tokens) is longer than the model's context length ({limit} tokens)."
    return HttpFault(400, _flat(message))


def _lm_studio_overflow(tokens: int, limit: int) -> HttpFault:
    message = (
        f"The number of tokens to keep from the initial prompt ({tokens}) is greater than the context length ({limit})."
        " Try to load the model with a larger context length, or provide a shorter input."
    )
    return HttpFault(400, {"error": message})


def _openai_overflow(tokens: int, limit: int) -> HttpFault:
    message = (
        f"This model's maximum context length is {limit} tokens. However, your messages resulted in {tokens} tokens."
    )
    return HttpFault(400, _openai_error(message, "messages", "context_length_exceeded"))


def _flat(message: str) -> dict[str, Any]:
    return {"object": "error", "message": message, "type": "BadRequestError", "param": None, "code": 400}


def _openai_error(message: str, param: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


VLLM = ChatProfile("vLLM", reasoning_field="reasoning", further={"kv_transfer_params": None}, overflow=_vllm_overflow)
"""0.12 and later: ``reasoning`` instead of ``reasoning_content``."""

VLLM_0_11 = ChatProfile("vLLM 0.11", overflow=_vllm_overflow)

_GRAMMAR = error_body(
    500, "The provided JSON schema contains features not supported by xgrammar.", "InternalServerError"
)
VLLM_XGRAMMAR = ChatProfile(
    "vLLM with a grammar backend that cannot do the schema",
    refused_forms={"json_schema": HttpFault(500, _GRAMMAR), "json_schema_strict": HttpFault(500, _GRAMMAR)},
    reasoning_field="reasoning",
    overflow=_vllm_overflow,
)
"""vllm issues 12028 and 16880: a 400 or a 500."""

OLLAMA = ChatProfile("Ollama", reasoning_field="reasoning", further={"system_fingerprint": "fp_ollama"})
"""Cuts a prompt to ``num_ctx`` without a word, and its cloud takes a schema without keeping to it."""

OLLAMA_SHIFTING = replace(OLLAMA, name="Ollama, shifting its context", left=lambda context: 4 + (context - 4) // 2)
"""As of 0.40 with ``--context-shift``: it keeps the first four tokens and the last half of the rest."""

LM_STUDIO = ChatProfile(
    "LM Studio",
    refused_forms={"json_object": HttpFault(400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})},
    further={"stats": {}},
    overflow=_lm_studio_overflow,
)
"""Errors are strings (lmstudio-bug-tracker issue 189)."""

LLAMA_CPP = ChatProfile(
    "llama.cpp",
    refused_forms={
        "json_schema_strict": HttpFault(
            400, error_body(400, "Failed to initialize samplers: failed to parse grammar", "invalid_request_error")
        )
    },
    further={"timings": {"prompt_n": 1, "predicted_n": 1}, "system_fingerprint": "b9000"},
    overflow=_llama_overflow,
)

SGLANG = ChatProfile("SGLang", further={"metadata": {"weight_version": "default"}}, overflow=_sglang_overflow)

OPENAI = ChatProfile("OpenAI", overflow=_openai_overflow, checks_strict=True)

OPENAI_REASONING = ChatProfile(
    "OpenAI, a reasoning model",
    refused_parameters={
        "max_tokens": HttpFault(
            400,
            _openai_error(
                "Unsupported parameter: 'max_tokens' is not supported with this model."
                " Use 'max_completion_tokens' instead.",
                "max_tokens",
                "unsupported_parameter",
            ),
        ),
        "temperature": HttpFault(
            400,
            _openai_error(
                "Unsupported value: 'temperature' does not support 0 with this model."
                " Only the default (1) value is supported.",
                "temperature",
                "unsupported_value",
            ),
        ),
    },
    overflow=_openai_overflow,
    checks_strict=True,
)
