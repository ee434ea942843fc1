"""Pages with a known reading order, and what an order is worth on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from random import Random

from benchmarks.shared_data import shared_data
from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox

__all__ = ["FORMS", "NEWSPAPERS", "OrderPage", "Orderer", "order_pages", "share_of"]

NEWSPAPERS, FORMS = "newspapers", "forms"

GRID = 999
"""Boxes are given in steps of a 999th of the page."""

Orderer = Callable[[Sequence[Region]], Sequence[Region]]
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page.

    Attributes:
        regions: Shuffled, their ids ending in the number that ``before`` and ``next_to`` use.
        before: Pairs of which the first is read before the second.
        next_to: Pairs of which the second follows directly.
    """

    regions: tuple[Region, ...]
    before: Pairs
    next_to: Pairs


def order_pages(name: str, *, half: int, jitter: float = 0.0, limit: int | None = None) -> Iterator[OrderPage]:
    """Every second page of a set, beginning with number ``half``.

    Args:
        name: ``NEWSPAPERS`` or ``FORMS``.
        half: 0 for the pages that rules were tuned on, 1 for the others.
        jitter: Standard deviation of what is added to every coordinate, in steps of the grid.
        limit: At most so many pages.

    Raises:
        Unavailable: The data is not there.
    """
    pages = json.loads((shared_data("reading_order") / f"{name}.json").read_text(encoding="utf-8"))["pages"]
    for number in range(half, len(pages), 2)[:limit]:
        random = Random(number)
        boxes = [_box([value + random.gauss(0, jitter) for value in corners]) for corners in pages[number]["boxes"]]
        regions = [Region(id=f"p1r{at}", label=RegionLabel.TEXT, boxes=(box,)) for at, box in enumerate(boxes)]
        random.shuffle(regions)
        if name == NEWSPAPERS:
            before, next_to = list(combinations(range(len(boxes)), 2)), list(pairwise(range(len(boxes))))
        else:
            before = next_to = [(one, other) for one, other in pages[number]["links"]]
        yield OrderPage(tuple(regions), before, next_to)


def share_of(page: OrderPage, ordered: Sequence[Region]) -> tuple[int, int]:
    """How many of the page's ``before`` and of its ``next_to`` hold in an order of its regions."""
    place = {int(region.id.removeprefix("p1r")): at for at, region in enumerate(ordered)}
    return (
        sum(place[one] < place[other] for one, other in page.before),
        sum(place[one] + 1 == place[other] for one, other in page.next_to),
    )


def _box(corners: Sequence[float]) -> BBox:
    x0, y0, x1, y1 = (value / GRID for value in corners)
    return BBox.of(x0, y0, x1, y1)
