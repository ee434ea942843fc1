"""Places for a stamp or a signature are never values."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Region, RegionLabel, Table, TableCell
from deepocr_kit.revisers import EvidenceGrade, RulesReviser
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio


class Company(BaseModel):
    company: str | None = None


async def company_of(text: str) -> object:
    return (await RulesReviser().revise(build_document(text), Company)).fields["company"]


@pytest.mark.parametrize(
    "mark",
    [
        "(章)",
        "（盖章）",
        "(公章)",
        "(签字)",
        "（签章）",
        "(发票专用章)",
        "(签字或盖章)",
        "(signature)",
        "(Stamp)",
        "(Authorised Signature and Company Stamp)",
        "L.S.",
        "(L.S.)",
        "Authorized Signature",
        "盖章处",
        "年 月 日",
    ],
)
@pytest.mark.parametrize("label", ["销售方:", "Seller: "])
async def test_a_placeholder_is_no_value(label: str, mark: str):
    assert (await company_of(label + mark)).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("销售方名称:子虚建材有限公司\n销售方:(章)", "子虚建材有限公司"),
        ("公司名称：子虚建材有限公司（盖章）", "子虚建材有限公司"),
        ("公司名称（盖章） 子虚建材有限公司", "子虚建材有限公司"),
        ("Company: ACME LTD (company stamp)", "ACME LTD"),
        ("Company: Stamp Seal Ltd", "Stamp Seal Ltd"),
        ("公司名称：章三文具店", "章三文具店"),
    ],
)
async def test_the_value_stands_without_its_placeholder(text: str, value: str):
    assert (await company_of(text)).value == value


async def test_a_remark_in_brackets_is_not_proven():
    assert (await company_of("Company: (please print)")).grade is EvidenceGrade.AMBIGUOUS


async def test_a_placeholder_in_a_cell_is_no_value():
    class Signed(BaseModel):
        name: str | None = None
        signature: str | None = None

    class Sheet(BaseModel):
        rows: list[Signed] = []

    words = (("Name", "Signature"), ("Ann", "(signature)"))
    cells = [
        TableCell(row=at, col=column, text=text) for at, row in enumerate(words) for column, text in enumerate(row)
    ]
    region = Region(id="p1r1", label=RegionLabel.TABLE, table=Table(row_count=2, col_count=2, cells=tuple(cells)))
    document = build_document(build_page("first").model_copy(update={"regions": (region,)}))
    revision = await RulesReviser().revise(document, Sheet)

    assert revision.value == Sheet(rows=[Signed(name="Ann")])
