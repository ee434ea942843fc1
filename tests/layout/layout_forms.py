"""Made-up forms: a column of labels, a column of values, and ways to spoil them."""

from __future__ import annotations

import random

from deepocr_kit.documents import Region
from deepocr_kit.geometry import Size
from deepocr_kit.testing import build_region

PAGE = Size(1000, 1400)
GRID = 999

WORDS = ["Name", "Item", "Total", "Cash", "Price", "Distance", "Waiting", "Fee", "Driver", "Date", "Amount", "Toll"]


def build_form(
    rows: int,
    *,
    drift: float = 0.0,
    pitch: int = 30,
    height: int = 22,
    jitter: float = 0.0,
    slope: float = 0.0,
    right: bool = True,
    top: int = 150,
    seed: int = 0,
) -> list[Region]:
    """Labels ``p1r1..n`` and values ``p1r(n+1)..2n`` on DeepSeek's grid; value i belongs to label i.

    ``drift`` is in pitches, positive when the values stand lower; ``slope`` is that of the lines on
    a square page that lies askew; its columns stand at a right angle to them.
    """
    chance = random.Random(seed)
    regions: list[Region] = []

    def add(text: str, x0: float, x1: float, y: float) -> None:
        y += slope * (x0 + x1) / 2 + chance.gauss(0, jitter)
        x0, x1 = x0 - slope * y, x1 - slope * y
        box = (x0 / GRID, round(y) / GRID, x1 / GRID, (round(y) + height) / GRID)
        regions.append(build_region(text, box, region_id=f"p1r{len(regions) + 1}"))

    for row in range(rows):
        text = f"{chance.choice(WORDS)} {chr(97 + row)}"
        add(text, 120, 120 + 12 * len(text), top + row * pitch)
    for row in range(rows):
        text = f"{chance.randint(1, 9999)}.{row:02}"
        width = 12 * len(text)
        x0 = 800 - width if right else 560
        add(text, x0, x0 + width, top + (row + drift) * pitch)
    return regions


def expected_pairs(rows: int) -> set[frozenset[str]]:
    return {frozenset({f"p1r{row + 1}", f"p1r{rows + row + 1}"}) for row in range(rows)}
