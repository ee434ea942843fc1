"""The Bedrock reviser against a loopback server, with botocore's own validation on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)
from pydantic import BaseModel

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import (
    AuthenticationError,
    ClosedError,
    ContextLengthError,
    MalformedAnswerError,
    ModelNotFoundError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceConnectionError,
    ServiceError,
    ServiceTimeoutError,
)
from deepocr_kit.revisers import BedrockReviser, RetryPolicy, Revision
from deepocr_kit.testing import BedrockAnswer, BedrockServer, build_document

pytestmark = pytest.mark.anyio

DOCUMENT = build_document("ACME STORES\nTotal 12.75\nTea 4.50")
FIELDS = {"total": {"text": "12.75", "src": ["p1r2"]}}
RIGHT = BedrockAnswer.tool(FIELDS)
ONCE = RetryPolicy(attempts=1)


class Receipt(BaseModel):
    total: str


class Bill(BaseModel):
    """Nested, so that the schema would have definitions if it were pydantic's."""

    class Line(BaseModel):
        name: str
        amount: str

    seller: str
    lines: list[Line] = []


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[BedrockServer, Any]]:
    with BedrockServer() as server:
        yield server, server.client()  # building a client is the slow part


@pytest.fixture
def bedrock(shared: tuple[BedrockServer, Any]) -> Bedrock:
    return Bedrock(*shared)


@dataclass
class Bedrock:
    """One server and one client for all tests; each test has its own script."""

    server: BedrockServer
    client: Any

    async def revise(self, *answers: BedrockAnswer, schema: type[BaseModel] = Receipt, **options: Any) -> Revision[Any]:
        self.server.script(*answers)
        reviser = BedrockReviser(client=self.client, **{"retry": ONCE, **options})
        return await reviser.revise(DOCUMENT, schema)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [request.body for request in self.server.requests]


def codes(revision: Revision[Any]) -> list[IssueCode]:
    return [issue.code for issue in revision.issues]


# --- the request ---------------------------------------------------------------------------------------------------


async def test_a_forced_tool_call_is_asked_for(bedrock: Bedrock) -> None:
    revision = await bedrock.revise(RIGHT)

    (request,) = bedrock.server.requests
    (tool,) = request.body["toolConfig"]["tools"]
    assert request.model == "us.amazon.nova-2-lite-v1:0"
    assert tool["toolSpec"]["name"] == "emit_fields"
    assert request.body["toolConfig"]["toolChoice"] == {"tool": {"name": "emit_fields"}}
    assert revision.value == Receipt(total="12.75")
    assert (revision.method, revision.model) == ("tool", "us.amazon.nova-2-lite-v1:0")


async def test_the_request_is_greedy_and_reserves_few_tokens(bedrock: Bedrock) -> None:
    await bedrock.revise(RIGHT)

    body = bedrock.bodies[0]
    assert body["inferenceConfig"]["temperature"] == 0
    assert 1 <= body["inferenceConfig"]["maxTokens"] <= 2048
    assert body["additionalModelRequestFields"] == {"inferenceConfig": {"topK": 1}}


