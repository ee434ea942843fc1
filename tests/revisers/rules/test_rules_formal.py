"""Titles, letters, ranges of dates, labels that are spread and labels that cross."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pydantic import BaseModel, Field, create_model

from deepocr_kit.documents import Document
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, Revision, RulesReviser
from deepocr_kit.testing import build_document, build_page

pytestmark = pytest.mark.anyio


class Letter(BaseModel):
    title: str | None = None
    addressee: str | None = None
    signatory: str | None = None
    signature_date: dt.date | None = None


class Heading(BaseModel):
    title: str | None = None


LETTER = build_document(
    build_page(
        ("关于参与申报科学技术奖", (0.25, 0.05, 0.75, 0.08)),
        ("项目公示情况的说明", (0.30, 0.085, 0.70, 0.115)),
        ("星河大学：", (0.10, 0.16, 0.30, 0.18)),
        ("根据通知要求，我单位进行了公示。", (0.15, 0.20, 0.70, 0.22)),
        ("公示时间为2026年3月12日——2026年3月17日", (0.10, 0.24, 0.70, 0.26)),
        ("长风软件有限公司", (0.55, 0.60, 0.85, 0.62)),
        ("2026年3月18日", (0.65, 0.65, 0.85, 0.67)),
    )
)


async def read(document: Document, schema: type[BaseModel]) -> Revision[BaseModel]:
    return await RulesReviser().revise(document, schema)


async def title(*parts: object) -> FieldEvidence:
    return (await read(build_document(build_page(*parts)), Heading)).fields["title"]


async def test_a_letter_gives_its_title_addressee_signatory_and_date():
    revision = await read(LETTER, Letter)

    assert revision.value == Letter(
        title="关于参与申报科学技术奖项目公示情况的说明",
        addressee="星河大学",
        signatory="长风软件有限公司",
        signature_date=dt.date(2026, 3, 18),
    )


async def test_what_only_its_place_tells_is_ambiguous():
    revision = await read(LETTER, Letter)

    assert revision.fields["signatory"].grade is EvidenceGrade.AMBIGUOUS
    assert revision.fields["title"].grade is EvidenceGrade.FOUND_UNIQUE


async def test_dear_names_the_addressee():
    document = build_document(
        "Annual notice of accounts\nDear Mr. Miller,\nwe write to you today.\nAnd more.\nAnd more."
    )

    assert (await read(document, Letter)).fields["addressee"].value == "Mr. Miller"


async def test_a_page_without_the_parts_of_a_letter_gives_none():
    revision = await read(build_document("12345\n67"), Letter)

    assert revision.value == Letter()


async def test_an_empty_document_gives_nothing():
    assert (await read(Document(), Letter)).value == Letter()


async def test_a_title_goes_on_below_the_line_that_names_its_kind():
    found = await title(
        ("Quarterly Report", (0.3, 0.05, 0.7, 0.08)),
        ("of the Harbour Office", (0.3, 0.085, 0.7, 0.115)),
        ("Nothing else of note here", (0.1, 0.30, 0.5, 0.32)),
        ("and so on to the end", (0.1, 0.90, 0.5, 0.92)),
    )

    assert (found.value, found.grade) == ("Quarterly Report of the Harbour Office", EvidenceGrade.FOUND_UNIQUE)


async def test_a_title_among_lines_of_its_size_is_ambiguous():
    found = await title("Plain words of one", "Other words of one", "Third words of one", "Last words of one")

    assert found.grade is EvidenceGrade.AMBIGUOUS


class Validity(BaseModel):
    valid_from: dt.date | None = Field(None, title="有效期")
    valid_until: dt.date | None = Field(None, title="有效期")


@pytest.mark.parametrize(
    "printed",
    ["有效期：2013年7月27日至2016年7月26日", "有效期：2013-07-27 ~ 2016-07-26", "有效期: 2013/07/27到2016/07/26"],
)
async def test_both_ends_of_a_range_of_dates_are_told_apart(printed):
    revision = await read(build_document(printed), Validity)

    assert revision.value == Validity(valid_from=dt.date(2013, 7, 27), valid_until=dt.date(2016, 7, 26))


async def test_a_field_that_names_no_end_takes_the_first_date_of_a_range():
    class Stay(BaseModel):
        stay: dt.date | None = None

    revision = await read(build_document("Stay: 2013-07-27 to 2016-07-26"), Stay)

    assert revision.value == Stay(stay=dt.date(2013, 7, 27))


class Sums(BaseModel):
    net: Decimal | None = Field(None, title="合计金额")
    tax: Decimal | None = Field(None, title="合计税额")


async def test_a_row_label_and_a_column_label_cross_at_a_value_though_their_characters_are_apart():
    document = build_document(
        build_page(
            ("名称", (0.1, 0.10, 0.15, 0.12)), ("金", (0.50, 0.10, 0.52, 0.12)), ("额", (0.55, 0.10, 0.57, 0.12)),
            ("税", (0.80, 0.10, 0.82, 0.12)), ("额", (0.85, 0.10, 0.87, 0.12)),
            ("螺丝", (0.1, 0.14, 0.15, 0.16)), ("40.00", (0.52, 0.14, 0.58, 0.16)), ("6.00", (0.82, 0.14, 0.87, 0.16)),
            ("螺母", (0.1, 0.18, 0.15, 0.20)), ("60.00", (0.52, 0.18, 0.58, 0.20)), ("9.00", (0.82, 0.18, 0.87, 0.20)),
            ("合", (0.1, 0.40, 0.12, 0.42)), ("计", (0.16, 0.40, 0.18, 0.42)),
            ("100.00", (0.51, 0.40, 0.58, 0.42)), ("15.00", (0.81, 0.40, 0.87, 0.42)),
        )
    )  # fmt: skip

    revision = await read(document, Sums)

    assert revision.value == Sums(net=Decimal("100.00"), tax=Decimal("15.00"))
    assert {evidence.signals["place"] for evidence in revision.fields.values()} == {"crossing"}


async def test_labels_that_do_not_cross_above_give_nothing():
    document = build_document(
        build_page(
            ("合计", (0.1, 0.10, 0.15, 0.12)), ("100.00", (0.3, 0.10, 0.4, 0.12)),
            ("税额", (0.8, 0.20, 0.85, 0.22)), ("5", (0.95, 0.3, 0.96, 0.32)),
        )
    )  # fmt: skip

    assert "crossing" not in {field.signals.get("place") for field in (await read(document, Sums)).fields.values()}


async def test_a_value_far_beside_the_column_is_not_at_the_crossing():
    document = build_document(
        build_page(
            ("税额", (0.8, 0.10, 0.85, 0.12)), ("合计", (0.1, 0.20, 0.15, 0.22)), ("100.00", (0.3, 0.20, 0.4, 0.22))
        )
    )

    assert "crossing" not in {field.signals.get("place") for field in (await read(document, Sums)).fields.values()}


async def test_a_second_unlabelled_name_is_ambiguous():
    class Certificate(BaseModel):
        issuer: str | None = None
        company: str | None = None

    revision = await read(build_document("中大认证中心\n厦门环保工业有限公司"), Certificate)

    assert [field.value for field in revision.fields.values()] == ["中大认证中心", "厦门环保工业有限公司"]
    assert revision.fields["company"].grade is EvidenceGrade.AMBIGUOUS


async def test_a_remark_between_a_label_and_its_colon_is_no_value():
    class Place(BaseModel):
        address: str | None = Field(None, title="地址")

    revision = await read(build_document("地址(邮编)：厦门市湖里区高殿村(361011)"), Place)

    assert revision.value == Place(address="厦门市湖里区高殿村(361011)")


async def test_a_label_that_repeats_behind_its_colon_is_the_value():
    class Staff(BaseModel):
        cashier: str | None = None

    assert (await read(build_document("Cashier: Cashier"), Staff)).value == Staff(cashier="Cashier")


async def test_a_text_glued_to_its_label_is_perhaps_one_word():
    class Notes(BaseModel):
        notes: str | None = Field(None, title="备注")

    revision = await read(build_document("备注信息"), Notes)

    assert revision.fields["notes"].grade is EvidenceGrade.AMBIGUOUS


@pytest.mark.parametrize("name", ["seller_tax_id", "vat_number", "gst_reg_no", "taxpayer_id"])
async def test_tax_numbers_are_codes_and_no_amounts(name):
    schema = create_model("Asked", **{name: (str | None, None)})

    revision = await read(build_document(f"{name.replace('_', ' ')}: GB0123-45"), schema)

    assert revision.fields[name].value == "GB0123-45"


async def test_a_plate_keeps_its_province_though_that_was_misread():
    class Car(BaseModel):
        plate: str | None = Field(None, title="车号")

    assert (await read(build_document("车号 乌A·T3907"), Car)).value == Car(plate="乌A·T3907")


async def test_a_brand_whose_owner_is_named_below_is_ambiguous():
    class Head(BaseModel):
        company: str | None = None

    revision = await read(build_document("AMBER TEA & CO.\nOWNED BY T PLUS SDN. BHD.\n(1219716-T)"), Head)

    assert revision.fields["company"].grade is EvidenceGrade.AMBIGUOUS
