"""A question to a language model, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from deepocr_kit.documents import Issue, Usage
from deepocr_kit.revisers.base import Exchange
from deepocr_kit.revisers.wire import JsonObject

__all__ = ["Completion", "CompletionRequest", "SentImage", "token_count"]

TOKENS_MAX = 1 << 40
"""A count above this is none."""


@dataclass(frozen=True, slots=True)
class SentImage:
    """The picture of a page, small enough for a request.

    Attributes:
        data: Encoded.
        media_type: ``image/jpeg`` or ``image/png``.
        page_index: 0-based.
    """

    data: bytes = field(repr=False)
    media_type: str
    page_index: int = 0


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """What a model is asked.

    Attributes:
        system: The system turn.
        user: The user turn, with the document and the wire schema in it.
        wire_schema: The form of the answer, for servers that enforce one.
        max_tokens: Most tokens of the answer.
        images: Pictures of the pages that ``user`` is about, when they are sent at all.
    """

    system: str
    user: str
    wire_schema: JsonObject
    max_tokens: int
    images: tuple[SentImage, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered.

    Attributes:
        text: The answer's text; may be blank when ``data`` holds it.
        data: The answer as an object, from a tool call.
        reasoning: The thinking part, when the server splits it off.
        finish_reason: ``stop`` for a whole answer, ``length`` when it was cut.
        model: What answered, as the server names it.
        method: How the form was asked for, e.g. ``json_schema`` or ``tool``.
        usage: Of this answer and of those in ``earlier``.
        issues: What the transport had to do.
        earlier: Answers that the transport threw away before this one.
    """

    text: str = ""
    data: JsonObject | None = None
    reasoning: str = ""
    finish_reason: str | None = "stop"
    model: str = ""
    method: str = ""
    usage: Usage = Usage()  # noqa: RUF009 - frozen
    issues: tuple[Issue, ...] = ()
    earlier: tuple[Exchange, ...] = ()


def token_count(value: object) -> int:
    """A count of tokens as a server gives it; 0 for what is none."""
    return value if type(value) is int and 0 <= value <= TOKENS_MAX else 0
