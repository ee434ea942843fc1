"""The whole way of a source, with doubles in place of the outside world."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import anyio
import pytest
from PIL import Image
from pydantic import BaseModel

from deepocr_kit.backends import OcrBackend, RecognitionEvent, Restarted, RetryingBackend, TextDelta
from deepocr_kit.documents import Attempt, Document, IssueCode, PageImage, PageStatus, Recognition
from deepocr_kit.errors import (
    ClosedError,
    EngineError,
    IncompleteAnswerError,
    OverloadedError,
    PageFailedError,
    SchemaError,
    ServerFaultError,
    SourceNotFoundError,
    StoreError,
    UnsupportedFormatError,
)
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask
from deepocr_kit.pipeline import (
    AsyncPipeline,
    FieldDone,
    PageDone,
    PageRegion,
    PageRestarted,
    PageStarted,
    PageText,
    RunDone,
)
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, Reviser, Revision
from deepocr_kit.revisers.base import T
from deepocr_kit.store import RunStore
from deepocr_kit.testing import (
    Answer,
    FailingBackend,
    FailingReviser,
    FunctionBackend,
    StaticBackend,
    StaticReviser,
    VllmServer,
    build_page_image,
)

pytestmark = pytest.mark.anyio

TEXT = "title[[100, 50, 900, 90]]\n# 茶馆\n\ntext[[100, 120, 500, 150]]\n合计 5.00\n"


class Bill(BaseModel):
    """A schema."""

    total: str


def static() -> StaticBackend:
    return StaticBackend(TEXT, dialect=DeepSeekOcrDialect())


async def test_pages_come_in_order_whatever_order_they_finish_in(tiff: bytes) -> None:
    async def answer(image: PageImage, _task: OcrTask) -> str:
        await anyio.sleep(0.05 * (2 - image.page_index))
        return f"page {image.page_number}"

    async with AsyncPipeline(FunctionBackend(answer, dialect=DeepSeekOcrDialect())) as pipeline:
        result = await pipeline.run(tiff, name="scan.tif")

    assert [page.index for page in result.document.pages] == [0, 1, 2]
    assert [page.regions[0].text for page in result.document.pages] == ["page 1", "page 2", "page 3"]
    assert [page.size.width for page in result.document.pages if page.size] == [120, 130, 140]
    assert [page.regions[0].id for page in result.document.pages] == ["p1r1", "p2r1", "p3r1"]
    assert result.document.source.name == "scan.tif"


@pytest.mark.parametrize("error", [ServerFaultError("boom", retryable=True), ValueError("somebody else's bug")])
async def test_a_page_that_fails_is_kept_and_leaves_its_siblings_alone(tiff: bytes, error: Exception) -> None:
    def answer(image: PageImage, _task: OcrTask) -> str:
        if image.page_index == 1:
            raise error
        return TEXT

    async with AsyncPipeline(FunctionBackend(answer, dialect=DeepSeekOcrDialect())) as pipeline:
        result = await pipeline.run(tiff)

    statuses = [page.status for page in result.document.pages]
    assert statuses == [PageStatus.OK, PageStatus.FAILED, PageStatus.OK]
    failed = result.document.pages[1]
    assert failed.error is not None
    assert failed.error.type == type(error).__name__
    assert failed.error.retryable is isinstance(error, ServerFaultError)
    assert "somebody" not in failed.error.message
    assert [issue.code for issue in failed.issues] == [IssueCode.PAGE_FAILED]
    assert result.status is PageStatus.DEGRADED
    with pytest.raises(PageFailedError, match="page 2 failed"):
        result.raise_for_status()


async def test_what_had_arrived_before_a_page_failed_is_kept() -> None:
    error = IncompleteAnswerError("cut", partial_text="half a page")

    async with AsyncPipeline(FailingBackend(error)) as pipeline:
        result = await pipeline.run(build_page_image())

    assert result.document.pages[0].raw_text == "half a page"
    assert result.status is PageStatus.FAILED


async def test_a_source_that_cannot_be_opened_is_raised_by_run(tmp_path: Path) -> None:
    async with AsyncPipeline(static()) as pipeline:
        with pytest.raises(SourceNotFoundError, match="gone"):
            await pipeline.run(tmp_path / "gone.jpg")
        with pytest.raises(UnsupportedFormatError):
            await pipeline.run(b"just words", name="words.txt")


async def test_many_sources_give_a_result_each_and_say_which(tmp_path: Path, tiff: bytes) -> None:
    good = tmp_path / "good.tif"
    good.write_bytes(tiff)
    sources = [good, tmp_path / "gone.jpg", Image.new("RGB", (50, 60), "white"), build_page_image()]

    async with AsyncPipeline(static(), concurrency=2) as pipeline:
        results = {result.index: result async for result in pipeline.run_many(sources)}

    assert sorted(results) == [0, 1, 2, 3]
    assert isinstance(results[1].error, SourceNotFoundError)
    assert results[1].document.source.name == "gone.jpg"
    assert results[1].status is PageStatus.FAILED
    assert [len(results[index].document.pages) for index in range(4)] == [3, 0, 1, 1]
    with pytest.raises(SourceNotFoundError):
        results[1].raise_for_status()
    results[0].raise_for_status()


async def test_no_more_pages_are_in_flight_than_asked_for(tiff: bytes) -> None:
    in_flight = most = 0

    async def answer(_image: PageImage, _task: OcrTask) -> str:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await anyio.sleep(0.01)
        in_flight -= 1
        return TEXT

    async with AsyncPipeline(FunctionBackend(answer, dialect=DeepSeekOcrDialect()), concurrency=4) as pipeline:
        count = len([result async for result in pipeline.run_many([tiff] * 6)])

    assert count == 6
    assert most == 4


async def test_sources_are_opened_only_as_far_as_their_pages_fill_the_places(tiff: bytes) -> None:
    taken = done = most_ahead = 0

    def sources() -> Iterator[bytes]:
        nonlocal taken, most_ahead
        for _ in range(6):
            taken += 1
            most_ahead = max(most_ahead, taken - done)
            yield tiff

    async def answer(_image: PageImage, _task: OcrTask) -> str:
        await anyio.sleep(0.01)
        return TEXT

    async with AsyncPipeline(FunctionBackend(answer, dialect=DeepSeekOcrDialect()), concurrency=3) as pipeline:
        async for _ in pipeline.run_many(sources()):
            done += 1

    assert (taken, done) == (6, 6)
    assert most_ahead <= 4


async def test_leaving_run_many_early_cancels_what_is_under_way(tiff: bytes) -> None:
    cancelled = 0

    async def answer(image: PageImage, _task: OcrTask) -> str:
        nonlocal cancelled
        if image.size.width == 200:
            return TEXT
        try:
            await anyio.sleep(30)
        except asyncio.CancelledError:
            cancelled += 1
            raise
        return TEXT

    async with (
        AsyncPipeline(FunctionBackend(answer, dialect=DeepSeekOcrDialect()), concurrency=4) as pipeline,
        aclosing(pipeline.run_many([tiff, build_page_image(width=200)])) as results,
    ):
        with anyio.fail_after(10):
            first = await anext(results)

    assert first.index == 1
    assert cancelled == 3


async def test_a_stream_tells_pages_texts_regions_and_fields_in_order() -> None:
    evidence = FieldEvidence(path="total", value="5.00", grade=EvidenceGrade.FOUND_LABELLED)
    reviser = StaticReviser(Revision(value=Bill(total="5.00"), fields={"total": evidence}))
    with VllmServer() as server:
        server.enqueue(Answer(text=TEXT))
        from_server = _vllm(server)
        async with AsyncPipeline(from_server, reviser=reviser, schema=Bill) as pipeline:
            events = [event async for event in pipeline.stream(build_page_image())]

    kinds = [type(event) for event in events]
    assert kinds[0] is PageStarted
    assert kinds[-3:] == [PageDone, FieldDone, RunDone]
    assert "".join(event.text for event in events if isinstance(event, PageText)) == TEXT
    assert [event.region.text for event in events if isinstance(event, PageRegion)] == ["茶馆", "合计 5.00"]
    last = events[-1]
    assert isinstance(last, RunDone)
    assert last.result.value == Bill(total="5.00")


async def test_a_stream_says_when_a_page_is_read_again() -> None:
    first = OverloadedError("busy", retry_after=0)
    backend = RetryingBackend(FailingBackend(first, then=static()))

    async with AsyncPipeline(backend) as pipeline:
        events = [event async for event in pipeline.stream(build_page_image())]

    assert PageRestarted(0) in events
    last = events[-1]
    assert isinstance(last, RunDone)
    assert [attempt.error for attempt in last.result.document.pages[0].attempts] == ["OverloadedError"]


async def test_closing_a_stream_cancels_the_request(tiff: bytes) -> None:
    cancelled = anyio.Event()

    async def answer(_image: PageImage, _task: OcrTask) -> str:
        try:
            await anyio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return TEXT

    async with (
        AsyncPipeline(FunctionBackend(answer, dialect=DeepSeekOcrDialect())) as pipeline,
        aclosing(pipeline.stream(tiff)) as events,
    ):
        assert isinstance(await anext(events), PageStarted)
        await anyio.sleep(0.05)

    assert cancelled.is_set()


async def test_a_reader_who_is_slow_or_leaves_never_blocks_the_pipeline() -> None:
    class Chatty(OcrBackend):
        async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
            raise NotImplementedError

        async def stream(
            self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT
        ) -> AsyncGenerator[RecognitionEvent, None]:
            while True:
                yield TextDelta("x")

    async with AsyncPipeline(Chatty()) as pipeline:
        with anyio.fail_after(10):
            async with aclosing(pipeline.stream(build_page_image())) as events:
                for _ in range(3):
                    await anext(events)
                await anyio.sleep(0.05)


async def test_a_stream_of_a_source_that_cannot_be_opened_raises() -> None:
    async with AsyncPipeline(static()) as pipeline:
        with pytest.raises(UnsupportedFormatError):
            _ = [event async for event in pipeline.stream(b"just words")]


async def test_a_backend_whose_stream_has_no_end_gives_a_failed_page() -> None:
    class Endless(OcrBackend):
        async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
            raise NotImplementedError

        async def stream(
            self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT
        ) -> AsyncGenerator[RecognitionEvent, None]:
            yield Restarted(Attempt(number=1, error="ServiceError", message="busy"))

    async with AsyncPipeline(Endless()) as pipeline:
        events = [event async for event in pipeline.stream(build_page_image())]

    last = events[-1]
    assert isinstance(last, RunDone)
    assert "without RecognitionDone" in last.result.issues[0].message


async def test_a_store_keeps_every_step(tmp_path: Path, tiff: bytes) -> None:
    store = RunStore(tmp_path)
    reviser = StaticReviser(Revision(value=Bill(total="5.00")))
    async with AsyncPipeline(static(), store=store, reviser=reviser, schema=Bill) as pipeline:
        result = await pipeline.run(tiff)

    kinds = sorted(entry.kind for entry in store.entries())
    assert kinds == ["document", *["page_image"] * 3, *["recognition"] * 3, "revision"]
    assert store.verify() == 8
    document = next(entry for entry in store.entries() if entry.kind == "document")
    assert store.load(document.sha256).decode() == result.document.model_dump_json()


async def test_a_store_that_cannot_write_is_told_and_costs_no_page(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("x")
    store = RunStore(tmp_path / "in-the-way")
    async with AsyncPipeline(static(), store=store) as pipeline:
        alone = await pipeline.run(build_page_image())
        (among_many,) = [result async for result in pipeline.run_many([build_page_image()])]

    for result in (alone, among_many):
        assert isinstance(result.error, StoreError)
        assert result.status is PageStatus.DEGRADED
        assert [page.status for page in result.document.pages] == [PageStatus.OK]


async def test_a_reviser_of_somebody_else_may_raise_anything_and_costs_no_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Reviser):
        async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
            raise ZeroDivisionError("of its own")

    async with AsyncPipeline(static(), reviser=Broken(), schema=Bill) as pipeline:
        alone = await pipeline.run(build_page_image())
        many = [result async for result in pipeline.run_many([build_page_image(), build_page_image()])]

    assert len(many) == 2
    for result in (alone, *many):
        assert isinstance(result.error, EngineError)
        assert "Broken: ZeroDivisionError" in result.error.message
        assert result.document.pages[0].status is PageStatus.OK
    assert "of its own" in caplog.text


async def test_what_is_no_source_at_all_does_not_take_the_others_along() -> None:
    sources: list[Any] = [build_page_image(), None, 3, build_page_image()]
    async with AsyncPipeline(static()) as pipeline:
        results = sorted([result async for result in pipeline.run_many(sources)], key=lambda result: result.index)
        with pytest.raises(TypeError, match="a source is a path"):
            await pipeline.run(sources[1])

    assert [result.status for result in results] == [PageStatus.OK, PageStatus.FAILED, PageStatus.FAILED, PageStatus.OK]
    assert isinstance(results[1].error, UnsupportedFormatError)
    assert "source 2: a source is a path" in results[1].error.message


async def test_a_reviser_whose_server_is_down_costs_no_page() -> None:
    reviser = FailingReviser(OverloadedError("busy"))
    async with AsyncPipeline(static(), reviser=reviser, schema=Bill) as pipeline:
        result = await pipeline.run(build_page_image())

    assert result.document.status is PageStatus.OK
    assert (result.value, result.evidence, result.status) == (None, {}, PageStatus.DEGRADED)
    with pytest.raises(OverloadedError):
        result.raise_for_status()


async def test_a_schema_that_cannot_be_used_is_raised_by_run() -> None:
    async with AsyncPipeline(static(), reviser=FailingReviser(SchemaError("recursive")), schema=Bill) as pipeline:
        with pytest.raises(SchemaError):
            await pipeline.run(build_page_image())


async def test_with_a_schema_and_no_reviser_the_rules_read_the_value() -> None:
    async with AsyncPipeline(static(), schema=Bill) as pipeline:
        result = await pipeline.run(build_page_image())

    assert result.value == Bill(total="5.00")
    assert result.evidence["total"].region_ids == ("p1r2",)


async def test_a_closed_pipeline_closes_what_it_was_given_and_refuses_work() -> None:
    backend, reviser = static(), StaticReviser(Revision())
    pipeline = AsyncPipeline(backend, reviser=reviser, schema=Bill)
    await pipeline.aclose()
    await pipeline.aclose()

    assert backend.closed
    assert reviser.closed
    with pytest.raises(ClosedError):
        await pipeline.run(build_page_image())
    with pytest.raises(ClosedError):
        await anext(pipeline.run_many([build_page_image()]))


def _vllm(server: VllmServer) -> OcrBackend:
    from deepocr_kit.backends import VllmBackend  # noqa: PLC0415 - loads the SDK, which only this test needs

    return VllmBackend(server.base_url, api_key=server.api_key)
