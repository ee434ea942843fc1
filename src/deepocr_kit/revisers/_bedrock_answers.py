"""Reads what Bedrock's Converse operation answers, whatever stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepocr_kit.documents import Usage
from deepocr_kit.errors import ContextLengthError, MalformedAnswerError, RequestRejectedError
from deepocr_kit.revisers._bedrock_errors import SERVICE
from deepocr_kit.revisers._completion import Completion, token_count

__all__ = ["TOOL_NAME", "converse_completion", "converse_text", "converse_usage", "stop_reason"]

TOOL_NAME = "emit_fields"
"""Without a hyphen: Nova never makes a valid call of a tool that has one in its name (SEMOSS issue 2892)."""

_REFUSALS = frozenset({"guardrail_intervened", "content_filtered"})


def converse_completion(body: Mapping[str, Any], way: str, model: str) -> Completion:
    """The answer, from the forced tool call or the text; of several calls the last one counts, as of several objects.

    Args:
        body: As botocore gives it.
        way: How the form was asked for.
        model: Who was asked.

    Raises:
        RequestRejectedError: Bedrock withheld the answer.
        ContextLengthError: The document did not fit.
        MalformedAnswerError: It is no answer of Converse.
    """
    stop = stop_reason(body)
    if stop in _REFUSALS:
        raise RequestRejectedError(f"Bedrock withheld the answer ({stop})", service=SERVICE, code=stop)
    if stop == "model_context_window_exceeded":
        raise ContextLengthError("the document does not fit into the model's context", service=SERVICE, code=stop)
    if not isinstance(body.get("output"), Mapping):
        raise MalformedAnswerError("the answer is not one of Converse; check endpoint_url", service=SERVICE)
    calls = [block["toolUse"]["input"] for block in _blocks(body) if _is_call(block)]
    return Completion(
        text=converse_text(body),
        data=calls[-1] if calls else None,
        finish_reason="length" if stop == "max_tokens" else "stop",
        model=model,
        method=way,
    )


def converse_text(body: Mapping[str, Any]) -> str:
    """All text blocks."""
    return "".join(block["text"] for block in _blocks(body) if isinstance(block.get("text"), str))


def converse_usage(body: Mapping[str, Any], seconds: float) -> Usage:
    """What one answer cost; tokens read from a cache count too."""
    counts = _mapping(body.get("usage"))
    read = sum(
        token_count(counts.get(name)) for name in ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    )
    return Usage(
        prompt_tokens=read, completion_tokens=token_count(counts.get("outputTokens")), requests=1, seconds=seconds
    )


def stop_reason(body: Mapping[str, Any]) -> str:
    """Why the answer ended; empty when it does not say."""
    reason = body.get("stopReason")
    return reason if isinstance(reason, str) else ""


def _blocks(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The content blocks; text and thinking may stand before the tool call."""
    content = _mapping(_mapping(body.get("output")).get("message")).get("content")
    return [block for block in content if isinstance(block, Mapping)] if isinstance(content, list) else []


def _is_call(block: Mapping[str, Any]) -> bool:
    call = block.get("toolUse")
    return isinstance(call, Mapping) and call.get("name") == TOOL_NAME and isinstance(call.get("input"), dict)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
