"""The checks and the wording of limits that every kind of page shares."""

from __future__ import annotations

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.errors import LimitExceededError
from deepocr_kit.geometry import Size
from deepocr_kit.inputs.policy import InputPolicy

__all__ = ["SIDE_CEILING", "allowed_side", "check_size", "downscaled", "fit_side", "name_side_limit"]

SIDE_CEILING = 65_500
"""Longest side a JPEG can have (``JPEG_MAX_DIMENSION`` in libjpeg's jmorecfg.h)."""


def allowed_side(policy: InputPolicy) -> int:
    """Longest side of a page, in pixels."""
    return min(policy.max_side or SIDE_CEILING, SIDE_CEILING)


def check_size(width: int, height: int, policy: InputPolicy, *, source: str, page_index: int | None) -> None:
    """Refuse a page by its size in pixels.

    Raises:
        LimitExceededError: More than ``max_pixels``, or a side below ``min_side``.
    """
    if width * height > policy.max_pixels:
        raise LimitExceededError(source, "max_pixels", width * height, policy.max_pixels, page_index=page_index)
    if min(width, height) < policy.min_side:
        raise LimitExceededError(
            source, "min_side", min(width, height), policy.min_side, page_index=page_index, at_least=True
        )


def fit_side(size: Size, side: int) -> Size:
    """The size of the same shape whose longest side is at most ``side``."""
    longest = max(size.width, size.height)
    if longest <= side:
        return size
    return Size(max(1, size.width * side // longest), max(1, size.height * side // longest))


def name_side_limit(policy: InputPolicy) -> str:
    """What ``allowed_side`` comes from, in words."""
    if policy.max_side is not None and policy.max_side <= SIDE_CEILING:
        return "InputPolicy.max_side"
    return f"{SIDE_CEILING} pixels, the longest side of a JPEG"


def downscaled(before: str, after: Size, limit: str, page_index: int) -> Issue:
    """The issue for a page that has fewer pixels than its source could give.

    Args:
        before: What the page was, in words.
        after: Size of the page.
        limit: What made it smaller, in words.
        page_index: 0-based.
    """
    return Issue(
        code=IssueCode.INPUT_DOWNSCALED,
        # The caller's own max_side is a wish; a page cut down by a fixed limit may have lost small print.
        severity=Severity.INFO if limit.endswith("max_side") else Severity.WARNING,
        message=f"{before} became {after.width} x {after.height} pixels, to keep within {limit}",
        page_index=page_index,
    )
