"""Reads what chat-completions servers answer, whatever shape it has."""

from __future__ import annotations

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage
from deepocr_kit.errors import IncompleteAnswerError, MalformedAnswerError, RequestRejectedError
from deepocr_kit.revisers._completion import Completion
from deepocr_kit.revisers.wire import JsonObject

__all__ = ["completion_of"]

_SERVICE = "reviser"
_FATAL_FINISH = frozenset({"content_filter", "abort", "error"})
_TOKENS_MAX = 1 << 40
"""A count above this is none."""


def completion_of(body: JsonObject, method: str, issues: tuple[Issue, ...], *, constrained: bool) -> Completion:
    """The answer in a chat completion.

    Args:
        body: The server's JSON, with ``seconds``.
        method: How the form was asked for.
        issues: What had to be done before.
        constrained: Whether the server accepted to enforce the form.

    Raises:
        MalformedAnswerError: There is no message.
        RequestRejectedError: The model refuses to answer.
        IncompleteAnswerError: The answer was withheld or aborted.
    """
    choice = _first(body.get("choices"))
    message = choice.get("message")
    if not isinstance(message, dict):
        reason = _text(_object(body.get("error")).get("message")) or "it has no choices"
        raise MalformedAnswerError(f"the answer is not a chat completion: {reason[:200]}", service=_SERVICE)
    text = _text(message.get("content"))
    reasoning = _text(message.get("reasoning")) or _text(message.get("reasoning_content"))
    refusal = _text(message.get("refusal"))
    if refusal.strip() and not text.strip():
        raise RequestRejectedError(f"the model refuses to answer: {refusal[:200]}", service=_SERVICE, code="refusal")
    finish = _text(choice.get("finish_reason"))
    if finish in _FATAL_FINISH and not text.strip():
        raise IncompleteAnswerError(
            f"the answer ended with {finish!r}", service=_SERVICE, finish_reason=finish, retryable=finish == "abort"
        )
    if constrained and text.strip() and not text.lstrip().startswith("{"):
        issues = (*issues, _unenforced(method))
    return Completion(
        text=text,
        reasoning=reasoning,
        finish_reason=finish or None,
        model=_text(body.get("model")),
        method=method,
        usage=_usage(_object(body.get("usage")), float(body["seconds"])),
        issues=issues,
    )


def _unenforced(method: str) -> Issue:
    return Issue(
        code=IssueCode.FORMAT_NOT_ENFORCED,
        severity=Severity.INFO,
        message=f"the server accepted {method} and did not keep to it",
    )


def _usage(counts: JsonObject, seconds: float) -> Usage:
    return Usage(
        prompt_tokens=_count(counts.get("prompt_tokens")),
        completion_tokens=_count(counts.get("completion_tokens")),
        requests=1,
        seconds=seconds,
    )


def _first(value: object) -> JsonObject:
    return _object(value[0]) if isinstance(value, list) and value else {}


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value <= _TOKENS_MAX else 0
