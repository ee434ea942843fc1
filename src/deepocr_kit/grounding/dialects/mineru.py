"""MinerU2.5: official prompts and the parser of its layout and recognition answers."""

from __future__ import annotations

import re
from typing import ClassVar

from deepocr_kit.documents import IssueCode, RegionLabel, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._frames import Frame, read_numbers
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["CROP_PROMPTS", "LAYOUT_IMAGE_SIZE", "PROMPTS", "MineruDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: "\nLayout Detection:",
    OcrTask.FREE: "\nText Recognition:",
    OcrTask.FIGURE: "\nImage Analysis:",
}
"""The official prompts of the page and of its crops; all begin with a line break.

Source: ``DEFAULT_PROMPTS`` in ``mineru_vl_utils/mineru_client.py`` of mineru-vl-utils 2.0.7
(opendatalab/mineru-vl-utils). The layout answer has no text: the text of a region comes from a second request with its
crop. Early versions of that package did not ask about figures, so older models may not know that prompt."""

CROP_PROMPTS: dict[RegionLabel, str] = {
    RegionLabel.TABLE: "\nTable Recognition:",
    RegionLabel.FORMULA: "\nFormula Recognition:",
    RegionLabel.PICTURE: PROMPTS[OcrTask.FIGURE],
    RegionLabel.CHART: PROMPTS[OcrTask.FIGURE],
}
"""What to ask of the crop of such a region instead of ``OcrTask.FREE``'s prompt; same source. Tables come as OTSL."""

LAYOUT_IMAGE_SIZE = Size(1036, 1036)
"""The page is squeezed to this size, whatever its aspect, before its layout is asked for; same source."""

_LABELS = {
    "title": RegionLabel.SECTION_HEADER,
    "paragraph_title": RegionLabel.SECTION_HEADER,
    "page_footnote": RegionLabel.FOOTNOTE,
    "aside_text": RegionLabel.TEXT,
    "phonetic": RegionLabel.TEXT,
    "abstract": RegionLabel.TEXT,
    "equation_block": RegionLabel.FORMULA,
    "inline_formula": RegionLabel.FORMULA,
    "formula_number": RegionLabel.FORMULA,
    "ref_text": RegionLabel.REFERENCE,
    "index": RegionLabel.DOCUMENT_INDEX,
    "code_caption": RegionLabel.CAPTION,
    "image_block": RegionLabel.PICTURE,
    "unknown": RegionLabel.OTHER,
}
"""Source: ``BlockType`` in ``mineru_vl_utils/structs.py``, same package, and docling's MinerU2 reader."""

_FRAME = Frame.grid(1000)
"""Source: ``_convert_bbox``, same file: ``num / 1000.0`` per axis."""

_TURNS = {"right": 90, "down": 180, "left": 270}
_TOKENS = Tokens(
    r"<\|(?:box_start|box_end|ref_start|ref_end|rotate_(?:up|right|down|left)|txt_contd(?:_src|_tgt)?|txt_split|md_start"
    r"|md_end|paratext|im_end|im_start|endoftext|(?:class|sub_class|caption|content)_(?:start|end))\|>"
)
_FIGURE = re.compile(
    r"\s*+<\|class_start\|>(?P<kind>[^<]{0,80}+)<\|class_end\|>"
    r"(?:\s*+<\|sub_class_start\|>(?P<sort>[^<]{0,80}+)<\|sub_class_end\|>)?+"
)
"""What a figure is; its other fields follow.

Source: ``IMAGE_CHART_FIELD_TAGS`` in ``post_process/image_analysis_postprocess.py``, same package."""

_TAG = re.compile(
    r"<\|box_start\|>(?P<box>[^<\n]{0,200}+)<\|box_end\|>"
    r"(?:<\|ref_start\|>(?P<ref>(?:[^<\n]|<(?!\|)){0,80}+)<\|ref_end\|>)?+(?:<\|rotate_(?P<turn>[a-z]{2,5})\|>)?+"
    r"|^(?P<bare_box>\d{3,4} \d{3,4} \d{3,4} \d{3,4})[ ]?(?P<bare_ref>[a-z_]{4,20})[ ]*$"
    r"|<\|box_start\|>[\d\s]{0,200}+",
    re.MULTILINE,
)
"""A tag; the second form is what is left of it without special tokens, the third one that is not closed."""

_PLACED = frozenset({"<|box_end|>", "<|ref_start|>", "<|ref_end|>"})


