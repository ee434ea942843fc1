"""Reading order by geometry on newspapers and forms, beside simple orders; agreement with the model's own; time.

All regions are shuffled, and only boxes are given, no words and no labels.

- Newspapers have one true order. ``before`` is the share of all pairs of
  regions that are in that order, ``next`` the share of the true direct
  successions that are kept, both as means over the pages.
- Forms have links from a region to those that may follow it directly, often
  several: along the row and down the column. ``before`` is the share of all
  links a-b with a before b, ``next`` that of those with b directly after a. No
  order can keep all of the latter; ``possible`` is what the best one
  might, at most (a matching of most links that share no start and no end).

Even pages were looked at while the rules were made, odd ones were only measured. ``j3``
adds noise with a standard deviation of 3 steps of the grid to every coordinate. The shape
of the pages is not in the data; they count as A4.

``agreement`` is Kendall's tau between the order of DeepSeek-OCR's regions and
the one by geometry, captions left out, on the answers at hand with eight
regions or more. An alarm is a tau below ``ORDER_AGREEMENT_MIN``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from random import Random
from statistics import mean, median, quantiles

from benchmarks.order_pages import FORMS, NEWSPAPERS, Orderer, OrderPage, order_pages, share_of
from benchmarks.outcome import Outcome
from benchmarks.shared_data import shared_data
from deepocr_kit.documents import Page, Region
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout import PageClass, geometric_order, page_class_of
from deepocr_kit.pipeline import order_agreement_of, parse_document
from deepocr_kit.quality import ORDER_AGREEMENT_MIN
from deepocr_kit.testing import build_page

__all__ = ["run"]

A4 = Size(1654, 2339)
JITTER = 3.0
SHUFFLES = 50
ROUNDS = 3
HALVES = ("even", "odd")
GROWTH_REGIONS = 10_000
EXPECTED = {NEWSPAPERS: PageClass.PROSE, FORMS: PageClass.FORM}


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    figures: dict[str, float] = {}
    rows: list[tuple[object, ...]] = []
    for name in (NEWSPAPERS, FORMS):
        for order, orderer in ORDERERS.items():
            cells: list[object] = []
            for half, half_name in enumerate(HALVES):
                for jitter, suffix in ((0.0, ""), (JITTER, "_j3")):
                    pages = list(order_pages(name, half=half, jitter=jitter, limit=limit))
                    before, next_to = _accuracy(name, pages, orderer)
                    key = f"{name}.{order}.{half_name}{suffix}"
                    figures |= {f"{key}.before": round(before, 4), f"{key}.next": round(next_to, 4)}
                    cells.append(f"{before:.3f}/{next_to:.3f}")
            rows.append((name, order, *cells))
        pages = [page for half in (0, 1) for page in order_pages(name, half=half, limit=limit)]
        figures |= {f"{name}.{key}": value for key, value in (_times(pages) | _classes(name, limit)).items()}
    figures[f"{FORMS}.possible.next"] = round(_possible(limit), 4)
    figures |= _agreement() | _growth(limit)
    return Outcome(
        header=("pages", "order", "even", "even j3", "odd", "odd j3"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            "before/next; even pages were tuned on, odd pages were only measured",
            *(f"{key}: {value:.4g}" for key, value in figures.items() if not key.endswith((".before", ".next"))),
            f"forms, best possible next: {figures[f'{FORMS}.possible.next']:.3f}",
        ),
    )


def _by_top(regions: Sequence[Region]) -> list[Region]:
    return sorted(regions, key=lambda region: (region.boxes[0].y0, region.boxes[0].x0))


def _widest_gap_first(regions: Sequence[Region]) -> list[Region]:
    """The plain XY cut: at the one widest gap of both directions, and again."""
    if len(regions) < 2:
        return list(regions)
    found: list[tuple[float, list[Region], int]] = []
    for start, end in ((lambda box: box.x0, lambda box: box.x1), (lambda box: box.y0, lambda box: box.y1)):
        ordered, gap, at = _widest_gap(regions, start, end)
        found.append((gap, ordered, at))
    gap, ordered, at = max(found, key=lambda cut: cut[0])
    if gap <= 0:
        return _by_top(regions)
    return _widest_gap_first(ordered[:at]) + _widest_gap_first(ordered[at:])


def _widest_gap(
    regions: Iterable[Region], start: Callable[[BBox], float], end: Callable[[BBox], float]
) -> tuple[list[Region], float, int]:
    ordered = sorted(regions, key=lambda region: (start(region.boxes[0]), end(region.boxes[0])))
    widest, at, reached = 0.0, 0, end(ordered[0].boxes[0])
    for number, region in enumerate(ordered):
        if start(region.boxes[0]) - reached > widest:
            widest, at = start(region.boxes[0]) - reached, number
        reached = max(reached, end(region.boxes[0]))
    return ordered, widest, at


def _geometric(page_class: PageClass | None, regions: Sequence[Region]) -> Sequence[Region]:
    return geometric_order(regions, A4, page_class=page_class)


ORDERERS: dict[str, Orderer] = {
    "by_top": _by_top,
    "xy_cut_plain": _widest_gap_first,
    "as_prose": partial(_geometric, PageClass.PROSE),
    "as_form": partial(_geometric, PageClass.FORM),
    "geometric": partial(_geometric, None),
}


def _accuracy(name: str, pages: Iterable[OrderPage], orderer: Orderer) -> tuple[float, float]:
    kept = [(page, share_of(page, orderer(page.regions))) for page in pages]
    if name == NEWSPAPERS:
        return (
            mean(before / len(page.before) for page, (before, _) in kept),
            mean(next_to / len(page.next_to) for page, (_, next_to) in kept),
        )
    links = sum(len(page.before) for page, _ in kept)
    return sum(before for _, (before, _) in kept) / links, sum(next_to for _, (_, next_to) in kept) / links


def _times(pages: Sequence[OrderPage]) -> dict[str, float]:
    """Milliseconds of CPU a page, the best of some rounds each."""
    taken = [min(_seconds(partial(geometric_order, page.regions, A4)) for _ in range(ROUNDS)) * 1000 for page in pages]
    p95 = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return {"ms_median": round(median(taken), 3), "ms_p95": round(p95, 3)}


def _seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def _classes(name: str, limit: int | None) -> dict[str, float]:
    right = [
        page_class_of(page.regions, A4) is EXPECTED[name]
        for half in (0, 1)
        for jitter in (0.0, JITTER)
        for page in order_pages(name, half=half, jitter=jitter, limit=limit)
    ]
    return {"class_right": round(mean(right), 4)}


def _possible(limit: int | None) -> float:
    """Share of the forms' links that an order could keep, if cycles did not matter."""
    pages = [page for half in (0, 1) for page in order_pages(FORMS, half=half, limit=limit)]
    return sum(_matching(page) for page in pages) / sum(len(page.next_to) for page in pages)


