"""Schemas as trees of fields: what to look for, what it is called, and what form it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import AliasChoices, AliasPath, BaseModel, PydanticUserError, RootModel
from pydantic.errors import PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._annotations import SEQUENCES, choices_of, kind_of, unwrap
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
    "rules_of",
    "schema_tree",
    "specs_of",
]

MAX_DEPTH = 16
"""Deepest nesting of models and lists that is accepted; far above what a person writes by hand."""


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
    return specs_of(schema_tree(schema))


def specs_of(node: SchemaNode) -> tuple[FieldSpec, ...]:
    """All leaves of a tree or a part of one, in the order of its fields."""
    return tuple(_leaves(node))


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
    node = ObjectNode(children, model)
    _check_rules(node, path)
    return node


def rules_of(model: type[BaseModel]) -> tuple[Any, ...]:
    """The rules between its fields that ``cross_checks`` declared."""
    return tuple(getattr(model, "__cross_checks__", ()))


def _check_rules(node: ObjectNode, path: str) -> None:
    """Refuse rules about fields that are not there, before a model is paid for them."""
    for rule in rules_of(node.model):
        for named in rule.paths:
            full = f"{rule.each}.{named}" if rule.each else named
            if not _has_leaf(node, full):
                rule_name, model = type(rule).__name__, node.model.__name__
                raise SchemaError(f"{rule_name} names {full!r}, which is no field of {model} with a value", path=path)


def _has_leaf(node: SchemaNode, path: str) -> bool:
    for name, star in re.findall(r"([^.\[\]]+)|(\[\*\])", path):
        if star and isinstance(node, ListNode):
            node = node.item
        elif name and isinstance(node, ObjectNode) and name in node.children:
            node = node.children[name]
        else:
            return False
    return isinstance(node, LeafNode)


def _field_node(
    info: FieldInfo, name: str, path: str, parents: tuple[type[BaseModel], ...], *, required: bool
) -> SchemaNode:
    annotation, metadata = unwrap(info.annotation)
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
    if origin in SEQUENCES or annotation in SEQUENCES:
        item = _item_node(annotation, about, path, parents)
        # a set cannot hold the parts of a model before they are one
        sets = (set, frozenset) if isinstance(item, LeafNode) else ()
        container = next((kind for kind in (tuple, *sets) if kind in (origin, annotation)), list)
        return ListNode(item, container)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _object_node(annotation, path, parents, required=about.required)
    return LeafNode(_leaf(annotation, about, path))


def _item_node(annotation: Any, about: _About, path: str, parents: tuple[type[BaseModel], ...]) -> SchemaNode:
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    if len(arguments) != 1:
        raise SchemaError(f"a list needs one type of item, got {annotation!r}", path=path)
    item, metadata = unwrap(arguments[0])
    # whether the list may be left out says nothing about the parts of an item that is there
    inner = _About(about.name, about.info, (*metadata, *about.metadata), required=True)
    return _node(item, inner, f"{path}[*]", parents)


def _leaf(annotation: Any, about: _About, path: str) -> FieldSpec:
    hints = about.hints
    told = own_labels(about.name, (), about.info.title, about.aliases, about.info.description)
    labels = own_labels(about.name, hints.labels, about.info.title, about.aliases, about.info.description)
    choices = choices_of(annotation)
    plain = ValueKind.CHOICE if choices else kind_of(annotation, path)
    guessed = plain is ValueKind.TEXT and annotation in (str, Any)
    kind = hints.kind or (ValueKind(kind_of_words(about.name, labels)) if guessed else plain)
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
        told_labels=told,
        told_kind=ValueKind(kind_of_words(about.name, told)) if guessed else plain,
    )


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
