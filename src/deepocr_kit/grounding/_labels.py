"""Maps the model's words for regions to the closed set of labels."""

from __future__ import annotations

import re
from typing import NamedTuple

from deepocr_kit.documents import RegionLabel
from deepocr_kit.grounding.dialect import OcrTask

__all__ = ["CAPTION_TARGETS", "KNOWN_LABELS", "RefMeaning", "is_known_label", "read_ref"]

KNOWN_LABELS: dict[str, RegionLabel] = {
    "title": RegionLabel.TITLE,
    "doc_title": RegionLabel.TITLE,
    "sub_title": RegionLabel.SECTION_HEADER,
    "subtitle": RegionLabel.SECTION_HEADER,
    "section_header": RegionLabel.SECTION_HEADER,
    "text": RegionLabel.TEXT,
    "paragraph": RegionLabel.TEXT,
    "list": RegionLabel.LIST_ITEM,
    "list_item": RegionLabel.LIST_ITEM,
    "image": RegionLabel.PICTURE,
    "figure": RegionLabel.PICTURE,
    "picture": RegionLabel.PICTURE,
    "chart": RegionLabel.CHART,
    "table": RegionLabel.TABLE,
    "equation": RegionLabel.FORMULA,
    "formula": RegionLabel.FORMULA,
    "caption": RegionLabel.CAPTION,
    "image_caption": RegionLabel.CAPTION,
    "figure_caption": RegionLabel.CAPTION,
    "figure_title": RegionLabel.CAPTION,
    "table_caption": RegionLabel.CAPTION,
    "table_title": RegionLabel.CAPTION,
    "chart_title": RegionLabel.CAPTION,
    "footnote": RegionLabel.FOOTNOTE,
    "table_footnote": RegionLabel.FOOTNOTE,
    "image_footnote": RegionLabel.FOOTNOTE,
    "header": RegionLabel.PAGE_HEADER,
    "page_header": RegionLabel.PAGE_HEADER,
    "footer": RegionLabel.PAGE_FOOTER,
    "page_footer": RegionLabel.PAGE_FOOTER,
    "page_number": RegionLabel.PAGE_FOOTER,
    "code": RegionLabel.CODE,
    "algorithm": RegionLabel.CODE,
    "reference": RegionLabel.REFERENCE,
    "references": RegionLabel.REFERENCE,
    "seal": RegionLabel.SEAL,
    "stamp": RegionLabel.SEAL,
}
"""Words seen in answers of DeepSeek-OCR, OCR-2 and Unlimited-OCR, words that docling maps
(``docling/utils/deepseekocr_utils.py``), and plain synonyms. The set is open: another word becomes ``OTHER``."""

_PICTURES = frozenset({RegionLabel.PICTURE, RegionLabel.CHART})
_TABLES = frozenset({RegionLabel.TABLE})

CAPTION_TARGETS: dict[str, frozenset[RegionLabel]] = {
    "image_caption": _PICTURES,
    "figure_caption": _PICTURES,
    "chart_title": _PICTURES,
    "table_caption": _TABLES,
    "table_title": _TABLES,
    "figure_title": _PICTURES | _TABLES,
    "caption": _PICTURES | _TABLES,
    "code_caption": frozenset(),
}
"""What a caption can belong to, by the model's word. OCR-2 is reported to write ``figure_title`` above tables too."""

_MAX_LABEL_CHARS = 64
"""A longer text inside ``ref`` is text, not a label."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")


class RefMeaning(NamedTuple):
    """What the words inside a ``ref`` are.

    Attributes:
        label: The region's label.
        raw_label: The model's word; empty when the words are text.
        is_text: The words are the region's text.
        is_unknown: The words are a label that nothing maps.
    """

    label: RegionLabel
    raw_label: str = ""
    is_text: bool = False
    is_unknown: bool = False


_KNOWN_MEANINGS = {name: RefMeaning(label, name) for name, label in KNOWN_LABELS.items()}
_NO_WORDS = RefMeaning(RegionLabel.TEXT)
_IS_TEXT = RefMeaning(RegionLabel.TEXT, is_text=True)
_BY_LINE = frozenset({OcrTask.LINES, OcrTask.LOCATE})


def is_known_label(words: str) -> bool:
    """Whether ``words`` is one of ``KNOWN_LABELS``."""
    return words.strip() in KNOWN_LABELS


def read_ref(words: str, *, has_content: bool, task: OcrTask) -> RefMeaning:
    """Decide whether the words inside a ``ref`` are a label or the text itself.

    A layout answer puts a label there, "OCR this image" and Locate put the
    text. A word of ``KNOWN_LABELS`` is a label, under those two tasks only if
    content follows; another identifier is an unknown label in a layout answer;
    anything else is a label if content follows and text if none does.

    Args:
        words: What stands inside the ``ref``.
        has_content: Whether text follows the box.
        task: What the model had been asked.
    """
    name = words.strip()
    by_line = task in _BY_LINE
    known = _KNOWN_MEANINGS.get(name)
    if known is not None and (has_content or not by_line):
        return known
    if not name:
        return _NO_WORDS
    if by_line or len(name) > _MAX_LABEL_CHARS:
        return _IS_TEXT
    if has_content or _IDENTIFIER.fullmatch(name):
        return RefMeaning(RegionLabel.OTHER, name, is_unknown=True)
    return _IS_TEXT
