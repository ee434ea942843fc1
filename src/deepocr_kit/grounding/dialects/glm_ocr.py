"""GLM-OCR: official prompts, and the parser of its answers and of its toolkit's results."""

from __future__ import annotations

import re
from typing import ClassVar

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader, FormReader
from deepocr_kit.grounding.dialects._frames import Frame
from deepocr_kit.grounding.dialects._json_answer import JsonForm, add_json_regions
from deepocr_kit.grounding.dialects._markdown_blocks import read_markdown_blocks
from deepocr_kit.grounding.dialects._markdown_stream import MarkdownBlocks
from deepocr_kit.grounding.dialects._pp_doclayout_words import PP_DOCLAYOUT_LABELS
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["CROP_PROMPTS", "PROMPTS", "GlmOcrDialect"]

_PROMPT = "Text Recognition:"

PROMPTS: dict[OcrTask, str] = {OcrTask.DOCUMENT: _PROMPT, OcrTask.FREE: _PROMPT}
"""The official prompt for a whole page and for a piece of text, both as Markdown without boxes.

Source: ``task_prompt_mapping`` in ``glmocr/config.yaml`` of glmocr 0.1.5 (zai-org/GLM-OCR). Early versions had a
``default_prompt`` of three sentences for whole pages; it is there no more."""

CROP_PROMPTS: dict[RegionLabel, str] = {
    RegionLabel.TABLE: "Table Recognition:",
    RegionLabel.FORMULA: "Formula Recognition:",
}
"""What to ask of the crop of such a region; same source. Tables come as HTML."""

_TOKENS = Tokens(r"<\|(?:endoftext|user|assistant|system|observation)\|>")
_FORM = JsonForm(label=("native_label", "label"), box=("bbox_2d",), content=("content",))
_FRAME = Frame.grid(1000)
"""Of saved results. Source: ``glmocr/layout/layout_detector.py``, same version: ``int(x1 / image_width * 1000)``."""

_FIRST_OF_JSON = re.compile(r"\s*+(?:```json\s*+)?+[\[{]")
_MAYBE_JSON = re.compile(r"\s*+(?:```json\s*+|`{1,3}+(?:j|js|jso)?+)?+\Z")
"""The beginning of an answer that does not tell yet whether it is JSON."""


class GlmOcrDialect(BlockDialect):
    """GLM-OCR (2026).

    The model gives no boxes. ``OcrTask.DOCUMENT`` reads a page as Markdown, block by block; ``OcrTask.FREE`` reads one
    crop, which is one region. The results that the model's toolkit saves (pages of ``index, label, content, bbox_2d``,
    with boxes of a layout model) are read too; several pages of one file come as one.
    """

    name: ClassVar[str] = "glm-ocr"
    _prompts = PROMPTS
    _words = PP_DOCLAYOUT_LABELS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - boxes are on a grid
        raw_text = answer.raw_text
        if _FIRST_OF_JSON.match(raw_text) and '"bbox_2d"' in raw_text:
            add_json_regions(answer, _FORM, _FRAME)
            return
        end = _TOKENS.whole_end(raw_text)
        if task is OcrTask.DOCUMENT:
            read_markdown_blocks(answer, 0, end)
        else:
            answer.untagged(0, end, expected=True, tokens=_TOKENS)
        if end < len(raw_text):
            answer.cut(end, span=(end, len(raw_text)))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader | None:  # noqa: ARG002 - boxes are on a grid
        """Pages stream unless they may be a saved result; a crop is one region."""

        def choose(raw_text: str) -> BlockReader | None:
            may_be_saved = _MAYBE_JSON.match(raw_text) or _FIRST_OF_JSON.match(raw_text)
            return None if may_be_saved else MarkdownBlocks()

        return FormReader(choose) if task is OcrTask.DOCUMENT else None
