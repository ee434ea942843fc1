"""Model classes from JSON Schema files."""

from __future__ import annotations

import datetime as dt
import keyword
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._schema_extras import checks_of, hints_of
from deepocr_kit.revisers.checks import cross_checks

__all__ = ["model_from_json_schema"]

JsonSchema: TypeAlias = Mapping[str, Any]

MAX_NESTING = 16
MAX_PROPERTIES = 1000

_SCALARS: Mapping[str, Any] = {"string": str, "integer": int, "number": Decimal, "boolean": bool}
_FORMATS: Mapping[str, Any] = {"date": dt.date, "time": dt.time, "date-time": dt.datetime, "duration": dt.timedelta}

_OF_NUMBERS = frozenset({"number", "integer"})
_OF_STRINGS = frozenset({"string"})
_OF_ARRAYS = frozenset({"array"})
_CONSTRAINTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "minimum": ("ge", _OF_NUMBERS),
    "maximum": ("le", _OF_NUMBERS),
    "exclusiveMinimum": ("gt", _OF_NUMBERS),
    "exclusiveMaximum": ("lt", _OF_NUMBERS),
    "multipleOf": ("multiple_of", _OF_NUMBERS),
    "minLength": ("min_length", _OF_STRINGS),
    "maxLength": ("max_length", _OF_STRINGS),
    "pattern": ("pattern", _OF_STRINGS),
    "minItems": ("min_length", _OF_ARRAYS),
    "maxItems": ("max_length", _OF_ARRAYS),
}
"""Keywords that become arguments of ``pydantic.Field``, and the types they say something about; others ignore them."""

_NOTES = frozenset(
    {
        "$comment", "$defs", "$id", "$schema", "additionalProperties", "default", "definitions", "deprecated",
        "description", "enum", "const", "example", "examples", "format", "items", "nullable", "properties",
        "readOnly", "required", "title", "type", "writeOnly",
    }
)  # fmt: skip
"""Keywords that are understood, or that say nothing about which values are right."""


def model_from_json_schema(schema: JsonSchema, *, name: str = "Fields") -> type[BaseModel]:
    """A pydantic model class with the fields of a JSON Schema.

    Objects become nested models, ``number`` becomes ``Decimal``, the formats
    ``date``, ``time``, ``date-time`` and ``duration`` become the types of ``datetime``, ``enum`` and
    ``const`` become ``Literal``. Optional properties and nullable ones accept None.
    A property whose name is no name in Python, such as ``Invoice No``, becomes a field
    such as ``Invoice_No`` with the property's name as its alias, which also stands in JSON.
    ``x-docr`` of a property holds the arguments of ``FieldHints``, and ``x-docr-checks`` of an
    object rules between its fields, such as ``{"rule": "sum", "parts": ["net", "tax"], "equals": "total"}``.

    Args:
        schema: Of an object, with ``properties``; ``$ref`` may point into the schema itself.
        name: Of the class, when the schema has no title.

    Raises:
        SchemaError: The schema contains itself, or has a keyword that changes which
            values are right and that is not known here. ``path`` says where.
    """
    if not isinstance(schema, Mapping):
        raise SchemaError(f"a JSON Schema is an object, got {type(schema).__name__}")
    return _Builder(schema).model(schema, "", name, ())


