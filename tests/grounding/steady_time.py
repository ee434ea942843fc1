"""Times parsers so that a busy machine does not decide, but a quadratic parser still fails."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable

LINEAR = 2.3
"""Most that the time may grow when the length doubles; 2 is linear, 4 is quadratic."""

ROUNDS = 12


def least_seconds(call: Callable[[], object], *, rounds: int) -> float:
    """The least processor time of several calls: what disturbs a measurement only makes it longer.

    The garbage collector waits meanwhile: its passes go over everything the whole test process holds.
    """
    best = math.inf
    gc.disable()
    try:
        for _ in range(rounds):
            begin = time.process_time()
            call()
            best = min(best, time.process_time() - begin)
    finally:
        gc.enable()
    return best


def growth(short: Callable[[], object], long: Callable[[], object], *, times: int) -> float:
    """``time(2 N) / time(N)``, from a text that is so many times as long as another one.

    Both times are the least of ever more rounds, until the growth is at most ``LINEAR``: more rounds bring both nearer
    to what the work takes, which for a quadratic parser is far beyond it.
    """
    ratios = []
    least_short = least_long = math.inf
    for number in range(ROUNDS):
        time.sleep(0.05 * number)  # a busy spell of the machine may be longer than the measurement
        one_short, one_long = least_seconds(short, rounds=3), least_seconds(long, rounds=2)
        least_short, least_long = min(least_short, one_short), min(least_long, one_long)
        # the machine may have got slower between a lucky round and the others, so each round counts by itself as well
        ratios.append(min(least_long / least_short, one_long / one_short) ** (1 / math.log2(times)))
        if ratios[-1] <= LINEAR:
            break
    return min(ratios)
