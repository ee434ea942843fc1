"""The backend for any OpenAI-compatible server, against a loopback server."""

from __future__ import annotations

import pickle
import socket
import time
from contextlib import aclosing

import anyio
import pytest
from tests.backends.conftest import SHORT
from tests.backends.dialects import PlainDialect

from deepocr_kit.backends import (
    OpenAICompatibleBackend,
    RecognitionDone,
    RetryingBackend,
    TextDelta,
    Timeouts,
)
from deepocr_kit.errors import (
    AuthenticationError,
    ClosedError,
    ContextLengthError,
    DeepOcrError,
    IncompleteAnswerError,
    MalformedAnswerError,
    ModelNotFoundError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceConnectionError,
    ServiceError,
    ServiceTimeoutError,
)
from deepocr_kit.grounding import OcrTask
from deepocr_kit.testing import (
    Answer,
    Cut,
    Hang,
    HttpFault,
    OcrBackendContract,
    RawEvent,
    StreamError,
    VllmServer,
    build_page_image,
    vllm_faults,
)

pytestmark = pytest.mark.anyio


class TestContract(OcrBackendContract):
    @pytest.fixture
    def backend(self, server):
        return OpenAICompatibleBackend(
            server.base_url, server.model, PlainDialect(), api_key=server.api_key, timeouts=SHORT
        )


async def failure_of(backend, image) -> ServiceError:
    with anyio.fail_after(8), pytest.raises(ServiceError) as caught:
        await backend.recognize(image)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.retryable) == (type(error), str(error), error.retryable)
    return error


# what is sent


async def test_the_image_goes_first_and_byte_for_byte(server, backend, image):
    await backend.recognize(image)

    request = server.completions[0]
    assert [part["type"] for part in request.parts] == ["image_url", "text"]
    assert request.images == (image.data,)
    assert request.parts[0]["image_url"]["url"].startswith("data:image/png;base64,")


async def test_the_dialect_gives_the_prompt(server, backend, image):
    await backend.recognize(image, task=OcrTask.FREE)

    assert server.completions[0].prompt == "Read this (free)."


async def test_it_streams_at_temperature_zero_without_a_token_limit(server, backend, image):
    await backend.recognize(image)

    body = server.completions[0].body
    assert (body["stream"], body["temperature"], body["stream_options"]) == (True, 0.0, {"include_usage": True})
    assert body.keys().isdisjoint({"max_tokens", "max_completion_tokens", "skip_special_tokens"})


async def test_options_are_sent(server, image):
    backend = OpenAICompatibleBackend(
        server.base_url,
        server.model,
        PlainDialect(),
        api_key=server.api_key,
        max_tokens=100,
        temperature=0.2,
        extra_body={"seed": 7},
        headers={"X-Tenant": "blue"},
    )
    async with backend:
        await backend.recognize(image)

    request = server.completions[0]
    assert (request.body["max_tokens"], request.body["temperature"], request.body["seed"]) == (100, 0.2, 7)
    assert request.headers["x-tenant"] == "blue"


# what comes back


TEXTS = [
    "plain",
    " \n\tleading and trailing \r\n\n",
    "<|ref|>title<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n# T<td></td>",
    "😀👩‍👩‍👧‍👦 e\u0301 ﷺ 🇯🇵 \u200b\u00a0\ufeff end",
    "data: [DONE]\n\ndata: {}\n: comment",
    "x" * 50_000,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_the_raw_text_is_kept_byte_for_byte(server, image, text):
    server.enqueue(Answer(text, chunk_size=7 if len(text) < 1000 else 500))
    backend = OpenAICompatibleBackend(
        server.base_url,
        server.model,
        PlainDialect(),
        api_key=server.api_key,
        extra_body={"skip_special_tokens": False},
    )
    async with backend:
        recognition = await backend.recognize(image)

    assert recognition.raw_text == text
    assert recognition.finish_reason == "stop"


async def test_usage_and_model_come_from_the_server(server, backend, image):
    server.enqueue(Answer("text", prompt_tokens=903, completion_tokens=42, first_token_delay=0.05))

    recognition = await backend.recognize(image)

    usage = recognition.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.requests) == (903, 42, 1)
    assert usage.seconds >= 0.05
    assert recognition.model == server.model
    assert recognition.dialect == "plain"


