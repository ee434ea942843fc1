"""What a backend makes of one page."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit.documents.issue import Issue
from deepocr_kit.documents.region import Region
from deepocr_kit.documents.usage import Attempt, Usage

__all__ = ["Recognition"]


class Recognition(BaseModel):
    """The answer of an OCR backend; a vision model and a CPU engine give the same.

    Attributes:
        regions: In the model's own order.
        raw_text: The answer byte for byte, special tokens included. An engine
            without a text answer writes one in the dialect it names.
        dialect: Name of the dialect that ``raw_text`` is written in.
        model: What answered, as the server names it.
        finish_reason: ``stop`` when the answer is whole, ``length`` when it was cut.
        usage: Over all attempts.
        issues: From parsing and from the backend.
        attempts: Failed tries before this answer.
        turned: Quarter turns clockwise (0..3) by which a page that lay on its side or upside down was
            turned before it was read. Boxes are in the frame of the page as it was handed in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    regions: tuple[Region, ...] = ()
    raw_text: str = ""
    dialect: str = ""
    model: str = ""
    finish_reason: str | None = None
    usage: Usage = Usage()
    issues: tuple[Issue, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    turned: int = Field(default=0, ge=0, le=3)
