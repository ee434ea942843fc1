"""Finds a stretch that is repeated exactly, while the text arrives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from deepocr_kit.quality._loop_limits import loop_chars, quick_chars

__all__ = ["BLOCK", "PeriodFinding", "PeriodTracker"]

MAX_PERIOD = 4000
"""Longest stretch, in characters; about a page, of which a loop that fits into the context window has three copies."""

GRAM = 16
"""Characters that must stand twice before their distance is tried as a period. Shorter ones stand twice by chance."""

BLOCK = 8
"""Text is looked at in blocks of eight characters: every place is looked up, every eighth one is remembered."""

WINDOW = 4 * MAX_PERIOD
"""Characters that are kept."""

MAX_TRIALS = 8
"""Distances that are tried at once. The right one is soon among them; those into an earlier part of the answer that
holds the same stretch a few times are as many as its copies there."""

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

    A place where the last 16 characters stood before gives a distance; the
    text is then compared with itself at that distance until they differ.
    Every character is looked up once and compared a bounded number of times.
    """

    def __init__(self) -> None:
        self._text = ""
        self._base = 0
        self._at = 0
        self._spent = 0
        # two generations, so that old places are forgotten without a search
        self._places: dict[str, int] = {}
        self._older: dict[str, int] = {}
        self._trials: list[_Trial] = []

    def feed(self, piece: str) -> PeriodFinding | None:
        """The loop, when this piece completes one; the tracker is then done."""
        for begin in range(0, len(piece), WINDOW):
            self._text += piece[begin : begin + WINDOW]
            while self._at + BLOCK <= self._base + len(self._text):
                found = self._take_block()
                if found is not None:
                    return found
            surplus = self._at - self._base - WINDOW
            if surplus >= WINDOW:
                self._text = self._text[surplus:]
                self._base += surplus
        return None

    def _take_block(self) -> PeriodFinding | None:
        at = self._at = self._at + BLOCK
        if self._trials:
            block = self._slice(at - BLOCK, at)
            self._trials = [
                trial for trial in self._trials if block == self._slice(at - BLOCK - trial.period, at - trial.period)
            ]
        self._look_up()
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

    def _look_up(self) -> None:
        """Try the distances to where the last characters stood before, and remember this place."""
        text, last, places, older = self._text, self._at - self._base, self._places, self._older
        for end in range(max(last - BLOCK + 1, GRAM), last + 1):
            gram = text[end - GRAM : end]
            place = places.get(gram) or older.get(gram)
            if place is not None and len(self._trials) < MAX_TRIALS:
                self._try(end + self._base, end + self._base - place)
        if last >= GRAM:
            places[text[last - GRAM : last]] = self._at
        if self._at % WINDOW == 0:
            self._older, self._places = places, {}

    def _try(self, end: int, period: int) -> None:
        """Follow a distance that holds for the characters before ``end``, as far back as the credit goes."""
        if period > MAX_PERIOD or any(period % trial.period == 0 for trial in self._trials):
            return
        if self._slice(end, self._at) != self._slice(end - period, self._at - period):
            return
        start = end - GRAM
        # not by what happens to be kept, which depends on how the text was cut
        lowest = max(period, end - WINDOW + period, start - (CREDIT * end - self._spent))
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
        self._trials.append(_Trial(period, start, end - start + period + CONFIRMED))

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
