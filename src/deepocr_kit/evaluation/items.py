"""Items of lists, judged as wholes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit.evaluation.comparison import FieldComparison, Outcome

__all__ = ["ItemScores"]

_ITEM = re.compile(r"^.*\]")


class ItemScores(BaseModel):
    """How many items of lists came out whole; an item is right when all its judged fields are.

    Attributes:
        right: Items of which everything is right.
        expected: Items in the truth.
        read: Items that were read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    right: int = Field(default=0, ge=0)
    expected: int = Field(default=0, ge=0)
    read: int = Field(default=0, ge=0)

    @classmethod
    def of(cls, comparisons: Iterable[FieldComparison]) -> ItemScores:
        """The counts over the items of one document."""
        inside = [one for one in comparisons if "[*]" in one.field]
        items = [list(group) for _, group in groupby(sorted(inside, key=_item), key=_item)]
        filled = [item for item in items if any(one.outcome is not Outcome.EMPTY for one in item)]
        return cls(
            right=sum(not any(one.is_miss for one in item) for item in filled),
            expected=sum(any(one.expected for one in item) for item in filled),
            read=sum(any(one.got for one in item) for item in filled),
        )

    def __add__(self, other: ItemScores) -> ItemScores:
        """The counts of both."""
        return ItemScores(
            right=self.right + other.right, expected=self.expected + other.expected, read=self.read + other.read
        )

    @property
    def precision(self) -> float | None:
        """Share of the items read that are right."""
        return self.right / self.read if self.read else None

    @property
    def recall(self) -> float | None:
        """Share of the items expected that were read right."""
        return self.right / self.expected if self.expected else None

    @property
    def f1(self) -> float | None:
        """Of whole items, KIEval's group F1; None without any."""
        both = self.expected + self.read
        return 2 * self.right / both if both else None


def _item(one: FieldComparison) -> tuple[str, str, str]:
    """The innermost item a leaf stands in, as read and as expected."""
    places = (_ITEM.match(path) for path in (one.path, one.expected_path, one.field))
    path, expected_path, field = (place.group() if place else "" for place in places)
    return field, path, expected_path
