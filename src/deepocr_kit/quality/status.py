"""The rule by which issues decide a page's status."""

from __future__ import annotations

from collections.abc import Iterable

from deepocr_kit.documents import Issue, PageStatus, Severity

__all__ = ["page_status"]


def page_status(issues: Iterable[Issue], *, failed: bool) -> PageStatus:
    """How far a page can be trusted.

    A page that could not be read is ``failed``. One with any issue of severity
    ``error`` is ``degraded``: text is, or may well be, lost or wrong. Every
    other page is ``ok``, whatever was repaired on the way.

    Args:
        issues: All issues of the page.
        failed: Whether the page could not be read at all.
    """
    if failed:
        return PageStatus.FAILED
    if any(issue.severity is Severity.ERROR for issue in issues):
        return PageStatus.DEGRADED
    return PageStatus.OK
