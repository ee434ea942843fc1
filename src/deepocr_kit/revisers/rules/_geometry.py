"""How well a value's place fits a label's place."""

from __future__ import annotations

from collections.abc import Sequence

from deepocr_kit.revisers.rules import _weights as w
from deepocr_kit.revisers.rules._candidates import Candidate
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._labels import LabelHit

__all__ = ["fit", "label_span"]

ROWS_BELOW = 3
"""How many rows under a label its value may stand."""


def label_span(ink: Ink, hit: LabelHit) -> tuple[float, float]:
    """Left and right edge of a label, in heights of a line."""
    piece = ink.pieces[hit.piece]
    return piece.x_at(hit.start), piece.x_at(hit.end)


def fit(ink: Ink, hit: LabelHit, candidate: Candidate, between: Sequence[LabelHit]) -> tuple[float, str]:
    """How well a candidate stands to a label: (0..1, where it stands).

    Behind the label in the same piece is best, then to its right in the same
    row, then below. A place that makes no sense gives 0.

    Args:
        ink: The document.
        hit: The label.
        candidate: The value.
        between: All labels of the label's piece, to see whether one stands between.
    """
    label, value = ink.pieces[hit.piece], ink.pieces[candidate.piece]
    if label.index == value.index:
        return _same_piece(hit, candidate, between)
    if label.row == value.row:
        return _same_row(ink, hit, label, candidate)
    if label.page_index == value.page_index and 0 < value.row - label.row <= ROWS_BELOW:
        return _below(ink, hit, label, candidate, value)
    return 0.0, ""


def _same_piece(hit: LabelHit, candidate: Candidate, between: Sequence[LabelHit]) -> tuple[float, str]:
    start, end = candidate.found.start, candidate.found.end
    if start >= hit.end:
        parted = any(hit.end <= other.start < start for other in between)
        return (w.BEHIND_OTHER_LABEL if parted else w.BEHIND), "behind"
    if end <= hit.start and not any(end <= other.start < hit.start for other in between):
        return w.REVERSED, "before"
    return 0.0, ""


def _same_row(ink: Ink, hit: LabelHit, label: Piece, candidate: Candidate) -> tuple[float, str]:
    left, right = label_span(ink, hit)
    if candidate.x0 + candidate.x1 <= left + right:  # boxes may be wider than their words, so their middles decide
        return (w.REVERSED if candidate.x1 <= label.x0 + 1.0 else 0.0), "left"
    return w.RIGHT / (1 + w.RIGHT_PER_LINE * max(candidate.x0 - right, 0.0)), "right"


def _below(ink: Ink, hit: LabelHit, label: Piece, candidate: Candidate, value: Piece) -> tuple[float, str]:
    left, right = label_span(ink, hit)
    gap = value.y0 - label.y1
    if not w.BELOW_GAP_MIN <= gap <= w.BELOW_GAP_MAX * max(1.0, label.height):
        return 0.0, ""
    common = min(right, candidate.x1) - max(left, candidate.x0)
    smaller = min(right - left, candidate.x1 - candidate.x0)
    aligned = min(abs(candidate.x0 - left), abs(candidate.x1 - right)) < w.EDGE_TOLERANCE
    if common < w.BELOW_OVERLAP * smaller and not aligned:
        return 0.0, ""
    return w.BELOW / (1 + w.BELOW_PER_LINE * max(gap, 0.0)), "below"
