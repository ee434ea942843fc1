"""Settles where repeated values of list items stand, by the order of the items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from deepocr_kit.revisers._leaves import Leaf
from deepocr_kit.revisers.evidence import EvidenceIndex, evidence_at, possible_places
from deepocr_kit.revisers.evidence._alignment import Row, row_of, rows_of_items, visual_lines
from deepocr_kit.revisers.evidence._index import Place

__all__ = ["aligned"]

_ITEM = re.compile(r"\[(\d+)\]")


def aligned(index: EvidenceIndex, leaves: Mapping[str, Leaf]) -> dict[str, Leaf]:
    """The leaves, with a place for those that stand in several and of which the row of their item decides.

    Items are answered in the order of the document, so the first of two equal
    prices belongs to the first of two rows. See ``rows_of_items`` for when that is certain.

    Args:
        index: The document.
        leaves: With their evidence, by path.
    """
    settled = dict(leaves)
    lines: dict[int, int] = {}
    for items in _lists(leaves.values()):
        if any(map(_is_open, (leaf for item in items for leaf in item))):
            lines = lines or visual_lines(index)
            settled |= _settled(index, lines, items)
    return settled


def _lists(leaves: Iterable[Leaf]) -> Iterator[list[list[Leaf]]]:
    """The leaves of each list, item by item; lists within lists belong to the item around them."""
    lists: dict[str, dict[int, list[Leaf]]] = {}
    for leaf in leaves:
        match = _ITEM.search(leaf.path)
        if match and leaf.text:
            lists.setdefault(leaf.path[: match.start()], {}).setdefault(int(match[1]), []).append(leaf)
    for by_number in lists.values():
        yield [by_number[number] for number in sorted(by_number)]


def _is_open(leaf: Leaf) -> bool:
    """Whether a value stands in several places; a label elsewhere, such as that of a total, says little of an item."""
    evidence = leaf.evidence
    if evidence is None or float(evidence.signals.get("occurrences", 0)) < 2:
        return False
    return not (evidence.signals.get("ambiguous_date") or evidence.signals.get("suspicious_region"))


def _settled(index: EvidenceIndex, lines: Mapping[int, int], items: list[list[Leaf]]) -> dict[str, Leaf]:
    places = {leaf.path: _places(index, leaf) for item in items for leaf in item}
    rows = {
        path: {place: row_of(index, lines, place) for place in found if place.regions} for path, found in places.items()
    }
    chosen = rows_of_items([[frozenset(rows[leaf.path].values()) for leaf in item] for item in items])
    return {
        leaf.path: replace(leaf, evidence=evidence_at(index, leaf.evidence, place, aligned_row=True))
        for item, row in zip(items, chosen, strict=True)
        if row is not None
        for leaf, place in _cells(item, rows, row)
        if leaf.evidence is not None and not index.regions[place.regions[0]].suspicious
    }


def _places(index: EvidenceIndex, leaf: Leaf) -> list[Place]:
    return possible_places(index, leaf.spec, leaf.text, value=leaf.value, cited_ids=leaf.cited)


def _cells(item: list[Leaf], rows: Mapping[str, Mapping[Place, Row]], row: Row) -> Iterator[tuple[Leaf, Place]]:
    """Open leaves with their place in the row; equal values of one item take equal prints from left to right."""
    by_places: dict[tuple[Place, ...], list[Leaf]] = {}
    for leaf in item:
        here = tuple(place for place, own in rows[leaf.path].items() if own == row)
        by_places.setdefault(here, []).append(leaf)
    for here, sharing in by_places.items():
        if len(here) == 1 or len(sharing) >= len(here) > 0:
            for number, leaf in enumerate(sharing):
                if _is_open(leaf):
                    yield leaf, here[min(number, len(here) - 1)]
