"""Error answers recorded from vLLM servers (0.33.0 unless said otherwise), ready to enqueue."""

from __future__ import annotations

from typing import Any

from deepocr_kit.testing.vllm_script import HttpFault

__all__ = [
    "BAD_REQUEST",
    "CONTEXT_LENGTH",
    "CONTEXT_LENGTH_MESSAGES",
    "DECOMPRESSION_BOMB",
    "DRAINING",
    "ENGINE_FAULT",
    "FLAT_ERROR",
    "HTML_BAD_GATEWAY",
    "LIST_XARGS_REFUSED",
    "LOCAL_FILE",
    "MODEL_NOT_FOUND",
    "NOT_AN_IMAGE",
    "NOT_BASE64",
    "NOT_IMPLEMENTED",
    "OVERLOADED",
    "PATH_NOT_FOUND",
    "RATE_LIMITED",
    "TRUNCATED_IMAGE",
    "UNAUTHORIZED",
    "URL_NOT_FOUND",
    "error_body",
]


def error_body(code: int, message: str, kind: str, param: str | None = None) -> dict[str, Any]:
    """The usual form of an error.

    Args:
        code: HTTP status, repeated in the body.
        message: For people.
        kind: The ``type``, e.g. ``BadRequestError``.
        param: The field that is wrong.
    """
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _bad_request(message: str, param: str | None = None) -> HttpFault:
    return HttpFault(400, error_body(400, message, "BadRequestError", param))


UNAUTHORIZED = HttpFault(401, {"error": "Unauthorized"})
"""The error is a string, not an object."""

BAD_REQUEST = HttpFault(
    400,
    error_body(
        400,
        "1 validation error:\n  {'type': 'float_parsing', 'loc': 'body.temperature', 'msg': 'Input should be a valid"
        " number, unable to parse string as a number', 'input': 'hot'}",
        "Bad Request",
        "body.temperature",
    ),
)
"""A field that pydantic refuses; several lines of text."""

LIST_XARGS_REFUSED = HttpFault(
    400,
    error_body(
        400,
        "2 validation errors:\n  {'type': 'string_type', 'loc': 'body.vllm_xargs.whitelist_token_ids', 'msg': 'Input"
        " should be a valid string', 'input': '<list of 2 items>'}\n  {'type': 'int_type', 'loc':"
        " 'body.vllm_xargs.whitelist_token_ids', 'msg': 'Input should be a valid integer', 'input': '<list of 2"
        " items>'}",
        "Bad Request",
        "body.vllm_xargs.whitelist_token_ids",
    ),
)
"""What servers before vLLM's pull request 27560 say to a list in ``vllm_xargs``."""

CONTEXT_LENGTH_MESSAGES: tuple[tuple[str, str | None], ...] = (
    (
        "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens (909 in the messages,"
        " 8092 in the completion). Please reduce the length of the messages or completion.",
        None,
    ),
    (
        "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192"
        " tokens and your request has 913 input tokens (8192 > 8192 - 913). (parameter=max_tokens, value=8192)",
        "max_tokens",
    ),
    (
        "This model's maximum context length is 8192 tokens. However, your request has 9100 input tokens. Please"
        " reduce the length of the input messages.",
        None,
    ),
    (
        "You passed 8193 input tokens and requested 1 output tokens. However, the model's context length is only 8192"
        " tokens, resulting in a maximum input length of 8191 tokens. Please reduce the length of the input prompt.",
        "input_tokens",
    ),
    (
        "max_tokens=9000cannot be greater than max_model_len=max_total_tokens=8192. Please request fewer output"
        " tokens.",
        "max_tokens",
    ),
    ("Input length (8806) exceeds model's maximum context length (8192).", None),
    (
        "This model's maximum context length is 8192 tokens. However, you requested 0 output tokens and your prompt"
        " contains at least 8193 input tokens, for a total of at least 8193 tokens.",
        "input_tokens",
    ),
    (
        "This model's maximum context length is 8192 tokens. However, your prompt contains at least 8193 input"
        " tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input"
        " prompt. (parameter=input_tokens, value=8193)",
        "input_tokens",
    ),
    (
        "max_tokens=9000 cannot be greater than max_model_len=8192. Please request fewer output tokens."
        " (parameter=max_tokens, value=9000)",
        "max_tokens",
    ),
    ("max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)", "max_tokens"),
)
"""Every known way to say that something does not fit, with its ``param``.

The last one is also what a prompt of exactly the window's length gets.
"""

CONTEXT_LENGTH = tuple(_bad_request(message, param) for message, param in CONTEXT_LENGTH_MESSAGES)

NOT_AN_IMAGE = _bad_request("Failed to load image: cannot identify image file <_io.BytesIO object>")
TRUNCATED_IMAGE = _bad_request(
    "Failed to load image: image file is truncated (4 bytes not processed)",
)
NOT_BASE64 = _bad_request("Non-base64 digit found")

MODEL_NOT_FOUND = HttpFault(
    404,
    error_body(404, "The model `other` does not exist. Valid aliases: DeepSeek-OCR.", "NotFoundError", "model"),
)
PATH_NOT_FOUND = HttpFault(404, {"detail": "Not Found"})
URL_NOT_FOUND = HttpFault(422, error_body(422, "Failed to fetch image: 404", "UnprocessableEntityError"))
NOT_IMPLEMENTED = HttpFault(501, error_body(501, "Only base64 data URLs are supported for now.", "NotImplementedError"))

DECOMPRESSION_BOMB = HttpFault(
    500,
    error_body(
        500,
        "Image size (225000000 pixels) exceeds limit of 178956970 pixels, could be decompression bomb DOS attack.",
        "InternalServerError",
    ),
    closes_silently=True,
)
"""A 500 that is the client's fault; the connection is closed without a header that says so."""

LOCAL_FILE = HttpFault(
    500,
    error_body(500, "Cannot load local files without `--allowed-local-media-path`.", "InternalServerError"),
    closes_silently=True,
)
ENGINE_FAULT = HttpFault(500, error_body(500, "Internal server error", "InternalServerError"))
DRAINING = HttpFault(
    500,
    error_body(500, "cannot schedule new futures after shutdown", "InternalServerError"),
    closes_silently=True,
)
OVERLOADED = HttpFault(
    503,
    error_body(503, "The server is overloaded: too many queued requests.", "Service Unavailable"),
)
"""No ``Retry-After``."""

RATE_LIMITED = HttpFault(
    429,
    error_body(429, "Too many requests.", "RateLimitError"),
    headers={"Retry-After": "0.2"},
)
"""A gateway's answer; vLLM itself has no 429."""

HTML_BAD_GATEWAY = HttpFault(
    502,
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>"
    "</html>\r\n",
    content_type="text/html",
)
FLAT_ERROR = HttpFault(
    400,
    {
        "object": "error",
        "message": "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens.",
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    },
)
"""The form of vLLM before 0.10."""
