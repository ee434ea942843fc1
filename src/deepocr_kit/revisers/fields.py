"""Schemas as trees of fields: what to look for, what it is called, and what form it has."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AliasChoices, AliasPath, BaseModel, PydanticUserError, RootModel, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._field_types import (
    FieldHints,
    FieldSpec,
    LeafNode,
    ListNode,
    ObjectNode,
    SchemaNode,
    ValueKind,
)
from deepocr_kit.revisers._vocabulary import kind_of_words, own_labels, synonyms_of

__all__ = [
    "FieldHints",
    "FieldSpec",
    "LeafNode",
    "ListNode",
    "ObjectNode",
    "SchemaNode",
    "ValueKind",
    "leaf_specs",
    "schema_tree",
]

MAX_DEPTH = 16
"""Deepest nesting of models and lists that is accepted; far above what a person writes by hand."""


_SCALARS: tuple[tuple[type, ValueKind], ...] = (
    (bool, ValueKind.BOOLEAN),
    (int, ValueKind.INTEGER),
    (float, ValueKind.NUMBER),
    (Decimal, ValueKind.NUMBER),
    (dt.datetime, ValueKind.DATETIME),
    (dt.date, ValueKind.DATE),
    (dt.time, ValueKind.TIME),
    (dt.timedelta, ValueKind.DURATION),
)
_SEQUENCES = frozenset({list, tuple, set, frozenset, Sequence, Collection, Iterable})


def schema_tree(schema: type[BaseModel]) -> ObjectNode:
    """The fields of a model as a tree.

    Raises:
        SchemaError: A field has a type that a document cannot fill: a model
            that contains itself, a choice between models, ``dict``, ``bytes``.
    """
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        raise SchemaError(f"a schema is a pydantic model class, got {schema!r}")
    return _object_node(schema, "", (), required=True)


def leaf_specs(schema: type[BaseModel]) -> tuple[FieldSpec, ...]:
    """All leaves of a model, in the order of its fields.

    Raises:
        SchemaError: As ``schema_tree``.
    """
    return tuple(_leaves(schema_tree(schema)))


def _leaves(node: SchemaNode) -> Iterator[FieldSpec]:
    match node:
        case LeafNode(spec):
            yield spec
        case ListNode(item):
            yield from _leaves(item)
        case ObjectNode(children):
            for child in children.values():
                yield from _leaves(child)


def _object_node(
    model: type[BaseModel], path: str, parents: tuple[type[BaseModel], ...], *, required: bool
) -> ObjectNode:
    if issubclass(model, RootModel):
        raise SchemaError(f"{model.__name__} is a RootModel; give the value a field name in a model", path=path)
    if model in parents:
        raise SchemaError(
            f"{model.__name__} contains itself; documents are filled into trees of fixed depth", path=path
        )
    if not model.model_fields:
        raise SchemaError(f"{model.__name__} has no fields", path=path)
    try:
        model.model_rebuild()
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise SchemaError(f"{model.__name__} is not complete: {error.message}", path=path) from error
    children = {
        name: _field_node(info, name, f"{path}.{name}" if path else name, (*parents, model), required=required)
        for name, info in model.model_fields.items()
    }
    return ObjectNode(children, model)


def _field_node(
    info: FieldInfo, name: str, path: str, parents: tuple[type[BaseModel], ...], *, required: bool
) -> SchemaNode:
    annotation, metadata = _unwrap(info.annotation)
    about = _About(name, info, (*info.metadata, *metadata), required=required and info.is_required())
    return _node(annotation, about, path, parents)


@dataclass(frozen=True, slots=True)
class _About:
    """What is known of a field apart from its type."""

    name: str
    info: FieldInfo
    metadata: tuple[Any, ...]
    required: bool

    @property
    def hints(self) -> FieldHints:
        return next((item for item in self.metadata if isinstance(item, FieldHints)), FieldHints())

    @property
    def aliases(self) -> tuple[str, ...]:
        found = (self.info.alias, self.info.validation_alias, self.info.serialization_alias)
        return tuple(dict.fromkeys(name for alias in found for name in _alias_names(alias)))


def _node(annotation: Any, about: _About, path: str, parents: tuple[type[BaseModel], ...]) -> SchemaNode:
    if path.count("[*]") + len(parents) > MAX_DEPTH:
        raise SchemaError(f"nested deeper than {MAX_DEPTH} levels", path=path)
    origin = get_origin(annotation)
    if origin in _SEQUENCES or annotation in _SEQUENCES:
        return ListNode(_item_node(annotation, about, path, parents))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _object_node(annotation, path, parents, required=about.required)
    return LeafNode(_leaf(annotation, about, path))


def _item_node(annotation: Any, about: _About, path: str, parents: tuple[type[BaseModel], ...]) -> SchemaNode:
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    if len(arguments) != 1:
        raise SchemaError(f"a list needs one type of item, got {annotation!r}", path=path)
    item, metadata = _unwrap(arguments[0])
    # whether the list may be left out says nothing about the parts of an item that is there
    inner = _About(about.name, about.info, (*metadata, *about.metadata), required=True)
    return _node(item, inner, f"{path}[*]", parents)


def _leaf(annotation: Any, about: _About, path: str) -> FieldSpec:
    hints = about.hints
    labels = own_labels(about.name, hints.labels, about.info.title, about.aliases, about.info.description)
    choices = _choices(annotation)
    kind = hints.kind or (ValueKind.CHOICE if choices else _kind(annotation, path))
    if hints.kind is None and kind is ValueKind.TEXT and annotation in (str, Any):
        kind = ValueKind(kind_of_words(about.name, labels))
    patterns = (hints.pattern, *(getattr(item, "pattern", None) for item in about.metadata))
    return FieldSpec(
        path=path,
        name=about.name,
        kind=kind,
        annotation=annotation,
        required=about.required,
        labels=labels,
        synonyms=synonyms_of(about.name, labels),
        description=about.info.description or "",
        pattern=_pattern(patterns, path),
        choices=choices,
        derived=hints.derived,
        avoid=hints.avoid,
    )


def _unwrap(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type without ``Annotated``, ``Optional`` and named aliases, and all metadata found on the way."""
    metadata: tuple[Any, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *extra = get_args(annotation)
            metadata = (*metadata, *extra)
        elif hasattr(annotation, "__value__"):  # a ``type X = ...`` alias of Python 3.12
            annotation = annotation.__value__
        elif origin in (Union, types.UnionType):
            members = [member for member in get_args(annotation) if member is not type(None)]
            if len(members) > 1:
                return annotation, metadata
            annotation = members[0]
        else:
            return annotation, metadata


def _kind(annotation: Any, path: str) -> ValueKind:
    if get_origin(annotation) in (Union, types.UnionType):
        return _kind_of_union(annotation, path)
    if annotation is str or annotation is Any:
        return ValueKind.TEXT
    if isinstance(annotation, type):
        for scalar, kind in _SCALARS:
            if issubclass(annotation, scalar):
                return kind
    if annotation in (bytes, bytearray) or not _built_from_text(annotation):
        raise SchemaError(f"no printed text becomes {annotation!r}; use a scalar type, a list or a model", path=path)
    return ValueKind.TEXT


def _kind_of_union(annotation: Any, path: str) -> ValueKind:
    members = [_unwrap(member)[0] for member in get_args(annotation) if member is not type(None)]
    for member in members:
        if get_origin(member) in _SEQUENCES or (isinstance(member, type) and issubclass(member, BaseModel)):
            raise SchemaError(f"a choice between models or lists cannot be decided: {annotation!r}", path=path)
    kinds = [_kind(member, path) for member in members]
    return next((kind for kind in kinds if kind is not ValueKind.TEXT), ValueKind.TEXT)


def _built_from_text(annotation: Any) -> bool:
    """Whether pydantic itself says that the type is written as a string."""
    try:
        return TypeAdapter(annotation).json_schema().get("type") == "string"
    except (PydanticSchemaGenerationError, PydanticUserError, ImportError):  # no schema, or its package is missing
        return False


def _choices(annotation: Any) -> tuple[tuple[str, Any], ...]:
    if get_origin(annotation) is Literal:
        return tuple((str(value), value) for value in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        members = list(annotation)
        by_value = [(str(member.value), member) for member in members]
        by_name = [(member.name.replace("_", " "), member) for member in members]
        return tuple(dict.fromkeys((*by_value, *by_name)))
    return ()


def _alias_names(alias: str | AliasPath | AliasChoices | None) -> tuple[str, ...]:
    match alias:
        case str():
            return (alias,)
        case AliasChoices():
            return tuple(choice for choice in alias.choices if isinstance(choice, str))
        case _:
            return ()


def _pattern(candidates: Iterable[Any], path: str) -> str | None:
    given = next((candidate for candidate in candidates if candidate), None)
    if given is None:
        return None
    text = str(getattr(given, "pattern", given))
    try:
        re.compile(text)
    except re.error as error:
        raise SchemaError(f"the pattern {text!r} is not a regular expression of Python: {error}", path=path) from error
    return text
