"""Every known quirk of the servers, against a double of its shape; ``docs/reference/llm-servers.md`` lists them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bill_reading import DOCUMENT, ONCE, RIGHT, TEXT, Bill

from deepocr_kit.documents import Document, IssueCode
from deepocr_kit.errors import ContextLengthError, IncompleteAnswerError, RequestRejectedError
from deepocr_kit.revisers import OpenAIReviser, Revision
from deepocr_kit.testing import (
    ChatAnswer,
    ChatServer,
    HttpFault,
    build_document,
    build_page_image,
)
from deepocr_kit.testing.chat_profiles import (
    LLAMA_CPP,
    LM_STUDIO,
    OLLAMA,
    OPENAI,
    OPENAI_REASONING,
    SGLANG,
    VLLM,
    VLLM_0_11,
    VLLM_XGRAMMAR,
    ChatProfile,
)

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "llm-servers.md"
LONG = build_document(*[f"Page {page}\n" + "\n".join(["some longer line of words"] * 40) for page in range(12)])
EVERY = [VLLM, VLLM_0_11, VLLM_XGRAMMAR, OLLAMA, LM_STUDIO, LLAMA_CPP, SGLANG, OPENAI, OPENAI_REASONING]


def name_of(profile: ChatProfile) -> str:
    return profile.name


async def revise(server: ChatServer, document: Document = DOCUMENT, **options: Any) -> Revision[Bill]:
    async with OpenAIReviser(server.base_url, "m", **{"api_key": "test", "retry": ONCE, **options}) as reviser:
        return await reviser.revise(document, Bill)


def forms(server: ChatServer) -> list[str]:
    found = [request.body.get("response_format") or {"type": "prompt"} for request in server.requests]
    return [
        "strict" if form["type"] == "json_schema" and form["json_schema"].get("strict") else form["type"]
        for form in found
    ]


def codes(revision: Revision[Any]) -> set[IssueCode]:
    return {issue.code for issue in revision.issues}


# --- every server --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", EVERY, ids=name_of)
async def test_every_server_fills_the_schema(profile: ChatProfile) -> None:
    with ChatServer(ChatAnswer(TEXT), profile=profile) as server:
        revision = await revise(server)

    assert revision.value == Bill(company="ACME STORES", total=Decimal("12.75"))


@pytest.mark.parametrize("profile", EVERY, ids=name_of)
async def test_the_schema_stands_in_the_prompt_and_is_portable(profile: ChatProfile) -> None:
    with ChatServer(ChatAnswer(TEXT), profile=profile) as server:
        await revise(server)

    user = server.requests[-1].body["messages"][1]["content"]
    schema = json.loads(user.rpartition("\n")[2])
    assert set(schema) == {"type", "properties", "required"}
    assert not re.search(r'"(\$ref|\$defs|anyOf|format|pattern|minimum|minItems|default)"', json.dumps(schema))


@pytest.mark.parametrize("profile", EVERY, ids=name_of)
async def test_a_thinking_models_answer_is_found_wherever_it_stands(profile: ChatProfile) -> None:
    for answer in (
        ChatAnswer(TEXT, reasoning="The total is 12.75."),
        ChatAnswer(None, reasoning=TEXT),
        ChatAnswer(f"<think>maybe {{}}</think>\n{TEXT}"),
        ChatAnswer(f'maybe {{"total": 1}}</think>{TEXT}'),
    ):
        with ChatServer(answer, profile=profile) as server:
            revision = await revise(server)
        assert revision.fields["total"].value == Decimal("12.75")


@pytest.mark.parametrize("profile", [VLLM, LM_STUDIO, LLAMA_CPP, SGLANG, OPENAI], ids=name_of)
async def test_a_prompt_that_does_not_fit_goes_in_smaller_windows(profile: ChatProfile) -> None:
    with ChatServer(ChatAnswer(TEXT), profile=profile, context=6000) as server:
        revision = await revise(server, LONG)

    assert IssueCode.WINDOW_SPLIT in codes(revision)
    assert revision.value is not None


@pytest.mark.parametrize("profile", [VLLM, LM_STUDIO, LLAMA_CPP, SGLANG, OPENAI], ids=name_of)
async def test_a_context_that_is_too_small_for_anything_is_one_typed_error(profile: ChatProfile) -> None:
    with ChatServer(ChatAnswer(TEXT), profile=profile, context=10) as server, pytest.raises(ContextLengthError):
        await revise(server)

    assert len(server.requests) < 20


# --- vLLM ----------------------------------------------------------------------------------------------------------


async def test_vllm_is_asked_by_response_format_and_not_by_guided_json() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=VLLM) as server:
        await revise(server)

    assert forms(server) == ["strict"]
    assert not {"guided_json", "structured_outputs"} & set(server.requests[0].body)


async def test_a_grammar_that_vllm_cannot_build_is_done_without() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=VLLM_XGRAMMAR) as server:
        revision = await revise(server)

    assert forms(server) == ["strict", "json_schema", "json_object"]
    assert revision.method == "json_object"


async def test_thinking_can_be_switched_off_on_vllm_and_sglang() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=SGLANG) as server:
        await revise(server, extra_body={"chat_template_kwargs": {"enable_thinking": False}})

    assert server.requests[0].body["chat_template_kwargs"] == {"enable_thinking": False}


async def test_endless_whitespace_inside_the_grammar_costs_one_bounded_answer() -> None:
    first = ChatAnswer(TEXT[: TEXT.index('"lines"')] + " \n" * 3000, finish_reason="length")
    rest = ChatAnswer(json.dumps({"lines": [], "total": RIGHT["total"]}))
    with ChatServer(first, rest, profile=VLLM) as server:
        revision = await revise(server)

    assert all(request.body["max_tokens"] <= 8192 for request in server.requests)
    assert revision.value is not None
    assert IssueCode.ANSWER_CUT in codes(revision)


async def test_a_thought_that_ate_all_tokens_gets_twice_as_many() -> None:
    with ChatServer(ChatAnswer(None, reasoning="hm", finish_reason="length"), ChatAnswer(TEXT), profile=VLLM) as server:
        await revise(server)

    first, second = (request.body["max_tokens"] for request in server.requests)
    assert second == 2 * first


# --- Ollama --------------------------------------------------------------------------------------------------------


async def test_a_prompt_that_ollama_cuts_without_a_word_goes_in_smaller_windows() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=OLLAMA, context=4096) as server:
        revision = await revise(server, LONG)

    assert IssueCode.WINDOW_SPLIT in codes(revision)


async def test_a_schema_that_ollamas_cloud_ignores_is_told() -> None:
    with ChatServer(ChatAnswer(f"Sure!\n```json\n{TEXT}\n```"), profile=OLLAMA) as server:
        revision = await revise(server)

    assert revision.value is not None
    assert {IssueCode.FORMAT_NOT_ENFORCED, IssueCode.ANSWER_REPAIRED} <= codes(revision)


async def test_a_key_is_always_sent_even_where_none_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ChatServer(ChatAnswer(TEXT), profile=OLLAMA) as server:
        await revise(server, api_key=None)

    assert server.requests[0].authorized


# --- LM Studio -----------------------------------------------------------------------------------------------------


async def test_lm_studio_is_asked_for_a_schema_which_it_takes() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=LM_STUDIO) as server:
        revision = await revise(server)

    assert forms(server) == ["strict"]
    assert revision.issues == ()


async def test_the_json_object_that_lm_studio_refuses_leads_to_the_prompt_alone() -> None:
    schema = {
        form: HttpFault(400, {"error": "json_schema is broken"}) for form in ("json_schema", "json_schema_strict")
    }
    profile = ChatProfile("LM Studio", refused_forms={**LM_STUDIO.refused_forms, **schema})
    with ChatServer(ChatAnswer(TEXT), profile=profile) as server:
        revision = await revise(server)

    assert forms(server) == ["strict", "json_schema", "json_object", "prompt"]
    assert revision.method == "prompt"


# --- llama.cpp -----------------------------------------------------------------------------------------------------


async def test_a_grammar_that_llama_cpp_cannot_parse_is_asked_for_less_strictly() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=LLAMA_CPP) as server:
        revision = await revise(server)

    assert forms(server) == ["strict", "json_schema"]
    assert revision.value is not None


async def test_what_a_server_refused_is_not_tried_with_the_next_document() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=LLAMA_CPP) as server:
        async with OpenAIReviser(server.base_url, "m", api_key="test", retry=ONCE) as reviser:
            await reviser.revise(DOCUMENT, Bill)
            await reviser.revise(DOCUMENT, Bill)

    assert forms(server) == ["strict", "json_schema", "json_schema"]


# --- OpenAI --------------------------------------------------------------------------------------------------------


async def test_the_strict_schema_is_one_that_openai_accepts() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=OPENAI) as server:
        revision = await revise(server)

    assert forms(server) == ["strict"]
    assert revision.issues == ()


async def test_parameters_that_reasoning_models_refuse_are_left_out() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=OPENAI_REASONING) as server:
        revision = await revise(server)

    body = server.requests[-1].body
    assert "max_tokens" not in body
    assert "temperature" not in body
    assert body["max_completion_tokens"] > 0
    assert codes(revision) == {IssueCode.PARAMETER_REFUSED}


async def test_a_refusal_of_the_model_is_one_typed_error() -> None:
    answer = ChatAnswer(None, refusal="I can't help with that.")
    with ChatServer(answer, profile=OPENAI) as server, pytest.raises(RequestRejectedError, match="I can't help"):
        await revise(server)


async def test_a_withheld_answer_is_one_typed_error() -> None:
    answer = ChatAnswer("", finish_reason="content_filter")
    with ChatServer(answer, profile=OPENAI) as server, pytest.raises(IncompleteAnswerError):
        await revise(server)


async def test_pictures_go_along_as_data_urls_before_the_text() -> None:
    with ChatServer(ChatAnswer(TEXT), profile=OPENAI) as server:
        async with OpenAIReviser(server.base_url, "m", api_key="test", send_images=True) as reviser:
            revision = await reviser.revise_with_images(
                DOCUMENT, Bill, {0: build_page_image(width=2000, height=2800), 7: build_page_image()}
            )

    kinds = [part["type"] for part in server.requests[0].body["messages"][1]["content"]]
    assert kinds == ["image_url", "text"]
    assert server.requests[0].images[0][:2] == b"\xff\xd8"
    assert json.loads(revision.exchanges[0].request)["images"] == ["page 1, image/jpeg"]


# --- the list ------------------------------------------------------------------------------------------------------


def test_every_quirk_in_the_docs_names_a_test_that_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text("utf-8")))
    written = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text())
    }

    assert len(named) > 30
    assert named <= written
