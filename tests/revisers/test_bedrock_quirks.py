"""Quirks of Bedrock and Nova that concern cut answers, full contexts, pictures and other models."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from bill_reading import DOCUMENT, ONCE, RIGHT, TEXT, Bill

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import RequestRejectedError
from deepocr_kit.revisers import BedrockReviser, Revision
from deepocr_kit.testing import BedrockAnswer, BedrockServer, build_document, build_page_image

pytestmark = pytest.mark.anyio

LONG = build_document(*[f"Page {page}\n" + "\n".join(["some longer line of words"] * 40) for page in range(12)])


def codes(revision: Revision[Any]) -> set[IssueCode]:
    return {issue.code for issue in revision.issues}


async def test_pictures_stand_before_the_text_for_bedrock() -> None:
    with BedrockServer(BedrockAnswer.tool(RIGHT)) as server:
        reviser = BedrockReviser(client=server.client(), retry=ONCE, send_images=True)
        await reviser.revise_with_images(DOCUMENT, Bill, {0: build_page_image(media_type="image/jpeg")})

    image, text = server.requests[0].body["messages"][0]["content"]
    assert image["image"]["format"] == "jpeg"
    assert image["image"]["source"]["bytes"]
    assert "BEGIN-" in text["text"]


async def test_a_tool_call_that_nova_cut_is_completed() -> None:
    cut = BedrockAnswer.tool({"company": RIGHT["company"]})
    assert cut.body is not None
    first = BedrockAnswer({**cut.body, "stopReason": "max_tokens"})
    with BedrockServer(first, BedrockAnswer.tool({"lines": [], "total": RIGHT["total"]})) as server:
        revision = await BedrockReviser(client=server.client(), retry=ONCE).revise(DOCUMENT, Bill)

    assert revision.value == Bill(company="ACME STORES", total=Decimal("12.75"))
    assert IssueCode.ANSWER_CUT in codes(revision)


@pytest.mark.parametrize(
    "message",
    [
        "Input Tokens Exceeded: Number of input tokens exceeds maximum length.",
        "Input is too long for requested model.",
        "prompt is too long: 9000 tokens > 8192 maximum",
        "This model's maximum context length is 8192 tokens.",
        "Too many input tokens. Max input tokens: 8192",
    ],
)
async def test_bedrocks_words_for_a_full_context_lead_to_smaller_windows(message: str) -> None:
    error = BedrockAnswer.error("ValidationException", message)
    with BedrockServer(error, BedrockAnswer.tool(RIGHT)) as server:
        revision = await BedrockReviser(client=server.client(), retry=ONCE).revise(LONG, Bill)

    assert IssueCode.WINDOW_SPLIT in codes(revision)
    assert len(server.requests) == 3


async def test_thinking_blocks_are_not_the_answer() -> None:
    content = [
        {"reasoningContent": {"reasoningText": {"text": "[REDACTED]"}}},
        {"text": "<thinking>I call the tool.</thinking>"},
        {"toolUse": {"toolUseId": "t", "name": "emit_fields", "input": RIGHT}},
    ]
    body = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2, "cacheReadInputTokens": 5},
    }
    with BedrockServer(BedrockAnswer(body)) as server:
        revision = await BedrockReviser(client=server.client(), retry=ONCE).revise(DOCUMENT, Bill)

    assert revision.value is not None
    assert revision.usage.prompt_tokens == 6


async def test_a_model_without_tools_or_prefill_is_asked_by_the_prompt_alone() -> None:
    with BedrockServer(
        BedrockAnswer.error("ValidationException", "This model doesn't support tool use."),
        BedrockAnswer.error("ValidationException", "This model does not support assistant message prefill."),
        BedrockAnswer.text(TEXT),
    ) as server:
        reviser = BedrockReviser("other.model-v1:0", client=server.client(), retry=ONCE)
        first = await reviser.revise(DOCUMENT, Bill)
        second = await reviser.revise(DOCUMENT, Bill)

    assert first.value == second.value == Bill(company="ACME STORES", total=Decimal("12.75"))
    assert (first.method, second.issues) == ("prompt", ())
    assert codes(first) == {IssueCode.FORMAT_NOT_ENFORCED}
    assert len(server.requests) == 4
    assert [len(request.body["messages"]) for request in server.requests] == [1, 2, 1, 1]


async def test_a_fixed_way_that_bedrock_refuses_is_an_error() -> None:
    with BedrockServer(BedrockAnswer.error("ValidationException", "This model doesn't support tool use.")) as server:
        reviser = BedrockReviser(client=server.client(), retry=ONCE, mode="tool")
        with pytest.raises(RequestRejectedError):
            await reviser.revise(DOCUMENT, Bill)


async def test_nothing_that_nova_refuses_is_sent() -> None:
    with BedrockServer(BedrockAnswer.tool(RIGHT)) as server:
        await BedrockReviser(client=server.client(), retry=ONCE).revise(DOCUMENT, Bill)

    body = server.requests[0].body
    assert set(body) == {"system", "messages", "inferenceConfig", "additionalModelRequestFields", "toolConfig"}
    assert set(body["inferenceConfig"]) == {"maxTokens", "temperature"}
    assert set(body["toolConfig"]["tools"][0]["toolSpec"]) == {"name", "description", "inputSchema"}
    assert {message["role"] for message in body["messages"]} == {"user"}


async def test_a_bearer_token_in_the_environment_is_no_obstacle_for_the_double(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-canary")
    with BedrockServer(BedrockAnswer.tool(RIGHT)) as server:
        revision = await BedrockReviser(client=server.client(), retry=ONCE).revise(DOCUMENT, Bill)
        with pytest.raises(RequestRejectedError) as caught:
            await BedrockReviser(region="us-east-1", endpoint_url=server.address, retry=ONCE).revise(DOCUMENT, Bill)

    assert revision.value is not None
    assert [request.headers["authorization"] for request in server.requests] == ["AWS4-HMAC-SHA256"]
    assert "HTTPS" in str(caught.value)
    assert "canary" not in str(caught.value)
