"""The whole way of a source, as coroutines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from types import TracebackType
from typing import Any, Generic, Self

import anyio
import anyio.to_thread

from deepocr_kit.backends import OcrBackend
from deepocr_kit.documents import Document, PageImage, SourceInfo
from deepocr_kit.errors import (
    ClosedError,
    DeepOcrError,
    EngineError,
    ServiceError,
    StoreError,
    UnsupportedFormatError,
)
from deepocr_kit.grounding import OcrTask
from deepocr_kit.inputs import InputPolicy, SourceLike, open_source
from deepocr_kit.pipeline._defaults import default_backend, default_reviser
from deepocr_kit.pipeline._demand import Demand, SourceDemand
from deepocr_kit.pipeline._keeper import Keeper
from deepocr_kit.pipeline._reader import Emit, PageReader
from deepocr_kit.pipeline._turning import revise_document
from deepocr_kit.pipeline.events import Event, FieldDone, RunDone
from deepocr_kit.pipeline.order_check import ReadingOrder
from deepocr_kit.pipeline.result import Result
from deepocr_kit.revisers import Reviser
from deepocr_kit.revisers.base import T
from deepocr_kit.store import RunStore

__all__ = ["AsyncPipeline"]

_LOG = logging.getLogger(__name__)

EVENT_BUFFER = 64
"""Events that may wait for a slow reader of ``stream`` before the pipeline waits for it."""


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
        reading_order: By which order the regions of a page go; see ``ReadingOrder``.

    The pipeline closes the backend and the reviser when it is closed.

    Raises:
        SchemaError: The reviser cannot fill ``schema``; no page was read for it.
        TypeError, ValueError: An argument is of another kind, or one needs another.
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
        for name, given, kind in (
            ("backend", backend, OcrBackend),
            ("reviser", reviser, Reviser),
            ("store", store, RunStore),
            ("policy", policy, InputPolicy),
        ):
            if given is not None and not isinstance(given, kind):
                raise TypeError(f"{name} is an object of {kind.__name__}, not of {type(given).__name__}")
        if reviser is not None and schema is None:
            raise ValueError("a reviser needs a schema to read the document into; pass schema=")
        if concurrency is not None and concurrency < 1:
            raise ValueError(f"concurrency must be at least 1, got {concurrency!r}")
        self.backend = backend if backend is not None else default_backend()
        self.reviser = reviser if reviser is not None or schema is None else default_reviser()
        if self.reviser is not None and schema is not None:
            self.reviser.check_schema(schema)
        self.schema = schema
        self.store = store
        self.policy = policy if policy is not None else InputPolicy()
        self.task = task
        self.instructions = instructions
        self.reading_order = ReadingOrder(reading_order)
        self.concurrency = concurrency or self.backend.concurrency
        self._reader = PageReader(self.backend, self.task, self.reading_order, self.concurrency)
        self._closed = False

    async def run(self, source: SourceLike, *, name: str | None = None, password: str | None = None) -> Result[T]:
        """Read one source.

        Args:
            source: Path, bytes, binary file, ``PIL.Image`` or ``PageImage``.
            name: Name of the source, where it has none of its own.
            password: Opens an encrypted PDF.

        Returns:
            The document with every page, and the value. A page that failed, a reviser that gave no answer
            and a store that could not keep something are told in the result; ``Result.raise_for_status``
            raises them.

        Raises:
            InputError: The source cannot be opened at all.
            RevisionError: The schema cannot be used, or ``on_unsupported="raise"`` refused a value.
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
            InputError, RevisionError, ClosedError: As ``run``.
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
        except TypeError as error:  # what open_source says of something that is no source at all; the others must live
            name = f"source {index + 1}"
            refused = UnsupportedFormatError(name, str(error), "Leave it out or open it yourself.")
            return Result(Document(source=SourceInfo(name=name)), error=refused, index=index)
        finally:
            # wakes run_many when this task is done, not before
            asyncio.get_running_loop().call_soon(demand.end)

    async def _run(
        self, source: SourceLike, name: str | None, password: str | None, emit: Emit, *, streams: bool = False
    ) -> Result[T]:
        self._check_open()
        try:
            opened = await anyio.to_thread.run_sync(
                partial(open_source, source, policy=self.policy, name=name, password=password)
            )
        except DeepOcrError as error:
            said = str(getattr(error, "source", name or ""))
            return Result(Document(source=SourceInfo(name=PurePath(said).name)), error=error)
        keeper = Keeper(self.store)
        images: dict[int, PageImage] | None = {} if self.reviser is not None and self.reviser.send_images else None
        try:
            pages = await self._reader.read(opened, keeper, emit, images, streams=streams)
        finally:
            await anyio.to_thread.run_sync(opened.close)
        document = Document(source=opened.info, pages=pages)
        await keeper.document(document)
        result = await self._revise(document, images, keeper, emit)
        return result if result.error is not None else replace(result, error=keeper.error)

    async def _revise(
        self, document: Document, images: Mapping[int, PageImage] | None, keeper: Keeper, emit: Emit
    ) -> Result[T]:
        if self.reviser is None or self.schema is None:
            return Result(document)
        try:
            revision = await revise_document(
                self.reviser, document, self.schema, instructions=self.instructions, images=images
            )
        except DeepOcrError as error:
            return Result(document, error=error)
        except Exception as error:  # noqa: BLE001 - somebody else's reviser may raise anything; the pages must live
            _LOG.exception("the reviser failed with an error that is not of this library")
            what = f"{type(error).__name__} in the reviser; the pages were read, see the log for the rest"
            return Result(document, error=EngineError(what, service=type(self.reviser).__name__))
        await keeper.revision(revision)
        for evidence in revision.fields.values():
            await emit(FieldDone(evidence))
        return Result(document, revision)


def _unless_refused(result: Result[T]) -> Result[T]:
    """The result, unless nothing was read or the caller has to mend the schema; pages that were read are not lost."""
    if result.error is not None and not isinstance(result.error, ServiceError | StoreError):
        raise result.error
    return result


async def _ignore(_event: Event) -> None:
    """Take an event that nobody asked for."""


async def _cancel_all(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
