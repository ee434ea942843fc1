"""The rules reviser on documents made for one question each."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import BaseModel, Field, create_model, field_validator, model_validator

from deepocr_kit.documents import Document, IssueCode, Page, PageStatus, Region, RegionLabel, Severity, Table, TableCell
from deepocr_kit.errors import SchemaError, UnsupportedValueError
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, FieldHints, Revision, RulesReviser, ValueKind
from deepocr_kit.testing import build_document, build_page, build_region

pytestmark = pytest.mark.anyio


class Receipt(BaseModel):
    company: str | None = None
    date: dt.date | None = None
    address: str | None = None
    total: Decimal | None = None


def row(top: float, *cells: tuple[str, float, float]) -> list[tuple[str, tuple[float, float, float, float]]]:
    return [(text, (left, top, right, top + 0.02)) for text, left, right in cells]


def pair(top: float, label: str, value: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    return row(top, (label, 0.1, 0.1 + 0.012 * len(label)), (value, 0.7, 0.7 + 0.012 * len(value)))


async def revise(document: Document, schema: type[BaseModel], **options: object) -> Revision[BaseModel]:
    return await RulesReviser(**options).revise(document, schema)


async def read(annotation: object, *parts: object, name: str = "value", default: object = None) -> FieldEvidence:
    revision = await revise(build_document(build_page(*parts)), create_model("Asked", **{name: (annotation, default)}))
    return revision.fields[name]


RECEIPT = build_document(
    build_page(
        ("TAN AH KOW", (0.4, 0.02, 0.6, 0.04)),
        ("LUCKY STAR HARDWARE", (0.3, 0.05, 0.7, 0.07)),
        ("SDN BHD (123456-X)", (0.3, 0.08, 0.7, 0.10)),
        ("NO. 12, JALAN BUNGA 3,", (0.3, 0.11, 0.7, 0.13)),
        ("TAMAN MAWAR,", (0.3, 0.14, 0.7, 0.16)),
        ("81100 JOHOR BAHRU", (0.3, 0.17, 0.7, 0.19)),
        ("TEL: 07-355 2616", (0.3, 0.20, 0.7, 0.22)),
        ("TAX INVOICE", (0.4, 0.24, 0.6, 0.26)),
        ("25/12/2018 8:13 PM", (0.1, 0.28, 0.4, 0.30)),
        *pair(0.35, "NAILS", "12.00"),
        *pair(0.38, "TOTAL QTY:", "3.00"),
        *pair(0.41, "TOTAL SALES (EXCLUDING GST):", "11.32"),
        *pair(0.44, "T0TAL (INCLUSIVE OF GST):", "12.00"),
        *pair(0.47, "CASH", "20.00"),
        *pair(0.50, "CHANGE", "8.00"),
        ("GST SUMMARY", (0.1, 0.60, 0.3, 0.62)),
        *pair(0.63, "TOTAL", "11.32"),
    )
)


async def test_a_receipt_without_one_label_for_its_letterhead_is_read():
    revision = await revise(RECEIPT, Receipt)

    assert revision.value == Receipt(
        company="LUCKY STAR HARDWARE SDN BHD",
        date=dt.date(2018, 12, 25),
        address="NO. 12, JALAN BUNGA 3, TAMAN MAWAR, 81100 JOHOR BAHRU",
        total=Decimal("12.00"),
    )


async def test_an_address_points_at_all_its_lines():
    revision = await revise(RECEIPT, Receipt)

    assert revision.fields["address"].region_ids == ("p1r4", "p1r5", "p1r6")
    assert len(revision.fields["address"].boxes) == 3


async def test_names_that_no_label_announces_are_never_called_proven_when_another_line_could_be_the_name():
    revision = await revise(RECEIPT, Receipt)

    assert revision.fields["company"].grade is EvidenceGrade.AMBIGUOUS
    assert {issue.field for issue in revision.issues} >= {"company", "address"}


async def test_the_evidence_names_value_label_and_place():
    revision = await revise(RECEIPT, Receipt)

    evidence = revision.fields["total"]
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED
    assert evidence.quote == "12.00"
    assert evidence.signals["place"] == "right"
    assert str(evidence.signals["label"]).startswith("T0TAL")
    assert len(evidence.region_ids) == 2


@pytest.mark.parametrize(
    "parts",
    [
        ["Ref: A-1234"],
        [("Ref", (0.1, 0.1, 0.2, 0.12)), ("A-1234", (0.6, 0.1, 0.7, 0.12))],
        [("Ref", (0.1, 0.1, 0.2, 0.12)), ("A-1234", (0.1, 0.13, 0.2, 0.15))],
        ["Ref Date: 2020 Ref: A-1234"],
    ],
    ids=["behind", "right", "below", "behind the second label"],
)
async def test_a_value_is_found_behind_right_of_or_below_its_label(parts):
    evidence = await read(Annotated[str, FieldHints(labels=("Ref",), kind=ValueKind.CODE)] | None, *parts)

    assert evidence.value == "A-1234"


async def test_a_label_may_be_misread_in_a_letter_or_two():
    hints = FieldHints(labels=("Consignment",), kind=ValueKind.CODE)

    assert (await read(Annotated[str | None, hints], "C0nsignmemt: A-1234")).value == "A-1234"
    assert (await read(Annotated[str | None, hints], "Somewhere: A-1234")).value is None


@pytest.mark.parametrize("street", ["Straße", "İstanbul"])
async def test_letters_that_change_their_length_in_lower_case_do_no_harm(street):
    hints = FieldHints(labels=("Hausnummer",), kind=ValueKind.CODE)

    assert (await read(Annotated[str | None, hints], f"{street} Hausnummer: A-1234")).value == "A-1234"


async def test_two_fields_with_one_label_leave_its_value_ambiguous():
    class Party(BaseModel):
        phone: Annotated[str | None, FieldHints(labels=("Tel",))] = None

    class Letter(BaseModel):
        seller: Party | None = None
        buyer: Party | None = None

    revision = await revise(build_document("Tel: 07-355 2616"), Letter)

    assert revision.fields["seller.phone"].grade is EvidenceGrade.AMBIGUOUS
    assert revision.fields["buyer.phone"].value is None


async def test_chinese_labels_are_found_with_spaces_between_their_characters():
    evidence = await read(Annotated[str, Field(description="发票代码")], "发 票 代 码：1234567890", name="x")

    assert evidence.value == "1234567890"
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED


async def test_a_value_that_stands_nearer_to_another_label_is_not_taken():
    evidence = await read(Decimal | None, *pair(0.1, "Total", ""), *pair(0.13, "Discount", "5.00"), name="total")

    assert evidence.grade.is_low


async def test_avoided_labels_keep_their_values():
    hints = FieldHints(labels=("Amount",), avoid=("Taxable Amount",))
    parts = [*pair(0.1, "Taxable Amount", "80.00"), *pair(0.2, "Amount", "85.00")]

    evidence = await read(Annotated[Decimal, hints] | None, *parts, name="x")

    assert evidence.value == Decimal("85.00")


async def test_units_of_label_and_value_must_agree():
    class Ride(BaseModel):
        distance: Annotated[Decimal | None, FieldHints(labels=("里程(km)",))] = None
        price: Annotated[Decimal | None, FieldHints(labels=("单价(元)",))] = None

    page = build_page(*pair(0.1, "单价(元)", "4.10元"), *pair(0.13, "里程(km)", "15.9km"))
    revision = await revise(build_document(page), Ride)

    assert revision.value == Ride(distance=Decimal("15.9"), price=Decimal("4.10"))


async def test_one_label_serves_two_fields_of_different_form():
    class Ride(BaseModel):
        boarding_time: Annotated[str, FieldHints(labels=("上车",))]
        boarding_mileage: Annotated[str, FieldHints(labels=("上车",))]

    revision = await revise(build_document("上车 1228 22:20"), Ride)

    assert revision.value == Ride(boarding_time="22:20", boarding_mileage="1228")


async def test_no_printed_value_serves_two_fields():
    class Two(BaseModel):
        first: Annotated[Decimal | None, FieldHints(labels=("Amount",))] = None
        second: Annotated[Decimal | None, FieldHints(labels=("Amount",))] = None

    revision = await revise(build_document("Amount: 5.00"), Two)

    assert [revision.fields[path].value for path in ("first", "second")].count(None) == 1


async def test_fields_share_values_so_that_all_fit_best():
    class Two(BaseModel):
        a: Annotated[Decimal | None, FieldHints(labels=("Alpha", "Gamma"))] = None
        b: Annotated[Decimal | None, FieldHints(labels=("Alpha",))] = None

    revision = await revise(build_document("Alpha: 1.00", "Gamma: 2.00"), Two)
    one_page = await revise(build_document("Alpha: 1.00\nGamma: 2.00"), Two)

    assert one_page.value == Two(a=Decimal("2.00"), b=Decimal("1.00"))
    assert revision.value == one_page.value


async def test_very_many_fields_are_assigned_in_order_of_score():
    names = [f"field_{number}" for number in range(80)]
    schema = create_model(
        "Many", **{name: (Annotated[int | None, FieldHints(labels=("Amount",))], None) for name in names}
    )
    lines = [f"Amount: {number}" for number in range(1, 41)]
    revision = await revise(build_document(build_page(*lines)), schema)

    values = [evidence.value for evidence in revision.fields.values() if evidence.value is not None]
    assert len(values) == len(set(values))
    assert values


async def test_change_and_cash_prove_the_total():
    parts = [
        *pair(0.1, "TOTAL", "10.02"),
        *pair(0.2, "ROUNDED", "10.00"),
        *pair(0.3, "CASH", "50.00"),
        *pair(0.4, "CHANGE", "40.00"),
    ]

    evidence = await read(Decimal | None, *parts, name="total")

    assert evidence.value == Decimal("10.00")
    assert evidence.signals["place"] == "arithmetic"
    assert evidence.grade is EvidenceGrade.FOUND_UNIQUE


async def test_two_equally_good_values_are_ambiguous():
    hints = FieldHints(labels=("Ref",), kind=ValueKind.CODE)

    evidence = await read(Annotated[str | None, hints], "Ref: A-1111", "Ref: B-2222")

    assert evidence.grade is EvidenceGrade.AMBIGUOUS
    assert evidence.reason == "another value fits as well"


async def test_an_unlabelled_date_counts_when_it_is_the_only_one():
    unique = await read(dt.date | None, "25/12/2018", name="date")
    several = await read(dt.date | None, "25/12/2018", "26/12/2018", name="date")
    other = await read(dt.date | None, "25/12/2018", name="due_date")

    assert (unique.value, unique.grade) == (dt.date(2018, 12, 25), EvidenceGrade.FOUND_UNIQUE)
    assert (several.value, several.grade) == (dt.date(2018, 12, 25), EvidenceGrade.AMBIGUOUS)
    assert (other.value, other.grade) == (None, EvidenceGrade.MISSING)


async def test_a_pattern_finds_a_code_without_a_label():
    hints = FieldHints(pattern=r"[A-Z]{2}\d{6}", kind=ValueKind.CODE)

    evidence = await read(Annotated[str | None, hints], "hello", "QX123456")

    assert evidence.value == "QX123456"


async def test_text_dates_keep_their_printed_form_and_chinese_pages_put_the_year_first():
    printed = await read(str | None, "日期 24-08-08", name="date")
    typed = await read(dt.date | None, "日期 24-08-08", name="date")

    assert printed.value == "24-08-08"
    assert typed.value == dt.date(2024, 8, 8)


async def test_labelled_text_is_what_stands_beside_the_label():
    evidence = await read(str | None, "Cashier: Mary Lim", name="cashier")

    assert evidence.value == "Mary Lim"


async def test_choices_are_read_from_labelled_text():
    schema = Annotated[bool | None, FieldHints(labels=("Member",))]

    assert (await read(schema, "Member: Yes")).value is True


async def test_rates_may_be_percentages_and_totals_may_not():
    rate = await read(Decimal | None, "Tax Rate: 13%", name="tax_rate")
    total = await read(Decimal | None, "Total 6%", name="total")

    assert rate.value == Decimal(13)
    assert total.grade.is_low


async def test_derived_fields_are_left_alone():
    evidence = await read(Annotated[Decimal | None, FieldHints(derived=True)], "Total: 5.00", name="total")

    assert evidence.grade is EvidenceGrade.MISSING
    assert "derived" in evidence.reason


async def test_a_field_without_a_label_on_the_page_is_missing_and_says_why():
    revision = await revise(build_document("nothing here"), Receipt)

    assert revision.fields["total"].grade is EvidenceGrade.MISSING
    assert revision.fields["total"].reason
    assert IssueCode.FIELD_MISSING in {issue.code for issue in revision.issues}


async def test_required_fields_that_are_missing_leave_no_value():
    class Needs(BaseModel):
        total: Decimal

    revision = await revise(build_document("nothing"), Needs)

    assert revision.value is None
    assert revision.fields["total"].value is None
    (issue,) = revision.issues
    assert (issue.code, issue.severity, issue.field) == (IssueCode.FIELD_MISSING, Severity.ERROR, "total")
    assert issue.message.startswith("total is required and has no value: no label of the field")


async def test_an_optional_field_that_is_missing_is_for_information():
    (issue,) = (await revise(build_document("Total: 5.00"), create_model("Asked", seat=(int | None, None)))).issues

    assert (issue.code, issue.severity, issue.field) == (IssueCode.FIELD_MISSING, Severity.INFO, "seat")


async def test_an_ambiguous_value_is_reported_with_its_place():
    revision = await revise(build_document("Date: 01/02/2020 to 05/02/2020"), Receipt)

    (issue,) = (issue for issue in revision.issues if issue.code is IssueCode.FIELD_AMBIGUOUS)
    assert (issue.field, issue.region_id, issue.page_index) == ("date", "p1r1", 0)


async def test_a_validator_that_fails_otherwise_than_by_a_value_error_is_a_schema_error():
    class Broken(BaseModel):
        total: Decimal | None = None

        @field_validator("total")
        @classmethod
        def broken(cls, value: Decimal | None) -> Decimal | None:
            raise KeyError(value)

    with pytest.raises(SchemaError, match="Broken raised KeyError"):
        await revise(build_document("Total: 5.00"), Broken)


async def test_an_optional_part_that_lacks_a_required_field_is_given_up():
    class Seller(BaseModel):
        phone: str
        email: str

    class Bill(BaseModel):
        total: Decimal
        seller: Seller | None = None

    revision = await revise(build_document("Total: 5.00\nTel: 07-3552616"), Bill)

    assert revision.value == Bill(total=Decimal("5.00"))
    assert [issue.field for issue in revision.issues if issue.severity is Severity.ERROR] == ["seller.email"]


async def test_a_required_field_that_may_be_none_is_none():
    class Maybe(BaseModel):
        total: Decimal | None

    assert (await revise(build_document("nothing"), Maybe)).value == Maybe(total=None)


async def test_a_refused_value_of_a_choice_of_types_is_taken_out():
    class Choosy(BaseModel):
        total: Annotated[Decimal, Field(gt=100)] | Annotated[int, Field(gt=100)] | None = None

    revision = await revise(build_document("Total: 5.00"), Choosy)

    assert revision.value == Choosy()


async def test_a_model_that_refuses_the_whole_gives_none():
    class Never(BaseModel):
        total: Decimal | None = None

        @model_validator(mode="after")
        def never(self) -> Never:
            raise ValueError("no")

    revision = await revise(build_document("Total: 5.00"), Never)

    assert revision.value is None
    assert revision.fields["total"].value == Decimal("5.00")


async def test_values_that_the_schema_refuses_are_taken_out_and_reported():
    class Strict(BaseModel):
        total: Decimal | None = Field(default=None, gt=100)
        date: dt.date | None = None

        @field_validator("date")
        @classmethod
        def not_before_2000(cls, value: dt.date | None) -> dt.date | None:
            if value is not None and value.year < 2000:
                raise ValueError("too old")
            return value

    revision = await revise(build_document("Total: 5.00\nDate: 1/2/1999"), Strict)

    assert revision.value == Strict()
    assert {issue.field for issue in revision.issues if issue.code is IssueCode.FIELD_INVALID} == {"total", "date"}


async def test_a_schema_that_refuses_everything_gives_none():
    class Never(BaseModel):
        total: Decimal = Field(gt=100)

    revision = await revise(build_document("Total: 5.00"), Never)

    assert revision.value is None
    assert [issue.field for issue in revision.issues] == ["total"]


async def test_nested_models_are_filled():
    class Party(BaseModel):
        phone: Annotated[str | None, FieldHints(labels=("Tel",))] = None

    class Letter(BaseModel):
        seller: Party | None = None

    revision = await revise(build_document("Tel: 07-355 2616"), Letter)

    assert revision.value.seller == Party(phone="07-355 2616")
    assert revision.fields["seller.phone"].value == "07-355 2616"


@pytest.mark.parametrize(("mode", "value"), [("flag", "A-1111"), ("null", None)])
async def test_ambiguous_values_are_kept_or_taken_out(mode, value):
    schema = create_model(
        "Asked", value=(Annotated[str | None, FieldHints(labels=("Ref",), kind=ValueKind.CODE)], None)
    )

    revision = await revise(build_document("Ref: A-1111\nRef: B-2222"), schema, on_unsupported=mode)

    assert revision.fields["value"].value == value
    assert revision.fields["value"].grade.is_low


async def test_ambiguous_values_are_refused_when_asked():
    schema = create_model(
        "Asked", value=(Annotated[str | None, FieldHints(labels=("Ref",), kind=ValueKind.CODE)], None)
    )

    with pytest.raises(UnsupportedValueError) as caught:
        await revise(build_document("Ref: A-1111\nRef: B-2222"), schema, on_unsupported="raise")
    assert caught.value.path == "value"


@pytest.mark.parametrize("threshold", [0, 1.5])
def test_a_threshold_that_is_no_score_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        RulesReviser(threshold=threshold)


async def test_a_high_threshold_makes_more_values_ambiguous():
    document = build_document(build_page(("Total", (0.1, 0.1, 0.2, 0.12)), ("5.00", (0.1, 0.13, 0.2, 0.15))))

    low = await revise(document, Receipt)
    high = await revise(document, Receipt, threshold=0.99)

    assert low.fields["total"].grade is EvidenceGrade.FOUND_LABELLED
    assert high.fields["total"].grade is EvidenceGrade.AMBIGUOUS


async def test_failed_pages_are_passed_over():
    failed = Page(index=0, size=None, status=PageStatus.FAILED)
    document = build_document(failed, build_page("Total: 5.00", index=1))

    revision = await revise(document, Receipt)

    assert revision.fields["total"].boxes[0].page_index == 1


async def test_text_without_boxes_is_read_line_by_line():
    page = build_page(build_region("Total\n5.00\nDate: 2024-01-02", None))

    revision = await revise(build_document(page), Receipt)

    assert revision.value == Receipt(total=Decimal("5.00"), date=dt.date(2024, 1, 2))
    assert revision.fields["total"].boxes == ()
    assert revision.fields["total"].region_ids == ("p1r1",)


async def test_the_confidence_of_the_engine_is_a_signal():
    page = build_page(build_region("Total: 5.00", confidence=0.42))

    revision = await revise(build_document(page), Receipt)

    assert revision.fields["total"].signals["ocr_confidence"] == pytest.approx(0.42)


async def test_an_address_under_a_label_yields_to_the_letterhead():
    page = build_page(
        "LUCKY STAR SDN BHD", "NO. 12, JALAN BUNGA 3,", "81100 JOHOR BAHRU", "TEL: 07-355 2616",
        *pair(0.5, "ADDRESS", "5, JALAN RUMAH"),
    )  # fmt: skip

    revision = await revise(build_document(page), Receipt)

    assert revision.fields["address"].value == "NO. 12, JALAN BUNGA 3, 81100 JOHOR BAHRU"


async def test_instructions_change_nothing():
    reviser = RulesReviser()
    plain = await reviser.revise(RECEIPT, Receipt)
    told = await reviser.revise(RECEIPT, Receipt, instructions="the total is 1.00")

    assert told.fields == plain.fields


async def test_one_reviser_reads_into_any_number_of_schemas():
    reviser = RulesReviser()
    document = build_document("Total: 5.00")

    for number in range(70):
        schema = create_model(f"Schema{number}", total=(Decimal | None, None))
        assert (await reviser.revise(document, schema)).value.total == Decimal("5.00")


async def test_a_crowded_page_is_read_in_bounded_time():
    cells = [
        (
            f"Total {number}.00 no A{number}",
            (0.25 * (number % 4), number / 900, 0.25 * (number % 4) + 0.2, (number + 1) / 900),
        )
        for number in range(800)
    ]
    crowded_row = [(f"Total {number}.00", (number / 700, 0.5, (number + 1) / 700, 0.51)) for number in range(600)]
    started = time.process_time()
    await revise(build_document(build_page(*cells), build_page(*crowded_row, index=1)), Receipt)

    assert time.process_time() - started < 20


async def test_what_is_beyond_the_limit_is_reported():
    page = build_page(build_region("\n".join(["x"] * 5_100), None))

    revision = await revise(build_document(page), Receipt)

    assert IssueCode.DOCUMENT_CUT in {issue.code for issue in revision.issues}


class Line(BaseModel):
    name: str
    quantity: int | None = None
    amount: Decimal | None = None


class Order(BaseModel):
    number: str | None = None
    lines: list[Line] = []
    tags: list[list[str]] = []


def table(*rows: tuple[str, ...], region_id: str = "p1r1", top: float = 0.1) -> Region:
    cells = tuple(
        TableCell(row=at, col=column, text=text) for at, cells in enumerate(rows) for column, text in enumerate(cells)
    )
    return Region(
        id=region_id,
        label=RegionLabel.TABLE,
        boxes=(BBox(0.1, top, 0.9, top + 0.3),),
        table=Table(row_count=len(rows), col_count=len(rows[0]), cells=cells),
    )


async def test_table_rows_become_items():
    grid = table(
        ("品名", "数量", "金额"),
        ("茶", "2", "9.00元"),
        ("", "", ""),
        ("米", "", "20.00"),
        ("合计", "", "29.00"),
        ("票", "1", "1.00"),
    )

    revision = await revise(build_document(build_page(grid)), Order)

    assert revision.value.lines == [
        Line(name="茶", quantity=2, amount=Decimal("9.00")),
        Line(name="米", amount=Decimal("20.00")),
    ]


async def test_a_cell_points_at_its_part_of_the_table_and_at_its_header():
    grid = table(("Item", "Qty", "Amount"), ("Tea", "2", "9.00"))

    revision = await revise(build_document(build_page(grid)), Order)

    evidence = revision.fields["lines[0].amount"]
    assert evidence.grade is EvidenceGrade.FOUND_LABELLED
    assert evidence.signals["label"] == "Amount"
    assert evidence.boxes[0].bbox.x0 == pytest.approx(0.1 + 0.8 * 2 / 3)


async def test_a_table_goes_on_where_the_header_repeats():
    first = table(("Item", "Qty", "Amount"), ("Tea", "2", "9.00"))
    other = table(("Tax", "Rate", "Base"), ("GST", "6%", "9.00"), region_id="p1r2", top=0.5)
    second = table(("Item", "Qty", "Amount"), ("Rice", "x", "20.00"), region_id="p2r1")

    revision = await revise(build_document(build_page(first, other), build_page(second, index=1)), Order)

    assert [line.name for line in revision.value.lines] == ["Tea", "Rice"]
    assert revision.fields["lines[1].quantity"].reason == "the cell does not hold such a value"
    assert revision.fields["lines[1].amount"].boxes[0].page_index == 1


async def test_a_column_that_the_table_lacks_is_missing():
    revision = await revise(build_document(build_page(table(("Item", "Amount"), ("Tea", "9.00")))), Order)

    assert revision.fields["lines[0].quantity"].grade is EvidenceGrade.MISSING


async def test_parts_of_items_that_have_lists_themselves_are_left_out():
    class Deep(BaseModel):
        item: str
        notes: list[str] = []

    class Basket(BaseModel):
        lines: list[Deep] = []

    revision = await revise(build_document(build_page(table(("Item",), ("Tea",)))), Basket)

    assert revision.value.lines == [Deep(item="Tea")]


async def test_lists_that_no_table_fills_say_so():
    revision = await revise(build_document("no tables"), Order)

    assert revision.value == Order()
    assert "no table" in revision.fields["lines"].reason
    assert "lists of values and of models" in revision.fields["tags"].reason


async def test_items_that_the_schema_refuses_are_reported_with_their_place():
    class Positive(BaseModel):
        item: str
        amount: Decimal | None = Field(default=None, gt=10)

    class Basket(BaseModel):
        lines: list[Positive] = []

    grid = table(("Item", "Amount"), ("Tea", "9.00"), ("Rice", "20.00"))
    revision = await revise(build_document(build_page(grid)), Basket)

    assert [line.amount for line in revision.value.lines] == [None, Decimal("20.00")]
    assert "lines[0].amount" in {issue.field for issue in revision.issues}


async def test_an_item_that_the_model_refuses_is_dropped_and_the_others_keep_their_evidence():
    class Strict(BaseModel):
        name: str
        amount: Decimal = Field(gt=0)

    class Basket(BaseModel):
        lines: list[Strict]

    grid = table(("品名", "金额"), ("茶", "9.00"), ("米", "-1.00"), ("盐", "3.00"))
    revision = await revise(build_document(build_page(grid)), Basket)

    assert revision.value == Basket(lines=[Strict(name="茶", amount=Decimal(9)), Strict(name="盐", amount=Decimal(3))])
    assert revision.fields["lines[1].name"].quote == "盐"
    assert "lines[2].name" not in revision.fields
    assert [issue.field for issue in revision.issues] == ["lines[1].amount"]


async def test_a_required_list_that_was_not_found_leaves_no_value():
    class Basket(BaseModel):
        total: Decimal
        names: list[str]

    revision = await revise(build_document("Total: 5.00"), Basket)

    assert revision.value is None
    assert [(issue.field, issue.severity) for issue in revision.issues] == [("names", Severity.ERROR)]
    assert revision.fields["names"].grade is EvidenceGrade.MISSING
