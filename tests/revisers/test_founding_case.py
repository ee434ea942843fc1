"""The founding case: a Chinese taxi receipt, read into seventeen fields by a scripted model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from deepocr_kit.documents import Document, IssueCode, Page
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.revisers import EvidenceGrade, OpenAIReviser, Revision
from deepocr_kit.testing import Answer, VllmServer

pytestmark = pytest.mark.anyio


def printed(label: str) -> type[str]:
    return Annotated[str, Field(description=label)]


class TaxiReceipt(BaseModel):
    company: printed("出租汽车公司")
    invoice_code: printed("发票代码")
    invoice_number: printed("发票号码")
    unified_social_credit_code: printed("统一社会信用代码")
    car_number: printed("车号")
    certificate_number: printed("证号")
    date: printed("日期")
    boarding_time: printed("上车")
    boarding_mileage: printed("上车里程")
    alighting_time: printed("下车")
    unit_price: printed("单价(元)")
    distance: printed("里程(km)")
    waiting_time: printed("等候")
    amount: printed("金额(元)")
    call_fee: printed("含电调费")
    fuel_surcharge: printed("燃油附加费")
    holiday_surcharge: printed("节假日附加费")


CITED = {
    "company": "p1r2",
    "invoice_code": "p1r9",
    "invoice_number": "p1r10",
    "unified_social_credit_code": "p1r12",
    "car_number": "p1r17",
    "certificate_number": "p1r18",
    "date": "p1r19",
    "boarding_time": "p1r21",
    "boarding_mileage": "p1r21",
    "alighting_time": "p1r22",
    "unit_price": "p1r23",
    "distance": "p1r25",
    "waiting_time": "p1r27",
    "amount": "p1r29",
    "call_fee": "p1r31",
    "fuel_surcharge": "p1r32",
    "holiday_surcharge": "p1r33",
}
"""The region in which each value is printed; the drift of the rows is the point of this receipt."""


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, str]:
    return json.loads((shared_data / "taxi_invoice" / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def document(shared_data: Path) -> Document:
    raw_text = (shared_data / "taxi_invoice" / "grounding.txt").read_text("utf-8")
    parsed = DeepSeekOcrDialect().parse(raw_text)
    return Document(pages=(Page(index=0, regions=parsed.regions, raw_text=raw_text),))


def wire(values: dict[str, str], cited: dict[str, str]) -> str:
    return json.dumps({name: {"text": value, "src": [cited[name]]} for name, value in values.items()})


async def revise(document: Document, answer: str) -> Revision[TaxiReceipt]:
    with VllmServer(Answer(answer), model="qwen") as server:
        async with OpenAIReviser(server.base_url, "qwen", api_key="test-key") as reviser:
            return await reviser.revise(document, TaxiReceipt)


async def test_all_seventeen_fields_are_right_each_with_its_region(
    document: Document, expected: dict[str, str]
) -> None:
    revision = await revise(document, wire(expected, CITED))

    assert revision.value is not None
    assert revision.value.model_dump() == expected
    assert len(revision.fields) == 17
    for name, evidence in revision.fields.items():
        assert evidence.region_ids == (CITED[name],)
        assert not evidence.grade.is_low
        assert evidence.boxes


async def test_each_region_shows_its_value(document: Document, expected: dict[str, str]) -> None:
    revision = await revise(document, wire(expected, CITED))

    for name, evidence in revision.fields.items():
        shown = document.region(evidence.region_ids[0]).text.replace("*", "")
        assert expected[name] in shown


async def test_a_model_that_cites_nothing_leaves_repeated_values_in_doubt(
    document: Document, expected: dict[str, str]
) -> None:
    answer = json.dumps({name: {"text": value, "src": []} for name, value in expected.items()})

    revision = await revise(document, answer)

    assert revision.value is not None
    assert revision.fields["invoice_code"].grade in {EvidenceGrade.FOUND_LABELLED, EvidenceGrade.FOUND_UNIQUE}
    assert revision.fields["certificate_number"].grade is EvidenceGrade.FOUND_LABELLED
    zeros = [revision.fields[name] for name in ("call_fee", "fuel_surcharge", "holiday_surcharge")]
    assert any(evidence.grade is EvidenceGrade.AMBIGUOUS for evidence in zeros)


async def test_a_wrong_region_is_not_believed(document: Document, expected: dict[str, str]) -> None:
    revision = await revise(document, wire(expected, dict.fromkeys(CITED, "p1r5")))

    assert all(evidence.region_ids != ("p1r5",) for evidence in revision.fields.values())
    assert all(evidence.signals["citation"] == "missed" for evidence in revision.fields.values())
    assert revision.fields["invoice_number"].region_ids == ("p1r10",)


async def test_invented_regions_are_dropped_and_told(document: Document, expected: dict[str, str]) -> None:
    revision = await revise(document, wire(expected, dict.fromkeys(CITED, "p9r999")))

    told = [issue.field for issue in revision.issues if issue.code is IssueCode.UNKNOWN_REGION]
    assert told == list(CITED)


@pytest.mark.parametrize(
    ("name", "invented"),
    [
        ("company", "北京出租汽车有限公司"),
        ("invoice_code", "1233777024888216"),
        ("invoice_number", "97233233389"),
        ("car_number", "BB88889"),
        ("date", "24-08-09"),
        ("boarding_time", "22:21"),
        ("amount", "200.00"),
        ("waiting_time", "00:03:27"),
        ("distance", "5.9"),
        ("boarding_mileage", "122"),
    ],
)
async def test_an_invented_value_is_flagged(
    document: Document, expected: dict[str, str], name: str, invented: str
) -> None:
    revision = await revise(document, wire({**expected, name: invented}, CITED))

    assert revision.fields[name].grade is EvidenceGrade.UNSUPPORTED
    assert [issue.field for issue in revision.issues if issue.code is IssueCode.FIELD_UNSUPPORTED] == [name]
