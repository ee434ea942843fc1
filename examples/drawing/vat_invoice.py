"""Draws a Chinese electronic VAT invoice: a ruled form with a table of goods."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from PIL import Image

from drawing.ageing import Age
from drawing.fonts import FontFiles
from drawing.sheet import FORM_BROWN, Sheet
from schemas import VatInvoiceWithLines, VatLine

__all__ = ["AGE", "VALUES", "draw"]


def _line(name: str, specification: str, unit: str, *figures: str) -> VatLine:
    quantity, unit_price, amount, tax = (Decimal(figure) for figure in figures)
    return VatLine(
        name=name,
        specification=specification,
        unit=unit,
        quantity=quantity,
        unit_price=unit_price,
        amount=amount,
        tax_rate="13%",
        tax=tax,
    )


VALUES = VatInvoiceWithLines(
    invoice_code="099001900311",
    invoice_number="58203917",
    date=dt.date(2025, 4, 9),
    check_code="61840293755041873926",
    buyer_name="乌有市镜花水月文化有限公司",
    buyer_credit_code="91990100MA0XUYOU1Y",
    seller_name="子虚市莫须有建材有限公司",
    seller_credit_code="91990200MA0ZIXU27B",
    lines=[
        _line("木地板", "DB-12mm", "平方米", "20", "118.00", "2360.00", "306.80"),
        _line("乳胶漆", "RJ-05", "千克", "12", "45.50", "546.00", "70.98"),
        _line("地毯", "DT-200", "平方米", "8", "62.50", "500.00", "65.00"),
    ],
    total=Decimal("3848.78"),
    payee="甄有",
    reviewer="贾雨",
    drawer="吴名",
)

CIPHER = ("03*7<6+/2>81-5940*6", "-27>9/45+1*80<36/72", "5+68<1*90>3/27-4*51", "/8-40>2+7*6<93/15+0")
TOTAL_IN_WORDS = "叁仟捌佰肆拾捌圆柒角捌分"

AGE = Age(seed=904, skew=-0.55, margin=(34, 40, 38, 32), blur=0.55, shade=0.9, grain=6, quality=70)

WIDTH, HEIGHT = 210.0, 140.0
LEFT, RIGHT = 14.0, 196.0
ROWS = (37.0, 61.0, 98.0, 107.0, 126.0)
"""Rules between buyer, goods, sum in words, seller and foot, from the top."""

COLUMNS = (14.0, 58.0, 80.0, 92.0, 109.0, 130.0, 155.0, 169.0, 196.0)
HEADINGS = ("货物或应税劳务名称", "规格型号", "单位", "数 量", "单 价", "金 额", "税率", "税 额")


def draw(invoice: VatInvoiceWithLines, fonts: FontFiles) -> Image.Image:
    """The invoice, new and straight."""
    sheet = Sheet(WIDTH, HEIGHT)
    _draw_head(sheet, invoice, fonts)
    _draw_rules(sheet, fonts)
    buyer = ("乌有市镜湖区虚线路1号 000-1111111", "乌有银行镜湖支行 9900000011112222")
    seller = ("子虚市清风区无门路2号 000-2222222", "子虚银行清风支行 9900000033334444")
    _draw_party(sheet, fonts, ROWS[0], "购买方", (invoice.buyer_name, invoice.buyer_credit_code, *buyer))
    _draw_party(sheet, fonts, ROWS[3], "销售方", (invoice.seller_name, invoice.seller_credit_code, *seller))
    _draw_goods(sheet, invoice, fonts)
    _draw_foot(sheet, invoice, fonts)
    return sheet.picture


def _draw_head(sheet: Sheet, invoice: VatInvoiceWithLines, fonts: FontFiles) -> None:
    """Title, seal and the four numbers at the right."""
    sheet.text((WIDTH / 2, 17), "乌有省增值税电子普通发票", fonts.printed(sheet.px(6.2)), ink=FORM_BROWN, anchor="ms")
    for y in (19.6, 20.8):
        sheet.line((WIDTH / 2 - 42, y), (WIDTH / 2 + 42, y), ink=FORM_BROWN)
    sheet.seal((WIDTH / 2, 24), (31, 19), ["", "全国统一发票", "监制章", ""], fonts.printed(sheet.px(2.5)))
    form, value = fonts.printed(sheet.px(3.1)), fonts.plain(sheet.px(3.1))
    numbers = [
        ("发票代码:", invoice.invoice_code),
        ("发票号码:", invoice.invoice_number),
        ("开票日期:", f"{invoice.date:%Y年%m月%d日}"),
        ("校 验 码:", invoice.check_code),
    ]
    for number, (name, words) in enumerate(numbers):
        y = 14 + number * 5.6
        sheet.text((149, y), name, form, ink=FORM_BROWN)
        sheet.text((164, y), words, value)
    sheet.text((LEFT, 33), "机器编号: 661990000001", form, ink=FORM_BROWN)


def _draw_rules(sheet: Sheet, fonts: FontFiles) -> None:
    """The boxes of the form."""
    sheet.frame((LEFT, ROWS[0], RIGHT, ROWS[-1]), ink=FORM_BROWN, width=0.4)
    for y in ROWS[1:-1]:
        sheet.line((LEFT, y), (RIGHT, y), ink=FORM_BROWN)
    for x in COLUMNS[1:-1]:
        sheet.line((x, ROWS[1]), (x, ROWS[2]), ink=FORM_BROWN)
    sheet.line((58, ROWS[2]), (58, ROWS[3]), ink=FORM_BROWN)
    for top, bottom, name in ((ROWS[0], ROWS[1], "密码区"), (ROWS[3], ROWS[4], "备注")):
        sheet.line((20, top), (20, bottom), ink=FORM_BROWN)
        for x in (118, 124):
            sheet.line((x, top), (x, bottom), ink=FORM_BROWN)
        _draw_upright(sheet, fonts, (121, top, bottom), name)
    code = fonts.till(sheet.px(3.3))
    for number, words in enumerate(CIPHER):
        sheet.text((127, 43 + number * 5), words, code)


def _draw_upright(sheet: Sheet, fonts: FontFiles, place: tuple[float, float, float], words: str) -> None:
    """Write a heading downwards in a narrow box: middle, top and bottom."""
    x, top, bottom = place
    step = (bottom - top) / (len(words) + 1)
    for number, character in enumerate(words, start=1):
        sheet.text((x, top + step * number), character, fonts.printed(sheet.px(3.1)), ink=FORM_BROWN, anchor="mm")


def _draw_party(sheet: Sheet, fonts: FontFiles, top: float, heading: str, values: tuple[str, ...]) -> None:
    """Buyer or seller: name, tax id, address, bank."""
    bottom = ROWS[ROWS.index(top) + 1]
    _draw_upright(sheet, fonts, (17, top, bottom), heading)
    labels = (f"{heading}名称:", f"{heading}税号:", "地址、电话:", "开户行及账号:")
    step = (bottom - top) / 4
    for number, (name, words) in enumerate(zip(labels, values, strict=True)):
        y = top + step * number + step * 0.78
        sheet.text((22, y), name, fonts.printed(sheet.px(3.0)), ink=FORM_BROWN)
        sheet.text((45, y), words, fonts.plain(sheet.px(3.1)))


def _draw_goods(sheet: Sheet, invoice: VatInvoiceWithLines, fonts: FontFiles) -> None:
    """The table and its sums."""
    form, value = fonts.printed(sheet.px(3.1)), fonts.plain(sheet.px(3.1))
    for left, right, words in zip(COLUMNS, COLUMNS[1:], HEADINGS, strict=False):
        sheet.text(((left + right) / 2, 65.6), words, form, ink=FORM_BROWN, anchor="ms")
    for number, line in enumerate(invoice.lines):
        y = 72.0 + number * 6.8
        sheet.text((COLUMNS[0] + 2, y), line.name, value)
        sheet.text((COLUMNS[1] + 2, y), line.specification, value)
        sheet.text((86, y), line.unit, value, anchor="ms")
        figures = (line.quantity, line.unit_price, line.amount, line.tax_rate, line.tax)
        for right, figure in zip(COLUMNS[4:], figures, strict=True):
            sheet.text((right - 2, y), str(figure), value, anchor="rs")
    net = sum((line.amount for line in invoice.lines), Decimal(0))
    tax = sum((line.tax for line in invoice.lines), Decimal(0))
    sheet.text((36, 95.5), "合      计", form, ink=FORM_BROWN, anchor="ms")
    sheet.text((COLUMNS[6] - 2, 95.5), f"¥{net}", value, anchor="rs")
    sheet.text((COLUMNS[8] - 2, 95.5), f"¥{tax}", value, anchor="rs")


def _draw_foot(sheet: Sheet, invoice: VatInvoiceWithLines, fonts: FontFiles) -> None:
    """The sum in words and figures, and who signed."""
    form, value = fonts.printed(sheet.px(3.1)), fonts.plain(sheet.px(3.3))
    sheet.text((36, 103.8), "价税合计(大写)", form, ink=FORM_BROWN, anchor="ms")
    sheet.text((64, 103.8), TOTAL_IN_WORDS, value)
    sheet.text((142, 103.8), "(小写)", form, ink=FORM_BROWN)
    sheet.text((154, 103.8), f"¥{invoice.total}", value)
    signed = [("收款人:", invoice.payee), ("复核:", invoice.reviewer), ("开票人:", invoice.drawer), ("销售方:(章)", "")]
    for x, (name, words) in zip((22, 68, 108, 152), signed, strict=True):
        sheet.text((x, 132.5), name, form, ink=FORM_BROWN)
        sheet.text((x + 4 + 3.1 * len(name) * 0.85, 132.5), words, value)
