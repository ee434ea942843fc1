"""Prints that are easily read as another value: signs, eras, scripts, half hours, broken numerals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.values import find_values, parse_value, same_value
from steady_time import LOOSELY_LINEAR, growth

NUMBER = FieldSpec(path="x", name="x", kind=ValueKind.NUMBER, annotation=Decimal, required=False)
DATE = FieldSpec(path="x", name="x", kind=ValueKind.DATE, annotation=dt.date, required=False)
TIME = FieldSpec(path="x", name="x", kind=ValueKind.TIME, annotation=dt.time, required=False)
MOMENT = FieldSpec(path="x", name="x", kind=ValueKind.DATETIME, annotation=dt.datetime, required=False)
SPAN = FieldSpec(path="x", name="x", kind=ValueKind.DURATION, annotation=dt.timedelta, required=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("($5.00)", "-5.00"),
        ("$(5.00)", "-5.00"),
        ("（1,234.00）", "-1234.00"),
        ("−5.00", "-5.00"),
        ("Discount -5.00", "-5.00"),
        ("Disc: -RM 5.00", "-5.00"),
        ("5.00- x", "-5.00"),
        ("Discount\u00a0-5.00", "-5.00"),
        ("|-5.00|", "-5.00"),
        ("Total - 5.00", "5.00"),
        ("GST (0.34)", "0.34"),
        ("负伍元整", "-5"),
        ("١٬٢٣٤٫٥٠", "1234.50"),
        ("१२३४.५०", "1234.50"),
        ("Rp 15.000", "15000"),
        ("15.000 VND", "15000"),
        ("Corp 15.000", "15.000"),
        ("€ 1.234,-", "1234"),
        ("1.234", "1.234"),
        ("1,234.00²", "1234.00"),
        ("1e3", "1E+3"),
        ("壹亿贰仟万元整", "120000000"),
        ("零万零仟壹佰贰拾叁元零角伍分", "123.05"),
        ("人民币伍角整", "0.5"),
        ("伍角伍分", "0.55"),
    ],
)
def test_an_amount_is_what_is_printed(text: str, value: str) -> None:
    assert parse_value(text, NUMBER) == Decimal(value)


@pytest.mark.parametrize("text", ["10.00- 15.00", "RM10.00- RM15.00", "10.00 - 15.00", "10.00-15.00"])
def test_a_dash_between_two_amounts_is_no_minus(text: str) -> None:
    assert all(item.value > 0 for item in find_values(text, ValueKind.NUMBER))


@pytest.mark.parametrize(
    ("text", "kept"),
    [("-RM5.00", "-5.00"), ("5.00-", "5.00-"), ("(5.00)", "(5.00)"), ("(RM 5.00)", "(RM 5.00)"), ("RM 5.00", "5.00")],
)
def test_printed_amounts_keep_their_sign_and_lose_their_currency(text: str, kept: str) -> None:
    spec = FieldSpec(path="x", name="x", kind=ValueKind.NUMBER, annotation=str, required=False)

    assert parse_value(text, spec) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "Infinity", "-Infinity", "1E+1000", "9e99", "1_000", "0x10", "9" * 31, "1½", "①"),
        *("壹佰壹佰元整", "佰贰元", "壹贰元", "壹万亿亿元", "亿元"),
    ],
)
def test_what_says_no_amount_is_read_as_none(text: str) -> None:
    assert parse_value(text, NUMBER) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("平成31年4月30日", dt.date(2019, 4, 30)),
        ("昭和64年1月7日", dt.date(1989, 1, 7)),
        ("令和元年5月1日", dt.date(2019, 5, 1)),
        ("民國一百一十三年三月十二日", dt.date(2024, 3, 12)),
        ("113年3月12日", dt.date(2024, 3, 12)),
        ("贰零贰肆年零叁月叁拾壹日", dt.date(2024, 3, 31)),
        ("٢٠٢٤/٠٣/١٢", dt.date(2024, 3, 12)),
        ("01.03.2024-31.03.2024", None),
        ("民国0年1月1日", None),
        ("12/03/2567", None),
        ("10.12.20.15", None),
        ("12.03.2024.10:22", dt.date(2024, 3, 12)),
        ("000123-12-03-2024", dt.date(2024, 3, 12)),
        ("99/99/99", None),
    ],
)
def test_a_date_is_of_its_era_or_none(text: str, day: dt.date | None) -> None:
    assert parse_value(text, DATE) == day


def test_both_ends_of_a_glued_range_are_dates() -> None:
    found = find_values("01.03.2024-31.03.2024", ValueKind.DATE)

    assert [item.value for item in found] == [dt.date(2024, 3, 1), dt.date(2024, 3, 31)]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("24:00", None),
        ("25:00", None),
        ("23:60", None),
        ("3點半", dt.time(3, 30)),
        ("下午3点三刻", dt.time(15, 45)),
        ("晚上12:00", dt.time(0)),
        ("中午1:30", dt.time(13, 30)),
        ("中午11:30", dt.time(11, 30)),
        ("午後3時", dt.time(15)),
        ("오후 3:20", dt.time(15, 20)),
        ("오전 10시 30분", dt.time(10, 30)),
        ("22:20+08:00", dt.time(22, 20)),
        ("٢٢:٢٠", dt.time(22, 20)),
    ],
)
def test_a_time_is_of_its_half_of_the_day_or_none(text: str, clock: dt.time | None) -> None:
    assert parse_value(text, TIME) == clock


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-12-31 24:00", dt.datetime(2025, 1, 1)),
        ("2024-12-31T24:00:00", dt.datetime(2025, 1, 1)),
        ("2024-12-31 25:00", None),
        ("2024-12-31, no clock", dt.datetime(2024, 12, 31)),
    ],
)
def test_a_day_ends_at_its_next_midnight_and_has_no_25th_hour(text: str, moment: dt.datetime | None) -> None:
    assert parse_value(text, MOMENT) == moment


def test_days_are_part_of_a_duration() -> None:
    assert parse_value("1天2小时", SPAN) == dt.timedelta(days=1, hours=2)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), float("nan"), [1], {"a": 1}, object()])
@pytest.mark.parametrize("kind", list(ValueKind))
def test_comparing_a_value_of_no_kind_never_raises(value: Any, kind: ValueKind) -> None:
    assert same_value(value, "7", kind) is False


@pytest.mark.parametrize(
    ("kind", "unit"),
    [(ValueKind.CODE, "12.03.2024 A1 "), (ValueKind.CODE, "2024 "), (ValueKind.DATETIME, "12.03.2024 10:00 ")],
)
def test_many_dates_cost_linear_time(kind: ValueKind, unit: str) -> None:
    short, long = unit * 500, unit * 2000

    grown = growth(lambda: find_values(short, kind), lambda: find_values(long, kind), times=4, limit=LOOSELY_LINEAR)

    assert grown <= LOOSELY_LINEAR
