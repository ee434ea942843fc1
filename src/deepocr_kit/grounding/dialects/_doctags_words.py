"""The vocabulary of DocTags."""

from __future__ import annotations

import re

from deepocr_kit.documents import RegionLabel
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["ALSO_HTML", "CHARTS", "HEAD", "KINDS", "LABELS", "MARK", "NESTING", "TOKENS"]

LABELS = {
    "title": RegionLabel.TITLE,
    "section_header": RegionLabel.SECTION_HEADER,
    "text": RegionLabel.TEXT,
    "paragraph": RegionLabel.TEXT,
    "list_item": RegionLabel.LIST_ITEM,
    "caption": RegionLabel.CAPTION,
    "footnote": RegionLabel.FOOTNOTE,
    "formula": RegionLabel.FORMULA,
    "page_header": RegionLabel.PAGE_HEADER,
    "page_footer": RegionLabel.PAGE_FOOTER,
    "picture": RegionLabel.PICTURE,
    "chart": RegionLabel.CHART,
    "otsl": RegionLabel.TABLE,
    "table": RegionLabel.TABLE,
    "document_index": RegionLabel.DOCUMENT_INDEX,
    "code": RegionLabel.CODE,
    "checkbox_selected": RegionLabel.CHECKBOX_SELECTED,
    "checkbox_unselected": RegionLabel.CHECKBOX_UNSELECTED,
    "form": RegionLabel.KEY_VALUE_REGION,
    "key_value_region": RegionLabel.KEY_VALUE_REGION,
    "key": RegionLabel.KEY_VALUE_REGION,
    "value": RegionLabel.KEY_VALUE_REGION,
    "reference": RegionLabel.REFERENCE,
    "handwritten_text": RegionLabel.TEXT,
    "smiles": RegionLabel.OTHER,
}
"""Elements that become regions; ``section_header``, ``key`` and ``value`` carry a number.

Source: ``DocumentToken`` in ``docling_core/types/doc/tokens.py`` of docling-core 2.104."""

NESTING = frozenset({"picture", "chart", "otsl", "table", "list_item", "form", "key_value_region", "document_index"})
"""Elements that hold others; any other one ends where the next begins."""

ALSO_HTML = frozenset({"table", "code", "title", "caption", "form"})
"""Closers of these names are text when nothing of the name is open: a page may speak of ``</table>``."""

_CONTAINERS = "doctag|ordered_list|unordered_list|inline|group|picture_group"
_NAMES = "|".join(sorted(LABELS, key=len, reverse=True))
MARK = re.compile(
    rf"<(?P<open>(?P<open_name>{_NAMES})(?:_level)?+(?:_\d{{1,3}})?+)>"
    rf"|</(?P<close>(?:{_NAMES})(?:_level)?+(?:_\d{{1,3}})?+)>"
    rf"|(?P<break><page_break>)|(?P<location><loc_\d{{1,6}}>)"
    rf"|</?(?:{_CONTAINERS})>|<end_of_utterance>|<link_\d{{1,3}}>|\A\s*+Assistant:"
)
HEAD = re.compile(r"(?P<boxes>(?:\s*+<loc_\d{1,6}>)*+)\s*+(?:<(?P<kind>[a-z_]{3,40}|_[A-Za-z+#]{1,20}_)>)?+")
KINDS = frozenset(
    {"other", "natural_image", "photograph", "remote_sensing", "icon", "logo", "signature", "stamp", "qr_code"}
    | {"bar_code", "screenshot", "screenshot_from_computer", "screenshot_from_manual", "ui_element", "picture_group"}
    | {"map", "geographical_map", "topographical_map", "stratigraphic_chart", "cad_drawing", "engineering_drawing"}
    | {"electrical_diagram", "chemistry_structure", "chemistry_molecular_structure", "chemistry_markush_structure"}
    | {"full_page_image", "page_thumbnail", "calendar", "crossword_puzzle", "music", "decoration", "illustration"}
    | {"infographic", "person"}
)
"""What a picture shows, when it is no chart. ``<table>`` and ``<chart>`` are elements here.

Source: ``_PictureClassificationToken``, same file, its legacy tokens included."""

CHARTS = frozenset(
    {"pie_chart", "bar_chart", "stacked_bar_chart", "line_chart", "scatter_chart", "scatter_plot", "box_plot"}
    | {"flow_chart", "heatmap"}
)
TOKENS = Tokens(MARK.pattern, r"<(?:loc_\d{0,6}|/?[a-z_]{1,24}\d{0,3}|_[A-Za-z+#]{1,20})\Z")
