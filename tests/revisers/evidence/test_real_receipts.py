"""Evidence on real receipts: true values are proved, changed digits are not."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document, Page, Region, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.revisers import EvidenceGrade, EvidenceIndex, find_evidence
from deepocr_kit.revisers.fields import leaf_specs
from deepocr_kit.revisers.values import parse_value

UNPROVED = {EvidenceGrade.UNSUPPORTED, EvidenceGrade.CONFUSABLE, EvidenceGrade.MISSING}


class Receipt(BaseModel):
    company: str
    date: dt.date
    address: str
    total: Decimal


SPECS = {spec.name: spec for spec in leaf_specs(Receipt)}


def index_of(item: dict[str, Any]) -> EvidenceIndex:
    quads = [box["quad"] for box in item["boxes"]]
    size = Size(max(max(quad[0::2]) for quad in quads) + 10, max(max(quad[1::2]) for quad in quads) + 10)
    regions = tuple(
        Region(
            id=f"p1r{number}",
            label=RegionLabel.TEXT,
            boxes=(BBox.from_pixels(min(q[0::2]), min(q[1::2]), max(q[0::2]), max(q[1::2]), size),),
            content=box["text"],
            text=box["text"],
        )
        for number, (box, q) in enumerate(zip(item["boxes"], quads, strict=True), start=1)
    )
    return EvidenceIndex(Document(pages=(Page(index=0, size=size, regions=regions),)))


@pytest.fixture(scope="module")
def receipts(shared_data: Path) -> list[tuple[EvidenceIndex, dict[str, str]]]:
    folder = shared_data / "receipts"
    items = [
        item
        for name in ("manifest.json", "text_only.json")
        for item in json.loads((folder / name).read_text("utf-8"))["items"]
    ]
    # the even ids were looked at while the search was written
    return [(index_of(item), item["fields"]) for item in items if int(item["id"][-1]) % 2]


def supported(index: EvidenceIndex, field: str, text: str) -> bool:
    value = parse_value(text, SPECS[field], order=index.order)
    if value is None:
        return False
    return find_evidence(index, SPECS[field], text, value=value).grade not in UNPROVED


def changed(text: str, chance: random.Random) -> str:
    position = chance.choice([number for number, char in enumerate(text) if char.isdecimal()])
    other = chance.choice([digit for digit in "0123456789" if digit != text[position]])
    return text[:position] + other + text[position + 1 :]


@pytest.mark.parametrize("field", list(SPECS))
def test_true_values_are_supported(receipts: list[tuple[EvidenceIndex, dict[str, str]]], field: str) -> None:
    results = [supported(index, field, fields[field]) for index, fields in receipts if fields.get(field)]

    assert len(results) > 100
    assert sum(results) / len(results) >= 0.99


@pytest.mark.parametrize(("field", "limit"), [("total", 0.03), ("date", 0.03), ("address", 0.01)])
def test_values_with_one_other_digit_are_not(
    receipts: list[tuple[EvidenceIndex, dict[str, str]]], field: str, limit: float
) -> None:
    chance = random.Random(17)
    texts = [(index, fields[field]) for index, fields in receipts if any(map(str.isdecimal, fields.get(field, "")))]
    results = [supported(index, field, changed(text, chance)) for index, text in texts for _ in range(3)]

    assert sum(results) / len(results) <= limit


def test_the_company_of_another_receipt_is_not(receipts: list[tuple[EvidenceIndex, dict[str, str]]]) -> None:
    companies = [fields["company"] for _, fields in receipts]
    pairs = [
        (index, companies[(number + 11) % len(companies)])
        for number, (index, _) in enumerate(receipts)
        if companies[(number + 11) % len(companies)] != companies[number]
    ]

    assert sum(supported(index, "company", company) for index, company in pairs) / len(pairs) <= 0.005
