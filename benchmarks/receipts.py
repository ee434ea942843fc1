"""Real English receipts: loading them, and scoring what was read from them by typed equality."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from benchmarks.shared_data import shared_data
from deepocr_kit.documents import Document, Page, Region, RegionLabel, SourceInfo
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.revisers import Revision
from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.values import compare_key, find_values, normalize, same_value

__all__ = [
    "FIELDS",
    "FieldScores",
    "Receipt",
    "ReceiptExample",
    "address_similarity",
    "is_printed",
    "is_right",
    "is_tuned",
    "load_receipts",
]

FIELDS: Mapping[str, ValueKind] = {
    "company": ValueKind.TEXT,
    "date": ValueKind.DATE,
    "address": ValueKind.TEXT,
    "total": ValueKind.NUMBER,
}


class Receipt(BaseModel):
    """What the receipts' ground truth holds; nothing but names and types."""

    company: str | None = None
    date: dt.date | None = None
    address: str | None = None
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReceiptExample:
    """A receipt with its true fields.

    Attributes:
        id: Number in the data set.
        document: Made of the ground truth's line boxes.
        fields: True values as printed.
        image: The scan, when there is one.
    """

    id: str
    document: Document
    fields: Mapping[str, str]
    image: Path | None


def load_receipts() -> tuple[ReceiptExample, ...]:
    """The receipts with and without pictures, sorted by id.

    Raises:
        Unavailable: The data set is not beside this checkout.
    """
    folder = shared_data("receipts")
    items = [
        item
        for name in ("manifest.json", "text_only.json")
        for item in json.loads((folder / name).read_text(encoding="utf-8"))["items"]
    ]
    examples = (_example(item, folder) for item in items)
    return tuple(sorted(examples, key=lambda example: example.id))


def is_tuned(example: ReceiptExample) -> bool:
    """Whether rules may be tuned on it: its id ends in an even digit. The others are held out."""
    return int(example.id[-1]) % 2 == 0


def is_right(field: str, value: Any, truth: str) -> bool:
    """Typed equality: total as a decimal, date as a date, names and addresses by their letters and digits."""
    return same_value(value, truth, FIELDS[field])


def is_printed(example: ReceiptExample, field: str) -> bool:
    """Whether the true value stands in the text at all, so that a reader of text can be right."""
    truth = example.fields.get(field, "")
    texts = [region.text for region in example.document.regions]
    if FIELDS[field] is ValueKind.TEXT:
        return compare_key(truth) in compare_key("".join(texts))
    return any(
        same_value(item.value, truth, FIELDS[field]) for text in texts for item in find_values(text, FIELDS[field])
    )


class FieldScores:
    """Counts what is right, per field; a receipt without a true value for a field does not count for it."""

    def __init__(self) -> None:
        self._total: Counter[str] = Counter()
        self._right: Counter[str] = Counter()
        self._proven: Counter[str] = Counter()
        self._proven_right: Counter[str] = Counter()
        self._similarities: list[float] = []

    def add(self, example: ReceiptExample, revision: Revision[Receipt]) -> None:
        """Count one receipt."""
        for field, truth in example.fields.items():
            evidence = revision.fields[field]
            right = evidence.value is not None and is_right(field, evidence.value, truth)
            self._total[field] += 1
            self._right[field] += right
            if not evidence.grade.is_low:
                self._proven[field] += 1
                self._proven_right[field] += right
            if field == "address":
                self._similarities.append(address_similarity(str(evidence.value or ""), truth))

    def accuracy(self, field: str) -> float:
        """Right values over true values, 0..1."""
        return self._right[field] / max(self._total[field], 1)

    def precision(self, field: str | None = None) -> float:
        """Right values over values whose grade is not low, 0..1; of all fields when none is named."""
        proven = self._proven.total() if field is None else self._proven[field]
        right = self._proven_right.total() if field is None else self._proven_right[field]
        return right / proven if proven else 1.0

    def coverage(self, field: str) -> float:
        """Values whose grade is not low over true values, 0..1."""
        return self._proven[field] / max(self._total[field], 1)

    @property
    def similarity(self) -> float:
        """Mean share of equal characters of the addresses."""
        return sum(self._similarities) / max(len(self._similarities), 1)

    def row(self, field: str) -> tuple[object, ...]:
        """Field, right, of, accuracy, proven, coverage, precision."""
        return (
            field,
            self._right[field],
            self._total[field],
            self.accuracy(field),
            self._proven[field],
            self.coverage(field),
            self.precision(field),
        )


def address_similarity(value: str, truth: str) -> float:
    """Share of equal characters, 0..1, after normalising."""
    return difflib.SequenceMatcher(None, normalize(value), normalize(truth), autojunk=False).ratio()


def _example(item: Mapping[str, Any], folder: Path) -> ReceiptExample:
    quads = [(box["quad"], box["text"]) for box in item["boxes"]]
    width = max(max(quad[0::2]) for quad, _ in quads) + 20
    height = max(max(quad[1::2]) for quad, _ in quads) + 20
    size = Size(width, height)
    regions = tuple(
        Region(
            id=f"p1r{number}",
            label=RegionLabel.TEXT,
            boxes=(BBox.from_pixels(min(quad[0::2]), min(quad[1::2]), max(quad[0::2]), max(quad[1::2]), size),),
            content=text,
            text=text,
        )
        for number, (quad, text) in enumerate(quads, start=1)
    )
    page = Page(index=0, size=size, regions=regions, model="ground truth")
    image = folder / item["image"] if "image" in item else None
    return ReceiptExample(
        item["id"], Document(source=SourceInfo(name=item["id"]), pages=(page,)), item["fields"], image
    )
