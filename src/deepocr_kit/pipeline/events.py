"""What ``Pipeline.stream`` tells while it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from deepocr_kit.documents import Page, Region
from deepocr_kit.pipeline.result import Result
from deepocr_kit.revisers import FieldEvidence

__all__ = ["Event", "FieldDone", "PageDone", "PageRegion", "PageRestarted", "PageStarted", "PageText", "RunDone"]


@dataclass(frozen=True, slots=True)
class PageStarted:
    """A page was opened and is being read.

    Attributes:
        page_index: 0-based.
        page_count: Pages of the source.
    """

    page_index: int
    page_count: int


@dataclass(frozen=True, slots=True)
class PageText:
    """The next piece of a page's raw text, as the model writes it."""

    page_index: int
    text: str


@dataclass(frozen=True, slots=True)
class PageRegion:
    """A region that is complete; its final form is the one in the page."""

    page_index: int
    region: Region


@dataclass(frozen=True, slots=True)
class PageRestarted:
    """A page is read again; the texts and regions that were told of it so far are void."""

    page_index: int


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page is finished, well or not."""

    page: Page


@dataclass(frozen=True, slots=True)
class FieldDone:
    """A field of the schema was read."""

    evidence: FieldEvidence


@dataclass(frozen=True, slots=True)
class RunDone:
    """The last event."""

    result: Result[Any]


Event: TypeAlias = PageStarted | PageText | PageRegion | PageRestarted | PageDone | FieldDone | RunDone
