"""The vLLM backend against vLLM's own API server with a scripted engine.

Start such a server (its ``X-Stub-*`` headers choose text, timing and faults per
request) and run ``pytest -m live tests/live --base-url URL --api-key KEY``.
"""

from __future__ import annotations

import dataclasses
import json
import re
import urllib.error
import urllib.request
from contextlib import aclosing

import anyio
import pytest

from deepocr_kit.backends import RecognitionDone, TextDelta, Timeouts, VllmBackend
from deepocr_kit.documents import RegionLabel
from deepocr_kit.errors import (
    AuthenticationError,
    ContextLengthError,
    IncompleteAnswerError,
    ModelNotFoundError,
    RequestRejectedError,
    ServerFaultError,
    ServiceTimeoutError,
)
from deepocr_kit.grounding import OcrTask
from deepocr_kit.testing import Answer, OcrBackendContract, StreamError, VllmServer, build_page_image

pytestmark = [pytest.mark.live, pytest.mark.anyio]

GROUNDED = (
    "<|ref|>title<|/ref|><|det|>[[120, 58, 871, 96]]<|/det|>\n# Invoice 第17号\n\n"
    "<|ref|>text<|/ref|><|det|>[[102, 110, 480, 230]]<|/det|>\nTotal due: 1 234,50 € — Größe, naïve, 合計.\n\n"
    "<|ref|>table<|/ref|><|det|>[[100, 300, 900, 600]]<|/det|>\n"
    "<table><tr><td>Item</td><td>Qty</td></tr><tr><td>茶</td><td>2</td></tr></table>\n"
)


@pytest.fixture
def base_url(request) -> str:
    return request.config.getoption("--base-url") or pytest.skip("no --base-url")


@pytest.fixture
def api_key(request) -> str | None:
    return request.config.getoption("--api-key")


@pytest.fixture
async def make(base_url, api_key):
    """Makes backends whose every request carries the given ``X-Stub-*`` headers."""
    made: list[VllmBackend] = []

    def factory(script="02_ground", /, *, timeouts=None, model="DeepSeek-OCR", key=api_key, max_tokens=None, **stub):
        headers = {f"X-Stub-{name.replace('_', '-')}": json.dumps(value) for name, value in stub.items()}
        made.append(
            VllmBackend(
                base_url,
                model,
                api_key=key,
                timeouts=timeouts,
                max_tokens=max_tokens,
                headers=headers | {"X-Stub-Script": script},
            )
        )
        return made[-1]

    yield factory
    for backend in made:
        await backend.aclose()


@pytest.fixture
def image():
    return build_page_image()


def busy(base_url: str) -> float:
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return sum(float(value) for value in re.findall(r"^vllm:num_requests_(?:running|waiting)\{.*\} (\S+)$", text, re.M))


@pytest.fixture
def is_idle(base_url, make, image):
    """Whether nothing runs on the server; it refreshes its numbers only when something comes out of the engine."""

    async def look() -> bool:
        for _ in range(20):
            await make("90_empty").recognize(image)
            if await anyio.to_thread.run_sync(busy, base_url) == 0:
                return True
        return False

    return look


class TestContract(OcrBackendContract):
    @pytest.fixture
    def backend(self, base_url, api_key):
        return VllmBackend(base_url, "DeepSeek-OCR", api_key=api_key, headers={"X-Stub-Script": "02_ground"})


# answers


async def test_a_grounded_page_is_read_byte_for_byte(make, image):
    recognition = await make().recognize(image)

    assert recognition.raw_text == GROUNDED
    assert recognition.finish_reason == "stop"
    assert [region.label for region in recognition.regions] == [
        RegionLabel.TITLE,
        RegionLabel.TEXT,
        RegionLabel.TABLE,
    ]
    assert recognition.regions[2].table.rows() == (("Item", "Qty"), ("茶", "2"))


async def test_usage_and_model_are_the_servers(make, image):
    recognition = await make().recognize(image)

    assert recognition.model == "DeepSeek-OCR"
    assert recognition.usage.prompt_tokens > 273
    assert recognition.usage.completion_tokens > 50


SCRIPTS = {
    "01_plain": "# Sample page\n\nPlain text, première ligne. 第二行：日本語テキスト。Третья строка. سطر رابع.\n",
    "90_empty": "",
    "91_specials": "<|grounding|><|ref|><|/ref|>",
}


@pytest.mark.parametrize("name", SCRIPTS)
async def test_known_texts_come_back_byte_for_byte(make, image, name):
    recognition = await make(name).recognize(image)

    assert recognition.raw_text.rstrip("\n") == SCRIPTS[name].rstrip("\n")
    assert recognition.finish_reason == "stop"


