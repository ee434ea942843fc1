"""What every OCR backend must do, as tests to inherit."""

from __future__ import annotations

import asyncio
import pickle
import re
from abc import ABC, abstractmethod
from contextlib import aclosing

import anyio
import pytest

from deepocr_kit.backends import OcrBackend, RecognitionDone, RecognitionEvent, RegionFound, TextDelta
from deepocr_kit.documents import PageImage, Recognition, TextFormat
from deepocr_kit.errors import ClosedError, ServiceError
from deepocr_kit.geometry import BBox
from deepocr_kit.testing.builders import build_page_image

__all__ = ["OcrBackendContract"]


@pytest.mark.anyio
class OcrBackendContract(ABC):
    """Inherit it in a class whose name begins with ``Test`` and give the fixture ``backend``.

    Override ``page_image`` when a blank page is not what the backend should
    read, and ``limit_seconds`` when it is slow. The tests are coroutines for
    anyio's pytest plug-in; the fixture ``anyio_backend`` pins asyncio.
    """

    limit_seconds: float = 30.0
    """Longest time one page may take."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Run on asyncio."""
        return "asyncio"

    @pytest.fixture
    @abstractmethod
    def backend(self) -> OcrBackend:
        """A backend that reads ``page_image`` without an error."""

    @pytest.fixture
    def page_image(self) -> PageImage:
        """The page to read; the third of its document, so that ids are put to the test."""
        return build_page_image(page_index=2)

    async def test_gives_a_recognition_that_names_its_origin(self, backend: OcrBackend, page_image: PageImage) -> None:
        async with backend:
            recognition = await self._read(backend, page_image)

        assert isinstance(recognition, Recognition)
        assert recognition.dialect
        assert recognition.model
        assert recognition.finish_reason in {"stop", "length"}
        assert recognition.usage.requests >= 1

    async def test_numbers_regions_within_the_page(self, backend: OcrBackend, page_image: PageImage) -> None:
        async with backend:
            recognition = await self._read(backend, page_image)

        ids = [region.id for region in recognition.regions]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(rf"p{page_image.page_number}r[1-9]\d*", region_id) for region_id in ids)

    async def test_regions_stand_on_the_page_and_in_the_raw_text(
        self, backend: OcrBackend, page_image: PageImage
    ) -> None:
        async with backend:
            recognition = await self._read(backend, page_image)

        for region in recognition.regions:
            assert all(isinstance(box, BBox) for box in region.boxes)
            assert isinstance(region.format, TextFormat)
            if region.span is not None:
                assert 0 <= region.span[0] <= region.span[1] <= len(recognition.raw_text)

    async def test_survives_json(self, backend: OcrBackend, page_image: PageImage) -> None:
        async with backend:
            recognition = await self._read(backend, page_image)

        assert Recognition.model_validate_json(recognition.model_dump_json()) == recognition

    async def test_the_stream_ends_with_what_recognize_gives(self, backend: OcrBackend, page_image: PageImage) -> None:
        async with backend:
            recognition = await self._read(backend, page_image)
            events = await self._stream(backend, page_image)

        done = [event for event in events if isinstance(event, RecognitionDone)]
        assert events[-1:] == done
        assert _timeless(done[0].recognition) == _timeless(recognition)

    async def test_the_stream_tells_what_the_recognition_holds(
        self, backend: OcrBackend, page_image: PageImage
    ) -> None:
        async with backend:
            *before, last = await self._stream(backend, page_image)

        assert isinstance(last, RecognitionDone)
        text = "".join(event.text for event in before if isinstance(event, TextDelta))
        assert text in {"", last.recognition.raw_text}
        told = {event.region.id for event in before if isinstance(event, RegionFound)}
        assert told <= {region.id for region in last.recognition.regions}

    async def test_a_stream_may_be_left_early(self, backend: OcrBackend, page_image: PageImage) -> None:
        async with backend:
            with anyio.fail_after(self.limit_seconds):
                async with aclosing(backend.stream(page_image)) as events:
                    await anext(events)
            recognition = await self._read(backend, page_image)

        assert isinstance(recognition, Recognition)

    async def test_reads_pages_at_once_without_mixing_them(self, backend: OcrBackend, page_image: PageImage) -> None:
        numbers = range(min(backend.concurrency, 4) + 1)
        images = [
            PageImage(page_image.data, page_image.media_type, page_image.size, page_index=number) for number in numbers
        ]

        async with backend:
            with anyio.fail_after(self.limit_seconds * len(images)):
                results = await asyncio.gather(*(backend.recognize(image) for image in images))

        for image, recognition in zip(images, results, strict=True):
            assert all(region.id.startswith(f"p{image.page_number}r") for region in recognition.regions)
        assert len({recognition.raw_text for recognition in results}) == 1

    async def test_can_be_cancelled_and_used_again(self, backend: OcrBackend, page_image: PageImage) -> None:
        async with backend:
            task = asyncio.ensure_future(backend.recognize(page_image))
            await asyncio.sleep(0)
            task.cancel()
            with anyio.fail_after(self.limit_seconds), pytest.raises(asyncio.CancelledError):
                await task
            recognition = await self._read(backend, page_image)

        assert isinstance(recognition, Recognition)

    async def test_may_be_closed_twice(self, backend: OcrBackend) -> None:
        await backend.aclose()
        await backend.aclose()

    async def test_refuses_pages_after_it_is_closed(self, backend: OcrBackend, page_image: PageImage) -> None:
        await self._read(backend, page_image)
        await backend.aclose()

        with pytest.raises(ClosedError):
            await backend.recognize(page_image)

    async def test_its_errors_survive_pickling(self, backend: OcrBackend, page_image: PageImage) -> None:
        await backend.aclose()
        with pytest.raises((ClosedError, ServiceError)) as caught:
            await backend.recognize(page_image)

        copy = pickle.loads(pickle.dumps(caught.value))
        assert (type(copy), str(copy)) == (type(caught.value), str(caught.value))

    async def test_its_repr_fits_on_a_line(self, backend: OcrBackend) -> None:
        assert "\n" not in repr(backend)

    async def _read(self, backend: OcrBackend, image: PageImage) -> Recognition:
        with anyio.fail_after(self.limit_seconds):
            return await backend.recognize(image)

    async def _stream(self, backend: OcrBackend, image: PageImage) -> list[RecognitionEvent]:
        with anyio.fail_after(self.limit_seconds):
            async with aclosing(backend.stream(image)) as events:
                return [event async for event in events]


def _timeless(recognition: Recognition) -> Recognition:
    """The recognition without what differs between two runs."""
    attempts = tuple(attempt.model_copy(update={"seconds": 0.0}) for attempt in recognition.attempts)
    usage = recognition.usage.model_copy(update={"seconds": 0.0})
    return recognition.model_copy(update={"usage": usage, "attempts": attempts})
