"""Values where a row's label and a column's label cross: 合计 before them, 税额 above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._candidates import Candidate
from deepocr_kit.revisers.rules._geometry import label_span
from deepocr_kit.revisers.rules._ink import Ink
from deepocr_kit.revisers.rules._labels import LabelHit

__all__ = ["crossings"]

SURE = 0.6
"""Least quality of both labels."""
FAR = 2.5
"""Heights of a line that a value may stand beside the label above it."""


def crossings(
    ink: Ink, spec: FieldSpec, hits: Mapping[int, tuple[LabelHit, ...]], candidates: Sequence[Candidate]
) -> Iterator[tuple[int, LabelHit]]:
    """Numbers of the candidates at which two printed labels cross that make a label of the field, with the row's.

    Args:
        ink: The document.
        spec: The field.
        hits: The labels of every piece.
        candidates: Values of the field's form.
    """
    printed: dict[str, list[LabelHit]] = {}
    for found in hits.values():
        for hit in found:
            if hit.quality >= SURE:
                printed.setdefault("".join(hit.words.split()), []).append(hit)
    for rows, columns in _halves(spec, printed):
        for row_hit in rows:
            yield from _at(ink, row_hit, columns, candidates)


def _halves(spec: FieldSpec, printed: Mapping[str, list[LabelHit]]) -> Iterator[tuple[list[LabelHit], list[LabelHit]]]:
    for label in spec.labels:
        whole = "".join(label.casefold().split())
        if whole in printed:  # printed as it is; nothing has to be put together
            return
        for at in range(2, len(whole) - 1):
            if whole[:at] in printed and whole[at:] in printed:
                yield printed[whole[:at]], printed[whole[at:]]


def _at(
    ink: Ink, row_hit: LabelHit, columns: Sequence[LabelHit], candidates: Sequence[Candidate]
) -> Iterator[tuple[int, LabelHit]]:
    """The candidate of the row that stands nearest under each of the columns' labels."""
    own = ink.pieces[row_hit.piece]
    beside = [
        (number, candidate)
        for number, candidate in enumerate(candidates)
        if ink.pieces[candidate.piece].row == own.row and candidate.x0 > label_span(ink, row_hit)[1] - 0.5
    ]
    for column in columns:
        head = ink.pieces[column.piece]
        if head.page_index != own.page_index or head.row >= own.row or not beside:
            continue
        left, right = label_span(ink, column)
        distances = [
            (
                max(candidate.x0 - right, left - candidate.x1, 0.0),
                abs(candidate.x0 + candidate.x1 - left - right),
                number,
            )
            for number, candidate in beside
        ]
        distance, _, number = min(distances)
        if distance <= FAR:
            yield number, row_hit
