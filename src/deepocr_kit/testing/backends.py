"""OCR backends for tests: a fixed answer, a function, a failure."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

import anyio.lowlevel

from deepocr_kit.backends import OcrBackend
from deepocr_kit.documents import PageImage, Recognition, Usage
from deepocr_kit.errors import ClosedError, DeepOcrError
from deepocr_kit.grounding import Dialect, OcrTask

__all__ = ["FailingBackend", "FunctionBackend", "RecognizeCall", "StaticBackend"]

Answers: TypeAlias = str | Recognition
PageFunction: TypeAlias = Callable[[PageImage, OcrTask], Answers | Awaitable[Answers]]


@dataclass(frozen=True, slots=True)
class RecognizeCall:
    """One page that a double was asked to read."""

    image: PageImage
    task: OcrTask


class FunctionBackend(OcrBackend):
    """Asks a function.

    Args:
        function: Takes the page and the task; gives a raw text (parsed with ``dialect``)
            or a ``Recognition`` (passed on as it is), or a coroutine for one of them.
        dialect: Reads raw texts; needed only for those.

    Attributes:
        calls: What was asked, in order.
        closed: Whether ``aclose`` was called.
    """

    def __init__(self, function: PageFunction, *, dialect: Dialect | None = None) -> None:
        self._function = function
        self._dialect = dialect
        self.calls: list[RecognizeCall] = []
        self.closed = False

    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Record the call and ask the function."""
        if self.closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        self.calls.append(RecognizeCall(image, task))
        # real backends wait; a double that never does would hide races
        await anyio.lowlevel.checkpoint()
        answer = self._function(image, task)
        if inspect.isawaitable(answer):
            answer = await answer
        return answer if isinstance(answer, Recognition) else self._parse(answer, image, task)

    async def aclose(self) -> None:
        """Refuse further pages."""
        self.closed = True

    def _parse(self, raw_text: str, image: PageImage, task: OcrTask) -> Recognition:
        if self._dialect is None:
            raise TypeError(f"{type(self).__name__} got a raw text and no dialect to read it with")
        parsed = self._dialect.parse(raw_text, task=task, page_number=image.page_number, size=image.size)
        return Recognition(
            regions=parsed.regions,
            raw_text=raw_text,
            dialect=self._dialect.name,
            model="double",
            finish_reason="stop",
            usage=Usage(requests=1),
            issues=parsed.issues,
        )


class StaticBackend(FunctionBackend):
    """Gives the same answer for every page.

    Args:
        answer: A raw text (parsed anew for each page, so that ids fit), or a ``Recognition`` (as it is).
        dialect: Reads a raw text.
    """

    def __init__(self, answer: Answers, *, dialect: Dialect | None = None) -> None:
        super().__init__(lambda _image, _task: answer, dialect=dialect)


class FailingBackend(OcrBackend):
    """Raises an error, for ever or so many times.

    Args:
        error: What to raise; those of a tuple come one after the other.
        then: Reads the pages after that; None repeats the last error for ever.

    Attributes:
        calls: What was asked, in order.
        closed: Whether ``aclose`` was called.
    """

    def __init__(self, error: DeepOcrError | tuple[DeepOcrError, ...], *, then: OcrBackend | None = None) -> None:
        self._errors = error if isinstance(error, tuple) else (error,)
        if not self._errors and then is None:
            raise ValueError("give an error to raise, or a backend that reads the pages")
        self._then = then
        self.calls: list[RecognizeCall] = []
        self.closed = False

    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Record the call and fail."""
        if self.closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        turn = len(self.calls)
        self.calls.append(RecognizeCall(image, task))
        await anyio.lowlevel.checkpoint()
        if self._then is not None and turn >= len(self._errors):
            return await self._then.recognize(image, task=task)
        raise self._errors[min(turn, len(self._errors) - 1)]

    async def aclose(self) -> None:
        """Close, with the backend that follows."""
        self.closed = True
        if self._then is not None:
            await self._then.aclose()
