"""Says how far the model's reading order agrees with where things stand on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from deepocr_kit.documents import Issue, IssueCode, Page, Region, RegionLabel, Severity, upright_page
from deepocr_kit.geometry import Size
from deepocr_kit.layout import geometric_order
from deepocr_kit.quality import ORDER_AGREEMENT_MIN, ORDER_REGIONS_MIN, order_agreement

__all__ = ["order_agreement_of", "order_issues"]


def order_agreement_of(page: Page) -> float | None:
    """Kendall's tau between the model's reading order and the one by geometry, -1 to 1; 1 is the same order.

    The model's order is that of the numbers in the region ids. Captions are
    left out, because models and people put them on either side of what they
    caption. Below ``ORDER_AGREEMENT_MIN`` the page has a ``reading_order``
    issue.

    Args:
        page: As ``Pipeline`` gives it, or one that was corrected since.

    Returns:
        The number, or None for a page without a size or with fewer than
        ``ORDER_REGIONS_MIN`` regions to compare.
    """
    upright = upright_page(page)
    if upright.size is None:
        return None
    return _agreement(sorted(upright.regions, key=_number), upright.size)


def order_issues(regions: Sequence[Region], size: Size) -> Iterator[Issue]:
    """An issue when the order of the regions is not that of their places.

    Args:
        regions: In the model's order, as a reader sees the page.
        size: Of the page in pixels.
    """
    agreement = _agreement(regions, size)
    if agreement is not None and agreement < ORDER_AGREEMENT_MIN:
        yield Issue(
            code=IssueCode.READING_ORDER,
            severity=Severity.INFO,
            message="the model read its regions in an order that their places do not explain "
            f"(Kendall's tau {agreement:.2f}, expected {ORDER_AGREEMENT_MIN} or more)",
        )


def _agreement(regions: Sequence[Region], size: Size) -> float | None:
    compared = [region for region in regions if region.boxes and region.label is not RegionLabel.CAPTION]
    if len(compared) < ORDER_REGIONS_MIN:
        return None
    ranks = {region.id: rank for rank, region in enumerate(geometric_order(compared, size))}
    return order_agreement([ranks[region.id] for region in compared])


def _number(region: Region) -> tuple[int, str]:
    """Place in the model's answer: the last number of the id."""
    found = re.search(r"([0-9]{1,18})$", region.id)
    return (int(found[1]) if found else 0), region.id
