"""What is straightened never runs into its neighbour."""

from __future__ import annotations

from deepocr_kit.geometry import Size
from deepocr_kit.layout import place_regions
from deepocr_kit.testing import build_region

SIZE = Size(1000, 1414)


def test_an_edge_is_not_moved_onto_the_neighbour_in_its_row() -> None:
    rights = (0.50, 0.505, 0.51, 0.499)  # the last number ends where its neighbour begins
    regions = []
    for row, right in enumerate(rights):
        top, bottom = 0.1 + 0.03 * row, 0.12 + 0.03 * row
        after = right + (0.02 if row < 3 else 0.0)
        regions.append(build_region(f"{row}00.00", (right - 0.08, top, right, bottom), region_id=f"p1r{2 * row + 1}"))
        regions.append(build_region("reason", (after, top, after + 0.1, bottom), region_id=f"p1r{2 * row + 2}"))
    placed = {spot.region_id: spot for spot in place_regions(regions, SIZE)}

    assert placed["p1r7"].bbox.x1 <= placed["p1r8"].bbox.x0
