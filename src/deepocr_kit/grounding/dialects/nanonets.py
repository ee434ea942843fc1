"""Nanonets-OCR: official prompt and the parser of its Markdown answers."""

from __future__ import annotations

from typing import ClassVar

from deepocr_kit.geometry import Size
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._markdown_blocks import read_markdown_blocks
from deepocr_kit.grounding.dialects._markdown_stream import MarkdownBlocks

__all__ = ["PROMPTS", "NanonetsDialect"]

_PROMPT = (
    "Extract the text from the above document as if you were reading it naturally. Return the tables in html format. "
    "Return the equations in LaTeX representation. If there is an image in the document and image caption is not "
    "present, add a small description of the image inside the <img></img> tag; otherwise, add the image caption inside "
    "<img></img>. Watermarks should be wrapped in brackets. Ex: <watermark>OFFICIAL COPY</watermark>. Page numbers "
    "should be wrapped in brackets. Ex: <page_number>14</page_number> or <page_number>9/22</page_number>. Prefer using "
    "☐ and ☑ for check boxes."
)

PROMPTS: dict[OcrTask, str] = {OcrTask.DOCUMENT: _PROMPT, OcrTask.FREE: _PROMPT}
"""The prompt that the models were published with; they know no other one.

Source: "Usage" of the model card of nanonets/Nanonets-OCR-s, read from public copies of it."""


class NanonetsDialect(BlockDialect):
    """Nanonets-OCR-s and Nanonets-OCR2. They give no boxes.

    Answers are Markdown with HTML tables, LaTeX and tags: ``<img>`` with a description, ``<watermark>``,
    ``<page_number>``, ``<signature>``, ``<logo>``; check boxes are ☐ ☑ ☒. Every block becomes a region without a box,
    and a tag's name stands in ``raw_label``.
    """

    name: ClassVar[str] = "nanonets"
    _prompts = PROMPTS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - no tasks, no boxes
        read_markdown_blocks(answer)

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - no tasks, no boxes
        return MarkdownBlocks()
