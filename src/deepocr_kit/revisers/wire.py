"""The one schema that every model server accepts: strings and the regions they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from deepocr_kit.revisers.fields import FieldSpec, LeafNode, ListNode, ObjectNode, SchemaNode
from deepocr_kit.revisers.prompt import plain_text

__all__ = ["JsonObject", "flat_wire_schema", "strict_schema", "wire_schema"]

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object, as it goes over the wire."""

TEXT = "text"
SOURCES = "src"


def wire_schema(tree: ObjectNode) -> JsonObject:
    """The JSON Schema of the answer to a question for all fields.

    Every leaf is ``{"text": string, "src": [region id]}``; models are inlined,
    lists are arrays. Keywords are ``type``, ``properties``, ``required``, ``items``
    and, below the top, ``description``: what Nova, xgrammar, llama.cpp and
    OpenAI all take. Types, formats, patterns and choices of the
    user's model are checked here, not there; hints and aliases never leave. Descriptions go
    without invisible characters and tokens of chat templates.
    """
    return _object(tree)


def flat_wire_schema(leaves: Mapping[str, FieldSpec]) -> JsonObject:
    """The JSON Schema of the answer to a question for single leaves.

    Args:
        leaves: Property names and what they stand for.
    """
    return _closed({name: _leaf(spec) for name, spec in leaves.items()}, leaves)


def strict_schema(wire: JsonObject) -> JsonObject:
    """The same with ``additionalProperties: false`` everywhere, which OpenAI's strict mode demands."""
    copied = {key: _strict_value(key, value) for key, value in wire.items()}
    if copied.get("type") == "object":
        copied["additionalProperties"] = False
    return copied


def _strict_value(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: strict_schema(inner) for name, inner in value.items()}
    return strict_schema(value) if key == "items" else value


def _node(node: SchemaNode) -> JsonObject:
    match node:
        case LeafNode(spec):
            return _leaf(spec)
        case ListNode(item):
            return {"type": "array", "items": _node(item)}
        case ObjectNode():
            return _object(node)


def _object(node: ObjectNode) -> JsonObject:
    return _closed({name: _node(child) for name, child in node.children.items()}, node.children)


def _leaf(spec: FieldSpec) -> JsonObject:
    leaf = _closed({TEXT: {"type": "string"}, SOURCES: {"type": "array", "items": {"type": "string"}}}, (TEXT, SOURCES))
    return {**leaf, "description": plain_text(spec.description)} if spec.description else leaf


def _closed(properties: JsonObject, required: Iterable[str]) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list(required)}
