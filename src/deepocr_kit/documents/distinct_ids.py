"""Regions that can be told from one another."""

from __future__ import annotations

from deepocr_kit.documents.page import Page
from deepocr_kit.documents.region import Region

__all__ = ["distinct_regions", "with_distinct_ids"]


def distinct_regions(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """The regions, renamed where two have one id, so that none hides another; the same object else.

    Our parsers never give an id twice; answers that others make may.
    """
    if len({region.id for region in regions}) == len(regions):
        return regions
    taken: set[str] = set()
    renamed = []
    for number, region in enumerate(regions):
        name = region.id
        while name in taken:
            name = f"{name}\n{number}"
        taken.add(name)
        renamed.append(region if name == region.id else region.model_copy(update={"id": name}))
    return tuple(renamed)


def with_distinct_ids(page: Page) -> Page:
    """The page with ``distinct_regions``; the same object when they were."""
    regions = distinct_regions(page.regions)
    return page if regions is page.regions else page.model_copy(update={"regions": regions})
