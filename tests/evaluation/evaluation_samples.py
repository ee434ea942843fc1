"""A schema, its truths and what was read of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from deepocr_kit.geometry import BBox
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, FieldHints, PageBox, ValueKind


class Line(BaseModel):
    name: str
    amount: Decimal | None = None


class Seller(BaseModel):
    name: str | None = None
    phone: Annotated[str | None, FieldHints(kind=ValueKind.PHONE)] = None


class Invoice(BaseModel):
    number: Annotated[str, FieldHints(kind=ValueKind.CODE)]
    date: dt.date | None = None
    total: Decimal | None = None
    paid: bool | None = None
    currency: Literal["EUR", "USD"] | None = None
    seller: Seller = Seller()
    lines: list[Line] = []
    tags: list[str] = []


def evidence(path: str, value: Any, **known: Any) -> FieldEvidence:
    grade = EvidenceGrade.MISSING if value is None else EvidenceGrade.FOUND_UNIQUE
    return FieldEvidence(path=path, value=value, **{"grade": grade, "score": 0.7, **known})


def read(values: Mapping[str, Any]) -> dict[str, FieldEvidence]:
    """Evidence for values by path."""
    return {path: evidence(path, value) for path, value in values.items()}


def box(x0: float, y0: float, x1: float, y1: float, page_index: int = 0) -> PageBox:
    return PageBox(page_index=page_index, bbox=BBox(x0=x0, y0=y0, x1=x1, y1=y1))


def items(*lines: tuple[str, str]) -> dict[str, FieldEvidence]:
    """Read lines of a name and an amount."""
    found = {}
    for at, (name, amount) in enumerate(lines):
        found |= {f"lines[{at}].name": name, f"lines[{at}].amount": Decimal(amount)}
    return read(found)


def truths(*lines: tuple[str, str]) -> list[dict[str, str]]:
    """The same as truth."""
    return [{"name": name, "amount": amount} for name, amount in lines]
