"""Compares what an answer claims with the ink on the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from deepocr_kit.documents import Issue, IssueCode, Recognition, Region, Severity
from deepocr_kit.geometry import BBox
from deepocr_kit.quality.ink import InkMap

__all__ = ["check_ink"]

INK_MIN = 0.02
"""Least share of ink in the box of a text. Of 3,000 lines on 60 receipts, those with three letters or more have 6 %
and more, the middle ones 70 %."""

TEXT_MIN_CHARS = 3
"""Shortest text whose box is looked at; a lone colon is easily missed by its box."""

TEXT_MIN_SHARE = 0.1
"""From this part of a page's text on, claims on blank paper are an error: text was made up, or all boxes are off."""

UNCOVERED_MIN = 0.035
"""Least share of a page's ink that must lie outside all regions to be worth a word: one or two lines of a receipt. What
60 receipts have in ticks, initials and bits of rules stays under 0.028."""

UNCOVERED_ERROR = 0.25
"""From here on text is lost for certain."""

UNPLACED_MAX = 0.1
"""When more of the text than this stands in regions without a box, ink outside the boxes means nothing."""

BOXES_MAX = 2000
"""An answer with more boxes than this is only asked whether its page is blank; no page has so many, and each costs a
look."""

HEIGHTS_MAX = 40
"""The same for boxes that together are higher than so many pages. Cells in thirty columns are as high as thirty; more
is one box over another."""

PALE_MAX = 100
"""When more boxes with text than this hold no ink, it is not asked whether they hold pale print, which takes longer."""

_SHOWN = 3
"""Places that a message names."""


def check_ink(recognition: Recognition, ink: InkMap) -> tuple[Issue, ...]:
    """What the picture says against an answer. Pure.

    Args:
        recognition: Boxes in the frame of the page that ``ink`` shows.
        ink: Of the page as it was handed in.

    Returns:
        Issues without a page index: ``BLANK_PAGE``, ``TEXT_ON_BLANK``,
        ``UNCOVERED_INK``, ``ORIENTATION``.
    """
    boxes = [box for region in recognition.regions for box in region.boxes]
    affordable = min(BOXES_MAX, bisect_right(list(accumulate(box.height for box in boxes)), HEIGHTS_MAX))
    is_inked = any(ink.share(box) >= INK_MIN for box in boxes[:affordable])
    if not is_inked and ink.is_blank:
        return tuple(_on_blank_page(recognition))
    if affordable < len(boxes):
        return ()
    return (
        *_text_on_blank(recognition.regions, ink),
        *_uncovered(recognition.regions, ink),
        *_orientation(recognition, ink),
    )


def _on_blank_page(recognition: Recognition) -> Iterator[Issue]:
    yield Issue(code=IssueCode.BLANK_PAGE, severity=Severity.INFO, message="the page has no ink")
    chars = sum(_letters(region.text) for region in recognition.regions)
    if chars >= TEXT_MIN_CHARS:
        yield Issue(
            code=IssueCode.TEXT_ON_BLANK,
            severity=Severity.ERROR,
            message=f"{chars} letters and digits are claimed on a page without ink; they were made up",
        )


def _text_on_blank(regions: Sequence[Region], ink: InkMap) -> Iterator[Issue]:
    claims = [region for region in regions if region.boxes and _letters(region.text) >= TEXT_MIN_CHARS]
    empty = [region for region in claims if not any(ink.share(box) >= INK_MIN for box in region.boxes)]
    if len(empty) <= PALE_MAX:
        empty = [region for region in empty if not any(ink.light_share(box) >= INK_MIN for box in region.boxes)]
    if not empty:
        return
    chars = sum(_letters(region.text) for region in empty)
    share = chars / sum(_letters(region.text) for region in claims)
    ids = ", ".join(region.id for region in empty[:_SHOWN]) + (", ..." if len(empty) > _SHOWN else "")
    yield Issue(
        code=IssueCode.TEXT_ON_BLANK,
        severity=Severity.ERROR if share >= TEXT_MIN_SHARE else Severity.WARNING,
        message=(
            f"{len(empty)} of {len(claims)} boxes with text hold no ink ({ids}), "
            f"{share:.0%} of the text: it was made up, or the boxes are off"
        ),
        region_id=empty[0].id,
    )


def _uncovered(regions: Sequence[Region], ink: InkMap) -> Iterator[Issue]:
    chars = sum(len(region.text) for region in regions)
    unplaced = sum(len(region.text) for region in regions if not region.boxes)
    if unplaced > UNPLACED_MAX * chars or not any(region.boxes for region in regions):
        return
    found = ink.uncovered(box for region in regions for box in region.boxes)
    if found.share < UNCOVERED_MIN:
        return
    places = "; ".join(map(_place, found.boxes[:_SHOWN]))
    yield Issue(
        code=IssueCode.UNCOVERED_INK,
        severity=Severity.ERROR if found.share >= UNCOVERED_ERROR else Severity.WARNING,
        message=(
            f"{found.share:.0%} of the ink that looks like text lies in no region, in {len(found.boxes)} "
            f"{'place' if len(found.boxes) == 1 else 'places'}: {places}{'; ...' if len(found.boxes) > _SHOWN else ''}"
        ),
    )


def _orientation(recognition: Recognition, ink: InkMap) -> Iterator[Issue]:
    if recognition.turned or not recognition.regions or _has_level_lines(recognition.regions):
        return
    if not ink.lies_sideways:
        return
    yield Issue(
        code=IssueCode.ORIENTATION,
        severity=Severity.WARNING,
        message="lines run down the page: it lies on its side, or its writing is vertical; it was read as it is",
    )


def _has_level_lines(regions: Sequence[Region]) -> bool:
    """Whether an engine that gives single lines saw them run across."""
    lines = [box for region in regions if region.confidence is not None for box in region.boxes]
    return 2 * sum(box.width > box.height for box in lines) > len(lines)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _place(box: BBox) -> str:
    return f"x {box.x0:.2f}-{box.x1:.2f}, y {box.y0:.2f}-{box.y1:.2f}"
