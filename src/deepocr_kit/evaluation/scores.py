"""Counts of outcomes, and the rates that are made of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit.evaluation.comparison import FieldComparison, Outcome
from deepocr_kit.geometry import BBox

__all__ = ["Coverage", "EvidenceScores", "FieldScores", "coverage_at", "interval"]

_T = TypeVar("_T")

OVERLAP_MIN = 0.5
"""Boxes meet when this share of the smaller one lies in the other: a cited line around a true word is right."""

RESAMPLES = 1000
"""Bootstrap samples behind an interval; more change its ends by less than a percent."""


class FieldScores(BaseModel):
    """How many leaves came out how.

    Rates are None where there is nothing to rate.

    Attributes:
        right: As expected.
        wrong: Another value.
        missing: No value where one is expected.
        spurious: A value where none is expected.
        empty: None where none is expected.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    right: int = Field(default=0, ge=0)
    wrong: int = Field(default=0, ge=0)
    missing: int = Field(default=0, ge=0)
    spurious: int = Field(default=0, ge=0)
    empty: int = Field(default=0, ge=0)

    @classmethod
    def of(cls, comparisons: Iterable[FieldComparison]) -> FieldScores:
        """The counts of some comparisons."""
        return cls(**Counter(one.outcome.value for one in comparisons))

    def __add__(self, other: FieldScores) -> FieldScores:
        """The counts of both."""
        return FieldScores(
            right=self.right + other.right,
            wrong=self.wrong + other.wrong,
            missing=self.missing + other.missing,
            spurious=self.spurious + other.spurious,
            empty=self.empty + other.empty,
        )

    @property
    def judged(self) -> int:
        """All leaves that the truth speaks of."""
        return self.right + self.wrong + self.missing + self.spurious + self.empty

    @property
    def accuracy(self) -> float | None:
        """Share of all judged leaves that came out as expected, rightly empty ones included."""
        return _rate(self.right + self.empty, self.judged)

    @property
    def precision(self) -> float | None:
        """Share of the values read that are right."""
        return _rate(self.right, self.right + self.wrong + self.spurious)

    @property
    def recall(self) -> float | None:
        """Share of the values expected that were read right."""
        return _rate(self.right, self.right + self.wrong + self.missing)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall: a wrong value counts against both."""
        return _rate(2 * self.right, 2 * (self.right + self.wrong) + self.spurious + self.missing)

    @property
    def aligned(self) -> float | None:
        """Share of right values among all steps of a person who corrects the rest: change, add, delete (KIEval)."""
        return _rate(self.right, self.right + self.wrong + self.missing + self.spurious)


class EvidenceScores(BaseModel):
    """Whether values point at the right ink, over right values whose place is known.

    Boxes meet when ``OVERLAP_MIN`` of the smaller one lies in the other on the
    same page; regions when their ids are equal.

    Attributes:
        cited: Boxes or regions that were cited.
        cited_right: Those that meet a true one.
        true: True boxes or regions.
        true_found: Those that a cited one meets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cited: int = 0
    cited_right: int = 0
    true: int = 0
    true_found: int = 0

    @classmethod
    def of(cls, comparisons: Iterable[FieldComparison]) -> EvidenceScores:
        """The counts of some comparisons."""
        cited = cited_right = true = true_found = 0
        for one in comparisons:
            if one.outcome is not Outcome.RIGHT:
                continue
            named = set() if one.evidence is None or not one.regions_expected else set(one.evidence.region_ids)
            met = named & set(one.regions_expected)
            cited, true = cited + len(named), true + len(set(one.regions_expected))
            cited_right, true_found = cited_right + len(met), true_found + len(met)
            if not one.boxes_expected:
                continue
            truths = [(box.page - 1, box.bbox) for box in one.boxes_expected]
            said = [(box.page_index, box.bbox) for box in one.boxes]
            cited += len(said)
            cited_right += sum(any(_meet(box, truth) for truth in truths) for box in said)
            true += len(truths)
            true_found += sum(any(_meet(box, truth) for box in said) for truth in truths)
        return cls(cited=cited, cited_right=cited_right, true=true, true_found=true_found)

    @property
    def precision(self) -> float | None:
        """Share of the cited boxes that meet a true one."""
        return _rate(self.cited_right, self.cited)

    @property
    def recall(self) -> float | None:
        """Share of the true boxes that a cited one meets."""
        return _rate(self.true_found, self.true)


class Coverage(BaseModel):
    """How much can go through unseen when only so many errors are allowed.

    Attributes:
        target: The precision asked for.
        threshold: Least score that is let through; None when no threshold reaches the target.
        precision: Of what is let through; None when nothing is.
        coverage: Share of all judged values, read or expected, that is let through, 0..1.
        accepted: How many values that are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: float
    threshold: float | None = None
    precision: float | None = None
    coverage: float = 0.0
    accepted: int = 0


def coverage_at(comparisons: Iterable[FieldComparison], *, precision: float = 0.97) -> Coverage:
    """The lowest score threshold above which values are as precise as asked, and how many those are.

    A threshold found on a set holds for that set; judge it on another.

    Raises:
        ValueError: ``precision`` is not above 0 and up to 1.
    """
    if not 0 < precision <= 1:
        raise ValueError(f"precision must be above 0 and up to 1, got {precision!r}")
    judged = [one for one in comparisons if one.outcome is not Outcome.EMPTY]
    by_score: dict[float, list[FieldComparison]] = {}
    for one in judged:
        if one.outcome is not Outcome.MISSING:
            by_score.setdefault(0.0 if one.evidence is None else one.evidence.score, []).append(one)
    best = Coverage(target=precision)
    accepted = right = 0
    for score in sorted(by_score, reverse=True):
        accepted += len(by_score[score])
        right += sum(one.outcome is Outcome.RIGHT for one in by_score[score])
        if right / accepted >= precision:
            best = Coverage(
                target=precision,
                threshold=score,
                precision=right / accepted,
                coverage=accepted / len(judged),
                accepted=accepted,
            )
    return best


def interval(
    units: Sequence[_T], rate: Callable[[Sequence[_T]], float | None], *, level: float = 0.95
) -> tuple[float, float] | None:
    """A bootstrap interval of a rate, with documents as the units that are drawn; None for fewer than two.

    Seeded: the same units give the same interval.

    Args:
        units: What a sample is drawn from.
        rate: Of a sample; samples without a rate are left out.
        level: Share of the samples inside.

    Raises:
        ValueError: ``level`` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, got {level!r}")
    if len(units) < 2:
        return None
    draw = random.Random(len(units))
    rates = sorted(found for _ in range(RESAMPLES) if (found := rate(draw.choices(units, k=len(units)))) is not None)
    if not rates:
        return None
    cut = int((1 - level) / 2 * len(rates))
    return rates[cut], rates[-1 - cut]


def _meet(one: tuple[int, BBox], other: tuple[int, BBox]) -> bool:
    (page, box), (other_page, other_box) = one, other
    if page != other_page:
        return False
    width = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
    height = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
    smaller = min(box.width * box.height, other_box.width * other_box.height)
    return width > 0 and height > 0 and width * height >= OVERLAP_MIN * smaller


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
