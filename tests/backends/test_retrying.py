"""The wrapper that tries again."""

from __future__ import annotations

import time
from contextlib import aclosing

import anyio
import pytest
from tests.backends.dialects import PlainDialect

from deepocr_kit.backends import (
    OcrBackend,
    OpenAICompatibleBackend,
    RecognitionDone,
    RegionFound,
    Restarted,
    RetryingBackend,
    TextDelta,
)
from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.errors import (
    ClosedError,
    IncompleteAnswerError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
)
from deepocr_kit.testing import (
    Answer,
    FailingBackend,
    Hang,
    OcrBackendContract,
    StaticBackend,
    StreamError,
)

pytestmark = pytest.mark.anyio

FAULT = ServerFaultError("it failed", service="double", retryable=True)


def answering(text="text") -> StaticBackend:
    return StaticBackend(text, dialect=PlainDialect())


def retrying(backend: OcrBackend, **options) -> RetryingBackend:
    return RetryingBackend(backend, **({"first_wait": 0.001} | options))


class TestContract(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        return retrying(answering())


class TestContractAfterFailures(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        class Moody(StaticBackend):
            """Fails at every other call."""

            async def recognize(self, image, *, task=None):
                recognition = await super().recognize(image, task=task)
                if len(self.calls) % 2:
                    raise FAULT
                return recognition

        return retrying(Moody("text", dialect=PlainDialect()), attempts=20)


async def test_a_first_success_is_passed_on_untouched(image):
    inner = answering()

    assert await retrying(inner).recognize(image) == await inner.recognize(image)


async def test_a_passing_failure_is_tried_again_and_told(image):
    inner = FailingBackend((FAULT, FAULT), then=answering())

    recognition = await retrying(inner).recognize(image)

    assert recognition.raw_text == "text"
    assert [(attempt.number, attempt.error, attempt.message) for attempt in recognition.attempts] == [
        (1, "ServerFaultError", "double: it failed"),
        (2, "ServerFaultError", "double: it failed"),
    ]
    assert [(issue.code, issue.severity) for issue in recognition.issues] == [(IssueCode.RETRIED, Severity.INFO)]
    assert recognition.usage.requests == 3


async def test_when_the_tries_are_used_up_the_last_error_comes(image):
    errors = tuple(IncompleteAnswerError("cut", partial_text=text) for text in ("a", "b", "c"))
    inner = FailingBackend(errors)

    with pytest.raises(IncompleteAnswerError) as caught:
        await retrying(inner, attempts=3).recognize(image)

    assert caught.value is errors[2]
    assert caught.value.partial_text == "c"
    assert len(inner.calls) == 3


@pytest.mark.parametrize(
    "error",
    [
        RequestRejectedError("no"),
        ServerFaultError("no"),
        ClosedError("closed"),
        OverloadedError("no", retryable=False),
    ],
)
async def test_a_lasting_failure_is_not_tried_again(image, error):
    inner = FailingBackend(error)

    with pytest.raises(type(error)):
        await retrying(inner).recognize(image)

    assert len(inner.calls) == 1


async def test_one_attempt_means_no_second_one(image):
    inner = FailingBackend(FAULT)

    with pytest.raises(ServerFaultError):
        await retrying(inner, attempts=1).recognize(image)

    assert len(inner.calls) == 1


async def test_the_pause_that_the_server_asks_for_is_kept(image):
    inner = FailingBackend(OverloadedError("slow down", retry_after=0.3), then=answering())
    start = time.monotonic()

    await retrying(inner).recognize(image)

    assert time.monotonic() - start >= 0.3


async def test_a_server_that_asks_for_too_long_a_pause_is_not_asked_again(image):
    inner = FailingBackend(OverloadedError("come tomorrow", retry_after=86_400))

    with pytest.raises(OverloadedError):
        await retrying(inner).recognize(image)

    assert len(inner.calls) == 1


async def test_pauses_stay_under_their_limit(image):
    inner = FailingBackend(FAULT)
    start = time.monotonic()

    with pytest.raises(ServerFaultError):
        await retrying(inner, attempts=6, first_wait=10, longest_wait=0.02).recognize(image)

    assert time.monotonic() - start < 5  # the pauses would take 10 s each


async def test_a_cancellation_ends_the_tries(image):
    inner = FailingBackend(FAULT)

    with anyio.move_on_after(0.1) as scope:
        await retrying(inner, attempts=50, first_wait=30, longest_wait=30).recognize(image)

    assert scope.cancelled_caught
    assert len(inner.calls) < 50


async def test_its_concurrency_is_the_wrapped_ones():
    inner = answering()
    inner.concurrency = 5

    assert retrying(inner).concurrency == 5


async def test_closing_it_closes_the_wrapped_one(image):
    inner = answering()
    async with retrying(inner):
        pass

    assert inner.closed


def test_fewer_than_one_attempt_are_refused():
    with pytest.raises(ValueError, match="attempts must be at least 1, got 0"):
        RetryingBackend(answering(), attempts=0)


# streams


@pytest.fixture
def remote(server):
    return retrying(OpenAICompatibleBackend(server.base_url, server.model, PlainDialect(), api_key=server.api_key))


async def test_a_stream_announces_that_it_begins_anew(server, remote, image):
    server.enqueue(Answer("half", ending=StreamError()), Answer("whole"))

    async with remote, aclosing(remote.stream(image)) as events:
        told = [event async for event in events]

    assert [type(event) for event in told] == [TextDelta, Restarted, TextDelta, RegionFound, RecognitionDone]
    assert (told[0].text, told[1].attempt.error, told[2].text) == ("half", "ServerFaultError", "whole")
    assert told[4].recognition.attempts == (told[1].attempt,)
    assert told[4].recognition.usage.requests == 2


async def test_a_stream_gives_up_with_the_last_error(server, remote, image):
    server.answer = Answer("half", ending=StreamError())

    async with remote:
        with pytest.raises(ServerFaultError) as caught:
            async with aclosing(remote.stream(image)) as events:
                [event async for event in events]

    assert caught.value.partial_text == "half"
    assert len(server.completions) == 3


async def test_leaving_a_stream_does_not_start_another_try(server, remote, image):
    server.answer = Answer("begun", ending=Hang())

    async with remote:
        async with aclosing(remote.stream(image)) as events:
            await anext(events)

        assert server.wait_for_disconnect()
    assert len(server.completions) == 1


async def consume_badly(events) -> None:
    async with aclosing(events):
        async for _ in events:
            raise KeyError("mine")


async def test_a_consumers_own_error_is_not_retried(server, remote, image):
    async with remote:
        with pytest.raises(KeyError):
            await consume_badly(remote.stream(image))

    assert len(server.completions) == 1


async def test_a_cancelled_stream_is_not_retried(server, remote, image):
    server.answer = Answer("begun", ending=Hang())

    async with remote:
        with anyio.move_on_after(0.3):
            async with aclosing(remote.stream(image)) as events:
                [event async for event in events]

        assert server.wait_for_disconnect()
    assert len(server.completions) == 1
