"""Links captions to their tables and pictures by order, and brings a table's HTML to the table's region."""

from __future__ import annotations

from deepocr_kit.documents import RegionLabel
from deepocr_kit.grounding._draft import Draft, join_pieces, split_pieces
from deepocr_kit.grounding._labels import CAPTION_TARGETS
from deepocr_kit.grounding.tables import find_tables

__all__ = ["CaptionLinker"]


class CaptionLinker:
    """Looks at each region and its neighbour in the answer; holds back at most one region.

    A caption belongs to the table or picture right before it, else to the one
    right after it. DeepSeek-OCR 1 writes some tables as an *empty* table
    region, then a caption region that holds the caption and then the HTML:
    the HTML moves to the table.
    """

    def __init__(self) -> None:
        self._held: Draft | None = None
        self._last: Draft | None = None

    def add(self, draft: Draft) -> tuple[Draft, ...]:
        """Take the next region; those that nothing can change any more."""
        if self._last is not None:
            _relate(self._last, draft)
        self._last = draft
        ready = self.flush()
        if _waits(draft):
            self._held = draft
            return ready
        return (*ready, draft)

    def flush(self) -> tuple[Draft, ...]:
        """The region that was held back."""
        held, self._held = self._held, None
        return () if held is None else (held,)


def _waits(draft: Draft) -> bool:
    """Whether the next region may still change this one."""
    if draft.label is RegionLabel.CAPTION:
        return draft.caption_of is None
    return draft.label is RegionLabel.TABLE and not draft.has_text


def _targets(caption: Draft) -> frozenset[RegionLabel]:
    return CAPTION_TARGETS.get(caption.raw_label, CAPTION_TARGETS["caption"])


def _relate(before: Draft, after: Draft) -> None:
    if after.label is RegionLabel.CAPTION and before.label in _targets(after):
        if before.label is RegionLabel.TABLE and not before.has_text and not before.garbled:
            _move_table(after, before)
        if not before.is_captioned:
            after.caption_of, before.is_captioned = before.id, True
    elif before.label is RegionLabel.CAPTION and before.caption_of is None and after.label in _targets(before):
        before.caption_of, after.is_captioned = after.id, True


def _move_table(caption: Draft, table: Draft) -> None:
    """Move the stretch from the first ``<table>`` on; the table's own tag holds no text and leaves its span."""
    found = find_tables(join_pieces(caption.pieces)) if caption.has_text else ()
    if found:
        caption.pieces, table.pieces = split_pieces(caption.pieces, found[0][0])
        caption.has_text = any(not text.isspace() for _, text in caption.pieces)
        table.has_text = True
        table.start = table.tag_end = table.pieces[0][0]
