"""What a person corrected or confirmed, read back and put into a revision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from deepocr_kit.documents import Document, Issue, IssueCode
from deepocr_kit.errors import RevisionError
from deepocr_kit.revisers._checks_running import apply_checks
from deepocr_kit.revisers.base import FieldEvidence, Revision, T
from deepocr_kit.revisers.given import revision_of
from deepocr_kit.revisers.wire import SOURCES, TEXT

__all__ = [
    "CorrectedField",
    "CorrectedSource",
    "Corrections",
    "apply_corrections",
    "load_corrections",
    "pointer_of",
    "shown_value",
]

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_WHOLE_MODEL = frozenset({IssueCode.FIELD_MISSING, IssueCode.FIELD_INVALID})
"""Issues that say how the whole model stands; after a change they are found anew."""


class CorrectedField(BaseModel):
    """What a person said about one field.

    Attributes:
        path: JSON pointer (RFC 6901) into the value, such as ``/lines/0/amount``.
        old: The value as it was shown; None when there was none.
        new: What it is to be; None for no value. Equal to ``old`` when it was only confirmed.
        region_ids: Where it stands.
        confirmed: Whether the person vouches for ``new``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    old: str | None
    new: str | None
    region_ids: tuple[str, ...] = ()
    confirmed: bool = False


class CorrectedSource(BaseModel):
    """Which document was corrected.

    Attributes:
        name: Of the source.
        sha256: Hex digest of the source's bytes; None when there were none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    sha256: str | None = None


class Corrections(BaseModel):
    """The file that a review page saves.

    Attributes:
        format: Name and version of the form.
        document: What was corrected.
        fields: The fields that were changed or confirmed; the others are not in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["deepocr-corrections/1"] = "deepocr-corrections/1"
    document: CorrectedSource = CorrectedSource()
    fields: tuple[CorrectedField, ...] = ()


def load_corrections(text: str | bytes) -> Corrections:
    """The corrections in a JSON text that a review page saved.

    Raises:
        RevisionError: It is not such a text.
    """
    try:
        return Corrections.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole text"
        raise RevisionError(
            f"these are not corrections: {where}: {first['msg']}; give the JSON that a review page saved"
        ) from None


def apply_corrections(
    document: Document, schema: type[T], revision: Revision[T], corrections: Corrections
) -> Revision[T]:
    """The revision with what a person corrected; the value is validated again as a whole.

    A new value is typed and looked up like any other answer, in the regions
    that the person named. Its signals say ``corrected`` and ``confirmed``.
    Issues about a confirmed field are settled, and left out.

    Args:
        document: The pages; upright, as ``revision`` was made from them.
        schema: The user's model class.
        revision: What was reviewed.
        corrections: What the person said.

    Raises:
        RevisionError: The corrections belong to another document, or the field is
            not the one that the person saw.
        SchemaError: The schema cannot be used.
    """
    _check_source(document, corrections)
    touched = _by_path(revision, corrections)
    changed = {path for path, said in touched.items() if _is_change(said, revision.fields[path])}
    fresh = revision_of(document, schema, _answers(revision.fields, touched), model=revision.model)
    fields = {}
    for path, evidence in fresh.fields.items():
        said, before = touched.get(path), revision.fields.get(path)
        kept = evidence if before is None or path in changed else before.model_copy(update={"value": evidence.value})
        fields[path] = kept if said is None else _marked(kept, said, changed=path in changed)
    settled = {path for path, said in touched.items() if said.confirmed}
    corrected = fresh.model_copy(
        update={
            "fields": fields,
            "issues": tuple(_issues(revision, fresh, changed, settled)),
            "usage": revision.usage,
            "method": revision.method,
            "exchanges": revision.exchanges,
        }
    )
    return apply_checks(schema, corrected)


