"""The founding case by rules: a real grounding answer whose value column has drifted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from deepocr_kit.documents import Document, Page
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.revisers import Revision, RulesReviser

pytestmark = pytest.mark.anyio


class TaxiReceipt(BaseModel):
    """Every field described by nothing but its printed label."""

    company: str = Field(description="公司名称")
    invoice_code: str = Field(description="发票代码")
    invoice_number: str = Field(description="发票号码")
    unified_social_credit_code: str = Field(description="统一社会信用代码")
    car_number: str = Field(description="车号")
    certificate_number: str = Field(description="证号")
    date: str = Field(description="日期")
    boarding_time: str = Field(description="上车")
    boarding_mileage: str = Field(description="上车")
    alighting_time: str = Field(description="下车")
    unit_price: str = Field(description="单价(元)")
    distance: str = Field(description="里程(km)")
    waiting_time: str = Field(description="等候")
    amount: str = Field(description="金额(元)")
    call_fee: str = Field(description="电调费")
    fuel_surcharge: str = Field(description="燃油附加费")
    holiday_surcharge: str = Field(description="节假日附加费")


@pytest.fixture(params=[Size(1000, 1000), Size(720, 1280)], ids=["square", "portrait"])
def size(request: pytest.FixtureRequest) -> Size:
    return request.param


@pytest.fixture
async def revision(shared_data: Path, size: Size) -> Revision[TaxiReceipt]:
    raw = (shared_data / "taxi_invoice" / "grounding.txt").read_text(encoding="utf-8")
    page = Page(index=0, size=size, regions=DeepSeekOcrDialect().parse(raw).regions, raw_text=raw)
    return await RulesReviser().revise(Document(pages=(page,)), TaxiReceipt)


@pytest.fixture
def expected(shared_data: Path) -> dict[str, str]:
    return json.loads((shared_data / "taxi_invoice" / "expected.json").read_text(encoding="utf-8"))


async def test_at_least_fifteen_of_seventeen_fields_are_right(revision, expected):
    right = [path for path, value in expected.items() if revision.fields[path].value == value]

    assert len(right) >= 15


async def test_no_field_is_wrong_without_a_low_grade(revision, expected):
    wrong = [
        path
        for path, value in expected.items()
        if revision.fields[path].value != value and not revision.fields[path].grade.is_low
    ]

    assert wrong == []


async def test_every_value_points_at_its_ink(revision):
    unproven = [path for path, evidence in revision.fields.items() if evidence.value and not evidence.boxes]

    assert unproven == []
