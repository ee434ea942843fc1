"""Scores of values for fields, by label, place and form."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from deepocr_kit.revisers._vocabulary import means
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.rules import _weights as w
from deepocr_kit.revisers.rules._candidates import Candidate, CandidateFinder, by_row_of
from deepocr_kit.revisers.rules._crossings import crossings
from deepocr_kit.revisers.rules._crowds import Crowds
from deepocr_kit.revisers.rules._geometry import ROWS_BELOW, fit, label_span
from deepocr_kit.revisers.rules._ink import Ink
from deepocr_kit.revisers.rules._labels import LabelHit
from deepocr_kit.revisers.rules._parties import find_parties, names_side, side_of
from deepocr_kit.revisers.rules._ranges import asked_end, range_end
from deepocr_kit.revisers.rules._roles import Role, role_of
from deepocr_kit.revisers.rules._sums import MAX_ROUNDING, Sums
from deepocr_kit.revisers.values import compare_key

__all__ = ["Scored", "Scorer"]

KEEP = 8
"""Candidates per field that go on to the assignment."""
PAID_SCORE = 0.74
"""Score of an amount that a sum gives, such as the money given less the change, but that has no label of the field."""
WHOLE_LABEL = 0.9
"""Least quality of a label beside which nothing else seems to be said."""
SUMMARY_FROM = 0.4
"""A summary of taxes stands behind this share of the rows; a "tax code" above it heads a column of goods."""
NEIGHBOURS = 24
"""Pieces of one row on either side that are looked at; no printed row has more columns."""
_NUMERIC = frozenset({ValueKind.NUMBER, ValueKind.INTEGER})
_GROUPS = {
    ValueKind.NUMBER: "number",
    ValueKind.INTEGER: "number",
    ValueKind.DATE: "date",
    ValueKind.DATETIME: "date",
    ValueKind.TIME: "time",
    ValueKind.DURATION: "time",
    ValueKind.CODE: "code",
    ValueKind.PHONE: "phone",
}
_SUMMARY = re.compile(
    r"(?:gst|tax|sst|vat)\W{0,2}(?:summary|analysis|code|breakdown|detail)|summary of (?:gst|tax)", re.IGNORECASE
)
_CODE_TEXT = re.compile(r"(?:reg\w*|no|id|code|number|roc)\b\W*", re.IGNORECASE)
_LABEL_UNIT = re.compile(r"[(（\[]\s*(元|圆|rm|km|公里|%|kg|usd|eur|¥|￥|\$)\s*[)）\]]", re.IGNORECASE)
_WORDS_ON = re.compile(r"\s+[A-Za-z]+(?:\s+[A-Za-z]+)*\s*$")
_MONEY_UNITS = frozenset(("元", "圆", "rm", "¥", "$", "usd", "eur", "cny", "rmb", "myr", "sgd", "gbp", "€", "£"))


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate for a field.

    Attributes:
        candidate: The value.
        score: 0..1; see ``docs/explanation/rules.md``.
        hit: Its label; None when it was chosen without one.
        place: Where it stands to its label: ``behind``, ``right``, ``below``, ``left``,
            ``before``, ``crossing``, ``column`` (as its sum); or ``arithmetic`` when sums chose it.
        agrees: Whether it fits the other amounts of the schema.
        crowd: Why its label names several values of its form; empty when it names this one.
    """

    candidate: Candidate
    score: float
    hit: LabelHit | None
    place: str
    agrees: bool = False
    crowd: str = ""


