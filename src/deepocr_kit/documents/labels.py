"""The closed set of region labels."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RegionLabel", "TextFormat"]


class RegionLabel(StrEnum):
    """What a region is, in docling's label words.

    Source: ``DocItemLabel`` of docling-core. The model's own word is kept in
    ``Region.raw_label``; a word that nothing maps becomes ``OTHER``.
    """

    TITLE = "title"
    SECTION_HEADER = "section_header"
    TEXT = "text"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    PAGE_HEADER = "page_header"
    PAGE_FOOTER = "page_footer"
    TABLE = "table"
    PICTURE = "picture"
    CHART = "chart"
    FORMULA = "formula"
    CODE = "code"
    CHECKBOX_SELECTED = "checkbox_selected"
    CHECKBOX_UNSELECTED = "checkbox_unselected"
    KEY_VALUE_REGION = "key_value_region"
    DOCUMENT_INDEX = "document_index"
    REFERENCE = "reference"
    SEAL = "seal"
    OTHER = "other"


class TextFormat(StrEnum):
    """How ``Region.content`` is written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    LATEX = "latex"
