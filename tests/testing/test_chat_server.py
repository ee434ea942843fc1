"""The double of the servers with OpenAI's API refuses and answers as its profile says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from deepocr_kit.testing import ChatAnswer, ChatServer, HttpFault
from deepocr_kit.testing.chat_profiles import LM_STUDIO, OLLAMA, OPENAI, OPENAI_REASONING, VLLM

LEAF = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


def ask(server: ChatServer, **body: Any) -> tuple[int, Any]:
    data = json.dumps({"model": "m", "messages": [{"role": "user", "content": "x" * 90}], **body}).encode()
    request = urllib.request.Request(f"{server.base_url}/chat/completions", data, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"null")


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}}


def test_answers_come_in_order_and_the_last_one_repeats() -> None:
    with ChatServer(ChatAnswer("a"), ChatAnswer("b", delay=0.01)) as server:
        texts = [ask(server)[1]["choices"][0]["message"]["content"] for _ in range(3)]

    assert texts == ["a", "b", "b"]
    assert len(server.requests) == 3


def test_a_new_script_forgets_the_old_requests() -> None:
    with ChatServer(ChatAnswer("a")) as server:
        ask(server)
        server.script(HttpFault(503, "busy", content_type="text/plain"))
        with pytest.raises(json.JSONDecodeError):
            ask(server)

    assert len(server.requests) == 1


def test_an_empty_script_is_an_error() -> None:
    with ChatServer() as server:
        assert ask(server)[0] == 400


def test_thinking_goes_into_the_profiles_field() -> None:
    with ChatServer(ChatAnswer("a", reasoning="hm", refusal="no"), profile=VLLM) as server:
        message = ask(server)[1]["choices"][0]["message"]

    assert message == {"role": "assistant", "content": "a", "reasoning": "hm", "refusal": "no"}


def test_lm_studio_refuses_a_json_object() -> None:
    with ChatServer(ChatAnswer("a"), profile=LM_STUDIO) as server:
        status, body = ask(server, response_format={"type": "json_object"})

    assert (status, body) == (400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})


@pytest.mark.parametrize("name", ["max_tokens", "temperature"])
def test_reasoning_models_refuse_parameters(name: str) -> None:
    with ChatServer(ChatAnswer("a"), profile=OPENAI_REASONING) as server:
        status, body = ask(server, **{name: 0})

    assert status == 400
    assert body["error"]["param"] == name


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (LEAF, "additionalProperties"),
        ({**LEAF, "additionalProperties": False, "required": []}, "required"),
        ({"type": "object", "additionalProperties": False, "required": ["a"], "properties": {"a": LEAF}}, "additional"),
        ({"type": "array", "items": LEAF}, "additionalProperties"),
    ],
)
def test_openai_refuses_a_schema_that_is_not_strict(schema: dict[str, Any], problem: str) -> None:
    with ChatServer(ChatAnswer("a"), profile=OPENAI) as server:
        status, body = ask(server, response_format=strict(schema))

    assert status == 400
    assert problem in body["error"]["message"]


def test_ollama_cuts_a_long_prompt_without_a_word() -> None:
    with ChatServer(ChatAnswer("a"), profile=OLLAMA, context=10) as server:
        status, body = ask(server)

    assert status == 200
    assert body["usage"]["prompt_tokens"] == 10


def test_others_refuse_a_long_prompt() -> None:
    with ChatServer(ChatAnswer("a"), profile=OPENAI, context=10) as server:
        status, body = ask(server)

    assert status == 400
    assert body["error"]["code"] == "context_length_exceeded"


def test_a_client_that_leaves_early_does_no_harm() -> None:
    with ChatServer(ChatAnswer("late", delay=1.0)) as server:
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{server.base_url}/x", b"{}", timeout=0.05)

        server.script(ChatAnswer("a"))
        assert ask(server)[0] == 200
