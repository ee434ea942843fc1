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


def grows_linearly(short: Callable[[], object], long: Callable[[], object], *, times: int) -> bool:
    """Whether a text that is so many times as long takes no more than its share of time.

    Both times are the least of ever more rounds, until they agree with that: more rounds bring both nearer to what the
    work takes, which for a quadratic parser is far beyond the limit.
    """
    most = LINEAR ** math.log2(times)
    least_short = least_long = math.inf
    for number in range(ROUNDS):
        time.sleep(0.05 * number)  # a busy spell of the machine may be longer than the measurement
        least_short = min(least_short, least_seconds(short, rounds=2))
        least_long = min(least_long, least_seconds(long, rounds=1))
        if least_long <= most * least_short:
            return True
    return False
