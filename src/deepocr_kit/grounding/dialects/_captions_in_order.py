"""Links captions to the table or picture that stands next to them in the answer."""

from __future__ import annotations

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.grounding.dialect import ParsedText

__all__ = ["with_captions"]

_TARGETS = frozenset({RegionLabel.TABLE, RegionLabel.PICTURE, RegionLabel.CHART})


def with_captions(parsed: ParsedText) -> ParsedText:
    """The same regions; each caption names the table or picture right before it, else the one right after it.

    A table or picture takes one caption, and a link that is there already stays.
    """
    regions = list(parsed.regions)
    taken = {region.caption_of for region in regions}
    for index, region in enumerate(regions):
        if region.label is not RegionLabel.CAPTION or region.caption_of is not None:
            continue
        for neighbour in (index - 1, index + 1):
            target = _target(regions, neighbour, taken)
            if target is not None:
                regions[index] = region.model_copy(update={"caption_of": target})
                taken.add(target)
                break
    return ParsedText(tuple(regions), parsed.issues)


def _target(regions: list[Region], index: int, taken: set[str | None]) -> str | None:
    if not 0 <= index < len(regions):
        return None
    region = regions[index]
    return region.id if region.label in _TARGETS and region.id not in taken else None
