"""Collects what the parser sees, with a bound on how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from pydantic import TypeAdapter

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.errors import GroundingError

__all__ = ["MAX_ALIKE", "IssueLog"]

MAX_ALIKE = 100
"""Most issues of one kind in one answer that only comment on text. The rest is counted, not listed, and one issue
says how many of each kind stand where: a million stray closers must not become a million objects. Errors and issues
that hold text are all listed; the number of regions bounds them."""

_ISSUES = TypeAdapter(list[Issue])

_INFO, _ERROR = Severity.INFO, Severity.ERROR
"""Asked for with every issue; found sooner by these names than by their class."""

_BATCH = 64
"""How many issues are made in one call: pydantic checks and makes them in half the time of single calls. With more, the
garbage collector would find all their values alive, and look at them again and again."""


class _IssueValues(TypedDict):
    """What an ``Issue`` is made of."""

    code: IssueCode
    severity: Severity
    message: str
    page_index: int
    region_id: str | None
    offset: int
    span: tuple[int, int] | None


@dataclass(slots=True)
class _Unlisted:
    """Issues of one kind that are not listed."""

    first: int
    last: int
    count: int = 0


class IssueLog:
    """The issues of one answer.

    Args:
        page_number: 1-based page.
        strict: Raise instead of collecting what is not well formed.

    Raises:
        ValueError: There is no such page.
    """

    def __init__(self, page_number: int, *, strict: bool) -> None:
        if page_number < 1:
            raise ValueError(f"pages are counted from 1, so there is no page_number {page_number!r}")
        self._page_index = page_number - 1
        self._strict = strict
        self._refused: GroundingError | None = None
        self._made: list[Issue] = []
        self._waiting: list[_IssueValues] = []
        self._alike: dict[IssueCode, int] = {}
        self._unlisted: dict[IssueCode, _Unlisted] = {}

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
        if self._strict and severity is not _INFO:
            self._refused = GroundingError(message, offset=offset)
            raise self._refused
        if span is None and severity is not _ERROR:
            count = self._alike[code] = self._alike.get(code, 0) + 1
            if count > MAX_ALIKE:
                self._count(code, offset)
                return
        self._waiting.append(
            {
                "code": code,
                "severity": severity,
                "message": message,
                "page_index": self._page_index,
                "region_id": region_id,
                "offset": offset,
                "span": span,
            }
        )
        if len(self._waiting) == _BATCH:
            self._make()

    def result(self) -> tuple[Issue, ...]:
        """All issues, in the order of the raw text.

        Raises:
            GroundingError: ``add`` has raised it before: what was read up to there is not the answer.
        """
        if self._refused is not None:
            raise self._refused
        self._make()
        issues = sorted(self._made, key=lambda issue: issue.offset or 0)
        if self._unlisted:
            kinds = ", ".join(
                f"{more.count} {code.value} at {more.first} to {more.last}" for code, more in self._unlisted.items()
            )
            issues.append(
                Issue(
                    code=IssueCode.LIMIT_REACHED,
                    severity=Severity.WARNING,
                    message=f"more oddities were seen and are not listed: {kinds}",
                    page_index=self._page_index,
                    offset=issues[-1].offset,
                )
            )
        return tuple(issues)

    def _make(self) -> None:
        self._made += _ISSUES.validate_python(self._waiting)
        self._waiting.clear()

    def _count(self, code: IssueCode, offset: int) -> None:
        more = self._unlisted.get(code)
        if more is None:
            more = self._unlisted[code] = _Unlisted(offset, offset)
        more.count += 1
        if offset > more.last:
            more.last = offset
        elif offset < more.first:
            more.first = offset
