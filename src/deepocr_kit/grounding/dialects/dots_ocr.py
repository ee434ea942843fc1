"""dots.ocr: official prompts and the parser of its JSON answers."""

from __future__ import annotations

from typing import ClassVar

from deepocr_kit.geometry import Size
from deepocr_kit.grounding._loose_json import read_objects
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._frames import ResizedPixels
from deepocr_kit.grounding.dialects._json_layout import JsonBlocks, read_json_layout
from deepocr_kit.grounding.dialects._markdown_blocks import read_markdown_blocks
from deepocr_kit.grounding.dialects._markdown_stream import MarkdownBlocks

__all__ = ["FACTOR", "MAX_PIXELS", "MIN_PIXELS", "PROMPTS", "DotsOcrDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: (
        "Please output the layout information from the PDF image, including each layout element's bbox, its category, "
        "and the corresponding text content within the bbox.\n"
        "\n"
        "1. Bbox format: [x1, y1, x2, y2]\n"
        "\n"
        "2. Layout Categories: The possible categories are ['Caption', 'Footnote', 'Formula', 'List-item', "
        "'Page-footer', 'Page-header', 'Picture', 'Section-header', 'Table', 'Text', 'Title'].\n"
        "\n"
        "3. Text Extraction & Formatting Rules:\n"
        "    - Picture: For the 'Picture' category, the text field should be omitted.\n"
        "    - Formula: Format its text as LaTeX.\n"
        "    - Table: Format its text as HTML.\n"
        "    - All Others (Text, Title, etc.): Format their text as Markdown.\n"
        "\n"
        "4. Constraints:\n"
        "    - The output text must be the original text from the image, with no translation.\n"
        "    - All layout elements must be sorted according to human reading order.\n"
        "\n"
        "5. Final Output: The entire output must be a single JSON object.\n"
    ),
    OcrTask.FREE: "Extract the text content from this image.",
}
"""The official prompts, byte for byte: ``prompt_layout_all_en`` and ``prompt_ocr``.

Source: ``dots_ocr/utils/prompts.py`` of rednote-hilab/dots.ocr, MIT License, Copyright Xingyin Information Technology
(Shanghai) Co., Ltd."""

FACTOR = 28
"""Sides of the picture that the model sees are multiples of it. Source of the three: ``dots_ocr/utils/consts.py``."""

MIN_PIXELS = 3136
"""Smaller pictures are enlarged before the model sees them."""

MAX_PIXELS = 11289600
"""Larger pictures are made smaller before the model sees them."""


class DotsOcrDialect(BlockDialect):
    """dots.ocr (July 2025), and successors that keep its prompt.

    Answers are ``[{"bbox": [x1, y1, x2, y2], "category": "Text", "text": "..."}, ...]``. Boxes are in pixels of the
    picture *after* the server's own resizing, so ``parse`` needs the size of the page; without it regions have no
    boxes, and an issue says so. Tables are HTML, formulas LaTeX, everything else Markdown; pictures have no text.

    Args:
        min_pixels: As the server is configured; the model's own default.
        max_pixels: The same.

    Raises:
        ValueError: The bounds are not those of a picture.
    """

    name: ClassVar[str] = "dots-ocr"
    _prompts = PROMPTS

    def __init__(self, *, min_pixels: int = MIN_PIXELS, max_pixels: int = MAX_PIXELS) -> None:
        self._pixels = ResizedPixels(min_pixels, max_pixels, FACTOR)

    def __repr__(self) -> str:
        """As it is made."""
        return f"{type(self).__name__}({self._pixels.bounds})"

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:
        if task is OcrTask.FREE:
            read_markdown_blocks(answer)
        else:
            read_json_layout(answer, read_objects(answer.raw_text), self._pixels.frame(size))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:
        return MarkdownBlocks() if task is OcrTask.FREE else JsonBlocks(self._pixels.frame(size))
