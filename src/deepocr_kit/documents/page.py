"""One page of a document."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit.documents.issue import Issue
from deepocr_kit.documents.region import Region
from deepocr_kit.documents.usage import Attempt, Usage
from deepocr_kit.geometry import Size

__all__ = ["Page", "PageError", "PageStatus"]


class PageStatus(StrEnum):
    """How far a page can be trusted."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


class PageError(BaseModel):
    """Why a page failed.

    Attributes:
        type: Class name of the error.
        message: Its message.
        retryable: Whether running the page again may help.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    message: str
    retryable: bool = False


class Page(BaseModel):
    """One page; a page that failed is kept, with its status and its error.

    Attributes:
        index: 0-based.
        size: Pixels of the upright page; None when it could not even be opened.
        dpi: Dots per inch, when known.
        regions: In reading order.
        raw_text: What the model wrote, untouched.
        dialect: Name of the dialect of ``raw_text``.
        model: What read the page.
        finish_reason: As in ``Recognition``.
        status: ``failed`` with an error, ``degraded`` with an issue of severity ``error``, else ``ok``.
        issues: Everything that was seen on the way.
        usage: Over all attempts.
        attempts: Failed tries before the one that counted.
        error: Why the page failed.
        image_sha256: Digest of the picture that was read.
        turned: As in ``Recognition``; ``upright_page`` gives the page as a reader sees it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: int = Field(ge=0)
    size: Size | None = None
    dpi: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    regions: tuple[Region, ...] = ()
    raw_text: str = ""
    dialect: str = ""
    model: str = ""
    finish_reason: str | None = None
    status: PageStatus = PageStatus.OK
    issues: tuple[Issue, ...] = ()
    usage: Usage = Usage()
    attempts: tuple[Attempt, ...] = ()
    error: PageError | None = None
    image_sha256: str | None = None
    turned: int = Field(default=0, ge=0, le=3)

    @property
    def number(self) -> int:
        """1-based, for people."""
        return self.index + 1

    def region(self, region_id: str) -> Region:
        """The region with this id.

        Raises:
            KeyError: The page has no such region.
        """
        for region in self.regions:
            if region.id == region_id:
                return region
        raise KeyError(region_id)
