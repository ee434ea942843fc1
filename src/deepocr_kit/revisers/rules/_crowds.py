"""Labels that name several values, of which a single field can mean at most one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from deepocr_kit.revisers._vocabulary import means
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.rules import _weights as w
from deepocr_kit.revisers.rules._candidates import Candidate, CandidateFinder, by_row_of
from deepocr_kit.revisers.rules._columns import Column, column_under
from deepocr_kit.revisers.rules._geometry import label_span
from deepocr_kit.revisers.rules._ink import Ink
from deepocr_kit.revisers.rules._labels import LabelHit
from deepocr_kit.revisers.rules._roles import Role, role_of

__all__ = ["Crowds", "Near"]

Near = tuple[int, float, str]
"""Number of a candidate, how well its place fits, and the place."""
_WORDS = frozenset({ValueKind.TEXT, ValueKind.CHOICE, ValueKind.BOOLEAN})
"""Kinds whose form does not tell a value from what stands under it by chance."""
_MEASURED = frozenset(
    {
        ValueKind.NUMBER,
        ValueKind.INTEGER,
        ValueKind.DATE,
        ValueKind.DATETIME,
        ValueKind.TIME,
        ValueKind.DURATION,
    }
)
"""Kinds of which two beside one label are two values."""
MANY_WORDS = 3
"""Texts beside one label that make its row a row of a table; two may be one text, or one and a remark."""
ALIKE = 0.95
"""Least likelihood of the form of a value, as a share of the best one's, that makes it as good."""
_BESIDE = ("right", "behind")
_NUMBER = FieldSpec(path="", name="", kind=ValueKind.NUMBER, annotation=Decimal, required=False)


class Crowds:
    """Says which values share their label with others.

    Args:
        ink: The document.
        hits: The labels of every piece.
        finder: Of its values.
    """

    def __init__(self, ink: Ink, hits: Mapping[int, tuple[LabelHit, ...]], finder: CandidateFinder) -> None:
        self._ink = ink
        self._hits = hits
        self._finder = finder
        self._headers: dict[int, bool] = {}
        self._colons: dict[int, bool] = {}

    def sort(
        self,
        spec: FieldSpec,
        hit: LabelHit,
        near: Sequence[Near],
        candidates: Sequence[Candidate],
        by_row: Mapping[int, Sequence[int]],
        form: Callable[[Candidate], float],
    ) -> Iterator[tuple[int, float, str, str]]:
        """The candidates near a label, each with why the label does not name it alone; empty where it does.

        The sum of a column comes before its parts.

        Args:
            spec: The field.
            hit: Its label.
            near: What stands near the label.
            candidates: Values of the field's form.
            by_row: Their numbers by row, from left to right.
            form: How likely the printed form of a candidate is for the field.
        """
        beside = [number for number, _, place in near if place in _BESIDE]
        below = [number for number, _, place in near if place == "below"]
        column = Column()
        if below and (not beside or spec.kind in _WORDS) and (spec.kind not in _WORDS or self._is_header(hit)):
            column = column_under(self._ink, hit, self._hits, candidates, by_row)
        parts = frozenset(column.members)
        total = None if _has_no_sum(spec) else column.total
        values = {candidates[number].found.value for number in parts}
        crowd = f"its label heads a column of {len(parts)} values" if len(values) > 1 else ""
        if total is not None and parts:
            wrong = "" if column.adds_up else "the values of its column do not add up to it"
            wrong = wrong or ("" if column.is_only_sum else "more than one sum stands under its label")
            yield total, w.CROSSING, "column", wrong
        row_crowd = self._in_row(spec, hit, [candidates[number] for number in beside], form)
        for number, score, place in near:
            if place == "below" and number in parts:
                yield number, score * (1.0 if total is None else w.PART), place, crowd
            elif not (crowd and place in _BESIDE):  # beside the head of a column stands the next head
                yield number, score, place, row_crowd if number in beside else ""

    def _in_row(
        self, spec: FieldSpec, hit: LabelHit, beside: Sequence[Candidate], form: Callable[[Candidate], float]
    ) -> str:
        """Why none of the values beside a label is the one that it names."""
        if spec.kind not in _MEASURED and (spec.kind not in _WORDS or self._has_colon(hit)):
            return ""
        forms = [(form(candidate), candidate) for candidate in beside if not self._is_parted(hit, candidate)]
        best = max((likely for likely, _ in forms), default=0.0)
        count = len({str(candidate.found.value) for likely, candidate in forms if likely >= ALIKE * best})
        enough = 2 if spec.kind in _MEASURED else MANY_WORDS
        return f"{count} values stand beside its label" if count >= enough else ""

    def _has_colon(self, hit: LabelHit) -> bool:
        """Whether the row of a label says by a colon which of its words are labels."""
        number = self._ink.pieces[hit.piece].row
        if number not in self._colons:
            texts = (self._ink.pieces[piece].text for piece in self._ink.rows[number])
            self._colons[number] = any(mark in text for text in texts for mark in ":：")
        return self._colons[number]

    def _is_parted(self, hit: LabelHit, candidate: Candidate) -> bool:
        """Whether another label stands between a label and a value of its row."""
        right = label_span(self._ink, hit)[1]
        between = range(hit.piece, candidate.piece + 1)  # the pieces of a row are numbered from left to right
        others = (other for piece in between for other in self._hits.get(piece, ()) if other is not hit)
        return any(right <= label_span(self._ink, other)[0] < candidate.x0 for other in others)

    def _is_header(self, hit: LabelHit) -> bool:
        """Whether a label stands in a row with one that heads a column of numbers."""
        row = self._ink.pieces[hit.piece].row
        if row not in self._headers:
            candidates = self._finder.find(_NUMBER)
            by_row = by_row_of(self._ink, candidates)
            others = [other for piece in self._ink.rows[row] for other in self._hits.get(piece, ())]
            columns = (column_under(self._ink, other, self._hits, candidates, by_row) for other in others)
            self._headers[row] = len(others) > 1 and any(len(column.members) > 1 for column in columns)
        return self._headers[row]


def _has_no_sum(spec: FieldSpec) -> bool:
    return role_of(spec) is Role.RATE or means("unit_price", spec.name, spec.labels)