async def test_the_tools_schema_keeps_to_novas_rules(bedrock: Bedrock) -> None:
    await bedrock.revise(BedrockAnswer.tool({"seller": {"text": "ACME", "src": []}}), schema=Bill)

    schema = bedrock.bodies[0]["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
    assert set(schema) == {"type", "properties", "required"}
    text = json.dumps(schema)
    assert not any(f'"{key}"' in text for key in ("$defs", "$ref", "anyOf", "title", "additionalProperties", "format"))


async def test_another_family_gets_no_top_k(bedrock: Bedrock) -> None:
    await bedrock.revise(RIGHT, model="us.anthropic.claude-x")

    assert "additionalModelRequestFields" not in bedrock.bodies[0]


async def test_the_family_can_be_said_when_the_id_hides_it(bedrock: Bedrock) -> None:
    await bedrock.revise(RIGHT, model="arn:aws:bedrock:us-east-1:1:application-inference-profile/x", family="nova")

    assert "additionalModelRequestFields" in bedrock.bodies[0]


async def test_no_credential_is_recorded(bedrock: Bedrock) -> None:
    await bedrock.revise(RIGHT)

    assert bedrock.server.requests[0].headers["authorization"] == "AWS4-HMAC-SHA256"


# --- answers -------------------------------------------------------------------------------------------------------


async def test_text_before_the_call_is_not_the_answer(bedrock: Bedrock) -> None:
    revision = await bedrock.revise(BedrockAnswer.tool(FIELDS, before='<thinking>{"total": "1.00"}</thinking>'))

    assert revision.value == Receipt(total="12.75")


async def test_a_text_answer_is_read_too(bedrock: Bedrock) -> None:
    revision = await bedrock.revise(BedrockAnswer.text(json.dumps(FIELDS)))

    assert revision.value == Receipt(total="12.75")


async def test_a_call_of_another_tool_is_no_answer(bedrock: Bedrock) -> None:
    revision = await bedrock.revise(BedrockAnswer.tool(FIELDS, name="other"), RIGHT)

    assert revision.value == Receipt(total="12.75")
    assert codes(revision) == [IssueCode.ANSWER_UNPARSABLE]


@pytest.mark.parametrize(
    "bad", [BedrockAnswer.malformed_tool_use(), BedrockAnswer.error("ModelErrorException", "invalid sequence")]
)
async def test_a_spoilt_tool_call_is_asked_for_once_more(bedrock: Bedrock, bad: BedrockAnswer) -> None:
    revision = await bedrock.revise(bad, RIGHT)

    assert [("toolConfig" in request.body) for request in bedrock.server.requests] == [True, True]
    assert revision.value == Receipt(total="12.75")
    assert revision.usage.requests == 2
    assert len(revision.exchanges) == 2


@pytest.mark.parametrize(
    "bad", [BedrockAnswer.malformed_tool_use(), BedrockAnswer.error("ModelErrorException", "invalid sequence")]
)
async def test_two_spoilt_calls_lead_to_a_prefilled_answer(bedrock: Bedrock, bad: BedrockAnswer) -> None:
    good = BedrockAnswer.text("\n" + json.dumps(FIELDS) + "\n", stop_reason="stop_sequence")
    revision = await bedrock.revise(bad, bad, good)

    last = bedrock.bodies[2]
    assert "toolConfig" not in last
    assert last["messages"][-1] == {"role": "assistant", "content": [{"text": "```json"}]}
    assert last["inferenceConfig"]["stopSequences"] == ["```"]
    assert revision.value == Receipt(total="12.75")
    assert revision.method == "prefill"
    assert revision.usage.requests == 3


async def test_the_private_xml_of_a_spoilt_call_is_never_read(bedrock: Bedrock) -> None:
    with pytest.raises(MalformedAnswerError):
        await bedrock.revise(BedrockAnswer.malformed_tool_use())

    assert len(bedrock.server.requests) == 3


async def test_a_mode_is_kept_to(bedrock: Bedrock) -> None:
    with pytest.raises(MalformedAnswerError):
        await bedrock.revise(BedrockAnswer.malformed_tool_use(), mode="tool")
    assert ["toolConfig" in body for body in bedrock.bodies] == [True, True]

    await bedrock.revise(BedrockAnswer.text(json.dumps(FIELDS)), mode="prefill")
    assert ["toolConfig" in body for body in bedrock.bodies] == [False]


async def test_an_answer_cut_at_its_limit_gets_a_higher_one(bedrock: Bedrock) -> None:
    await bedrock.revise(BedrockAnswer.text('{"total": {"te', stop_reason="max_tokens"), RIGHT)

    first, second = (request.body["inferenceConfig"]["maxTokens"] for request in bedrock.server.requests)
    assert second == 2 * first


@pytest.mark.parametrize(
    "content", [[], [{"text": ""}], [{"reasoningContent": {"reasoningText": {"text": "hm"}}}], [{"image": {}}]]
)
async def test_an_empty_answer_ends_in_a_revision(bedrock: Bedrock, content: list[Any]) -> None:
    body = {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": "end_turn"}

    revision = await bedrock.revise(BedrockAnswer(body))

    assert revision.value is None
    assert IssueCode.ANSWER_UNPARSABLE in codes(revision)


# --- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error", "retryable"),
    [
        (BedrockAnswer.error("ThrottlingException"), OverloadedError, True),
        (BedrockAnswer.error("throttlingException"), OverloadedError, True),
        (BedrockAnswer.error("ModelNotReadyException"), OverloadedError, True),
        (BedrockAnswer.error("ServiceUnavailableException"), OverloadedError, True),
        (BedrockAnswer.error("InternalServerException"), ServerFaultError, True),
        (BedrockAnswer.error("ModelTimeoutException"), ServerFaultError, True),
        (BedrockAnswer.error("ModelErrorException"), ServerFaultError, False),
        (BedrockAnswer.error("ServiceQuotaExceededException"), OverloadedError, False),
        (BedrockAnswer.error("ValidationException"), RequestRejectedError, False),
        (BedrockAnswer.error("AccessDeniedException"), AuthenticationError, False),
        (BedrockAnswer.error("UnrecognizedClientException", status=403), AuthenticationError, False),
        (BedrockAnswer.error("SomethingNew", status=403), AuthenticationError, False),
        (BedrockAnswer.error("SomethingNew", status=500), ServerFaultError, True),
        (BedrockAnswer.error("SomethingNew", status=400), RequestRejectedError, False),
        (BedrockAnswer.error("ResourceNotFoundException"), ModelNotFoundError, False),
        (BedrockAnswer.context_overflow(), ContextLengthError, False),
        (BedrockAnswer.guardrail(), RequestRejectedError, False),
        (BedrockAnswer.text("", stop_reason="content_filtered"), RequestRejectedError, False),
        (BedrockAnswer.text("", stop_reason="model_context_window_exceeded"), ContextLengthError, False),
        (BedrockAnswer.dropped(), ServiceConnectionError, True),
        (BedrockAnswer(raw=b"<html>"), MalformedAnswerError, False),
        (BedrockAnswer(raw=b"{"), MalformedAnswerError, False),
        (BedrockAnswer(raw=b'{"output": 5}'), MalformedAnswerError, False),
        (BedrockAnswer({}), MalformedAnswerError, False),
        (BedrockAnswer({"output": {}}), MalformedAnswerError, False),
    ],
)
async def test_every_failure_is_one_typed_error(
    bedrock: Bedrock, answer: BedrockAnswer, error: type[ServiceError], retryable: bool
) -> None:
    with pytest.raises(error) as caught:
        await bedrock.revise(answer)

    assert type(caught.value) is error
    assert caught.value.retryable is retryable
    assert caught.value.service == "bedrock"
    assert caught.value.__cause__ is None


async def test_facts_of_an_error_are_kept(bedrock: Bedrock) -> None:
    with pytest.raises(AuthenticationError) as caught:
        await bedrock.revise(BedrockAnswer.error("AccessDeniedException", "no access to the model"))

    assert (caught.value.code, caught.value.status) == ("AccessDeniedException", 403)
    assert caught.value.request_id
    assert "Ask for access" in str(caught.value)


async def test_botocore_never_sends_twice(bedrock: Bedrock) -> None:
    with pytest.raises(OverloadedError):
        await bedrock.revise(BedrockAnswer.error("ThrottlingException"))

    assert len(bedrock.server.requests) == 1


async def test_our_own_retry_sends_again(bedrock: Bedrock) -> None:
    revision = await bedrock.revise(
        BedrockAnswer.error("ThrottlingException"), RIGHT, retry=RetryPolicy(attempts=2, base_seconds=0)
    )

    assert revision.value == Receipt(total="12.75")
    assert codes(revision) == [IssueCode.RETRIED]


async def test_a_slow_answer_is_not_asked_for_again(bedrock: Bedrock) -> None:
    hasty = Bedrock(bedrock.server, bedrock.server.client(read_timeout=0.2))

    with pytest.raises(ServiceTimeoutError) as caught:
        await hasty.revise(BedrockAnswer.slow(5), retry=RetryPolicy(attempts=3, base_seconds=0))

    assert caught.value.clock == "total"
    assert not caught.value.retryable
    assert len(hasty.bodies) == 1


# --- building the client -------------------------------------------------------------------------------------------


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("bare_environment")
async def test_no_region_says_what_to_do() -> None:
    with pytest.raises(AuthenticationError, match="region"):
        await BedrockReviser(retry=ONCE).revise(DOCUMENT, Receipt)


@pytest.mark.usefixtures("bare_environment")
async def test_no_credentials_say_what_to_do() -> None:
    with BedrockServer(RIGHT) as server:
        async with BedrockReviser(region="us-east-1", endpoint_url=server.address, retry=ONCE) as reviser:
            with pytest.raises(AuthenticationError, match="credentials"):
                await reviser.revise(DOCUMENT, Receipt)

    assert server.requests == []


@pytest.mark.usefixtures("bare_environment")
async def test_an_answer_that_comes_byte_by_byte_runs_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    clocks = {"connect_timeout": 0.2, "read_timeout": 0.3}
    with BedrockServer(BedrockAnswer.trickling(0.05)) as server:
        async with BedrockReviser(region="us-east-1", endpoint_url=server.address, retry=ONCE, **clocks) as reviser:
            with pytest.raises(ServiceTimeoutError) as caught:
                await reviser.revise(DOCUMENT, Receipt)

    assert caught.value.clock == "total"
    assert caught.value.seconds == 0.5


@pytest.mark.usefixtures("bare_environment")
async def test_the_client_is_built_once_with_one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with BedrockServer(RIGHT, BedrockAnswer.error("ThrottlingException")) as server:
        async with BedrockReviser(region="us-east-1", endpoint_url=server.address, retry=ONCE) as reviser:
            first = await reviser.revise(DOCUMENT, Receipt)
            with pytest.raises(OverloadedError):
                await reviser.revise(DOCUMENT, Receipt)

    assert first.value == Receipt(total="12.75")
    assert len(server.requests) == 2


@pytest.mark.usefixtures("bare_environment")
async def test_a_senseless_endpoint_is_a_typed_error() -> None:
    with pytest.raises(RequestRejectedError):
        await BedrockReviser(region="us-east-1", endpoint_url="nonsense", retry=ONCE).revise(DOCUMENT, Receipt)


@pytest.mark.parametrize(
    ("raised", "error", "retryable"),
    [
        (NoRegionError(), AuthenticationError, False),
        (NoCredentialsError(), AuthenticationError, False),
        (ConnectTimeoutError(endpoint_url="x"), ServiceTimeoutError, True),
        (ReadTimeoutError(endpoint_url="x"), ServiceTimeoutError, False),
        (EndpointConnectionError(endpoint_url="x"), ServiceConnectionError, True),
        (SSLError(endpoint_url="x", error="certificate"), ServiceConnectionError, False),
        (HTTPClientError(error="broken"), ServiceConnectionError, True),
        (ParamValidationError(report="wrong"), RequestRejectedError, False),
    ],
)
async def test_errors_of_botocore_itself_are_typed(
    raised: Exception, error: type[ServiceError], retryable: bool
) -> None:
    class Client:
        def converse(self, **request: Any) -> dict[str, Any]:
            raise raised

    with pytest.raises(error) as caught:
        await BedrockReviser(client=Client(), retry=ONCE).revise(DOCUMENT, Receipt)

    assert caught.value.retryable is retryable


async def test_a_closed_reviser_refuses_documents_and_leaves_a_foreign_client_open() -> None:
    with BedrockServer(RIGHT) as server:
        client = server.client()
        reviser = BedrockReviser(client=client)
        await reviser.aclose()
        with pytest.raises(ClosedError):
            await reviser.revise(DOCUMENT, Receipt)

        assert client.converse(modelId="x", messages=[{"role": "user", "content": [{"text": "x"}]}])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "yaml"}, "mode"),
        ({"concurrency": 0}, "concurrency"),
        ({"model": ""}, "model"),
        ({"family": "claude"}, "family"),
        ({"connect_timeout": -1}, "timeouts"),
        ({"read_timeout": float("nan")}, "timeouts"),
        ({"client": 5}, "client"),
    ],
)
def test_senseless_arguments_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        BedrockReviser(**options)


# --- the server itself ---------------------------------------------------------------------------------------------


def test_the_server_refuses_what_is_not_converse() -> None:
    with BedrockServer() as server:
        with pytest.raises(Exception, match="UnknownOperation"):
            server.client().invoke_model(modelId="x", body=b"{}")
        with pytest.raises(Exception, match="script of this server is empty"):
            server.client().converse(modelId="x", messages=[{"role": "user", "content": [{"text": "x"}]}])
