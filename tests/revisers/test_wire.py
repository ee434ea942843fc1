"""The wire schema is what every server accepts, and nothing private is in it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from pydantic import BaseModel, Field

from deepocr_kit.revisers.fields import FieldHints, leaf_specs, schema_tree
from deepocr_kit.revisers.wire import flat_wire_schema, strict_schema, wire_schema


class Currency(StrEnum):
    MYR = "MYR"
    CNY = "CNY"


class Line(BaseModel):
    text: Annotated[str, Field(description="What was bought", max_length=80)]
    amount: Annotated[Decimal, FieldHints(labels=("secret label",)), Field(ge=0)]


class Seller(BaseModel):
    name: str = Field(alias="SellerName", json_schema_extra={"aliases": ["secret alias"]})


class Invoice(BaseModel):
    """A docstring that stays here."""

    number: Annotated[str, Field(pattern=r"\d{8}", title="secret title")]
    date: dt.date | None = None
    currency: Currency = Currency.CNY
    paid: Literal["cash", "card"] | None = None
    seller: Seller
    lines: list[Line] = []
    tags: tuple[str, ...] = ()


@pytest.fixture
def wire() -> dict[str, Any]:
    return wire_schema(schema_tree(Invoice))


def schemas(schema: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return [schema, *(found for child in inner for found in schemas(child))]


def test_every_leaf_is_text_with_sources(wire: dict[str, Any]) -> None:
    assert wire["properties"]["number"] == {
        "type": "object",
        "properties": {"text": {"type": "string"}, "src": {"type": "array", "items": {"type": "string"}}},
        "required": ["text", "src"],
    }


def test_the_top_has_the_three_keys_that_nova_allows(wire: dict[str, Any]) -> None:
    assert list(wire) == ["type", "properties", "required"]


def test_only_portable_keywords_are_used(wire: dict[str, Any]) -> None:
    used = {key for schema in schemas(wire) for key in schema}

    assert used == {"type", "properties", "required", "items", "description"}


def test_models_are_inlined_and_lists_are_arrays(wire: dict[str, Any]) -> None:
    assert wire["properties"]["seller"]["properties"]["name"]["type"] == "object"
    assert wire["properties"]["lines"]["items"]["properties"]["text"]["description"] == "What was bought"
    assert wire["properties"]["tags"]["items"]["required"] == ["text", "src"]


def test_hints_and_aliases_and_titles_do_not_leak(wire: dict[str, Any]) -> None:
    text = json.dumps(wire)

    assert "secret" not in text
    assert "docstring" not in text
    assert "\\d{8}" not in text


def test_every_property_is_required(wire: dict[str, Any]) -> None:
    assert all(schema["required"] == list(schema["properties"]) for schema in schemas(wire) if "properties" in schema)


def test_the_strict_form_closes_every_object(wire: dict[str, Any]) -> None:
    strict = strict_schema(wire)

    assert all(schema["additionalProperties"] is False for schema in schemas(strict) if schema["type"] == "object")
    assert "additionalProperties" not in json.dumps(wire)


def test_a_field_named_like_a_keyword_is_only_a_name() -> None:
    class Odd(BaseModel):
        items: str
        properties: str
        type: str

    strict = strict_schema(wire_schema(schema_tree(Odd)))

    assert list(strict["properties"]) == ["items", "properties", "type"]
    assert strict["properties"]["items"]["additionalProperties"] is False


def test_both_forms_are_json_schemas_and_accept_an_answer(wire: dict[str, Any]) -> None:
    leaf = {"text": "x", "src": ["p1r1"]}
    answer = {
        "number": leaf,
        "date": leaf,
        "currency": leaf,
        "paid": leaf,
        "seller": {"name": leaf},
        "lines": [{"text": leaf, "amount": leaf}],
        "tags": [leaf],
    }

    for schema in (wire, strict_schema(wire)):
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(answer, schema)


def test_single_leaves_become_one_flat_object() -> None:
    spec = leaf_specs(Invoice)[0]

    schema = flat_wire_schema({"lines-0-amount": spec})

    assert list(schema) == ["type", "properties", "required"]
    assert schema["required"] == ["lines-0-amount"]
