"""The whole way of a source, as coroutines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import anyio
import anyio.to_thread

from deepocr_kit.backends import OcrBackend, RecognitionDone, RegionFound, Restarted, TextDelta
from deepocr_kit.documents import Document, Page, PageImage, Recognition, SourceInfo
from deepocr_kit.errors import ClosedError, DeepOcrError, ServiceError
from deepocr_kit.grounding import OcrTask
from deepocr_kit.inputs import InputPolicy, PageSource, SourceLike, open_source
from deepocr_kit.pipeline._defaults import default_backend, default_reviser
from deepocr_kit.pipeline._demand import Demand, SourceDemand
from deepocr_kit.pipeline._keeper import Keeper
from deepocr_kit.pipeline._pages import failed_page, page_of
from deepocr_kit.pipeline._turning import revise_document
from deepocr_kit.pipeline.events import (
    Event,
    FieldDone,
    PageDone,
    PageRegion,
    PageRestarted,
    PageStarted,
    PageText,
    RunDone,
)
from deepocr_kit.pipeline.result import Result
from deepocr_kit.revisers import Reviser
from deepocr_kit.revisers.base import T
from deepocr_kit.store import RunStore

__all__ = ["AsyncPipeline"]

_LOG = logging.getLogger(__name__)
_R = TypeVar("_R")

EVENT_BUFFER = 64
"""Events that may wait for a slow reader of ``stream`` before the pipeline waits for it."""

_Emit = Callable[[Event], Awaitable[None]]


class AsyncPipeline(Generic[T]):
    """Sources into documents and, with a schema, into checked values.

    One page that fails is kept as a failed page and never takes the others
    along. Pages of all sources together share ``concurrency`` places; a page is
    opened only when it has a place, so memory does not grow with the number
    of pages. Use it on one event loop.

    Args:
        backend: Reads the pages; the CPU engine of the extra ``cpu`` by default.
        reviser: Reads the document into ``schema``; ``RulesReviser`` by default when there is a schema.
        schema: Any pydantic model class; without one there is no value.
        store: Keeps every intermediate.
        policy: What is let in.
        task: What the backend is asked to do.
        instructions: Extra words for the reviser's model; never document text.
        concurrency: Pages in flight at once; the backend's own number by default.

    The pipeline closes the backend and the reviser when it is closed.
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
    ) -> None:
        if reviser is not None and schema is None:
            raise ValueError("a reviser needs a schema to read the document into; pass schema=")
        if concurrency is not None and concurrency < 1:
            raise ValueError(f"concurrency must be at least 1, got {concurrency!r}")
        self.backend = backend if backend is not None else default_backend()
        self.reviser = reviser if reviser is not None or schema is None else default_reviser()
        self.schema = schema
        self.store = store
        self.policy = policy if policy is not None else InputPolicy()
        self.task = task
        self.instructions = instructions
        self.concurrency = concurrency or self.backend.concurrency
        self._places = asyncio.Semaphore(self.concurrency)
        self._closed = False

    async def run(self, source: SourceLike, *, name: str | None = None, password: str | None = None) -> Result[T]:
        """Read one source.

        Args:
            source: Path, bytes, binary file, ``PIL.Image`` or ``PageImage``.
            name: Name of the source, where it has none of its own.
            password: Opens an encrypted PDF.

        Returns:
            The document with every page, and the value. A page that failed and a reviser's server
            that did not answer are told in the result; ``Result.raise_for_status`` raises them.

        Raises:
            InputError: The source cannot be opened at all.
            RevisionError: The schema cannot be used, or ``on_unsupported="raise"`` refused a value.
            StoreError: Something could not be kept.
            ClosedError: The pipeline is closed.
        """
        return _unless_refused(await self._run(source, name, password, _ignore))

    async def run_many(
        self, sources: Iterable[SourceLike], *, password: str | None = None
    ) -> AsyncGenerator[Result[T], None]:
        """Read many sources, and yield each result when it is finished.

        Sources are taken and opened one by one, as the pages of the open ones no
        longer fill all places. Nothing is raised for a single source: one that
        cannot be opened gives a result with ``error``. ``Result.index`` tells
        which source it was.

        Raises:
            ClosedError: The pipeline is closed.
        """
        self._check_open()
        waiting = enumerate(sources)
        demand = Demand(self.concurrency)
        running: set[asyncio.Task[Result[T]]] = set()
        try:
            while True:
                while demand.wants_source and (item := next(waiting, None)) is not None:
                    running.add(asyncio.create_task(self._run_one(*item, password, SourceDemand(demand))))
                if not running:
                    return
                await demand.change()
                for task in [task for task in running if task.done()]:
                    running.remove(task)
                    yield task.result()
        finally:
            await _cancel_all(running)

    async def stream(
        self, source: SourceLike, *, name: str | None = None, password: str | None = None
    ) -> AsyncGenerator[Event, None]:
        """Read one source and tell what happens; the last event is ``RunDone``.

        Closing the iterator cancels every request that is under way.

        Raises:
            InputError, RevisionError, StoreError, ClosedError: As ``run``.
        """
        sender, receiver = anyio.create_memory_object_stream[Event](EVENT_BUFFER)

        async def work() -> Result[T]:
            with sender:
                return await self._run(source, name, password, sender.send, streams=True)

        task = asyncio.create_task(work())
        try:
            with receiver:
                async for event in receiver:
                    yield event
            yield RunDone(_unless_refused(await task))
        finally:
            await _cancel_all({task})

    async def aclose(self) -> None:
        """Close the backend and the reviser. May be called twice."""
        self._closed = True
        await self.backend.aclose()
        if self.reviser is not None:
            await self.reviser.aclose()

    async def __aenter__(self) -> Self:
        """The pipeline itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        await self.aclose()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("the pipeline is closed; make a new one")

    async def _run_one(self, index: int, source: SourceLike, password: str | None, demand: SourceDemand) -> Result[T]:
        try:
            return replace(await self._run(source, None, password, demand.note), index=index)
        finally:
            # wakes run_many when this task is done, not before
            asyncio.get_running_loop().call_soon(demand.end)

    async def _run(
        self, source: SourceLike, name: str | None, password: str | None, emit: _Emit, *, streams: bool = False
    ) -> Result[T]:
        self._check_open()
        try:
            opened = await _in_thread(lambda: open_source(source, policy=self.policy, name=name, password=password))
        except DeepOcrError as error:
            said = str(getattr(error, "source", name or ""))
            return Result(Document(source=SourceInfo(name=PurePath(said).name)), error=error)
        keeper = Keeper(self.store)
        images: dict[int, PageImage] | None = {} if self.reviser is not None and self.reviser.send_images else None
        try:
            pages = await self._read_pages(opened, keeper, emit, images, streams=streams)
        finally:
            await _in_thread(opened.close)
        document = Document(source=opened.info, pages=pages)
        await keeper.document(document)
        result = await self._revise(document, images, keeper, emit)
        return result if result.error is not None else replace(result, error=keeper.error)

    async def _read_pages(
        self,
        source: PageSource,
        keeper: Keeper,
        emit: _Emit,
        images: dict[int, PageImage] | None,
        *,
        streams: bool,
    ) -> tuple[Page, ...]:
        """All pages; their pictures go into ``images``, when the reviser wants them."""
        pages: dict[int, Page] = {}

        async def read(index: int) -> None:
            async with self._places:
                await emit(PageStarted(index, source.page_count))
                pages[index] = await self._read_page(source, index, keeper, emit if streams else None, images)
                await emit(PageDone(pages[index]))

        async with anyio.create_task_group() as group:
            for index in range(source.page_count):
                group.start_soon(read, index)
        return tuple(pages[index] for index in sorted(pages))

    async def _read_page(
        self,
        source: PageSource,
        index: int,
        keeper: Keeper,
        emit: _Emit | None,
        images: dict[int, PageImage] | None,
    ) -> Page:
        image: PageImage | None = None
        try:
            image = await _in_thread(lambda: source.load_page(index))
            if images is not None:
                images[index] = image
            recognition = await self._recognize(image, emit)
            await keeper.page(image, recognition)
            return await _in_thread(partial(page_of, recognition, image))
        except DeepOcrError as error:
            return failed_page(index, error, image=image)
        except Exception as error:  # noqa: BLE001 - somebody else's backend may raise anything; siblings must live
            _LOG.exception("page %d failed with an error that is not of this library", index + 1)
            return failed_page(index, error, image=image)

    async def _recognize(self, image: PageImage, emit: _Emit | None) -> Recognition:
        if emit is None:
            return await self.backend.recognize(image, task=self.task)
        async with aclosing(self.backend.stream(image, task=self.task)) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        await emit(PageText(image.page_index, text))
                    case RegionFound(region):
                        await emit(PageRegion(image.page_index, region))
                    case Restarted():
                        await emit(PageRestarted(image.page_index))
                    case RecognitionDone(recognition):
                        return recognition
        raise ServiceError("the backend's stream ended without RecognitionDone", service=type(self.backend).__name__)

    async def _revise(
        self, document: Document, images: Mapping[int, PageImage] | None, keeper: Keeper, emit: _Emit
    ) -> Result[T]:
        if self.reviser is None or self.schema is None:
            return Result(document)
        try:
            revision = await revise_document(
                self.reviser, document, self.schema, instructions=self.instructions, images=images
            )
        except DeepOcrError as error:
            return Result(document, error=error)
        await keeper.revision(revision)
        for evidence in revision.fields.values():
            await emit(FieldDone(evidence))
        return Result(document, revision)


def _unless_refused(result: Result[T]) -> Result[T]:
    """The result, unless its error is one that the caller has to mend rather than the server."""
    if result.error is not None and not isinstance(result.error, ServiceError):
        raise result.error
    return result


async def _ignore(_event: Event) -> None:
    """Take an event that nobody asked for."""


async def _in_thread(function: Callable[[], _R]) -> _R:
    return await anyio.to_thread.run_sync(function)


async def _cancel_all(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
