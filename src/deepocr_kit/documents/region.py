"""A labelled area of a page."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit.documents.labels import RegionLabel, TextFormat
from deepocr_kit.documents.table import Table
from deepocr_kit.geometry import BBox

__all__ = ["Region"]


class Region(BaseModel):
    """One labelled area with what the model read there.

    Attributes:
        id: ``p1r7``: 1-based page, 1-based position in the model's answer. Stable within a document.
        label: One of the closed set.
        raw_label: The model's own word; empty when it gave none.
        boxes: 0..n boxes in the unit frame of the upright page.
        content: As the model wrote it, special tokens removed.
        format: How ``content`` is written.
        text: Plain words, for matching and for people.
        table: The grid, when the region is a table that could be read.
        confidence: 0..1 from an engine that gives one; None otherwise. Not a probability.
        span: (start, end) of the tag and its content in the page's ``raw_text``.
        caption_of: Id of the table or picture that this region captions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: RegionLabel
    raw_label: str = ""
    boxes: tuple[BBox, ...] = ()
    content: str = ""
    format: TextFormat = TextFormat.PLAIN
    text: str = ""
    table: Table | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    span: tuple[int, int] | None = None
    caption_of: str | None = None

    @property
    def bbox(self) -> BBox | None:
        """The union of all boxes; None when there is no box."""
        return BBox.union(self.boxes)
