"""The seam to whatever reads a page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

import anyio.to_thread

from deepocr_kit.documents import Attempt, PageImage, Recognition, Region
from deepocr_kit.errors import ClosedError
from deepocr_kit.grounding import OcrTask

__all__ = [
    "BlockingOcrBackend",
    "OcrBackend",
    "RecognitionDone",
    "RecognitionEvent",
    "RegionFound",
    "Restarted",
    "TextDelta",
]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the model's raw text."""

    text: str


@dataclass(frozen=True, slots=True)
class RegionFound:
    """A region that is complete. Its final form is the one in the ``Recognition``."""

    region: Region


@dataclass(frozen=True, slots=True)
class Restarted:
    """A try failed and the answer begins anew; what was told before does not count."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class RecognitionDone:
    """The last event of a stream."""

    recognition: Recognition


RecognitionEvent: TypeAlias = TextDelta | RegionFound | Restarted | RecognitionDone


class OcrBackend(ABC):
    """Reads one page at a time; one instance serves many pages at once, on one event loop.

    A subclass gives ``recognize``. It never raises for bad model output (that
    becomes issues in the ``Recognition``), only ``ServiceError`` for a server
    or engine that does not answer.
    """

    concurrency: int = 8
    """How many pages at once make sense; the pipeline's default."""

    @abstractmethod
    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Read one page.

        Args:
            image: An upright RGB page.
            task: What to do with it.

        Returns:
            The regions, in the unit frame of the page, ids ``p{page number}r{n}``.

        Raises:
            ServiceError: No answer; ``retryable`` tells whether to try again.
            ClosedError: The backend is closed.
        """

    async def stream(
        self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT
    ) -> AsyncGenerator[RecognitionEvent, None]:
        """Read one page and tell what is seen meanwhile; the last event is ``RecognitionDone``.

        The default yields that event alone. Closing the iterator cancels the request.
        """
        yield RecognitionDone(await self.recognize(image, task=task))

    async def aclose(self) -> None:
        """Free connections and engines. May be called twice."""

    async def __aenter__(self) -> Self:
        """The backend itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        await self.aclose()


class BlockingOcrBackend(OcrBackend):
    """A backend whose work is a plain function, run in worker threads.

    Args:
        workers: How many threads may run ``recognize_blocking`` at once.
    """

    def __init__(self, *, workers: int = 1) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, got {workers!r}")
        self.concurrency = workers
        self._limiter: anyio.CapacityLimiter | None = None
        self._closed = False

    @abstractmethod
    def recognize_blocking(self, image: PageImage, *, task: OcrTask) -> Recognition:
        """Read one page in the calling thread; at most ``workers`` calls at once."""

    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Run ``recognize_blocking`` in a worker thread."""
        if self._closed:
            raise ClosedError(f"{type(self).__name__} is closed")
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self.concurrency)
        return await anyio.to_thread.run_sync(lambda: self.recognize_blocking(image, task=task), limiter=self._limiter)

    async def aclose(self) -> None:
        """Refuse further pages."""
        self._closed = True
