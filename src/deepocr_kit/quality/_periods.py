"""Finds a stretch that is repeated exactly, while the text arrives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from deepocr_kit.quality._loop_limits import loop_chars, quick_chars

__all__ = ["BLOCK", "PeriodFinding", "PeriodTracker"]

MAX_PERIOD = 4000
"""Longest stretch, in characters; about a page, of which a loop that fits into the context window has three copies."""

BLOCK = 8
"""Repeats are followed in blocks of eight characters."""

STEP = 32
"""Every 32 characters it is asked whether the last ones stood before."""

GRAM = 64
"""So many characters must have stood before for their distance to be followed as a period. Markup between two cells is
shorter, and as this is twice the step every character of a stretch, its only odd one too, is asked for."""

PLACES = 4
"""So many places are asked for; a stretch that repeats itself inside has nearer ones than its last copy."""

WINDOW = 4 * MAX_PERIOD
"""Characters that are kept."""

MAX_TRIALS = 8
"""Distances that are followed at once."""

CREDIT = 4
"""Characters that may be compared backwards for each one that arrived; keeps hostile texts linear."""

CONFIRMED = 32
"""Characters that a distance must hold before it is reduced to the shortest period; by then chance has ended."""


@dataclass(frozen=True, slots=True)
class PeriodFinding:
    """A stretch that repeats itself.

    Attributes:
        start: Where the first copy begins.
        offset: How many characters had arrived when it was known to be a loop.
        unit: The stretch, as the first copy has it.
    """

    start: int
    offset: int
    unit: str


class _Stage(Enum):
    """What is known of a distance."""

    TRIED = auto()
    CONFIRMED = auto()
    LONG = auto()


@dataclass(slots=True)
class _Trial:
    """A distance at which the text equals itself from ``start`` on, so far."""

    period: int
    start: int
    needed: int
    stage: _Stage = _Stage.TRIED

    def length(self, at: int) -> int:
        """Characters of the repeats, the first copy included."""
        return at - self.start + self.period


class PeriodTracker:
    """Takes text in pieces; what it finds, and where, does not depend on how they were cut.

    The nearest places where the last characters stood before give distances;
    the text is then compared with itself at each of them until they differ.
    The searches for every 32 characters run over a bounded stretch, and each
    character is compared a bounded number of times.
    """

    def __init__(self) -> None:
        self._text = ""
        self._base = 0
        self._at = 0
        self._spent = 0
        self._trials: list[_Trial] = []

    def feed(self, piece: str) -> PeriodFinding | None:
        """The loop, when this piece completes one; the tracker is then done."""
        for begin in range(0, len(piece), WINDOW):
            self._text += piece[begin : begin + WINDOW]
            arrived = self._base + len(self._text)
            while (at := self._next_stop()) <= arrived:
                self._at = at
                found = self._follow() if self._trials else None
                if found is not None:
                    return found
                if at % STEP == 0 and at > GRAM:
                    self._look_back()
            surplus = self._at - self._base - WINDOW
            if surplus >= WINDOW:
                self._text = self._text[surplus:]
                self._base += surplus
        return None

    def _next_stop(self) -> int:
        return self._at + BLOCK if self._trials else self._at - self._at % STEP + STEP

    def _follow(self) -> PeriodFinding | None:
        """Drop the distances that no longer hold; the loop, when one has held for long enough."""
        at = self._at
        block = self._slice(at - BLOCK, at)
        self._trials = [
            trial for trial in self._trials if block == self._slice(at - BLOCK - trial.period, at - trial.period)
        ]
        for trial in self._trials:
            if trial.length(at) >= trial.needed and self._settle(trial):
                unit = self._slice(at - trial.period, at)
                start = trial.start - trial.period
                # the last copy, told from where the first one began
                shift = (start - at) % trial.period
                return PeriodFinding(start, at, unit[shift:] + unit[:shift])
        return None

    def _slice(self, begin: int, end: int) -> str:
        return self._text[begin - self._base : end - self._base]

    def _look_back(self) -> None:
        """Follow the distances to where the last characters stood before."""
        end = last = self._at - self._base
        gram = self._text[last - GRAM : last]
        for _ in range(PLACES):
            place = self._text.rfind(gram, max(0, last - GRAM - MAX_PERIOD), end - 1)
            if place < 0 or len(self._trials) >= MAX_TRIALS:
                return
            period, end = last - GRAM - place, place + GRAM
            if not any(period % trial.period == 0 for trial in self._trials):
                self._trials.append(self._traced_back(period))

    def _traced_back(self, period: int) -> _Trial:
        """A distance that holds for the last characters, with its beginning as far back as the credit goes."""
        at = self._at
        start = at - GRAM
        # not by what happens to be kept, which depends on how the text was cut
        lowest = max(period, at - WINDOW + period, start - (CREDIT * at - self._spent))
        step = GRAM
        while start > lowest and step:
            step = min(step, start - lowest)
            self._spent += step
            if self._slice(start - step, start) == self._slice(start - step - period, start - period):
                start -= step
                step *= 2
            else:
                lowest = max(lowest, start - step)
                step //= 2
        return _Trial(period, start, at - start + period + CONFIRMED)

    def _settle(self, trial: _Trial) -> bool:
        """Whether the repeats are long enough to be a loop; each limit that is reached brings in the next one."""
        while trial.length(self._at) >= trial.needed:
            unit = self._slice(self._at - trial.period, self._at)
            match trial.stage:
                case _Stage.TRIED:
                    # a multiple of the period can be met first
                    shortest = (unit + unit).find(unit, 1)
                    trial.start -= trial.period - shortest
                    trial.period = shortest
                    trial.needed = quick_chars(shortest)
                    trial.stage = _Stage.CONFIRMED
                case _Stage.CONFIRMED:
                    trial.needed = loop_chars(unit)
                    trial.stage = _Stage.LONG
                case _Stage.LONG:
                    return True
        return False
