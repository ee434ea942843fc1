"""What is known of one field of a schema, and the tree that fields stand in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from pydantic import BaseModel

__all__ = ["FieldHints", "FieldSpec", "LeafNode", "ListNode", "ObjectNode", "SchemaNode", "ValueKind"]


class ValueKind(StrEnum):
    """The form of a value on the page, which decides how it is found and compared."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    CODE = "code"
    PHONE = "phone"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FieldHints:
    """What the type alone does not say about a field; put it into ``Annotated``.

    It says where and how to look on the page, and never reaches a server: neither the
    JSON schema of the model nor a prompt holds any of it. What a model of language is to
    read belongs into the field's description.

    Attributes:
        labels: Words printed beside the value, in any language.
        kind: Form of the printed value, when the annotation does not say it.
        pattern: Regular expression that the printed value matches as a whole.
        avoid: Labels of other values that must not be taken for this one.
        derived: Whether the value is computed and need not be printed.
    """

    labels: tuple[str, ...] = ()
    kind: ValueKind | None = None
    pattern: str | None = None
    avoid: tuple[str, ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One leaf of a schema.

    Attributes:
        path: ``total``, ``seller.name``, ``lines[*].amount``; the field names of the model, never aliases.
        name: The last part of ``path`` without ``[*]``.
        kind: Form of the value on the page. For a ``str`` field it is a guess
            from its name and labels and only guides the search; the value stays
            the printed text.
        annotation: The type without ``Optional`` and ``Annotated``.
        required: Whether the model cannot be built without it.
        labels: Its own labels, best first: hints, title, alias, description, words of the name.
        synonyms: Labels that documents commonly print for a field of this name.
        description: As in the model.
        pattern: Regular expression for the printed value.
        choices: (printed words, value) of an enum or ``Literal``; several words may mean one value.
        derived: Whether the value is computed and need not be printed.
        avoid: Labels of other values that must not be taken for this one.
        told_labels: Those of ``labels`` that a language model may be told: all but the hints.
        told_kind: ``kind`` as it is without hints.
    """

    path: str
    name: str
    kind: ValueKind
    annotation: Any
    required: bool
    labels: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    description: str = ""
    pattern: str | None = None
    choices: tuple[tuple[str, Any], ...] = ()
    derived: bool = False
    avoid: tuple[str, ...] = ()
    told_labels: tuple[str, ...] = ()
    told_kind: ValueKind = ValueKind.TEXT

    @property
    def keeps_print(self) -> bool:
        """Whether the value is the printed text itself rather than something read from it."""
        return self.annotation is str or self.annotation is Any


@dataclass(frozen=True, slots=True)
class LeafNode:
    """A place for one value."""

    spec: FieldSpec


@dataclass(frozen=True, slots=True)
class ListNode:
    """Any number of ``item``, in a ``container`` such as ``list`` or ``tuple``."""

    item: SchemaNode
    container: type[list[Any]] | type[tuple[Any, ...]] | type[set[Any]] | type[frozenset[Any]] = list


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """A model with its fields in order, by field name."""

    children: dict[str, SchemaNode]
    model: type[BaseModel]


SchemaNode: TypeAlias = ObjectNode | ListNode | LeafNode
