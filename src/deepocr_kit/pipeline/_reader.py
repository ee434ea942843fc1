"""Pages of an open source through a backend, several at once; none takes the others along."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import TypeAlias

import anyio
import anyio.to_thread

from deepocr_kit.backends import OcrBackend, RecognitionDone, RegionFound, Restarted, TextDelta
from deepocr_kit.documents import Page, PageImage, Recognition
from deepocr_kit.errors import DeepOcrError, ServiceError
from deepocr_kit.grounding import OcrTask
from deepocr_kit.inputs import PageSource
from deepocr_kit.pipeline._keeper import Keeper
from deepocr_kit.pipeline._pages import failed_page, page_of
from deepocr_kit.pipeline.events import Event, PageDone, PageRegion, PageRestarted, PageStarted, PageText
from deepocr_kit.pipeline.order_check import ReadingOrder

__all__ = ["Emit", "PageReader"]

_LOG = logging.getLogger(__name__)

Emit: TypeAlias = Callable[[Event], Awaitable[None]]


class PageReader:
    """Reads pages in a bounded number of places, which the pages of all sources share.

    Args:
        backend: Stays open.
        task: What it is asked to do.
        reading_order: By which order the regions of a page go.
        places: Pages in flight at once.
    """

    def __init__(self, backend: OcrBackend, task: OcrTask, reading_order: ReadingOrder, places: int) -> None:
        self._backend = backend
        self._task = task
        self._reading_order = reading_order
        self._places = asyncio.Semaphore(places)

    async def read(
        self, source: PageSource, keeper: Keeper, emit: Emit, images: dict[int, PageImage] | None, *, streams: bool
    ) -> tuple[Page, ...]:
        """All pages of a source.

        Args:
            source: Open; a page is loaded only when it has a place.
            keeper: Keeps pictures and answers.
            emit: Is told of each page, and with ``streams`` of its text and regions as they come.
            images: Takes the pictures of the pages, for a reviser that wants them.
            streams: Whether the backend is asked to stream.
        """
        pages: dict[int, Page] = {}

        async def read(index: int) -> None:
            async with self._places:
                await emit(PageStarted(index, source.page_count))
                pages[index] = await self._page(source, index, keeper, emit if streams else None, images)
                await emit(PageDone(pages[index]))

        async with anyio.create_task_group() as group:
            for index in range(source.page_count):
                group.start_soon(read, index)
        return tuple(pages[index] for index in sorted(pages))

    async def _page(
        self, source: PageSource, index: int, keeper: Keeper, emit: Emit | None, images: dict[int, PageImage] | None
    ) -> Page:
        image: PageImage | None = None
        try:
            image = await anyio.to_thread.run_sync(source.load_page, index)
            if images is not None:
                images[index] = image
            recognition = await self._recognize(image, emit)
            await keeper.page(image, recognition)
            finish = partial(page_of, recognition, image, reading_order=self._reading_order)
            return await anyio.to_thread.run_sync(finish)
        except DeepOcrError as error:
            return failed_page(index, error, image=image)
        except Exception as error:  # noqa: BLE001 - somebody else's backend may raise anything; siblings must live
            _LOG.exception("page %d failed with an error that is not of this library", index + 1)
            return failed_page(index, error, image=image)

    async def _recognize(self, image: PageImage, emit: Emit | None) -> Recognition:
        if emit is None:
            return await self._backend.recognize(image, task=self._task)
        async with aclosing(self._backend.stream(image, task=self._task)) as events:
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
        raise ServiceError("the backend's stream ended without RecognitionDone", service=type(self._backend).__name__)
