"""An OpenAI-compatible event stream as pieces of text, with every way of failing made a typed error."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable
from typing import Any, TypeVar

import anyio
import openai

from deepocr_kit.documents import Usage, whole_text
from deepocr_kit.errors import IncompleteAnswerError, MalformedAnswerError, ServiceError
from deepocr_kit.services import Clocks, OpenAIService, Timeouts

__all__ = ["AnswerStream"]

_Value = TypeVar("_Value")

_COMPLETE = frozenset({"stop", "length"})
"""Reasons to finish after which the text is an answer; ``length`` means a cut one."""

_FINAL = frozenset({"content_filter", "repetition"})
"""Reasons that the same request meets again."""

ANSWER_MAX_CHARS = 8_000_000
"""No page holds more; a server that sends more is broken."""

_CLOSE_SECONDS = 2.0


class AnswerStream:
    """One answer; iterate over ``pieces`` and then look at the rest.

    Args:
        service: The server.
        timeouts: Limits on waiting.

    Attributes:
        model: As the server names it; empty until the first event.
        finish_reason: ``stop`` or ``length`` once the answer is whole.
        usage: Tokens as the server counts them.
    """

    def __init__(self, service: OpenAIService, timeouts: Timeouts) -> None:
        self._service = service
        self._clocks = Clocks(timeouts, service=service.name)
        self._pieces: list[str] = []
        self._half = ""
        self._length = 0
        self._tokens: Any = None
        self._completion_id: str | None = None
        self.model = ""
        self.finish_reason: str | None = None

    @property
    def text(self) -> str:
        """Everything that arrived; halves of characters are U+FFFD, or the character when two of them met."""
        return "".join(self._pieces)

    @property
    def usage(self) -> Usage:
        """Of this request alone."""
        return Usage(
            prompt_tokens=_count(self._tokens, "prompt_tokens"),
            completion_tokens=_count(self._tokens, "completion_tokens"),
            requests=1,
            seconds=self._clocks.seconds,
        )

    async def pieces(self, parameters: dict[str, Any]) -> AsyncGenerator[str, None]:
        """Send the request and yield the text as it comes; leaving early aborts it on the server.

        Raises:
            ServiceError: The answer did not come, or not whole; ``partial_text`` holds what did.
            ClosedError: The service is closed.
        """
        client = self._service.client()
        stream: openai.AsyncStream[Any] = await self._wait(client.chat.completions.create(**parameters))
        try:
            self._check_content_type(stream)
            # the SDK's own iterator; a loop over it could not be timed event by event
            events = aiter(stream)
            while (event := await self._wait(anext(events, None))) is not None:
                piece = self._take(event)
                if piece:
                    yield piece
            if self._half:
                yield self._add("\N{REPLACEMENT CHARACTER}")
        finally:
            # closing must not be cut short: it is what makes the server abort
            with anyio.move_on_after(_CLOSE_SECONDS, shield=True):
                await stream.close()
        self._check_finish()

    async def _wait(self, awaitable: Awaitable[_Value]) -> _Value:
        try:
            return await self._clocks.wait(awaitable)
        except Exception as error:  # noqa: BLE001 - translated and raised below; its kind depends on the SDK's version
            failure = self._service.translate(error)
        # raised out here so that it keeps no reference to the SDK's error, whose request holds the key
        raise self._with_text(failure)

    def _with_text(self, error: ServiceError) -> ServiceError:
        error.partial_text = self.text
        error.request_id = error.request_id or self._completion_id
        return error

    def _check_content_type(self, stream: openai.AsyncStream[Any]) -> None:
        content_type = str(stream.response.headers.get("content-type", ""))
        if not content_type.lower().startswith("text/event-stream"):
            shown = self._service.clean(content_type)
            raise MalformedAnswerError(
                f"the answer is {shown!r} where an event stream was asked for; check that base_url is an"
                " OpenAI-compatible API and ends in /v1",
                service=self._service.name,
            )

    def _take(self, event: Any) -> str:
        """Note what an event says; its piece of text."""
        self.model = self.model or whole_text(_text(event, "model"))
        self._completion_id = self._completion_id or self._service.clean(_text(event, "id")) or None
        self._tokens = getattr(event, "usage", None) or self._tokens
        choices = getattr(event, "choices", None)
        if not isinstance(choices, list) or not choices:
            return ""
        choice = choices[0]
        piece = getattr(getattr(choice, "delta", None), "content", None) or ""
        if not isinstance(piece, str):
            raise self._malformed(f"the text of an event is a {type(piece).__name__}")
        reason = getattr(choice, "finish_reason", None)
        if isinstance(reason, str):
            self.finish_reason = reason
        if piece or reason:
            self._clocks.text_arrived()
        return self._add(self._joined(piece))

    def _joined(self, piece: str) -> str:
        """The piece with whole characters; the first half of one waits for the next piece."""
        piece, self._half = self._half + piece, ""
        if "\ud800" <= piece[-1:] <= "\udbff":
            piece, self._half = piece[:-1], piece[-1]
        return whole_text(piece)

    def _add(self, piece: str) -> str:
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length > ANSWER_MAX_CHARS:
            raise self._malformed(f"the answer is longer than {ANSWER_MAX_CHARS} characters")
        return piece

    def _malformed(self, message: str) -> ServiceError:
        return self._with_text(MalformedAnswerError(message, service=self._service.name))

    def _check_finish(self) -> None:
        reason = self.finish_reason
        if reason in _COMPLETE:
            return
        shown = None if reason is None else self._service.clean(reason)
        told = "without a finish" if shown is None else f"with finish_reason {shown!r}"
        raise IncompleteAnswerError(
            f"the answer ended {told} after {self._length} characters",
            service=self._service.name,
            retryable=reason not in _FINAL,
            finish_reason=shown,
            partial_text=self.text,
            request_id=self._completion_id,
        )


def _text(event: Any, name: str) -> str:
    value = getattr(event, name, None)
    return value if isinstance(value, str) else ""


def _count(tokens: Any, name: str) -> int:
    value = getattr(tokens, name, None)
    return value if isinstance(value, int) and value > 0 else 0
