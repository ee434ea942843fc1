"""Answers that are written to do harm, each against a real loopback server."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import pytest
from bill_reading import DOCUMENT, ONCE, RIGHT, TEXT, Bill

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import (
    MalformedAnswerError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceConnectionError,
    ServiceTimeoutError,
)
from deepocr_kit.revisers import (
    BedrockReviser,
    FallbackReviser,
    OpenAIReviser,
    RetryPolicy,
    Revision,
    RulesReviser,
)
from deepocr_kit.testing import BedrockAnswer, BedrockServer, ChatAnswer, ChatServer, HttpFault
from deepocr_kit.testing.chat_profiles import LLAMA_CPP, OPENAI, ChatProfile

pytestmark = pytest.mark.anyio

KEY = "sk-canary-1234567890"


def completion(content: Any, finish: Any = "stop", **members: Any) -> HttpFault:
    message = {"role": "assistant", "content": content}
    body = {"model": "m", "choices": [{"message": message, "finish_reason": finish}], **members}
    return HttpFault(200, json.dumps(body).encode())


async def revise(*replies: Any, **options: Any) -> Revision[Bill]:
    with ChatServer(*replies) as server:
        return await ask(server, **options)


async def ask(server: ChatServer, **options: Any) -> Revision[Bill]:
    async with OpenAIReviser(server.base_url, "m", **{"api_key": KEY, "retry": ONCE, **options}) as reviser:
        return await reviser.revise(DOCUMENT, Bill)


async def converse(*answers: BedrockAnswer, read_timeout: float = 5.0, **options: Any) -> Revision[Bill]:
    with BedrockServer(*answers) as server:
        reviser = BedrockReviser(client=server.client(read_timeout=read_timeout), retry=ONCE, **options)
        return await reviser.revise(DOCUMENT, Bill)


def codes(revision: Revision[Any]) -> list[IssueCode]:
    return [issue.code for issue in revision.issues]


# --- size ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        HttpFault(200, b"[" * 20_000_000),
        completion("x" * 20_000_000),
        completion(TEXT, junk="y" * 20_000_000),
        HttpFault(200, gzip.compress(b" " * 60_000_000), headers={"content-encoding": "gzip"}),
    ],
    ids=["brackets", "content", "another member", "a gzip bomb"],
)
async def test_an_answer_without_measure_is_not_read_to_its_end(reply: HttpFault) -> None:
    with pytest.raises(MalformedAnswerError, match="longer than"):
        await revise(reply)


async def test_an_error_without_measure_is_read_as_far_as_people_would() -> None:
    with pytest.raises(RequestRejectedError) as caught:
        await revise(HttpFault(400, {"error": {"message": "z" * 1_000_000}}))

    assert len(str(caught.value)) < 1000


async def test_a_name_of_a_model_without_measure_is_cut() -> None:
    revision = await revise(completion(TEXT, model="m" * 1_000_000))

    assert len(revision.model) == 200


# --- shape ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (HttpFault(200, "<html>login</html>", content_type="text/html"), "not JSON"),
        (HttpFault(200, 'data: {"choices": []}\n\ndata: [DONE]\n\n', content_type="text/event-stream"), "not JSON"),
        (HttpFault(200, ""), "not JSON"),
        (HttpFault(200, b"\0" * 100), "not JSON"),
        (HttpFault(200, '{"choices":' * 100_000), "not JSON"),
        (HttpFault(200, '{"usage": {"prompt_tokens": ' + "9" * 100_000 + "}}"), "not JSON"),
        (HttpFault(200, "[1]"), "not a JSON object"),
        (HttpFault(200, '{"choices": []}'), "no choices"),
    ],
)
async def test_what_is_no_answer_says_so(reply: HttpFault, words: str) -> None:
    with pytest.raises(MalformedAnswerError, match=words):
        await revise(reply)


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        [{"type": "text", "text": TEXT[:30]}, {"type": "text", "text": TEXT[30:]}],
        [{"type": "thinking", "thinking": [{"text": "hm"}]}, {"type": "text", "text": TEXT}, "x", None],
        TEXT.replace("12.75", "12.75\\u0000").replace("ACME", "\\u202eAC\\u0007ME"),
        '{"total": {"text": "9.99", "src": []}} ' + TEXT,
    ],
    ids=["plain", "in parts", "in parts with thoughts", "with controls", "after another object"],
)
async def test_a_right_answer_in_an_odd_dress_is_read(content: Any) -> None:
    revision = await revise(completion(content, usage={"prompt_tokens": -5, "completion_tokens": 1.5}))

    assert revision.value == Bill(company="ACME STORES", total=Decimal("12.75"))
    assert (revision.usage.prompt_tokens, revision.usage.completion_tokens) == (0, 0)


@pytest.mark.parametrize(
    "text", ['{"text": NaN, "src": []}', '{"text": -Infinity}', '{"text": ' + "9" * 100_000 + "}", '"1e999999999"']
)
async def test_no_number_is_too_odd(text: str) -> None:
    revision = await revise(completion(f'{{"company": {{"text": "ACME STORES", "src": []}}, "total": {text}}}'))

    assert revision.value == Bill(company="ACME STORES")


async def test_half_characters_of_a_server_can_be_written_again() -> None:
    body = json.dumps({"company": {"text": "\ud800", "src": ["\udfff"]}, "total": RIGHT["total"]})

    revision = await revise(completion(body, finish="\ud801", model="\ud802"))

    assert revision.model == "\ufffd"
    assert Revision[Bill].model_validate_json(revision.model_dump_json()).fields.keys() == revision.fields.keys()


async def test_calls_of_tools_that_nobody_offered_are_not_followed() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "run", "arguments": TEXT}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    body = {"choices": [{"message": message, "finish_reason": "tool_calls"}]}

    revision = await revise(HttpFault(200, body))

    assert IssueCode.ANSWER_UNPARSABLE in codes(revision)
    assert all(evidence.value is None for evidence in revision.fields.values())


async def test_a_filter_in_the_middle_of_an_answer_is_told() -> None:
    revision = await revise(completion(TEXT[:-20], "content_filter"), completion(TEXT), max_reasks=0)

    assert "content_filter" in next(issue.message for issue in revision.issues if issue.code is IssueCode.ANSWER_CUT)


# --- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": f"busy, key {KEY}", "code": 429}, OverloadedError),
        ({"message": f"down, key {KEY}", "code": "503"}, OverloadedError),
        ({"message": f"wrong, key {KEY}", "code": 400}, RequestRejectedError),
        (f"broken, key {KEY}", ServerFaultError),
    ],
)
async def test_an_error_in_an_answer_of_status_200_is_the_error_that_it_tells_of(error: Any, kind: type) -> None:
    with pytest.raises(kind) as caught:
        await revise(HttpFault(200, {"error": error}))

    assert KEY not in str(caught.value)
    assert caught.value.__context__ is None


async def test_a_gateway_that_refuses_a_form_with_status_200_gets_a_looser_one() -> None:
    refusal = HttpFault(200, {"error": {"message": "response_format is not supported", "code": 400}})

    revision = await revise(refusal, ChatAnswer(TEXT))

    assert revision.method == "json_schema"


async def test_a_refusal_that_repeats_the_key_is_cleaned() -> None:
    with pytest.raises(RequestRejectedError) as caught:
        await revise(ChatAnswer(None, refusal=f"I must not, {KEY}"))

    assert "I must not" in str(caught.value)
    assert KEY not in str(caught.value)


async def test_redirections_without_end_are_one_error() -> None:
    with pytest.raises(ServiceConnectionError):
        await revise(HttpFault(307, "", headers={"location": "/v1/chat/completions"}))


@pytest.mark.parametrize("header", ["0", "-5", "nan", "1e308", "x"])
async def test_a_storm_of_refusals_ends_after_the_tries(header: str) -> None:
    policy = RetryPolicy(attempts=3, base_seconds=0.01, max_seconds=0.02)
    with ChatServer(HttpFault(429, "", headers={"retry-after": header})) as server:
        with pytest.raises(OverloadedError):
            await ask(server, retry=policy)

        assert len(server.requests) == 3


async def test_a_server_that_speaks_no_tls_is_one_error_that_is_not_tried_again() -> None:
    with ChatServer(ChatAnswer(TEXT)) as server:
        url = server.base_url.replace("http://", "https://")
        async with OpenAIReviser(url, "m", api_key=KEY, retry=RetryPolicy(attempts=3, base_seconds=5)) as reviser:
            with pytest.raises(ServiceConnectionError) as caught:
                await reviser.revise(DOCUMENT, Bill)

    assert not caught.value.retryable


# --- accounts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replies", "profile"),
    [((ChatAnswer(TEXT),), LLAMA_CPP), ((HttpFault(503, ""), ChatAnswer(TEXT)), OPENAI)],
    ids=["a refused form", "a busy server"],
)
async def test_every_request_counts_also_those_without_an_answer(replies: Any, profile: ChatProfile) -> None:
    with ChatServer(*replies, profile=profile) as server:
        revision = await ask(server, retry=RetryPolicy(attempts=3, base_seconds=0.01))

    assert len(server.requests) == revision.usage.requests == 2


@pytest.mark.parametrize("extra", [{"x": object()}, {"x": float("nan")}, {"x": {1, 2}}])
def test_further_parameters_that_json_cannot_write_are_refused_at_once(extra: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="extra_body"):
        OpenAIReviser("http://127.0.0.1:9/v1", "m", extra_body=extra)


@pytest.mark.parametrize(
    "options",
    [
        {"model": ""},
        {"timeout": 0},
        {"timeout": float("nan")},
        {"token_budget": -1},
        {"headers": {"x": 5}},
        {"headers": {"x": "a\nb"}},
        {"headers": {"x": "日本"}},
    ],
)
def test_options_that_can_only_fail_later_are_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options)).removesuffix("s")):
        OpenAIReviser("http://127.0.0.1:9/v1", **{"model": "m", **options})


@pytest.mark.parametrize(
    "options",
    [
        {"base_seconds": float("nan")},
        {"max_seconds": float("inf")},
        {"attempts": 0},
    ],
)
def test_pauses_have_an_end(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="retry policy"):
        RetryPolicy(**options)


def test_only_revisers_are_combined() -> None:
    with pytest.raises(TypeError, match="revisers are combined, got 5"):
        FallbackReviser(RulesReviser(), 5)  # type: ignore[arg-type]  # the point of the test


# --- Bedrock -------------------------------------------------------------------------------------------------------


def content(*blocks: Any, stop: str = "tool_use", usage: Any = None) -> BedrockAnswer:
    message = {"role": "assistant", "content": list(blocks)}
    return BedrockAnswer({"output": {"message": message}, "stopReason": stop, "usage": usage})


def call(fields: Any, name: str = "emit_fields") -> dict[str, Any]:
    return {"toolUse": {"toolUseId": "x", "name": name, "input": fields}}


async def test_of_two_tool_calls_the_last_one_counts() -> None:
    planted = {**RIGHT, "company": {"text": "EVIL LTD", "src": []}}

    revision = await converse(content(call(planted), call(RIGHT)))

    assert revision.value == Bill(company="ACME STORES", total=Decimal("12.75"))


async def test_a_call_of_a_tool_that_nobody_offered_is_no_answer() -> None:
    revision = await converse(content(call(RIGHT, "run")))

    assert revision.value is None
    assert IssueCode.ANSWER_UNPARSABLE in codes(revision)


@pytest.mark.parametrize(
    "message",
    [
        "Malformed input request: #/toolConfig/tools/0/toolSpec/inputSchema/json: extraneous key [$defs]"
        " is not permitted, please reformat your input and try again.",
        "tools.0.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
    ],
)
async def test_a_schema_that_a_models_tools_do_not_take_is_asked_for_without_a_tool(message: str) -> None:
    revision = await converse(BedrockAnswer.error("ValidationException", message), BedrockAnswer.text(TEXT))

    assert revision.value is not None
    assert revision.method == "prefill"
    assert codes(revision) == [IssueCode.FORMAT_NOT_ENFORCED]


@pytest.mark.parametrize("usage", [None, {}, {"inputTokens": -1, "outputTokens": 1 << 50}])
async def test_senseless_counts_of_bedrock_are_none(usage: Any) -> None:
    revision = await converse(content(call(RIGHT), usage=usage))

    assert revision.value is not None
    assert (revision.usage.prompt_tokens, revision.usage.completion_tokens) == (0, 0)


async def test_counts_that_botocore_cannot_read_are_the_answers_fault() -> None:
    with pytest.raises(MalformedAnswerError):
        await converse(content(call(RIGHT), usage={"inputTokens": "x"}))


async def test_the_clock_of_a_client_of_ones_own_is_the_one_that_is_told() -> None:
    with pytest.raises(ServiceTimeoutError) as caught:
        await converse(BedrockAnswer.slow(3), read_timeout=0.3)

    assert caught.value.seconds == 0.3
