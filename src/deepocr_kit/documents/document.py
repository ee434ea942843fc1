"""A whole source, read."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from deepocr_kit.documents.issue import Issue
from deepocr_kit.documents.page import Page, PageStatus
from deepocr_kit.documents.region import Region
from deepocr_kit.documents.usage import Usage

__all__ = ["SCHEMA_VERSION", "Document", "SourceInfo"]

SCHEMA_VERSION: Literal["1.0"] = "1.0"
"""Version of the JSON form. A reader refuses a version it does not know."""


class SourceInfo(BaseModel):
    """Where a document came from.

    Attributes:
        name: File name or the caller's name for it; never a full path.
        sha256: Hex digest of the source's bytes; None when there were none (a decoded picture).
        media_type: E.g. ``application/pdf``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    sha256: str | None = None
    media_type: str = ""


class Document(BaseModel):
    """All pages of a source. JSON round trip: ``model_dump_json`` and ``model_validate_json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    source: SourceInfo = SourceInfo()
    pages: tuple[Page, ...] = ()

    @property
    def status(self) -> PageStatus:
        """``failed`` when every page failed or there is none, ``degraded`` when any page is not ok, else ``ok``."""
        statuses = {page.status for page in self.pages}
        if statuses == {PageStatus.OK}:
            return PageStatus.OK
        return PageStatus.FAILED if statuses <= {PageStatus.FAILED} else PageStatus.DEGRADED

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues of all pages."""
        return tuple(issue for page in self.pages for issue in page.issues)

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions of all pages, in reading order."""
        return tuple(region for page in self.pages for region in page.regions)

    @property
    def usage(self) -> Usage:
        """Summed over all pages."""
        return sum((page.usage for page in self.pages), Usage())

    def region(self, region_id: str) -> Region:
        """The region with this id.

        Raises:
            KeyError: The document has no such region.
        """
        for page in self.pages:
            for region in page.regions:
                if region.id == region_id:
                    return region
        raise KeyError(region_id)
