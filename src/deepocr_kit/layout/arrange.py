"""What was recognized into regions in reading order, with captions linked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from deepocr_kit.documents import Issue, IssueCode, Recognition, Region, RegionLabel, Severity, distinct_regions
from deepocr_kit.geometry import Size
from deepocr_kit.layout.placement import sequence
from deepocr_kit.layout.rows import Analysis, analyse

__all__ = ["Arrangement", "arrange"]

SKEW_REPORTED = 0.0087
"""Slope from which a page is reported as skewed: half a degree."""

CAPTION_REACH = 4
"""So many tables and pictures before and after a caption, in the model's order, are looked at."""

CAPTION_GAP = 0.1
"""Widest gap between a caption and what it captions, as a share of the page."""

_CAPTIONED = {
    RegionLabel.TABLE: "table",
    RegionLabel.PICTURE: "image",
    RegionLabel.CHART: "chart",
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Regions in reading order, and what was seen while they were put in order."""

    regions: tuple[Region, ...]
    issues: tuple[Issue, ...]


def arrange(recognition: Recognition, size: Size) -> Arrangement:
    """Reading order, caption links, and what is odd about the page's rows.

    The order is that of the recognition. Values that have drifted away from
    their labels are put behind them, which is said in an issue. Contents and
    boxes stay as they are; of regions that share an id all but the first are
    renamed.

    Args:
        recognition: Of one page, its regions in reading order.
        size: Of the page in pixels; only its aspect matters.
    """
    linked = _link_captions(distinct_regions(recognition.regions))
    analysis = analyse(linked, size)
    by_id = {region.id: region for region in linked}
    order = dict.fromkeys(region_id for region_id, _ in sequence(linked, analysis.rows))
    return Arrangement(tuple(by_id[region_id] for region_id in order), _issues(linked, analysis))


def _issues(regions: Sequence[Region], analysis: Analysis) -> tuple[Issue, ...]:
    found = re.match(r"p([0-9]{1,9})r", regions[0].id) if regions else None
    page_index = max(0, int(found[1]) - 1) if found else None
    issues = []
    if analysis.pairs:
        offsets = sorted(pair.offset for pair in analysis.pairs)
        middle = offsets[len(offsets) // 2]
        moved = ", ".join(dict.fromkeys(pair.value.item.region_id for pair in analysis.pairs))
        issues.append(
            Issue(
                code=IssueCode.ROWS_SHIFTED,
                severity=Severity.WARNING,
                message=(
                    f"{len(analysis.pairs)} values stand about {abs(middle):.1f} of a row "
                    f"{'above' if middle < 0 else 'below'} their labels; each was put beside its own ({moved})"
                ),
                page_index=page_index,
                region_id=analysis.pairs[0].value.item.region_id,
            )
        )
    if abs(analysis.slope) >= SKEW_REPORTED:
        issues.append(
            Issue(
                code=IssueCode.SKEWED_PAGE,
                severity=Severity.INFO,
                message=f"lines rise or fall by {abs(analysis.slope):.1%} of their length; rows were found along them",
                page_index=page_index,
            )
        )
    return tuple(issues)


def _link_captions(regions: Sequence[Region]) -> tuple[Region, ...]:
    """The same regions; captions without a link point at the nearest table or picture."""
    targets = [at for at, region in enumerate(regions) if region.label in _CAPTIONED]
    linked = []
    for at, region in enumerate(regions):
        target = _captioned(at, regions, targets) if region.label is RegionLabel.CAPTION else None
        if target is not None and region.caption_of is None:
            linked.append(region.model_copy(update={"caption_of": target}))
        else:
            linked.append(region)
    return tuple(linked)


def _captioned(at: int, regions: Sequence[Region], targets: Sequence[int]) -> str | None:
    middle = bisect_left(targets, at)
    near = targets[max(0, middle - CAPTION_REACH) : middle + CAPTION_REACH]
    raw_label = regions[at].raw_label.casefold()
    named = [target for target in near if _CAPTIONED[regions[target].label] in raw_label]
    best = min(
        named or near, key=lambda target: (_distance(regions[at], regions[target]), abs(target - at)), default=None
    )
    if best is None or _distance(regions[at], regions[best]) > CAPTION_GAP:
        return None
    return regions[best].id


def _distance(caption: Region, target: Region) -> float:
    """Gap between both boxes as a share of the page; 0 when one has no box."""
    a, b = caption.bbox, target.bbox
    if a is None or b is None:
        return 0.0
    across = max(a.x0 - b.x1, b.x0 - a.x1, 0.0)
    down = max(a.y0 - b.y1, b.y0 - a.y1, 0.0)
    return max(across, down)
