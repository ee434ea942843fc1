"""Rows and columns of made-up tables, turned, noisy and drifted: row F1 beside two usual ways, and straight columns.

Real receipts show how often drift is seen where there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.made_tables import A4, MadeTable, made_table
from benchmarks.outcome import Outcome, Unavailable
from benchmarks.receipts import load_receipts
from deepocr_kit.documents import Page
from deepocr_kit.layout import cell_width, find_rows, layout_text

__all__ = ["Case", "aligned_cells", "fixed_tolerance", "ours", "overlapping", "row_f1", "run"]

TABLES = 200
DEVELOPED, HELD_OUT = 0, 1_000_000
"""First seeds of the tables that the rules were made on and of those that were only measured."""

TOLERANCE = 10 / 999
"""Ten units of the models' grid."""

OVERLAP = 0.5
"""Vertical overlap, of the lower box, from which two lines count as one; the default of Textract's textractor."""

Grouping = Callable[[MadeTable], list[list[str]]]


@dataclass(frozen=True, slots=True)
class Case:
    """How tables are spoiled: noise in grid units, turn in degrees, drift in rows; drifted ones have two columns."""

    noise: float
    degrees: float
    drift: float = 0.0

    @property
    def name(self) -> str:
        """For the table and the figures."""
        return f"{self.noise:g}/{self.degrees:g}" + (f"/drift {self.drift:g}" if self.drift else "")

    def table(self, seed: int) -> MadeTable:
        """The table of a seed."""
        return made_table(
            seed, noise=self.noise, degrees=self.degrees, drift=self.drift, columns=2 if self.drift else None
        )


CASES = (
    Case(0, 0),
    Case(2, 0.6),
    Case(2, 1.1),
    Case(2, 1.7),
    Case(2, 2.9),
    Case(4, 0),
    Case(4, 1.7),
    Case(0, 0, drift=0.4),
    Case(2, 0, drift=0.3),
    Case(2, 0, drift=0.4),
)


def run(*, limit: int | None = None) -> Outcome:
    """Measure."""
    count = limit or TABLES
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for case in CASES:
        developed = _f1(ours, case, DEVELOPED, count)
        held_out = _f1(ours, case, HELD_OUT, count)
        others = [_f1(way, case, HELD_OUT, count) for way in (fixed_tolerance, overlapping)]
        straight = [_straight(case, first, count) for first in (DEVELOPED, HELD_OUT)]
        rows.append((case.name, *others, developed, held_out, *straight))
        figures |= {
            f"{case.name} f1_developed": round(developed, 4),
            f"{case.name} f1": round(held_out, 4),
            f"{case.name} f1_tolerance": round(others[0], 4),
            f"{case.name} f1_overlap": round(others[1], 4),
            f"{case.name} straight_developed": round(straight[0], 5),
            f"{case.name} straight": round(straight[1], 5),
        }
    moved, said = _moved(limit)
    figures |= moved
    return Outcome(
        header=(
            "noise/degrees",
            "F1 tolerance",
            "F1 overlap",
            "F1 ours, developed",
            "F1 ours, held out",
            "straight, developed",
            "straight, held out",
        ),
        rows=tuple(rows),
        figures=figures,
        notes=(
            f"{count} tables of 6-30 rows and 2-7 columns a cell; mean of pairwise row F1 over tables",
            "straight: share of cells that start, or end, where their column does in layout text",
            said,
        ),
    )


def _moved(limit: int | None) -> tuple[dict[str, float], str]:
    """Real receipts on which a value was moved to the row of a label; none of them was printed twice."""
    try:
        pages = [example.document.pages[0] for example in load_receipts()[:limit]]
    except Unavailable as reason:
        return {}, f"no real receipts: {reason}"
    moved = sum(any(row.shifted for row in find_rows(page.regions, page.size or A4)) for page in pages)
    return {"receipts": len(pages), "receipts moved": moved}, f"drift seen on {moved} of {len(pages)} real receipts"


def row_f1(made: MadeTable, groups: Iterable[Sequence[str]]) -> float:
    """F1 of pairs of cells that stand in one row; ``groups`` holds ids of regions row by row."""
    truth = _pairs(_grouped(made.cells, lambda place: place[0]).values())
    found = _pairs(groups)
    both = len(truth) + len(found)
    return 2 * len(truth & found) / both if both else 1.0


def ours(made: MadeTable) -> list[list[str]]:
    """Rows by ``find_rows``."""
    return [[item.region_id for item in row.items] for row in find_rows(made.regions, made.size)]


def fixed_tolerance(made: MadeTable) -> list[list[str]]:
    """Boxes from top to bottom; a new row begins where one is further than ten units below the one before."""
    rows: list[list[str]] = []
    before = -1.0
    for middle, _, region_id in _by_middle(made):
        if not rows or middle - before > TOLERANCE:
            rows.append([])
        rows[-1].append(region_id)
        before = middle
    return rows


def overlapping(made: MadeTable) -> list[list[str]]:
    """Boxes from top to bottom; one that overlaps the row's first box by half of its own height joins the row."""
    boxes = {region.id: region.boxes[0] for region in made.regions}
    rows: list[list[str]] = []
    for _, _, region_id in _by_middle(made):
        box = boxes[region_id]
        first = boxes[rows[-1][0]] if rows else None
        if first is not None and min(box.y1, first.y1) - max(box.y0, first.y0) >= OVERLAP * box.height:
            rows[-1].append(region_id)
        else:
            rows.append([region_id])
    return rows


def aligned_cells(made: MadeTable) -> tuple[int, int]:
    """How many cells start, or end, at the place where most of their column do, and how many there are."""
    text = layout_text(Page(index=0, size=made.size, regions=made.regions))
    spots: dict[str, tuple[int, int]] = {}
    lines = text.splitlines()
    for region in made.regions:
        line = next((line for line in lines if region.text in line), "")
        start = cell_width(line[: line.index(region.text)]) if line else -1
        spots[region.id] = start, start + cell_width(region.text)
    straight = 0
    for ids in _grouped(made.cells, lambda place: place[1]).values():
        straight += max(max(Counter(spots[one][edge] for one in ids).values()) for edge in (0, 1))
    return straight, len(made.cells)


def _f1(way: Grouping, case: Case, first: int, count: int) -> float:
    return fmean(row_f1(made, way(made)) for made in map(case.table, range(first, first + count)))


def _straight(case: Case, first: int, count: int) -> float:
    found = [aligned_cells(case.table(seed)) for seed in range(first, first + count)]
    return sum(straight for straight, _ in found) / sum(cells for _, cells in found)


def _grouped(cells: Mapping[str, tuple[int, int]], key: Callable[[tuple[int, int]], int]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for region_id, place in cells.items():
        groups.setdefault(key(place), []).append(region_id)
    return groups


def _pairs(groups: Iterable[Sequence[str]]) -> set[frozenset[str]]:
    return {frozenset((one, other)) for group in groups for at, one in enumerate(group) for other in group[:at]}


def _by_middle(made: MadeTable) -> list[tuple[float, float, str]]:
    return sorted((region.boxes[0].center[1], region.boxes[0].x0, region.id) for region in made.regions)