@pytest.mark.parametrize("name", ["93_emoji", "94_ws", "01_plain"])
async def test_the_raw_text_does_not_depend_on_how_the_server_cuts_it(make, image, name):
    texts = {(await make(name, step=step).recognize(image)).raw_text for step in (1, 3, 50)}

    assert len(texts) == 1
    assert "\ufffd" not in texts.pop()


async def test_emoji_sequences_survive(make, image):
    assert "👩‍👩‍👧‍👦" in (await make("93_emoji").recognize(image)).raw_text


@pytest.mark.parametrize("task", [OcrTask.DOCUMENT, OcrTask.LINES, OcrTask.FREE, OcrTask.FIGURE, OcrTask.DESCRIBE])
async def test_every_prompt_is_accepted(make, image, task):
    assert (await make().recognize(image, task=task)).finish_reason == "stop"


@pytest.mark.parametrize("size", [(1, 1), (640, 640), (850, 1100), (3000, 400)])
@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg"])
async def test_pictures_of_every_shape_are_accepted(make, size, media_type):
    image = build_page_image(width=size[0], height=size[1], media_type=media_type)

    assert (await make("90_empty").recognize(image)).finish_reason == "stop"


async def test_a_cut_answer_says_so(make, image):
    recognition = await make(max_tokens=5).recognize(image)

    assert recognition.finish_reason == "length"
    assert GROUNDED.startswith(recognition.raw_text)


async def test_the_stream_comes_in_pieces(make, image):
    async with aclosing(make(itl=0.001).stream(image)) as events:
        told = [event async for event in events]

    pieces = [event.text for event in told if isinstance(event, TextDelta)]
    assert len(pieces) > 10
    assert "".join(pieces) == GROUNDED
    assert isinstance(told[-1], RecognitionDone)


async def test_eight_pages_at_once(make, image):
    backend = make(itl=0.005)
    texts: list[str] = []

    async def read() -> None:
        texts.append((await backend.recognize(image)).raw_text)

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(read)

    assert texts == [GROUNDED] * 8


# probes


async def test_health_and_models(make):
    backend = make()

    assert await backend.health()
    assert [(model.id, model.max_model_len) for model in await backend.models()] == [("DeepSeek-OCR", 8192)]


# failures


async def failure(backend, image):
    with anyio.fail_after(30), pytest.raises(Exception) as caught:  # noqa: PT011 - each test looks at the class
        await backend.recognize(image)
    return caught.value


async def test_a_wrong_key(make, image):
    error = await failure(make(key="wrong"), image)

    assert (type(error), error.status, error.retryable) == (AuthenticationError, 401, False)


async def test_a_wrong_model(make, image):
    error = await failure(make(model="other"), image)

    assert (type(error), error.status, error.retryable) == (ModelNotFoundError, 404, False)


async def test_a_wrong_path(base_url, api_key, image):
    async with VllmBackend(f"{base_url}/v1", "DeepSeek-OCR", api_key=api_key) as backend:
        error = await failure(backend, image)

    assert (type(error), error.status, error.retryable) == (ModelNotFoundError, 404, False)


async def test_too_many_tokens_asked_for(make, image):
    error = await failure(make(max_tokens=9000), image)

    assert (type(error), error.status) == (ContextLengthError, 400)


async def test_a_picture_that_is_none(make, image):
    error = await failure(make(), dataclasses.replace(image, data=b"hello"))

    assert (type(error), error.status, error.retryable) == (RequestRejectedError, 400, False)


async def test_a_failing_engine(make, image):
    error = await failure(make(fail_after=12), image)

    assert (type(error), error.status, error.retryable) == (ServerFaultError, 500, True)
    assert GROUNDED.startswith(error.partial_text)


async def test_an_aborted_answer(make, image):
    error = await failure(make(abort_after=12), image)

    assert (type(error), error.finish_reason, error.retryable) == (IncompleteAnswerError, "abort", True)
    assert error.partial_text
    assert GROUNDED.startswith(error.partial_text)


@pytest.mark.parametrize(("tokens", "clock"), [(0, "first_token"), (12, "idle")])
async def test_a_hanging_engine_runs_into_a_clock_and_is_told_to_stop(make, is_idle, image, tokens, clock):
    timeouts = Timeouts(first_token=2.0 if clock == "first_token" else 20.0, idle=1.0)

    error = await failure(make(hang_after=tokens, timeouts=timeouts), image)

    assert (type(error), error.clock, error.retryable) == (ServiceTimeoutError, clock, True)
    assert await is_idle()