def pointer_of(path: str) -> str:
    """A path such as ``lines[0].amount`` as a JSON pointer (RFC 6901): ``/lines/0/amount``."""
    parts = (number or name for number, name in _STEP.findall(path))
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts) or "/"


def shown_value(evidence: FieldEvidence) -> str:
    """A value as a person sees it: the typed value, or the text that could not be typed; empty when there is none."""
    value = evidence.value.value if isinstance(evidence.value, Enum) else evidence.value
    if value is None:
        return evidence.raw_text
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_source(document: Document, corrections: Corrections) -> None:
    ours, theirs = document.source.sha256, corrections.document.sha256
    if ours is not None and theirs is not None and ours != theirs:
        raise RevisionError(
            f"the corrections belong to {corrections.document.name!r} with SHA-256 {theirs[:12]}..., "
            f"this is {document.source.name!r} with {ours[:12]}...; apply them to the result that was reviewed"
        )


def _by_path(revision: Revision[T], corrections: Corrections) -> dict[str, CorrectedField]:
    paths = {pointer_of(path): path for path in revision.fields}
    found: dict[str, CorrectedField] = {}
    for said in corrections.fields:
        path = paths.get(said.path)
        if path is None:
            raise RevisionError(f"the result has no field {said.path!r}; apply corrections to the result reviewed")
        seen = shown_value(revision.fields[path])
        if not _same(seen, said.old or ""):
            raise RevisionError(
                f"{said.path}: the person saw {said.old!r}, the result has {seen!r}; "
                "review it again, or apply the corrections to the result that was reviewed"
            )
        found[path] = said
    return found


def _same(left: str, right: str) -> bool:
    # a page cannot show every character
    return "\N{REPLACEMENT CHARACTER}" in right or left.split() == right.split()


def _is_change(said: CorrectedField, evidence: FieldEvidence) -> bool:
    return not _same(said.old or "", said.new or "") or said.region_ids != evidence.region_ids


def _answers(fields: Mapping[str, FieldEvidence], touched: Mapping[str, CorrectedField]) -> dict[str, Any]:
    """All leaves as a nested answer: corrected ones as the person wrote them, the others as they were."""
    root: dict[str, Any] = {}
    for path, evidence in fields.items():
        said = touched.get(path)
        if said is not None and not _same(said.old or "", said.new or ""):
            leaf: dict[str, Any] = {TEXT: said.new or "", SOURCES: list(said.region_ids)}
        else:
            # a value that was taken out stays out until somebody vouches for it
            out = evidence.value is None and said is None
            ids = evidence.region_ids if said is None else said.region_ids
            leaf = {TEXT: "" if out else evidence.raw_text or shown_value(evidence), SOURCES: list(ids)}
        _put(root, path, leaf)
    return root


def _put(root: dict[str, Any], path: str, leaf: dict[str, Any]) -> None:
    steps = [int(number) if number else name for number, name in _STEP.findall(path)]
    part: Any = root
    for step, below in zip(steps, [*steps[1:], None], strict=True):
        inner: Any = leaf if below is None else [] if isinstance(below, int) else {}
        if isinstance(step, int):
            part.extend({} for _ in range(step + 1 - len(part)))
            part[step] = part[step] or inner
        else:
            part.setdefault(step, inner)
        part = part[step]


def _marked(evidence: FieldEvidence, said: CorrectedField, *, changed: bool) -> FieldEvidence:
    signals = {**evidence.signals, "confirmed": said.confirmed} | ({"corrected": True} if changed else {})
    return evidence.model_copy(update={"signals": signals})


def _issues(before: Revision[T], after: Revision[T], changed: set[str], settled: set[str]) -> Iterable[Issue]:
    for issue in before.issues:
        if issue.code not in _WHOLE_MODEL and (issue.field is None or issue.field not in changed | settled):
            yield issue
    for issue in after.issues:
        if issue.code in _WHOLE_MODEL or (issue.field in changed and issue.field not in settled):
            yield issue
