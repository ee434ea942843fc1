"""Line items from rows of lines, and what their sums say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document
from deepocr_kit.revisers import Revision, RulesReviser
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio

PLACES = (0.05, 0.50, 0.65, 0.85)


class Line(BaseModel):
    description: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None


class Invoice(BaseModel):
    lines: list[Line] = []
    total: Decimal | None = None


def row(y: float, *texts: str, shift: float = 0.0) -> list[tuple[str, tuple[float, float, float, float]]]:
    return [
        (text, (x + shift, y, x + shift + 0.012 * len(text), y + 0.02))
        for x, text in zip(PLACES, texts, strict=False)
        if text
    ]


HEADER = row(0.10, "Description", "Qty", "Price", "Amount")


async def read(*rows: list[tuple[str, tuple[float, float, float, float]]]) -> Revision[Invoice]:
    return await RulesReviser().revise(page_of(*rows), Invoice)


def page_of(*rows: list[tuple[str, tuple[float, float, float, float]]]) -> Document:
    return build_document(build_page(*(piece for pieces in rows for piece in pieces)))


def item(description: str, quantity: str, price: str, amount: str) -> Line:
    return Line(description=description, quantity=quantity, unit_price=price, amount=amount)


async def test_rows_under_a_row_of_labels_become_items():
    revision = await read(
        HEADER,
        row(0.13, "Hammer", "2", "10.00", "20.00", shift=0.01),
        row(0.16, "Nails", "3", "1.50", "4.50", shift=-0.01),
        row(0.19, "Total", "", "", "24.50"),
    )

    assert revision.value == Invoice(
        lines=[item("Hammer", "2", "10.00", "20.00"), item("Nails", "3", "1.50", "4.50")], total=Decimal("24.50")
    )


async def test_a_value_points_at_its_own_line_and_at_its_column():
    revision = await read(HEADER, row(0.13, "Hammer", "2", "10.00", "20.00"))

    evidence = revision.fields["lines[0].amount"]
    assert (evidence.region_ids, evidence.signals["label"], evidence.signals["place"]) == (
        ("p1r8", "p1r4"), "Amount", "column",
    )  # fmt: skip


async def test_a_right_aligned_number_beside_its_column_keeps_the_order_of_the_row():
    revision = await read(HEADER, row(0.13, "Hammer", "2", "", ""), row(0.16, "Nails", "3", "1.50", "4.50"))

    assert revision.value.lines == [Line(description="Hammer", quantity=2), item("Nails", "3", "1.50", "4.50")]


async def test_a_description_on_a_row_of_its_own_goes_with_the_numbers_below():
    revision = await read(
        HEADER,
        row(0.13, "Claw hammer", "", "", ""),
        row(0.16, "", "2", "10.00", "20.00"),
        row(0.19, "Long nails", "", "", ""),
        row(0.22, "", "3", "1.50", "4.50"),
    )

    assert [line.description for line in revision.value.lines] == ["Claw hammer", "Long nails"]


async def test_the_list_ends_at_a_gap():
    revision = await read(HEADER, row(0.13, "Hammer", "2", "10.00", "20.00"), row(0.60, "Thanks", "9", "9.00", "81.00"))

    assert len(revision.value.lines) == 1


async def test_the_list_ends_where_a_lone_number_stands():
    revision = await read(
        HEADER,
        row(0.13, "Hammer", "2", "10.00", "20.00"),
        row(0.16, "", "", "", "20.00"),
        row(0.19, "Nails", "3", "1.50", "4.50"),
    )

    assert len(revision.value.lines) == 1


async def test_a_row_with_far_more_words_than_columns_is_no_item():
    crowd = [(str(number), (0.02 + 0.08 * number, 0.13, 0.04 + 0.08 * number, 0.15)) for number in range(11)]
    revision = await read(HEADER, crowd)

    assert revision.value.lines == []


async def test_a_row_with_more_words_than_columns_is_passed_over():
    crowd = [(str(number), (0.05 + 0.15 * number, 0.13, 0.07 + 0.15 * number, 0.15)) for number in range(6)]
    revision = await read(HEADER, crowd, row(0.16, "Nails", "3", "1.50", "4.50"))

    assert revision.value.lines == [item("Nails", "3", "1.50", "4.50")]


async def test_labels_with_values_are_no_header():
    revision = await read(row(0.10, "Description: x", "Qty: 2"), row(0.13, "Hammer", "2"))

    assert revision.value.lines == []


async def test_quantity_times_price_confirms_an_amount_or_casts_doubt_on_it():
    revision = await read(HEADER, row(0.13, "Hammer", "2", "10.00", "20.00"), row(0.16, "Nails", "3", "1.50", "45.00"))

    assert revision.fields["lines[0].amount"].signals["sums"] is True
    doubted = revision.fields["lines[1].amount"]
    assert (doubted.signals["sums"], doubted.grade.is_low) == (False, True)
    assert doubted.reason == "quantity and price do not make the amount"


async def test_the_sum_of_the_lines_finds_a_total_whose_label_was_not_read():
    revision = await read(
        HEADER,
        row(0.13, "Hammer", "2", "10.00", "20.00"),
        row(0.16, "Nails", "3", "1.50", "4.50"),
        row(0.40, "T???", "", "", "24.50"),
        row(0.43, "", "", "", "11.11"),
    )

    assert revision.value.total == Decimal("24.50")


async def test_items_without_amounts_have_no_sum():
    class Part(BaseModel):
        code: str | None = None
        description: str | None = None

    class Parts(BaseModel):
        parts: list[Part] = []

    document = page_of(row(0.10, "Code", "Description"), row(0.13, "A-100", "Screw"), row(0.16, "A-200", "Nut"))

    revision = await RulesReviser().revise(document, Parts)

    assert revision.value.parts == [Part(code="A-100", description="Screw"), Part(code="A-200", description="Nut")]


async def test_a_list_of_one_column_is_read():
    class Name(BaseModel):
        product: str | None = None

    class Names(BaseModel):
        names: list[Name] = []

    document = page_of(row(0.10, "Product"), row(0.13, "Screw"), row(0.16, "Nut"))

    revision = await RulesReviser().revise(document, Names)

    assert [name.product for name in revision.value.names] == ["Screw", "Nut"]
