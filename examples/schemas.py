"""What the examples are read into."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit import FieldHints

__all__ = [
    "SCHEMAS",
    "Receipt",
    "ReceiptLine",
    "ReceiptWithLines",
    "TaxiReceipt",
    "VatInvoice",
    "VatInvoiceWithLines",
    "VatLine",
]


PLATE = r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}"
"""A Chinese number plate: province, city letter, five or six letters and digits."""

CREDIT_CODE = r"[0-9A-Z]{18}"
"""A unified social credit code."""

COMPANY = r"[\u4e00-\u9fff()（）]{2,40}公司"
"""A Chinese company's full name."""


class TaxiReceipt(BaseModel):
    """A Chinese taxi receipt, printed by the taximeter on a pre-printed strip."""

    model_config = ConfigDict(extra="forbid")

    company: str = Field(description="公司名称, the taxi company")
    invoice_code: str = Field(description="发票代码")
    invoice_number: str = Field(description="发票号码")
    car_number: Annotated[str, FieldHints(pattern=PLATE)] = Field(description="车号")
    certificate_number: str = Field(description="证号")
    date: dt.date = Field(description="日期")
    boarding_time: dt.time = Field(description="上车")
    alighting_time: dt.time = Field(description="下车")
    unit_price: Decimal = Field(description="单价, yuan per kilometre")
    distance: Decimal = Field(description="里程, kilometres")
    waiting_time: str = Field(description="等候, as hours:minutes:seconds")
    amount: Decimal = Field(description="金额, yuan")


class VatLine(BaseModel):
    """One line of a VAT invoice."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="货物或应税劳务、服务名称")
    specification: str = Field(description="规格型号")
    unit: str = Field(description="单位")
    quantity: Decimal = Field(description="数量")
    unit_price: Decimal = Field(description="单价, without tax")
    amount: Decimal = Field(description="金额, without tax")
    tax_rate: str = Field(description="税率, with the percent sign")
    tax: Decimal = Field(description="税额")


class VatInvoice(BaseModel):
    """A Chinese electronic VAT invoice, printed and scanned."""

    model_config = ConfigDict(extra="forbid")

    invoice_code: str = Field(description="发票代码")
    invoice_number: str = Field(description="发票号码")
    date: dt.date = Field(description="开票日期")
    check_code: str = Field(description="校验码")
    buyer_name: Annotated[str, FieldHints(pattern=COMPANY)] = Field(description="购买方名称")
    buyer_credit_code: Annotated[str, FieldHints(pattern=CREDIT_CODE)] = Field(description="购买方税号")
    seller_name: Annotated[str, FieldHints(pattern=COMPANY)] = Field(description="销售方名称")
    seller_credit_code: Annotated[str, FieldHints(pattern=CREDIT_CODE)] = Field(description="销售方税号")
    total: Annotated[Decimal, FieldHints(labels=("小写", "价税合计"))] = Field(
        description="The sum with tax, in figures"
    )
    payee: str = Field(description="收款人")
    reviewer: str = Field(description="复核")
    drawer: str = Field(description="开票人")


class VatInvoiceWithLines(VatInvoice):
    """The same with its table, for a backend that reads tables."""

    lines: list[VatLine] = Field(description="The goods and services, in the order printed")


class ReceiptLine(BaseModel):
    """One line of a till receipt."""

    model_config = ConfigDict(extra="forbid")

    quantity: Decimal = Field(description="QTY")
    item: str = Field(description="ITEM")
    price: Decimal = Field(description="PRICE, of one")
    amount: Decimal = Field(description="AMOUNT, of the line")


class Receipt(BaseModel):
    """An English till receipt."""

    model_config = ConfigDict(extra="forbid")

    company: str = Field(description="The shop's name, at the top")
    address: str = Field(description="The shop's address, in one line")
    receipt_number: str = Field(description="Receipt No")
    date: dt.date = Field(description="Date")
    subtotal: Decimal = Field(description="Subtotal, before tax")
    tax: Decimal = Field(description="VAT")
    total: Decimal = Field(description="Total, to pay")


class ReceiptWithLines(Receipt):
    """The same with its table, for a backend that reads tables."""

    lines: list[ReceiptLine] = Field(description="What was bought, in the order printed")


SCHEMAS: dict[str, type[BaseModel]] = {
    "taxi_receipt": TaxiReceipt,
    "vat_invoice": VatInvoice,
    "receipt": Receipt,
}
"""Schema of each example picture, by the picture's name without its ending."""