async def test_a_looping_model_runs_into_the_total_clock(make, is_idle, image):
    error = await failure(make("92_loop", itl=0.01, timeouts=Timeouts(total=2.0)), image)

    assert (type(error), error.clock) == (ServiceTimeoutError, "total")
    assert error.partial_text.startswith("abc def abc def")
    assert await is_idle()


async def test_a_looping_model_ends_with_the_window(make, image):
    recognition = await make("92_loop", itl=0, step=200).recognize(image)

    assert recognition.finish_reason == "length"


@pytest.mark.parametrize("stub", [{"hang_after": 0}, {"hang_after": 12}, {"itl": 0.2}, {"ttft": 20}])
async def test_a_cancelled_page_is_aborted_on_the_server(make, is_idle, image, stub):
    backend = make(**stub)

    with anyio.move_on_after(1.5) as scope:
        await backend.recognize(image)

    assert scope.cancelled_caught
    assert await is_idle()


async def test_leaving_the_stream_aborts_on_the_server(make, is_idle, image):
    async with aclosing(make(itl=0.2).stream(image)) as events:
        assert isinstance(await anext(events), TextDelta)

    assert await is_idle()


# the loopback server of deepocr_kit.testing answers in the same shapes


def ask(url, key, body, headers=()):
    request = urllib.request.Request(
        url + "/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}", **dict(headers)},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read().decode()


def shape(value):
    """Keys and kinds, without the values that differ between servers."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items() if key not in {"created", "id"}}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def events(text):
    return [line.removeprefix("data: ") for line in text.split("\n\n") if line]


def distinct(values):
    return [value for position, value in enumerate(values) if value not in values[:position]]


BODIES = {
    "stream": ({}, None, "02_ground"),
    "stream with hidden tokens": ({"skip_special_tokens": True}, None, "02_ground"),
    "whole": ({"stream": False, "stream_options": None}, None, "02_ground"),
    "empty": ({}, None, "90_empty"),
    "aborted": ({}, {"X-Stub-Abort-After": "0"}, "02_ground"),
    "failed": ({}, {"X-Stub-Fail-After": "0"}, "02_ground"),
    "wrong model": ({"model": "other"}, None, "02_ground"),
    "no messages": ({"messages": None}, None, "02_ground"),
    "negative limit": ({"max_tokens": 0}, None, "02_ground"),
    "large limit": ({"max_tokens": 9000}, None, "02_ground"),
    "stream options": ({"stream": False}, None, "02_ground"),
    "late check": ({"vllm_xargs": {"ngram_size": 0}}, None, "02_ground"),
    "late check whole": ({"stream": False, "stream_options": None, "vllm_xargs": {"ngram_size": 0}}, None, "02_ground"),
}
ENDINGS = {
    "aborted": Answer("", finish_reason="abort"),
    "failed": Answer("", ending=StreamError()),
    "empty": Answer(""),
}


@pytest.mark.parametrize("case", BODIES)
def test_the_loopback_server_answers_in_the_same_shape(base_url, api_key, case):
    changes, stub, script = BODIES[case]
    message = {"role": "user", "content": "Free OCR."}
    body = {
        "model": "DeepSeek-OCR",
        "messages": [message],
        "temperature": 0,
        "skip_special_tokens": False,
        "stream": True,
        "stream_options": {"include_usage": True},
    } | changes
    body = {key: value for key, value in body.items() if value is not None}
    real = ask(base_url, api_key, body, {"X-Stub-Script": script, **(stub or {})})
    with VllmServer(ENDINGS.get(case, Answer(GROUNDED)), model="DeepSeek-OCR") as server:
        ours = ask(server.base_url, server.api_key, body)

    assert ours[:2] == real[:2]
    if real[1].startswith("text/event-stream"):
        theirs, mine = events(real[2]), events(ours[2])
        assert mine[-1] == theirs[-1] == "[DONE]"
        assert distinct([shape(json.loads(event)) for event in mine[:-1]]) == distinct(
            [shape(json.loads(event)) for event in theirs[:-1]]
        )
    else:
        assert shape_without_extras(json.loads(ours[2])) <= shape_without_extras(json.loads(real[2]))


def shape_without_extras(value, path=""):
    """Every path of keys in a body; the real one may have more than the loopback server's."""
    if not isinstance(value, dict):
        if isinstance(value, list) and value:
            return shape_without_extras(value[0], path + "[]")
        return {path}
    return {found for key, item in value.items() for found in shape_without_extras(item, f"{path}.{key}")}
