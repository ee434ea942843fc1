"""Buyer and seller whose labels are the same."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from deepocr_kit.documents import Document
from deepocr_kit.revisers import RulesReviser
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio

LINE = 0.02


def at(x: float, y: float, text: str, width: float = 0.012) -> tuple[str, tuple[float, float, float, float]]:
    return text, (x, y, x + width * len(text), y + LINE)


class Party(BaseModel):
    name: str | None = None
    tax_id: str | None = None


class Invoice(BaseModel):
    seller: Party | None = None
    buyer: Party | None = None


INVOICE = build_document(
    build_page(
        at(0.1, 0.10, "From"),
        at(0.6, 0.10, "Bill To:"),
        at(0.1, 0.13, "Name: Acme Tools Ltd"),
        at(0.6, 0.13, "Name: Bolt Works"),
        at(0.1, 0.16, "Tax ID: GB111222333"),
        at(0.6, 0.16, "Tax ID: GB999888777"),
        at(0.1, 0.40, "Tax ID: GB000000000"),
    )
)
CHINESE = build_document(
    build_page(
        ("购", (0.05, 0.10, 0.07, 0.12)),
        ("买方", (0.05, 0.125, 0.07, 0.175)),
        ("密码区", (0.55, 0.10, 0.57, 0.175)),
        at(0.10, 0.10, "名"),
        at(0.15, 0.10, "称：星河商店", 0.02),
        at(0.10, 0.13, "纳税人识别号：", 0.02),
        at(0.30, 0.132, "911100001111111111"),
        at(0.60, 0.13, "*7//048893934"),
        ("销售方", (0.05, 0.50, 0.07, 0.57)),
        at(0.10, 0.50, "名"),
        at(0.15, 0.50, "称：长风五金有限公司", 0.02),
        at(0.10, 0.53, "纳税人识别号：922200002222222222", 0.013),
    )
)


async def values(document: Document, schema: type[BaseModel]) -> dict[str, object]:
    revision = await RulesReviser().revise(document, schema)
    return {path: evidence.value for path, evidence in revision.fields.items() if not evidence.grade.is_low}


async def test_blocks_under_headings_tell_nested_parties_apart():
    assert await values(INVOICE, Invoice) == {
        "seller.name": "Acme Tools Ltd",
        "seller.tax_id": "GB111222333",
        "buyer.name": "Bolt Works",
        "buyer.tax_id": "GB999888777",
    }


async def test_the_name_of_a_field_may_name_the_party():
    class Flat(BaseModel):
        seller_tax_id: str | None = None
        customer_tax_id: str | None = None

    assert await values(INVOICE, Flat) == {"seller_tax_id": "GB111222333", "customer_tax_id": "GB999888777"}


async def test_upright_headings_stand_beside_their_block_though_their_parts_are_apart():
    class Side(BaseModel):
        name: str | None = Field(None, title="名称")
        tax_id: str | None = Field(None, title="纳税人识别号")

    class VatInvoice(BaseModel):
        buyer: Side | None = None
        seller: Side | None = None

    assert await values(CHINESE, VatInvoice) == {
        "buyer.name": "星河商店",
        "buyer.tax_id": "911100001111111111",
        "seller.name": "长风五金有限公司",
        "seller.tax_id": "922200002222222222",
    }


async def test_chinese_labels_may_name_the_party():
    class Flat(BaseModel):
        a: str | None = Field(None, title="购买方名称")
        b: str | None = Field(None, title="销售方名称")

    assert await values(CHINESE, Flat) == {"a": "星河商店", "b": "长风五金有限公司"}


async def test_a_label_that_names_its_party_needs_no_block():
    class Flat(BaseModel):
        buyer_tax_id: str | None = None
        seller_tax_id: str | None = None

    document = build_document(
        build_page(
            at(0.1, 0.1, "Seller Tax ID: GB111222333"),
            at(0.1, 0.2, "Buyer Tax ID: GB999888777"),
        )
    )

    assert await values(document, Flat) == {"buyer_tax_id": "GB999888777", "seller_tax_id": "GB111222333"}


async def test_a_label_in_no_block_is_no_proof_when_the_party_has_one():
    document = build_document(
        build_page(at(0.1, 0.1, "Bill To"), at(0.1, 0.13, "Bolt Works"), at(0.1, 0.4, "Tax ID: GB000000000"))
    )

    found = await values(document, Invoice)

    assert (found["buyer.name"], found.get("buyer.tax_id")) == ("Bolt Works", None)


async def test_a_block_ends_at_the_next_heading_and_at_a_gap():
    class Sides(BaseModel):
        buyer: Party | None = None
        ship_to: Party | None = None

    document = build_document(
        build_page(
            at(0.1, 0.10, "Bill To"),
            at(0.1, 0.13, "Tax ID: GB111222333"),
            at(0.1, 0.16, "Ship To"),
            at(0.1, 0.19, "Tax ID: GB999888777"),
            at(0.1, 0.40, "Tax ID: GB000000000"),
        )
    )

    found = await values(document, Sides)

    assert (found["buyer.tax_id"], found["ship_to.tax_id"]) == ("GB111222333", "GB999888777")


async def test_a_block_does_not_reach_over_the_end_of_a_page():
    pages = [
        build_page(at(0.1, 0.93, "Bill To"), at(0.1, 0.96, "Bolt Works"), index=0),
        build_page(at(0.1, 0.02, "Tax ID: GB000000000"), index=1),
    ]

    assert "buyer.tax_id" not in await values(build_document(*pages), Invoice)


async def test_party_words_inside_a_name_do_not_part_it():
    class Flat(BaseModel):
        buyer_name: str | None = Field(None, title="名称")
        seller_name: str | None = None

    document = build_document(build_page(at(0.1, 0.1, "名称：测试购方企业", 0.02)))

    assert await values(document, Flat) == {"buyer_name": "测试购方企业"}
