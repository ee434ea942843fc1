"""A document made ready for looking up what proves a value."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from deepocr_kit.documents import Document, Page, Region
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers.evidence._folding import FoldedText, fold_text
from deepocr_kit.revisers.evidence._suspicion import suspicious_numbers
from deepocr_kit.revisers.fields import ValueKind
from deepocr_kit.revisers.values import DateOrder, Found, find_values, guess_date_order

__all__ = ["EvidenceIndex", "IndexedRegion", "Place", "RegionSequence", "TypedPlace"]

LINE_OVERLAP = 0.5
"""Share of the smaller height that two regions of one line have in common."""


@dataclass(frozen=True, slots=True)
class IndexedRegion:
    """A region, ready to be searched.

    Attributes:
        number: Its position in the index.
        region: The region.
        page_index: 0-based.
        text: Its words, folded; without invisible characters, which would hide that ``1.01`` is one number.
        suspicious: Whether it reads like an instruction to a model, or follows on one.
    """

    number: int
    region: Region
    page_index: int
    text: FoldedText
    suspicious: bool

    @property
    def bbox(self) -> BBox | None:
        """The region's box in the unit frame of its page."""
        return self.region.bbox


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands.

    Attributes:
        regions: Numbers of the regions, in order.
        start: Offset in the first region's text.
        end: Offset after the end, in the last region's text.
    """

    regions: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """Where a typed value stands; ``likeliest`` when it is not the second reading of an ambiguous date."""

    place: Place
    found: Found
    likeliest: bool


class RegionSequence:
    """Regions one after the other as one searchable key, so that values may run over several of them.

    Args:
        regions: In the order in which they are read.
    """

    def __init__(self, regions: Sequence[IndexedRegion]) -> None:
        self.regions = tuple(item for item in regions if item.text.key)
        self.key = "".join(item.text.key for item in self.regions)
        self._starts = list(accumulate((len(item.text.key) for item in self.regions), initial=0))[:-1]

    def place(self, start: int, end: int) -> Place:
        """The place of ``key[start:end]``; at least one character."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        return Place(
            tuple(item.number for item in self.regions[first : last + 1]),
            self.regions[first].text.offsets[start - self._starts[first]],
            self.regions[last].text.offsets[end - 1 - self._starts[last]] + 1,
        )


class EvidenceIndex:
    """Everything of a document that looking for evidence needs; build it once per document.

    Building costs linear time in the length of the text, each lookup a few
    passes over the keys.

    Args:
        document: The pages.

    Attributes:
        document: The pages.
        regions: All regions with their texts, in reading order.
        order: The likeliest order of day and month in the document.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        pairs = [(page, region) for page in document.pages for region in page.regions]
        suspicious = suspicious_numbers([region.text for _, region in pairs], [page.index for page, _ in pairs])
        self.regions = tuple(
            IndexedRegion(number, region, page.index, fold_text(_visible(region.text)), number in suspicious)
            for number, (page, region) in enumerate(pairs)
        )
        self.order: DateOrder = guess_date_order("\n".join(item.text.raw for item in self.regions))
        self._on_page: dict[int, list[IndexedRegion]] = {}
        for item in self.regions:
            self._on_page.setdefault(item.page_index, []).append(item)
        self._by_id = {item.region.id: item for item in self.regions}
        self._sequences: dict[int, tuple[RegionSequence, ...]] = {}
        self._typed: dict[ValueKind, dict[Any, list[TypedPlace]]] = {}

    def region(self, region_id: str) -> IndexedRegion | None:
        """The region with this id, or None."""
        return self._by_id.get(region_id)

    def sequences(self, page: Page) -> tuple[RegionSequence, ...]:
        """The page's regions in reading order and, where they differ, from top to bottom and column by column."""
        if page.index not in self._sequences:
            regions = self._on_page.get(page.index, [])
            orders = {tuple(range(len(regions))): regions}
            boxed = [item for item in regions if item.bbox is not None]
            for ordered in (_from_top(boxed), _by_columns(boxed)):
                orders.setdefault(tuple(item.number - regions[0].number for item in ordered), ordered)
            self._sequences[page.index] = tuple(RegionSequence(ordered) for ordered in orders.values() if ordered)
        return self._sequences[page.index]

    def typed_places(self, kind: ValueKind, readings: set[Any]) -> list[TypedPlace]:
        """Where a value of a kind stands, in reading order.

        Args:
            kind: One that ``find_values`` types.
            readings: The values that count as equal.
        """
        if kind not in self._typed:
            self._typed[kind] = self._find_typed(kind)
        places = self._typed[kind]
        return sorted(
            (place for reading in readings for place in places.get(reading, ())),
            key=lambda item: (item.place.regions, item.place.start),
        )

    def _find_typed(self, kind: ValueKind) -> dict[Any, list[TypedPlace]]:
        places: dict[Any, list[TypedPlace]] = {}
        for item in self.regions:
            for found in find_values(item.text.raw, kind, order=self.order):
                place = Place((item.number,), found.start, found.end)
                for reading in dict.fromkeys(found.readings):
                    typed = TypedPlace(place, found, reading == found.value)
                    places.setdefault(reading, []).append(typed)
        return places

    def line_of(self, numbers: Sequence[int]) -> set[int]:
        """Numbers of the regions that share a line with one of ``numbers``, those included."""
        line = set(numbers)
        for number in numbers:
            here = self.regions[number]
            if here.bbox is not None:
                line.update(item.number for item in self._on_page[here.page_index] if _same_line(here, item))
        return line

    def quote(self, place: Place) -> str:
        """The printed words at a place; line breaks between regions."""
        texts = [self.regions[number].text.raw for number in place.regions]
        if len(texts) == 1:
            return texts[0][place.start : place.end]
        return "\n".join([texts[0][place.start :], *texts[1:-1], texts[-1][: place.end]])


def _same_line(a: IndexedRegion, b: IndexedRegion) -> bool:
    return a.bbox is not None and b.bbox is not None and a.bbox.y_overlap(b.bbox) >= LINE_OVERLAP


def _from_top(regions: Sequence[IndexedRegion]) -> list[IndexedRegion]:
    return sorted(regions, key=lambda item: (item.bbox.center[1], item.bbox.x0) if item.bbox else (0.0, 0.0))


def _by_columns(regions: Sequence[IndexedRegion]) -> list[IndexedRegion]:
    """Regions below each other one after the other: each goes to the nearest column it overlaps in x."""
    columns: list[list[IndexedRegion]] = []
    for item in _from_top(regions):
        box = item.bbox
        fitting = [column for column in columns if box and (last := column[-1].bbox) and box.x_overlap(last) >= 0.5]
        if fitting:
            max(fitting, key=lambda column: column[-1].bbox.y1 if column[-1].bbox else 0.0).append(item)
        else:
            columns.append([item])
    return [item for column in columns for item in column]


def _visible(text: str) -> str:
    """The text without zero-width characters, controls of direction and the like (category Cf)."""
    return text if text.isascii() else "".join(char for char in text if unicodedata.category(char) != "Cf")
