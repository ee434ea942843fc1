"""Times calls so that a busy machine does not decide, but quadratic or endless work still fails a test."""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable

LINEAR = 2.3
"""Most that the time may grow when the size doubles; 2 is linear, 4 is quadratic."""

LOOSELY_LINEAR = 2.9
"""The same for work of a millisecond or less, in which fixed costs and caches count."""

ROUNDS = 12


def least_seconds(call: Callable[[], object], *, rounds: int = 3) -> float:
    """The least processor time of several calls: what disturbs a measurement only makes it longer.

    The garbage collector waits meanwhile: its passes go over everything the whole test process holds. So does the
    measurement of coverage, which makes some lines dearer than others.
    """
    best = math.inf
    tracer = sys.gettrace()
    sys.settrace(None)
    gc.disable()
    try:
        for _ in range(rounds):
            begin = time.process_time()
            call()
            best = min(best, time.process_time() - begin)
    finally:
        gc.enable()
        sys.settrace(tracer)
    return best


def stays_under(seconds: float, call: Callable[[], object]) -> bool:
    """Whether the call takes less processor time than that; a busy machine gets more than one chance."""
    return any(least_seconds(call, rounds=1) < seconds for _ in range(3))


def growth(short: Callable[[], object], long: Callable[[], object], *, times: int, limit: float = LINEAR) -> float:
    """``time(2 N) / time(N)``, from work that is so many times as large as another one.

    Both times are the least of ever more rounds, until the growth is at most ``limit``: more rounds bring both nearer
    to what the work takes, which for quadratic work is far beyond it.
    """
    ratios = []
    least_short = least_long = math.inf
    for number in range(ROUNDS):
        time.sleep(0.05 * number)  # a busy spell of the machine may be longer than the measurement
        one_short, one_long = least_seconds(short), least_seconds(long, rounds=1 + (number > 0))
        least_short, least_long = min(least_short, one_short), min(least_long, one_long)
        # the machine may have got slower between a lucky round and the others, so each round counts by itself as well
        ratios.append(min(least_long / least_short, one_long / one_short) ** (1 / math.log2(times)))
        if ratios[-1] <= limit:
            break
    return min(ratios)
