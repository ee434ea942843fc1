"""Decides by which reading order a page goes, and says how far the model's agrees with where things stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from deepocr_kit.documents import Issue, IssueCode, Page, Recognition, Region, RegionLabel, Severity, upright_page
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import LineDialect
from deepocr_kit.layout import geometric_order, line_slope
from deepocr_kit.quality import ORDER_AGREEMENT_MIN, ORDER_REGIONS_MIN, order_agreement

__all__ = ["ReadingOrder", "order_agreement_of", "put_in_order"]


class ReadingOrder(StrEnum):
    """By which reading order the regions of a page go.

    ``MODEL``: the model's own, which it was trained to give. Lines of an
    engine have none (it sorts them by their upper edges, across columns), so
    they go by their places.
    ``CHECKED``: the same, but a page whose places do not explain the model's order goes by them too.
    ``GEOMETRIC``: always by places.

    Going by places is ``geometric_order``. What it changed is said in a ``reading_order`` issue.
    """

    MODEL = "model"
    CHECKED = "checked"
    GEOMETRIC = "geometric"


def order_agreement_of(page: Page) -> float | None:
    """Kendall's tau between the model's reading order and the one by geometry, -1 to 1; 1 is the same order.

    The model's order is that of the numbers in the region ids, whatever
    order the page goes by. Captions are left out, because models and people
    put them on either side of what they caption. Below ``ORDER_AGREEMENT_MIN``
    the page has a ``reading_order`` issue.

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


def put_in_order(
    recognition: Recognition, size: Size, wanted: ReadingOrder
) -> tuple[tuple[Region, ...], tuple[Issue, ...]]:
    """The regions in the reading order that is wanted, and an issue when the model's was changed or is in doubt.

    Args:
        recognition: Of one page, its boxes as a reader sees the page.
        size: Of that page in pixels.
        wanted: By what to go.

    Raises:
        ValueError: ``wanted`` is none of ``ReadingOrder``.
    """
    wanted = ReadingOrder(wanted)
    regions = recognition.regions
    agreement = _agreement(regions, size)
    said = None if agreement is None else f"Kendall's tau {agreement:.2f}, expected {ORDER_AGREEMENT_MIN} or more"
    doubted = agreement is not None and agreement < ORDER_AGREEMENT_MIN
    doubt = f"the model read its regions in an order that their places do not explain ({said})"
    if recognition.dialect == LineDialect.name:
        reason = "an engine gives its lines in no reading order"
    elif wanted is ReadingOrder.GEOMETRIC:
        reason = "an order by places was asked for"
    elif doubted and wanted is ReadingOrder.CHECKED:
        reason = doubt
    else:
        return regions, (_issue(doubt),) if doubted else ()
    ordered = _by_places(regions, size)
    return ordered, (_issue(f"{reason}; they were put in the order of their places"),) if ordered != regions else ()


def _issue(message: str) -> Issue:
    return Issue(code=IssueCode.READING_ORDER, severity=Severity.INFO, message=message)


def _by_places(regions: Sequence[Region], size: Size) -> tuple[Region, ...]:
    """The regions in geometric order; those without a box stay behind the one that they followed."""
    first: list[Region] = []
    followers: dict[str, list[Region]] = {}
    behind = first
    for region in regions:
        if region.boxes:
            behind = followers.setdefault(region.id, [])
        else:
            behind.append(region)
    boxed = geometric_order([region for region in regions if region.boxes], size, slope=line_slope(regions, size))
    return (*first, *(one for region in boxed for one in (region, *followers[region.id])))


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
