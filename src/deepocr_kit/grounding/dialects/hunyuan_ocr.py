"""HunyuanOCR: official prompts and the parser of its answers."""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import chain
from typing import ClassVar

from deepocr_kit.documents import RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._loose_objects import pure_end
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader, FormReader
from deepocr_kit.grounding.dialects._frames import Frame, read_numbers
from deepocr_kit.grounding.dialects._json_answer import JsonForm, add_json_regions
from deepocr_kit.grounding.dialects._markdown_blocks import MarkdownReader
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["CROP_PROMPTS", "PROMPTS", "HunyuanOcrDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: (
        "提取文档图片中所有内容用markdown格式表示，表格用html格式表达，文档中公式用latex格式表示，"
        "请按照阅读顺序组织进行全文解析，并输出版式分析信息。"
    ),
    OcrTask.LINES: "检测并识别图片中的文字，将文本坐标格式化输出。",
    OcrTask.FREE: (
        "提取文档图片中正文的所有信息用markdown格式表示，其中页眉、页脚部分忽略，表格用html格式表达，"
        "文档中公式用latex格式表示，按照阅读顺序组织进行解析。"
    ),
    OcrTask.FIGURE: "解析图中的图表，对于流程图使用Mermaid格式表示，其他图表使用Markdown格式表示。",
}
"""The official prompts: ``layout_parse`` (version 1.5), ``spotting_hunyuan``, ``doc_parse`` and ``chart_parse``.

Source: ``TASK_PROMPTS`` in ``inference/utils/tasks.py`` of Tencent-Hunyuan/HunyuanOCR@c55965d. They are to be sent with
an empty system message."""

CROP_PROMPTS: dict[RegionLabel, str] = {
    RegionLabel.TABLE: "把图中的表格解析为HTML。",
    RegionLabel.FORMULA: "识别图片中的公式，用LaTeX格式表示。",
}
"""What to ask of the crop of such a region; same source."""

_LABELS = {
    "section_title": RegionLabel.SECTION_HEADER,
    "para_title": RegionLabel.SECTION_HEADER,
    "heading": RegionLabel.SECTION_HEADER,
    "paragraph_span": RegionLabel.TEXT,
    "para": RegionLabel.TEXT,
    "table_of_contents": RegionLabel.DOCUMENT_INDEX,
}
"""Words of the layout answers where they are not common.

Source: ``_normalize_category`` in ``train_verl/reward/task_scorers/layout.py`` of the same repository@40b26e2."""

_FRAME = Frame.grid(1000)
"""Source: ``denormalize_coordinates`` in ``Hunyuan-OCR-master/utils.py`` there: ``x * width / 1000``."""

_QUAD = r"<(?P<{0}>quad|poly) ?>(?P<{1}>[^<]{{0,400}}+)</(?P={0}) ?>"
_TAG = re.compile(
    r"(?P<meta><hy-meta>\s*+<layout>(?P<label>[^<]{0,80}+)</layout>\s*+"
    + _QUAD.format("m", "meta_box")
    + r"\s*+</hy-meta>)"
    r"|(?P<figure><pFig>(?P<caption>[^<]*+)</pFig>\s*+" + _QUAD.format("f", "figure_box") + ")"
    r"|(?P<ref><ref ?>(?P<words>[^<]*+)</ref ?>\s*+" + _QUAD.format("r", "ref_box") + ")"
)
_PAIR = re.compile(r"\(\d{1,6},\d{1,6}\),\(\d{1,6},\d{1,6}\)(?:,\(\d{1,6},\d{1,6}\)){0,6}+")
_ANY_TAG = r"(?P<tag><(?:hy-meta|pFig|ref ?)>)"
_TAG_OR_JSON = (
    _ANY_TAG
    + r'|(?P<json>"(?:box|bbox)"\s{0,9}:|\A\s*+(?:```json\s*+)?+(?:\[\s*+)?+\{\s*+"(?:text|layout_type)"\s{0,9}:)'
)
_FIRST_TAG = re.compile(_ANY_TAG)
_FIRST_MARK = re.compile(_TAG_OR_JSON)
_BEGINS_JSON = re.compile(r"\s*+(?:```(?:json)?\s*+)?+[\[{]")
_FIRST_OF_LINES = re.compile(rf"{_TAG_OR_JSON}|{_PAIR.pattern}")
_LONGEST_CORNER = len(",(123456,123456)")
_FORM = JsonForm(label=("layout_type",), box=("box", "bbox"), content=("text",), plain=True)
_TOKENS = Tokens(
    r"</?(?:hy-meta|layout|quad|poly|pFig|ref)[ ]?>|</?answer>|<｜[a-z▁_]{1,40}｜>",
    r"</?(?:h|hy|hy-|hy-m|hy-me|hy-met|hy-meta|l|la|lay|layo|layou|layout|q|qu|qua|quad|p|po|pol|poly|pF|pFi|pFig|r|re"
    r"|ref)\Z",
)
_LEFT_OVER = re.compile(r"</?(?:hy-meta|layout|quad|poly|pFig|ref)[ ]?>")


