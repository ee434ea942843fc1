"""Chandra 1 and 2: official prompts and the parser of their HTML answers."""

from __future__ import annotations

from typing import ClassVar

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._chandra_prompts import PROMPTS_1, PROMPTS_2
from deepocr_kit.grounding.dialects._frames import Frame
from deepocr_kit.grounding.dialects._html_layout import HtmlBlocks, HtmlLayout, read_html_layout

__all__ = ["Chandra1Dialect", "Chandra2Dialect"]

_WORDS = {
    "equation_block": RegionLabel.FORMULA,
    "chemical_block": RegionLabel.FORMULA,
    "list_group": RegionLabel.LIST_ITEM,
    "complex_block": RegionLabel.TEXT,
    "code_block": RegionLabel.CODE,
    "form": RegionLabel.KEY_VALUE_REGION,
    "table_of_contents": RegionLabel.DOCUMENT_INDEX,
    "diagram": RegionLabel.PICTURE,
    "bibliography": RegionLabel.REFERENCE,
    "blank_page": RegionLabel.OTHER,
    "h1": RegionLabel.TITLE,
    "p": RegionLabel.TEXT,
    "div": RegionLabel.TEXT,
    "li": RegionLabel.LIST_ITEM,
    "ul": RegionLabel.LIST_ITEM,
    "ol": RegionLabel.LIST_ITEM,
    "pre": RegionLabel.CODE,
    "img": RegionLabel.PICTURE,
} | dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), RegionLabel.SECTION_HEADER)
"""The labels that the prompts name, and the tags of answers without layout."""


def _word(name: str, attributes: dict[str, str]) -> str:
    return attributes.get("data-label") or (name if name in _WORDS and name != "div" else "")


class _ChandraDialect(BlockDialect):
    """What both versions have in common.

    Blocks are ``<div data-bbox="x0 y0 x1 y1" data-label="Section-Header">...</div>``; tables are HTML, formulas LaTeX
    in ``<math>``, pictures have their description in ``alt``, check boxes are ``<input type="checkbox">``.
    ``OcrTask.FREE`` asks for HTML without layout.
    """

    _frame: ClassVar[Frame]
    _words = _WORDS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - boxes are on a grid
        read_html_layout(answer, self._layout(task))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - boxes are on a grid
        return HtmlBlocks(self._layout(task))

    def _layout(self, task: OcrTask) -> HtmlLayout:
        return HtmlLayout(_word, _WORDS, self._frame, needs_box=task is OcrTask.DOCUMENT)


class Chandra1Dialect(_ChandraDialect):
    """Chandra (October 2025). Boxes are ``[x0, y0, x1, y1]`` on a grid from 0 to 1024.

    Source: ``bbox_scale`` in ``chandra/settings.py`` and ``parse_layout`` in ``chandra/output.py`` of
    datalab-to/chandra (chandra-ocr 0.1).
    """

    name: ClassVar[str] = "chandra-1"
    _prompts = PROMPTS_1
    _frame = Frame.grid(1024)


class Chandra2Dialect(_ChandraDialect):
    """Chandra 2 (March 2026). Boxes are ``x0 y0 x1 y1`` on a grid from 0 to 1000.

    Source: ``BBOX_SCALE`` in ``chandra/settings.py`` and ``parse_layout`` in ``chandra/output.py``, chandra-ocr 0.2.0.
    """

    name: ClassVar[str] = "chandra-2"
    _prompts = PROMPTS_2
    _frame = Frame.grid(1000)
