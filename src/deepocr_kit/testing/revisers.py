"""Revisers for tests: fixed answers, a function, a failure, a scripted model."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, Unpack

import anyio.lowlevel
from pydantic import BaseModel

from deepocr_kit.documents import Document, Usage
from deepocr_kit.errors import ClosedError, DeepOcrError, ServiceError
from deepocr_kit.revisers.base import OnUnsupported, Reviser, Revision, T
from deepocr_kit.revisers.given import revision_of
from deepocr_kit.revisers.llm import Completion, CompletionRequest, LlmOptions, LlmReviser, RetryPolicy

__all__ = ["FailingReviser", "FunctionReviser", "ReviseCall", "ScriptedLlmReviser", "StaticReviser"]

Answers: TypeAlias = Mapping[str, Any] | BaseModel
ReviseFunction: TypeAlias = Callable[
    [Document, type[BaseModel], str | None], Answers | Revision[Any] | Awaitable[Answers | Revision[Any]]
]


@dataclass(frozen=True, slots=True)
class ReviseCall:
    """One document that a double was asked to revise."""

    document: Document
    schema: type[BaseModel]
    instructions: str | None


class FunctionReviser(Reviser):
    """Asks a function.

    Args:
        function: Takes the document, the schema and the instructions; gives answers
            as ``deepocr_kit.revisers.revision_of`` takes them (they are typed, checked and
            proved), or a ``Revision`` (passed on as it is), or a coroutine for one of them.
        on_unsupported: What happens to an answer that nothing on the page proves.

    Attributes:
        calls: What was asked, in order.
        closed: Whether ``aclose`` was called.
    """

    def __init__(self, function: ReviseFunction, *, on_unsupported: OnUnsupported = "flag") -> None:
        self._function = function
        self._on_unsupported: OnUnsupported = on_unsupported
        self.calls: list[ReviseCall] = []
        self.closed = False

    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
        """Record the call and ask the function."""
        if self.closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        self.calls.append(ReviseCall(document, schema, instructions))
        # real revisers wait; a double that never does would hide races
        await anyio.lowlevel.checkpoint()
        answer = self._function(document, schema, instructions)
        if inspect.isawaitable(answer):
            answer = await answer
        if isinstance(answer, Revision):
            return answer
        return revision_of(document, schema, answer, on_unsupported=self._on_unsupported, model="double")

    async def aclose(self) -> None:
        """Refuse further documents."""
        self.closed = True


class StaticReviser(FunctionReviser):
    """Gives the same answers for every document.

    Args:
        answers: As ``deepocr_kit.revisers.revision_of`` takes them: a model, or a mapping
            whose leaves are values or ``{"text": ..., "src": [region ids]}``.
        on_unsupported: What happens to an answer that nothing on the page proves.
    """

    def __init__(self, answers: Answers, *, on_unsupported: OnUnsupported = "flag") -> None:
        super().__init__(lambda _document, _schema, _instructions: answers, on_unsupported=on_unsupported)


class FailingReviser(Reviser):
    """Raises an error, for ever or so many times.

    Args:
        error: What to raise; a sequence is raised one after the other.
        then: Revises the documents after that; None repeats the last error for ever.

    Attributes:
        calls: What was asked, in order.
        closed: Whether ``aclose`` was called.
    """

    def __init__(self, error: DeepOcrError | tuple[DeepOcrError, ...], *, then: Reviser | None = None) -> None:
        self._errors = error if isinstance(error, tuple) else (error,)
        self._then = then
        self.calls: list[ReviseCall] = []
        self.closed = False

    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
        """Record the call and fail."""
        if self.closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        turn = len(self.calls)
        self.calls.append(ReviseCall(document, schema, instructions))
        await anyio.lowlevel.checkpoint()
        if self._then is not None and turn >= len(self._errors):
            return await self._then.revise(document, schema, instructions=instructions)
        raise self._errors[min(turn, len(self._errors) - 1)]

    async def aclose(self) -> None:
        """Close, with the reviser that follows."""
        self.closed = True
        if self._then is not None:
            await self._then.aclose()


class ScriptedLlmReviser(LlmReviser):
    """The whole way of a language model, without one.

    Args:
        replies: One per question, the last one repeats: a text, an object (as from a tool
            call), a whole ``Completion``, or an error to raise.
        options: The keyword arguments of ``LlmReviser``; ``retry`` is without pauses by default.

    Attributes:
        requests: What was asked, in order.
        closed: Whether ``aclose`` was called.
    """

    def __init__(
        self, *replies: str | Mapping[str, Any] | Completion | ServiceError, **options: Unpack[LlmOptions]
    ) -> None:
        without_pauses: LlmOptions = {"retry": RetryPolicy(base_seconds=0.0), **options}
        super().__init__(**without_pauses)
        if not replies:
            raise ValueError("a scripted model needs at least one reply")
        self._replies = replies
        self.requests: list[CompletionRequest] = []
        self.closed = False

    async def complete(self, request: CompletionRequest) -> Completion:
        """Record the question and give the next reply."""
        if self.closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        reply = self._replies[min(len(self.requests), len(self._replies) - 1)]
        self.requests.append(request)
        await anyio.lowlevel.checkpoint()
        match reply:
            case ServiceError():
                raise reply
            case Completion():
                return reply
            case str():
                return Completion(text=reply, model="scripted", method="scripted", usage=_USAGE)
            case _:
                return Completion(data=dict(reply), model="scripted", method="scripted", usage=_USAGE)

    async def aclose(self) -> None:
        """Refuse further questions."""
        self.closed = True


_USAGE = Usage(prompt_tokens=100, completion_tokens=20, requests=1)
