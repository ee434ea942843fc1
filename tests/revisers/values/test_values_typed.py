"""Codes, phones, choices, text, and the one way in for all kinds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, HttpUrl

from deepocr_kit.revisers.fields import FieldHints, FieldSpec, ValueKind, leaf_specs
from deepocr_kit.revisers.values import compare_key, find_values, fold, normalize, parse_value, same_value


class Payment(Enum):
    CASH = "现金"
    CREDIT_CARD = "card"


class Everything(BaseModel):
    text: str
    unit_price: str
    code: Annotated[str, FieldHints(pattern=r"[A-Z]{2}\d{3}")]
    link: HttpUrl
    patterned_link: Annotated[HttpUrl, FieldHints(pattern=r"https://\S+")]
    number: Decimal
    ratio: float
    count: int
    day: dt.date
    clock: dt.time
    moment: dt.datetime
    span: dt.timedelta
    paid: bool
    payment: Payment
    letter: Literal["a", "b"]
    either: str | Decimal
    optional: Annotated[int, FieldHints(labels=("n",))] | None = None
    whatever: Any = None


SPECS = {spec.name: spec for spec in leaf_specs(Everything)}


def found(text: str, kind: ValueKind, pattern: str | None = None) -> list[str]:
    return [item.text for item in find_values(text, kind, pattern=pattern)]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("text", "  as printed ", "as printed"),
        ("unit_price", "4.10元", "4.10"),
        ("unit_price", "RM 12.50", "12.50"),
        ("unit_price", "6.00%", "6.00%"),
        ("unit_price", "see the list on page 4", "see the list on page 4"),
        ("code", "No. AB123.", "AB123"),
        ("code", "AB1234", None),
        ("link", "https://example.org", "https://example.org"),
        ("patterned_link", "at https://example.org", "https://example.org"),
        ("number", "RM 1,234.50", Decimal("1234.50")),
        ("number", "1e3", Decimal(1000)),
        ("number", "1e999999", None),
        ("number", "n/a", None),
        ("ratio", "0.5", 0.5),
        ("ratio", "-", None),
        ("count", "2.0", 2),
        ("count", "2.5", None),
        ("day", "8 Aug 2024", dt.date(2024, 8, 8)),
        ("day", "8 Aug 2024 to 9 Aug 2024", None),
        ("clock", "22:20", dt.time(22, 20)),
        ("moment", "2024-08-08 22:20", dt.datetime(2024, 8, 8, 22, 20)),
        ("span", "00:03:26", dt.timedelta(minutes=3, seconds=26)),
        ("paid", "☑", True),
        ("paid", "Paid: no", False),
        ("paid", "yes or no", None),
        ("payment", "现金", Payment.CASH),
        ("payment", "by Credit Card only", Payment.CREDIT_CARD),
        ("payment", "cash or card", None),
        ("payment", "cheque", None),
        ("letter", "A", "a"),
        ("either", "12.50", Decimal("12.50")),
        ("either", "free", "free"),
        ("optional", "7", 7),
        ("whatever", "x", "x"),
        ("text", "   ", None),
        ("text", "x" * 20_000, None),
    ],
)
def test_a_text_becomes_the_value_of_its_field(name, text, value):
    assert parse_value(text, SPECS[name]) == value


@given(st.text(max_size=60), st.sampled_from(sorted(SPECS)))
def test_reading_a_value_never_raises(text, name):
    parse_value(text, SPECS[name])


@given(
    st.text(st.sampled_from("0123456789.,-/: 年月日元时分秒零壹拾万APMaprRM()%+#Xx"), max_size=50),
    st.sampled_from(ValueKind),
)
def test_finds_are_in_order_and_point_at_their_text(text, kind):
    found = find_values(text, kind)

    assert all(text[item.start : item.end].strip() == item.text for item in found)
    assert [item.start for item in found] == sorted(item.start for item in found)
    assert all(item.value in item.readings for item in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("发票号码:97233233388", ["97233233388"]),
        ("车号 BB88888", ["BB88888"]),
        ("沪A·12345", ["沪A·12345"]),
        ("车号乌A·T3907", ["乌A·T3907"]),
        ("车牌A·T3907", ["A·T3907"]),
        ("1233 7770 2488 8215", ["1233 7770 2488 8215"]),
        ("校验码：76939 05688 34666 77916", ["76939 05688 34666 77916"]),
        ("INV NO CS-SA-0076177", ["CS-SA-0076177"]),
        ("12.50 on 16-11-2017", []),
        ("A 1", []),
    ],
)
def test_codes_are_found(text, expected):
    assert found(text, ValueKind.CODE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TEL: 07-355 2616", ["07-355 2616"]),
        ("叫车电话:91111", ["91111"]),
        ("+60 (12) 345 6789", ["+60 (12) 345 6789"]),
        ("555.123.4567", ["555.123.4567"]),
        ("12.50 9.00", []),
        ("16-11-2017", []),
        ("1234", []),
    ],
)
def test_phones_are_found(text, expected):
    assert found(text, ValueKind.PHONE) == expected


def test_a_pattern_is_searched_but_not_inside_of_words():
    assert found("XAB123 AB123", ValueKind.CODE, r"^AB\d+$") == ["AB123"]
    assert found("9.00 12.50", ValueKind.NUMBER, r"\d\.\d\d") == ["9.00"]
    assert found("anything", ValueKind.TEXT, r"\d*") == []


def test_a_choice_has_no_words_of_its_own():
    assert find_values("cash", ValueKind.CHOICE) == ()


def test_yes_and_no_are_found_as_words_and_marks():
    assert [item.value for item in find_values("是 [x] no ☐ yesterday", ValueKind.BOOLEAN)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("a", "b", "kind", "same"),
    [
        ("ＡＣＭＥ Sdn. Bhd.", "acme SDN BHD", ValueKind.TEXT, True),
        ("ACME", "ACNE", ValueKind.TEXT, False),
        ("---", "...", ValueKind.TEXT, False),
        ("INV-1", "inv1", ValueKind.CODE, True),
        ("00123", "123", ValueKind.CODE, False),
        ("07-355 2616", "073552616", ValueKind.PHONE, True),
        ("abc", "def", ValueKind.PHONE, False),
        (Payment.CREDIT_CARD, "CARD", ValueKind.CHOICE, True),
        (True, "yes", ValueKind.BOOLEAN, True),
        (True, "no", ValueKind.BOOLEAN, False),
    ],
)
def test_each_kind_has_its_own_equality(a, b, kind, same):
    assert same_value(a, b, kind) is same


def test_normalizing_folds_width_case_space_and_the_invisible():
    assert normalize("  ＡＢ\u200bＣ　 d\n") == "abc d"
    assert compare_key("A-B_c. 1") == "abc1"


@given(st.text(max_size=80))
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@given(st.text(max_size=80))
def test_normalizing_twice_changes_no_compare_key(text):
    assert compare_key(normalize(text)) == compare_key(compare_key(text))


def test_the_search_is_linear_in_hostile_text():
    for text in ("1 " * 9_000, "1," * 9_000, "壹" * 9_000, "12:" * 9_000, "9-" * 9_000, "(" * 9_000, "1 . " * 9_000):
        for kind in ValueKind:
            find_values(text, kind)


def test_a_bare_spec_is_enough_to_read_a_number():
    spec = FieldSpec(path="x", name="x", kind=ValueKind.NUMBER, annotation=Decimal, required=True)

    assert parse_value("9.00", spec) == 9
