"""The backend for DeepSeek-OCR on vLLM, against a loopback server."""

from __future__ import annotations

import dataclasses
import socket

import pytest
from pydantic import ValidationError
from tests.backends.conftest import SHORT

from deepocr_kit.backends import NgramGuard, RetryingBackend, ServedModel, Timeouts, VllmBackend
from deepocr_kit.backends.vllm import MAX_IMAGE_PIXELS
from deepocr_kit.documents import IssueCode, RegionLabel
from deepocr_kit.errors import (
    AuthenticationError,
    ClosedError,
    RequestRejectedError,
    ServiceTimeoutError,
)
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import OcrTask
from deepocr_kit.testing import Answer, OcrBackendContract, VllmServer, vllm_faults

pytestmark = pytest.mark.anyio


@pytest.fixture
async def backend(server):
    async with VllmBackend(server.base_url, api_key=server.api_key, timeouts=SHORT) as made:
        yield made


class TestContract(OcrBackendContract):
    @pytest.fixture
    def backend(self, server):
        return VllmBackend(server.base_url, api_key=server.api_key, timeouts=SHORT)


@pytest.mark.parametrize(
    ("task", "prompt"),
    [
        (OcrTask.DOCUMENT, "<|grounding|>Convert the document to markdown."),
        (OcrTask.LINES, "<|grounding|>OCR this image."),
        (OcrTask.FREE, "Free OCR."),
        (OcrTask.FIGURE, "Parse the figure."),
        (OcrTask.DESCRIBE, "Describe this image in detail."),
    ],
)
async def test_the_official_prompts_are_sent(server, backend, image, task, prompt):
    await backend.recognize(image, task=task)

    # a server puts "<image>\n" before a text without it; with it, the text is used as it is
    assert server.completions[0].prompt.removeprefix("<image>\n") == prompt


async def test_the_request_is_the_recipes(server, backend, image):
    await backend.recognize(image)

    body = server.completions[0].body
    assert body["temperature"] == 0
    assert body["skip_special_tokens"] is False
    assert body["vllm_xargs"] == {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]}
    assert "max_tokens" not in body


async def test_special_tokens_and_so_table_cells_come_through(backend, image):
    recognition = await backend.recognize(image)

    assert [region.label for region in recognition.regions] == [RegionLabel.TITLE, RegionLabel.TABLE]
    assert recognition.regions[1].table.rows() == (("Item", "Qty"), ("茶", "2"))


async def test_the_guard_can_be_changed_and_left_out(server, image):
    for guard in (NgramGuard(ngram_size=20, window_size=50, whitelist_token_ids=()), None):
        async with VllmBackend(server.base_url, api_key=server.api_key, ngram_guard=guard) as backend:
            await backend.recognize(image)

    changed, without = (request.body for request in server.completions)
    assert changed["vllm_xargs"] == {"ngram_size": 20, "window_size": 50, "whitelist_token_ids": []}
    assert "vllm_xargs" not in without


@pytest.mark.parametrize("values", [{"ngram_size": 0}, {"window_size": -1}, {"ngram_size": "x"}, {"size": 1}])
def test_a_guard_that_the_server_would_refuse_is_refused_at_once(values):
    with pytest.raises(ValidationError):
        NgramGuard(**values)


# old servers


async def test_an_old_server_gets_no_list_and_every_page_says_so(image):
    with VllmServer(accepts_list_xargs=False) as server:
        async with VllmBackend(server.base_url, api_key=server.api_key) as backend:
            first, second = [await backend.recognize(image) for _ in range(2)]

    assert [request.body["vllm_xargs"] for request in server.completions] == [
        {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]},
        {"ngram_size": 30, "window_size": 90},
        {"ngram_size": 30, "window_size": 90},
    ]
    assert [recognition.usage.requests for recognition in (first, second)] == [2, 1]
    for recognition in (first, second):
        assert IssueCode.PARAMETER_REFUSED in {issue.code for issue in recognition.issues}


async def test_a_server_that_refuses_again_is_not_asked_a_third_time(server, backend, image):
    server.enqueue(vllm_faults.LIST_XARGS_REFUSED, vllm_faults.LIST_XARGS_REFUSED)

    with pytest.raises(RequestRejectedError):
        await backend.recognize(image)

    assert len(server.completions) == 2


async def test_other_refusals_are_not_answered_by_another_request(server, backend, image):
    server.enqueue(vllm_faults.BAD_REQUEST)

    with pytest.raises(RequestRejectedError):
        await backend.recognize(image)

    assert len(server.completions) == 1


async def test_a_new_server_leaves_no_issue(backend, image):
    assert (await backend.recognize(image)).issues == ()


# before sending


async def test_a_page_that_the_server_cannot_open_is_not_sent(server, backend, image):
    huge = dataclasses.replace(image, size=Size(MAX_IMAGE_PIXELS + 1, 1))

    with pytest.raises(RequestRejectedError, match="178956971 pixels") as caught:
        await backend.recognize(huge)

    assert not caught.value.retryable
    assert not server.requests


# probes


async def test_a_living_server_is_healthy(backend):
    assert await backend.health()


async def test_a_dead_engine_is_not_healthy(server, backend):
    server.healthy = False

    assert not await backend.health()


async def test_no_server_is_not_healthy():
    with VllmServer() as gone:
        url = gone.base_url

    async with VllmBackend(url, timeouts=Timeouts(connect=1)) as backend:
        assert not await backend.health()


async def test_models_tell_their_limits(backend):
    assert await backend.models() == (ServedModel("deepseek-ai/DeepSeek-OCR", 8192),)


async def test_models_need_the_key(server):
    async with VllmBackend(server.base_url, api_key="wrong") as backend:
        with pytest.raises(AuthenticationError) as caught:
            await backend.models()

    assert caught.value.__context__ is None


async def test_probes_of_a_silent_server_end(monkeypatch):
    monkeypatch.setattr("deepocr_kit.backends.vllm.PROBE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:  # it never answers
        port = listener.getsockname()[1]
        async with VllmBackend(f"http://127.0.0.1:{port}/v1") as backend:
            with pytest.raises(ServiceTimeoutError) as caught:
                await backend.models()

    assert (caught.value.clock, caught.value.seconds) == ("total", 0.2)


async def test_probes_of_a_closed_backend_are_refused(server):
    backend = VllmBackend(server.base_url)
    await backend.aclose()

    with pytest.raises(ClosedError):
        await backend.health()


async def test_it_can_be_wrapped(server, image):
    server.enqueue(vllm_faults.ENGINE_FAULT, vllm_faults.OVERLOADED, Answer("done"))

    async with RetryingBackend(VllmBackend(server.base_url, api_key=server.api_key), first_wait=0.01) as backend:
        recognition = await backend.recognize(image)

    assert recognition.raw_text == "done"
    assert [attempt.error for attempt in recognition.attempts] == ["ServerFaultError", "OverloadedError"]
