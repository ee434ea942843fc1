"""The single fields of a schema from the ink of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from deepocr_kit.revisers.base import EvidenceGrade
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.rules._agreement import agree
from deepocr_kit.revisers.rules._answer import MISREAD, Answer, missing
from deepocr_kit.revisers.rules._assign import assign
from deepocr_kit.revisers.rules._candidates import Candidate, CandidateFinder
from deepocr_kit.revisers.rules._declared import Arithmetic
from deepocr_kit.revisers.rules._formal import find_addressee, find_signatory, find_signature_date, find_title
from deepocr_kit.revisers.rules._ink import Ink
from deepocr_kit.revisers.rules._labels import LabelHit, LabelIndex
from deepocr_kit.revisers.rules._names import Block, find_address, find_company
from deepocr_kit.revisers.rules._parties import side_of
from deepocr_kit.revisers.rules._placeholders import placeholder_edges
from deepocr_kit.revisers.rules._roles import Role, role_of
from deepocr_kit.revisers.rules._scoring import Scored, Scorer
from deepocr_kit.revisers.rules._sums import Sums, read_sums
from deepocr_kit.revisers.values import DateOrder, parse_value

__all__ = ["read_fields"]

GUESS = 0.45
"""Between this score and the threshold a value is given as ambiguous; below it there is none."""
RIVAL = 0.985
"""A second, different value with so much of the best one's score makes both ambiguous."""
RIVAL_TWIN = 0.92
"""The same for a value beside the same words in another place, such as those of buyer and seller."""
RIVAL_TOTAL = 0.85
"""The same for a total that no sum confirms; documents print many amounts that are called a total."""
SURE_LABEL, LABEL_SHARE = 0.9, 0.6
"""Least quality of a label, and its share of a piece's letters, that make the piece a label and no name."""
UNIQUE_SCORE = 0.75
"""Score of the only value of its form in the document."""


def read_fields(
    ink: Ink,
    specs: Sequence[FieldSpec],
    index: LabelIndex,
    order: DateOrder,
    threshold: float,
    arithmetic: Arithmetic,
) -> tuple[Answer, ...]:
    """An answer for every field, in their order.

    Args:
        ink: The document.
        specs: Fields outside of lists.
        index: Their labels.
        order: The likeliest reading of ambiguous dates.
        threshold: Least score of a value that counts as proven.
        arithmetic: What the items of lists sum up to, and the rules that the schema declares.
    """
    hits = {piece.index: found for piece in ink.pieces if (found := index.find(piece))}
    finder = CandidateFinder(ink, hits, order)
    sums = read_sums(ink, hits, finder, arithmetic.lines)
    scorer = Scorer(ink, specs, hits, finder, sums)
    options = [() if spec.derived else _usable(spec, scorer.score(at), order) for at, spec in enumerate(specs)]
    options = agree(specs, options, arithmetic.equations(specs, options))
    chosen = assign(options)
    labels = frozenset(
        piece for piece, found in hits.items() if any(_fills(ink, hit) or _opens(ink, hit) for hit in found)
    )
    reader = _Reader(ink, finder, order, threshold, labels, sums)
    contested = _contested(chosen, options)
    return tuple(
        reader.answer(spec, scored, others, contested=scored in contested)
        for spec, scored, others in zip(specs, chosen, options, strict=True)
    )


def _contested(chosen: Sequence[Scored | None], options: Sequence[Sequence[Scored]]) -> tuple[Scored, ...]:
    """Chosen options that a field which got nothing wanted as much: two fields with one label and one value."""
    left = [field[0] for field, scored in zip(options, chosen, strict=True) if scored is None and field]
    return tuple(
        scored
        for scored in chosen
        if scored is not None
        and any(other.candidate is scored.candidate and other.score >= RIVAL * scored.score for other in left)
    )


def _usable(spec: FieldSpec, scored: tuple[Scored, ...], order: DateOrder) -> tuple[Scored, ...]:
    """The options whose text really becomes a value of the field."""
    return tuple(item for item in scored if parse_value(item.candidate.found.text, spec, order=order) is not None)


def _address(ink: Ink, labels: frozenset[int]) -> Block | None:
    return find_address(ink, find_company(ink, labels))


