"""The words that names and addresses on receipts and invoices are made of, English, Malay and Chinese."""

from __future__ import annotations

import re

__all__ = [
    "ADDRESS_START",
    "ADDRESS_STOP",
    "ADDRESS_WORD",
    "COMPANY_END",
    "COMPANY_WORD",
    "GLUED_NAME",
    "NOT_NAME",
    "ONLY_REGISTRATION",
    "OWNER",
    "PHONE_ONLY",
    "POSTCODE",
    "REGISTRATION",
    "TAIL_WORD",
]


def _words(*groups: str) -> str:
    """A pattern for whole words; the groups hold alternatives parted by ``|``."""
    return rf"\b(?:{'|'.join(groups)})\b"


COMPANY_END = re.compile(
    r"(?:\bs\W{0,2}d\W{0,2}n\b\W{0,3}(?:b\W{0,2}h\W{0,2}d\b|b\w{2}\b)|\bs\s?/\s?b\b|\bb(?:hd|nd)\b"
    r"|\b(?:ltd|limited|llc|llp|inc|corp(?:oration)?|gmbh|plc|pte|co)\b\.?"
    r"|有限责任公司|有限公司|股份公司|集团|分公司|公司|事务所|合作社|中心|医院|大学|学校)",
    re.IGNORECASE,
)
"""Legal forms, also as OCR writes them (SDN BND)."""
_TRADES = (
    "enterprise|trading|restoran|restaurant|hardware|stationery|mart|market|minimarket|supermarket|stores?|shop|cafe"
    "|kopitiam|bakery|bakeries|pharmacy|farmasi|clinic|klinik|hotel|holdings|industries|industry|services|electrical"
    "|machinery|perniagaan|pasaraya|kedai|syarikat|books?|bookstore|seafood|foods?|kitchen|house|motor|auto|marketing"
    "|supply|supplies|resources|gallery|garden|parking|petrol|station|florist|optical|jewellery|deco|city|centre"
    "|center|group|company|plaza|boutique|catering|bistro"
)
COMPANY_WORD = re.compile(
    _words(_TRADES) + r"|商行|商店|饭店|酒店|餐厅|餐饮|超市|药房|便利店|店$|酒楼|出租|厂$",
    re.IGNORECASE,
)
"""Trades."""
GLUED_NAME = re.compile(
    rf"^(?=\S{{12,}}$).*(?:{'|'.join(word for word in _TRADES.split('|') if len(word) >= 7)})", re.IGNORECASE
)
"""A trade in a name whose spaces were lost."""
TAIL_WORD = re.compile(
    _words("enterprise|trading|holdings?|industries|services|marketing|resources|group|company|suppl\\w+|corporation"),
    re.IGNORECASE,
)
"""Words that a name does not begin with."""
NOT_NAME = re.compile(
    _words(
        r"invoice|receipt|bill to|cash\s?(?:sale|bill)|tel|fax|phone|mobile|h/p|gst|sst|reg(?:istration)?|no|date|time",
        "email|www|welcome|thank|id|page|duplicate|copy|original|simplified|customer|cashier|table|order|member",
        "owned by|formerly|a member of",
    )
    + r"|发票|收据|电话|税号|日期|识别号|监制|税务|局$|地址|@|http|^\W*$",
    re.IGNORECASE,
)
OWNER = re.compile(r"\W*(?:owned|operated|managed|dimiliki|dikendalikan) (?:by|oleh)\b", re.IGNORECASE)
"""What stands before the name of the company behind a brand."""
REGISTRATION = re.compile(
    r"\s?[\[(（]?\s?(?:(?:co(?:mpany)?|roc|reg|br|gst)\W{0,3}(?:no|id|reg)?\W{0,3}(?:no)?\W{0,3})?"
    r"[A-Z]{0,3}\d{4,}[\dA-Z]*\s?[-·]?\s?[A-Z]{0,2}\s?[\])）]?\W*$",
    re.IGNORECASE,
)
"""A registration number at the end of a line."""
ONLY_REGISTRATION = re.compile(
    r"^\W*(?:(?:co|company|roc|reg|br|business)\b.{0,20})?[A-Z]{0,3}\d{5,}\s?-?\s?[A-Z]{0,3}\W*$", re.IGNORECASE
)
ADDRESS_WORD = re.compile(
    _words(
        r"jalan|jln|lorong|persiaran|lebuh\w*|lot|taman|tmn|bandar|bdr|kampung|kg|seksyen|section|street|st|road|rd",
        r"avenue|ave|lane|drive|floor|level|unit|block|blok|plaza|mall|building|kawasan|perindustrian|industrial|batu",
        r"selangor|johor|kuala|lumpur|penang|pulau|perak|melaka|kedah|pahang|sabah|sarawak|negeri|sembilan|putrajaya",
        r"malaysia|darul|ehsan|d\.e|wilayah|persekutuan|shah alam|petaling|k\.?l|ground|grd|flr|suite|box|city|state",
        r"ipoh|klang|cheras|skudai|menara|wisma|pusat|bukit|sungai|seri|sri|jaya|usj|ss\s?\d+|pju|p\.?t",
    )
    + r"|路|街|号|弄|巷|市|区|县|省|镇|村|大道|大厦|楼",
    re.IGNORECASE,
)
ADDRESS_START = re.compile(
    r"^\W*(?:no\.?\s?[:.,]?\s?[A-Z]?-?\d|(?:lot|unit|block|blok|jalan|jln|suite|level|ground)\b|\d+\w?[\s,&/-]"
    r"|[A-Z]{1,2}-?\d+|地址|.{2,6}(?:市|区|省))",
    re.IGNORECASE,
)
ADDRESS_STOP = re.compile(
    _words(
        r"tel|fax|phone|gst|sst|reg|tax|invoice|receipt|date|time|email|e-mail|www|hotline|h/p|mobile|website|bill",
        r"cashier|cash|co\.?\s?no|company no|roc|br no|thank|welcome|order|table|customer|doc|member|owned by|pos",
    )
    + r"|@|电话|税号|发票|日期|\d\d:\d\d",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
PHONE_ONLY = re.compile(r"^\W*(?:\+?6?0\d{1,2}[-\s]\s?\d{3,4}\s?\d{3,5}|\d{2,3}-\d{6,8})\W*(?:,|/|$)")
