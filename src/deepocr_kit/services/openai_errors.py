"""Everything the OpenAI SDK raises, as our errors; the one place that decides about ``retryable``."""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import openai

from deepocr_kit.errors import (
    AuthenticationError,
    ContextLengthError,
    MalformedAnswerError,
    ModelNotFoundError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceConnectionError,
    ServiceError,
    ServiceTimeoutError,
)
from deepocr_kit.services.redaction import Redactor

__all__ = ["error_in_answer", "translate_error"]

_CONTEXT_LENGTH = re.compile(
    r"maximum context length|context length is only|cannot be greater than max_|is too large: \d{1,9}"
    r"|max_tokens must be at least 1, got [-0]|exceeds the available context size"
    r"|(?:longer|greater) than the (?:model's )?context length|exceeds the context (?:length|window)",
    re.IGNORECASE,
)
"""How vLLM versions 0.5 to 0.33 say that something does not fit, then llama.cpp, SGLang, LM Studio, OpenAI and Ollama;
the wording changes often."""

_CLIENT_FAULT = re.compile(
    r"decompression bomb|exceeds limit of \d{1,12} pixels|cannot load local files|allowed-local-media-path",
    re.IGNORECASE,
)
"""Texts of a 500 that will come again for the same request, as vLLM 0.33.0 writes them."""

_PERMANENT_CONNECTION = re.compile(
    r"certificate verify failed|unsupported protocol|invalid url|missing an 'http|illegal header|wrong version number",
    re.IGNORECASE,
)

_READ_MAX_CHARS = 20_000
"""No more of a message is looked at."""

