"""What the annotation of a field says about its value on the page."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import (
    AwareDatetime,
    BaseModel,
    FutureDate,
    FutureDatetime,
    NaiveDatetime,
    PastDate,
    PastDatetime,
    PydanticUserError,
    TypeAdapter,
)
from pydantic.errors import PydanticSchemaGenerationError

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._field_types import ValueKind

__all__ = ["SEQUENCES", "choices_of", "kind_of", "unwrap"]

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
SEQUENCES = frozenset({list, tuple, set, frozenset, Sequence, Collection, Iterable})
_LIMITED: tuple[tuple[Any, type], ...] = (
    (PastDate, dt.date),
    (FutureDate, dt.date),
    (PastDatetime, dt.datetime),
    (FutureDatetime, dt.datetime),
    (NaiveDatetime, dt.datetime),
    (AwareDatetime, dt.datetime),
)
"""Types of pydantic that are no subclasses of the type whose values they limit; pydantic checks the limit later."""


def unwrap(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type without ``Annotated``, ``Optional`` and other names for it, and all metadata found on the way."""
    metadata: tuple[Any, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *extra = get_args(annotation)
            metadata = (*metadata, *extra)
        elif hasattr(annotation, "__supertype__"):  # NewType
            annotation = annotation.__supertype__
        elif hasattr(annotation, "__value__"):  # a ``type X = ...`` alias of Python 3.12
            annotation = annotation.__value__
        elif origin in (Union, types.UnionType):
            members = [member for member in get_args(annotation) if member is not type(None)]
            if len(members) > 1:
                return annotation, metadata
            annotation = members[0]
        else:
            return next((plain for limited, plain in _LIMITED if annotation is limited), annotation), metadata


def kind_of(annotation: Any, path: str) -> ValueKind:
    """The form of a value of this type.

    Raises:
        SchemaError: No printed text becomes such a value.
    """
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
    members = [unwrap(member)[0] for member in get_args(annotation) if member is not type(None)]
    for member in members:
        if get_origin(member) in SEQUENCES or (isinstance(member, type) and issubclass(member, BaseModel)):
            raise SchemaError(f"a choice between models or lists cannot be decided: {annotation!r}", path=path)
    kinds = [kind_of(member, path) for member in members]
    return next((kind for kind in kinds if kind is not ValueKind.TEXT), ValueKind.TEXT)


def _built_from_text(annotation: Any) -> bool:
    """Whether pydantic itself says that the type is written as a string."""
    try:
        return TypeAdapter(annotation).json_schema().get("type") == "string"
    except (PydanticSchemaGenerationError, PydanticUserError, ImportError):  # no schema, or its package is missing
        return False


def choices_of(annotation: Any) -> tuple[tuple[str, Any], ...]:
    """Printed words and values of an enum or ``Literal``; none for other types."""
    if get_origin(annotation) is Literal:
        return tuple((str(value), value) for value in get_args(annotation) if value is not None)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        members = list(annotation)
        by_value = [(str(member.value), member) for member in members]
        by_name = [(member.name.replace("_", " "), member) for member in members]
        return tuple(dict.fromkeys((*by_value, *by_name)))
    return ()
