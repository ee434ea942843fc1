"""Rows of many made-up tables, of real receipts and of hostile pages."""

from __future__ import annotations

from dataclasses import astuple
from itertools import combinations
from pathlib import Path
from statistics import fmean

import pytest
from benchmarks.made_tables import made_table
from benchmarks.receipts import load_receipts
from benchmarks.rows import Case, ours, row_f1
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_forms import PAGE

from deepocr_kit.documents import Region
from deepocr_kit.geometry import BBox
from deepocr_kit.layout import find_rows
from deepocr_kit.testing import build_region
from steady_time import LOOSELY_LINEAR, growth

pytestmark = pytest.mark.uncounted


@pytest.mark.parametrize(
    ("case", "least"),
    [
        (Case(0, 0), 1.0),
        (Case(2, 0.6), 0.995),
        (Case(2, 1.7), 0.99),
        (Case(2, 2.9), 0.98),
        (Case(4, 0), 0.96),
        (Case(0, 0, drift=0.3), 0.9),
    ],
    ids=lambda value: value.name if isinstance(value, Case) else "",
)
def test_rows_of_made_up_tables_are_found(case: Case, least: float) -> None:
    tables = [case.table(seed) for seed in range(2_000_000, 2_000_012)]

    assert fmean(row_f1(made, ours(made)) for made in tables) >= least


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 999),
    scale=st.sampled_from([0.25, 0.5, 1.0]),
    right=st.sampled_from([0.0, 0.0625]),
    down=st.sampled_from([0.0, 0.03125]),
)
def test_rows_do_not_depend_on_the_place_or_the_size_of_a_table(
    seed: int, scale: float, right: float, down: float
) -> None:
    made = made_table(seed, noise=1.0, degrees=1.0)
    moved = tuple(
        region.model_copy(
            update={
                "boxes": (
                    BBox(
                        *(
                            edge * scale + (right, down)[at % 2] * (1 - scale)
                            for at, edge in enumerate(astuple(region.boxes[0]))
                        )
                    ),
                )
            }
        )
        for region in made.regions
    )

    def groups(found: tuple[Region, ...]) -> set[frozenset[str]]:
        return {frozenset(item.region_id for item in row.items) for row in find_rows(found, made.size)}

    assert groups(moved) == groups(made.regions)


def test_lines_of_real_receipts_that_overlap_share_a_row(shared_data: Path) -> None:
    same = found = 0
    for receipt in load_receipts()[::4]:
        page = receipt.document.pages[0]
        rows = find_rows(page.regions, page.size or PAGE)
        row_of = {item.region_id: at for at, row in enumerate(rows) for item in row.items}
        for one, other in combinations(page.regions, 2):
            a, b = one.boxes[0], other.boxes[0]
            if a.y_overlap(b) >= 0.6 and a.x_overlap(b) <= 0.2:
                same += 1
                found += row_of[one.id] == row_of[other.id]

    assert same > 2000
    assert found / same >= 0.99


@pytest.mark.parametrize("shape", ["spot", "row", "column", "nested", "half"])
def test_hostile_pages_take_linear_time(shape: str) -> None:
    def page(count: int) -> list[Region]:
        step = 1 / count
        boxes = {
            "spot": lambda n: (0.1, 0.1, 0.3, 0.12),
            "row": lambda n: (n * step, 0.1, (n + 0.8) * step, 0.12),
            "column": lambda n: (0.1, n * step, 0.3, (n + 0.8) * step),
            "nested": lambda n: (0.4 * n * step, 0.4 * n * step, 1 - 0.4 * n * step, 1 - 0.4 * n * step),
            "half": lambda n: (0.5 + n * step / 2, 0.1, 0.5 + (n + 0.8) * step / 2, 0.12) if n else (0, 0.1, 0.5, 0.12),
        }[shape]
        return [build_region("v" if n else "word", boxes(n), region_id=f"p1r{n}") for n in range(count)]

    short, long = page(400), page(1600)
    grown = growth(lambda: find_rows(short, PAGE), lambda: find_rows(long, PAGE), times=4, limit=LOOSELY_LINEAR)

    assert grown <= LOOSELY_LINEAR
