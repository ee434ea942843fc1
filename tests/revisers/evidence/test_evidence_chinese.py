"""Chinese amounts in words, numerals and plates are compared by what they say."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import BaseModel

from deepocr_kit.revisers import EvidenceGrade, FieldHints, ValueKind, revision_of
from deepocr_kit.testing import build_document


class Fapiao(BaseModel):
    total: Decimal | None = None
    words: str | None = None
    plate: Annotated[str | None, FieldHints(kind=ValueKind.CODE)] = None
    address: str | None = None


PAGE = build_document(
    "价税合计(大写) 壹仟贰佰叁拾肆元伍角陆分\n车牌号 京A·T3907\n"
    "北京市海淀区中关村南大街三十二号楼十五层一五零三室\n小写 1,234.56"
)


@pytest.mark.parametrize(
    ("field", "text", "proved"),
    [
        ("total", "1234.56", True),
        ("words", "壹仟贰佰叁拾肆元伍角陆分", True),
        ("words", "壹仟贰佰叁拾肆圆伍角陆分", True),
        ("words", "壹仟贰佰叁拾肆元伍角柒分", False),
        ("words", "壹仟贰佰肆拾肆元伍角陆分", False),
        ("plate", "京AT3907", True),
        ("plate", "京A·T3907", True),
        ("plate", "沪AT3907", False),
        ("plate", "T3907", False),
        ("plate", "京AT390", False),
        ("address", "北京市海淀区中关村南大街三十二号楼十五层一五零三室", True),
        ("address", "北京市海淀区中关村南大街三十二号搂十五层一五零三室", True),
        ("address", "北京市海淀区中关村南大街三十三号楼十五层一五零三室", False),
    ],
)
def test_what_is_said_counts_and_no_numeral_may_differ(field: str, text: str, proved: bool) -> None:
    evidence = revision_of(PAGE, Fapiao, {field: text}).fields[field]

    assert (evidence.grade is not EvidenceGrade.UNSUPPORTED) is proved


def test_figures_do_not_prove_words() -> None:
    page = build_document("小写 1,234.56")

    assert revision_of(page, Fapiao, {"words": "壹仟贰佰叁拾肆元伍角陆分"}).fields["words"].grade.is_low


def test_an_amount_in_words_proves_a_number() -> None:
    page = build_document("合计 壹仟贰佰叁拾肆元伍角陆分")

    evidence = revision_of(page, Fapiao, {"total": {"text": "1234.56", "src": ["p1r1"]}}).fields["total"]

    assert evidence.grade is EvidenceGrade.CITED_TYPED
    assert evidence.quote == "壹仟贰佰叁拾肆元伍角陆分"