class _Builder:
    """Builds the models of one schema.

    Args:
        root: What ``$ref`` points into.
    """

    def __init__(self, root: JsonSchema) -> None:
        self._root = root
        self._count = 0

    def model(self, schema: JsonSchema, path: str, name: str, open_refs: tuple[str, ...]) -> type[BaseModel]:
        """The model of an object schema."""
        schema, open_refs = self._resolved(schema, path, open_refs)
        schema, _ = _without_null(schema, path)
        properties = schema.get("properties")
        if schema.get("type", "object") != "object" or not isinstance(properties, Mapping) or not properties:
            raise SchemaError("an object with properties is needed here", path=path)
        if path.count(".") + path.count("[") >= MAX_NESTING:
            raise SchemaError(f"nested deeper than {MAX_NESTING} levels", path=path)
        self._check_keywords(schema, path)
        required = schema.get("required") or []
        title = _class_name(schema.get("title"), name)
        fields: dict[str, Any] = {}
        for key, inner in properties.items():
            field_name = _field_name(key, fields)
            alias = None if field_name == key else key
            fields[field_name] = self._field(inner, _join(path, key), key in required, open_refs, alias)
        config = ConfigDict(
            arbitrary_types_allowed=False, protected_namespaces=(), validate_by_name=True, serialize_by_alias=True
        )
        model = create_model(title, __config__=config, __doc__=_text(schema.get("description")), **fields)
        return cross_checks(*checks_of(schema, path))(model)

    def _field(
        self,
        schema: object,
        path: str,
        required: bool,  # noqa: FBT001 - private; one of several facts of a field
        open_refs: tuple[str, ...],
        alias: str | None,
    ) -> Any:
        self._count += 1
        if self._count > MAX_PROPERTIES:
            raise SchemaError(f"more than {MAX_PROPERTIES} properties", path=path)
        if not isinstance(schema, Mapping):
            raise SchemaError("a property's schema is an object", path=path)
        description = schema.get("description")
        resolved, open_refs = self._resolved(schema, path, open_refs)
        resolved, nullable = _without_null(resolved, path)
        resolved, open_refs = self._resolved(resolved, path, open_refs)
        annotation = self._annotation(resolved, path, open_refs)
        limits = _limits(resolved, annotation)
        hints = hints_of({**resolved, **schema}, path)
        if hints is not None:
            annotation = Annotated[annotation, hints]
        about = {
            "alias": alias,
            "description": _text(description or resolved.get("description")),
            "title": _text(resolved.get("title")),
        }
        if required and not nullable:
            return annotation, _checked_field(path, annotation, ..., {**about, **limits})
        default = ... if required else resolved.get("default")
        return annotation | None, _checked_field(path, annotation, default, {**about, **limits})

    def _annotation(self, schema: JsonSchema, path: str, open_refs: tuple[str, ...]) -> Any:
        self._check_keywords(schema, path)
        if "const" in schema or "enum" in schema:
            return _literal(schema, path)
        if "anyOf" in schema:
            return self._union(schema["anyOf"], path)
        kind = schema.get("type")
        if kind == "array":
            items = schema.get("items")
            if not isinstance(items, Mapping):
                raise SchemaError("an array needs one schema of items", path=path)
            items, open_refs = self._resolved(items, path, open_refs)
            return list[self._annotation(items, f"{path}[*]", open_refs)]  # type: ignore[misc]  # built at run time
        if kind == "object" or "properties" in schema:
            return self.model(schema, path, _class_name(path.rpartition(".")[2], "Part"), open_refs)
        if kind == "string" and schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        if not isinstance(kind, str) or kind not in _SCALARS:
            raise SchemaError(f"the type {kind!r} cannot be filled from a document; use one scalar type", path=path)
        return _SCALARS[kind]

    def _union(self, options: list[JsonSchema], path: str) -> Any:
        """One of several scalars; "a number or a string" is how pydantic writes a decimal, and means one."""
        decimal = any(option.get("type") == "number" for option in options)
        rest = [option for option in options if not (decimal and option.get("type") == "string")]
        if any(option.get("type") not in _SCALARS or "enum" in option or "const" in option for option in rest):
            raise SchemaError("anyOf is supported for scalar types and null only", path=path)
        return Union[tuple(self._annotation(option, path, ()) for option in rest)]  # noqa: UP007 - built at run time

    def _resolved(
        self, schema: JsonSchema, path: str, open_refs: tuple[str, ...]
    ) -> tuple[JsonSchema, tuple[str, ...]]:
        """The schema that ``$ref`` points to, with what stands beside it."""
        while "$ref" in schema:
            reference = schema["$ref"]
            if reference in open_refs:
                raise SchemaError(
                    f"{reference} contains itself; documents are filled into trees of fixed depth", path=path
                )
            open_refs = (*open_refs, reference)
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self._target(reference, path), **beside}
        only = schema.get("allOf")
        if isinstance(only, list) and len(only) == 1 and isinstance(only[0], Mapping):
            beside = {key: value for key, value in schema.items() if key != "allOf"}
            return self._resolved({**only[0], **beside}, path, open_refs)
        return schema, open_refs

    def _target(self, reference: object, path: str) -> JsonSchema:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            raise SchemaError(f"$ref {reference!r} does not point into the schema itself", path=path)
        target: Any = self._root
        for step in reference[2:].split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            target = target.get(key) if isinstance(target, Mapping) else None
        if not isinstance(target, Mapping):
            raise SchemaError(f"$ref {reference!r} points nowhere", path=path)
        return target

    def _check_keywords(self, schema: JsonSchema, path: str) -> None:
        known = {*_NOTES, *_CONSTRAINTS, "anyOf"}
        unknown = [key for key in schema if key not in known and not key.startswith("x-")]
        if unknown:
            raise SchemaError(f"the keyword {unknown[0]!r} is not supported; write the schema without it", path=path)


