"""Puts what a person corrected or confirmed into a revision."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from deepocr_kit.documents import Document, Issue, IssueCode
from deepocr_kit.errors import RevisionError
from deepocr_kit.revisers._checks_running import apply_checks
from deepocr_kit.revisers._corrected_rows import Rows, Steps, as_given, path_of, steps_of
from deepocr_kit.revisers.base import FieldEvidence, Revision, T
from deepocr_kit.revisers.corrections import ROW_MAX, CorrectedField, Corrections
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode, schema_tree
from deepocr_kit.revisers.given import revision_of
from deepocr_kit.revisers.wire import SOURCES, TEXT, JsonObject

__all__ = ["apply_corrections", "pointer_of", "shown_value"]

_WHOLE_MODEL = frozenset({IssueCode.FIELD_MISSING, IssueCode.FIELD_INVALID})
"""Issues that say how the whole model stands; after a change they are found anew."""


class _GivenLeaf(NamedTuple):
    """A leaf of the corrected answer, and its path in the result reviewed."""

    seen: str
    leaf: JsonObject


def apply_corrections(
    document: Document, schema: type[T], revision: Revision[T], corrections: Corrections
) -> Revision[T]:
    """The revision with what a person corrected; the value is validated again as a whole.

    A new value is typed and looked up like any other answer, in the regions
    that the person named. Its signals say ``corrected`` and ``confirmed``.
    Issues about a confirmed field are settled, and left out. Fields of rows
    that were taken out go with their issues; those of the other rows keep both.

    Args:
        document: The pages; upright, as ``revision`` was made from them.
        schema: The user's model class.
        revision: What was reviewed.
        corrections: What the person said.

    Raises:
        RevisionError: The corrections belong to another document, a field is not
            the one that the person saw, or they contradict themselves.
        SchemaError: The schema cannot be used.
    """
    _check_source(document, corrections)
    rows = _rows(revision, corrections)
    touched = _by_path(schema, revision, corrections, rows)
    given = _given(revision.fields, touched, rows)
    fresh = revision_of(document, schema, _nested(given), model=revision.model)
    texts = {path: str(one.leaf[TEXT]) for path, one in given.items()}
    seen = {path: given[origin].seen for path, origin in as_given(texts, fresh.fields).items() if origin in given}
    changed = {path for path, said in touched.items() if _is_change(said, revision.fields.get(path))}
    fields = {}
    for path, evidence in fresh.fields.items():
        was = seen.get(path, "")
        said, before = touched.get(was), revision.fields.get(was)
        kept = evidence
        if before is not None and was not in changed:
            kept = before.model_copy(update={"path": path, "value": evidence.value})
        fields[path] = kept if said is None else _marked(kept, said, changed=was in changed)
    settled = {path for path, was in seen.items() if was in touched and touched[was].confirmed}
    anew = {path for path in fresh.fields if seen.get(path, "") in changed or seen.get(path) not in revision.fields}
    corrected = fresh.model_copy(
        update={
            "fields": fields,
            "issues": (*_old_issues(revision, seen, anew | settled), *_new_issues(fresh, anew - settled)),
            "usage": revision.usage,
            "method": revision.method,
            "exchanges": revision.exchanges,
        }
    )
    return apply_checks(schema, corrected)


def pointer_of(path: str) -> str:
    """A path such as ``lines[0].amount`` as a JSON pointer (RFC 6901): ``/lines/0/amount``."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps_of(path)) or "/"


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


def _rows(revision: Revision[T], corrections: Corrections) -> Rows:
    orders: dict[Steps, tuple[int, ...]] = {}
    for said in corrections.lists:
        steps = _steps_of_pointer(said.path)
        if steps in orders:
            raise RevisionError(f"the corrections give the rows of {said.path!r} twice; keep one of them")
        orders[steps] = said.rows
    return Rows(orders, revision.fields)


