"""What went wrong on a page, from one closed list."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

__all__ = ["Issue", "IssueCode", "Severity"]


class Severity(StrEnum):
    """How bad an issue is.

    ``ERROR``: text is, or may well be, lost or wrong; the page becomes degraded.
    ``WARNING``: something was repaired or guessed. ``INFO``: worth knowing.
    """

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class IssueCode(StrEnum):
    """Every kind of issue. ``docs/reference/issues.md`` says of each what we do and what the user can do."""

    # inputs
    INPUT_DOWNSCALED = "input_downscaled"
    INPUT_FRAMES_IGNORED = "input_frames_ignored"
    INPUT_DAMAGED_METADATA = "input_damaged_metadata"
    INPUT_BACKGROUND_CHOSEN = "input_background_chosen"
    INPUT_STRETCHED = "input_stretched"
    # grounding
    UNTAGGED_TEXT = "untagged_text"
    STRAY_MARKUP = "stray_markup"
    CONSOLE_NOISE = "console_noise"
    MALFORMED_COORDINATES = "malformed_coordinates"
    COORDINATES_CLAMPED = "coordinates_clamped"
    SWAPPED_CORNERS = "swapped_corners"
    EMPTY_BOX = "empty_box"
    MISSING_BOX = "missing_box"
    UNCLOSED_TAG = "unclosed_tag"
    CUT_TAIL = "cut_tail"
    UNKNOWN_LABEL = "unknown_label"
    LIMIT_REACHED = "limit_reached"
    MALFORMED_JSON = "malformed_json"
    FRONT_MATTER = "front_matter"
    MALFORMED_TABLE = "malformed_table"
    LOST_CELLS = "lost_cells"
    # quality
    TRUNCATED = "truncated"
    EMPTY_ANSWER = "empty_answer"
    BLANK_PAGE = "blank_page"
    WHOLE_PAGE_PICTURE = "whole_page_picture"
    REPETITION = "repetition"
    REPLACEMENT_CHARACTERS = "replacement_characters"
    UNCOVERED_INK = "uncovered_ink"
    TEXT_ON_BLANK = "text_on_blank"
    ORIENTATION = "orientation"
    LOW_CONFIDENCE = "low_confidence"
    # layout
    ROWS_SHIFTED = "rows_shifted"
    SKEWED_PAGE = "skewed_page"
    READING_ORDER = "reading_order"
    # backends
    PAGE_FAILED = "page_failed"
    RETRIED = "retried"
    PARAMETER_REFUSED = "parameter_refused"
    # revisers
    FIELD_MISSING = "field_missing"
    FIELD_INVALID = "field_invalid"
    FIELD_UNSUPPORTED = "field_unsupported"
    FIELD_AMBIGUOUS = "field_ambiguous"
    CHECK_FAILED = "check_failed"
    UNKNOWN_REGION = "unknown_region"
    SUSPICIOUS_TEXT = "suspicious_text"
    ANSWER_REPAIRED = "answer_repaired"
    ANSWER_UNPARSABLE = "answer_unparsable"
    FORMAT_NOT_ENFORCED = "format_not_enforced"
    DOCUMENT_CUT = "document_cut"
    ANSWER_CUT = "answer_cut"
    WINDOW_SPLIT = "window_split"
    WINDOWS_DISAGREE = "windows_disagree"
    FALLBACK_USED = "fallback_used"
    SECOND_FAILED = "second_failed"
    REVISERS_DISAGREE = "revisers_disagree"


class Issue(BaseModel):
    """One thing that was cut, repaired, guessed or is missing.

    Attributes:
        code: Which kind.
        severity: How bad.
        message: For people: what, which value, what was done.
        page_index: 0-based page; None when it is about the whole document.
        region_id: The region it is about, when it is about one.
        offset: Where in the page's ``raw_text``, in characters.
        span: The stretch of ``raw_text`` (start, end) that stands in this
            issue *instead of* in a region. None for an issue that only
            comments on text which a region holds.
        field: Path of the schema field it is about, for reviser issues.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: IssueCode
    severity: Severity
    message: str
    page_index: int | None = None
    region_id: str | None = None
    offset: int | None = None
    span: tuple[int, int] | None = None
    field: str | None = None
