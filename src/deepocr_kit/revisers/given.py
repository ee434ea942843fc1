"""Turns answers that someone else gave into a proved revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from deepocr_kit.documents import Document, Issue, Usage
from deepocr_kit.revisers._checks_running import apply_checks
from deepocr_kit.revisers._leaves import Leaf, LeafReader
from deepocr_kit.revisers._report import evidence_by_path, issues_of, proved
from deepocr_kit.revisers._settling import settle, without_empty_items
from deepocr_kit.revisers.base import OnUnsupported, Revision, T
from deepocr_kit.revisers.evidence import EvidenceIndex
from deepocr_kit.revisers.fields import schema_tree

__all__ = ["finish", "revision_of"]


def revision_of(
    document: Document,
    schema: type[T],
    answers: Mapping[str, Any] | BaseModel,
    *,
    on_unsupported: OnUnsupported = "flag",
    model: str = "",
    method: str = "",
) -> Revision[T]:
    """Type, check and prove answers from any source: another model, a person, a test.

    Args:
        document: The pages.
        schema: The user's model class.
        answers: Nested like the schema, by field name. A leaf is a value, or
            ``{"text": ..., "src": [region ids]}`` as on the wire.
        on_unsupported: What happens to a value that nothing on the page proves.
        model: Who answered.
        method: How it was asked.

    Raises:
        SchemaError: The schema cannot be used.
        UnsupportedValueError: ``on_unsupported="raise"`` and a value has no support.
    """
    index = EvidenceIndex(document)
    given = answers.model_dump() if isinstance(answers, BaseModel) else answers
    leaves = without_empty_items(LeafReader(index).read(schema_tree(schema), _printed(given)))
    proved_leaves = proved(index, leaves, on_unsupported)
    return finish(schema, proved_leaves, Revision(model=model, method=method))


def finish(schema: type[T], leaves: Mapping[str, Leaf], draft: Revision[Any]) -> Revision[T]:
    """The revision of proved leaves.

    Args:
        schema: The user's model class.
        leaves: With their evidence.
        draft: Who was asked, how, at what cost, and the issues so far.
    """
    settled = settle(schema, schema_tree(schema), leaves)
    issues: tuple[Issue, ...] = (*draft.issues, *issues_of(leaves, settled.faults))
    usage: Usage = draft.usage
    revision: Revision[T] = Revision[schema](  # type: ignore[valid-type]  # the class is only known at run time
        value=settled.value,
        fields=evidence_by_path(settled.leaves),
        issues=issues,
        usage=usage,
        model=draft.model,
        method=draft.method,
        exchanges=draft.exchanges,
    )
    return apply_checks(schema, revision)


def _printed(value: Any) -> Any:
    """Typed values as a person would print them."""
    if isinstance(value, Mapping):
        return {key: _printed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_printed(inner) for inner in value]
    if isinstance(value, Enum):
        return _printed(value.value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, dt.date | dt.time | dt.timedelta) else value