_FINDERS: Mapping[Role, Callable[[Ink, frozenset[int]], Block | None]] = {
    Role.COMPANY: find_company,
    Role.ADDRESS: _address,
    Role.TITLE: find_title,
    Role.ADDRESSEE: find_addressee,
    Role.SIGNATORY: find_signatory,
    Role.SIGNATURE_DATE: find_signature_date,
}
"""How the unlabelled values of some roles are found."""


class _Reader:
    """Turns chosen candidates into answers; finds unlabelled ones."""

    def __init__(
        self,
        ink: Ink,
        finder: CandidateFinder,
        order: DateOrder,
        threshold: float,
        labels: frozenset[int],
        sums: Sums,
    ) -> None:
        self._ink = ink
        self._finder = finder
        self._order = order
        self._threshold = threshold
        self._labels = labels
        self._sums = sums
        self._given: frozenset[int] = frozenset()

    def answer(self, spec: FieldSpec, scored: Scored | None, options: Sequence[Scored], *, contested: bool) -> Answer:
        if spec.derived:
            return missing(spec.path, "the field is derived; rules only read what is printed")
        labelled = self._labelled(spec, scored, options, contested=contested) if scored is not None else None
        unlabelled = (
            self._unlabelled(spec)
            if labelled is None or labelled.grade.is_low or role_of(spec) is Role.ADDRESS
            else None
        )
        chosen = self._better(labelled, unlabelled)
        if chosen is not None and chosen is unlabelled and role_of(spec) is Role.COMPANY:
            self._given |= {piece.index for piece in chosen.pieces}
        if chosen is not None:
            return chosen
        if options:
            return missing(
                spec.path, f"no label is sure enough; the best of {len(options)} values scores {options[0].score:.2f}"
            )
        return missing(spec.path, "no label of the field has a fitting value beside it")

    def _better(self, labelled: Answer | None, unlabelled: Answer | None) -> Answer | None:
        if labelled is not None and not labelled.grade.is_low and not _is_letterhead_above(unlabelled, labelled):
            return labelled
        if unlabelled is not None and (
            labelled is None or unlabelled.score > labelled.score or _is_letterhead_above(unlabelled, labelled)
        ):
            return unlabelled
        return labelled

    def _labelled(
        self, spec: FieldSpec, scored: Scored, options: Sequence[Scored], *, contested: bool
    ) -> Answer | None:
        if scored.score < GUESS:
            return None
        value = self._value(spec, scored.candidate)
        share = RIVAL if role_of(spec) is not Role.TOTAL or self._is_settled(spec, scored) else RIVAL_TOTAL
        rivals = [
            item
            for item in options
            if item.candidate.found.value != scored.candidate.found.value
            and item.score >= scored.score * (min(share, RIVAL_TWIN) if _is_twin(item, scored) else share)
        ]
        pieces = [self._ink.pieces[scored.candidate.piece]]
        signals: dict[str, float | bool | str] = {"place": scored.place, "rivals": float(len(rivals))}
        if scored.agrees:
            signals["sums"] = True
        if scored.hit is not None:
            label = self._ink.pieces[scored.hit.piece]
            pieces.append(label)
            signals["label"] = label.text[scored.hit.start : scored.hit.end]
        crowd = "" if self._is_settled(spec, scored) else scored.crowd
        doubt = crowd or _doubt(scored.score >= self._threshold, bool(rivals), contested) or self._unsure(spec, scored)
        proven = not doubt
        return Answer(
            spec.path,
            value,
            scored.candidate.found.text,
            tuple(pieces),
            _grade(scored, proven=proven),
            scored.score if proven else min(scored.score, self._threshold - 0.01),
            signals,
            doubt,
        )

    def _is_settled(self, spec: FieldSpec, scored: Scored) -> bool:
        return scored.agrees or (role_of(spec) is Role.TOTAL and self._sums.prove(scored.candidate.found.value))

    def _unsure(self, spec: FieldSpec, scored: Scored) -> str:
        """Why a value that fits well may still be misread or wrong."""
        piece = self._ink.pieces[scored.candidate.piece]
        if scored.agrees:
            return ""
        if role_of(spec) is Role.TOTAL:
            return self._sums.doubt(scored.candidate.found.value, piece.confidence, labelled=scored.hit is not None)
        return "" if piece.read_surely else MISREAD

    def _value(self, spec: FieldSpec, candidate: Candidate) -> object:
        return parse_value(candidate.found.text, spec, order=self._order)

    def _unlabelled(self, spec: FieldSpec) -> Answer | None:
        role = role_of(spec)
        find = _FINDERS.get(role)
        if find is not None and not side_of(spec):
            block = find(self._ink, self._labels | self._given if role is Role.COMPANY else self._labels)
            if block is not None and role is Role.COMPANY and self._given:
                block = replace(block, score=min(block.score, self._threshold - 0.01))  # a second name: which is whose?
            return self._block(spec, block) if block is not None else None
        if role is Role.ISSUE_DATE or (spec.pattern is not None and spec.kind is not ValueKind.TEXT):
            return self._only_one(spec)
        return None

    def _block(self, spec: FieldSpec, block: Block) -> Answer | None:
        value = parse_value(block.text, spec, order=self._order)
        if value is None or block.score < GUESS:
            return None
        pieces = tuple(self._ink.pieces[index] for index in block.pieces)
        doubt = "" if block.score >= self._threshold else "no label; chosen by its words and its place"
        doubt = doubt or ("" if all(piece.read_surely for piece in pieces) else MISREAD)
        return Answer(
            spec.path,
            value,
            block.text,
            pieces,
            EvidenceGrade.AMBIGUOUS if doubt else EvidenceGrade.FOUND_UNIQUE,
            min(block.score, self._threshold - 0.01) if doubt else block.score,
            {"place": "letterhead"},
            doubt,
        )

    def _only_one(self, spec: FieldSpec) -> Answer | None:
        """The only value of the field's form; the first one, as ambiguous, when there are several."""
        candidates = self._finder.find(spec)
        if not candidates:
            return None
        values = {candidate.found.value for candidate in candidates}
        first = candidates[0]
        unique = len(values) == 1
        score = UNIQUE_SCORE if unique else GUESS + 0.1
        return Answer(
            spec.path,
            self._value(spec, first),
            first.found.text,
            (self._ink.pieces[first.piece],),
            EvidenceGrade.FOUND_UNIQUE if unique and score >= self._threshold else EvidenceGrade.AMBIGUOUS,
            score,
            {"place": "anywhere", "rivals": float(len(values) - 1)},
            "" if unique else f"{len(values)} different values of this form and no label",
        )


