"""The same pipeline for callers without an event loop, or inside somebody else's."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Iterable, Iterator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from deepocr_kit.backends import OcrBackend
from deepocr_kit.grounding import OcrTask
from deepocr_kit.inputs import InputPolicy, SourceLike
from deepocr_kit.pipeline._loop_thread import LoopThread
from deepocr_kit.pipeline.async_pipeline import AsyncPipeline
from deepocr_kit.pipeline.events import Event
from deepocr_kit.pipeline.order_check import ReadingOrder
from deepocr_kit.pipeline.result import Result
from deepocr_kit.revisers import Reviser
from deepocr_kit.revisers.base import T
from deepocr_kit.store import RunStore

__all__ = ["Pipeline"]

_Item = TypeVar("_Item")


class Pipeline(Generic[T]):
    """A thin blocking face of ``AsyncPipeline``: same arguments, same methods, no ``await``.

    Works in scripts, in threads and inside a running event loop (a notebook).
    Use it as a context manager, or call ``close``; a pipeline that is dropped
    or alive at the end of the program is closed then.
    """

    def __init__(  # noqa: PLR0913 - all but the backend are keywords with defaults
        self,
        backend: OcrBackend | None = None,
        *,
        reviser: Reviser | None = None,
        schema: type[T] | None = None,
        store: RunStore | None = None,
        policy: InputPolicy | None = None,
        task: OcrTask = OcrTask.DOCUMENT,
        instructions: str | None = None,
        concurrency: int | None = None,
        reading_order: ReadingOrder = ReadingOrder.MODEL,
    ) -> None:
        self._pipeline = AsyncPipeline(
            backend,
            reviser=reviser,
            schema=schema,
            store=store,
            policy=policy,
            task=task,
            instructions=instructions,
            concurrency=concurrency,
            reading_order=reading_order,
        )
        self._loop = LoopThread()
        self._finalizer = weakref.finalize(self, _close, self._pipeline, self._loop)

    @property
    def schema(self) -> type[T] | None:
        """What documents are read into; None without one."""
        return self._pipeline.schema

    @property
    def concurrency(self) -> int:
        """Pages in flight at once."""
        return self._pipeline.concurrency

    def run(self, source: SourceLike, *, name: str | None = None, password: str | None = None) -> Result[T]:
        """Read one source; see ``AsyncPipeline.run``."""
        return self._loop.call(self._pipeline.run(source, name=name, password=password))

    def run_many(self, sources: Iterable[SourceLike], *, password: str | None = None) -> Iterator[Result[T]]:
        """Read many sources, and yield each result when it is finished; see ``AsyncPipeline.run_many``."""
        return self._iterate(self._pipeline.run_many(sources, password=password))

    def stream(self, source: SourceLike, *, name: str | None = None, password: str | None = None) -> Iterator[Event]:
        """Read one source and tell what happens; see ``AsyncPipeline.stream``."""
        return self._iterate(self._pipeline.stream(source, name=name, password=password))

    def close(self) -> None:
        """Close the backend and the reviser. May be called twice."""
        self._finalizer()

    def __enter__(self) -> Self:
        """The pipeline itself."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _iterate(self, items: AsyncGenerator[_Item, None]) -> Iterator[_Item]:
        taking: asyncio.Task[Any] | None = None

        async def take() -> _Item | None:
            nonlocal taking
            taking = asyncio.current_task()
            return await anext(items, None)

        async def close() -> None:
            if taking is not None:  # an interrupted caller has cancelled it, but has not waited for it
                await asyncio.wait([taking])
            await items.aclose()

        try:
            while (item := self._loop.call(take())) is not None:
                yield item
        finally:
            self._loop.call(close())


def _close(pipeline: AsyncPipeline[T], loop: LoopThread) -> None:
    try:
        loop.call(pipeline.aclose())
    finally:
        loop.stop()