async def test_a_cut_answer_is_given_with_its_finish_reason(server, backend, image):
    server.enqueue(Answer("half a pa", finish_reason="length"))

    recognition = await backend.recognize(image)

    assert (recognition.finish_reason, recognition.raw_text) == ("length", "half a pa")
    assert recognition.issues == ()


async def test_an_empty_answer_is_an_answer(server, backend, image):
    server.enqueue(Answer(""))

    recognition = await backend.recognize(image)

    assert (recognition.raw_text, recognition.regions, recognition.finish_reason) == ("", (), "stop")


async def test_the_stream_tells_the_text_as_it_comes(server, backend, image):
    server.enqueue(Answer("one two three", chunk_size=4))

    async with aclosing(backend.stream(image)) as events:
        told = [event async for event in events]

    assert [event.text for event in told if isinstance(event, TextDelta)] == ["one ", "two ", "thre", "e"]
    assert isinstance(told[-1], RecognitionDone)


@pytest.mark.parametrize(
    "event",
    [
        b": keep-alive\n\n",
        b'data: {"choices":[]}\n\n',
        b'data: {"choices":null,"usage":null}\n\n',
        b'data: {"choices":[{"index":0,"delta":{"content":null}}]}\n\n',
        b'data: {"choices":[{"index":0,"delta":null}]}\n\n',
        b'data: {"choices":[{"index":0}]}\n\n',
        b'data: {"unknown":{"deeply":[1,2,3]},"choices":[]}\n\n',
        b"event: ping\ndata: {}\n\n",
        b'id: 7\nretry: 10\ndata: {"choices":[]}\n\n',
    ],
)
async def test_events_without_text_are_passed_over(server, backend, image, event):
    server.enqueue(Answer("text", ending=RawEvent(event)))

    assert (await backend.recognize(image)).raw_text == "text"


# what goes wrong: errors before the stream


REFUSALS = [
    (vllm_faults.UNAUTHORIZED, AuthenticationError, False),
    (HttpFault(403, {"error": {"message": "no", "code": 403}}), AuthenticationError, False),
    (vllm_faults.MODEL_NOT_FOUND, ModelNotFoundError, False),
    (vllm_faults.PATH_NOT_FOUND, ModelNotFoundError, False),
    (vllm_faults.BAD_REQUEST, RequestRejectedError, False),
    (vllm_faults.LIST_XARGS_REFUSED, RequestRejectedError, False),
    (vllm_faults.NOT_AN_IMAGE, RequestRejectedError, False),
    (vllm_faults.TRUNCATED_IMAGE, RequestRejectedError, False),
    (vllm_faults.NOT_BASE64, RequestRejectedError, False),
    (vllm_faults.NOT_IMPLEMENTED, RequestRejectedError, False),
    (vllm_faults.URL_NOT_FOUND, RequestRejectedError, False),
    (HttpFault(413, "<html>too large</html>", content_type="text/html"), RequestRejectedError, False),
    (HttpFault(405, {"detail": "Method Not Allowed"}), RequestRejectedError, False),
    (vllm_faults.DECOMPRESSION_BOMB, RequestRejectedError, False),
    (vllm_faults.LOCAL_FILE, RequestRejectedError, False),
    (vllm_faults.FLAT_ERROR, ContextLengthError, False),
    *((fault, ContextLengthError, False) for fault in vllm_faults.CONTEXT_LENGTH),
    (vllm_faults.ENGINE_FAULT, ServerFaultError, True),
    (vllm_faults.DRAINING, ServerFaultError, True),
    (vllm_faults.HTML_BAD_GATEWAY, ServerFaultError, True),
    (HttpFault(504, b""), ServerFaultError, True),
    (HttpFault(500, b"\xff\xfe\x00"), ServerFaultError, True),
    (HttpFault(408, b""), ServerFaultError, True),
    (vllm_faults.OVERLOADED, OverloadedError, True),
    (vllm_faults.RATE_LIMITED, OverloadedError, True),
    (HttpFault(429, {"error": {"message": "pay", "code": "insufficient_quota"}}), OverloadedError, False),
    (HttpFault(503, b""), OverloadedError, True),
]


