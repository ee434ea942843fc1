"""JSON Schema files become model classes, or one error that says where it cannot be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers import (
    CapitalAmount,
    Checksum,
    Ordered,
    Product,
    Sum,
    ValueKind,
    leaf_specs,
    model_from_json_schema,
)
from deepocr_kit.revisers.fields import rules_of


def build(properties: dict[str, Any], **further: Any) -> type[BaseModel]:
    return model_from_json_schema({"type": "object", "properties": properties, **further})


INVOICE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "tax invoice",
    "description": "A VAT invoice.",
    "type": "object",
    "properties": {
        "number": {"type": "string", "description": "Invoice No", "pattern": "^[0-9]{8}$"},
        "date": {"type": "string", "format": "date"},
        "at": {"type": "string", "format": "time"},
        "sent": {"type": ["string", "null"], "format": "date-time"},
        "waited": {"type": "string", "format": "duration"},
        "total": {"type": "number", "minimum": 0},
        "copies": {"type": "integer", "default": 1},
        "paid": {"type": "boolean"},
        "currency": {"enum": ["MYR", "CNY", None]},
        "kind": {"const": "invoice"},
        "seller": {"$ref": "#/$defs/party", "description": "Who sells"},
        "buyer": {"anyOf": [{"$ref": "#/$defs/party"}, {"type": "null"}]},
        "lines": {"type": "array", "items": {"$ref": "#/definitions/line"}, "maxItems": 3},
        "tags": {"type": "array", "items": {"type": "string"}},
        "note": {"allOf": [{"type": "string"}]},
    },
    "required": ["number", "total", "seller", "sent"],
    "$defs": {"party": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
    "definitions": {
        "line": {
            "title": "Line item",
            "properties": {"amount": {"type": "number"}},
            "required": ["amount"],
            "additionalProperties": False,
        }
    },
}


def test_a_schema_becomes_a_model_with_typed_fields() -> None:
    model = model_from_json_schema(INVOICE)

    value = model.model_validate(
        {
            "number": "12345678",
            "date": "2024-03-27",
            "at": "22:20",
            "sent": None,
            "waited": "PT3M",
            "total": "12.75",
            "seller": {"name": "ACME"},
            "currency": "CNY",
            "lines": [{"amount": "1.10"}],
        }
    )

    assert model.__name__ == "TaxInvoice"
    assert model.__doc__ == "A VAT invoice."
    assert value.model_dump() == {
        "number": "12345678",
        "date": dt.date(2024, 3, 27),
        "at": dt.time(22, 20),
        "sent": None,
        "waited": dt.timedelta(minutes=3),
        "total": Decimal("12.75"),
        "copies": 1,
        "paid": None,
        "currency": "CNY",
        "kind": None,
        "seller": {"name": "ACME"},
        "buyer": None,
        "lines": [{"amount": Decimal("1.10")}],
        "tags": None,
        "note": None,
    }


def test_its_leaves_are_those_of_the_schema() -> None:
    specs = {spec.path: spec for spec in leaf_specs(model_from_json_schema(INVOICE))}

    assert {"seller.name", "buyer.name", "lines[*].amount", "tags[*]"} <= set(specs)
    assert specs["number"].description == "Invoice No"
    assert specs["number"].required
    assert not specs["date"].required
    assert dict(specs["currency"].choices) == {"MYR": "MYR", "CNY": "CNY"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "123", "total": "1", "seller": {"name": "x"}, "sent": None},
        {"number": "12345678", "total": "-1", "seller": {"name": "x"}, "sent": None},
        {"number": "12345678", "total": "1", "seller": {}, "sent": None},
        {"number": "12345678", "total": "1", "seller": {"name": "x"}},
        {"number": "12345678", "total": "1", "seller": {"name": "x"}, "sent": None, "currency": "USD"},
        {"number": "12345678", "total": "1", "seller": {"name": "x"}, "sent": None, "lines": [{"amount": 1}] * 4},
    ],
)
def test_its_limits_hold(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model_from_json_schema(INVOICE).model_validate(wrong)


def test_an_untitled_schema_takes_the_given_name() -> None:
    assert model_from_json_schema({"properties": {"a": {"type": "string"}}}, name="Receipt").__name__ == "Receipt"
    assert build({"a": {"type": "string"}}, title="!!!").__name__ == "Fields"


def test_what_a_person_wrote_for_people_is_no_obstacle() -> None:
    build({"a": {"type": "string", "examples": ["x"], "$comment": "y", "x-mine": 1, "deprecated": True}})


def test_a_limit_of_another_type_says_nothing_as_json_schema_has_it() -> None:
    assert build({"a": {"type": "integer", "minLength": 3}}).model_validate({"a": 1}).model_dump() == {"a": 1}


def test_a_pattern_of_a_date_is_about_its_json_and_not_about_the_page() -> None:
    model = build({"a": {"type": "string", "format": "date", "pattern": "^[0-9-]{10}$", "minLength": 10}})

    assert model.model_validate({"a": dt.date(2024, 3, 27)})


def test_openapis_nullable_is_understood() -> None:
    model = build({"a": {"type": "string", "nullable": True}}, required=["a"])

    assert model.model_validate({"a": None}).model_dump() == {"a": None}


def test_a_pydantic_models_own_schema_comes_back() -> None:
    class Line(BaseModel):
        name: str

    class Bill(BaseModel):
        lines: list[Line] = []
        date: dt.date | None = None

    model = model_from_json_schema(Bill.model_json_schema())

    assert [spec.path for spec in leaf_specs(model)] == ["lines[*].name", "date"]


@pytest.mark.parametrize(
    ("properties", "path", "words"),
    [
        ({"a": {"type": "object"}}, "a", "properties"),
        ({"a": {"type": "string", "contentEncoding": "base64"}}, "a", "contentEncoding"),
        ({"a": {"properties": {"b": {"not": {}}}}}, "a.b", "not"),
        ({"a": {"oneOf": [True]}}, "a", "oneOf"),
        ({"a": {"type": "file"}}, "a", "'file'"),
        ({"a": {}}, "a", "None"),
        ({"a": {"type": ["null"]}}, "a", "besides null"),
        ({"a": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}, "a", "scalar"),
        ({"a": {"anyOf": [{"enum": ["x"]}, {"type": "string"}]}}, "a", "scalar"),
        ({"a": {"type": "string", "x-docr": {"label": ["x"]}}}, "a", "x-docr is wrong: label"),
        ({"a": {"type": "string", "x-docr": 5}}, "a", "x-docr is wrong: it"),
        (
            {"a": {"properties": {"b": {"type": "string"}}, "x-docr-checks": [{"rule": "guess"}]}},
            "a",
            "x-docr-checks is wrong: 0",
        ),
        ({"a": {"type": "array"}}, "a", "items"),
        ({"a": {"type": "array", "items": [{"type": "string"}]}}, "a", "items"),
        ({"a": {"type": "array", "items": {"type": "array", "items": {"type": "x"}}}}, "a[*][*]", "'x'"),
        ({"a": True}, "a", "object"),
        ({"a": {"$ref": "other.json#/x"}}, "a", "into the schema itself"),
        ({"a": {"$ref": "#/$defs/nowhere"}}, "a", "nowhere"),
        ({"a": {"$ref": 5}}, "a", "into the schema itself"),
        ({"a": {"$ref": "#"}}, "a", "into the schema itself"),
        ({"a": {"$ref": "#/properties/a"}}, "a", "contains itself"),
        ({"a": {"enum": []}}, "a", "enum"),
        ({"a": {"enum": "x"}}, "a", "enum"),
        ({"a": {"enum": [1.5]}}, "a", "enum"),
        ({"a": {"const": {"x": 1}}}, "a", "const"),
        ({"a": {"type": "string", "pattern": "("}}, "a", "limits"),
        ({"a": {"type": "number", "minimum": "x"}}, "a", "limits"),
    ],
)
def test_what_cannot_be_filled_says_where(properties: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(SchemaError) as caught:
        build(properties)

    assert caught.value.path == path
    assert words in str(caught.value)


@pytest.mark.parametrize("schema", [{}, {"type": "array"}, {"type": "object", "properties": {}}, {"if": {}}, [], "x"])
def test_the_top_must_be_an_object_with_properties(schema: Any) -> None:
    with pytest.raises(SchemaError):
        model_from_json_schema(schema)


def test_a_schema_that_contains_itself_is_refused() -> None:
    node = {"type": "object", "properties": {"name": {"type": "string"}, "child": {"$ref": "#/$defs/node"}}}

    with pytest.raises(SchemaError) as caught:
        build({"root": {"$ref": "#/$defs/node"}}, **{"$defs": {"node": node}})

    assert caught.value.path == "root.child"


def test_endless_nesting_and_endless_lists_of_properties_are_refused() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(30):
        deep = {"type": "object", "properties": {"a": deep}}
    wide = {f"a{number}": {"type": "string"} for number in range(1001)}

    with pytest.raises(SchemaError, match="deeper"):
        model_from_json_schema(deep)
    with pytest.raises(SchemaError, match="more than 1000"):
        build(wide)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("Invoice No", "Invoice_No"),
        ("class", "class_"),
        ("_a", "a"),
        ("model_dump", "model_dump_"),
        ("2nd", "field_2nd"),
        ("?", "field"),
        ("发票号码", "发票号码"),
    ],
)
def test_any_property_name_becomes_a_field_and_comes_back_in_json(key: str, name: str) -> None:
    model = build({key: {"type": "string"}})

    assert [spec.path for spec in leaf_specs(model)] == [name]
    assert model.model_validate({key: "x"}).model_dump() == {key: "x"}


def test_names_that_become_equal_stay_apart() -> None:
    model = build({"a b": {"type": "string"}, "a-b": {"type": "string"}})

    assert [spec.path for spec in leaf_specs(model)] == ["a_b", "a_b_"]


def test_hints_stand_beside_a_property() -> None:
    hints = {"labels": ["Ref"], "kind": "code", "pattern": "[A-Z]+", "avoid": ["Order"], "derived": True}
    model = build(
        {
            "a": {"type": "string", "x-docr": hints},
            "b": {"type": "array", "items": {"type": "string"}, "x-docr": {"labels": ["B"]}},
        }
    )

    first, second = leaf_specs(model)
    assert (first.labels[0], first.kind, first.pattern) == ("Ref", ValueKind.CODE, "[A-Z]+")
    assert (first.avoid, first.derived) == (("Order",), True)
    assert second.labels[0] == "B"


def test_rules_stand_beside_the_properties() -> None:
    rules = [
        {"rule": "sum", "parts": ["a", "b"], "equals": "c", "optional": ["b"]},
        {"rule": "product", "factors": ["a", "b"], "equals": "c", "percent": ["b"]},
        {"rule": "ordered", "fields": ["a", "b"], "strict": True},
        {"rule": "checksum", "field": "d", "kind": "luhn"},
        {"rule": "capital_amount", "words": "d", "equals": "c"},
    ]
    amounts = {name: {"type": "number"} for name in "abc"}
    model = build({**amounts, "d": {"type": "string"}}, **{"x-docr-checks": rules})

    assert rules_of(model) == (
        Sum(("a", "b"), equals="c", optional=("b",)),
        Product(("a", "b"), equals="c", percent=("b",)),
        Ordered("a", "b", strict=True),
        Checksum("d", "luhn"),
        CapitalAmount("d", equals="c"),
    )


def test_several_scalar_types_are_a_choice_between_them() -> None:
    model = build(
        {
            "a": {"type": ["string", "integer", "null"]},
            "b": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^(?!x)"}]},
        }
    )

    assert [spec.kind for spec in leaf_specs(model)] == [ValueKind.INTEGER, ValueKind.NUMBER]
    assert model.model_validate({"a": "x", "b": "1.50"}).model_dump() == {"a": "x", "b": Decimal("1.50")}


def test_decimals_of_pydantics_own_schema_come_back() -> None:
    class Bill(BaseModel):
        total: Decimal
        tax: Decimal | None = None

    specs = leaf_specs(model_from_json_schema(Bill.model_json_schema()))

    assert [(spec.kind, spec.annotation) for spec in specs] == [(ValueKind.NUMBER, Decimal)] * 2
