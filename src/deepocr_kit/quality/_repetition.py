"""Finds the loops of a whole answer: in its raw text, and in its regions whatever its dialect."""

from __future__ import annotations

from collections.abc import Sequence

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox
from deepocr_kit.quality._line_runs import LineRunTracker
from deepocr_kit.quality.loops import LoopFinding, find_loop, line_loop

__all__ = ["find_repetition"]

_GRID = 10_000
"""Boxes are compared at a ten-thousandth of the page."""


def find_repetition(raw_text: str, regions: Sequence[Region]) -> tuple[LoopFinding, str | None] | None:
    """The loop of an answer; None when the page looks healthy.

    Args:
        raw_text: The answer, end token removed.
        regions: In the model's order.

    Returns:
        The loop and None when its offsets count in ``raw_text``, or the loop and the id of the
        region in which it was known when it shows only in the regions.
    """
    found = find_loop(raw_text)
    return (found, None) if found is not None else _in_regions(regions)


def _in_regions(regions: Sequence[Region]) -> tuple[LoopFinding, str] | None:
    """Loops that the raw text hides, such as lines inside the strings of a JSON answer."""
    tracker = LineRunTracker()
    for region in regions:
        is_table = region.label is RegionLabel.TABLE or region.table is not None
        found = tracker.feed(f"{_tag(region.boxes)}\n{'' if is_table else region.text}\n")
        if found is not None:
            return line_loop(found), region.id
    return None


def _tag(boxes: Sequence[BBox]) -> str:
    numbers = [round(value * _GRID) for box in boxes for value in (box.x0, box.y0, box.x1, box.y1)]
    return f"text[[{', '.join(map(str, numbers))}]]" if numbers else ""
