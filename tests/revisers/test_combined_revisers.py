"""Revisers made of revisers: a fallback for when one is down, a second opinion for where two disagree."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document, IssueCode, PageImage
from deepocr_kit.errors import OverloadedError, SchemaError, ServerFaultError
from deepocr_kit.revisers import (
    ConsensusReviser,
    EvidenceGrade,
    FallbackReviser,
    Revision,
    RulesReviser,
    revision_of,
)
from deepocr_kit.testing import (
    FailingReviser,
    FunctionReviser,
    ReviserContract,
    ScriptedLlmReviser,
    StaticReviser,
    build_document,
    build_page_image,
)

pytestmark = pytest.mark.anyio

DOCUMENT = build_document("ACME STORES\nTea 4.50\nMilk 12.75\nTotal: 12.75")
DOWN = ServerFaultError("the server is down")


class Line(BaseModel):
    name: str
    amount: Decimal


class Receipt(BaseModel):
    company: str | None = None
    total: Decimal | None = None
    lines: list[Line] = []


def leaf(text: str, *sources: str) -> dict[str, Any]:
    return {"text": text, "src": list(sources)}


def answers(total: str = "12.75", *sources: str, company: str = "ACME STORES", lines: int = 0) -> dict[str, Any]:
    items = [{"name": leaf("Tea", "p1r2"), "amount": leaf("4.50", "p1r2")}] * lines
    return {"company": leaf(company), "total": leaf(total, *sources), "lines": items}


def codes(revision: Revision[Any]) -> list[IssueCode]:
    return [issue.code for issue in revision.issues]


class TestFallbackKeepsTheContract(ReviserContract):
    @pytest.fixture
    def reviser(self) -> FallbackReviser:
        return FallbackReviser(FailingReviser(DOWN), ScriptedLlmReviser(self.wire_answer))


class TestConsensusKeepsTheContract(ReviserContract):
    @pytest.fixture
    def reviser(self) -> ConsensusReviser:
        return ConsensusReviser(ScriptedLlmReviser(self.wire_answer), RulesReviser())


# --- fallback ------------------------------------------------------------------------------------------------------


async def test_the_first_reviser_that_answers_is_taken_as_it_is() -> None:
    second = StaticReviser(answers())
    reviser = FallbackReviser(StaticReviser(answers()), second)

    assert (await reviser.revise(DOCUMENT, Receipt)).issues == (
        await StaticReviser(answers()).revise(DOCUMENT, Receipt)
    ).issues
    assert second.calls == []


async def test_the_rules_answer_when_the_server_is_down() -> None:
    revision = await FallbackReviser(FailingReviser(DOWN), RulesReviser()).revise(DOCUMENT, Receipt)

    assert revision.model == "rules"
    assert revision.value is not None
    assert revision.value.total == Decimal("12.75")
    assert revision.issues[0].code is IssueCode.FALLBACK_USED
    assert "the server is down" in revision.issues[0].message


async def test_a_model_that_gives_nothing_readable_is_as_good_as_down() -> None:
    first = ScriptedLlmReviser("I cannot do that.", max_reasks=0)

    revision = await FallbackReviser(first, RulesReviser()).revise(DOCUMENT, Receipt)

    assert revision.model == "rules"
    assert revision.usage.requests == 1
    assert revision.exchanges[0].response == "I cannot do that."


async def test_nothing_readable_is_still_a_revision_when_the_others_are_down() -> None:
    first = ScriptedLlmReviser("no", max_reasks=0)

    revision = await FallbackReviser(first, FailingReviser(DOWN)).revise(DOCUMENT, Receipt)

    assert codes(revision).count(IssueCode.FALLBACK_USED) == 2
    assert IssueCode.ANSWER_UNPARSABLE in codes(revision)


async def test_when_all_are_down_the_first_error_is_raised() -> None:
    reviser = FallbackReviser(FailingReviser(OverloadedError("busy")), FailingReviser(DOWN))

    with pytest.raises(OverloadedError, match="busy"):
        await reviser.revise(DOCUMENT, Receipt)


async def test_errors_of_the_caller_are_not_hidden_by_a_fallback() -> None:
    with pytest.raises(SchemaError):
        await FallbackReviser(FailingReviser(SchemaError("mine")), RulesReviser()).revise(DOCUMENT, Receipt)


def test_a_fallback_needs_something_to_fall_back_on() -> None:
    with pytest.raises(ValueError, match="at least two"):
        FallbackReviser(RulesReviser())


# --- consensus -----------------------------------------------------------------------------------------------------


async def test_agreement_is_a_signal() -> None:
    reviser = ConsensusReviser(StaticReviser(answers("12.75", "p1r4")), StaticReviser(answers("12.750")))

    revision = await reviser.revise(DOCUMENT, Receipt)

    assert revision.fields["total"].signals["agrees_with_second"] is True
    assert revision.fields["company"].signals["agrees_with_second"] is True
    assert IssueCode.REVISERS_DISAGREE not in codes(revision)


async def test_agreement_with_the_rules_has_its_own_name() -> None:
    revision = await ConsensusReviser(StaticReviser(answers("12.75", "p1r4")), RulesReviser()).revise(DOCUMENT, Receipt)

    assert revision.fields["total"].signals["agrees_with_rules"] is True


async def test_the_second_ones_proof_settles_an_ambiguous_place() -> None:
    primary = StaticReviser({"total": leaf("12.75")})
    alone = await primary.revise(build_document("Milk 12.75\nTea 12.75"), Receipt)
    assert alone.fields["total"].grade is EvidenceGrade.AMBIGUOUS
    document = build_document("Milk 12.75\nTea 12.75")

    revision = await ConsensusReviser(primary, StaticReviser({"total": leaf("12.75", "p1r2")})).revise(
        document, Receipt
    )

    evidence = revision.fields["total"]
    assert evidence.grade is EvidenceGrade.CITED_EXACT
    assert evidence.region_ids == ("p1r2",)
    assert evidence.signals["settled_by_second"] is True
    assert IssueCode.FIELD_AMBIGUOUS not in codes(revision)


async def test_a_disagreement_is_told_with_both_values_and_halves_the_score() -> None:
    primary = StaticReviser(answers("12.75", "p1r4"))
    alone = await primary.revise(DOCUMENT, Receipt)

    revision = await ConsensusReviser(primary, StaticReviser(answers("4.50", "p1r2"))).revise(DOCUMENT, Receipt)

    assert revision.value == alone.value
    assert revision.fields["total"].signals["agrees_with_second"] is False
    assert revision.fields["total"].needs_review
    assert not alone.fields["total"].needs_review
    assert revision.fields["total"].score == pytest.approx(alone.fields["total"].score / 2)
    (issue,) = [issue for issue in revision.issues if issue.code is IssueCode.REVISERS_DISAGREE]
    assert issue.field == "total"
    assert "'12.75'" in issue.message
    assert "'4.50'" in issue.message


async def test_a_value_that_only_the_second_one_found_is_told_and_not_taken() -> None:
    revision = await ConsensusReviser(StaticReviser({}), StaticReviser(answers())).revise(DOCUMENT, Receipt)

    assert revision.value is not None
    assert revision.value.total is None
    assert "only the second reviser found a value: '12.75'" in [issue.message for issue in revision.issues]


async def test_a_value_that_only_the_first_one_found_is_nobodys_disagreement() -> None:
    revision = await ConsensusReviser(StaticReviser(answers()), StaticReviser({})).revise(DOCUMENT, Receipt)

    assert "agrees_with_second" not in revision.fields["total"].signals
    assert IssueCode.REVISERS_DISAGREE not in codes(revision)


async def test_names_are_compared_without_case_and_punctuation() -> None:
    second = StaticReviser(answers(company="Acme-Stores"))

    revision = await ConsensusReviser(StaticReviser(answers()), second).revise(DOCUMENT, Receipt)

    assert revision.fields["company"].signals["agrees_with_second"] is True


async def test_lists_of_different_lengths_are_told_once() -> None:
    reviser = ConsensusReviser(StaticReviser(answers(lines=2)), StaticReviser(answers(lines=1)))

    revision = await reviser.revise(DOCUMENT, Receipt)

    (issue,) = [issue for issue in revision.issues if issue.code is IssueCode.REVISERS_DISAGREE]
    assert issue.field == "lines"
    assert "agrees_with_second" not in revision.fields["lines[0].name"].signals


async def test_items_of_lists_of_one_length_are_compared() -> None:
    reviser = ConsensusReviser(StaticReviser(answers(lines=1)), StaticReviser(answers(lines=1)))

    assert (await reviser.revise(DOCUMENT, Receipt)).fields["lines[0].name"].signals["agrees_with_second"] is True


async def test_a_second_one_that_fails_leaves_the_first_alone() -> None:
    revision = await ConsensusReviser(StaticReviser(answers()), FailingReviser(DOWN)).revise(DOCUMENT, Receipt)

    assert revision.value is not None
    assert codes(revision)[-1] is IssueCode.SECOND_FAILED


async def test_a_primary_that_fails_is_raised() -> None:
    with pytest.raises(ServerFaultError):
        await ConsensusReviser(FailingReviser(DOWN), StaticReviser(answers())).revise(DOCUMENT, Receipt)


@pytest.mark.parametrize("place", [0, 1])
async def test_errors_that_are_not_of_the_library_are_raised_as_they_are(place: int) -> None:
    def broken(*_: Any) -> dict[str, Any]:
        raise KeyError("bug")

    parts = [StaticReviser(answers()), StaticReviser(answers())]
    parts[place] = FunctionReviser(broken)  # type: ignore[call-overload]  # a reviser of another class

    with pytest.raises(KeyError, match="bug"):
        await ConsensusReviser(*parts).revise(DOCUMENT, Receipt)


async def test_both_are_paid_for() -> None:
    text = json.dumps(answers("12.75", "p1r4"))
    reviser = ConsensusReviser(ScriptedLlmReviser(text), ScriptedLlmReviser(text))

    revision = await reviser.revise(DOCUMENT, Receipt)

    assert revision.usage.requests == 2
    assert len(revision.exchanges) == 2


# --- both ----------------------------------------------------------------------------------------------------------


async def test_combined_revisers_close_their_parts() -> None:
    parts = StaticReviser({}), FailingReviser(DOWN)
    async with ConsensusReviser(*parts), FallbackReviser(*parts) as reviser:
        assert repr(reviser).startswith("FallbackReviser(")

    assert all(part.closed for part in parts)


@pytest.mark.parametrize("kind", [FallbackReviser, ConsensusReviser])
async def test_pictures_reach_the_parts_that_see(kind: type[FallbackReviser] | type[ConsensusReviser]) -> None:
    sees = ScriptedLlmReviser(json.dumps(answers()), send_images=True)
    images: dict[int, PageImage] = {0: build_page_image()}
    reviser = kind(sees, RulesReviser())

    assert reviser.send_images
    await reviser.revise_with_images(DOCUMENT, Receipt, images)

    assert len(sees.requests[0].images) == 1


async def test_a_revision_of_answers_is_compared_like_any_other() -> None:
    def given(document: Document, schema: type[BaseModel], _: str | None) -> Revision[Any]:
        return revision_of(document, schema, answers(), model="person")

    revision = await ConsensusReviser(FunctionReviser(given), RulesReviser()).revise(DOCUMENT, Receipt)

    assert revision.model == "person"
