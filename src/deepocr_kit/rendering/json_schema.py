"""The JSON Schema of a document's JSON form."""

from __future__ import annotations

import json

from pydantic.json_schema import GenerateJsonSchema

from deepocr_kit.documents import SCHEMA_VERSION, Document

__all__ = ["render_json_schema"]


def render_json_schema() -> str:
    """The JSON Schema (draft 2020-12) that every output of ``render_json`` fulfils, as JSON text."""
    schema = Document.model_json_schema(mode="serialization")
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:deepocr_kit:document:{SCHEMA_VERSION}",
    }
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"