class Scorer:
    """Scores the candidates of one document."""

    def __init__(
        self,
        ink: Ink,
        specs: Sequence[FieldSpec],
        hits: dict[int, tuple[LabelHit, ...]],
        finder: CandidateFinder,
        sums: Sums,
    ) -> None:
        self._ink = ink
        self._specs = specs
        self._hits = hits
        self._finder = finder
        self._summary_row = _first_summary_row(ink)
        self._sums = sums
        self._crowds = Crowds(ink, hits, finder)
        self._sides = tuple(side_of(spec) for spec in specs)
        self._parties = find_parties(ink) if any(self._sides) else ()

    def score(self, index: int) -> tuple[Scored, ...]:
        """The best candidates of one field, best first; one entry per candidate."""
        spec = self._specs[index]
        best: dict[int, Scored] = {}
        candidates = self._finder.find(spec)
        by_row = by_row_of(self._ink, candidates)
        for hit, weight in self._hits_of(index):
            near = list(self._near(hit, by_row, candidates))
            form = partial(self._form, spec, hit)
            for number, place_score, place, crowd in self._crowds.sort(spec, hit, near, candidates, by_row, form):
                candidate = candidates[number]
                value = weight * place_score * form(candidate) * (w.CROWDED if crowd else 1.0)
                if place != "column" and self._owned_by_another(index, spec, hit, candidate, place_score):
                    value *= w.OWNED  # the word for the sum of a column is no label of another value
                known = best.get(number)
                if known is None or value > known.score:
                    best[number] = Scored(candidate, min(value, 1.0), hit, place, crowd=crowd)
        for number, hit in crossings(self._ink, spec, self._hits, candidates):
            value = w.CROSSING * self._form(spec, hit, candidates[number])
            if number not in best or value > best[number].score:
                best[number] = Scored(candidates[number], value, hit, "crossing")
        if role_of(spec) is Role.TOTAL:
            self._add_summed(candidates, best)
        counts = Counter(str(item.candidate.found.value) for item in best.values())
        ranked = sorted(best.values(), key=lambda item: (-item.score, -counts[str(item.candidate.found.value)]))
        return tuple(ranked[:KEEP])

    def _add_summed(self, candidates: Sequence[Candidate], best: dict[int, Scored]) -> None:
        """Amounts that a sum gives prove themselves, whatever label they have."""
        for number, candidate in enumerate(candidates):
            known = best.get(number)
            if self._sums.prove(candidate.found.value) and (known is None or known.score < PAID_SCORE):
                best[number] = Scored(candidate, PAID_SCORE, None, "arithmetic")

    def _hits_of(self, index: int) -> Iterator[tuple[LabelHit, float]]:
        for hits in self._hits.values():
            for hit in hits:
                for field, weight in hit.fields:
                    if field == index:
                        yield hit, weight * hit.quality * self._party_factor(index, hit)

    def _party_factor(self, index: int, hit: LabelHit) -> float:
        """How well a label fits by the party in whose block it stands: 1.0 where no party is asked for or told."""
        side = self._sides[index]
        if not self._parties or not side or names_side(hit.words, side):
            return 1.0
        piece = self._ink.pieces[hit.piece]
        held = {block.side for block in self._parties if block.holds(piece)}
        if side in held:
            return 1.0
        if held:
            return 0.0
        return w.OUTSIDE if any(block.side == side for block in self._parties) else 1.0

    def _near(
        self, hit: LabelHit, by_row: dict[int, list[int]], candidates: Sequence[Candidate]
    ) -> Iterator[tuple[int, float, str]]:
        row = self._ink.pieces[hit.piece].row
        between = self._hits[hit.piece]
        beside = 0
        for below in range(ROWS_BELOW + 1):
            for number in self._around(by_row.get(row + below, ()), candidates, self._ink.pieces[hit.piece].x0):
                value, place = fit(self._ink, hit, candidates[number], between)
                if value <= 0:
                    continue
                if below == 0 and place in ("right", "behind"):
                    value *= w.SECOND**beside
                    beside += 1
                elif below and beside:
                    value *= w.BELOW_TAKEN
                yield number, value, place

    def _around(self, numbers: Sequence[int], candidates: Sequence[Candidate], x: float) -> Sequence[int]:
        """The candidates of a row that stand nearest to a place; all of them in any sane row."""
        if len(numbers) <= 2 * NEIGHBOURS:
            return numbers
        at = bisect.bisect_left(numbers, x, key=lambda number: candidates[number].x0)
        return numbers[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]

    def _owned_by_another(
        self, index: int, spec: FieldSpec, hit: LabelHit, candidate: Candidate, place_score: float
    ) -> bool:
        """Whether a label of another field stands nearer to the candidate."""
        if self._is_cut_off(index, spec, hit, candidate):
            return True
        row = self._ink.rows[self._ink.pieces[candidate.piece].row]
        middle = candidate.piece - row[0]  # the pieces of a row are numbered from left to right
        for piece in row[max(0, middle - NEIGHBOURS) : middle + NEIGHBOURS]:
            for other in self._hits.get(piece, ()):
                if other.piece == hit.piece or any(field == index for field, _ in other.fields):
                    continue  # words of one label, such as the tax in "total incl. tax", do not compete
                if not self._competes(other, spec):
                    continue
                if fit(self._ink, other, candidate, self._hits[piece])[0] > place_score + w.MARGIN:
                    return True
        return False

    def _is_cut_off(self, index: int, spec: FieldSpec, hit: LabelHit, candidate: Candidate) -> bool:
        """Whether a label of another field stands in a row between a label and the candidate below it."""
        between = range(self._ink.pieces[hit.piece].row + 1, self._ink.pieces[candidate.piece].row)
        others = (other for row in between for piece in self._ink.rows[row] for other in self._hits.get(piece, ()))
        for other in others:
            left, right = label_span(self._ink, other)
            stands_above = min(right, candidate.x1) > max(left, candidate.x0)
            if stands_above and all(field != index for field, _ in other.fields) and self._competes(other, spec):
                return True
        return False

    def _competes(self, other: LabelHit, spec: FieldSpec) -> bool:
        kinds = {self._specs[field].kind for field, _ in other.fields} or {ValueKind(other.foreign_kind)}
        group = _GROUPS.get(spec.kind)
        return any(kind is ValueKind.TEXT or _GROUPS.get(kind) == group or group is None for kind in kinds)

    def _form(self, spec: FieldSpec, hit: LabelHit, candidate: Candidate) -> float:
        """How likely the printed form is for the field: 1.0 when nothing speaks against it."""
        if spec.kind in _NUMERIC:
            return self._number_form(spec, hit, candidate)
        text = candidate.found.text
        if spec.kind in (ValueKind.DATE, ValueKind.DATETIME):
            asked = asked_end(spec)
            end = range_end(self._ink.pieces[candidate.piece].text, candidate.found) if asked else ""
            return w.OTHER_END if end and end != asked else 1.0
        if spec.kind is ValueKind.CODE and spec.pattern is None:
            return 1.0 if len(compare_key(text)) >= 4 else w.SHORT_CODE
        return self._text_form(spec, hit, candidate) if spec.kind is ValueKind.TEXT else 1.0

    def _text_form(self, spec: FieldSpec, hit: LabelHit, candidate: Candidate) -> float:
        text = candidate.found.text
        if text[0] in "(（[【" and text[-1] in ")）]】":
            return w.BRACKETED
        if self._goes_on(hit):
            return w.LABEL_WORD
        if _is_glued(hit, candidate):
            return w.GLUED
        if _CODE_TEXT.match(text) or not any(char.isalpha() for char in text):
            return w.NO_NAME if role_of(spec) is Role.COMPANY else w.NO_PROSE
        return 1.0

    def _goes_on(self, hit: LabelHit) -> bool:
        """Whether more words stand between a label and the colon, so that it is another one: ``Item Value Adj:``."""
        between, colon, _ = re.sub("：", ":", self._ink.pieces[hit.piece].text[hit.end :]).partition(":")
        return bool(colon) and hit.quality >= WHOLE_LABEL and _WORDS_ON.match(between) is not None

    def _number_form(self, spec: FieldSpec, hit: LabelHit, candidate: Candidate) -> float:
        role = role_of(spec)
        form = 1.0
        if candidate.unit == "%":
            form *= 1.0 if role is Role.RATE else w.PERCENT
        label_unit = _LABEL_UNIT.search(self._ink.pieces[hit.piece].text[hit.start : hit.end + 6])
        if label_unit is not None and candidate.unit:
            form *= 1.0 if _same_unit(label_unit[1].casefold(), candidate.unit) else w.OTHER_UNIT
        if role in (Role.TOTAL, Role.MONEY):
            exact = "." in candidate.found.text or "," in candidate.found.text or candidate.unit in _MONEY_UNITS
            form *= 1.0 if exact else w.NOT_EXACT
        if means("rounding", spec.name, spec.labels) and abs(candidate.found.value) >= MAX_ROUNDING:
            form *= w.NO_ROUNDING
        if role is Role.TOTAL:
            form *= self._total_form(candidate)
        elif role is Role.MONEY and self._is_in_summary(candidate) and not means("tax", spec.name, spec.labels):
            form *= w.SUMMARY
        return form

    def _is_in_summary(self, candidate: Candidate) -> bool:
        return self._summary_row is not None and self._ink.pieces[candidate.piece].row >= self._summary_row

    def _total_form(self, candidate: Candidate) -> float:
        value = candidate.found.value
        form = w.ZERO if value <= 0 else 1.0
        if self._is_in_summary(candidate):
            form *= w.SUMMARY
        if value in self._sums.unrounded:
            form *= w.UNROUNDED
        if self._sums.prove(value):
            form *= w.PAID
        elif self._sums.paid:
            form *= w.NOT_PAID
        return form


def _is_glued(hit: LabelHit, candidate: Candidate) -> bool:
    """Whether a text follows its label without as much as a space, as the rest of one word does."""
    return candidate.piece == hit.piece and candidate.found.start == hit.end


def _first_summary_row(ink: Ink) -> int | None:
    rows = (piece.row for piece in ink.pieces if _SUMMARY.search(piece.text))
    late = [row for row in rows if row > len(ink.rows) * SUMMARY_FROM]
    return min(late, default=None)


def _same_unit(a: str, b: str) -> bool:
    return a == b or (a in _MONEY_UNITS and b in _MONEY_UNITS) or {a, b} == {"km", "公里"}
