"""What a scripted vLLM server is told to answer, as values."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = [
    "Answer",
    "Cut",
    "Ending",
    "Hang",
    "HttpFault",
    "RawEvent",
    "RecordedRequest",
    "Reply",
    "StreamError",
]


@dataclass(frozen=True, slots=True)
class StreamError:
    """The answer ends with an error event and ``[DONE]``; without a stream it becomes the HTTP status."""

    code: int = 500
    message: str = "Internal server error"
    type: str = "InternalServerError"


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection ends in the middle of the answer.

    Attributes:
        how: ``reset`` (TCP reset), ``chunked`` (the last chunk is missing) or ``close``
            (an answer without chunks and length, which then looks complete to HTTP).
    """

    how: str = "reset"


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing comes any more, until the client goes away.

    Attributes:
        keep_alive: Seconds between SSE comments (``: keep-alive``); None for dead silence.
    """

    keep_alive: float | None = None


@dataclass(frozen=True, slots=True)
class RawEvent:
    """These bytes are written into the stream as they are; then the answer finishes normally."""

    data: bytes


Ending: TypeAlias = StreamError | Cut | Hang | RawEvent


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, how fast it comes and how it ends.

    Attributes:
        text: What the model writes, special tokens included.
        chunk_size: Characters per event.
        first_token_delay: Seconds of silence after the header.
        token_delay: Seconds between events.
        finish_reason: ``stop``, ``length``, ``abort``, ... or None.
        prompt_tokens: For the usage event.
        completion_tokens: For the usage event; None counts the events.
        ending: What happens after the text instead of a normal finish.
    """

    text: str = ""
    chunk_size: int = 8
    first_token_delay: float = 0.0
    token_delay: float = 0.0
    finish_reason: str | None = "stop"
    prompt_tokens: int = 278
    completion_tokens: int | None = None
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class HttpFault:
    """An answer that is an error before any stream begins.

    Attributes:
        status: HTTP status.
        body: JSON value, or text or bytes to be sent as they are.
        headers: Further headers, e.g. ``Retry-After``.
        content_type: Of the body.
        closes_silently: The connection is closed afterwards although no header says so.
    """

    status: int
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    closes_silently: bool = False


Reply: TypeAlias = Answer | HttpFault


@dataclass(slots=True)
class RecordedRequest:
    """One request as the server saw it.

    Attributes:
        method: HTTP method.
        path: With the query.
        headers: Lower-case names; without ``authorization``.
        body: The parsed JSON, or None when there was none.
        authorized: Whether the right key came with it.
        disconnected: Whether the client left before the answer was complete.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    authorized: bool
    disconnected: bool = False

    @property
    def parts(self) -> tuple[dict[str, Any], ...]:
        """All content parts of all messages, in order; plain contents become text parts."""
        parts: list[dict[str, Any]] = []
        for message in (self.body or {}).get("messages", ()):
            content = message.get("content") or ()
            parts += [{"type": "text", "text": content}] if isinstance(content, str) else content
        return tuple(parts)

    @property
    def prompt(self) -> str:
        """The text parts, joined by newlines."""
        return "\n".join(part["text"] for part in self.parts if part.get("type") == "text")

    @property
    def images(self) -> tuple[bytes, ...]:
        """The decoded pictures of all data URLs, in order."""
        urls = (part["image_url"]["url"] for part in self.parts if part.get("type") == "image_url")
        return tuple(base64.b64decode(url.partition(",")[2]) for url in urls if url.startswith("data:"))
