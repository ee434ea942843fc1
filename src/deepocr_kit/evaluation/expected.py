"""What is expected of one field, as a person writes it down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deepocr_kit.errors import SchemaError
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers.fields import LeafNode, ListNode, ObjectNode, SchemaNode

__all__ = ["UNJUDGED", "ExpectedBox", "ExpectedValue", "check_expected", "expected_value"]

_KEYS = frozenset({"value", "any_of", "boxes", "regions"})

_Edge = Annotated[float, Field(allow_inf_nan=False)]


class ExpectedBox(BaseModel):
    """Where a true value stands.

    Attributes:
        page: 1-based.
        box: Left, top, right, bottom, in the unit frame of the page as it was handed in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: int = Field(default=1, ge=1)
    box: tuple[_Edge, _Edge, _Edge, _Edge]

    @property
    def bbox(self) -> BBox:
        """As a box; corners are put in order and clamped to the page."""
        x0, y0, x1, y1 = (min(max(edge, 0.0), 1.0) for edge in self.box)
        return BBox(x0=min(x0, x1), y0=min(y0, y1), x1=max(x0, x1), y1=max(y0, y1))


@dataclass(frozen=True, slots=True)
class ExpectedValue:
    """The truth about one leaf.

    Attributes:
        values: Values that are right, typed or as printed; none when there must be no value.
        boxes: Where it stands; none when that is not judged.
        regions: Ids of the regions in which it stands; none when that is not judged.
    """

    values: tuple[Any, ...]
    boxes: tuple[ExpectedBox, ...] = ()
    regions: tuple[str, ...] = ()


UNJUDGED: Final = object()
"""Stands for a key that the truth does not have: whatever was read there is neither right nor wrong."""


class _Written(BaseModel):
    """A leaf with more than its value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Any = None
    any_of: tuple[Any, ...] = ()
    boxes: tuple[ExpectedBox, ...] = ()
    regions: tuple[str, ...] = ()


def expected_value(written: Any, path: str) -> ExpectedValue:
    """A leaf of the expected JSON: a value, null for "must be empty", or an object.

    The object has ``value`` or ``any_of`` (a list of values that are all right)
    and may have ``boxes``, a list of ``{"page": 1, "box": [x0, y0, x1, y1]}``,
    or ``regions``, a list of region ids of a document that was read before.

    Raises:
        SchemaError: It has another form.
    """
    if not isinstance(written, Mapping):
        if isinstance(written, list | tuple):
            raise SchemaError(f"a single value is expected, got a list of {len(written)}", path=path)
        return ExpectedValue(() if _is_nothing(written) else (written,))
    unknown = sorted(map(str, set(written) - _KEYS))
    if unknown or not written:
        raise SchemaError(
            f"a value with more facts has the keys 'value' or 'any_of', and 'boxes' or 'regions'; got {unknown}",
            path=path,
        )
    try:
        leaf = _Written.model_validate(dict(written))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise SchemaError(f"{where}: {first['msg']}", path=path) from None
    choices = leaf.any_of or (leaf.value,)
    nested = next((value for value in choices if isinstance(value, Mapping | list | tuple | set)), None)
    if nested is not None:
        raise SchemaError(f"a single value is expected, got a {type(nested).__name__}", path=path)
    return ExpectedValue(tuple(value for value in choices if not _is_nothing(value)), leaf.boxes, leaf.regions)


def check_expected(node: SchemaNode, expected: Any, path: str = "") -> None:
    """See that a truth is nested like the schema; null may stand anywhere, and keys may be missing.

    Raises:
        SchemaError: It is not.
    """
    match node:
        case LeafNode():
            expected_value(expected, path)
        case ListNode(item):
            if not isinstance(expected, list | tuple | None):
                raise SchemaError(f"a list is expected, got {_form(expected)}", path=path)
            for number, truth in enumerate(expected or ()):
                check_expected(item, truth, f"{path}[{number}]")
        case ObjectNode(children):
            if not isinstance(expected, Mapping | None):
                raise SchemaError(f"an object is expected, got {_form(expected)}", path=path)
            _refuse_unknown(expected or {}, children, path)
            for name, inner in (expected or {}).items():
                check_expected(children[name], inner, f"{path}.{name}" if path else name)


def _form(value: Any) -> str:
    return {bool: "a truth value", str: "a text", dict: "an object", list: "a list"}.get(type(value), "a number")


def _refuse_unknown(expected: Mapping[str, Any], children: Collection[str], path: str) -> None:
    unknown = sorted(set(map(str, expected)) - set(children))
    if unknown:
        raise SchemaError(f"the schema has no field {', '.join(map(repr, unknown))}", path=path)


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