def _is_twin(one: Scored, other: Scored) -> bool:
    """Whether two values have the same label, each at a place of its own."""
    if one.hit is None or other.hit is None or one.hit == other.hit:
        return False
    return one.hit.words == other.hit.words and {one.place, other.place} <= {"behind", "right"}


def _grade(scored: Scored, *, proven: bool) -> EvidenceGrade:
    if not proven:
        return EvidenceGrade.AMBIGUOUS
    return EvidenceGrade.FOUND_LABELLED if scored.hit is not None else EvidenceGrade.FOUND_UNIQUE


def _is_letterhead_above(block: Answer | None, labelled: Answer) -> bool:
    """Whether a whole address stands above the labelled one, which then is the customer's."""
    return block is not None and len(block.pieces) > 1 and block.pieces[0].index < labelled.pieces[0].index


def _doubt(sure: bool, rivals: bool, contested: bool) -> str:  # noqa: FBT001 - three facts of one decision
    """Why a labelled value is not proven; empty when it is."""
    if rivals:
        return "another value fits as well"
    if contested:
        return "another field of the schema has the same label and wants the same value"
    return "" if sure else "the label or the place is not sure"


def _fills(ink: Ink, hit: LabelHit) -> bool:
    """Whether a piece is nothing but a label."""
    letters = sum(char.isalnum() for char in ink.pieces[hit.piece].text)
    return hit.quality >= SURE_LABEL and hit.end - hit.start >= LABEL_SHARE * letters


def _opens(ink: Ink, hit: LabelHit) -> bool:
    """Whether a piece begins with a label and its colon, or a place for a stamp, so that it is no line for itself."""
    rest = ink.pieces[hit.piece].text[hit.end :].lstrip()
    return hit.start == 0 and (rest[:1] in (":", "：") or placeholder_edges(rest)[0] > 0)