@pytest.mark.parametrize(("fault", "kind", "retryable"), REFUSALS, ids=range(len(REFUSALS)))
async def test_a_refusal_becomes_a_typed_error(server, backend, image, fault, kind, retryable):
    server.enqueue(fault)

    error = await failure_of(backend, image)

    assert type(error) is kind
    assert (error.retryable, error.status) == (retryable, fault.status)
    assert str(error).startswith("openai: ")
    assert len(server.completions) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "0.2"}, 0.2),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "-5"}, 0.0),
        ({}, None),
    ],
)
async def test_the_pause_that_the_server_asks_for_is_kept(server, backend, image, headers, seconds):
    server.enqueue(HttpFault(429, {"error": "slow down"}, headers=headers))

    error = await failure_of(backend, image)

    assert error.retry_after == seconds


async def test_a_proxy_page_is_not_shown(server, backend, image):
    server.enqueue(vllm_faults.HTML_BAD_GATEWAY)

    assert "<html" not in str(await failure_of(backend, image))


async def test_a_request_id_is_kept(server, backend, image):
    server.enqueue(HttpFault(500, {"error": {"message": "x"}}, headers={"x-request-id": "req-7"}))

    assert (await failure_of(backend, image)).request_id == "req-7"


async def test_a_page_of_a_wrong_server_is_not_an_answer(server, backend, image):
    server.enqueue(HttpFault(200, "<html>Welcome</html>", content_type="text/html"))

    error = await failure_of(backend, image)

    assert type(error) is MalformedAnswerError
    assert not error.retryable
    assert "/v1" in str(error)


async def test_a_redirect_to_the_right_path_is_followed(server, image):
    backend = OpenAICompatibleBackend(f"{server.base_url}", server.model, PlainDialect(), api_key=server.api_key)
    async with backend:
        await backend.recognize(image)

    assert server.completions


async def test_no_server_is_a_connection_error(image):
    with VllmServer() as gone:
        url = gone.base_url
    backend = OpenAICompatibleBackend(url, "m", PlainDialect(), timeouts=SHORT)

    error = await failure_of(backend, image)
    await backend.aclose()

    assert type(error) is ServiceConnectionError
    assert error.retryable


async def test_a_server_without_tls_is_a_permanent_connection_error(server, image):
    backend = OpenAICompatibleBackend(server.base_url.replace("http:", "https:"), "m", PlainDialect(), timeouts=SHORT)

    error = await failure_of(backend, image)
    await backend.aclose()

    assert type(error) is ServiceConnectionError
    assert not error.retryable


async def test_a_connection_that_the_server_closed_in_silence_is_retryable(server, backend, image):
    server.enqueue(vllm_faults.LOCAL_FILE)
    await failure_of(backend, image)

    # the pooled connection is gone; whether the client notices that before it sends is a race
    async with RetryingBackend(backend, first_wait=0.01) as retrying:
        recognition = await retrying.recognize(image)

    assert recognition.finish_reason == "stop"
    assert {attempt.error for attempt in recognition.attempts} <= {"ServiceConnectionError"}


# what goes wrong: errors inside the stream


