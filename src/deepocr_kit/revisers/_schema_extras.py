"""Hints and rules in a JSON Schema: ``x-docr`` of a property, ``x-docr-checks`` of an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._field_types import FieldHints, ValueKind
from deepocr_kit.revisers.checks import CapitalAmount, Check, Checksum, ChecksumName, Ordered, Product, Sum

__all__ = ["CHECKS", "HINTS", "checks_of", "hints_of"]

HINTS = "x-docr"
CHECKS = "x-docr-checks"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Hints(_Form):
    labels: tuple[str, ...] = ()
    kind: ValueKind | None = None
    pattern: str | None = None
    avoid: tuple[str, ...] = ()
    derived: bool = False


class _Sum(_Form):
    rule: Literal["sum"]
    parts: tuple[str, ...] | str
    equals: str
    each: str = ""
    optional: tuple[str, ...] = ()


class _Product(_Form):
    rule: Literal["product"]
    factors: tuple[str, ...]
    equals: str
    each: str = ""
    percent: tuple[str, ...] = ()


class _Ordered(_Form):
    rule: Literal["ordered"]
    fields_: tuple[str, ...] = Field(alias="fields")
    each: str = ""
    strict: bool = False


class _Checksum(_Form):
    rule: Literal["checksum"]
    field: str
    kind: ChecksumName
    each: str = ""


class _CapitalAmount(_Form):
    rule: Literal["capital_amount"]
    words: str
    equals: str
    each: str = ""


_CHECKS: TypeAdapter[list[_Sum | _Product | _Ordered | _Checksum | _CapitalAmount]] = TypeAdapter(
    list[Annotated[_Sum | _Product | _Ordered | _Checksum | _CapitalAmount, Field(discriminator="rule")]]
)


def hints_of(schema: Mapping[str, Any], path: str) -> FieldHints | None:
    """The hints of a property; None when it has none.

    Raises:
        SchemaError: They are not hints.
    """
    if HINTS not in schema:
        return None
    try:
        return FieldHints(**_Hints.model_validate(schema[HINTS]).model_dump())
    except ValidationError as error:
        raise SchemaError(f"{HINTS} is wrong: {_words(error)}", path=path) from None


def checks_of(schema: Mapping[str, Any], path: str) -> tuple[Check, ...]:
    """The rules between the fields of an object.

    Raises:
        SchemaError: They are not rules.
    """
    try:
        return tuple(map(_check, _CHECKS.validate_python(schema.get(CHECKS, []))))
    except ValidationError as error:
        raise SchemaError(f"{CHECKS} is wrong: {_words(error)}", path=path) from None


def _check(form: _Sum | _Product | _Ordered | _Checksum | _CapitalAmount) -> Check:
    match form:
        case _Sum():
            return Sum(form.parts, equals=form.equals, each=form.each, optional=form.optional)
        case _Product():
            return Product(form.factors, equals=form.equals, each=form.each, percent=form.percent)
        case _Ordered():
            return Ordered(*form.fields_, each=form.each, strict=form.strict)
        case _Checksum():
            return Checksum(form.field, form.kind, each=form.each)
        case _CapitalAmount():
            return CapitalAmount(form.words, equals=form.equals, each=form.each)


def _words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}"
