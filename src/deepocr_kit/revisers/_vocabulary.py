"""The words that documents print beside values, in Chinese and English, and what they say about a field."""

from __future__ import annotations

import re

__all__ = ["SYNONYMS", "kind_of_words", "means", "own_labels", "synonyms_of", "vocabulary_of"]

SYNONYMS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = tuple(
    (frozenset(names.split()), tuple(labels.split("|")))
    for names, labels in (
        ("invoice_code", "发票代码|Invoice Code"),
        (
            "invoice_number invoice_no receipt_number receipt_no bill_number bill_no",
            "发票号码|发票号|票号|票据号码|Invoice No|Invoice Number|Inv No|Receipt No|Receipt Number|Bill No"
            "|Document No|Doc No|Tax Invoice No",
        ),
        (
            "unified_social_credit_code tax_id tax_number taxpayer_id gst_id vat_id",
            "统一社会信用代码|纳税人识别号|税号|Tax ID|GST ID|GST No|GST Reg No|VAT No|VAT Reg No|TIN",
        ),
        (
            "total grand_total total_amount amount_due amount_total invoice_total",
            "Grand Total|Total Amount|Amount Due|Total Due|Net Total|Nett Total|Total Payable|Total Sales|Rounded Total"
            "|Total Incl|Total Inclusive|Total Sales Inclusive|Final Total|Amount To Be Paid|Total To Pay|Total|Due"
            "|价税合计(小写)|小写|价税合计|合计金额|总计|合计|总额|总金额|实付金额|应付金额|应收|实收|金额|Amount Incl",
        ),
        ("amount fare price sum line_total line_amount", "金额|Amount|合计|Total|票价|费用"),
        (
            "subtotal sub_total net_amount amount_without_tax",
            "Subtotal|Sub Total|Total Excl|Net Amount|小计|不含税金额",
        ),
        ("tax tax_amount vat gst sst", "税额|Tax Amount|Tax|VAT|GST|SST|Service Tax"),
        ("tax_rate", "税率|Tax Rate"),
        ("discount", "折扣|优惠|Discount"),
        ("rounding", "Rounding|Rounding Adjustment|Rounding Adj|Round Adj|Rnd Adj"),
        ("service_charge service", "Service Charge|Svc Charge|服务费"),
        (
            "cash cash_paid amount_paid paid",
            "Cash|Cash Received|Cash Tendered|Paid|Paid Amount|Tendered|Tender|Payment|Pay|Visa|Mastercard|Master"
            "|Credit|Debit|Credit Card|Customer's Payment|TTL Cash|Accepted Total|现金|已付|实收",
        ),
        ("change", "Change|Change Due|找零"),
        ("currency", "币种|Currency"),
        (
            "date invoice_date receipt_date issue_date issued_on day",
            "Invoice Date|Receipt Date|Bill Date|Date|日期|开票日期|乘车日期|出票日期|时间",
        ),
        ("due_date", "Due Date|Payment Due|到期日|付款期限"),
        ("time", "Time|时间"),
        (
            "company seller vendor merchant store shop supplier company_name",
            "公司名称|单位名称|销售方名称|销售方|销方名称|销方|收款单位|商户名称|商家|Company Name|Company|Seller Name"
            "|Seller|Merchant|Vendor|Sold By",
        ),
        ("seller_name vendor_name merchant_name", "销售方名称|销售方|商户名称|Seller|Vendor|Merchant"),
        (
            "buyer buyer_name customer customer_name bill_to",
            "购买方名称|购买方|付款单位|客户名称|客户|Bill To|Customer|Sold To|Buyer",
        ),
        ("address company_address", "地址|公司地址|Address"),
        (
            "registration_number company_registration company_number",
            "Company Reg No|Company No|Company Registration No|Co Reg No|Co Reg|Co No|Co Regn No|Reg No|ROC No|ROC"
            "|BR No|Business Reg No|Business Registration No|注册号",
        ),
        ("phone telephone tel phone_number", "电话|联系电话|Tel|Telephone|Phone|Contact"),
        ("email", "邮箱|电子邮箱|Email|E-mail"),
        ("quantity qty count", "数量|Qty|Quantity"),
        ("unit_price price_each rate", "单价|Unit Price|Price|U.Price"),
        ("unit", "单位|Unit|UOM"),
        (
            "description item product name goods",
            "货物或应税劳务、服务名称|项目名称|品名|商品名称|名称|Description|Item|Product|Goods",
        ),
        ("specification model_number", "规格型号|规格|Specification|Model"),
        ("car_number plate license_plate plate_number vehicle_number", "车号|车牌号|车牌|Plate No|Vehicle No|Taxi No"),
        ("certificate_number driver_id", "证号|准驾证号|资格证号|Certificate No"),
        ("distance mileage", "里程|公里|Distance|Mileage"),
        ("waiting_time", "等候|等候时间|Waiting|Waiting Time"),
        ("boarding_time pickup_time", "上车|上车时间|Boarding Time|Pick-up Time|Start Time"),
        ("alighting_time dropoff_time", "下车|下车时间|Alighting Time|Drop-off Time|End Time"),
        ("fuel_surcharge", "燃油附加费|燃油附加|Fuel Surcharge"),
        ("call_fee", "电调费|Call Fee|Booking Fee"),
        ("payee", "收款人|Payee"),
        ("drawer issuer", "开票人|Issued By"),
        ("remarks remark note", "备注|Remarks|Remark|Note"),
        ("cashier", "收银员|Cashier"),
    )
)
"""Field names and the labels that documents print for them, commonest first."""

