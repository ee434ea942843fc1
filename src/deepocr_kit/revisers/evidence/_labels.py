"""Finds out which of several places stands beside the field's own label."""

from __future__ import annotations

from collections.abc import Iterable

from deepocr_kit.revisers.evidence._folding import fold_text
from deepocr_kit.revisers.evidence._index import EvidenceIndex, IndexedRegion, Place

__all__ = ["labelled_places"]

GAP_MAX_CHARS = 12
"""Most letters and digits between a label and its value in one region."""

ABOVE_MAX_HEIGHTS = 2.5
"""Farthest a label may stand above its value, in heights of the value."""

LABEL_SHARE = 0.3
"""Least share of a region's letters that a label must be, when the value stands in another region."""


def labelled_places(index: EvidenceIndex, places: Iterable[Place], labels: Iterable[str]) -> list[Place]:
    """Those of ``places`` that a label stands before, left of or above.

    Args:
        index: The document.
        places: Where a value stands.
        labels: Words printed beside the value, in any language.
    """
    keys = [key for key in dict.fromkeys(fold_text(label).key for label in labels) if len(key) > 1]
    return [place for place in places if keys and _is_labelled(index, place, keys)]


def _is_labelled(index: EvidenceIndex, place: Place, keys: list[str]) -> bool:
    here = index.regions[place.regions[0]]
    before = fold_text(here.text.raw[: place.start].rpartition("\n")[2]).key
    if any(0 <= before.rfind(key) >= len(before) - len(key) - GAP_MAX_CHARS for key in keys):
        return True
    if before:
        return False
    numbers = _left_and_above(index, here) if here.bbox else [here.number - 1]
    neighbours = [index.regions[number] for number in numbers if number >= 0]
    return any(_is_label(neighbour, keys) for neighbour in neighbours if neighbour.page_index == here.page_index)


def _left_and_above(index: EvidenceIndex, here: IndexedRegion) -> list[int]:
    """The nearest region on the left in the same line, and the nearest one above."""
    box = here.bbox
    if box is None:
        return []
    left: tuple[float, int] | None = None
    above: tuple[float, int] | None = None
    for item in index.regions:
        other = item.bbox
        if other is None or item is here or item.page_index != here.page_index or not item.text.key:
            continue
        if box.y_overlap(other) >= 0.4 and other.center[0] < box.center[0]:
            left = min(left or (9.0, -1), (box.x0 - other.x1, item.number))
        gap = box.y0 - other.y1
        if box.x_overlap(other) >= 0.2 and -0.5 * box.height <= gap <= ABOVE_MAX_HEIGHTS * box.height:
            above = min(above or (9.0, -1), (abs(gap), item.number)) if other.center[1] < box.center[1] else above
    return [found[1] for found in (left, above) if found]


def _is_label(item: IndexedRegion, keys: list[str]) -> bool:
    return any(key in item.text.key and len(key) >= LABEL_SHARE * len(item.text.key) for key in keys)
