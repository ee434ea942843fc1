"""No answer of a server, however broken, ends in anything but a revision or one typed error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from bill_reading import DOCUMENT, ONCE, Bill
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deepocr_kit.errors import ServiceError
from deepocr_kit.revisers import BedrockReviser, OpenAIReviser, Reviser, Revision
from deepocr_kit.revisers.bedrock import BedrockClient
from deepocr_kit.testing import BedrockAnswer, BedrockServer, ChatAnswer, ChatServer, HttpFault

SECONDS_MAX = 20
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


WORDS = [
    *("choices", "message", "content", "finish_reason", "stop", "length", "usage", "prompt_tokens", "error", "model"),
    *("output", "stopReason", "toolUse", "input", "emit_fields", "name", "text", "src", "company", "lines", "total"),
    *("amount", "reasoning", "refusal", "data", "null", "tool_use", "max_tokens", "p1r1", "12.75"),
]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(WORDS)
    | st.just('{"company": {"text": "ACME STORES", "src": ["p1r1"]}, "lines": [{"name": {"te')
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=6), inner),
    max_leaves=25,
)
STATUSES = st.sampled_from(
    [200, 200, 200, 201, 204, 206, 302, 307, 400, 401, 403, 404, 408, 409, 413, 418, 422, 424, 429, 500, 501, 503, 529]
)
TYPES = st.sampled_from(["application/json", "text/html", "text/plain; charset=utf-16", "text/event-stream", "x", ""])


def chat(message: Any, finish: Any, usage: Any) -> Any:
    return {"model": "m", "choices": [{"message": message, "finish_reason": finish}], "usage": usage}


def converse(content: Any, stop: Any, usage: Any) -> Any:
    return {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": stop, "usage": usage}


def near(build: Any, message: Any, finishes: list[str]) -> st.SearchStrategy[Any]:
    return st.builds(build, message | JSON, st.sampled_from(finishes) | JSON, JSON)


CHAT = near(
    chat,
    st.fixed_dictionaries({"role": st.just("assistant"), "content": JSON, "reasoning": JSON, "refusal": JSON}),
    ["stop", "length", "content_filter", "abort"],
)
CONVERSE = near(
    converse,
    st.lists(
        st.fixed_dictionaries({"text": JSON})
        | st.fixed_dictionaries({"toolUse": st.fixed_dictionaries({"name": st.just("emit_fields"), "input": JSON})}),
        max_size=3,
    ),
    ["tool_use", "max_tokens", "malformed_tool_use", "guardrail_intervened", "model_context_window_exceeded"],
)


def bodies(shaped: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    written = (shaped | JSON).map(lambda value: json.dumps(value).encode("utf-8", "replace"))
    return written | written.map(lambda data: data[: len(data) * 2 // 3]) | st.binary(max_size=60)


def check(reviser: Reviser) -> None:
    async def read() -> None:
        async with reviser:
            with anyio.fail_after(SECONDS_MAX):
                try:
                    revision = await reviser.revise(DOCUMENT, Bill)
                except ServiceError:
                    return
        assert isinstance(revision, Revision)
        assert set(revision.fields) >= {"company", "total"}
        assert revision.model_dump_json()
        assert revision.value is not None or revision.issues

    anyio.run(read)


@pytest.fixture(scope="module")
def chat_server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture(scope="module")
def bedrock_server() -> Iterator[BedrockServer]:
    with BedrockServer() as server:
        yield server


@pytest.fixture(scope="module")
def bedrock_client(bedrock_server: BedrockServer) -> BedrockClient:
    """One for all answers; to make one takes longer than to ask."""
    return bedrock_server.client()


@FUZZ
@given(STATUSES, TYPES, bodies(CHAT), bodies(CHAT))
@example(200, "application/json", b"[" * 100_000, b"")
@example(200, "application/json", json.dumps(chat({"content": None}, ["stop"], [])).encode(), b"{}")
@example(302, "text/html", b"<html>", b"")
def test_an_openai_compatible_server_may_answer_anything(
    chat_server: ChatServer, status: int, kind: str, first: bytes, then: bytes
) -> None:
    chat_server.script(HttpFault(status, first, content_type=kind), HttpFault(200, then))

    check(OpenAIReviser(chat_server.base_url, "m", api_key="test", retry=ONCE))


@FUZZ
@given(STATUSES, st.sampled_from([None, "ThrottlingException", "ModelErrorException", "?"]), bodies(CONVERSE))
@example(200, None, json.dumps(converse("text", {"a": 1}, {"inputTokens": "x"})).encode())
@example(200, None, json.dumps({"output": {"message": "x"}, "stopReason": 5}).encode())
@example(200, None, b"\xff\xfe")
def test_bedrock_may_answer_anything(
    bedrock_server: BedrockServer, bedrock_client: BedrockClient, status: int, error: str | None, body: bytes
) -> None:
    bedrock_server.script(BedrockAnswer(status=status, error_type=error, raw=body))

    check(BedrockReviser(client=bedrock_client, retry=ONCE))


def test_a_server_that_says_nothing_costs_the_timeout_and_one_typed_error() -> None:
    with ChatServer(ChatAnswer("late", delay=5)) as server:
        check(OpenAIReviser(server.base_url, "m", api_key="test", retry=ONCE, timeout=0.2))
