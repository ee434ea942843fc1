"""A document as JSON."""

from __future__ import annotations

import json
import re

from pydantic_core import PydanticSerializationError

from deepocr_kit.documents import Document

__all__ = ["render_json"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def render_json(document: Document, *, indent: int | None = 2) -> str:
    """The document as JSON, which ``Document.model_validate_json`` reads back.

    Lone surrogates, which UTF-8 cannot hold, become U+FFFD; nothing else is changed.

    Args:
        document: What to write.
        indent: Spaces per level; None for one line.
    """
    try:
        return document.model_dump_json(indent=indent)
    except PydanticSerializationError:
        separators = (",", ":") if indent is None else (",", ": ")
        text = json.dumps(
            document.model_dump(mode="json"), ensure_ascii=False, indent=indent, separators=separators, allow_nan=False
        )
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
