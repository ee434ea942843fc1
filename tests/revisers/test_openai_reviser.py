"""The OpenAI-compatible reviser against a real loopback server and its quirks."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import (
    AuthenticationError,
    ClosedError,
    ContextLengthError,
    IncompleteAnswerError,
    MalformedAnswerError,
    ModelNotFoundError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceConnectionError,
    ServiceTimeoutError,
)
from deepocr_kit.revisers import OpenAIReviser, RetryPolicy, Revision
from deepocr_kit.testing import Answer, Cut, HttpFault, RecordedRequest, VllmServer, build_document

pytestmark = pytest.mark.anyio

DOCUMENT = build_document("ACME STORES\nTotal 12.75")
RIGHT = json.dumps({"total": {"text": "12.75", "src": ["p1r2"]}})
ONCE = RetryPolicy(attempts=1)


class Receipt(BaseModel):
    total: str


def refusal(status: int, message: str) -> HttpFault:
    return HttpFault(status, {"error": {"message": message, "type": "BadRequestError", "code": status}})


def completion(message: dict[str, Any], finish_reason: str | None = "stop") -> HttpFault:
    body = {"model": "qwen", "choices": [{"message": message, "finish_reason": finish_reason}]}
    return HttpFault(200, body)


async def revise(server: VllmServer, **options: Any) -> Revision[Receipt]:
    async with OpenAIReviser(server.base_url, "qwen", **{"api_key": "test-key", "retry": ONCE, **options}) as reviser:
        return await reviser.revise(DOCUMENT, Receipt)


def serve(*replies: Any, answer: Any = None) -> VllmServer:
    server = VllmServer(answer or Answer(RIGHT), model="qwen", max_model_len=100_000)
    server.enqueue(*replies)
    return server


def forms(server: VllmServer) -> list[str | None]:
    return [(request.body.get("response_format") or {}).get("type") for request in server.completions]


def codes(revision: Revision[Any]) -> list[IssueCode]:
    return [issue.code for issue in revision.issues]


# --- the request ---------------------------------------------------------------------------------------------------


async def test_a_strict_schema_is_asked_for_first() -> None:
    with serve() as server:
        revision = await revise(server)

    (request,) = server.completions
    form = request.body["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    assert form["json_schema"]["schema"]["additionalProperties"] is False
    assert revision.value == Receipt(total="12.75")
    assert revision.method == "json_schema_strict"
    assert revision.model == "qwen"


async def test_the_request_is_plain_and_deterministic() -> None:
    with serve() as server:
        await revise(server, max_tokens=777, extra_body={"chat_template_kwargs": {"enable_thinking": False}})

    body = server.completions[0].body
    assert body["temperature"] == 0
    assert body["max_tokens"] == 777
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "stream" not in body


async def test_tokens_are_counted() -> None:
    with serve(answer=Answer(RIGHT, prompt_tokens=321, completion_tokens=45)) as server:
        revision = await revise(server)

    assert (revision.usage.prompt_tokens, revision.usage.completion_tokens, revision.usage.requests) == (321, 45, 1)
    assert revision.usage.seconds > 0


@pytest.mark.parametrize(
    ("mode", "form"),
    [("strict", "json_schema"), ("json_schema", "json_schema"), ("json_object", "json_object"), ("prompt", None)],
)
async def test_a_mode_is_kept_to(mode: str, form: str | None) -> None:
    with serve() as server:
        await revise(server, mode=mode)

    assert forms(server) == [form]


# --- the ladder ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "'response_format.type' must be 'json_schema' or 'text'"),
        (400, "Strict mode is unsupported"),
        (422, "response_format: extra inputs"),
        (415, "json_schema is not supported"),
        (404, "response_format is unknown here"),
        (500, "Unsupported keyword in grammar: pattern"),
    ],
)
async def test_a_refused_form_is_asked_for_less_strictly(status: int, message: str) -> None:
    with serve(refusal(status, message)) as server:
        revision = await revise(server)

    assert len(server.completions) == 2
    assert "strict" not in server.completions[1].body["response_format"]["json_schema"]
    assert revision.value == Receipt(total="12.75")
    assert revision.method == "json_schema"
    assert codes(revision) == [IssueCode.FORMAT_NOT_ENFORCED]


async def test_the_last_rung_is_the_prompt_alone() -> None:
    def answer(request: RecordedRequest) -> Any:
        return refusal(400, "response_format is not supported") if "response_format" in request.body else Answer(RIGHT)

    with serve(answer=answer) as server:
        revision = await revise(server)

    assert forms(server) == ["json_schema", "json_schema", "json_object", None]
    assert revision.method == "prompt"


async def test_what_was_learned_is_remembered() -> None:
    with serve(refusal(400, "json_schema unsupported")) as server:
        async with OpenAIReviser(server.base_url, "qwen", api_key="test-key") as reviser:
            await reviser.revise(DOCUMENT, Receipt)
            await reviser.revise(DOCUMENT, Receipt)

    assert len(server.completions) == 3


async def test_many_documents_at_once_do_not_skip_rungs() -> None:
    def answer(request: RecordedRequest) -> Any:
        form = (request.body.get("response_format") or {}).get("json_schema") or {}
        return refusal(400, "strict is not supported") if form.get("strict") else Answer(RIGHT)

    with serve(answer=answer) as server:
        async with OpenAIReviser(server.base_url, "qwen", api_key="test-key") as reviser:
            revisions = await asyncio.gather(*(reviser.revise(DOCUMENT, Receipt) for _ in range(5)))

    assert {revision.method for revision in revisions} == {"json_schema"}


async def test_a_fixed_mode_is_not_given_up() -> None:
    with serve(refusal(400, "json_schema unsupported")) as server, pytest.raises(RequestRejectedError):
        await revise(server, mode="json_schema")

    assert len(server.completions) == 1


async def test_a_server_that_refuses_everything_is_an_error() -> None:
    with serve(answer=refusal(400, "strict schema grammar unsupported")) as server, pytest.raises(RequestRejectedError):
        await revise(server)

    assert len(server.completions) == 4


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(401, "unsupported key"), AuthenticationError),
        (refusal(403, "schema not allowed"), AuthenticationError),
        (refusal(404, "The model `strict` does not exist"), ModelNotFoundError),
        (refusal(429, "not supported at this rate"), OverloadedError),
        (refusal(400, "maximum context length is 8192 tokens; grammar"), ContextLengthError),
        (refusal(400, "something else"), RequestRejectedError),
        (refusal(503, "unsupported"), OverloadedError),
    ],
)
async def test_other_errors_never_cost_a_rung(reply: HttpFault, error: type[Exception]) -> None:
    with serve(answer=reply) as server, pytest.raises(error):
        await revise(server)

    # a prompt that does not fit is tried with less room for the answer, and in smaller windows
    assert set(forms(server)) == {"json_schema"}
    assert len(server.completions) == 1 or error is ContextLengthError


async def test_a_server_that_ignores_the_form_is_told() -> None:
    with serve(answer=Answer(f"```json\n{RIGHT}\n```")) as server:
        revision = await revise(server)

    assert revision.value == Receipt(total="12.75")
    assert set(codes(revision)) == {IssueCode.FORMAT_NOT_ENFORCED, IssueCode.ANSWER_REPAIRED}


@pytest.mark.parametrize(
    ("message", "check"),
    [
        (
            "Unsupported parameter: 'max_tokens' is not supported here. Use 'max_completion_tokens' instead.",
            lambda body: "max_tokens" not in body and body["max_completion_tokens"] > 0,
        ),
        (
            "Unsupported value: 'temperature' does not support 0 with this model.",
            lambda body: "temperature" not in body,
        ),
    ],
)
async def test_a_refused_parameter_costs_no_rung(message: str, check: Callable[[dict[str, Any]], bool]) -> None:
    with serve(refusal(400, message)) as server:
        revision = await revise(server)

    assert check(server.completions[1].body)
    assert revision.method == "json_schema_strict"
    assert codes(revision) == [IssueCode.PARAMETER_REFUSED]


async def test_a_parameter_that_is_refused_for_ever_is_an_error() -> None:
    with serve(answer=refusal(400, "'temperature' is wrong")) as server, pytest.raises(RequestRejectedError):
        await revise(server)

    assert len(server.completions) == 2


# --- thinking models and odd answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
async def test_an_answer_in_the_reasoning_field_is_found(name: str) -> None:
    with serve(answer=completion({"content": None, name: RIGHT})) as server:
        revision = await revise(server)

    assert revision.value == Receipt(total="12.75")
    assert revision.exchanges[0].response.startswith("<think>")


async def test_a_thought_that_ate_the_budget_gets_more() -> None:
    with serve(completion({"content": "", "reasoning": "hm"}, "length")) as server:
        revision = await revise(server)

    first, second = server.completions
    assert second.body["max_tokens"] == 2 * first.body["max_tokens"]
    assert revision.value == Receipt(total="12.75")


async def test_inline_thoughts_are_not_the_answer() -> None:
    text = '<think>{"total": {"text": "1.00", "src": []}}</think>' + RIGHT
    with serve(answer=Answer(text)) as server:
        assert (await revise(server)).value == Receipt(total="12.75")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choices": []},
        {"choices": None},
        {"choices": ["x"]},
        {"choices": [{"message": None}]},
        [1, 2],
        "text",
        b"<html>proxy</html>",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_what_is_no_completion_is_one_typed_error(body: Any) -> None:
    with serve(answer=HttpFault(200, body)) as server, pytest.raises(MalformedAnswerError):
        await revise(server)


@pytest.mark.parametrize(
    "message",
    [{"content": 5}, {"content": ["x"]}, {"content": {"a": 1}}, {"content": None}, {}],
)
async def test_odd_contents_end_in_a_revision(message: dict[str, Any]) -> None:
    with serve(answer=completion(message)) as server:
        revision = await revise(server)

    assert revision.value is None
    assert IssueCode.ANSWER_UNPARSABLE in codes(revision)


async def test_a_withheld_answer_is_an_error() -> None:
    with (
        serve(answer=completion({"content": ""}, "content_filter")) as server,
        pytest.raises(IncompleteAnswerError) as caught,
    ):
        await revise(server)

    assert caught.value.finish_reason == "content_filter"
    assert not caught.value.retryable


# --- time, connections, secrets ------------------------------------------------------------------------------------


async def test_a_slow_server_runs_out_of_time() -> None:
    with serve(answer=Answer(RIGHT, first_token_delay=5)) as server, pytest.raises(ServiceTimeoutError) as caught:
        await revise(server, timeout=0.2)

    assert caught.value.seconds == 0.2


async def test_a_broken_connection_is_tried_again() -> None:
    with serve(Answer(ending=Cut())) as server:
        revision = await revise(server, retry=RetryPolicy(attempts=2, base_seconds=0))

    assert revision.value == Receipt(total="12.75")
    assert codes(revision) == [IssueCode.RETRIED]


async def test_no_server_is_a_connection_error() -> None:
    with serve() as server:
        url = server.base_url
    async with OpenAIReviser(url, "qwen", retry=ONCE) as reviser:
        with pytest.raises((ServiceConnectionError, ServerFaultError)):
            await reviser.revise(DOCUMENT, Receipt)


async def test_the_key_is_nowhere_to_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    key = "sk-canary-1234567890"
    caplog.set_level(logging.DEBUG)
    with serve(answer=refusal(401, f"bad key {key}")) as server:
        reviser = OpenAIReviser(server.base_url, "qwen", api_key=SecretStr(key), retry=ONCE)
        with pytest.raises(AuthenticationError) as caught:
            await reviser.revise(DOCUMENT, Receipt)
        await reviser.aclose()

    copy = pickle.loads(pickle.dumps(caught.value))
    assert key not in repr(reviser) + repr(caught.value) + str(copy) + caplog.text
    assert caught.value.__cause__ is None


async def test_a_closed_reviser_refuses_documents() -> None:
    reviser = OpenAIReviser("http://127.0.0.1:9/v1", "qwen")
    await reviser.aclose()

    with pytest.raises(ClosedError):
        await reviser.revise(DOCUMENT, Receipt)


def test_openais_own_server_gets_its_own_parameter() -> None:
    assert OpenAIReviser("https://api.openai.com/v1", "gpt")._habits.token_parameter == "max_completion_tokens"


@pytest.mark.parametrize("url", ["ftp://x/v1", "http://user:pw@host/v1"])
def test_a_senseless_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        OpenAIReviser(url, "qwen")


def test_a_senseless_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="mode"):
        OpenAIReviser("http://x/v1", "qwen", mode="yaml")