_HTML = re.compile(r"<\s*(?:!doctype|html|head|body)\b", re.IGNORECASE)
_IN_STREAM = "the server sent an error in the stream"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What an answer says about its error, whatever shape it has."""

    message: str
    code: str | None = None
    status: int | None = None


def translate_error(error: Exception, *, service: str, redactor: Redactor, connect_seconds: float) -> ServiceError:
    """The typed error for ``error``.

    Args:
        error: Raised by the SDK, or by its HTTP library while it reads a
            stream, or by its JSON decoder (``ValueError`` and the like).
        service: Goes into the error.
        redactor: Cleans the message.
        connect_seconds: The SDK's one clock, for the error that it ran out.
    """
    match error:
        case ServiceError():
            translated = error
        case openai.APITimeoutError():
            message = f"no connection within {connect_seconds:g} s"
            translated = ServiceTimeoutError(message, clock="connect", seconds=connect_seconds, service=service)
        case openai.APIStatusError():
            translated = _status_error(error, service, redactor)
        case openai.APIConnectionError():
            translated = _connection_error(error.__cause__ or error, service, redactor)
        case openai.APIError() if not isinstance(error, openai.APIResponseValidationError):
            translated = _by_status(_facts_of(error.body, _IN_STREAM), service=service, redactor=redactor)
        case _ if type(error).__module__.startswith(("httpx", "httpcore")):
            translated = _connection_error(error, service, redactor)
        case _:
            text = redactor.clean(f"{type(error).__name__}: {error}")
            message = f"the answer cannot be read ({text})"
            translated = MalformedAnswerError(message, service=service, retryable=True)
    return translated


def error_in_answer(body: Mapping[str, Any], *, service: str, redactor: Redactor) -> ServiceError:
    """The typed error that an answer of status 200 tells of, as gateways do when the server behind them fails.

    Args:
        body: With an ``error``.
        service: Goes into the error.
        redactor: Cleans the message.
    """
    return _by_status(_facts_of(body, "the answer is an error without a message"), service=service, redactor=redactor)


def _connection_error(cause: BaseException, service: str, redactor: Redactor) -> ServiceError:
    text = redactor.clean(str(cause) or type(cause).__name__)
    return ServiceConnectionError(
        f"no connection, or it broke: {text}",
        service=service,
        retryable=_PERMANENT_CONNECTION.search(text) is None,
    )


def _status_error(error: openai.APIStatusError, service: str, redactor: Redactor) -> ServiceError:
    status = error.status_code
    facts = _facts_of(error.body, f"HTTP status {status} and no message")
    return _by_status(
        _Facts(facts.message, facts.code, status),
        service=service,
        redactor=redactor,
        request_id=error.request_id,
        retry_after=_retry_after(error.response.headers),
    )


def _facts_of(body: object, default: str) -> _Facts:
    """Read the object, string, flat and ``detail`` forms of vLLM, and HTML of a proxy."""
    if isinstance(body, Mapping):
        nested = body.get("error")
        fields: Mapping[str, Any] = nested if isinstance(nested, Mapping) else body
        message = next((fields[key] for key in ("message", "detail", "error") if fields.get(key)), default)
        kind, code = fields.get("type"), fields.get("code")
        word = code if isinstance(code, str) and not code.isdigit() else kind
        return _Facts(
            message if isinstance(message, str) else repr(message), word if isinstance(word, str) else None, _int(code)
        )
    if isinstance(body, str) and body:
        return _Facts("an HTML page, perhaps of a proxy" if _HTML.search(body) else body)
    return _Facts(default)


def _int(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _by_status(
    facts: _Facts,
    *,
    service: str,
    redactor: Redactor,
    request_id: str | None = None,
    retry_after: float | None = None,
) -> ServiceError:
    facts = replace(facts, message=facts.message[:_READ_MAX_CHARS])
    kind, retryable = _kind_of(facts)
    message = redactor.clean(facts.message)
    shared: dict[str, Any] = {
        "service": service,
        "retryable": retryable,
        "status": facts.status,
        "code": None if facts.code is None else redactor.clean(facts.code),
        "request_id": None if request_id is None else redactor.clean(request_id),
    }
    if kind is OverloadedError:
        return OverloadedError(message, retry_after=retry_after, **shared)
    remedy = _REMEDIES.get(kind)
    return kind(f"{message}. {remedy}" if remedy else message, **shared)


_REMEDIES: dict[type[ServiceError], str] = {
    AuthenticationError: "Check api_key",
    ModelNotFoundError: "Check the model's name and that base_url ends in /v1",
}

_KINDS: dict[int | None, tuple[type[ServiceError], bool]] = {
    None: (ServerFaultError, True),
    401: (AuthenticationError, False),
    403: (AuthenticationError, False),
    404: (ModelNotFoundError, False),
    408: (ServerFaultError, True),
    409: (ServerFaultError, True),
    425: (ServerFaultError, True),
    429: (OverloadedError, True),
    501: (RequestRejectedError, False),
    503: (OverloadedError, True),
    529: (OverloadedError, True),
}
"""Class and ``retryable`` by status; other 4xx are rejected requests, other 5xx are server faults."""

_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""OpenAI's codes of a 429 that waiting does not cure."""


def _kind_of(facts: _Facts) -> tuple[type[ServiceError], bool]:
    """The error's class, and whether the same request may succeed later."""
    status = facts.status
    kind, retryable = _KINDS.get(status) or (
        (ServerFaultError, True) if status is not None and status >= 500 else (RequestRejectedError, False)
    )
    if kind in {RequestRejectedError, ServerFaultError}:
        # a 500 may be the client's fault, and an error in a stream may have no code
        if _CONTEXT_LENGTH.search(facts.message):
            return ContextLengthError, False
        if _CLIENT_FAULT.search(facts.message):
            return RequestRejectedError, False
    return kind, retryable and facts.code not in _SPENT


def _retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Seconds from ``Retry-After`` (a number or a date) or ``retry-after-ms``; None when absent or senseless."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * scale
        except ValueError:
            date = email.utils.parsedate_tz(value)
            seconds = math.nan if date is None else email.utils.mktime_tz(date) - now()
        if math.isfinite(seconds):
            return max(seconds, 0.0)
    return None
