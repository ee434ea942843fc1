"""Builds the user's model from typed leaves, and gives up as little as possible when it refuses."""

from __future__ import annotations

import re
import types
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Generic, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._leaves import Leaf
from deepocr_kit.revisers.base import T
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode

__all__ = ["Fault", "Settled", "faults_of", "settle", "without_empty_items"]

_ABSENT = object()
_INDEX = re.compile(r"\[(\d+)\]")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_SAFE_CONTEXT = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "expected")
"""What pydantic's errors say that comes from the schema and never from the value."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the user's model refuses.

    Attributes:
        path: A leaf, a list or an object; empty for the whole model.
        message: What is wrong, without the value.
        missing: Whether it is just not there.
    """

    path: str
    message: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Settled(Generic[T]):
    """The model, as far as it could be built.

    Attributes:
        value: None when required fields are missing or wrong.
        leaves: What went into it; list items may have been dropped.
        faults: What stood in the way or was given up.
    """

    value: T | None
    leaves: dict[str, Leaf]
    faults: tuple[Fault, ...]


def faults_of(schema: type[T], tree: ObjectNode, leaves: Mapping[str, Leaf]) -> tuple[Fault, ...]:
    """What the user's model refuses; leaves that could not be typed come first."""
    untyped = [Fault(leaf.path, leaf.problem) for leaf in leaves.values() if leaf.problem]
    known = {fault.path for fault in untyped}
    _, refused = _validate(schema, tree, leaves)
    return (*untyped, *(fault for fault in refused if fault.path not in known))


def settle(schema: type[T], tree: ObjectNode, leaves: Mapping[str, Leaf]) -> Settled[T]:
    """Build the model; optional parts and list items that it refuses are given up, one after the other.

    A required list without items is empty; where a leaf without a value stands at its own path, it is missing.
    """
    current = dict(leaves)
    faults = [Fault(leaf.path, leaf.problem) for leaf in current.values() if leaf.problem]
    # every round takes at least one value out, so the rounds are bounded
    for _ in range(len(current) + 1):
        value, refused = _validate(schema, tree, current)
        if value is not None:
            return Settled(value, current, tuple(faults))
        known = {fault.path for fault in faults}
        faults += [fault for fault in refused if fault.path not in known]
        filled = _filled(current)
        parts = {part for fault in refused if (part := _dispensable(tree, filled, fault.path))}
        if not parts:
            break
        current = _without(current, parts)
    return Settled(None, dict(leaves), tuple(faults))


def without_empty_items(leaves: Iterable[Leaf]) -> dict[str, Leaf]:
    """The leaves by path; list items without a single value are dropped and the others counted anew."""
    by_path = {leaf.path: leaf for leaf in leaves}
    filled: dict[str, bool] = {}
    for path, leaf in by_path.items():
        for match in _INDEX.finditer(path):
            item = path[: match.end()]
            filled[item] = filled.get(item, False) or bool(leaf.text)
    return _without(by_path, {item for item, has_text in filled.items() if not has_text})


def _without(leaves: Mapping[str, Leaf], parts: Collection[str]) -> dict[str, Leaf]:
    """The leaves without some parts: list items disappear, other parts lose their values and their lists."""
    dropped: dict[str, list[int]] = {}
    for part in parts:
        if part.endswith("]"):
            head, _, number = part[:-1].rpartition("[")
            insort(dropped.setdefault(head, []), int(number))
    kept: dict[str, Leaf] = {}
    for path, leaf in leaves.items():
        around = [part for part in _prefixes(path) if part in parts]
        if any(part.endswith("]") or "[" in path[len(part) :] for part in around):
            continue
        moved = _INDEX.sub(lambda match: f"[{_moved(match, dropped)}]", path)
        kept[moved] = replace(leaf, path=moved, value=None if around else leaf.value)
    return kept


def _moved(match: re.Match[str], dropped: Mapping[str, list[int]]) -> int:
    number = int(match[1])
    return number - bisect_left(dropped.get(match.string[: match.start()], ()), number)


def _prefixes(path: str) -> Iterator[str]:
    """``a``, ``a[0]`` and ``a[0].b`` of ``a[0].b``."""
    return (path[: match.end()] for match in _STEP.finditer(path))


def _validate(schema: type[T], tree: ObjectNode, leaves: Mapping[str, Leaf]) -> tuple[T | None, list[Fault]]:
    data = _Data(leaves).of(tree, "")
    try:
        return schema.model_validate(data, by_alias=False, by_name=True), []
    except ValidationError as error:
        return None, [_fault(tree, details) for details in error.errors(include_url=False, include_input=False)]
    except Exception as error:
        what = f"a validator of {schema.__name__} raised {type(error).__name__}; validators may raise ValueError only"
        raise SchemaError(what) from error


