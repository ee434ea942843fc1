"""Answers into a validated value of the schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from deepocr_kit.documents import Issue, IssueCode, Severity
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode
from deepocr_kit.revisers.rules._answer import Answer

__all__ = ["build_value"]


def build_value(tree: ObjectNode, answers: Mapping[str, Answer]) -> tuple[BaseModel | None, tuple[Issue, ...]]:
    """The schema's value; None when required fields are missing.

    A value that the model's own validators refuse is taken out and reported;
    the rest is kept when the model can be built without it.

    Args:
        tree: Of the schema.
        answers: By path, lists numbered.
    """
    data = _object(tree, "", answers)
    issues: list[Issue] = []
    while True:  # each round takes at least one value out
        try:
            return tree.model.model_validate(data, by_alias=False, by_name=True), tuple(issues)
        except ValidationError as error:
            refused = [item for item in error.errors(include_url=False) if item["type"] != "missing"]
            issues.extend(_issue(item["loc"], item["msg"]) for item in refused)
            if not any(_remove(data, item["loc"]) for item in refused):
                return None, tuple(issues)


def _object(node: ObjectNode, path: str, answers: Mapping[str, Answer]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, child in node.children.items():
        value = _node(child, f"{path}.{name}" if path else name, answers)
        if value is not None:
            data[name] = value
    return data


def _node(node: SchemaNode, path: str, answers: Mapping[str, Answer]) -> Any:
    match node:
        case LeafNode():
            answer = answers.get(path)
            return answer.value if answer is not None else None
        case ObjectNode():
            return _object(node, path, answers) or None
        case ListNode(item):
            return _list(item, path, answers) or None


def _list(item: SchemaNode, path: str, answers: Mapping[str, Answer]) -> list[Any]:
    values: list[Any] = []
    while any(key.startswith(f"{path}[{len(values)}]") for key in answers):
        values.append(_node(item, f"{path}[{len(values)}]", answers))
    return [value for value in values if value is not None]


def _remove(data: Any, location: tuple[int | str, ...]) -> bool:
    """Take the refused value out; whether there was one. Branches of a union are steps, but no places in the data."""
    holder: tuple[dict[str, Any], str] | None = None
    for step in location:
        if isinstance(data, dict) and isinstance(step, str) and step in data:
            holder, data = (data, step), data[step]
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    if holder is None:
        return False
    del holder[0][holder[1]]
    return True


def _issue(location: tuple[int | str, ...], message: str) -> Issue:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).lstrip(".")
    return Issue(
        code=IssueCode.FIELD_INVALID,
        severity=Severity.ERROR,
        message=f"the schema refuses the printed value: {message}",
        field=path or None,
    )
