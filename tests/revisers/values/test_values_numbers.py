"""Printed numbers become decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.values import find_values, same_value
from deepocr_kit.revisers.values.chinese import parse_numeral
from deepocr_kit.revisers.values.numbers import find_numbers, parse_number

CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def capital(amount: Decimal) -> str:
    """An amount below a million as Chinese banks write it."""
    whole, cents = divmod(int(amount * 100), 100)
    text, gap = "", False
    for unit, name in ((10**5, "拾"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = whole // unit % 10
        if digit:
            text += ("零" if gap and text else "") + CAPITAL_DIGITS[digit] + name
        elif name == "万" and whole >= 10**5:
            text += "万"
        gap = not digit
    text = (text or "零") + "元"
    jiao, fen = divmod(cents, 10)
    if not cents:
        return text + "整"
    return text + (CAPITAL_DIGITS[jiao] + "角" if jiao else "零") + (CAPITAL_DIGITS[fen] + "分" if fen else "")


def values(text: str) -> list[str]:
    return [str(item.value) for item in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RM9.00", ["9.00"]),
        ("金额100.00元", ["100.00"]),
        ("$1,234.56", ["1234.56"]),
        ("1.234,56 EUR", ["1234.56"]),
        ("1 234,50", ["1234.50"]),
        ("1\u202f234,50", ["1234.50"]),
        ("1'234.50", ["1234.50"]),
        ("1,23,456.00", ["123456.00"]),
        ("1,000", ["1000"]),
        ("1.000.000", ["1000000"]),
        ("0,500", ["0.500"]),
        ("9 . 00", ["9.00"]),
        (".50", ["0.50"]),
        ("１２３．４５", ["123.45"]),
        ("-5.00", ["-5.00"]),
        ("RM -5.00", ["-5.00"]),
        ("-RM5.00", ["-5.00"]),
        ("15.9km", ["15.9"]),
        ("2 x 5.00", ["2", "5.00"]),
        ("3.00SR", ["3.00"]),
        ("含电调费 0元燃油附加费", ["0"]),
        ("壹佰贰拾叁元肆角伍分", ["123.45"]),
        ("合计 ⊗壹万零伍拾元整", ["10050"]),
        ("拾元", ["10"]),
    ],
)
def test_numbers_are_read_in_every_layout(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    ["16-11-2017", "2018/03/04", "22:20", "A4", "B-12", "X2Y", "#7", "12.50.99.1", "2024年8月8日", "3rd", "8" * 90],
)
def test_parts_of_dates_times_and_codes_are_no_numbers(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("(5.00)", "-5.00"), ("5.00-", "-5.00"), ("单价(5.00)", "5.00"), ("9.00 9.00", "9.00")]
)
def test_accounting_signs_and_repeats_are_understood_when_the_number_stands_alone(text, expected):
    number = parse_number(text)

    assert number is not None
    assert str(number.value) == expected


def test_two_different_numbers_are_not_one():
    assert parse_number("1.00 2.00") is None
    assert parse_number("") is None


def test_offsets_point_at_the_printed_number_without_its_currency():
    (item,) = find_numbers("Total: ＲＭ １２.50 only")

    assert "Total: ＲＭ １２.50 only"[item.start : item.end] == item.text == "１２.50"


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from(
        ["{:.2f}", "{:,.2f}", "RM{:.2f}", "RM {:,.2f}", "${:,.2f}", "{:.2f}元", "¥{:,.2f}", "{:.2f} EUR", "合计:{:.2f}"]
    ),
)
def test_formatted_amounts_come_back(amount, layout):
    (item,) = find_numbers(layout.format(amount))

    assert item.value == amount


@given(st.decimals(min_value=1000, max_value=10**9, places=2))
def test_german_amounts_come_back(amount):
    text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))

    assert [item.value for item in find_numbers(text)] == [amount]


@given(st.decimals(min_value=0, max_value=10**7, places=2))
def test_full_width_amounts_come_back(amount):
    text = f"{amount:.2f}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))

    assert [item.value for item in find_numbers(text)] == [amount]


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999.99"), places=2))
def test_capital_amounts_come_back(amount):
    assert [item.value for item in find_numbers(capital(amount))] == [amount]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一百二十三", 123),
        ("十二", 12),
        ("二〇二四", 2024),
        ("三万五千", 35000),
        ("两亿", 200000000),
        ("", None),
        ("甲", None),
        ("一" * 50, None),
    ],
)
def test_everyday_chinese_numerals_are_read(text, expected):
    assert parse_numeral(text) == expected


def test_whole_numbers_are_integers():
    assert [item.value for item in find_values("2 x 5.50 = 11.00", ValueKind.INTEGER)] == [2, 11]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("$1,234.00", Decimal(1234), True),
        ("9.00", "19.00", False),
        (9.1, "9.10", True),
        ("壹佰元整", "100.00", True),
        ("1 and 2", "1", False),
        (None, "1", False),
        ("nothing", "nothing", False),
    ],
)
def test_amounts_are_compared_as_decimals(a, b, same):
    assert same_value(a, b, ValueKind.NUMBER) is same