class HunyuanOcrDialect(BlockDialect):
    """HunyuanOCR (November 2025) and HunyuanOCR 1.5.

    Reads layout answers, ``text<hy-meta><layout>label</layout><quad>(x,y),...</quad></hy-meta>``, figures in Markdown,
    ``<pFig>caption</pFig><quad>(x,y),(x,y)</quad>``, spotted lines, ``text(x,y),(x,y)`` and
    ``<ref>text</ref><quad>...</quad>``, and the JSON forms of lines and layout. Everything is on a 0..1000 grid.
    Markdown without tags is read block by block, that of a figure (``OcrTask.FIGURE``) as one region.
    """

    name: ClassVar[str] = "hunyuan-ocr"
    _prompts = PROMPTS
    _words = _LABELS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - boxes are on a grid
        """Bare coordinates behind a text count for ``OcrTask.LINES`` alone."""
        raw_text = answer.raw_text
        form = _form_of(raw_text, task)
        if form is _Form.JSON:
            add_json_regions(answer, _FORM, _FRAME)
        elif form is _Form.LINES or (form is None and task is OcrTask.LINES):
            position = _read_lines(answer, 0, len(raw_text))
            answer.untagged(position, len(raw_text), plain=True)
        else:
            end = _TOKENS.whole_end(raw_text)
            position = _read_tags(answer, 0, end, task)
            _untagged(answer, position, end, task)
            if end < len(raw_text):
                answer.cut(end, span=(end, len(raw_text)))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - boxes are on a grid
        def choose(raw_text: str) -> BlockReader | None:
            form = _form_of(raw_text, task)
            if form is _Form.TAGS:
                return lambda answer, start: _read_tags(answer, start, len(answer.raw_text), task)
            return None if form is None else _closed_json if form is _Form.JSON else _closed_lines

        return FormReader(choose)


class _Form(Enum):
    JSON = auto()
    LINES = auto()
    TAGS = auto()


def _form_of(raw_text: str, task: OcrTask) -> _Form | None:
    """The form of an answer, by the first mark in it; None when it has none. A page may well speak of ``"box":``."""
    marks = _FIRST_MARK if _BEGINS_JSON.match(raw_text) else _FIRST_TAG
    mark = (_FIRST_OF_LINES if task is OcrTask.LINES else marks).search(raw_text)
    if mark is None:
        return None
    return _Form.TAGS if mark["tag"] else _Form.JSON if mark["json"] else _Form.LINES


def _closed_json(answer: Answer, start: int) -> int:
    end = pure_end(answer.raw_text, start)
    add_json_regions(answer, _FORM, _FRAME, start, end)
    return end


def _closed_lines(answer: Answer, start: int) -> int:
    """Read all lines but one whose corners may go on."""
    raw_text = answer.raw_text
    end = start
    for pair in _PAIR.finditer(raw_text, start):
        behind = raw_text[pair.end() : pair.end() + _LONGEST_CORNER]
        if behind and (behind[0] != "," or len(behind) == _LONGEST_CORNER):
            end = pair.end()
    return _read_lines(answer, start, end)


def _read_lines(answer: Answer, position: int, end: int) -> int:
    """``text(x,y),(x,y)`` one after the other; where the last one ends. Brackets inside a text are text."""
    raw_text = answer.raw_text
    for pair in _PAIR.finditer(raw_text, position, end):
        if answer.is_full:
            break
        lead = raw_text[position : pair.start()]
        content = lead.strip()
        start = position + len(lead) - len(lead.lstrip())
        box = _FRAME.box(read_numbers(pair[0], most=16))
        answer.region((start, pair.end()), "", boxes=(box,), content=content, content_at=start, plain=True)
        position = pair.end()
    return position


def _read_tags(answer: Answer, position: int, end: int, task: OcrTask) -> int:
    """Text that a layout tag closes, figures and lines with their own text, Markdown between; where it ends."""
    for tag in _TAG.finditer(answer.raw_text, position, end):
        if answer.is_full:
            break
        if tag["meta"] is None:
            _untagged(answer, position, tag.start(), task)
            _own_text(answer, tag)
        else:
            _closed_text(answer, position, tag)
        position = tag.end()
    return position


def _own_text(answer: Answer, tag: re.Match[str]) -> None:
    """A figure with its caption, or a line."""
    is_figure = tag["figure"] is not None
    words, numbers = (tag["caption"], tag["figure_box"]) if is_figure else (tag["words"], tag["ref_box"])
    at = tag.start("caption" if is_figure else "words") + len(words) - len(words.lstrip())
    answer.region(
        tag.span(),
        "pFig" if is_figure else "",
        boxes=(_FRAME.box(read_numbers(numbers)),),
        content=words.strip(),
        content_at=at,
        plain=not is_figure,
        label=RegionLabel.PICTURE if is_figure else RegionLabel.TEXT,
    )


def _closed_text(answer: Answer, position: int, tag: re.Match[str]) -> None:
    """The text before a layout tag, with the tag's label and box."""
    content, content_at = _TOKENS.text(answer.raw_text, position, tag.start())
    _say_stray(answer, position, tag.start())
    lead = answer.raw_text[position : tag.start()]
    answer.region(
        (position + len(lead) - len(lead.lstrip()), tag.end()),
        tag["label"].strip(),
        boxes=(_FRAME.box(read_numbers(tag["meta_box"])),),
        content=content,
        content_at=content_at,
    )


def _untagged(answer: Answer, start: int, end: int, task: OcrTask) -> None:
    """Text without a tag: the Markdown of a page is read block by block, that of a crop is one region."""
    _say_stray(answer, start, end)
    if task not in (OcrTask.DOCUMENT, OcrTask.FREE):
        answer.untagged(start, end, expected=True, tokens=_TOKENS)
        return
    reader = MarkdownReader(answer, _FRAME)
    for token in chain(_TOKENS.pattern.finditer(answer.raw_text, start, end), (None,)):
        reader.read(start, end if token is None else token.start())
        start = end if token is None else token.end()
    reader.flush_box()


def _say_stray(answer: Answer, start: int, end: int) -> None:
    for token in _LEFT_OVER.finditer(answer.raw_text, start, end):
        answer.stray(token.start())
