"""A reading order from boxes alone, for regions that came without one, and to check the one they came with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.layout._items import natural_key
from deepocr_kit.layout._order_sections import facing_pages, tiers
from deepocr_kit.layout._order_spots import Spot, in_rows, levelled
from deepocr_kit.layout._page_class import PageClass, class_of
from deepocr_kit.layout._topological import topological
from deepocr_kit.layout._writing import Writing, writing_of
from deepocr_kit.layout._xy_cut import xy_cut

__all__ = ["PageClass", "Writing", "geometric_order", "page_class_of"]

_NO_LINES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART, RegionLabel.SEAL, RegionLabel.TABLE})
"""Say nothing about how the text of a page is set."""


def geometric_order(
    regions: Sequence[Region],
    size: Size,
    *,
    page_class: PageClass | None = None,
    writing: Writing | None = None,
    slope: float = 0.0,
) -> tuple[Region, ...]:
    """Regions in reading order, from their boxes.

    Prose is read column by column, a form line by line, vertical lines tier
    by tier from the right. What is labelled as
    a page header comes first and a page footer last; a caption with a link
    stands beside what it captions, before it when it is above it. Regions
    without a box come last, in the order of their ids. The result does not
    depend on the order of ``regions``, and takes n log n time.

    Args:
        regions: Of one page, in any order.
        size: Of the page in pixels; only its aspect matters.
        page_class: How to read; by default ``page_class_of`` decides.
        writing: Where lines begin and which way they follow each other; by
            default the words decide, see ``Writing``.
        slope: Rise per run of the text lines, as ``line_slope`` gives it, to read a page that lies askew as if it
            did not; without effect on downward writing.

    Raises:
        ValueError: ``page_class`` or ``writing`` is none of its enum.
    """
    ordered = sorted(regions, key=lambda region: (region.bbox is None, region.bbox, natural_key(region.id)))
    boxed = [region for region in ordered if region.boxes]
    runs = _writing(boxed, size, writing)
    spots = _spots(boxed, size, runs, slope)
    used = _class(boxed, spots, runs) if page_class is None else PageClass(page_class)
    pages: Sequence[Sequence[Spot]] = [spots]
    if used is PageClass.PROSE:
        pages = tiers(spots) if runs is Writing.DOWNWARD else facing_pages(spots)
    in_order = [boxed[spot.at] for page in pages for spot in _one_page(page, boxed, used)]
    return (*_captions_beside(in_order), *ordered[len(boxed) :])


def page_class_of(regions: Sequence[Region], size: Size, *, writing: Writing | None = None) -> PageClass:
    """How ``geometric_order`` would read the regions: the shapes of their boxes decide, tables and pictures aside.

    A page of vertical lines is prose.

    Args:
        regions: Of one page, in any order.
        size: Of the page in pixels; only its aspect matters.
        writing: As for ``geometric_order``.

    Raises:
        ValueError: ``writing`` is none of ``Writing``.
    """
    boxed = [region for region in regions if region.boxes]
    runs = _writing(boxed, size, writing)
    return _class(boxed, _spots(boxed, size, runs), runs)


def _writing(boxed: Sequence[Region], size: Size, writing: Writing | None) -> Writing:
    return writing_of(boxed, size) if writing is None else Writing(writing)


def _class(boxed: Sequence[Region], spots: Sequence[Spot], writing: Writing) -> PageClass:
    if writing is Writing.DOWNWARD:
        return PageClass.PROSE
    return class_of([spot for spot in spots if boxed[spot.at].label not in _NO_LINES])


def _spots(boxed: Sequence[Region], size: Size, writing: Writing, slope: float = 0.0) -> list[Spot]:
    spots = [Spot(*_turned(_place(region.boxes), size.aspect, writing), at) for at, region in enumerate(boxed)]
    if not slope or writing is Writing.DOWNWARD:
        return spots
    return [levelled(spot, -slope if writing is Writing.RIGHT_TO_LEFT else slope) for spot in spots]


def _place(boxes: Sequence[BBox]) -> BBox:
    """The first box with those in its column: a region that goes on in the next column is read where it begins."""
    first = boxes[0]
    place = first
    for box in boxes[1:]:
        if box.x_overlap(first) > 0:
            place = BBox(min(place.x0, box.x0), min(place.y0, box.y0), max(place.x1, box.x1), max(place.y1, box.y1))
    return place


def _turned(box: BBox, aspect: float, writing: Writing) -> tuple[float, float, float, float]:
    match writing:
        case Writing.RIGHT_TO_LEFT:
            return (1 - box.x1) * aspect, box.y0, (1 - box.x0) * aspect, box.y1
        case Writing.DOWNWARD:
            return box.y0, (1 - box.x1) * aspect, box.y1, (1 - box.x0) * aspect
        case _:
            return box.x0 * aspect, box.y0, box.x1 * aspect, box.y1


def _one_page(page: Sequence[Spot], boxed: Sequence[Region], used: PageClass) -> Iterable[Spot]:
    heads = [spot for spot in page if boxed[spot.at].label is RegionLabel.PAGE_HEADER]
    feet = [spot for spot in page if boxed[spot.at].label is RegionLabel.PAGE_FOOTER]
    aside = {spot.at for spot in (*heads, *feet)}
    body = [spot for spot in page if spot.at not in aside]
    for rows in (in_rows(heads), [topological(body) if used is PageClass.PROSE else xy_cut(body)], in_rows(feet)):
        for row in rows:
            yield from row


def _captions_beside(regions: Sequence[Region]) -> list[Region]:
    """The regions with linked captions next to what they caption, on the side where they stand."""
    by_id = {region.id: region for region in regions}
    before: dict[str, list[Region]] = {}
    after: dict[str, list[Region]] = {}
    rest: list[Region] = []
    for region in regions:
        target = by_id.get(region.caption_of or "")
        if target is None or target.caption_of in by_id:
            rest.append(region)
        else:
            (before if _is_above(region, target) else after).setdefault(target.id, []).append(region)
    return [placed for region in rest for placed in (*before.pop(region.id, ()), region, *after.pop(region.id, ()))]


def _is_above(region: Region, target: Region) -> bool:
    return bool(region.bbox and target.bbox and region.bbox.center[1] < target.bbox.center[1])
