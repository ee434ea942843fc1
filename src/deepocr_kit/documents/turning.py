"""Regions and pages in the frame in which a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable

from deepocr_kit.documents.page import Page
from deepocr_kit.documents.region import Region

__all__ = ["turn_regions", "upright_page"]


def turn_regions(regions: Iterable[Region], quarters: int) -> tuple[Region, ...]:
    """The regions with their boxes after so many quarter turns clockwise; negative ones undo it."""
    if quarters % 4 == 0:
        return tuple(regions)
    return tuple(
        region.model_copy(update={"boxes": tuple(box.turned(quarters) for box in region.boxes)}) for region in regions
    )


def upright_page(page: Page) -> Page:
    """The page with its boxes and its size as they are when it stands upright; what looks for rows needs that.

    The same object when the page was handed in upright.
    """
    if page.turned == 0:
        return page
    return page.model_copy(
        update={
            "regions": turn_regions(page.regions, page.turned),
            "size": None if page.size is None else page.size.turned(page.turned),
            "turned": 0,
        }
    )