class MineruDialect(BlockDialect):
    """MinerU2.5 and MinerU2.5-Pro.

    ``OcrTask.DOCUMENT`` asks for the layout alone: regions with labels and boxes, and no text. The picture of the page
    has to be squeezed to ``LAYOUT_IMAGE_SIZE`` for it. ``OcrTask.FREE`` reads one crop. ``OcrTask.FIGURE`` describes
    the crop of a figure, with a chart's numbers as a Markdown table; that is one region, and what the figure is called
    stands in ``raw_label``. A region that is turned is said with an issue of severity ``info``. Needs
    ``skip_special_tokens=False``: of the stripped form only boxes with a label alone on a line are read.
    """

    name: ClassVar[str] = "mineru2.5"
    _prompts = PROMPTS
    _words = _LABELS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - boxes are on a grid
        raw_text = answer.raw_text
        end = _TOKENS.whole_end(raw_text)
        tags = list(_TAG.finditer(raw_text, 0, end))
        figure = None if tags else _FIGURE.match(raw_text, 0, end)
        if figure is not None:
            _read_figure(answer, figure, end)
        else:
            _read_tags(answer, tags, 0, end, expected=task is not OcrTask.DOCUMENT)
        if end < len(raw_text):
            answer.cut(end, span=(end, len(raw_text)))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - boxes are on a grid
        def read(answer: Answer, start: int) -> int:
            tags = list(_TAG.finditer(answer.raw_text, start))
            if tags and tags[-1]["bare_box"] is not None and tags[-1].end() == len(answer.raw_text):
                tags.pop()  # it may be the beginning of a longer line
            end = tags.pop().start() if tags else start
            _read_tags(answer, tags, start, end, expected=task is not OcrTask.DOCUMENT)
            return end

        return read


def _read_figure(answer: Answer, figure: re.Match[str], end: int) -> None:
    """Add the figure: its class and subclass are the word for it, everything else is its content."""
    raw_text = answer.raw_text
    words = [word.strip() for word in figure.groups(default="")]
    fields = _TOKENS.pattern.split(raw_text[figure.end() : end])
    answer.region(
        (len(raw_text) - len(raw_text.lstrip()), len(raw_text[:end].rstrip())),
        " ".join(filter(None, words)),
        needs_box=False,
        content="\n\n".join(filter(None, map(str.strip, fields))),
        label=RegionLabel.CHART if words[0].lower() == "chart" else RegionLabel.PICTURE,
    )
    opened = raw_text.rfind("_start|>", 0, end)
    if opened > raw_text.rfind("_end|>", 0, end):
        answer.cut(raw_text.rfind("<|", 0, opened))


def _read_tags(answer: Answer, tags: list[re.Match[str]], start: int, end: int, *, expected: bool) -> None:
    """Add the text before the first tag, and a region for each tag; all of it is text when a crop was read."""
    first = tags[0].start() if tags else end
    _say_stray(answer, start, first)
    answer.untagged(start, first, expected=expected, tokens=_TOKENS)
    for index, tag in enumerate(tags):
        if answer.is_full:
            break
        _region(answer, tag, tags[index + 1].start() if index + 1 < len(tags) else end)


def _region(answer: Answer, tag: re.Match[str], end: int) -> None:
    """Add the region that ``tag`` begins, with the text behind it up to ``end``."""
    content, content_at = _TOKENS.text(answer.raw_text, tag.end(), end)
    is_open = tag["box"] is None and tag["bare_box"] is None
    if is_open and end == len(answer.raw_text) and not content:
        answer.cut(tag.start())
    elif is_open:
        message = "a <|box_start|> is not closed; its tag ends where its numbers end"
        answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, tag.start())
    numbers = read_numbers(tag["box"] or tag["bare_box"] or tag[0])
    region_id = answer.region(
        (tag.start(), end),
        (tag["ref"] or tag["bare_ref"] or "").strip(),
        boxes=(_FRAME.box(numbers),) if numbers else (),
        content=content,
        content_at=content_at,
    )
    degrees = _TURNS.get(tag["turn"] or "")
    if degrees is not None:
        message = f"the text of the region is turned by {degrees} degrees, as the model says"
        answer.note(IssueCode.ORIENTATION, Severity.INFO, message, tag.start(), region_id=region_id)
    _say_stray(answer, tag.end(), end)


def _say_stray(answer: Answer, start: int, end: int) -> None:
    for token in _TOKENS.pattern.finditer(answer.raw_text, start, end):
        if token[0] in _PLACED:
            answer.stray(token.start())