class _Data:
    """What pydantic is to validate.

    Args:
        leaves: By path.
    """

    def __init__(self, leaves: Mapping[str, Leaf]) -> None:
        self._leaves = leaves
        self._filled = _filled(leaves)
        self._lengths = _lengths(leaves)

    def of(self, node: SchemaNode, path: str) -> Any:
        """The data of one part; ``_ABSENT`` when it holds no value."""
        match node:
            case LeafNode():
                leaf = self._leaves.get(path)
                return _ABSENT if leaf is None or leaf.value is None else leaf.value
            case ListNode(item, container):
                items = [self.of(item, f"{path}[{index}]") for index in range(self._lengths.get(path, 0))]
                return container(None if entry is _ABSENT else entry for entry in items) if items else _ABSENT
            case ObjectNode(children, model):
                if path and path not in self._filled:
                    return _ABSENT
                given = {name: self.of(child, f"{path}.{name}" if path else name) for name, child in children.items()}
                fields = {
                    name: self._when_absent(model, name, children[name], path) if value is _ABSENT else value
                    for name, value in given.items()
                }
                return {name: value for name, value in fields.items() if value is not _ABSENT}

    def _when_absent(self, model: type[BaseModel], name: str, child: SchemaNode, path: str) -> Any:
        """What stands for a field without a value: its default, None, or a part that says itself what is missing."""
        info = model.model_fields[name]
        if not info.is_required():
            return _ABSENT
        if _accepts_none(info.annotation):
            return None
        if isinstance(child, ObjectNode):
            return {}
        was_not_found = (f"{path}.{name}" if path else name) in self._leaves  # a list that is not known to be empty
        return [] if isinstance(child, ListNode) and not was_not_found else _ABSENT


def _filled(leaves: Mapping[str, Leaf]) -> set[str]:
    """Paths of all parts that hold a value."""
    return {prefix for path, leaf in leaves.items() if leaf.value is not None for prefix in _prefixes(path)}


def _accepts_none(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _accepts_none(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return any(map(_accepts_none, get_args(annotation)))
    if origin is Literal:
        return None in get_args(annotation)
    return annotation in (None, type(None), Any)


def _lengths(leaves: Iterable[str]) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for path in leaves:
        for match in _INDEX.finditer(path):
            head = path[: match.start()]
            lengths[head] = max(lengths.get(head, 0), int(match[1]) + 1)
    return lengths


def _fault(tree: ObjectNode, details: Mapping[str, Any]) -> Fault:
    context = details.get("ctx") or {}
    limits = ", ".join(f"{name} {context[name]}" for name in _SAFE_CONTEXT if name in context)
    missing = details["type"] == "missing"
    message = "it is missing" if missing else "a check of the schema failed: " + details["type"].replace("_", " ")
    return Fault(_path_of(tree, details["loc"]), f"{message} ({limits})" if limits else message, missing)


def _path_of(tree: ObjectNode, location: Iterable[str | int]) -> str:
    """The part of pydantic's location that the tree knows."""
    node: SchemaNode = tree
    path = ""
    for step in location:
        match node, step:
            case ListNode(item), int():
                node, path = item, f"{path}[{step}]"
            case ObjectNode(children), str() if step in children:
                node, path = children[step], f"{path}.{step}" if path else step
            case _:
                return path
    return path


def _dispensable(tree: ObjectNode, filled: Collection[str], path: str) -> str | None:
    """The smallest part around ``path`` that has a value and that the model can do without."""
    return next((part for part in _parts_around(tree, path) if part.endswith("]") or part in filled), None)


def _parts_around(tree: ObjectNode, path: str) -> list[str]:
    """Parts that hold ``path`` and may be left out, the smallest first."""
    node: SchemaNode = tree
    parts: list[str] = []
    seen = ""
    for match in _STEP.finditer(path):
        if isinstance(node, ListNode):
            node, seen = node.item, f"{seen}[{match[1]}]"
            parts.append(seen)
        elif isinstance(node, ObjectNode) and match[2] in node.children:
            seen = f"{seen}.{match[2]}" if seen else match[2]
            info = node.model.model_fields[match[2]]
            if not info.is_required() or _accepts_none(info.annotation):
                parts.append(seen)
            node = node.children[match[2]]
    return parts[::-1]
