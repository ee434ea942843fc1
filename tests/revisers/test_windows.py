"""Documents that are longer than a model's context are read window by window."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from bill_reading import Bill, Reader, answer_of, document_of, leaf, names
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import AuthenticationError, ContextLengthError, SchemaError, ServerFaultError
from deepocr_kit.revisers import CompletionRequest, EvidenceGrade, PromptLimits
from deepocr_kit.revisers.windows import DocumentWindow, document_windows
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio

# --- planning ------------------------------------------------------------------------------------------------------


def test_a_document_that_fits_is_one_window() -> None:
    assert len(document_windows(document_of(3), PromptLimits()).windows) == 1


def test_windows_end_at_pages() -> None:
    windows = document_windows(document_of(6), PromptLimits(window_tokens=250)).windows

    assert [page for window in windows for page in window.pages] == [0, 1, 2, 3, 4, 5]
    assert len(windows) > 2
    assert windows[0].place == "pages 1 to 2"


def test_a_page_that_is_too_large_is_split_between_its_regions_with_some_overlap() -> None:
    windows = document_windows(document_of(1, rows=40), PromptLimits(window_tokens=400)).windows

    assert len(windows) > 2
    assert windows[0].place == "page 1"
    for before, after in pairwise(windows):
        assert before.lines[-1] in after.lines
        assert before.lines[0] not in after.lines


def test_a_region_that_is_too_large_goes_over_several_lines() -> None:
    document = build_document(build_page(("word " * 100, (0.1, 0.1, 0.9, 0.2))))

    (window,) = document_windows(document, PromptLimits(region_chars=120)).windows

    lines = [json.loads(line) for line in window.text.split("\n")]
    assert {line["id"] for line in lines} == {"p1r1"}
    assert " ".join(line["text"] for line in lines).split() == ["word"] * 100


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text("ab 中\n", max_size=60), max_size=12), min_size=1, max_size=4),
    st.integers(20, 400),
    st.integers(5, 50),
)
def test_no_character_is_left_out_and_every_window_shrinks(pages: list[list[str]], tokens: int, size: int) -> None:
    document = build_document(*[build_page(*page, index=index) for index, page in enumerate(pages)])
    windows = document_windows(document, PromptLimits(window_tokens=tokens, region_chars=size)).windows

    shown: dict[str, str] = {}
    seen: set[int] = set()
    for window in windows:
        for line in window.lines:
            if id(line) not in seen:
                seen.add(id(line))
                shown[line.head] = shown.get(line.head, "") + line.printed
        assert len(window.lines) == 1 or window.tokens <= tokens
        halves = window.halves()
        assert len(halves) == 1 or all(half.tokens < window.tokens for half in halves)
    printed = "".join("".join(text.split()) for text in shown.values())
    assert printed == "".join("".join(region.text.split()) for region in document.regions)


def test_halving_ends() -> None:
    windows: list[DocumentWindow] = [*document_windows(document_of(2), PromptLimits()).windows]
    for _ in range(40):
        windows = [half for window in windows for half in window.halves()][:64]

    assert all(len(window.lines) == 1 for window in windows)


def test_a_long_region_is_halved_at_a_space() -> None:
    document = build_document(build_page(("word " * 100, (0.1, 0.1, 0.9, 0.2))))
    (window,) = document_windows(document, PromptLimits()).windows

    first, second = window.halves()

    assert first.lines[0].printed.split() + second.lines[0].printed.split() == ["word"] * 100


@pytest.mark.parametrize("name", ["window_tokens", "region_chars", "windows", "concurrency", "images"])
def test_limits_are_at_least_one(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        PromptLimits(**{name: 0})
    with pytest.raises(ValueError, match=name):
        PromptLimits(**{name: 1.5})


# --- reading -------------------------------------------------------------------------------------------------------


async def test_windows_are_asked_at_once_and_merged_in_order() -> None:
    reviser = Reader(limits=PromptLimits(window_tokens=120, concurrency=2))

    revision = await reviser.revise(document_of(6), Bill)

    assert len(reviser.requests) == 6
    assert reviser.peak == 2
    assert revision.value is not None
    assert revision.value.company == "ACME STORES"
    assert revision.value.total == Decimal("99.00")
    assert [line.name for line in revision.value.lines] == names(6)
    assert revision.fields["lines[3].name"].boxes[0].page_index == 1
    assert revision.issues == ()
    assert revision.usage.requests == 6
    assert [json.loads(exchange.request)["user"][20:60] for exchange in revision.exchanges]


async def test_rows_that_two_windows_share_count_once() -> None:
    reviser = Reader(limits=PromptLimits(window_tokens=400))

    revision = await reviser.revise(document_of(1, rows=40), Bill)

    assert len(reviser.requests) > 2
    assert revision.value is not None
    assert [line.name for line in revision.value.lines] == names(1, rows=40)


async def test_equal_rows_of_different_places_are_kept() -> None:
    document = build_document("ACME STORES\nItem A 1.00\nItem A 1.00", "Item A 1.00\nTotal 3.00")

    revision = await Reader(limits=PromptLimits(window_tokens=110)).revise(document, Bill)

    assert revision.value is not None
    assert [line.name for line in revision.value.lines] == ["Item A"] * 3


async def test_an_item_cut_by_a_window_is_taken_from_the_window_that_has_all_of_it() -> None:
    def answer(request: CompletionRequest) -> dict[str, Any]:
        whole = answer_of(request)
        if whole.get("lines") and "Item 1-1 " in request.user:
            whole["lines"][-1]["amount"] = leaf()
        return whole

    reviser = Reader(limits=PromptLimits(window_tokens=400), answer=answer)

    revision = await reviser.revise(document_of(1, rows=40), Bill)

    assert revision.value is not None
    assert len(revision.value.lines) == 40


async def test_the_best_grade_wins_and_the_conflict_is_told() -> None:
    document = build_document("ACME STORES\nhello 5.00", "Total 9.00")

    def answer(request: CompletionRequest) -> dict[str, Any]:
        whole = answer_of(request)
        if "hello" in request.user:
            whole["total"] = leaf("7.77", "p1r2")
        return whole

    revision = await Reader(limits=PromptLimits(window_tokens=70), answer=answer).revise(document, Bill)

    assert revision.fields["total"].value == Decimal("9.00")
    assert revision.fields["total"].grade is EvidenceGrade.CITED_EXACT
    assert revision.fields["total"].signals["windows_disagree"] is True
    (issue,) = [issue for issue in revision.issues if issue.code is IssueCode.WINDOWS_DISAGREE]
    assert issue.field == "total"
    assert "'9.00'" in issue.message
    assert "'7.77'" in issue.message


async def test_a_failing_field_is_asked_again_in_its_own_window() -> None:
    def answer(request: CompletionRequest) -> dict[str, Any]:
        if list(request.wire_schema["properties"]) == ["total"]:
            return {"total": leaf("99.00", "p3r4")}
        whole = answer_of(request)
        if whole["total"]["text"]:
            whole["total"] = leaf("ninety-nine", "p3r4")
        return whole

    reviser = Reader(limits=PromptLimits(window_tokens=120), answer=answer)

    revision = await reviser.revise(document_of(3), Bill)

    assert revision.value is not None
    assert revision.value.total == Decimal("99.00")
    assert len(reviser.requests) == 4
    assert "Item 3-1" in reviser.requests[3].user
    assert "Item 1-1" not in reviser.requests[3].user


async def test_a_field_that_no_window_has_is_not_asked_again() -> None:
    reviser = Reader(limits=PromptLimits(window_tokens=120), answer=lambda _: {"company": leaf(), "lines": []})

    revision = await reviser.revise(document_of(3), Bill)

    assert revision.value is None
    assert len(reviser.requests) == 3


# --- servers with a smaller context --------------------------------------------------------------------------------


async def test_a_window_that_does_not_fit_is_halved() -> None:
    reviser = Reader(context=6000)

    revision = await reviser.revise(document_of(60), Bill)

    assert revision.value is not None
    assert [line.name for line in revision.value.lines] == names(60)
    assert IssueCode.WINDOW_SPLIT in {issue.code for issue in revision.issues}


async def test_a_server_that_cuts_the_prompt_without_a_word_is_noticed() -> None:
    reviser = Reader(context=1500, silent=True)

    revision = await reviser.revise(document_of(50), Bill)

    assert revision.value is not None
    assert [line.name for line in revision.value.lines] == names(50)
    assert IssueCode.WINDOW_SPLIT in {issue.code for issue in revision.issues}


async def test_room_for_the_answer_gives_way_to_a_short_document() -> None:
    reviser = Reader(context=2500)

    revision = await reviser.revise(document_of(1), Bill)

    assert revision.value is not None
    assert reviser.requests[-1].max_tokens < reviser.requests[0].max_tokens


async def test_a_context_that_holds_nothing_is_one_error_after_few_questions() -> None:
    reviser = Reader(context=10)

    with pytest.raises(ContextLengthError):
        await reviser.revise(document_of(20), Bill)

    assert len(reviser.requests) < 60


async def test_a_window_that_is_not_answered_is_told_and_the_others_count() -> None:
    def answer(request: CompletionRequest) -> dict[str, Any]:
        if "Item 2-1" in request.user:
            raise ServerFaultError("down")
        return answer_of(request)

    revision = await Reader(limits=PromptLimits(window_tokens=120), answer=answer).revise(document_of(3), Bill)

    assert revision.value is not None
    assert len(revision.value.lines) == 6
    (issue,) = revision.issues
    assert issue.code is IssueCode.DOCUMENT_CUT
    assert "page 2 could not be read" in issue.message


async def test_a_part_that_dies_leaves_the_part_before_it() -> None:
    def answer(request: CompletionRequest) -> dict[str, Any]:
        if "Total" in request.user.partition("Fields:")[0]:
            raise ServerFaultError("down")
        return answer_of(request)

    revision = await Reader(context=6000, answer=answer).revise(document_of(60), Bill)

    assert revision.value is not None
    assert 0 < len(revision.value.lines) < 60 * 3
    assert IssueCode.DOCUMENT_CUT in {issue.code for issue in revision.issues}


async def test_no_window_answered_is_an_error() -> None:
    def answer(_: CompletionRequest) -> dict[str, Any]:
        raise AuthenticationError("no key")

    with pytest.raises(AuthenticationError):
        await Reader(limits=PromptLimits(window_tokens=120), answer=answer).revise(document_of(3), Bill)


async def test_an_error_that_is_not_the_servers_is_raised_as_it_is() -> None:
    def answer(_: CompletionRequest) -> dict[str, Any]:
        raise SchemaError("mine")

    with pytest.raises(SchemaError):
        await Reader(limits=PromptLimits(window_tokens=120), answer=answer).revise(document_of(3), Bill)


async def test_the_token_budget_ends_the_reading_and_says_where() -> None:
    reviser = Reader(limits=PromptLimits(window_tokens=120, concurrency=1), token_budget=600)

    revision = await reviser.revise(document_of(6), Bill)

    assert len(reviser.requests) < 6
    cut = [issue for issue in revision.issues if issue.code is IssueCode.DOCUMENT_CUT]
    assert "page 6 was not read" in cut[-1].message


async def test_pages_beyond_the_last_window_are_told() -> None:
    reviser = Reader(limits=PromptLimits(window_tokens=120, windows=2))

    revision = await reviser.revise(document_of(5), Bill)

    assert len(reviser.requests) == 2
    assert "nothing from page 3 on was read" in revision.issues[0].message
