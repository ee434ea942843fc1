"""Pages in which every region can be told from the others."""

from __future__ import annotations

from deepocr_kit.documents.page import Page

__all__ = ["with_distinct_ids"]


def with_distinct_ids(page: Page) -> Page:
    """The page, its regions renamed where two have one id, so that none hides another; the same object else.

    Our parsers never give an id twice; pages that others make may.
    """
    if len({region.id for region in page.regions}) == len(page.regions):
        return page
    taken: set[str] = set()
    renamed = []
    for number, region in enumerate(page.regions):
        again = region.id in taken
        renamed.append(region.model_copy(update={"id": f"{region.id}\n{number}"}) if again else region)
        taken.add(region.id)
    return page.model_copy(update={"regions": tuple(renamed)})
