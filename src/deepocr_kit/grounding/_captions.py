"""Links captions to their tables and pictures by place and order, and brings a table's HTML to the table's region."""

from __future__ import annotations

from dataclasses import dataclass, field

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding._draft import Draft, join_pieces, split_pieces
from deepocr_kit.grounding._labels import CAPTION_TARGETS
from deepocr_kit.grounding.tables import find_tables

__all__ = ["CaptionLinker"]

_FLOATS = frozenset(label for labels in CAPTION_TARGETS.values() for label in labels)
"""Labels of what a caption can belong to."""

_CAPTION, _TABLE = RegionLabel.CAPTION, RegionLabel.TABLE
"""Asked for with every region; found sooner by these names than by their class."""

_MAX_BEFORE = 4
"""Most tables and pictures before a caption that are looked at: a row of panels."""

_MAX_WAITING = 4
"""Most captions that wait for what follows them."""

_MIN_OVERLAP = 0.3
"""Share of the narrower box that must lie above or below the other one, or beside it."""

_MAX_GAP = 0.25
"""Largest gap between a caption and what it belongs to, as a share of the page; beyond it only the order counts."""

_SAME_GAP = 0.015
"""Gaps that differ by less than about a line of text do not decide; then the order does."""

_BESIDE = 0.03
"""By how much a caption beside its picture must be nearer than one above or below: few stand there."""


@dataclass(slots=True)
class _Seen:
    """A region of the answer with its place in the order."""

    index: int
    draft: Draft
    box: BBox | None
    before: tuple[_Seen, ...] = field(default=())
    """For a caption: the tables and pictures that came before it."""


class CaptionLinker:
    """Looks at captions and their neighbours; holds back captions and empty tables until nothing can change them.

    A caption may belong to one of the tables and pictures before it, with
    nothing but other captions between them, or to the next one behind it. Of
    those that it stands above, below or beside, the nearest wins. Where boxes
    are missing or do not decide, it is the one right before the caption, else
    the one right behind it.

    DeepSeek-OCR 1 writes some tables as an *empty* table region, then a
    caption region that holds the caption and then the HTML: the HTML moves to
    the table, and the caption belongs to it.
    """

    def __init__(self) -> None:
        self._held: list[Draft] = []
        self._waiting: list[_Seen] = []
        self._floats: list[_Seen] = []
        self._last: Draft | None = None
        self._count = 0

    def add(self, draft: Draft) -> tuple[Draft, ...]:
        """Take the next region; those that nothing can change any more."""
        last, self._last = self._last, draft
        self._count += 1
        is_caption = draft.label is _CAPTION
        if not is_caption and draft.label not in _FLOATS:
            ready = self._release(None) if self._held else ()
            self._floats.clear()
            return (*ready, draft)
        if is_caption and last is not None and _move_table(draft, last):
            return (*self._release(None), draft)
        seen = _Seen(self._count, draft, BBox.union(draft.boxes))
        return self._add_caption(seen) if is_caption else self._add_float(seen)

    def flush(self) -> tuple[Draft, ...]:
        """The regions that were held back."""
        return self._release(None)

    def _add_caption(self, seen: _Seen) -> tuple[Draft, ...]:
        wait = bool(self._waiting) and len(self._waiting) < _MAX_WAITING
        ready = () if wait else self._release(None)
        seen.before = tuple(self._floats)
        self._waiting.append(seen)
        self._held.append(seen.draft)
        return ready

    def _add_float(self, seen: _Seen) -> tuple[Draft, ...]:
        ready = self._release(seen)
        self._floats = [*self._floats[1 - _MAX_BEFORE :], seen]
        if seen.draft.label is _TABLE and not seen.draft.has_text:
            self._held.append(seen.draft)
            return ready
        return (*ready, seen.draft)

    def _release(self, behind: _Seen | None) -> tuple[Draft, ...]:
        """Link the waiting captions, and give back what was held."""
        for caption in self._waiting:
            _link(caption, caption.before if behind is None else (*caption.before, behind))
        self._waiting.clear()
        held = tuple(self._held)
        self._held.clear()
        return held


def _link(caption: _Seen, neighbours: tuple[_Seen, ...]) -> None:
    targets = CAPTION_TARGETS.get(caption.draft.raw_label, CAPTION_TARGETS["caption"])
    candidates = [seen for seen in neighbours if seen.draft.label in targets]
    gaps = {seen.index: _gap(caption.box, seen.box) for seen in candidates}
    measured = [gap for gap in gaps.values() if gap is not None]
    if measured:
        nearest = min(measured) + _SAME_GAP
        near = [seen for seen in candidates if (gap := gaps[seen.index]) is not None and gap <= nearest]
    else:
        near = [seen for seen in candidates if abs(seen.index - caption.index) == 1]
        near = [seen for seen in near if seen.index > caption.index or not seen.draft.is_captioned]
    if near:
        target = min(near, key=lambda seen: (seen.draft.is_captioned, *_order(seen, caption))).draft
        caption.draft.caption_of, target.is_captioned = target.id, True


def _order(seen: _Seen, caption: _Seen) -> tuple[int, bool]:
    """Sorts by distance in the order of the answer, and what comes before a caption first."""
    return abs(seen.index - caption.index), seen.index > caption.index


def _gap(caption: BBox | None, target: BBox | None) -> float | None:
    """How far apart they are, as a share of the page; None when they are no neighbours."""
    if caption is None or target is None:
        return None
    if caption.x_overlap(target) >= _MIN_OVERLAP:
        gap = max(caption.y0 - target.y1, target.y0 - caption.y1, 0.0)
    elif caption.y_overlap(target) >= _MIN_OVERLAP:
        gap = max(caption.x0 - target.x1, target.x0 - caption.x1, 0.0) + _BESIDE
    else:
        return None
    return gap if gap <= _MAX_GAP else None


def _move_table(caption: Draft, table: Draft) -> bool:
    """Move the stretch from the first ``<table>`` on; the table's own tag holds no text and leaves its span."""
    if table.label is not _TABLE or table.has_text or table.garbled:
        return False
    if not table.has_det or not caption.has_text:
        return False
    if _TABLE not in CAPTION_TARGETS.get(caption.raw_label, CAPTION_TARGETS["caption"]):
        return False
    found = find_tables(join_pieces(caption.pieces))
    if not found:
        return False
    caption.pieces, table.pieces = split_pieces(caption.pieces, found[0][0])
    caption.has_text = any(not text.isspace() for _, text in caption.pieces)
    table.has_text = True
    table.start = table.tag_end = table.pieces[0][0]
    caption.caption_of, table.is_captioned = table.id, True
    return True
