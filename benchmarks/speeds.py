"""Measures how fast a parser goes over texts of three sizes, and how its time grows with the length."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["SIZES", "SMALL_ROUNDS", "Speeds", "least_seconds", "megabytes", "slowest", "speeds"]

SIZES = {"4 KB": 4_000, "64 KB": 64_000, "800 KB": 800_000}
"""A page, a long document in one answer, and an answer that has run away."""

SMALL_ROUNDS = 5
"""So many times more rounds for texts below 100 KB."""

MakeText = Callable[[int], str]
"""Makes a text of about so many bytes."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """MB/s at each of ``SIZES``, and ``time(2 N) / time(N)`` between a quarter of the largest and all of it."""

    by_size: tuple[float, ...]
    growth: float


def megabytes(text: str) -> float:
    """The length of ``text`` in UTF-8."""
    return len(text.encode()) / 1e6


def least_seconds(call: Callable[[], object], rounds: int) -> float:
    """The least processor time of several calls: whatever else the machine does only makes it longer.

    The garbage of what ran before is collected first, so that nobody pays for another one's.
    """
    best = math.inf
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        call()
        best = min(best, time.process_time() - started)
    return best


def speeds(parse: Callable[[str], object], make: MakeText, rounds: int) -> Speeds:
    """Measure one family of texts. Small texts get more rounds, because a disturbance weighs more there."""
    by_size: list[float] = []
    seconds = 0.0
    for size in SIZES.values():
        text = make(size)
        least = rounds * SMALL_ROUNDS if size < 100_000 else rounds
        seconds = least_seconds(lambda text=text: parse(text), least)  # type: ignore[misc]  # mypy: a lambda's default
        by_size.append(megabytes(text) / seconds)
    quarter = make(max(SIZES.values()) // 4)
    return Speeds(tuple(by_size), math.sqrt(seconds / least_seconds(lambda: parse(quarter), rounds)))


def slowest(measured: Mapping[str, Speeds], size: int) -> tuple[str, float]:
    """The family with the least MB/s at the size with this index, and its MB/s."""
    name = min(measured, key=lambda name: measured[name].by_size[size])
    return name, measured[name].by_size[size]
