"""Draws an English till receipt on thermal paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from PIL import Image

from drawing.ageing import Age
from drawing.fonts import FontFiles
from drawing.sheet import Sheet
from schemas import ReceiptLine, ReceiptWithLines

__all__ = ["AGE", "VALUES", "draw"]


def _line(quantity: str, item: str, price: str, amount: str) -> ReceiptLine:
    return ReceiptLine(quantity=Decimal(quantity), item=item, price=Decimal(price), amount=Decimal(amount))


VALUES = ReceiptWithLines(
    company="NOWHERE & SONS HARDWARE",
    address="12 Imaginary Lane, Neverton NV0 0XX",
    receipt_number="NH-004718",
    date=dt.date(2025, 5, 17),
    lines=[
        _line("1", "Claw hammer 16oz", "14.95", "14.95"),
        _line("2", "Wood screws 4x40", "3.49", "6.98"),
        _line("3", "Masking tape 25mm", "2.15", "6.45"),
        _line("4", "LED bulb E27 8W", "3.25", "13.00"),
    ],
    subtotal=Decimal("41.38"),
    tax=Decimal("8.28"),
    total=Decimal("49.66"),
)

AGE = Age(seed=1705, skew=-0.7, margin=(44, 36, 40, 50), creases=(0.52,), blur=0.6, shade=0.88, grain=7)

WIDTH, HEIGHT = 80.0, 142.0
LEFT, RIGHT = 7.0, 73.0


def draw(receipt: ReceiptWithLines, fonts: FontFiles) -> Image.Image:
    """The receipt, new and straight."""
    sheet = Sheet(WIDTH, HEIGHT, paper=(250, 250, 249))
    middle = WIDTH / 2
    till = fonts.till(sheet.px(3.1))
    street, town = receipt.address.split(", ")
    sheet.text((middle, 12), receipt.company, fonts.till_bold(sheet.px(4.2)), anchor="ms")
    sheet.text((middle, 18), f"{street},", till, anchor="ms")
    sheet.text((middle, 22.5), town, till, anchor="ms")
    sheet.text((middle, 27), "Tel 01632 000 000", till, anchor="ms")
    sheet.dashes((LEFT, 30.5), RIGHT - LEFT)
    sheet.text((LEFT, 36), f"Receipt No: {receipt.receipt_number}", till)
    sheet.text((LEFT, 41), f"Date: {receipt.date:%d/%m/%Y}", till)
    sheet.text((RIGHT, 41), "Time: 11:26", till, anchor="rs")
    sheet.dashes((LEFT, 44.5), RIGHT - LEFT)
    bottom = _draw_lines(sheet, receipt, fonts, top=50)
    _draw_sums(sheet, receipt, fonts, top=bottom)
    return sheet.picture


def _draw_lines(sheet: Sheet, receipt: ReceiptWithLines, fonts: FontFiles, *, top: float) -> float:
    """The table of goods; where the next line may begin."""
    till = fonts.till(sheet.px(3.1))
    columns = ((LEFT, "ls"), (LEFT + 8, "ls"), (RIGHT - 15, "rs"), (RIGHT, "rs"))
    rows = [("Qty", "Item", "Price", "Amount")]
    rows += [(str(line.quantity), line.item, str(line.price), str(line.amount)) for line in receipt.lines]
    for number, row in enumerate(rows):
        for (x, anchor), words in zip(columns, row, strict=True):
            sheet.text((x, top + number * 5.4), words, till, anchor=anchor)
    return top + len(rows) * 5.4


def _draw_sums(sheet: Sheet, receipt: ReceiptWithLines, fonts: FontFiles, *, top: float) -> None:
    """Sums, what was handed over, and the foot."""
    sheet.dashes((LEFT, top - 2.4), RIGHT - LEFT)
    till, strong = fonts.till(sheet.px(3.1)), fonts.till_bold(sheet.px(4.4))
    sums = [("Subtotal", receipt.subtotal, till), ("VAT 20%", receipt.tax, till), ("TOTAL", receipt.total, strong)]
    cash = Decimal("50.00")
    sums += [("Cash", cash, till), ("Change", cash - receipt.total, till)]
    for number, (name, value, font) in enumerate(sums):
        y = top + 3 + number * 6.2
        sheet.text((LEFT, y), name, font)
        sheet.text((RIGHT, y), f"{value}", font, anchor="rs")
    foot = top + 3 + len(sums) * 6.2
    sheet.dashes((LEFT, foot - 1), RIGHT - LEFT)
    sheet.text((WIDTH / 2, foot + 5), "Thank you, come again", till, anchor="ms")
    sheet.barcode((LEFT + 13, foot + 9), (40, 9), "004718170525112649660")
