"""Qwen2.5-VL and Qwen3-VL: official prompts and the parser of their HTML, JSON and Markdown answers."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._loose_json import read_objects
from deepocr_kit.grounding._loose_objects import pure_end
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer, label_of
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader, FormReader
from deepocr_kit.grounding.dialects._frames import Frame, ResizedPixels
from deepocr_kit.grounding.dialects._html_layout import HtmlBlocks, HtmlLayout, html_mark, read_html_layout
from deepocr_kit.grounding.dialects._json_layout import JsonBlocks, holds_boxes, read_json_layout
from deepocr_kit.grounding.dialects._markdown_blocks import read_markdown_blocks
from deepocr_kit.grounding.dialects._markdown_stream import MarkdownBlocks

__all__ = ["FACTOR", "MAX_PIXELS", "MIN_PIXELS", "PROMPTS_2_5", "PROMPTS_3", "Qwen3VlDialect", "Qwen25VlDialect"]

_FREE = "Please output only the text content from the image without any additional descriptions or formatting."
_LINES = "Spotting all the text in the image with line-level, and output in JSON format"

PROMPTS_2_5: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: "QwenVL HTML",
    OcrTask.LINES: f"{_LINES}.",
    OcrTask.FREE: _FREE,
}
"""The prompts of Qwen2.5-VL: ``cookbooks/document_parsing.ipynb`` and ``cookbooks/ocr.ipynb`` of
QwenLM/Qwen2.5-VL@f0af299 (Apache License 2.0). The cookbook has a system message as well; the models answer in the same
form without it."""

PROMPTS_3: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: "qwenvl html",
    OcrTask.LINES: f"{_LINES} as [{{'bbox_2d': [x1, y1, x2, y2], 'text_content': 'text'}}, ...].",
    OcrTask.FREE: _FREE,
}
"""The prompts of Qwen3-VL: the same notebooks of QwenLM/Qwen3-VL (Apache License 2.0)."""

FACTOR = 28
"""Sides of the picture that Qwen2.5-VL sees are multiples of it."""

MIN_PIXELS = 3136
"""Smaller pictures are enlarged. Source of both bounds: ``preprocessor_config.json`` of Qwen/Qwen2.5-VL-7B-Instruct."""

MAX_PIXELS = 12845056
"""Larger pictures are made smaller, unless the server is told otherwise (``mm_processor_kwargs`` of vLLM)."""

_WORDS = (
    {
        "image_caption": RegionLabel.PICTURE,
        "image_ocr": RegionLabel.PICTURE,
        "img": RegionLabel.PICTURE,
        "figcaption": RegionLabel.CAPTION,
        "formula.machine_printed": RegionLabel.FORMULA,
        "formula.handwritten": RegionLabel.FORMULA,
        "chemical_formula": RegionLabel.FORMULA,
        "music_sheet": RegionLabel.OTHER,
        "h1": RegionLabel.TITLE,
        "p": RegionLabel.TEXT,
        "pre": RegionLabel.CODE,
    }
    | dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), RegionLabel.SECTION_HEADER)
    | dict.fromkeys(("li", "ul", "ol"), RegionLabel.LIST_ITEM)
)
"""Classes and tags of the QwenVL HTML format: arXiv 2502.13923, section 2.2.1."""


def _word(name: str, attributes: dict[str, str]) -> str:
    """The class where it is a label, else the tag; a ``div``, which says nothing by itself, keeps any class."""
    word = attributes.get("class", "")
    if word and (name == "div" or label_of(word, _WORDS) is not None):
        return word
    return name if label_of(name, _WORDS) is not None else ""


def _is_html(raw_text: str) -> bool:
    """Whether an answer is HTML: the first box in it stands in a tag, not in an object of JSON."""
    mark = html_mark(raw_text)
    if mark is None:
        return False
    return "{" not in raw_text[:mark] or not holds_boxes(read_objects(raw_text[:mark]))


class _QwenVlDialect(BlockDialect):
    """What both generations have in common."""

    _words = _WORDS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:
        """Whether it is HTML, JSON or Markdown is seen from the answer."""
        raw_text = answer.raw_text
        frame = self._frame(size)
        if task is not OcrTask.FREE and _is_html(raw_text):
            read_html_layout(answer, HtmlLayout(_word, _WORDS, frame))
        elif task is not OcrTask.FREE and holds_boxes(found := read_objects(raw_text)):
            read_json_layout(answer, found, frame, plain=task is OcrTask.LINES, free_labels=True)
        else:
            read_markdown_blocks(answer, frame=frame)

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:
        frame = self._frame(size)
        if task is OcrTask.FREE:
            return MarkdownBlocks(frame=frame)

        def choose(raw_text: str) -> BlockReader | None:
            if _is_html(raw_text):
                return HtmlBlocks(HtmlLayout(_word, _WORDS, frame))
            if holds_boxes(read_objects(raw_text, 0, pure_end(raw_text, 0))):
                return JsonBlocks(frame, plain=task is OcrTask.LINES, free_labels=True)
            return None

        return FormReader(choose)

    @abstractmethod
    def _frame(self, size: Size | None) -> Frame | None:
        """The frame of the coordinates on a page of ``size``."""


class Qwen25VlDialect(_QwenVlDialect):
    """Qwen2.5-VL (January 2025).

    Document answers are HTML, ``<h2 data-bbox="x0 y0 x1 y1">...</h2>``; lines are JSON,
    ``{"bbox_2d": [x0, y0, x1, y1], "text_content": "..."}``. Boxes are in pixels of the picture *after* the server's
    own resizing, so ``parse`` needs the size of the page; without it regions have no boxes, and an issue says so.

    Args:
        min_pixels: As the server is configured; the model's own default.
        max_pixels: The same.

    Raises:
        ValueError: The bounds are not those of a picture.
    """

    name: ClassVar[str] = "qwen2.5-vl"
    _prompts = PROMPTS_2_5

    def __init__(self, *, min_pixels: int = MIN_PIXELS, max_pixels: int = MAX_PIXELS) -> None:
        self._pixels = ResizedPixels(min_pixels, max_pixels, FACTOR)

    def __repr__(self) -> str:
        """As it is made."""
        return f"{type(self).__name__}({self._pixels.bounds})"

    def _frame(self, size: Size | None) -> Frame | None:
        return self._pixels.frame(size)


class Qwen3VlDialect(_QwenVlDialect):
    """Qwen3-VL (September 2025).

    The same forms as Qwen2.5-VL, but boxes are on a grid from 0 to 1000 whatever the size of the picture. Answers to
    the prompt "qwenvl markdown" are read too: ``<!-- Table (x0, y0, x1, y1) -->`` stands before each table, which
    is LaTeX, and ``<!-- Image (x0, y0, x1, y1) -->`` in the place of a picture. Source:
    ``cookbooks/document_parsing.ipynb`` and ``cookbooks/omni_recognition.ipynb`` of QwenLM/Qwen3-VL.
    """

    name: ClassVar[str] = "qwen3-vl"
    _prompts = PROMPTS_3

    def _frame(self, size: Size | None) -> Frame | None:  # noqa: ARG002 - the grid does not depend on it
        return Frame.grid(1000)