IN_STREAM = [
    (StreamError(500), ServerFaultError, True),
    (StreamError(400, "`ngram_size` has to be a strictly positive integer, got 0.", "BadRequestError"),
     RequestRejectedError, False),
    (StreamError(503, "overloaded", "Service Unavailable"), OverloadedError, True),
    (StreamError(400, "Input length (8806) exceeds model's maximum context length (8192)."), ContextLengthError, False),
    (RawEvent(b'data: {"error": "out of order"}\n\n'), ServerFaultError, True),
    (RawEvent(b'data: {"error": {"message": "?", "code": "500"}}\n\n'), ServerFaultError, True),
    (RawEvent(b'data: {"error": {"code": true}}\n\n'), ServerFaultError, True),
    (RawEvent(b'data: {"error": {"message": ["a"], "code": null, "type": 3}}\n\n'), ServerFaultError, True),
    (Cut("reset"), ServiceConnectionError, True),
    (Cut("chunked"), ServiceConnectionError, True),
    (Cut("close"), IncompleteAnswerError, True),
    (RawEvent(b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n'), MalformedAnswerError, True),
    (RawEvent(b"data: not json\n\n"), MalformedAnswerError, True),
    (RawEvent(b"data: " + b"x" * 2_000_000 + b"\n\n"), MalformedAnswerError, True),
    (RawEvent(b"data: " + b"[" * 200_000 + b"\n\n"), MalformedAnswerError, True),
    (RawEvent(b'data: {"choices":[{"index":0,"delta":{"content":["a"]}}]}\n\n'), MalformedAnswerError, False),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "kind", "retryable"), IN_STREAM, ids=range(len(IN_STREAM)))
async def test_a_failure_in_the_stream_becomes_a_typed_error_with_the_text_so_far(
    server, backend, image, ending, kind, retryable
):
    server.enqueue(Answer("so far", ending=ending))

    error = await failure_of(backend, image)

    assert (type(error), error.retryable) == (kind, retryable)
    assert error.partial_text == "so far"


@pytest.mark.parametrize(
    ("reason", "retryable"),
    [("abort", True), (None, True), ("error", True), ("unheard-of", True), ("content_filter", False),
     ("repetition", False)],
)  # fmt: skip
async def test_an_answer_without_a_normal_finish_is_incomplete(server, backend, image, reason, retryable):
    server.enqueue(Answer("so far", finish_reason=reason))

    error = await failure_of(backend, image)

    assert type(error) is IncompleteAnswerError
    assert (error.finish_reason, error.partial_text, error.retryable) == (reason, "so far", retryable)
    assert error.request_id.startswith("chatcmpl-")


async def test_an_endless_answer_is_given_up(server, backend, image, monkeypatch):
    monkeypatch.setattr("deepocr_kit.backends._answer_stream.ANSWER_MAX_CHARS", 1000)
    server.enqueue(Answer("abc " * 1000, chunk_size=100))

    error = await failure_of(backend, image)

    assert type(error) is MalformedAnswerError
    assert not error.retryable


# the clocks


def clocked(server, **clocks) -> OpenAICompatibleBackend:
    timeouts = Timeouts(**({"connect": 2.0, "first_token": 5.0, "idle": 5.0, "total": 9.0} | clocks))
    return OpenAICompatibleBackend(
        server.base_url, server.model, PlainDialect(), api_key=server.api_key, timeouts=timeouts
    )


@pytest.mark.parametrize(
    ("clock", "answer"),
    [
        ("first_token", Answer(ending=Hang())),
        ("first_token", Answer(ending=Hang(keep_alive=0.02))),
        ("first_token", Answer("late", first_token_delay=5)),
        ("idle", Answer("begun", ending=Hang())),
        ("idle", Answer("begun", ending=Hang(keep_alive=0.02))),
        ("idle", Answer("very slow text", chunk_size=1, token_delay=1)),
        ("total", Answer("steady " * 1000, token_delay=0.02)),
        ("total", Answer(ending=Hang())),
    ],
)
async def test_each_clock_ends_the_wait_and_the_server_is_told(server, image, clock, answer):
    server.enqueue(answer)
    start = time.monotonic()

    async with clocked(server, **{clock: 0.6}) as backend:
        error = await failure_of(backend, image)
        assert server.wait_for_disconnect()

    assert isinstance(error, ServiceTimeoutError)
    assert (error.clock, error.seconds, error.retryable) == (clock, 0.6, True)
    assert time.monotonic() - start < 10  # the answers would take 20 s or never end


async def test_a_timeout_keeps_the_text_so_far(server, image):
    server.enqueue(Answer("begun", ending=Hang()))

    async with clocked(server, idle=0.2) as backend:
        error = await failure_of(backend, image)

    assert error.partial_text == "begun"


async def test_a_slow_but_steady_answer_is_waited_for(server, image):
    server.enqueue(Answer("0123456789", chunk_size=1, token_delay=0.05))

    async with clocked(server, idle=0.4, first_token=0.4) as backend:
        recognition = await backend.recognize(image)

    assert recognition.raw_text == "0123456789"


async def test_an_address_that_does_not_answer_runs_into_the_connect_clock(image):
    # a full backlog: the kernel lets further connections wait
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for held in (first, second):
            held.setblocking(False)
            held.connect_ex(listener.getsockname())
        await anyio.sleep(0.05)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        backend = OpenAICompatibleBackend(url, "m", PlainDialect(), timeouts=Timeouts(connect=0.3, first_token=5))
        error = await failure_of(backend, image)
        await backend.aclose()

    assert isinstance(error, ServiceTimeoutError)
    assert (error.clock, error.seconds) == ("connect", 0.3)


# leaving early


@pytest.mark.parametrize("answer", [Answer(ending=Hang()), Answer("begun " * 20, ending=Hang())])
async def test_a_cancelled_page_is_aborted_on_the_server(server, backend, image, answer):
    server.enqueue(answer)

    with anyio.move_on_after(0.3):
        await backend.recognize(image)

    assert server.wait_for_disconnect()
    assert (await backend.recognize(image)).finish_reason == "stop"


async def test_leaving_the_stream_aborts_on_the_server(server, backend, image):
    server.enqueue(Answer("one two three", ending=Hang()))

    async with aclosing(backend.stream(image)) as events:
        assert isinstance(await anext(events), TextDelta)

    assert server.wait_for_disconnect()


async def test_pages_are_sent_at_once(server, image):
    server.answer = Answer("text", first_token_delay=0.3)

    async with (
        OpenAICompatibleBackend(server.base_url, server.model, PlainDialect(), api_key=server.api_key) as backend,
        anyio.create_task_group() as group,
    ):
        for _ in range(8):
            group.start_soon(backend.recognize, image)

    assert server.peak_running == 8


# the object


async def test_a_closed_backend_refuses_pages(server, image):
    backend = OpenAICompatibleBackend(server.base_url, server.model, PlainDialect())
    await backend.aclose()

    with pytest.raises(ClosedError):
        await backend.recognize(image)


def test_it_serves_one_loop_after_another(server):
    backend = OpenAICompatibleBackend(server.base_url, server.model, PlainDialect(), api_key=server.api_key)

    async def once() -> str | None:
        recognition = await backend.recognize(build_page_image())
        await backend._service.client().close()
        return recognition.finish_reason

    assert [anyio.run(once), anyio.run(once)] == ["stop", "stop"]


def test_a_senseless_concurrency_is_refused():
    with pytest.raises(ValueError, match="concurrency must be at least 1, got 0"):
        OpenAICompatibleBackend("http://h/v1", "m", PlainDialect(), concurrency=0)


# the canary


KEY = "sk-canary-0123456789abcdef"


@pytest.mark.parametrize(
    "reply",
    [
        HttpFault(401, {"error": f"Incorrect API key provided: {KEY}"}),
        HttpFault(500, f"oops Bearer {KEY}", content_type="text/plain"),
        HttpFault(400, {"error": {"message": KEY * 200, "type": KEY, "code": 400}}, headers={"x-other": KEY}),
        Answer("x", ending=StreamError(500, f"header was {KEY}")),
        Answer("x", finish_reason=KEY),
        Answer("x", ending=RawEvent(f"data: {KEY}\n\n".encode())),
        HttpFault(200, "x", content_type=f"text/{KEY}"),
    ],
    ids=range(7),
)
async def test_the_key_never_shows_in_an_error_or_a_log(image, reply, caplog):
    caplog.set_level("DEBUG")
    with VllmServer(api_key=KEY) as server:
        server.enqueue(reply)
        backend = OpenAICompatibleBackend(server.base_url, server.model, PlainDialect(), api_key=KEY, timeouts=SHORT)
        with pytest.raises(DeepOcrError) as caught:
            await backend.recognize(image)
        await backend.aclose()

    error = caught.value
    shown = [str(error), repr(error), repr(error.__dict__), repr(backend), repr(pickle.dumps(error))]
    # at DEBUG the HTTP library shows the headers of answers, whatever a server puts there
    shown += [record.getMessage() for record in caplog.records if "receive_response_headers" not in record.getMessage()]
    assert not [text for text in shown if KEY in text]