_KIND_WORDS: tuple[tuple[str, str], ...] = (
    # the order decides: "phone number" is a phone, "invoice date" a date, "amount of points" a number,
    # "tax id" a code, and 地址、电话 one line of text
    ("text", r"address|bank|地址|开户行|大写"),
    (
        "code",
        r"(?:tax|vat|gst|sst)(?:payer)?(?: reg| registration)?(?: (?:id|no|number|code))|taxpayer|credit code"
        r"|税号|识别号|信用代码|校验码",
    ),
    ("phone", r"phone|tel|telephone|mobile|fax|电话|手机|传真"),
    ("date", r"date|day|日期|年月日"),
    ("time", r"time|时间|时刻"),
    (
        "number",
        r"amount|total|subtotal|price|fare|fee|fees|tax|cost|charge|surcharge|discount|balance|distance|mileage|km|qty"
        r"|quantity|weight|sum|cash|change|金额|合计|总计|单价|里程|附加费|费|税额|数量|价税|小计",
    ),
    (
        "code",
        r"code|number|no|num|id|plate|serial|sku|iban|barcode|号码|代码|编号|车号|证号|卡号|单号|票号|税号|识别号|账号|车牌",
    ),
)
_CJK = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LABEL_END = re.compile(r"[,，:：;；。\n]")
_BRACKETS = re.compile(r"[(（\[][^)）\]]*[)）\]]")


def own_labels(
    name: str,
    hinted: tuple[str, ...],
    title: str | None,
    aliases: tuple[str, ...],
    description: str | None,
) -> tuple[str, ...]:
    """The labels that the schema itself gives to a field, best first, without repeats.

    A description counts up to its first comma, colon or full stop; alternatives are parted with ``/``.
    """
    first = _LABEL_END.split(description or "", maxsplit=1)[0]
    given = [*hinted, *([title] if title else []), *aliases]
    described = [part for text in (first, _BRACKETS.sub("", first)) for part in re.split(r"[/、|]", text)]
    words = " ".join(_words(name))
    candidates = (label.strip() for label in (*given, *described, words))
    return tuple(dict.fromkeys(label for label in candidates if label and len(label) <= 60))


def synonyms_of(name: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels that documents commonly print for a field with this name, or with one of these labels."""
    key = "_".join(word.lower() for word in _words(name))
    own = {label.casefold() for label in labels}
    found: list[str] = []
    for names, table in SYNONYMS:
        if key in names or (own & {label.casefold() for label in table[:2] if _CJK.search(label)}):
            found.extend(table)
    return tuple(dict.fromkeys(label for label in found if label.casefold() not in own))


def vocabulary_of(name: str) -> frozenset[str]:
    """The labels of a known field, casefolded."""
    return frozenset(label.casefold() for names, labels in SYNONYMS if name in names for label in labels)


def means(meaning: str, name: str, labels: tuple[str, ...]) -> bool:
    """Whether a field with this name and these labels is the known field ``meaning``."""
    key = "_".join(word.lower() for word in _words(name))
    own = {label.casefold() for label in labels}
    return any(
        key in names or bool(own & {label.casefold() for label in table})
        for names, table in SYNONYMS
        if meaning in names
    )


def kind_of_words(name: str, labels: tuple[str, ...]) -> str:
    """The form that a text field probably has on the page, by the words of its name and labels.

    Returns:
        A value of ``ValueKind``: ``text`` when no word says anything.
    """
    texts = [" ".join(_words(name)), *labels]
    for text in texts:
        lowered = text.casefold()
        for kind, words in _KIND_WORDS:
            if _CJK.search(text):
                if re.search("|".join(word for word in words.split("|") if _CJK.search(word)), text):
                    return kind
            elif re.search(rf"(?<![a-z])(?:{words})(?![a-z])", lowered):
                return kind
    return "text"


def _words(name: str) -> list[str]:
    """``invoiceNo`` and ``invoice_no`` as words; a name in another script stays whole."""
    if _CJK.search(name):
        return [name]
    return [word.lower() for word in _WORD.findall(name)]
