"""Schemas become trees of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, Optional

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, Field, HttpUrl, RootModel
from typing_extensions import TypeAliasType

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers.fields import (
    FieldHints,
    FieldSpec,
    LeafNode,
    ListNode,
    ObjectNode,
    ValueKind,
    leaf_specs,
    schema_tree,
)


class Payment(Enum):
    CASH = "cash"
    CREDIT_CARD = "card"


class Line(BaseModel):
    name: str
    amount: Decimal | None = None


class Seller(BaseModel):
    name: str
    phone: str | None = None


class Invoice(BaseModel):
    number: Annotated[str, FieldHints(labels=("Ref",), pattern=r"[A-Z]\d+", avoid=("Order Ref",))]
    date: Optional[Annotated[dt.date, FieldHints(labels=("Issued",))]] = None  # noqa: UP045 - hints hide in old spelling too
    seller: Seller
    lines: list[Line] = []
    tags: Sequence[str] = ()
    payment: Payment = Payment.CASH


def spec_of(annotation: Any, name: str = "value", **field: Any) -> FieldSpec:
    model = type("Model", (BaseModel,), {"__annotations__": {name: annotation}, name: Field(**field)})
    (spec,) = leaf_specs(model)
    return spec


def test_leaves_come_in_the_order_of_the_fields_with_their_paths():
    paths = [spec.path for spec in leaf_specs(Invoice)]

    assert paths == [
        "number",
        "date",
        "seller.name",
        "seller.phone",
        "lines[*].name",
        "lines[*].amount",
        "tags[*]",
        "payment",
    ]


def test_the_tree_has_objects_lists_and_leaves():
    tree = schema_tree(Invoice)

    assert isinstance(tree.children["seller"], ObjectNode)
    lines = tree.children["lines"]
    assert isinstance(lines, ListNode)
    assert isinstance(lines.item, ObjectNode)
    assert lines.item.model is Line
    assert isinstance(tree.children["number"], LeafNode)


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (str, ValueKind.TEXT),
        (bool, ValueKind.BOOLEAN),
        (int, ValueKind.INTEGER),
        (float, ValueKind.NUMBER),
        (Decimal, ValueKind.NUMBER),
        (dt.date, ValueKind.DATE),
        (dt.datetime, ValueKind.DATETIME),
        (dt.time, ValueKind.TIME),
        (dt.timedelta, ValueKind.DURATION),
        (Payment, ValueKind.CHOICE),
        (Literal["a", "b"], ValueKind.CHOICE),
        (Decimal | str, ValueKind.NUMBER),
        (str | int | None, ValueKind.INTEGER),
        (HttpUrl, ValueKind.TEXT),
        (Any, ValueKind.TEXT),
    ],
)
def test_the_annotation_gives_the_kind(annotation, kind):
    assert spec_of(annotation).kind is kind


@pytest.mark.parametrize(
    ("name", "description", "kind"),
    [
        ("invoice_no", None, ValueKind.CODE),
        ("invoiceNumber", None, ValueKind.CODE),
        ("phone_number", None, ValueKind.PHONE),
        ("due_date", None, ValueKind.DATE),
        ("pickup_time", None, ValueKind.TIME),
        ("unit_price", None, ValueKind.NUMBER),
        ("x", "发票代码", ValueKind.CODE),
        ("x", "联系电话", ValueKind.PHONE),
        ("x", "开票日期", ValueKind.DATE),
        ("x", "金额(元)", ValueKind.NUMBER),
        ("remark", None, ValueKind.TEXT),
        ("notation", None, ValueKind.TEXT),
    ],
)
def test_the_words_of_a_text_field_guess_what_to_search_for(name, description, kind):
    spec = spec_of(str, name, description=description)

    assert spec.kind is kind
    assert spec.keeps_print


def test_a_hint_overrules_the_guess():
    assert spec_of(Annotated[str, FieldHints(kind=ValueKind.TEXT)], "invoice_no").kind is ValueKind.TEXT


def test_hints_are_found_in_an_optional_and_never_reach_the_json_schema():
    spec = leaf_specs(Invoice)[1]

    assert spec.labels[0] == "Issued"
    assert "Issued" not in str(Invoice.model_json_schema())


def test_labels_come_from_hints_title_alias_description_and_name():
    spec = spec_of(
        Annotated[str, FieldHints(labels=("A",))],
        "amount_due",
        title="B",
        alias="C",
        description="D (in ringgit)/E, as printed",
    )

    assert spec.labels == ("A", "B", "C", "D (in ringgit)", "E", "D", "amount due")


def test_all_string_aliases_count():
    assert spec_of(str, validation_alias=AliasChoices("one", AliasPath("two", 0))).labels == ("one", "value")
    assert spec_of(str, validation_alias=AliasPath("two", 0)).labels == ("value",)


def test_known_fields_get_synonyms_by_name_or_by_chinese_label():
    assert "Grand Total" in spec_of(Decimal, "total").synonyms
    assert "Invoice Code" in spec_of(str, "x", description="发票代码").synonyms
    assert spec_of(str, "unheard_of").synonyms == ()


def test_a_name_in_chinese_is_its_own_label():
    assert spec_of(str, "发票号码").labels == ("发票号码",)


def test_fields_of_a_required_list_item_are_required_by_the_item():
    required = {spec.path: spec.required for spec in leaf_specs(Invoice)}

    assert required["number"]
    assert not required["date"]
    assert not required["seller.phone"]
    assert required["lines[*].name"]


def test_choices_hold_values_and_names_of_an_enum():
    assert ("credit card", Payment.CREDIT_CARD) in {(words.lower(), value) for words, value in spec_of(Payment).choices}
    assert spec_of(IntEnum("Size", ["SMALL"])).kind is ValueKind.CHOICE


def test_a_pattern_comes_from_hints_or_from_field():
    assert leaf_specs(Invoice)[0].pattern == r"[A-Z]\d+"
    assert spec_of(str, pattern=r"^\d{4}$").pattern == r"^\d{4}$"


class Node(BaseModel):
    child: Node | None = None


class Empty(BaseModel):
    pass


class Unfinished(BaseModel):
    other: Missing  # noqa: F821 - the point of the test


class Root(RootModel[str]):
    pass


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (Node, "contains itself"),
        (Seller | Line, "choice between models"),
        (list[str] | Seller, "choice between models"),
        (bytes, "no printed text"),
        (dict[str, str], "no printed text"),
        (object, "no printed text"),
        (list, "one type of item"),
        (tuple[int, str], "one type of item"),
        (Root, "RootModel"),
        (Empty, "no fields"),
        (Annotated[str, FieldHints(pattern="(")], "regular expression"),
    ],
)
def test_a_type_that_no_document_can_fill_is_refused_with_its_path(annotation, words):
    model = type(
        "Model",
        (BaseModel,),
        {"__annotations__": {"value": annotation}, "model_config": {"arbitrary_types_allowed": True}},
    )

    with pytest.raises(SchemaError, match=words) as caught:
        schema_tree(model)
    assert caught.value.path.startswith("value")


def test_a_named_alias_is_the_type_that_it_names():
    amount = TypeAliasType("amount", Annotated[Decimal, FieldHints(labels=("Sum",))])

    spec = spec_of(amount)

    assert spec.annotation is Decimal
    assert spec.labels[0] == "Sum"


def test_a_class_that_pydantic_does_not_know_is_refused():
    class Opaque:
        pass

    model = type(
        "Model",
        (BaseModel,),
        {"__annotations__": {"value": Opaque}, "model_config": {"arbitrary_types_allowed": True}},
    )

    with pytest.raises(SchemaError, match="no printed text"):
        schema_tree(model)


def test_a_model_with_an_unknown_name_in_it_is_refused():
    with pytest.raises(SchemaError, match="Unfinished is not complete"):
        schema_tree(Unfinished)


def test_what_is_no_model_class_is_refused():
    with pytest.raises(SchemaError, match="pydantic model class"):
        schema_tree(dict)


def test_lists_in_lists_are_refused_when_they_are_absurdly_deep():
    annotation: Any = str
    for _ in range(40):
        annotation = list[annotation]

    with pytest.raises(SchemaError, match="deeper"):
        spec_of(annotation)
