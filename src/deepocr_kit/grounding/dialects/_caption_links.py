"""Links captions to tables and pictures by place and order, among regions that have been read already."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.grounding._captions import CaptionLinker
from deepocr_kit.grounding._draft import Draft

__all__ = ["CaptionLinks", "with_captions"]


def with_captions(regions: Iterable[Region]) -> tuple[Region, ...]:
    """The same regions; each caption names its table or picture. A link that is there already stays."""
    regions = tuple(regions)
    if not any(region.label is RegionLabel.CAPTION and region.caption_of is None for region in regions):
        return regions
    links = CaptionLinks()
    linked = [done for region in regions for done in links.add(region)]
    return (*linked, *links.flush())


class CaptionLinks:
    """Feeds regions to the ``CaptionLinker``, and gives them back in order once nothing can change them."""

    def __init__(self) -> None:
        self._linker = CaptionLinker()
        self._waiting: deque[tuple[Region, Draft]] = deque()
        self._ready: set[str] = set()
        self._targets: dict[str, Draft] = {}

    def add(self, region: Region) -> tuple[Region, ...]:
        """Take the next region; those that are final now, in the order they came."""
        draft = Draft(region.id, 0, 0, boxes=region.boxes, label=region.label, raw_label=region.raw_label)
        self._waiting.append((region, draft))
        if region.caption_of is not None:
            self._ready.add(region.id)
            target = self._targets.get(region.caption_of)
            if target is not None:
                target.is_captioned = True
        else:
            # an empty table of DeepSeek-OCR would wait for the text under its caption; these have theirs
            draft.has_text = region.label is RegionLabel.TABLE
            if region.label in (RegionLabel.TABLE, RegionLabel.PICTURE, RegionLabel.CHART):
                self._targets[region.id] = draft
            self._ready.update(done.id for done in self._linker.add(draft))
        return self._take()

    def flush(self) -> tuple[Region, ...]:
        """The regions that were held back."""
        self._ready.update(done.id for done in self._linker.flush())
        return self._take()

    def _take(self) -> tuple[Region, ...]:
        taken: list[Region] = []
        while self._waiting and self._waiting[0][1].id in self._ready:
            region, draft = self._waiting.popleft()
            self._ready.remove(region.id)
            linked = draft.caption_of is not None
            taken.append(region.model_copy(update={"caption_of": draft.caption_of}) if linked else region)
        return tuple(taken)
