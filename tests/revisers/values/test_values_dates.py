"""Printed dates, times and durations become typed values."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.values import DateOrder, find_values, guess_date_order, same_value
from deepocr_kit.revisers.values.dates import find_dates

DATES = st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31))
CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


def found(text: str, kind: ValueKind, order: DateOrder = DateOrder.DAY_FIRST) -> list[str]:
    return [str(item.value) for item in find_values(text, kind, order=order)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date : 01/02/2018 3:45PM", ["2018-02-01"]),
        ("12/28/2017", ["2017-12-28"]),
        ("2018-03-04T10:00", ["2018-03-04"]),
        ("03 . 04 . 2018", ["2018-04-03"]),
        ("25-DEC-18", ["2018-12-25"]),
        ("开票日期：2019 05 08", ["2019-05-08"]),
        ("DATE: 05 02-18", ["2018-02-05"]),
        ("05-02 2018", ["2018-02-05"]),
        (":16-03-201812:07:10", ["2018-03-16"]),
        ("25DEC2018 10:00", ["2018-12-25"]),
        ("DEC 25, 2018", ["2018-12-25"]),
        ("2nd of March 2019", ["2019-03-02"]),
        ("2018-Sep-07", ["2018-09-07"]),
        ("20240808", ["2024-08-08"]),
        ("2024年8月8日", ["2024-08-08"]),
        ("二〇二四年八月十八日", ["2024-08-18"]),
        ("24年8月8日", ["2024-08-08"]),
        ("民国113年5月1日", ["2024-05-01"]),
        ("令和6年5月1日", ["2024-05-01"]),
        ("-REG #19- 18/03/2018", ["2018-03-18"]),
        ("１８／０３／２０１８", ["2018-03-18"]),
        ("1/2/98", ["1998-02-01"]),
    ],
)
def test_dates_are_read_in_every_layout(text, expected):
    assert found(text, ValueKind.DATE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2018",
        "HC03-7-15",
        "3.02",
        "1/2",
        "99/99/9999",
        "123/4/2018",
        "1/2/3",
        "2018/1/1/1999年",
        "十年",
        "8年13月1日",
        "12/0001/2",
        "2018 13 08",
        "2018 05 08 99",
        "RM 12 34-56",
    ],
)
def test_what_is_no_date_is_not_read_as_one(text):
    assert all(dt.date.fromisoformat(value).year in (2001, 2018, 2003, 1999) for value in found(text, ValueKind.DATE))


def test_an_ambiguous_date_keeps_all_its_readings_likeliest_first():
    (day_first,) = find_dates("03-04-05")
    (year_first,) = find_dates("03-04-05", order=DateOrder.YEAR_FIRST)
    (month_first,) = find_dates("03-04-05", order=DateOrder.MONTH_FIRST)

    assert day_first.value == dt.date(2005, 4, 3)
    assert year_first.value == dt.date(2003, 4, 5)
    assert month_first.value == dt.date(2005, 3, 4)
    assert set(day_first.readings) == set(year_first.readings) == set(month_first.readings)


def test_american_order_is_preferred_where_asked():
    assert found("03/04/2018", ValueKind.DATE, DateOrder.MONTH_FIRST) == ["2018-03-04"]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("发票代码 日期 24-08-08", DateOrder.YEAR_FIRST),
        ("Ship 12/28/2017 due 01/02/2018", DateOrder.MONTH_FIRST),
        ("Ship 28/12/2017 due 01/02/2018", DateOrder.DAY_FIRST),
        ("no dates here", DateOrder.DAY_FIRST),
    ],
)
def test_the_words_of_a_document_give_the_order(text, order):
    assert guess_date_order(text) is order


@given(
    DATES,
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y/%m/%d",
            "%Y.%m.%d",
            "%d %B %Y",
            "%d-%b-%Y",
            "%B %d, %Y",
            "%d%b%Y",
            "%Y%m%d",
            "%Y年%m月%d日",
            "%d/%m/%Y",
            "%d.%m.%Y",
        ]
    ),
)
def test_formatted_dates_come_back(date, layout):
    assert found(f"on {date.strftime(layout)} at", ValueKind.DATE) == [str(date)]


@given(DATES)
def test_dates_in_chinese_digits_come_back(date):
    text = f"{str(date.year).translate(CHINESE_DIGITS)}年{date.month}月{date.day}日"

    assert found(text, ValueKind.DATE) == [str(date)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上车 1228 22:20", ["22:20:00"]),
        ("22:20:05", ["22:20:05"]),
        ("3:45 PM", ["15:45:00"]),
        ("12:10 a.m.", ["00:10:00"]),
        ("10.30 pm", ["22:30:00"]),
        ("3pm", ["15:00:00"]),
        ("下午3时20分", ["15:20:00"]),
        ("上午9点", ["09:00:00"]),
        ("20时", ["20:00:00"]),
        ("25:10", []),
        ("12:75", []),
    ],
)
def test_times_are_read(text, expected):
    assert found(text, ValueKind.TIME) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:03:26", ["0:03:26"]),
        ("3分26秒", ["0:03:26"]),
        ("1h 20min", ["1:20:00"]),
        ("45 seconds", ["0:00:45"]),
        ("PT1H5M", ["1:05:00"]),
        ("2小时", ["2:00:00"]),
        ("soon", []),
    ],
)
def test_durations_are_read(text, expected):
    assert found(text, ValueKind.DURATION) == expected


@given(
    st.timedeltas(dt.timedelta(0), dt.timedelta(hours=99)).map(
        lambda span: dt.timedelta(seconds=int(span.total_seconds()))
    )
)
def test_durations_come_back(span):
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"

    assert [item.value for item in find_values(text, ValueKind.DURATION)] == [span]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-03-04T10:00", ["2018-03-04 10:00:00"]),
        ("04/03/2018 3:45PM", ["2018-03-04 15:45:00"]),
        ("DATE:04/03/2018", ["2018-03-04 00:00:00"]),
        ("04/03/2018 and much later 10:00", ["2018-03-04 00:00:00"]),
    ],
)
def test_dates_with_times_are_read(text, expected):
    assert found(text, ValueKind.DATETIME) == expected


@pytest.mark.parametrize(
    ("a", "b", "kind", "same"),
    [
        ("24-08-08", dt.date(2024, 8, 8), ValueKind.DATE, True),
        ("24-08-08", "2024年8月8日", ValueKind.DATE, True),
        ("24-08-08", dt.date(2024, 8, 9), ValueKind.DATE, False),
        (dt.datetime(2024, 8, 8, 10), "2024-08-08", ValueKind.DATE, True),
        ("22:20", "22:20:00", ValueKind.TIME, True),
        (dt.time(0, 3, 26), "3分26秒", ValueKind.DURATION, True),
        (dt.timedelta(minutes=3), "00:03:00", ValueKind.DURATION, True),
    ],
)
def test_dates_and_times_are_compared_by_their_readings(a, b, kind, same):
    assert same_value(a, b, kind) is same