def _without_null(schema: JsonSchema, path: str) -> tuple[JsonSchema, bool]:
    """The schema without its null, and whether it had one."""
    nullable = schema.get("nullable") is True
    for key in ("anyOf", "oneOf"):
        options = schema.get(key)
        if isinstance(options, list):
            others = [option for option in options if option != {"type": "null"}]
            if not others or not all(isinstance(option, Mapping) for option in others):
                raise SchemaError(f"{key} holds schemas", path=path)
            beside = {name: value for name, value in schema.items() if name != key}
            inner = others[0] if len(others) == 1 else {"anyOf": others}
            return {**inner, **beside}, nullable or len(others) < len(options)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        named = [kind for kind in kinds if kind != "null"]
        if not named:
            raise SchemaError(f"a type besides null is needed, got {kinds!r}", path=path)
        beside = {name: value for name, value in schema.items() if name != "type"}
        inner = {"type": named[0]} if len(named) == 1 else {"anyOf": [{"type": kind} for kind in named]}
        return {**beside, **inner}, nullable or "null" in kinds
    values = schema.get("enum")
    if isinstance(values, list) and None in values:
        return {**schema, "enum": [value for value in values if value is not None]}, True
    return schema, nullable


def _limits(schema: JsonSchema, annotation: Any) -> dict[str, Any]:
    """Arguments of ``pydantic.Field``; those of strings do not apply where a string became a date or a choice."""
    kind = schema.get("type") if schema.get("type") != "string" or annotation is str else None
    return {name: schema[key] for key, (name, kinds) in _CONSTRAINTS.items() if key in schema and kind in kinds}


def _literal(schema: JsonSchema, path: str) -> Any:
    values = [schema["const"]] if "const" in schema else schema["enum"]
    if not isinstance(values, list) or not values or not all(isinstance(value, str | int | bool) for value in values):
        raise SchemaError("enum and const hold strings, whole numbers or booleans", path=path)
    return Literal[tuple(values)]


def _checked_field(path: str, annotation: Any, default: Any, arguments: Mapping[str, Any]) -> Any:
    given = {key: value for key, value in arguments.items() if value is not None}
    try:
        field = Field(default, **given)
        # builds the validator now, so that a bad pattern or limit names its path
        create_model("Probe", probe=(annotation, Field(**given)))
    except Exception as error:  # noqa: BLE001 - pydantic and its core raise many classes here; translated
        raise SchemaError(f"the limits do not fit the type: {error}", path=path) from None
    return field


def _field_name(key: str, taken: Collection[str]) -> str:
    """The property's name, or the nearest name that a field can have."""
    name = re.sub(r"\W+", "_", key).strip("_") or "field"
    if not name.isidentifier():
        name = f"field_{name}"
    while keyword.iskeyword(name) or hasattr(BaseModel, name) or name in taken:
        name += "_"
    return name


def _class_name(title: object, fallback: str) -> str:
    words = re.findall(r"[^\W_]+", title) if isinstance(title, str) else []
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name.isidentifier() else fallback


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
