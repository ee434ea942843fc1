"""What a review page shows of a field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from deepocr_kit.documents import Issue
from deepocr_kit.geometry import BBox

__all__ = ["ReviewBox", "ReviewField", "ReviewList", "ReviewState", "segments_of", "words_of_name"]


class ReviewState(StrEnum):
    """How loud a field is.

    ``PROVED``: the page shows the value. ``DOUBTFUL``: it may, somebody should look.
    ``UNSUPPORTED``: nothing on the page shows it. ``MISSING``: there is no value.
    """

    PROVED = "proved"
    DOUBTFUL = "doubtful"
    UNSUPPORTED = "unsupported"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ReviewBox:
    """A place that proves a field.

    Attributes:
        page_index: 0-based.
        bbox: In the unit frame of that page of the document.
    """

    page_index: int
    bbox: BBox


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One value to look at.

    Attributes:
        path: JSON pointer (RFC 6901) into the value, such as ``/lines/0/amount``.
        value: As shown; empty for no value.
        state: How loud it is.
        grade: How well it is proved, in a word or two.
        label: Name for people; made of the last part of the path when empty.
        quote: The words on the page that prove it.
        region_ids: Where they stand.
        boxes: The places to light up.
        signals: Named facts behind the grade.
        note: What the grade means for this value, in one sentence.
        issues: What went wrong with this field.

    Raises:
        ValueError: ``path`` is not a JSON pointer to something inside the value.
    """

    path: str
    value: str = ""
    state: ReviewState = ReviewState.PROVED
    grade: str = ""
    label: str = ""
    quote: str = ""
    region_ids: tuple[str, ...] = ()
    boxes: tuple[ReviewBox, ...] = ()
    signals: tuple[tuple[str, str], ...] = ()
    note: str = ""
    issues: tuple[Issue, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a path that is no pointer."""
        if not self.path.startswith("/"):
            raise ValueError(f"not a JSON pointer: {self.path!r}; write it like /lines/0/amount")

    @property
    def name(self) -> str:
        """The label, or a name made of the last part of the path: ``unit_price`` gives ``Unit price``."""
        return self.label or words_of_name(segments_of(self.path)[-1])

    @property
    def full_name(self) -> str:
        """The name with the groups around it: ``Seller › Name``."""
        return " › ".join([*map(words_of_name, segments_of(self.path)[:-1]), self.name])


@dataclass(frozen=True, slots=True)
class ReviewList:
    """A list that can have rows, also when none was read.

    Attributes:
        path: JSON pointer to the list, such as ``/lines``.
        columns: JSON pointers from an item to its values, such as ``/amount``;
            one empty pointer when the items are plain values.
    """

    path: str
    columns: tuple[str, ...]


def segments_of(path: str) -> tuple[str, ...]:
    """The parts of a JSON pointer, unescaped."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def words_of_name(name: str) -> str:
    """A name of a program as words for people."""
    if name.isdigit():
        return f"No. {int(name) + 1}"
    words = name.replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]
