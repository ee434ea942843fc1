"""Every reviser of ours that asks a model, and the doubles, keep the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deepocr_kit.revisers import BedrockReviser, OpenAIReviser, Reviser
from deepocr_kit.testing import (
    Answer,
    BedrockAnswer,
    BedrockServer,
    FailingReviser,
    FunctionReviser,
    ReviserContract,
    ScriptedLlmReviser,
    StaticReviser,
    VllmServer,
)

ANSWERS = json.loads(ReviserContract.wire_answer)


class TestStaticReviser(ReviserContract):
    @pytest.fixture
    def reviser(self) -> Reviser:
        return StaticReviser(ANSWERS)


class TestFunctionReviser(ReviserContract):
    @pytest.fixture
    def reviser(self) -> Reviser:
        return FunctionReviser(lambda document, schema, instructions: ANSWERS)


class TestFailingReviserThatRecovers(ReviserContract):
    @pytest.fixture
    def reviser(self) -> Reviser:
        return FailingReviser((), then=StaticReviser(ANSWERS))


class TestScriptedLlmReviser(ReviserContract):
    @pytest.fixture
    def reviser(self) -> Reviser:
        return ScriptedLlmReviser(self.wire_answer)


class TestOpenAIReviser(ReviserContract):
    @pytest.fixture
    def reviser(self) -> Iterator[Reviser]:
        with VllmServer(Answer(self.wire_answer), model="qwen") as server:
            yield OpenAIReviser(server.base_url, "qwen", api_key="test-key")


@pytest.fixture(scope="module")
def bedrock() -> Iterator[tuple[BedrockServer, Any]]:
    with BedrockServer() as server:
        yield server, server.client()  # building a client is the slow part


class TestBedrockReviserByTool(ReviserContract):
    @pytest.fixture
    def reviser(self, bedrock: tuple[BedrockServer, Any]) -> Reviser:
        bedrock[0].script(BedrockAnswer.tool(ANSWERS))
        return BedrockReviser(client=bedrock[1])


class TestBedrockReviserByPrefill(ReviserContract):
    @pytest.fixture
    def reviser(self, bedrock: tuple[BedrockServer, Any]) -> Reviser:
        bedrock[0].script(BedrockAnswer.text(self.wire_answer + "\n", stop_reason="stop_sequence"))
        return BedrockReviser(client=bedrock[1], mode="prefill")
