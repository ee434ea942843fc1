"""The published JSON Schema.

``DEEPOCR_REGENERATE=1 pytest tests/rendering/test_published_schema.py`` writes it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from format_checks import documents
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from sample_documents import hostile_document, one_of_everything

from deepocr_kit.documents import SCHEMA_VERSION, Document
from deepocr_kit.rendering import render_json, render_json_schema

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "document.schema.json"
VALIDATOR = Draft202012Validator(json.loads(render_json_schema()))


def test_the_published_schema_is_the_current_one() -> None:
    if os.environ.get("DEEPOCR_REGENERATE") == "1":
        PUBLISHED.write_text(render_json_schema(), encoding="utf-8")

    assert PUBLISHED.read_text(encoding="utf-8") == render_json_schema()


def test_it_is_a_schema_and_names_its_version() -> None:
    schema = json.loads(render_json_schema())
    Draft202012Validator.check_schema(schema)

    assert schema["$id"] == f"urn:deepocr_kit:document:{SCHEMA_VERSION}"
    assert schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document(), Document()])
def test_what_is_written_fulfils_it(document: Document) -> None:
    VALIDATOR.validate(json.loads(render_json(document)))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_any_document_fulfils_it(document: Document) -> None:
    VALIDATOR.validate(json.loads(render_json(document)))


def test_what_is_no_document_does_not() -> None:
    broken = json.loads(render_json(one_of_everything()))
    broken["pages"][0]["regions"][0]["label"] = "poem"

    assert not VALIDATOR.is_valid(broken)
    assert not VALIDATOR.is_valid({"pages": []} | {"extra": 1})