def _by_path(schema: type[T], revision: Revision[T], corrections: Corrections, rows: Rows) -> dict[str, CorrectedField]:
    """What was said of each field, by its path in the result reviewed or, in a new row, as the person numbered it."""
    paths = {pointer_of(path): path for path in revision.fields}
    found: dict[str, CorrectedField] = {}
    for said in corrections.fields:
        steps = steps_of(paths[said.path]) if said.path in paths else _steps_of_pointer(said.path)
        path = path_of(steps)
        if said.path not in paths and (rows.new_row(steps) is None or not _is_leaf(schema_tree(schema), steps)):
            raise RevisionError(f"the result has no field {said.path!r}; apply corrections to the result reviewed")
        if path in found:
            raise RevisionError(f"the corrections speak of {said.path!r} twice; keep one of them")
        if rows.place(steps) is None:
            raise RevisionError(f"the corrections change {said.path!r} and take its row out; keep one of them")
        seen = shown_value(revision.fields[path]) if path in revision.fields else ""
        if not _same(seen, said.old or ""):
            raise RevisionError(
                f"{said.path}: the person saw {said.old!r}, the result has {seen!r}; "
                "review it again, or apply the corrections to the result that was reviewed"
            )
        found[path] = said
    rows.check_filled({rows.new_row(steps_of(path)) for path, said in found.items() if (said.new or "").strip()})
    return found


def _steps_of_pointer(pointer: str) -> Steps:
    parts = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    return tuple(int(part) if part.isdecimal() and len(part) <= len(str(ROW_MAX)) else part for part in parts)


def _is_leaf(node: SchemaNode | None, steps: Steps) -> bool:
    for step in steps:
        match node, step:
            case ObjectNode(children), str():
                node = children.get(step)
            case ListNode(item), int():
                node = item
            case _:
                return False
    return isinstance(node, LeafNode)


def _same(left: str, right: str) -> bool:
    # a page cannot show every character
    return "\N{REPLACEMENT CHARACTER}" in right or left.split() == right.split()


def _is_change(said: CorrectedField, evidence: FieldEvidence | None) -> bool:
    return evidence is None or not _same(said.old or "", said.new or "") or said.region_ids != evidence.region_ids


def _given(
    fields: Mapping[str, FieldEvidence], touched: Mapping[str, CorrectedField], rows: Rows
) -> dict[str, _GivenLeaf]:
    """All leaves by the path where they are to stand: corrected as the person wrote them, the others as they were."""
    given: dict[str, _GivenLeaf] = {}
    for path in {**fields, **touched}:
        place = rows.place(steps_of(path))
        if place is None:
            continue
        said, evidence = touched.get(path), fields.get(path)
        if said is not None and (evidence is None or not _same(said.old or "", said.new or "")):
            leaf: JsonObject = {TEXT: said.new or "", SOURCES: list(said.region_ids)}
        else:
            leaf = _as_it_was(fields[path], said)
        given[path_of(place)] = _GivenLeaf(path, leaf)
    return given


def _as_it_was(evidence: FieldEvidence, said: CorrectedField | None) -> JsonObject:
    # a value that was taken out stays out until somebody vouches for it
    out = evidence.value is None and said is None
    ids = evidence.region_ids if said is None else said.region_ids
    return {TEXT: "" if out else evidence.raw_text or shown_value(evidence), SOURCES: list(ids)}


def _nested(given: Mapping[str, _GivenLeaf]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, one in given.items():
        steps = steps_of(path)
        part: Any = root
        for step, below in zip(steps, [*steps[1:], None], strict=True):
            inner: Any = one.leaf if below is None else [] if isinstance(below, int) else {}
            if isinstance(step, int):
                part.extend({} for _ in range(step + 1 - len(part)))
                part[step] = part[step] or inner
            else:
                part.setdefault(step, inner)
            part = part[step]
    return root


def _marked(evidence: FieldEvidence, said: CorrectedField, *, changed: bool) -> FieldEvidence:
    signals = {**evidence.signals, "confirmed": said.confirmed} | ({"corrected": True} if changed else {})
    return evidence.model_copy(update={"signals": signals})


def _old_issues(before: Revision[T], seen: Mapping[str, str], gone: Collection[str]) -> Iterator[Issue]:
    """What still holds, under the path where its field stands now; found anew: what was said of the whole model."""
    now = {was: path for path, was in seen.items()}
    for issue in before.issues:
        path = now.get(issue.field or "") if issue.field in before.fields else issue.field
        if issue.code not in _WHOLE_MODEL and path not in gone and (path is not None or issue.field is None):
            yield issue.model_copy(update={"field": path})


def _new_issues(after: Revision[T], fields: Collection[str]) -> Iterator[Issue]:
    return (issue for issue in after.issues if issue.code in _WHOLE_MODEL or issue.field in fields)
