"""What the sums of a document say about its total: money given, change, taxes, rounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from deepocr_kit.revisers._vocabulary import vocabulary_of
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.rules._candidates import Candidate, CandidateFinder
from deepocr_kit.revisers.rules._geometry import fit
from deepocr_kit.revisers.rules._ink import Ink
from deepocr_kit.revisers.rules._labels import LabelHit

__all__ = ["MAX_ROUNDING", "Sums", "read_sums"]

SURE_LABEL, SURE_PLACE = 0.6, 0.5
"""Least quality of a label whose amount takes part in a sum, and least fit of the amount to it."""
SURE_READING = 0.995
"""Least confidence of a total that nothing else confirms."""
MAX_ROUNDING = Decimal(1)
"""Rounding is below one unit of money."""
COIN = Decimal("0.05")
"""What totals are rounded to where cents are not paid in coins; the finest rounding in use."""
MAX_PARTS = 6
"""Different amounts of one meaning that are tried; more are a column of goods."""
_MEANINGS = {
    name: vocabulary_of(name)
    for name in ("cash", "change", "rounding", "subtotal", "tax", "discount", "service_charge", "total")
}
_NUMBER = FieldSpec(path="", name="", kind=ValueKind.NUMBER, annotation=Decimal, required=False)


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts that sums of other printed amounts give.

    Attributes:
        paid: The money given less the change; the money given where no change is printed.
        summed: Printed amounts that are a subtotal with its taxes and charges, less the discount,
            or all the lines; and those that are printed in digits and in Chinese capitals.
        rounded: Printed amounts that are a total and its rounding.
        unrounded: Those totals before they were rounded.
        printed: How often each exact amount is printed.
        change: Whether change is printed.
        untaxed: Printed amounts that make another printed amount with a tax of the document.
        totals: Amounts that are labelled as a total.
    """

    paid: frozenset[Decimal] = frozenset()
    summed: frozenset[Decimal] = frozenset()
    rounded: frozenset[Decimal] = frozenset()
    unrounded: frozenset[Decimal] = frozenset()
    printed: Mapping[Decimal, int] = field(default_factory=dict)
    change: bool = False
    untaxed: frozenset[Decimal] = frozenset()
    totals: frozenset[Decimal] = frozenset()

    def prove(self, value: Decimal) -> bool:
        """Whether a sum gives this amount."""
        return value not in self.unrounded and (value in self.paid or value in self.summed or value in self.rounded)

    def doubt(self, value: Decimal, confidence: float | None, *, labelled: bool) -> str:
        """Why a total is not proven, empty when nothing speaks against it.

        Args:
            value: The total.
            confidence: With which it was read, 0..1; None when nobody says.
            labelled: Whether a label names it.
        """
        once = self.printed.get(value, 0) < 2
        confirmed = self.prove(value)
        doubts = (
            (
                bool(self.paid) and value not in self.paid,
                "the money given and the change make another total",
            ),
            (
                not labelled and (value not in self.paid or (once and not self.change)),
                "no label names it and its sum may be one of other amounts",
            ),
            (
                not confirmed and value in self.untaxed,
                "with the printed tax it makes another printed amount",
            ),
            (
                not confirmed and any(total - value >= MAX_ROUNDING for total in self.totals),
                "a larger amount is called a total as well",
            ),
            (
                value not in self.paid and self._is_rounded_elsewhere(value),
                "an amount that it may be rounded to is printed as well",
            ),
            (
                not confirmed and once and confidence is not None and confidence < SURE_READING,
                "printed once, not surely read, and no sum confirms it",
            ),
        )
        return next((reason for applies, reason in doubts if applies), "")

    def _is_rounded_elsewhere(self, value: Decimal) -> bool:
        """Whether it cannot be paid in coins, but a printed amount next to it can."""
        down = value - value % COIN
        return down != value and any(coins in self.printed for coins in (down, down + COIN))


