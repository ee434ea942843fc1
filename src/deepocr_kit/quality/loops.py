"""Finds the loops that OCR models fall into, while the answer streams in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from deepocr_kit.quality._line_runs import LineRunFinding, LineRunTracker
from deepocr_kit.quality._periods import PeriodFinding, PeriodTracker

__all__ = ["LoopDetector", "LoopFinding", "LoopKind", "find_loop", "line_loop"]

_SHOWN = 40
"""Characters of the repeated stretch that a message quotes."""


class LoopKind(StrEnum):
    """What repeats."""

    STRETCH = "stretch"
    LINES = "lines"
    BOXES = "boxes"


@dataclass(frozen=True, slots=True)
class LoopFinding:
    """A loop.

    Attributes:
        kind: What repeats.
        start: Offset where the first copy begins; what stands before it is sound.
        offset: How many characters had to arrive to know it.
        unit: What is repeated.
        repeats: How often, when it was known.
    """

    kind: LoopKind
    start: int
    offset: int
    unit: str
    repeats: int

    @property
    def message(self) -> str:
        """For people."""
        shown = " ".join(self.unit.split())[:_SHOWN]
        match self.kind:
            case LoopKind.STRETCH:
                return f"{self.repeats} times {shown!r} without a break"
            case LoopKind.LINES:
                return f"{self.repeats} lines in a row are almost the same: {shown!r}"
            case LoopKind.BOXES:
                return f"{self.repeats} regions in a row have the same box {shown}"


class LoopDetector:
    """Takes an answer in pieces, of any dialect, and says when it has become a loop.

    Time is O(1) per character, amortised, for any text; memory is bounded.
    The finding does not depend on how the answer was cut. What counts as a
    loop is in ``docs/explanation/quality.md``.
    """

    def __init__(self) -> None:
        self._periods = PeriodTracker()
        self._lines = LineRunTracker()
        self._finding: LoopFinding | None = None

    @property
    def finding(self) -> LoopFinding | None:
        """The first loop that was found."""
        return self._finding

    def __repr__(self) -> str:
        return f"<LoopDetector, {'nothing found' if self._finding is None else self._finding.message}>"

    def feed(self, chunk: str) -> LoopFinding | None:
        """The next piece of the answer.

        Returns:
            The loop from the moment on that it is known, else None.
        """
        if self._finding is None:
            found = [
                _from_period(period) if (period := self._periods.feed(chunk)) else None,
                line_loop(lines) if (lines := self._lines.feed(chunk)) else None,
            ]
            known = [finding for finding in found if finding is not None]
            self._finding = min(known, key=lambda finding: finding.offset, default=None)
        return self._finding


def find_loop(text: str) -> LoopFinding | None:
    """The first loop in a whole answer; None when it is healthy."""
    # an end of line, so that the last line counts as well
    return LoopDetector().feed(f"{text}\n")


def _from_period(found: PeriodFinding) -> LoopFinding:
    repeats = (found.offset - found.start) // len(found.unit)
    return LoopFinding(LoopKind.STRETCH, found.start, found.offset, found.unit, repeats)


def line_loop(found: LineRunFinding) -> LoopFinding:
    """What a ``LineRunTracker`` found."""
    kind = LoopKind.BOXES if found.is_box else LoopKind.LINES
    return LoopFinding(kind, found.start, found.offset, found.unit, found.count)
