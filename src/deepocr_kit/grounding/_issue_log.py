"""Collects what the parser sees, with a bound on how much."""

from __future__ import annotations

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.errors import GroundingError

__all__ = ["MAX_COMMENTS", "IssueLog"]

MAX_COMMENTS = 1000
"""Most issues of one answer that only comment on text. The rest is counted, not listed:
a million stray closers must not become a million objects. Errors and issues that hold
text do not count; they are bounded by the number of regions."""


class IssueLog:
    """The issues of one answer.

    Args:
        page_index: 0-based page.
        strict: Raise instead of collecting what is not well formed.
    """

    def __init__(self, page_index: int, *, strict: bool) -> None:
        self._page_index = page_index
        self._strict = strict
        self._issues: list[Issue] = []
        self._comments = 0

    def add(
        self,
        code: IssueCode,
        severity: Severity,
        message: str,
        offset: int,
        *,
        region_id: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Note one thing at ``offset`` in the raw text.

        Raises:
            GroundingError: ``strict``, and it is more than worth knowing.
        """
        if self._strict and severity is not Severity.INFO:
            raise GroundingError(message, offset=offset)
        if span is None and severity is not Severity.ERROR:
            self._comments += 1
            if self._comments > MAX_COMMENTS:
                return
        self._issues.append(
            Issue(
                code=code,
                severity=severity,
                message=message,
                page_index=self._page_index,
                region_id=region_id,
                offset=offset,
                span=span,
            )
        )

    def result(self) -> tuple[Issue, ...]:
        """All issues, in the order of the raw text."""
        issues = sorted(self._issues, key=lambda issue: issue.offset or 0)
        if self._comments > MAX_COMMENTS:
            issues.append(
                Issue(
                    code=IssueCode.LIMIT_REACHED,
                    severity=Severity.WARNING,
                    message=f"{self._comments - MAX_COMMENTS} more oddities were seen and are not listed",
                    page_index=self._page_index,
                    offset=issues[-1].offset,
                )
            )
        return tuple(issues)