def read_sums(
    ink: Ink,
    hits: Mapping[int, tuple[LabelHit, ...]],
    finder: CandidateFinder,
    lines: frozenset[Decimal] = frozenset(),
) -> Sums:
    """Do the sums of a document.

    Args:
        ink: The document.
        hits: Its labels.
        finder: Of its values.
        lines: Sums of the columns of amounts of its items.
    """
    numbers = [candidate for candidate in finder.find(_NUMBER) if _is_exact(candidate)]
    printed = Counter(abs(candidate.found.value) for candidate in numbers)
    amounts = _labelled_amounts(ink, hits, numbers)
    spelled = {number.found.value for number in numbers if _is_spelled(number)}
    digits = {number.found.value for number in numbers if not _is_spelled(number)}
    summed = frozenset(_summed(amounts, printed)) | (lines & printed.keys()) | (spelled & digits)
    before, after = _rounding(amounts["total"] | amounts["subtotal"] | summed, amounts["rounding"], printed)
    return Sums(
        paid=frozenset(_paid(amounts, ink, hits)),
        summed=summed,
        rounded=after,
        unrounded=before,
        printed=printed,
        change=bool(amounts["change"]),
        untaxed=frozenset(value for value in printed for tax in amounts["tax"] if tax and value + tax in printed),
        totals=frozenset(amounts["total"]),
    )


def _rounding(
    totals: Set[Decimal], roundings: Set[Decimal], printed: Mapping[Decimal, int]
) -> tuple[frozenset[Decimal], frozenset[Decimal]]:
    """Totals before and after they were rounded; the sign of the rounding is often not printed."""
    pairs = {
        (total, total + change)
        for total, part in product(totals, roundings)
        for change in (part, -part)
        if 0 < part < MAX_ROUNDING and total + change in printed and total % COIN and not (total + change) % COIN
    }
    return frozenset(before for before, _ in pairs), frozenset(after for _, after in pairs)


def _is_exact(candidate: Candidate) -> bool:
    text = candidate.found.text
    return candidate.unit != "%" and ("." in text or "," in text or _is_spelled(candidate))


def _is_spelled(candidate: Candidate) -> bool:
    """Whether an amount is in Chinese capitals, which say its cents or that there are none."""
    return any(char in "元圆圓" for char in candidate.found.text)


def _labelled_amounts(
    ink: Ink, hits: Mapping[int, tuple[LabelHit, ...]], numbers: Sequence[Candidate]
) -> dict[str, set[Decimal]]:
    by_row: dict[int, list[Candidate]] = {}
    for candidate in numbers:
        by_row.setdefault(ink.pieces[candidate.piece].row, []).append(candidate)
    amounts: dict[str, set[Decimal]] = {name: set() for name in _MEANINGS}
    for hit in _sure(hits):
        row = sorted(by_row.get(ink.pieces[hit.piece].row, ()), key=lambda candidate: candidate.x0)
        beside = (item for item in row if fit(ink, hit, item, hits[hit.piece])[0] > SURE_PLACE)
        value = next((abs(item.found.value) for item in beside), None)
        for name, words in _MEANINGS.items():
            if value is not None and hit.words in words and len(amounts[name]) < MAX_PARTS:
                amounts[name].add(value)
    return amounts


def _sure(hits: Mapping[int, tuple[LabelHit, ...]]) -> Iterator[LabelHit]:
    return (hit for found in hits.values() for hit in found if hit.quality >= SURE_LABEL)


def _paid(amounts: Mapping[str, set[Decimal]], ink: Ink, hits: Mapping[int, tuple[LabelHit, ...]]) -> set[Decimal]:
    """The money given less the change; nothing where change is announced and cannot be read."""
    given, change = amounts["cash"], amounts["change"]
    if change:
        return {a - b for a in given for b in change if a > b}
    announced = any(hit.words in _MEANINGS["change"] and _has_digits(ink, hit) for hit in _sure(hits))
    return set() if announced else set(given)


def _has_digits(ink: Ink, hit: LabelHit) -> bool:
    row = ink.rows[ink.pieces[hit.piece].row]
    return any(char.isdigit() for piece in row for char in ink.pieces[piece].text)


def _summed(amounts: Mapping[str, set[Decimal]], printed: Mapping[Decimal, int]) -> Iterator[Decimal]:
    parts = [(*sorted(amounts[name]), Decimal(0)) for name in ("tax", "service_charge", "discount")]
    for base, tax, charge, discount in product(sorted(amounts["subtotal"]), *parts):
        value = base + tax + charge - discount
        if value > 0 and value != base and value in printed:
            yield value
