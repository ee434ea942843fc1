"""GLM-OCR: official prompts, and the parser of its answers and of its toolkit's results."""

from __future__ import annotations

from typing import ClassVar

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect
from deepocr_kit.grounding.dialects._frames import Frame
from deepocr_kit.grounding.dialects._json_answer import JsonForm, add_json_regions
from deepocr_kit.grounding.dialects._prompts import task_prompt
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["CROP_PROMPTS", "PP_DOCLAYOUT_LABELS", "PROMPTS", "GlmOcrDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: (
        "Recognize the text in the image and output in Markdown format. "
        "Preserve the original layout (headings/paragraphs/tables/formulas). "
        "Do not fabricate content that does not exist in the image.\n"
    ),
    OcrTask.FREE: "Text Recognition:",
}
"""The official prompts for a whole page as Markdown and for a piece of text, both without boxes.

Source: ``default_prompt`` (a folded block: its lines are joined by blanks) and ``task_prompt_mapping`` in
``glmocr/config.yaml`` of zai-org/GLM-OCR@1c6bb76."""

CROP_PROMPTS: dict[RegionLabel, str] = {
    RegionLabel.TABLE: "Table Recognition:",
    RegionLabel.FORMULA: "Formula Recognition:",
}
"""What to ask of the crop of such a region; same source. Tables come as HTML."""

PP_DOCLAYOUT_LABELS = {
    "abstract": RegionLabel.TEXT,
    "algorithm": RegionLabel.CODE,
    "aside_text": RegionLabel.TEXT,
    "content": RegionLabel.DOCUMENT_INDEX,
    "display_formula": RegionLabel.FORMULA,
    "inline_formula": RegionLabel.FORMULA,
    "formula_number": RegionLabel.FORMULA,
    "paragraph_title": RegionLabel.SECTION_HEADER,
    "header_image": RegionLabel.PICTURE,
    "footer_image": RegionLabel.PICTURE,
    "number": RegionLabel.PAGE_FOOTER,
    "reference_content": RegionLabel.REFERENCE,
    "vertical_text": RegionLabel.TEXT,
    "vision_footnote": RegionLabel.FOOTNOTE,
}
"""Words of PP-DocLayoutV3, the layout model that GLM-OCR and PaddleOCR-VL are run with, where they are not common.

Source: ``id2label`` in ``glmocr/config.yaml``, same repository."""

_TOKENS = Tokens(r"<\|(?:endoftext|user|assistant|system|observation)\|>|\[gMASK\]<sop>")
_FORM = JsonForm(label=("native_label", "label"), box=("bbox_2d",), content=("content",))
_FRAME = Frame.grid(1000)
"""Of the toolkit's results; their boxes end below 1000 whatever the size of the page (``examples/result``)."""


class GlmOcrDialect(BlockDialect):
    """GLM-OCR (2026).

    The model itself reads crops and gives no boxes: its answer is one region. The results that its toolkit saves (pages
    of ``index, label, content, bbox_2d``, with boxes of a layout model) are read too; several pages of one file come as
    one.
    """

    name: ClassVar[str] = "glm-ocr"
    _words = PP_DOCLAYOUT_LABELS

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:
        """The official prompt for ``OcrTask.DOCUMENT`` and ``OcrTask.FREE``.

        Raises:
            ValueError: Another task, or a query.
        """
        return task_prompt(self.name, PROMPTS, task, query)

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - answers tell themselves
        raw_text = answer.raw_text
        if '"bbox_2d"' in raw_text:
            add_json_regions(answer, _FORM, _FRAME)
            return
        end = _TOKENS.whole_end(raw_text)
        answer.untagged(0, end, expected=True, tokens=_TOKENS)
        if end < len(raw_text):
            answer.cut(end, span=(end, len(raw_text)))

    def _reader(self, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - an answer is one region
        return None
