"""What sums say about totals and other amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document, Page
from deepocr_kit.geometry import Size
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, Revision, RulesReviser
from deepocr_kit.testing import build_document, build_page, build_region

pytestmark = pytest.mark.anyio


class Receipt(BaseModel):
    total: Decimal | None = None


class Invoice(BaseModel):
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None


def rows(*pairs: tuple[str, str], top: float = 0.1) -> Document:
    parts = []
    for number, (label, value) in enumerate(pairs):
        y = top + 0.04 * number
        parts.append((label, (0.1, y, 0.1 + 0.012 * len(label), y + 0.02)))
        parts.append((value, (0.7, y, 0.7 + 0.012 * len(value), y + 0.02)))
    return build_document(build_page(*(part for part in parts if part[0])))


async def read(document: Document, schema: type[BaseModel] = Receipt) -> Revision[BaseModel]:
    return await RulesReviser().revise(document, schema)


async def total(*pairs: tuple[str, str]) -> FieldEvidence:
    return (await read(rows(*pairs))).fields["total"]


async def test_the_rounded_total_wins_over_the_one_before():
    found = await total(("Total", "22.91"), ("Rounding Adjustment", "-0.01"), ("Rounding", "22.90"))

    assert found.value == Decimal("22.90")


async def test_a_rounding_may_be_printed_without_its_sign():
    found = await total(
        ("Total Sales", "22.92"),
        ("Rounding", "0.02"),
        ("Total Rounded", "22.90"),
        ("Cash", "50.00"),
        ("Change", "27.10"),
    )

    assert (found.value, found.grade) == (Decimal("22.90"), EvidenceGrade.FOUND_LABELLED)


async def test_subtotal_and_tax_find_a_total_whose_label_was_cut():
    found = await total(("SUB TOTAL", "68.87"), ("SERVICE CHARGE", "0.00"), ("GST/TAX 6%", "4.13"), ("TO", "73.00"))

    assert (found.value, found.signals["place"], found.grade.is_low) == (Decimal("73.00"), "arithmetic", True)


async def test_change_that_cannot_be_read_leaves_the_money_given_out():
    found = await total(("Total", "25.45"), ("Cash", "25.50"), ("Change", "0 05"))

    assert (found.value, found.grade) == (Decimal("25.45"), EvidenceGrade.FOUND_LABELLED)


async def test_a_total_that_money_and_change_deny_is_ambiguous():
    found = await total(("Grand Total", "24.00"), ("Cash", "50.00"), ("Change", "20.00"))

    assert (found.value, found.grade) == (Decimal("24.00"), EvidenceGrade.AMBIGUOUS)
    assert found.reason == "the money given and the change make another total"


def scanned(confidence: float, *lines: str) -> Document:
    regions = tuple(
        build_region(
            text, (0.1, 0.1 * number, 0.5, 0.1 * number + 0.03), region_id=f"p1r{number}", confidence=confidence
        )
        for number, text in enumerate(lines, start=1)
    )
    return Document(pages=(Page(index=0, size=Size(1000, 1000), regions=regions),))


@pytest.mark.parametrize(
    ("confidence", "lines", "proven"),
    [
        (0.98, ("Total 12.00",), False),
        (0.98, ("Total 12.00", "Visa 12.00"), True),
        (0.98, ("Total 12.00", "Net 12.00"), True),
        (0.999, ("Total 12.00",), True),
    ],
    ids=["alone", "paid", "printed twice", "read surely"],
)
async def test_a_total_that_was_not_surely_read_needs_another_witness(confidence, lines, proven):
    found = (await read(scanned(confidence, *lines))).fields["total"]

    assert (found.value, not found.grade.is_low) == (Decimal("12.00"), proven)


async def test_a_name_that_was_not_surely_read_is_ambiguous():
    class Head(BaseModel):
        company: str | None = None

    names = [
        (await read(scanned(confidence, "LUCKY STAR SDN BHD"), Head)).fields["company"] for confidence in (0.93, 0.97)
    ]

    assert [name.grade for name in names] == [EvidenceGrade.AMBIGUOUS, EvidenceGrade.FOUND_UNIQUE]
    assert names[0].reason == "its characters were not surely read"


async def test_amounts_that_agree_win_over_labels_that_fit_better():
    revision = await read(
        rows(("Subtotal", "100.00"), ("Tax", "6.00"), ("Grand Total", "16.00"), ("Total", "106.00")), Invoice
    )

    assert revision.value == Invoice(subtotal="100.00", tax="6.00", total="106.00")
    assert all(revision.fields[name].signals["sums"] for name in ("subtotal", "tax", "total"))


async def test_discount_charge_and_rounding_take_part_in_the_sum():
    class Full(Invoice):
        service_charge: Decimal | None = None
        discount: Decimal | None = None
        rounding: Decimal | None = None

    revision = await read(
        rows(
            ("Subtotal", "100.00"), ("Discount", "10.00"), ("Service Charge", "9.00"), ("Tax", "5.94"),
            ("Rounding", "0.01"), ("Total", "104.95"),
        ),
        Full,
    )  # fmt: skip

    assert revision.fields["total"].signals["sums"] is True


async def test_amounts_that_agree_nowhere_stay_as_they_are():
    revision = await read(rows(("Subtotal", "100.00"), ("Tax", "6.00"), ("Total", "120.00")), Invoice)

    assert revision.value == Invoice(subtotal="100.00", tax="6.00", total="120.00")
    assert "sums" not in revision.fields["total"].signals


async def test_a_missing_part_stops_the_sum():
    revision = await read(rows(("Subtotal", "100.00"), ("Total", "106.00")), Invoice)

    assert revision.value == Invoice(subtotal="100.00", total="106.00")


async def test_quantity_and_price_choose_the_amount():
    class Sale(BaseModel):
        quantity: int | None = None
        unit_price: Decimal | None = None
        amount: Decimal | None = None

    revision = await read(rows(("Quantity", "3"), ("Unit Price", "2.50"), ("Amount", "7.50")), Sale)

    assert revision.value == Sale(quantity=3, unit_price="2.50", amount="7.50")
    assert revision.fields["amount"].signals["sums"] is True


async def test_an_amount_of_zero_agrees_with_nothing():
    revision = await read(rows(("Subtotal", "0.00"), ("Tax", "0.00"), ("Total", "0.00")), Invoice)

    assert "sums" not in revision.fields["total"].signals


async def test_another_total_of_nearly_the_same_weight_makes_both_ambiguous():
    found = await total(("Total", "19.00"), ("Amount Due", "21.00"))

    assert (found.grade, found.reason) == (EvidenceGrade.AMBIGUOUS, "another value fits as well")


async def test_the_capital_amount_of_a_vat_invoice_confirms_the_total():
    found = await total(("合计", "¥46.62"), ("价税合计(大写)", "伍拾贰圆柒角"), ("(小写)", "¥52.70"))

    assert (found.value, found.grade) == (Decimal("52.70"), EvidenceGrade.FOUND_LABELLED)


async def test_an_amount_that_makes_another_one_with_the_tax_is_not_surely_the_total():
    found = await total(("Total", "100.00"), ("GST", "6.00"), ("Nett", "106.00"))

    assert found.grade is EvidenceGrade.AMBIGUOUS
    assert "tax" in found.reason


async def test_the_smaller_one_of_two_totals_is_not_surely_the_total():
    found = await total(("Grand Total", "90.00"), ("Total Sales Amount Qty", "8"), ("Invoice Total", "120.00"))

    assert found.grade is EvidenceGrade.AMBIGUOUS


async def test_an_amount_that_no_coins_pay_is_not_surely_the_total_beside_one_that_they_do():
    found = await total(("Total", "22.91"), ("Nearest", "22.90"))

    assert found.value == Decimal("22.91")
    assert found.grade is EvidenceGrade.AMBIGUOUS
    assert "rounded" in found.reason
