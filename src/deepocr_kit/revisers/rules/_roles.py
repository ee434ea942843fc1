"""What a field means, where its meaning and not only its form decides how it is found."""

from __future__ import annotations

import re
from enum import Enum, auto

from deepocr_kit.revisers.fields import FieldSpec, ValueKind

__all__ = ["Role", "role_of"]


class Role(Enum):
    """Meanings that have rules of their own."""

    TOTAL = auto()
    MONEY = auto()
    RATE = auto()
    ISSUE_DATE = auto()
    COMPANY = auto()
    ADDRESS = auto()
    TITLE = auto()
    ADDRESSEE = auto()
    SIGNATORY = auto()
    SIGNATURE_DATE = auto()
    OTHER = auto()


_MONEY = re.compile(r"amount|total|price|fee|fare|tax|charge|cost|due|paid|balance|discount|金额|费|价|税额|合计|总计")
_TOTAL = re.compile(
    r"^(?:grand |invoice |net )?total(?: amount| due| price)?$|^amount (?:due|total)$"
    r"|^价税合计|^总计|^合计|^总额|^总金额"
)
_RATE = re.compile(r"\brate\b|percent|税率|%")
_ISSUE_DATE = re.compile(
    r"^(?:(?:invoice|receipt|issue|issued|bill|transaction|purchase|document|order|sale|sales) )?"
    r"(?:date|day|datetime)(?: on| time)?$|^(?:开票|乘车|出票|交易|消费)?日期$"
)
_COMPANY = re.compile(
    r"^(?:(?:company|merchant|seller|vendor|store|shop|supplier|issuer|business|restaurant)(?: name)?)$"
    r"|^(?:公司|公司名称|单位名称|销售方|销售方名称|商户|商户名称|店名|商家)$"
)
_ADDRESS = re.compile(r"^(?:(?:company|merchant|seller|vendor|store|shop|supplier|business) )?address$|^(?:公司)?地址$")

_TITLE = re.compile(
    r"^(?:(?:document|report|letter|certificate|invoice|receipt) )?(?:title|heading)$"
    r"|^(?:document|invoice|receipt) type$|^certificate name$|^(?:标题|题目|文件名称|证书名称|发票类型|票据类型)$"
)
_ADDRESSEE = re.compile(r"^addressee$|^(?:致|主送|主送机关|主送单位|收信人|称呼)$")
_SIGNATORY = re.compile(r"^signator(?:y|ies)$|^signed by$|^(?:落款|落款单位|署名|发文机关|发文单位)$")
_SIGNATURE_DATE = re.compile(r"^(?:signature date|date of signature|signed on)$|^(?:落款日期|成文日期|签署日期)$")


def role_of(spec: FieldSpec) -> Role:
    """The role that the name or the labels of a field give it; the first one that fits."""
    words = [" ".join(spec.name.casefold().split("_")), *(label.casefold() for label in spec.labels)]
    for role, kinds, pattern in _RULES:
        if spec.kind in kinds and any(pattern.search(text) for text in words):
            return role
    return Role.OTHER


_NUMBERS = frozenset({ValueKind.NUMBER, ValueKind.INTEGER})
_DATES = frozenset({ValueKind.DATE, ValueKind.DATETIME})
_TEXT = frozenset({ValueKind.TEXT})
_RULES = (
    (Role.RATE, _NUMBERS, _RATE),
    (Role.TOTAL, _NUMBERS, _TOTAL),
    (Role.MONEY, _NUMBERS, _MONEY),
    (Role.SIGNATURE_DATE, _DATES, _SIGNATURE_DATE),
    (Role.ISSUE_DATE, _DATES, _ISSUE_DATE),
    (Role.TITLE, _TEXT, _TITLE),
    (Role.ADDRESSEE, _TEXT, _ADDRESSEE),
    (Role.SIGNATORY, _TEXT, _SIGNATORY),
    (Role.COMPANY, _TEXT, _COMPANY),
    (Role.ADDRESS, _TEXT, _ADDRESS),
)
