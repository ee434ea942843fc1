"""Answers from anywhere become a proved revision; doubles record what they were asked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import ClosedError, SchemaError, ServiceConnectionError, UnsupportedValueError
from deepocr_kit.revisers import EvidenceGrade, Revision, revision_of
from deepocr_kit.testing import (
    FailingReviser,
    FunctionReviser,
    ScriptedLlmReviser,
    StaticReviser,
    build_document,
)

pytestmark = pytest.mark.anyio

DOCUMENT = build_document("ACME STORES\nDate: 2024-03-27 22:20\nTotal 12.75\nCash 3:26\nTea\nMilk")


class Payment(StrEnum):
    CASH = "cash"


class Seller(BaseModel):
    name: str


class Receipt(BaseModel):
    seller: Seller
    date: dt.date | None = None
    at: dt.datetime | None = None
    total: Decimal | None = None
    waited: dt.timedelta | None = None
    payment: Payment | None = None
    items: list[str] = []


class Shop(BaseModel):
    """A part that may be left out, with fields that may not."""

    seller: Seller | None = None
    owner: Seller | None
    total: Decimal | None


VALUE = Receipt(
    seller=Seller(name="ACME STORES"),
    date=dt.date(2024, 3, 27),
    at=dt.datetime(2024, 3, 27, 22, 20),
    total=Decimal("12.75"),
    payment=Payment.CASH,
    items=["Tea", "Milk"],
)


def test_a_model_of_values_is_proved() -> None:
    revision = revision_of(DOCUMENT, Receipt, VALUE, model="me", method="hand")

    assert revision.value == VALUE
    assert (revision.model, revision.method) == ("me", "hand")
    assert not any(
        evidence.grade.is_low for evidence in revision.fields.values() if evidence.grade is not EvidenceGrade.MISSING
    )
    assert revision.fields["items[1]"].region_ids == ("p1r6",)


def test_a_nested_mapping_with_sources_is_proved() -> None:
    revision = revision_of(DOCUMENT, Receipt, {"seller": {"name": {"text": "ACME STORES", "src": ["p1r1"]}}})

    assert revision.value == Receipt(seller=Seller(name="ACME STORES"))
    assert revision.fields["seller.name"].grade is EvidenceGrade.CITED_EXACT


def test_unproved_values_are_refused_on_demand() -> None:
    with pytest.raises(UnsupportedValueError):
        revision_of(DOCUMENT, Receipt, {"seller": {"name": "OTHER"}}, on_unsupported="raise")


def test_an_optional_part_that_lacks_a_field_is_given_up() -> None:
    class Address(BaseModel):
        street: str
        city: str

    class Place(BaseModel):
        name: str
        address: Address | None = None

    revision = revision_of(DOCUMENT, Place, {"name": "ACME STORES", "address": {"street": "Tea"}})

    assert revision.value == Place(name="ACME STORES")
    assert revision.fields["address.street"].raw_text == "Tea"
    assert [issue.field for issue in revision.issues if issue.code is IssueCode.FIELD_MISSING] == ["address.city"]


def test_parts_without_any_value_are_none_when_they_may() -> None:
    assert revision_of(DOCUMENT, Shop, {}).value == Shop(owner=None, total=None)


def test_a_part_whose_fields_may_all_be_none_is_left_out_without_any() -> None:
    class Contact(BaseModel):
        phone: Annotated[str, "a note"] | None
        mails: list[str]

    class Person(BaseModel):
        contact: Contact | None
        other: Annotated[Contact | None, "a note"]
        name: str | None

    assert revision_of(DOCUMENT, Person, {}).value == Person(contact=None, other=None, name=None)
    filled = revision_of(DOCUMENT, Person, {"contact": {"phone": "12.75"}}).value
    assert filled == Person(contact=Contact(phone="12.75", mails=[]), other=None, name=None)
    half = revision_of(DOCUMENT, Person, {"contact": {"mails": ["Tea"]}}).value
    assert half == Person(contact=Contact(phone=None, mails=["Tea"]), other=None, name=None)


def test_a_required_part_says_which_of_its_fields_are_missing() -> None:
    class Person(BaseModel):
        seller: Seller
        sellers: list[Seller]

    revision = revision_of(DOCUMENT, Person, {})

    assert revision.value is None
    assert [issue.field for issue in revision.issues] == ["seller.name"]


def test_what_a_choice_of_types_refuses_belongs_to_the_field() -> None:
    class Limited(BaseModel):
        total: Annotated[int, Field(gt=100)] | Annotated[Decimal, Field(gt=100)]

    revision = revision_of(DOCUMENT, Limited, {"total": "12.75"})

    assert {issue.field for issue in revision.issues} == {"total"}


def test_an_optional_list_with_a_limit_is_given_up_as_a_whole() -> None:
    class Basket(BaseModel):
        name: str
        items: Annotated[list[str] | None, Field(max_length=1)] = None

    revision = revision_of(DOCUMENT, Basket, {"name": "ACME STORES", "items": ["Tea", "Milk"]})

    assert revision.value == Basket(name="ACME STORES")


def test_a_required_list_may_be_empty() -> None:
    class Basket(BaseModel):
        items: list[Seller]

    assert revision_of(DOCUMENT, Basket, {}).value == Basket(items=[])


def test_sets_and_tuples_and_nested_lists_are_filled() -> None:
    class Bag(BaseModel):
        items: frozenset[str]
        pair: tuple[str, ...]
        rows: list[list[str]] = []

    answers = {"items": ["Tea", "Milk"], "pair": ("Tea",), "rows": [["Tea", ""], [""], ["Milk", "Tea"]]}

    value = revision_of(DOCUMENT, Bag, answers).value

    assert value == Bag(items=frozenset({"Tea", "Milk"}), pair=("Tea",), rows=[["Tea"], ["Milk", "Tea"]])


def test_aliases_of_the_model_do_not_matter() -> None:
    class Aliased(BaseModel):
        total: Decimal = Field(alias="Total", gt=100)

    revision = revision_of(DOCUMENT, Aliased, {"total": "12.75"})

    assert revision.value is None
    assert [issue.field for issue in revision.issues] == ["total"]


async def test_a_function_may_give_answers_a_model_a_revision_or_a_coroutine() -> None:
    ready: Revision[Any] = Revision(model="ready")

    async def later(*_: Any) -> dict[str, Any]:
        return {"seller": {"name": "ACME STORES"}}

    assert (await FunctionReviser(lambda *_: VALUE).revise(DOCUMENT, Receipt)).value == VALUE
    assert (await FunctionReviser(lambda *_: ready).revise(DOCUMENT, Receipt)) is ready
    assert (await FunctionReviser(later).revise(DOCUMENT, Receipt)).value is not None


async def test_doubles_record_what_they_were_asked() -> None:
    reviser = StaticReviser(VALUE)

    await reviser.revise(DOCUMENT, Receipt, instructions="please")

    (call,) = reviser.calls
    assert (call.document, call.schema, call.instructions) == (DOCUMENT, Receipt, "please")


async def test_a_failing_reviser_fails_in_order_and_then_hands_on() -> None:
    first, second = ServiceConnectionError("first"), SchemaError("second")
    reviser = FailingReviser((first, second), then=StaticReviser(VALUE))

    with pytest.raises(ServiceConnectionError):
        await reviser.revise(DOCUMENT, Receipt)
    with pytest.raises(SchemaError):
        await reviser.revise(DOCUMENT, Receipt)
    assert (await reviser.revise(DOCUMENT, Receipt)).value == VALUE
    assert len(reviser.calls) == 3


async def test_a_failing_reviser_without_a_successor_fails_for_ever() -> None:
    reviser = FailingReviser(ServiceConnectionError("gone"))

    for _ in range(3):
        with pytest.raises(ServiceConnectionError):
            await reviser.revise(DOCUMENT, Receipt)


@pytest.mark.parametrize(
    "reviser", [StaticReviser(VALUE), FailingReviser(SchemaError("x")), ScriptedLlmReviser("{}")], ids=type
)
async def test_closed_doubles_refuse_documents(reviser: Any) -> None:
    await reviser.aclose()

    assert reviser.closed
    with pytest.raises(ClosedError):
        await reviser.revise(DOCUMENT, Receipt)
