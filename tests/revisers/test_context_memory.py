"""What a model reads at once is learned, and what all windows cost together stays within the budget."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import pytest
from bill_reading import Bill, Reader, document_of, names

from deepocr_kit.documents import IssueCode, Usage
from deepocr_kit.errors import ContextLengthError
from deepocr_kit.revisers import Completion, CompletionRequest, OpenAIReviser, PromptLimits, RetryPolicy, Revision
from deepocr_kit.testing import ChatAnswer, ChatServer, build_document
from deepocr_kit.testing.chat_profiles import OLLAMA, OLLAMA_SHIFTING, VLLM, ChatProfile

pytestmark = pytest.mark.anyio


class Counter(Reader):
    """A model whose server counts the tokens of its prompts as it likes, and says so."""

    def __init__(self, *counts: int, **options: Any) -> None:
        super().__init__(**options)
        self.counts = deque(counts)

    async def complete(self, request: CompletionRequest) -> Completion:
        answer = await super().complete(request)
        tokens = self.counts.popleft() if len(self.counts) > 1 else self.counts[0]
        return replace(answer, usage=Usage(prompt_tokens=tokens, completion_tokens=20, requests=1))


def splits(revision: Revision[Any]) -> list[str]:
    return [issue.message for issue in revision.issues if issue.code is IssueCode.WINDOW_SPLIT]


# --- refusals ------------------------------------------------------------------------------------------------------


async def test_what_did_not_fit_is_not_tried_with_the_next_document() -> None:
    document = document_of(120)
    with ChatServer(ChatAnswer("{}"), profile=VLLM, context=7000) as server:
        async with OpenAIReviser(
            server.base_url, "m", api_key="test", retry=RetryPolicy(attempts=1), max_reasks=0
        ) as reviser:
            first = await reviser.revise(document, Bill)
            asked = len(server.requests)
            second = await reviser.revise(document, Bill)
            asked_again = len(server.requests) - asked

    assert second.usage.requests == asked_again < asked
    assert splits(first)
    assert "seen to read at once" in splits(second)[0]


async def test_the_other_windows_of_a_document_learn_from_the_first() -> None:
    limits = PromptLimits(window_tokens=4200, concurrency=1)
    reviser = Reader(context=3500, limits=limits, max_tokens=300)

    revision = await reviser.revise(document_of(200), Bill)

    assert revision.value is not None
    assert [line.name for line in revision.value.lines] == names(200)
    assert len(splits(revision)) == 4
    assert len(reviser.requests) - revision.usage.requests == 1


async def test_windows_between_what_was_read_and_what_was_refused_are_tried() -> None:
    reviser = Reader(context=11_000)
    await reviser.revise(document_of(120), Bill)
    reviser.requests.clear()

    revisions = [await reviser.revise(document_of(pages), Bill) for pages in (80, 81)]

    assert [splits(revision) for revision in revisions] == [[], []]
    assert len(reviser.requests) == 2


async def test_a_server_that_takes_nothing_does_not_spoil_what_comes_later() -> None:
    reviser = Reader(context=100)
    with pytest.raises(ContextLengthError):
        await reviser.revise(document_of(20), Bill)
    reviser.context = 1_000_000
    reviser.requests.clear()

    revision = await reviser.revise(document_of(20), Bill)

    assert revision.value is not None
    assert len(reviser.requests) <= 4


# --- prompts that are cut without a word ---------------------------------------------------------------------------


@pytest.mark.parametrize("profile", [OLLAMA, OLLAMA_SHIFTING], ids=lambda profile: profile.name)
@pytest.mark.parametrize("pages", [120, 250])
async def test_a_prompt_that_ollama_cuts_by_little_or_much_is_noticed(profile: ChatProfile, pages: int) -> None:
    document = document_of(pages)
    with ChatServer(ChatAnswer("{}"), profile=profile, context=8192) as server:
        async with OpenAIReviser(
            server.base_url, "m", api_key="test", retry=RetryPolicy(attempts=1), max_reasks=0
        ) as reviser:
            revision = await reviser.revise(document, Bill)
        read_whole = [request for request in server.requests if len(request.prompt) // 3 <= 8192]

    assert "OLLAMA_CONTEXT_LENGTH" in splits(revision)[0]
    seen = "".join(request.prompt for request in read_whole)
    assert all(f'"Item {page + 1}-1 ' in seen for page in range(pages))


async def test_a_round_count_is_a_proof_when_another_prompt_gives_it_too() -> None:
    reviser = Counter(4096, 1500, 1500, 4096, 1500, 1500, 1500)

    await reviser.revise(document_of(60), Bill)
    await reviser.revise(document_of(80), Bill)
    reviser.requests.clear()
    third = await reviser.revise(document_of(80), Bill)

    assert "seen to read at once" in splits(third)[0]


async def test_a_round_count_by_chance_is_not_remembered() -> None:
    reviser = Counter(4096, 1500, 1500, 4700)

    first = await reviser.revise(document_of(60), Bill)
    reviser.requests.clear()
    second = await reviser.revise(document_of(60), Bill)

    assert len(splits(first)) == 1
    assert splits(second) == []
    assert len(reviser.requests) == 1


async def test_a_round_count_of_what_cannot_be_split_is_taken_as_it_is() -> None:
    reviser = Counter(2048)

    revision = await reviser.revise(build_document("ACME STORES"), Bill)

    assert revision.value == Bill(company="ACME STORES")


# --- the budget ----------------------------------------------------------------------------------------------------


async def test_windows_in_flight_do_not_overdraw_the_budget() -> None:
    limits = PromptLimits(window_tokens=120, concurrency=8)
    reviser = Counter(1000, limits=limits, max_tokens=200, token_budget=2500, max_reasks=0)

    revision = await reviser.revise(document_of(12), Bill)

    assert len(reviser.requests) == 3
    assert reviser.peak == 2
    cut = [issue.message for issue in revision.issues if issue.code is IssueCode.DOCUMENT_CUT]
    assert len(cut) == 9
    assert all("the token budget is spent" in message for message in cut)


async def test_a_budget_that_is_large_enough_holds_nobody_up() -> None:
    reviser = Reader(limits=PromptLimits(window_tokens=120, concurrency=4))

    await reviser.revise(document_of(12), Bill)

    assert reviser.peak == 4


async def test_a_question_that_fails_gives_back_what_was_set_aside() -> None:
    limits = PromptLimits(window_tokens=120, concurrency=4)
    failing = 0

    def answer(request: CompletionRequest) -> dict[str, Any]:
        nonlocal failing
        failing += 1
        if failing % 2:
            raise ContextLengthError("too long")
        return {}

    reviser = Reader(limits=limits, answer=answer, token_budget=3000, max_reasks=0)
    revision = await reviser.revise(document_of(8), Bill)

    assert revision.usage.requests >= 4
