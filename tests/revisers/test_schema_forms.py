"""Every form of a pydantic model can be filled, and nothing but descriptions of it reaches a model."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypeVar
from uuid import UUID

import pytest
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    NaiveDatetime,
    PastDate,
    computed_field,
    conlist,
    field_validator,
    model_validator,
)

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers import FieldHints, OpenAIReviser, ValueKind, leaf_specs, model_from_json_schema, revision_of
from deepocr_kit.revisers.fields import schema_tree
from deepocr_kit.revisers.wire import wire_schema
from deepocr_kit.testing import Answer, ScriptedLlmReviser, VllmServer, build_document

PAGE = build_document(
    "ACME STORES\nDate: 27/03/2024 22:20\nTea 2 4.50 9.00\nMilk 3 1.25 3.75\nTotal RM 12.75\nPaid by card\n"
    "https://acme.example/r\n3f2504e0-4f89-11d3-9a0c-0305e82c3301\nsmall\n45 min"
)


class Color(Enum):
    RED = "small"
    BLUE = "large"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


Money = NewType("Money", Decimal)
Item = TypeVar("Item")


class Line(BaseModel):
    name: str
    amount: Decimal


class Rows(BaseModel, Generic[Item]):
    rows: list[Item]


class Base(BaseModel):
    company: str


class Child(Base):
    total: Decimal


class Computed(BaseModel):
    net: Decimal

    @computed_field
    @property
    def gross(self) -> Decimal:
        return self.net * 2


class Aliased(BaseModel):
    total: Decimal = Field(alias="grandTotal")
    company: str = Field(validation_alias=AliasChoices("shop", "store"), serialization_alias="vendor")


class Validated(BaseModel):
    company: str

    @field_validator("company", mode="after")
    @classmethod
    def _title(cls, value: str) -> str:
        return value.title()

    @model_validator(mode="after")
    def _whole(self) -> Validated:
        assert self.company
        return self


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    total: Decimal
    date: dt.date
    color: Color
    lines: list[Line]
    pair: tuple[str, ...] = ()
    kinds: set[str] = set()


def one(annotation: Any, **field: Any) -> type[BaseModel]:
    return type("One", (BaseModel,), {"__annotations__": {"value": annotation}, "value": Field(**field)})


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (str, "ACME STORES", "ACME STORES"),
        (Decimal, "RM 12.75", Decimal("12.75")),
        (float, "12.75", 12.75),
        (int, "2", 2),
        (bool, "yes", True),
        (dt.date, "27/03/2024", dt.date(2024, 3, 27)),
        (dt.time, "22:20", dt.time(22, 20)),
        (dt.datetime, "27/03/2024 22:20", dt.datetime(2024, 3, 27, 22, 20)),
        (dt.timedelta, "45 min", dt.timedelta(minutes=45)),
        (PastDate, "27/03/2024", dt.date(2024, 3, 27)),
        (NaiveDatetime, "27/03/2024 22:20", dt.datetime(2024, 3, 27, 22, 20)),
        (Color, "small", Color.RED),
        (Level, "2", Level.HIGH),
        (Literal["card", "cash"], "card", "card"),
        (Literal["card", None], "", None),
        (Literal[1, 2], "2", 2),
        (Optional[Decimal], "12.75", Decimal("12.75")),  # noqa: UP045 - the old spelling, too
        (Decimal | None, "", None),
        (Decimal | str, "small", "small"),
        (Annotated[Decimal, Field(gt=0, max_digits=6)], "12.75", Decimal("12.75")),
        (Annotated[str, Field(max_length=12), FieldHints(labels=("Shop",))], "ACME STORES", "ACME STORES"),
        (Money, "12.75", Decimal("12.75")),
        (HttpUrl, "https://acme.example/r", HttpUrl("https://acme.example/r")),
        (UUID, "3f2504e0-4f89-11d3-9a0c-0305e82c3301", UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301")),
    ],
)
def test_a_value_of_every_type_is_filled_from_print(annotation: Any, text: str, value: Any) -> None:
    revision = revision_of(PAGE, one(annotation), {"value": text})

    assert revision.value is not None
    assert revision.value.value == value


@pytest.mark.parametrize(
    ("annotation", "answer", "value"),
    [
        (list[str], ["small", "ACME STORES"], ["small", "ACME STORES"]),
        (list[list[Decimal]], [["4.50", "9.00"], ["1.25"]], [[Decimal("4.50"), Decimal("9.00")], [Decimal("1.25")]]),
        (tuple[int, ...], ["2", "3"], (2, 3)),
        (set[str], ["small"], {"small"}),
        (conlist(Line, min_length=1), [{"name": "Tea", "amount": "9.00"}], [Line(name="Tea", amount=Decimal(9))]),
        (list[Line] | None, None, None),
        (
            Rows[Line],
            {"rows": [{"name": "Tea", "amount": "9.00"}]},
            Rows[Line](rows=[Line(name="Tea", amount=Decimal(9))]),
        ),
        (Rows[Decimal], {"rows": ["9.00"]}, Rows[Decimal](rows=[Decimal(9)])),
        (list[Rows[str]], [{"rows": ["Tea"]}, {"rows": ["Milk"]}], [Rows[str](rows=["Tea"]), Rows[str](rows=["Milk"])]),
        (Child, {"company": "ACME STORES", "total": "12.75"}, Child(company="ACME STORES", total=Decimal("12.75"))),
        (Validated, {"company": "ACME STORES"}, Validated(company="Acme Stores")),
        (
            Aliased,
            {"total": "12.75", "company": "ACME STORES"},
            Aliased(grandTotal=Decimal("12.75"), shop="ACME STORES"),
        ),
    ],
)
def test_lists_and_models_within_each_other_are_filled(annotation: Any, answer: Any, value: Any) -> None:
    revision = revision_of(PAGE, one(annotation, default=None), {"value": answer})

    assert revision.value is not None
    assert revision.value.value == value


def test_computed_fields_are_not_asked_for() -> None:
    revision = revision_of(PAGE, Computed, {"net": "4.50"})

    assert list(revision.fields) == ["net"]
    assert revision.value is not None
    assert revision.value.gross == Decimal("9.00")


def test_defaults_stand_for_what_is_not_printed() -> None:
    class WithDefaults(BaseModel):
        currency: str = "MYR"
        tags: list[str] = Field(default_factory=lambda: ["x"])
        line: Line = Line(name="none", amount=Decimal(0))

    assert revision_of(PAGE, WithDefaults, {}).value == WithDefaults()


def test_a_closed_strict_frozen_model_is_filled() -> None:
    answers = {
        "total": "12.75",
        "date": "27/03/2024",
        "color": "small",
        "lines": [{"name": "Tea", "amount": "9.00"}],
        "pair": ["Tea", "Milk"],
        "kinds": ["small"],
    }

    value = revision_of(PAGE, Closed, answers).value

    assert value is not None
    assert (value.color, value.pair, value.kinds) == (Color.RED, ("Tea", "Milk"), {"small"})


@pytest.mark.parametrize("annotation", [Rows, dict[str, Decimal], Line | Child, list[Line | Child]])
def test_what_no_print_can_fill_is_refused_before_anything_is_asked(annotation: Any) -> None:
    with pytest.raises(SchemaError):
        leaf_specs(one(annotation))


class Plain(BaseModel):
    """A model as most people write it: names, types and a few descriptions."""

    seller: str = Field(description="Name of the shop")
    when: dt.date = Field(description="Date")
    sum: Decimal = Field(description="Total")


def test_a_plain_model_with_descriptions_has_labels_and_kinds() -> None:
    revision = revision_of(PAGE, Plain, {"seller": "ACME STORES", "when": "2024-03-27", "sum": "12.75"})

    assert [spec.kind for spec in leaf_specs(Plain)] == [ValueKind.TEXT, ValueKind.DATE, ValueKind.NUMBER]
    assert revision.fields["sum"].grade == "found_labelled"
    assert revision.fields["when"].grade == "found_labelled"


HINTS = FieldHints(
    labels=("SECRETLABEL",), kind=ValueKind.PHONE, pattern=r"SECRETPATTERN|\d+", avoid=("SECRETAVOID",), derived=True
)


class Part(BaseModel):
    code: Annotated[str, Field(description="the code"), HINTS]


class Hinted(BaseModel):
    first: Annotated[str, HINTS]
    second: Optional[Annotated[Decimal, HINTS]] = None  # noqa: UP045 - hints hide in old spelling too
    parts: list[Part] = []
    many: Annotated[list[str], HINTS] = []


FROM_FILE = model_from_json_schema(
    {
        "properties": {
            "first": {
                "type": "string",
                "x-docr": {
                    "labels": ["SECRETLABEL"],
                    "pattern": r"SECRETPATTERN|\d+",
                    "kind": "phone",
                    "avoid": ["SECRETAVOID"],
                },
            }
        },
        "required": ["first"],
        "x-docr-checks": [{"rule": "checksum", "field": "first", "kind": "luhn"}],
    }
)


def leaks(sent: str) -> list[str]:
    return [word for word in ("SECRET", "phone", "PHONE", "derived", "x-docr", "luhn") if word in sent]


@pytest.mark.anyio
@pytest.mark.parametrize("schema", [Hinted, FROM_FILE])
async def test_nothing_of_the_hints_stands_in_any_question(schema: type[BaseModel]) -> None:
    reviser = ScriptedLlmReviser({"first": {"text": "no such form", "src": []}})
    await reviser.revise(PAGE, schema)

    assert len(reviser.requests) > 1  # the first question and one for the field that failed
    for request in reviser.requests:
        assert not leaks(request.system + request.user + json.dumps(request.wire_schema))


@pytest.fixture
def server() -> Iterator[VllmServer]:
    with VllmServer(Answer('{"first": {"text": "", "src": []}}'), model="demo") as server:
        yield server


@pytest.mark.anyio
async def test_nothing_of_the_hints_goes_over_the_wire(server: VllmServer) -> None:
    async with OpenAIReviser(server.base_url, "demo", api_key="test-key") as reviser:
        revision = await reviser.revise(PAGE, Hinted)

    assert server.requests
    assert not [leak for request in server.requests for leak in leaks(json.dumps(request.body))]
    assert not leaks(revision.exchanges[0].request)


SCHEMAS = (Hinted, Plain, Closed, Aliased, Computed, Rows[Line], FROM_FILE, one(list[list[Line]]))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_wire_schema_has_only_what_every_server_takes(schema: type[BaseModel]) -> None:
    def check(node: Any) -> None:
        assert node.keys() <= {"type", "properties", "required", "items", "description"}
        for inner in (*node.get("properties", {}).values(), *([node["items"]] if "items" in node else [])):
            check(inner)

    wire = wire_schema(schema_tree(schema))

    assert list(wire) == ["type", "properties", "required"]
    check(wire)
