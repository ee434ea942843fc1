"""Reads what chat-completions servers answer, whatever shape it has."""

from __future__ import annotations

from collections.abc import Callable

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage, whole_text
from deepocr_kit.errors import IncompleteAnswerError, MalformedAnswerError, RequestRejectedError
from deepocr_kit.revisers._completion import Completion, token_count
from deepocr_kit.revisers.wire import JsonObject

__all__ = ["completion_of"]

_SERVICE = "reviser"
_FATAL_FINISH = frozenset({"content_filter", "abort", "error"})
_NAME_MAX_CHARS = 200


def completion_of(
    body: JsonObject, method: str, issues: tuple[Issue, ...], clean: Callable[[str], str], *, constrained: bool
) -> Completion:
    """The answer in a chat completion.

    Args:
        body: The server's JSON, with ``seconds``.
        method: How the form was asked for.
        issues: What had to be done before.
        clean: Takes secrets out of what the server says of itself.
        constrained: Whether the server accepted to enforce the form.

    Raises:
        MalformedAnswerError: There is no message.
        RequestRejectedError: The model refuses to answer.
        IncompleteAnswerError: The answer was withheld or aborted.
    """
    choice = _first(body.get("choices"))
    said = choice.get("message")
    if not isinstance(said, dict):
        raise MalformedAnswerError("the answer is not a chat completion: it has no choices", service=_SERVICE)
    text = _content(said.get("content"))
    reasoning = _text(said.get("reasoning")) or _text(said.get("reasoning_content"))
    refusal = _text(said.get("refusal"))
    if refusal.strip() and not text.strip():
        raise RequestRejectedError(f"the model refuses to answer: {clean(refusal)}", service=_SERVICE, code="refusal")
    finish = _text(choice.get("finish_reason"))
    if finish in _FATAL_FINISH:
        message = f"the answer ended with {finish!r}"
        if not text.strip():
            retryable = finish == "abort"
            raise IncompleteAnswerError(message, service=_SERVICE, finish_reason=finish, retryable=retryable)
        issues = (*issues, Issue(code=IssueCode.ANSWER_CUT, severity=Severity.WARNING, message=message))
    if constrained and text.strip() and not text.lstrip().startswith("{"):
        issues = (*issues, _unenforced(method))
    return Completion(
        text=text,
        reasoning=reasoning,
        finish_reason=finish or None,
        model=_text(body.get("model"))[:_NAME_MAX_CHARS],
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
        prompt_tokens=token_count(counts.get("prompt_tokens")),
        completion_tokens=token_count(counts.get("completion_tokens")),
        requests=1,
        seconds=seconds,
    )


def _first(value: object) -> JsonObject:
    return _object(value[0]) if isinstance(value, list) and value else {}


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _content(value: object) -> str:
    """The text of a message, which some gateways give in parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return _text(value)


def _text(value: object) -> str:
    return whole_text(value) if isinstance(value, str) else ""
