"""Whatever was complete before an answer was cut is kept, and the rest is asked for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from deepocr_kit.documents import IssueCode, Severity, Usage
from deepocr_kit.errors import ServerFaultError
from deepocr_kit.revisers import Completion, Revision
from deepocr_kit.revisers.answer import parse_answer
from deepocr_kit.testing import ScriptedLlmReviser, build_document
from steady_time import stays_under

pytestmark = pytest.mark.anyio

ROWS = [f"Item{number} {number}.50" for number in range(1, 7)]
DOCUMENT = build_document("\n".join(["ACME STORES", *ROWS, "Total 24.00"]))


class Line(BaseModel):
    name: str
    amount: Decimal


class Bill(BaseModel):
    company: str
    lines: list[Line] = []
    total: Decimal


def leaf(text: str, *sources: str) -> dict[str, Any]:
    return {"text": text, "src": list(sources)}


def line(number: int) -> dict[str, Any]:
    region = f"p1r{number + 1}"
    return {"name": leaf(f"Item{number}", region), "amount": leaf(f"{number}.50", region)}


WHOLE: dict[str, Any] = {
    "company": leaf("ACME STORES", "p1r1"),
    "lines": [line(number) for number in range(1, 7)],
    "total": leaf("24.00", "p1r8"),
}
TEXT = json.dumps(WHOLE)


def cut(text: str) -> Completion:
    return Completion(text=text, finish_reason="length", usage=Usage(prompt_tokens=100, requests=1))


def cut_after(words: str) -> Completion:
    return cut(TEXT[: TEXT.index(words) + len(words)])


def codes(revision: Revision[Any]) -> list[IssueCode]:
    return [issue.code for issue in revision.issues]


# --- parsing -------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(TEXT) - 1))
def test_what_was_complete_is_kept_wherever_the_cut_is(end: int) -> None:
    parsed = parse_answer(TEXT[:end], tuple(WHOLE))

    if parsed is None:
        assert end < TEXT.index(', "lines"')
        return
    assert parsed.cut is not None
    for key, value in parsed.data.items():
        assert key == "lines" or value == WHOLE[key]
    items = parsed.data.get("lines", [])
    whole = items[:-1] if len(parsed.cut) > 1 else items
    assert whole == WHOLE["lines"][: len(whole)]
    assert all(entry in WHOLE["lines"][len(whole)].items() for item in items[len(whole) :] for entry in item.items())
    complete = TEXT[:end].count("]}}")
    assert len(whole) >= complete


@pytest.mark.parametrize("before", ["", "```json\n", "<think>{}</think>", 'Use {"a": b} as asked. ', '{"arguments": '])
def test_a_cut_object_is_found_behind_other_text(before: str) -> None:
    parsed = parse_answer(before + TEXT[: TEXT.index("Item3")], tuple(WHOLE))

    assert parsed is not None
    assert parsed.data["lines"] == WHOLE["lines"][:2]


def test_an_inner_object_of_a_cut_answer_is_not_taken_for_the_answer() -> None:
    text = '{"company": {"text": "ACME", "src": []}, "lines": [{"total": {"text": "1", "src": []}}, {"tot'

    parsed = parse_answer(text, ("company", "lines", "total"))

    assert parsed is not None
    assert list(parsed.data) == ["company", "lines"]


@pytest.mark.parametrize(
    "text", ['{"a": tru', '{"total": 12', '{"total": "x\\', '{"total": "\\ud8', "{", '{"total"', '{"total":']
)
def test_a_value_that_touches_the_end_is_not_trusted(text: str) -> None:
    assert parse_answer(text, ("total",)) is None


@pytest.mark.parametrize(
    "text",
    ['{"total": "1",}', '{"total": "1", "x": [1, 2,],}', 'x {"total": "1", "n": [null, true, -1.5e3], }'],
)
def test_commas_before_closing_brackets_are_forgiven(text: str) -> None:
    parsed = parse_answer(text, ("total",))

    assert parsed is not None
    assert parsed.data["total"] == "1"
    assert parsed.cut is None


@pytest.mark.parametrize(
    "text",
    [
        '{"total": {"text": "1", "src": [[}',
        '{"total": "\\q", ',
        '{"total": "1" "x"',
        '{"total": 1]',
        '{"total": oops, ',
        '{"total"; 1',
    ],
)
def test_text_that_is_wrong_before_its_end_is_no_cut_answer(text: str) -> None:
    assert parse_answer(text, ("total",)) is None


def test_deep_nesting_is_refused() -> None:
    assert parse_answer('{"total": ' + '{"a": [' * 5000, ("total",)) is None


# --- asking for the rest -------------------------------------------------------------------------------------------


async def test_only_the_missing_fields_are_asked_for() -> None:
    reviser = ScriptedLlmReviser(cut_after('"p1r1"]}, '), {"lines": WHOLE["lines"], "total": WHOLE["total"]})

    revision = await reviser.revise(DOCUMENT, Bill)

    assert list(reviser.requests[1].wire_schema["properties"]) == ["lines", "total"]
    assert revision.value is not None
    assert len(revision.value.lines) == 6
    assert codes(revision) == [IssueCode.ANSWER_REPAIRED, IssueCode.ANSWER_CUT]
    assert revision.issues[-1].severity is Severity.INFO


async def test_a_cut_list_goes_on_after_its_last_complete_item() -> None:
    rest = {"lines": [line(number) for number in range(4, 7)], "total": WHOLE["total"]}
    reviser = ScriptedLlmReviser(cut_after('"Item4"'), rest)

    revision = await reviser.revise(DOCUMENT, Bill)

    assert revision.value is not None
    assert [item.name for item in revision.value.lines] == [f"Item{number}" for number in range(1, 7)]
    assert 'The list "lines" has 3 items already' in reviser.requests[1].user
    assert "Item3" in reviser.requests[1].user.rpartition("after its last one")[2]


@pytest.mark.parametrize("begin", [1, 3, 4])
async def test_a_model_that_begins_the_list_anew_or_repeats_an_item_gives_no_doubles(begin: int) -> None:
    rest = {"lines": [line(number) for number in range(begin, 7)], "total": WHOLE["total"]}

    revision = await ScriptedLlmReviser(cut_after('"Item4"'), rest).revise(DOCUMENT, Bill)

    assert revision.value is not None
    assert [item.name for item in revision.value.lines] == [f"Item{number}" for number in range(1, 7)]


async def test_several_cuts_are_joined() -> None:
    parts = [json.dumps({"lines": [line(number), line(number + 1)]})[:-4] for number in (3, 4, 5)]
    reviser = ScriptedLlmReviser(cut_after('"Item3"'), *map(cut, parts), {"lines": [line(6)], "total": WHOLE["total"]})

    revision = await reviser.revise(DOCUMENT, Bill)

    assert revision.value is not None
    assert [item.name for item in revision.value.lines] == [f"Item{number}" for number in range(1, 7)]
    assert len(reviser.requests) == 5


async def test_a_list_that_cannot_be_completed_says_so() -> None:
    reviser = ScriptedLlmReviser(cut_after('"Item3"'), cut('{"lines": [{"na'))

    revision = await reviser.revise(DOCUMENT, Bill)

    assert [evidence.value for path, evidence in revision.fields.items() if path.endswith("name")] == ["Item1", "Item2"]
    (issue,) = [issue for issue in revision.issues if issue.code is IssueCode.ANSWER_CUT]
    assert issue.severity is Severity.ERROR
    assert "lines[*].name" in issue.message


async def test_a_cut_item_without_its_rest_is_kept() -> None:
    reviser = ScriptedLlmReviser(cut_after('"p1r4"]}, "amount"'), "no", max_reasks=1)

    revision = await reviser.revise(DOCUMENT, Bill)

    assert revision.fields["lines[2].name"].raw_text == "Item3"


async def test_a_server_that_dies_before_the_rest_costs_only_the_rest() -> None:
    reviser = ScriptedLlmReviser(cut_after("], "), ServerFaultError("down"))

    revision = await reviser.revise(DOCUMENT, Bill)

    assert revision.fields["company"].value == "ACME STORES"
    assert IssueCode.ANSWER_CUT in codes(revision)


@pytest.mark.parametrize("options", [{"max_reasks": 0}, {"token_budget": 1}])
async def test_nothing_more_is_asked_than_allowed(options: dict[str, int]) -> None:
    reviser = ScriptedLlmReviser(cut_after('"Item4"'), **options)

    revision = await reviser.revise(DOCUMENT, Bill)

    assert len(reviser.requests) == 1
    assert codes(revision).count(IssueCode.ANSWER_CUT) == 1


async def test_a_cut_tool_call_is_completed_too() -> None:
    partial = {"company": WHOLE["company"], "lines": WHOLE["lines"][:2]}
    first = Completion(data=partial, finish_reason="length")

    revision = await ScriptedLlmReviser(first, {"lines": WHOLE["lines"][2:], "total": WHOLE["total"]}).revise(
        DOCUMENT, Bill
    )

    assert revision.value is not None
    assert len(revision.value.lines) == 6


async def test_nested_parts_are_completed_as_well() -> None:
    class Seller(BaseModel):
        name: str
        lines: list[Line] = []
        total: Decimal

    class Nested(BaseModel):
        seller: Seller

    inner = {"name": WHOLE["company"], "lines": WHOLE["lines"], "total": WHOLE["total"]}
    text = json.dumps({"seller": inner})
    rest = {"seller": {"lines": [line(3), line(4), line(5), line(6)], "total": WHOLE["total"]}}
    reviser = ScriptedLlmReviser(cut(text[: text.index("Item3")]), rest)

    revision = await reviser.revise(DOCUMENT, Nested)

    assert list(reviser.requests[1].wire_schema["properties"]["seller"]["properties"]) == ["lines", "total"]
    assert revision.value is not None
    assert len(revision.value.seller.lines) == 6


async def test_an_answer_cut_behind_its_last_field_is_whole() -> None:
    reviser = ScriptedLlmReviser(cut(TEXT[:-1] + " \n" * 50))

    revision = await reviser.revise(DOCUMENT, Bill)

    assert revision.value is not None
    assert len(reviser.requests) == 1


def test_hostile_text_without_an_end_costs_bounded_work() -> None:
    text = '{"x":' * 9 + "[" + "1," * 40_000

    assert parse_answer(text, ("total",)) is None
    assert stays_under(2, lambda: parse_answer(text, ("total",)))
