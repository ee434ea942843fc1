"""Makes the finished values of regions, many at a time."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from pydantic import TypeAdapter

from deepocr_kit.documents import Region, RegionLabel, Table, TextFormat
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding._content import Content, read_content
from deepocr_kit.grounding._draft import Draft, join_pieces, offset_finder, text_end
from deepocr_kit.grounding._issue_log import IssueLog

__all__ = ["RegionValues", "Regions", "region_values"]

_REGIONS = TypeAdapter(list[Region])

_BATCH = 64
"""How many regions are made in one call: pydantic checks and makes them in half the time of single calls. With more,
the garbage collector would find all their values alive, and look at them again and again."""


class RegionValues(TypedDict):
    """What a ``Region`` is made of; what is missing has its default."""

    id: str
    label: RegionLabel
    raw_label: NotRequired[str]
    boxes: tuple[BBox, ...]
    content: str
    format: NotRequired[TextFormat]
    text: str
    table: NotRequired[Table | None]
    confidence: NotRequired[float | None]
    span: tuple[int, int]
    caption_of: NotRequired[str | None]


class Regions:
    """The regions of one answer, in order."""

    def __init__(self) -> None:
        self._made: list[Region] = []
        self._waiting: list[RegionValues] = []

    def __len__(self) -> int:
        return len(self._made) + len(self._waiting)

    def add(self, values: RegionValues) -> None:
        """Add the region with these values."""
        self._waiting.append(values)
        if len(self._waiting) == _BATCH:
            self._make()

    def since(self, index: int) -> tuple[Region, ...]:
        """The regions from this one on."""
        if self._waiting:
            self._make()
        return tuple(self._made[index:])

    def _make(self) -> None:
        self._made += _REGIONS.validate_python(self._waiting)
        self._waiting.clear()


def region_values(draft: Draft, log: IssueLog, *, plain: bool) -> RegionValues:
    """The values of the region of a complete draft.

    Args:
        draft: Complete, its caption links included.
        log: Takes what is odd about its table.
        plain: The task gives bare lines, no Markdown.
    """
    joined = join_pieces(draft.pieces) if draft.has_text else ""
    content = joined.strip()
    end = draft.tag_end
    if content:
        end = max(end, text_end(draft.pieces) or 0)
    read = read_content(content, draft.label, plain=plain and not draft.raw_label)
    if read.issues:
        _log_issues(draft, len(joined) - len(joined.lstrip()), read, log)
    return {
        "id": draft.id,
        "label": draft.label,
        "raw_label": draft.raw_label,
        "boxes": draft.boxes,
        "content": content,
        "format": read.format,
        "text": read.text,
        "table": read.table,
        "span": (draft.start, end),
        "caption_of": draft.caption_of,
    }


def _log_issues(draft: Draft, lead: int, read: Content, log: IssueLog) -> None:
    """Note what is odd about the tables; ``lead`` characters stand before the content in the pieces."""
    raw_offset_of = offset_finder(draft.pieces)
    for issue in read.issues:
        offset = raw_offset_of(lead + (issue.offset or 0))
        log.add(issue.code, issue.severity, issue.message, offset, region_id=draft.id)
