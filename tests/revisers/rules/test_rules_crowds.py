"""A label that names several values gives a single field their sum, or no proven value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from deepocr_kit.documents import Document, Region, RegionLabel, Table, TableCell
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, Product, Revision, RulesReviser, cross_checks
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio

HEADER = ("Goods", "Qty", "Unit Price", "Amount", "Tax")
LAMP = ("Lamp", "2", "10.00", "20.00", "2.00")
DESK = ("Desk", "1", "80.00", "80.00", "8.00")


def page_of(*rows: tuple[str, ...]) -> Document:
    """Cells in columns of a fifth of the page; empty ones are left out."""
    places = [
        (text, (0.05 + 0.19 * column, top, 0.05 + 0.19 * column + 0.01 * len(text), top + 0.02))
        for top, row in zip(count(0.1, 0.03), rows, strict=False)
        for column, text in enumerate(row)
        if text
    ]
    return build_document(build_page(*places))


def table_of(*rows: tuple[str, ...]) -> Document:
    cells = [
        TableCell(row=number, col=column, text=text)
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
    ]
    region = Region(
        id="p1r1",
        label=RegionLabel.TABLE,
        boxes=(BBox(0.05, 0.1, 0.95, 0.1 + 0.05 * len(rows)),),
        table=Table(row_count=len(rows), col_count=len(rows[0]), cells=tuple(cells)),
    )
    page = build_page("first").model_copy(update={"regions": (region,)})
    return build_document(page)


async def revise(document: Document, **kinds: Any) -> Revision[BaseModel]:
    schema = create_model("Asked", **{name: (kind | None, None) for name, kind in kinds.items()})
    return await RulesReviser().revise(document, schema)


async def read(document: Document, name: str, kind: Any = Decimal) -> FieldEvidence:
    return (await revise(document, **{name: kind})).fields[name]


@pytest.fixture(params=[page_of, table_of], ids=["lines", "table"])
def made(request: pytest.FixtureRequest) -> Any:
    return request.param


async def test_the_sum_of_a_column_stands_in_the_row_of_the_sum(made):
    evidence = await read(made(HEADER, LAMP, DESK, ("Total", "3", "", "100.00", "10.00")), "tax")

    assert evidence.value == Decimal("10.00")
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED
    assert evidence.signals["place"] == "column"


async def test_a_column_without_a_sum_gives_a_single_field_no_proven_value(made):
    evidence = await read(made(HEADER, LAMP, DESK), "tax")

    assert evidence.grade is EvidenceGrade.AMBIGUOUS
    assert evidence.score < 0.7
    assert evidence.reason == "its label heads a column of 2 values"


async def test_a_sum_that_the_column_does_not_make_is_ambiguous():
    evidence = await read(page_of(HEADER, LAMP, DESK, ("Total", "3", "", "100.00", "12.00")), "tax")

    assert evidence.value == Decimal("12.00")
    assert evidence.grade is EvidenceGrade.AMBIGUOUS
    assert "add up" in evidence.reason


async def test_two_sums_under_one_label_are_ambiguous():
    rows = (("Subtotal", "3", "", "100.00", "10.00"), ("Total", "3", "", "100.00", "11.00"))
    evidence = await read(page_of(HEADER, LAMP, DESK, *rows), "tax")

    assert evidence.grade is EvidenceGrade.AMBIGUOUS
    assert evidence.reason == "more than one sum stands under its label"


async def test_prices_have_no_sum():
    evidence = await read(page_of(HEADER, LAMP, DESK, ("Total", "3", "90.00", "100.00", "10.00")), "unit_price")

    assert evidence.grade is EvidenceGrade.AMBIGUOUS


async def test_a_column_of_one_value_is_that_value(made):
    evidence = await read(made(HEADER, LAMP), "tax")

    assert evidence.value == Decimal("2.00")
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED


async def test_a_column_of_equal_values_is_that_value():
    evidence = await read(page_of(("Item", "Tax Rate"), ("Lamp", "13%"), ("Desk", "13%")), "tax_rate")

    assert evidence.value == Decimal(13)
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED


async def test_a_row_with_a_label_of_its_own_is_not_part_of_the_column():
    evidence = await read(
        page_of(("Goods", "Amount"), ("Lamp", "20.00"), ("Cash", "50.00"), ("Change", "30.00")), "amount"
    )

    assert evidence.value == Decimal("20.00")
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED


async def test_numbers_inside_of_words_are_not_part_of_the_column():
    rows = (("Goods", "Tax"), ("Lamp", "2.00"), ("", "X2Y150'S(V/P)"), ("Total", "2.00"))
    evidence = await read(page_of(*rows), "tax")

    assert evidence.value == Decimal("2.00")
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED


async def test_the_columns_of_text_and_dates_beside_numbers_are_columns_too():
    document = page_of(("Date", "Item", "Amount"), ("01/02/2020", "Rent", "10.00"), ("05/02/2020", "Gas", "20.00"))
    revision = await revise(document, date=dt.date, item=str, amount=Decimal)

    assert {evidence.grade for evidence in revision.fields.values()} == {EvidenceGrade.AMBIGUOUS}


async def test_a_product_that_holds_in_every_row_settles_none():
    document = page_of(HEADER, LAMP, DESK)
    by_name = await revise(document, quantity=Decimal, unit_price=Decimal, amount=Decimal)

    @cross_checks(Product(("quantity", "unit_price"), equals="amount"))
    class Line(BaseModel):
        quantity: Decimal | None = None
        unit_price: Decimal | None = None
        amount: Decimal | None = None

    declared = await RulesReviser().revise(document, Line)

    for revision in (by_name, declared):
        assert {evidence.grade for evidence in revision.fields.values()} == {EvidenceGrade.AMBIGUOUS}


@pytest.mark.parametrize("text", ["Tax   30.80   70.98   65.00", "Tax: 30.80 70.98"])
async def test_several_amounts_beside_one_label_are_ambiguous(text):
    evidence = await read(build_document(text), "tax")

    assert evidence.grade is EvidenceGrade.AMBIGUOUS
    assert evidence.reason.endswith("values stand beside its label")


async def test_a_percentage_or_a_count_beside_the_label_is_no_second_amount():
    assert (await read(build_document("Tax   6%   1.20"), "tax")).value == Decimal("1.20")
    evidence = await read(build_document("Subtotal   3   12.00"), "subtotal")
    assert (evidence.value, evidence.grade) == (Decimal("12.00"), EvidenceGrade.FOUND_LABELLED)


async def test_a_label_between_parts_the_values_of_a_row():
    revision = await revise(build_document("Tax   1.20   Cash   20.00"), tax=Decimal, cash=Decimal)

    assert revision.fields["tax"].value == Decimal("1.20")
    assert revision.fields["tax"].grade is EvidenceGrade.FOUND_LABELLED


async def test_two_dates_beside_a_label_that_asks_for_no_end_are_ambiguous():
    evidence = await read(build_document("Date: 01/02/2020 to 05/02/2020"), "date", dt.date)

    assert evidence.grade is EvidenceGrade.AMBIGUOUS


async def test_a_text_label_with_a_row_of_words_beside_it_heads_a_table():
    document = page_of(("Name", "Grade", "Colour", "Year"), ("", "high", "blue", "last"))

    assert (await read(document, "name", str)).grade.is_low


async def test_the_same_label_with_two_values_is_ambiguous():
    document = page_of(("Tax ID: GB111222333", "", ""), ("Tax ID:", "GB999888777", ""))

    assert (await read(document, "tax_id", str)).grade is EvidenceGrade.AMBIGUOUS


async def test_a_label_between_a_heading_and_a_value_takes_the_value():
    document = page_of(("(Tax)",), ("Price",), ("68.90",))
    revision = await revise(document, tax=Decimal, unit_price=Decimal)

    assert revision.fields["tax"].grade.is_low
    assert revision.fields["unit_price"].value == Decimal("68.90")


async def test_a_rounding_is_less_than_one():
    revision = await revise(build_document("Rounding Adjustment   0.01\nRounding   45.35"), rounding=Decimal)

    assert revision.fields["rounding"].value == Decimal("0.01")


async def test_an_amount_in_the_summary_of_taxes_is_no_amount_of_the_document():
    lines = ["Shop", "Date: 01/02/2020", "Tea 3.00", "Thanks"]
    document = build_document("\n".join([*lines, "GST Summary   Amount   Tax", "S 6%   12.00   0.72"]))

    assert (await read(document, "amount")).grade.is_low


async def test_the_rest_of_a_longer_label_is_no_value():
    evidence = await read(build_document("Item Value Adj: none"), "item", str)

    assert evidence.value is None


async def test_the_sum_of_a_column_in_plain_text_stands_beside_the_word_for_it():
    evidence = await read(build_document("Goods   Tax\nLamp   2.00\nDesk   8.00\nTotal   10.00"), "tax")

    assert (evidence.value, evidence.grade) == (Decimal("10.00"), EvidenceGrade.FOUND_LABELLED)


async def test_a_column_ends_at_a_gap_and_at_the_end_of_its_page():
    first = build_page(("Tax", (0.1, 0.1, 0.15, 0.12)), ("2.00", (0.1, 0.13, 0.15, 0.15)))
    far = build_page(
        ("Tax", (0.1, 0.1, 0.15, 0.12)), ("2.00", (0.1, 0.13, 0.15, 0.15)), ("8.00", (0.1, 0.5, 0.15, 0.52))
    )
    second = build_page(("8.00", (0.1, 0.1, 0.15, 0.12)), index=1)

    for document in (build_document(far), build_document(first, second)):
        evidence = await read(document, "tax")
        assert (evidence.value, evidence.grade) == (Decimal("2.00"), EvidenceGrade.FOUND_LABELLED)


async def test_a_column_passes_rows_without_a_value_but_not_many():
    near = page_of(("Goods", "Tax"), ("Lamp", "2.00"), ("blue",), ("Desk", "8.00"))
    far = page_of(("Goods", "Tax"), ("Lamp", "2.00"), *[("blue",)] * 5, ("Desk", "8.00"))

    assert (await read(near, "tax")).grade is EvidenceGrade.AMBIGUOUS
    assert (await read(far, "tax")).grade is EvidenceGrade.FOUND_LABELLED
