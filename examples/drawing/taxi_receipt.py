"""Draws a Chinese taxi receipt: a form strip that a taximeter printed on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from PIL import Image

from drawing.ageing import Age
from drawing.fonts import FontFiles
from drawing.sheet import CARBON, FORM_RED, Sheet
from schemas import TaxiReceipt

__all__ = ["AGE", "VALUES", "draw"]

VALUES = TaxiReceipt(
    company="乌有市子虚出租汽车有限公司",
    invoice_code="199002570041",
    invoice_number="30718264",
    car_number="乌A·T3907",
    certificate_number="246813",
    date=dt.date(2025, 3, 14),
    boarding_time=dt.time(18, 42),
    alighting_time=dt.time(19, 17),
    unit_price=Decimal("3.60"),
    distance=Decimal("12.4"),
    waiting_time="00:06:35",
    amount=Decimal("58.00"),
)

AGE = Age(seed=1403, skew=0.9, margin=(46, 38, 52, 44), creases=(0.36, 0.68), blur=0.65, shade=0.84, grain=8)

WIDTH, HEIGHT = 60.0, 150.0
LEFT, RIGHT = 9.0, 51.0


def draw(receipt: TaxiReceipt, fonts: FontFiles) -> Image.Image:
    """The receipt, new and straight."""
    sheet = Sheet(WIDTH, HEIGHT, paper=(252, 248, 244))
    _draw_form(sheet, receipt, fonts)
    _draw_print(sheet, receipt, fonts)
    return sheet.picture


def _draw_form(sheet: Sheet, receipt: TaxiReceipt, fonts: FontFiles) -> None:
    """What the printing house put on the strip."""
    middle = WIDTH / 2
    for row in range(30):
        sheet.line((3, 4 + row * 5), (WIDTH - 3, 6.5 + row * 5), ink=(247, 232, 228), width=0.2)
    sheet.text((middle, 14), "乌有市出租汽车专用发票", fonts.printed(sheet.px(4.0)), ink=FORM_RED, anchor="ms")
    sheet.text((middle, 19.5), "TAXI FARE RECEIPT", fonts.printed(sheet.px(2.7)), ink=FORM_RED, anchor="ms")
    sheet.text((middle, 25), "发 票 联", fonts.printed(sheet.px(3.2)), ink=FORM_RED, anchor="ms")
    sheet.seal((middle, 17), (27, 15), ["", "国家税务", "乌有监制", ""], fonts.printed(sheet.px(2.0)))
    code = fonts.plain(sheet.px(3.1))
    sheet.text((LEFT, 34), f"发票代码 {receipt.invoice_code}", code, ink=FORM_RED)
    sheet.text((LEFT, 39.5), f"发票号码 {receipt.invoice_number}", code, ink=FORM_RED)
    small = fonts.printed(sheet.px(2.0))
    sheet.text((middle, 140), "手写无效 NOT VALID IF HANDWRITTEN", small, ink=FORM_RED, anchor="ms")


def _draw_print(sheet: Sheet, receipt: TaxiReceipt, fonts: FontFiles) -> None:
    """What the taximeter wrote."""
    sheet.text((LEFT, 49), receipt.company, fonts.plain(sheet.px(3.1)), ink=CARBON)
    sheet.text((LEFT, 54.5), "监督电话 000-12345", fonts.plain(sheet.px(2.8)), ink=CARBON)
    rows = [
        ("车号", receipt.car_number),
        ("证号", receipt.certificate_number),
        ("日期", receipt.date.isoformat()),
        ("上车", receipt.boarding_time.strftime("%H:%M")),
        ("下车", receipt.alighting_time.strftime("%H:%M")),
        ("单价", f"{receipt.unit_price}元"),
        ("里程", f"{receipt.distance}km"),
        ("等候", receipt.waiting_time),
        ("金额", f"{receipt.amount}元"),
    ]
    label, value = fonts.plain(sheet.px(3.6)), fonts.till(sheet.px(3.7))
    for number, (name, words) in enumerate(rows):
        y = 64 + number * 7.4
        sheet.text((LEFT, y), name, label, ink=CARBON)
        sheet.text((RIGHT, y), words, value, ink=CARBON, anchor="rs")
    sheet.dashes((LEFT, 131), RIGHT - LEFT, ink=CARBON)
