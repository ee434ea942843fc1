"""Times several things side by side, in turns, so that the machine's moods hit all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

__all__ = ["interleaved", "median_ratio", "medians"]


def interleaved(
    contestants: Mapping[str, Callable[[], object]], *, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of each contestant by ``clock``, round by round; who begins changes with every round."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            started = clock()
            contestants[name]()
            seconds[name].append(clock() - started)
    return seconds


def medians(seconds: Mapping[str, list[float]]) -> dict[str, float]:
    """The median of each contestant."""
    return {name: statistics.median(values) for name, values in seconds.items()}


def median_ratio(ours: list[float], theirs: list[float]) -> float:
    """Median over the rounds of ours divided by theirs; steadier than the ratio of two medians."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
