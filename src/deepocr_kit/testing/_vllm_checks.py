"""What the vLLM-shaped server refuses, in the real server's words."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from deepocr_kit.testing.vllm_faults import (
    LIST_XARGS_REFUSED,
    NOT_AN_IMAGE,
    NOT_BASE64,
    NOT_IMPLEMENTED,
    error_body,
)
from deepocr_kit.testing.vllm_script import HttpFault, StreamError

if TYPE_CHECKING:
    from deepocr_kit.testing.vllm_server import VllmServer

__all__ = ["late_problem", "problem_of"]


def problem_of(body: Any, content_type: str, server: VllmServer) -> HttpFault | None:
    """What is wrong with a request that the server sees before it answers 200."""
    if not content_type.startswith("application/json"):
        return _invalid("  Unsupported Media Type: Only 'application/json' is allowed", None)
    if not isinstance(body, dict):
        return _invalid("  {'type': 'json_invalid', 'loc': 'body.1', 'msg': 'JSON decode error'}", "body.1")
    if "messages" not in body:
        return _invalid("  {'type': 'missing', 'loc': 'body.messages', 'msg': 'Field required'}", "body.messages")
    return _model_problem(body, server) or _parameter_problem(body, server) or _image_problem(body)


def late_problem(body: dict[str, Any]) -> StreamError | None:
    """What is wrong with a request that only the engine sees, after the 200 of a stream."""
    xargs = body.get("vllm_xargs") or {}
    for name in ("ngram_size", "window_size"):
        value = xargs.get(name)
        if value is not None and "ngram_size" in xargs and not (type(value) is int and value > 0):
            message = f"`{name}` has to be a strictly positive integer, got {value}."
            return StreamError(400, message, "BadRequestError")
    return None


def _invalid(text: str, param: str | None) -> HttpFault:
    return HttpFault(400, error_body(400, f"1 validation error:\n{text}", "Bad Request", param))


def _refused(message: str, param: str | None = None) -> HttpFault:
    return HttpFault(400, error_body(400, message, "BadRequestError", param))


def _model_problem(body: dict[str, Any], server: VllmServer) -> HttpFault | None:
    model = body.get("model")
    if not model or model == server.model:
        return None
    message = f"The model `{model}` does not exist. Valid aliases: {server.model}."
    return HttpFault(404, error_body(404, message, "NotFoundError", "model"))


def _parameter_problem(body: dict[str, Any], server: VllmServer) -> HttpFault | None:
    if body.get("stream_options") and not body.get("stream"):
        message = "Stream options can only be defined when `stream=True`. (parameter=stream_options)"
        return _refused(message, "stream_options")
    xargs = body.get("vllm_xargs") or {}
    if not server.accepts_list_xargs and any(isinstance(value, list) for value in xargs.values()):
        return LIST_XARGS_REFUSED
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if body.get("max_tokens") is not None and body["max_tokens"] < 1:
        value = body["max_tokens"]
        return _refused(
            f"max_tokens must be at least 1, got {value}. (parameter=max_tokens, value={value})", "max_tokens"
        )
    if limit and limit > server.max_model_len:
        return _refused(
            f"max_tokens={limit} cannot be greater than max_model_len={server.max_model_len}. Please request fewer"
            f" output tokens. (parameter=max_tokens, value={limit})",
            "max_tokens",
        )
    return None


def _image_problem(body: dict[str, Any]) -> HttpFault | None:
    contents = [message.get("content") for message in body["messages"]]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    urls = [part["image_url"]["url"] for part in parts if part.get("type") == "image_url"]
    text = "".join(part.get("text", "") for part in parts if part.get("type") == "text")
    if urls and text.count("<image>") > len(urls):
        message = "Found more '<image>' placeholders in input prompt than actual multimodal data items."
        return _refused(f"{message} (parameter=messages)", "messages")
    for url in urls:
        head, _, payload = url.partition(",")
        if not head.endswith(";base64"):
            return NOT_IMPLEMENTED
        try:
            data = base64.b64decode(payload, validate=True)
        except binascii.Error:
            return NOT_BASE64
        if not data.startswith(_MAGIC):
            return NOT_AN_IMAGE
    return None


_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*")
"""How the pictures that the real server reads begin."""
