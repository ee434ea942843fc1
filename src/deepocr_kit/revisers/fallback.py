"""Asks the next reviser when one does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepocr_kit.documents import Document, Issue, IssueCode, PageImage, Severity, Usage
from deepocr_kit.errors import ServiceError
from deepocr_kit.revisers._combining import CombinedReviser
from deepocr_kit.revisers.base import Exchange, Reviser, Revision, T

__all__ = ["FallbackReviser"]


class FallbackReviser(CombinedReviser):
    """The first reviser that answers, e.g. a model and then the rules for when its server is down.

    The next one is asked when a reviser raises ``ServiceError``, or when its model gave
    nothing that could be read. A schema that cannot be used and a refused value
    (``on_unsupported="raise"``) are raised as they are. ``Revision.model`` says who
    answered, and a ``fallback_used`` issue why.

    Args:
        first: Asked first.
        others: Asked after that, in this order; at least one.

    It closes them when it is closed.
    """

    def __init__(self, first: Reviser, *others: Reviser) -> None:
        if not others:
            raise ValueError("a fallback needs at least two revisers")
        super().__init__(first, *others)

    async def _combine(
        self,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage] | None,
        instructions: str | None,
    ) -> Revision[T]:
        issues: list[Issue] = []
        exchanges: tuple[Exchange, ...] = ()
        usage = Usage()
        error: ServiceError | None = None
        empty: Revision[T] | None = None
        for position, reviser in enumerate(self.revisers):
            try:
                revision = await self._ask(reviser, document, schema, images, instructions)
            except ServiceError as failure:
                error = error or failure
                issues.append(_used(position, reviser, str(failure)))
                continue
            exchanges, usage = (*exchanges, *revision.exchanges), usage + revision.usage
            if _holds_nothing(revision):
                empty = empty or revision
                issues.append(_used(position, reviser, "its model gave nothing that could be read"))
                continue
            return _with_past(revision, issues, exchanges, usage)
        if empty is not None:
            return _with_past(empty, issues, exchanges, usage)
        raise error or ServiceError("no reviser answered")


def _holds_nothing(revision: Revision[Any]) -> bool:
    unread = any(
        issue.code in {IssueCode.ANSWER_UNPARSABLE, IssueCode.DOCUMENT_CUT} and issue.severity is Severity.ERROR
        for issue in revision.issues
    )
    return unread and not any(evidence.raw_text for evidence in revision.fields.values())


def _with_past(
    revision: Revision[T], issues: list[Issue], exchanges: tuple[Exchange, ...], usage: Usage
) -> Revision[T]:
    """The revision with what was tried before it."""
    if not issues:
        return revision
    return revision.model_copy(update={"issues": (*issues, *revision.issues), "exchanges": exchanges, "usage": usage})


def _used(position: int, reviser: Reviser, why: str) -> Issue:
    return Issue(
        code=IssueCode.FALLBACK_USED,
        severity=Severity.WARNING,
        message=f"reviser {position + 1} ({type(reviser).__name__}) gave no answer: {why}",
    )