def _matching(page: OrderPage) -> int:
    followers: dict[int, list[int]] = {}
    for one, other in page.next_to:
        followers.setdefault(one, []).append(other)
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for other in followers[one]:
            if other not in tried:
                tried.add(other)
                if other not in taken or place(taken[other], tried):
                    taken[other] = one
                    return True
        return False

    return sum(place(one, set()) for one in followers)


def _agreement() -> dict[str, float]:
    """Kendall's tau on real answers, and how often a shuffled order is flagged."""
    pages = [
        page
        for path in sorted(shared_data("model_outputs/deepseek").glob("*.txt"))
        for page in parse_document(path.read_text(encoding="utf-8")).pages
    ]
    compared = [page for page in pages if order_agreement_of(page) is not None]
    own = [order_agreement_of(page) or 0.0 for page in compared]
    shuffled = [order_agreement_of(_shuffled(page, seed)) or 0.0 for page in compared for seed in range(SHUFFLES)]
    return {
        "agreement.pages": len(own),
        "agreement.min": round(min(own), 3),
        "agreement.median": round(median(own), 3),
        "agreement.false_alarms": sum(tau < ORDER_AGREEMENT_MIN for tau in own),
        "agreement.shuffled_flagged": round(mean(tau < ORDER_AGREEMENT_MIN for tau in shuffled), 4),
    }


def _shuffled(page: Page, seed: int) -> Page:
    """The page as if the model had read its regions in another order."""
    regions = list(page.regions)
    Random(seed).shuffle(regions)
    renamed = [region.model_copy(update={"id": f"p1r{at}"}) for at, region in enumerate(regions, start=1)]
    return build_page(*renamed, size=page.size)


def _growth(limit: int | None) -> dict[str, float]:
    """Seconds for many regions, and the time for ten times the regions over ten: 1 is linear."""
    many = GROWTH_REGIONS if limit is None else 1000
    seconds = {
        count: min(_seconds(partial(geometric_order, _many(count), A4)) for _ in range(ROUNDS))
        for count in (many // 10, many)
    }
    return {
        f"seconds_{many}": round(seconds[many], 3),
        "growth": round(seconds[many] / seconds[many // 10] / 10, 2),
    }


def _many(count: int) -> list[Region]:
    """Short lines all over the page, like nothing in particular."""
    random = Random(count)
    corners = [(random.random(), random.random()) for _ in range(count)]
    return [
        Region(id=f"p1r{at}", label="text", boxes=(BBox.of(x, y, x + 0.02, y + 0.002),))
        for at, (x, y) in enumerate(corners)
    ]
