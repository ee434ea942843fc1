"""Rules that a schema declares choose among the values that fit their labels."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, Field

from deepocr_kit.revisers import (
    CapitalAmount,
    Check,
    EvidenceGrade,
    Ordered,
    Product,
    Revision,
    RulesReviser,
    Sum,
    cross_checks,
)
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio


class Transfer(BaseModel):
    worth: Decimal | None = Field(None, title="Worth")
    levy: Decimal | None = Field(None, title="Levy")
    sent: Decimal | None = Field(None, title="To transfer")


class Line(BaseModel):
    name: str | None = None
    amount: Decimal | None = None


class Basket(BaseModel):
    lines: list[Line] = []
    worth: Decimal | None = Field(None, title="Worth")


BASKET = build_page(
    ("Name", (0.1, 0.10, 0.2, 0.12)),
    ("Amount", (0.6, 0.10, 0.7, 0.12)),
    ("Tea", (0.1, 0.13, 0.2, 0.15)),
    ("3.00", (0.6, 0.13, 0.7, 0.15)),
    ("Milk", (0.1, 0.16, 0.2, 0.18)),
    ("2.00", (0.6, 0.16, 0.7, 0.18)),
    ("Worth", (0.1, 0.50, 0.2, 0.52)),
    ("9.00", (0.6, 0.50, 0.7, 0.52)),
    ("Worth", (0.1, 0.53, 0.2, 0.55)),
    ("5.00", (0.6, 0.53, 0.7, 0.55)),
)


async def read(text: str, schema: type[BaseModel], *checks: Check) -> Revision[Any]:
    declared = cross_checks(*checks)(type("Declared", (schema,), {"__module__": __name__}))
    return await RulesReviser().revise(build_document(text), declared)


async def test_a_declared_sum_chooses_between_two_values_of_one_label():
    text = "Worth 100.00\nLevy 6.00\nTo transfer 100.00\nTo transfer 106.00"

    without = await read(text, Transfer)
    revision = await read(text, Transfer, Sum(("worth", "levy"), equals="sent"))

    assert without.fields["sent"].grade is EvidenceGrade.AMBIGUOUS
    assert revision.value.sent == Decimal("106.00")
    assert revision.fields["sent"].grade is EvidenceGrade.FOUND_LABELLED
    assert revision.fields["sent"].signals["sums"] is True


async def test_a_declared_product_chooses_as_well():
    class Fuel(BaseModel):
        litres: Decimal | None = Field(None, title="Litres")
        per_litre: Decimal | None = Field(None, title="Per litre")
        worth: Decimal | None = Field(None, title="Worth")

    text = "Litres 20.00\nPer litre 1.50\nWorth 31.00\nWorth 30.00"

    revision = await read(text, Fuel, Product(("litres", "per_litre"), equals="worth"))

    assert revision.value.worth == Decimal("30.00")


async def test_a_declared_sum_of_items_chooses_the_whole():
    schema = cross_checks(Sum("lines[*].amount", equals="worth"))(type("B", (Basket,), {"__module__": __name__}))

    revision = await RulesReviser().revise(build_document(BASKET), schema)

    assert revision.value.worth == Decimal("5.00")
    assert revision.fields["worth"].grade is EvidenceGrade.FOUND_LABELLED


async def test_an_amount_in_words_chooses_the_one_in_figures():
    class Cheque(BaseModel):
        words: str | None = Field(None, title="大写")
        figures: Decimal | None = Field(None, title="小写")

    text = "大写：壹佰贰拾元整\n小写：20.00\n小写：120.00"

    revision = await read(text, Cheque, CapitalAmount("words", equals="figures"))

    assert revision.value.figures == Decimal("120.00")


async def test_a_part_that_documents_may_lack_counts_as_zero():
    class Discounted(Transfer):
        rebate: Decimal | None = Field(None, title="Rebate")

    text = "Worth 100.00\nLevy 6.00\nTo transfer 100.00\nTo transfer 106.00"
    rule = Sum(("worth", "levy", "-rebate"), equals="sent", optional=("rebate",))

    assert (await read(text, Discounted, rule)).value.sent == Decimal("106.00")


@pytest.mark.parametrize(
    "check",
    [
        Sum(("worth", "levy"), equals="sent"),  # holds for no value
        Sum(("worth", "levy", "rebate"), equals="sent"),  # cannot be done without a part
        Ordered("worth", "sent"),  # tells nothing
    ],
)
async def test_a_rule_that_decides_nothing_leaves_all_as_it_is(check):
    class Discounted(Transfer):
        rebate: Decimal | None = Field(None, title="Rebate")

    text = "Worth 100.00\nLevy 7.00\nTo transfer 100.00\nTo transfer 106.00"

    assert (await read(text, Discounted, check)).value.model_dump() == (await read(text, Discounted)).value.model_dump()


async def test_what_the_schema_declares_comes_before_what_names_say():
    class Invoice(BaseModel):
        subtotal: Decimal | None = None
        tax: Decimal | None = None
        total: Decimal | None = None

    text = "Subtotal 100.00\nTax 6.00\nTotal 106.00\nTotal 94.00"

    assert (await read(text, Invoice)).value.total == Decimal("106.00")
    assert (await read(text, Invoice, Sum(("subtotal", "-tax"), equals="total"))).value.total == Decimal("94.00")


async def test_a_list_of_values_is_read_from_the_column_that_its_label_heads():
    class Names(BaseModel):
        names: list[str] = Field([], title="Name")
        amounts: list[Decimal] = Field([], title="Amount")
        days: list[dt.date] = []

    revision = await RulesReviser().revise(build_document(BASKET), Names)

    assert revision.value == Names(names=["Tea", "Milk"], amounts=[Decimal("3.00"), Decimal("2.00")])
    assert revision.fields["amounts[1]"].grade is EvidenceGrade.FOUND_LABELLED
    assert revision.fields["days"].grade is EvidenceGrade.MISSING


async def test_lines_under_a_word_are_a_list_only_perhaps():
    class Skills(BaseModel):
        skills: list[str] = []

    page = build_page(("Skills", (0.1, 0.1, 0.2, 0.12)), ("Welding", (0.1, 0.13, 0.2, 0.15)))

    revision = await RulesReviser().revise(build_document(page), Skills)

    assert revision.value.skills == ["Welding"]
    assert revision.fields["skills[0]"].grade is EvidenceGrade.AMBIGUOUS
    assert "paragraph" in revision.fields["skills[0]"].reason
