"""Labels that head a column of several values, of which a single field can mean none but their sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from deepocr_kit.revisers._vocabulary import vocabulary_of
from deepocr_kit.revisers.rules import _weights as w
from deepocr_kit.revisers.rules._candidates import Candidate
from deepocr_kit.revisers.rules._geometry import label_span
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._labels import LabelHit
from deepocr_kit.revisers.values import compare_key

__all__ = ["Column", "column_under", "names_sum"]

MAX_ROWS = 200
"""Rows of one column that are looked at."""
MAX_EMPTY_ROWS = 3
"""Rows without a value of the column between two with one; names of goods run over so many lines."""
MAX_SUM_ROWS = 4
"""Rows under a sum that may hold a further one."""
SURE_LABEL = 0.6
"""Least quality of a label that ends a column, or of a word for a sum ..."""
WHOLE_LABEL = 0.9
"""... and of one that begins a row with values."""
CENT = Decimal("0.01")
_CURRENCY = re.compile(r"(?:^|\s)[^\W\d_]{0,3}[^\w\s]{0,2}$")
"""What may stand right before a value that is no number inside of words; also its currency ..."""
_UNIT = re.compile(r"[^\w\s]{0,2}\s?(?:[^\W\d_]{0,3}|[\u2e80-\u9fff]+)(?:[^\w\s]{0,2}(?:\s|$))")
"""... and behind it: its unit, or a code for its tax."""
_SUMS = frozenset(
    compare_key(word)
    for word in (*vocabulary_of("total"), *vocabulary_of("subtotal"), "sum", "totals", "总和", "共计", "合計", "總計")
)


@dataclass(frozen=True, slots=True)
class Column:
    """Values that stand under one label.

    Attributes:
        members: Numbers of the candidates from top to bottom, the sum not among them.
        total: Number of the candidate in the row that is labelled as their sum; None without one.
        adds_up: Whether that candidate is the sum of the others.
        is_only_sum: Whether no other amount below it is labelled as a sum.
    """

    members: tuple[int, ...] = ()
    total: int | None = None
    adds_up: bool = False
    is_only_sum: bool = True


def column_under(
    ink: Ink,
    hit: LabelHit,
    hits: Mapping[int, tuple[LabelHit, ...]],
    candidates: Sequence[Candidate],
    by_row: Mapping[int, Sequence[int]],
) -> Column:
    """The values below a label, row by row, until another label ends the column or a sum closes it.

    Args:
        ink: The document.
        hit: The label.
        hits: The labels of every piece.
        candidates: Values of the field's form.
        by_row: Their numbers by row, from left to right.
    """
    members: list[int] = []
    reach, last = _reach(ink, hit, hits), ink.pieces[hit.piece].row
    for row in _rows_under(ink, ink.pieces[hit.piece]):
        inside = [number for number in by_row.get(row, ()) if _stands_in(ink, candidates[number], reach)]
        if inside and names_sum(ink, row, hits):
            return _closed(candidates, members, inside[0], _next_sums(ink, row, hits, candidates, by_row, reach))
        if row - last > MAX_EMPTY_ROWS or _has_own_label(ink, row, hits, reach):
            break
        if inside:
            first = candidates[inside[0]]
            reach = reach if members else (min(reach[0], first.x0), max(reach[1], first.x1))
            members.append(inside[0])
            last = row
    return Column(tuple(members))


def names_sum(ink: Ink, row: int, hits: Mapping[int, tuple[LabelHit, ...]]) -> bool:
    """Whether a row begins with a word for a sum, such as 合计 or Total."""
    first = hits.get(ink.rows[row][0], ())[:1]
    return any(compare_key(hit.words) in _SUMS and hit.start == 0 and hit.quality >= SURE_LABEL for hit in first)


def _reach(ink: Ink, hit: LabelHit, hits: Mapping[int, tuple[LabelHit, ...]]) -> tuple[float, float]:
    """Left and right edge of a column's head: of the whole piece where it is the only label, as in ``Amount(RM)``."""
    piece = ink.pieces[hit.piece]
    whole = hit.quality >= WHOLE_LABEL and len(hits.get(hit.piece, ())) == 1
    return (piece.x0, piece.x1) if whole else label_span(ink, hit)


def _next_sums(
    ink: Ink,
    row: int,
    hits: Mapping[int, tuple[LabelHit, ...]],
    candidates: Sequence[Candidate],
    by_row: Mapping[int, Sequence[int]],
    reach: tuple[float, float],
) -> list[int]:
    """What stands under a sum in rows that are labelled as sums too: a total below its subtotal."""
    rows = (below for below in _rows_under(ink, ink.pieces[ink.rows[row][0]]) if below <= row + MAX_SUM_ROWS)
    return [
        number
        for below in rows
        if names_sum(ink, below, hits)
        for number in by_row.get(below, ())
        if _stands_in(ink, candidates[number], reach)
    ]


def _closed(candidates: Sequence[Candidate], members: Sequence[int], number: int, others: Sequence[int]) -> Column:
    values = [candidates[member].found.value for member in members]
    value = candidates[number].found.value
    numeric = all(isinstance(item, Decimal | int) for item in (value, *values))
    return Column(
        members=tuple(members),
        total=number,
        adds_up=numeric and bool(values) and abs(sum(values) - value) <= CENT,
        is_only_sum=all(candidates[other].found.value == value for other in others),
    )


def _rows_under(ink: Ink, label: Piece) -> Iterator[int]:
    """Rows that follow each other without a gap below a label."""
    bottom = label.y1
    for row in range(label.row + 1, min(len(ink.rows), label.row + MAX_ROWS)):
        pieces = [ink.pieces[number] for number in ink.rows[row]]
        if not pieces or pieces[0].page_index != label.page_index:
            return
        if min(piece.y0 for piece in pieces) - bottom > w.BELOW_GAP_MAX * max(1.0, label.height):
            return
        bottom = max(piece.y1 for piece in pieces)
        yield row


def _stands_in(ink: Ink, candidate: Candidate, reach: tuple[float, float]) -> bool:
    """Whether a value stands under a label for itself, not inside of words that reach there."""
    text, found = ink.pieces[candidate.piece].text, candidate.found
    if not (_CURRENCY.search(text[: found.start]) and _UNIT.match(text[found.end :])):
        return False
    left, right = reach
    common = min(right, candidate.x1) - max(left, candidate.x0)
    aligned = min(abs(candidate.x0 - left), abs(candidate.x1 - right)) < w.EDGE_TOLERANCE
    return common >= w.BELOW_OVERLAP * min(right - left, candidate.x1 - candidate.x0) or aligned


def _has_own_label(ink: Ink, row: int, hits: Mapping[int, tuple[LabelHit, ...]], reach: tuple[float, float]) -> bool:
    """Whether another label stands in the column, or begins the row and speaks for its values."""
    for piece in ink.rows[row]:
        for hit in hits.get(piece, ()):
            left, right = label_span(ink, hit)
            begins = piece == ink.rows[row][0] and hit.start == 0 and hit.quality >= WHOLE_LABEL
            if begins or (hit.quality >= SURE_LABEL and min(right, reach[1]) > max(left, reach[0])):
                return True
    return False
