"""PaddleOCR-VL: official prompts, and the parser of its answers and of its pipeline's results."""

from __future__ import annotations

import re
from typing import ClassVar

from deepocr_kit.documents import IssueCode, RegionLabel, Severity, TextFormat
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._content import Content
from deepocr_kit.grounding._plain_text import inline_text
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._frames import Frame, FramedBox
from deepocr_kit.grounding.dialects._json_answer import JsonForm, add_json_regions
from deepocr_kit.grounding.dialects._pp_doclayout_words import PP_DOCLAYOUT_LABELS
from deepocr_kit.grounding.dialects._tokens import Tokens

__all__ = ["CROP_PROMPTS", "PROMPTS", "PaddleOcrVlDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.FREE: "OCR:",
    OcrTask.FIGURE: "Chart Recognition:",
    OcrTask.LINES: "Spotting:",
}
"""The official prompts; ``Spotting:`` since version 1.5.

Source: ``paddlex/inference/pipelines/paddleocr_vl/pipeline.py`` of paddlex 3.7.2."""

CROP_PROMPTS: dict[RegionLabel, str] = {
    RegionLabel.TABLE: "Table Recognition:",
    RegionLabel.FORMULA: "Formula Recognition:",
    RegionLabel.CHART: "Chart Recognition:",
    RegionLabel.SEAL: "Seal Recognition:",
}
"""What to ask of the crop of such a region; same source. Tables come as OTSL."""

_FRAME = Frame.grid(1000)
"""Of the location tokens, ``<|LOC_0|>`` to ``<|LOC_1000|>``.

Source: ``post_process_for_spotting`` in ``uilts.py`` (sic), same folder: ``p[0] / 1000.0 * w``."""

_TOKENS = Tokens(r"<\|(?:TEXT_START|TEXT_END|LOC_BEGIN|LOC_END|LOC_SEP|LOC_\d{1,6}|end_of_sentence|im_end)\|>|</s>")
_LOCATIONS = re.compile(
    r"(?:<\|LOC_BEGIN\|>\s*+)?+(?>(?:<\|LOC_\d{1,6}\|>|<\|LOC_SEP\|>)\s*+)++(?:<\|LOC_END\|>)?+", re.IGNORECASE
)
_LOCATION = re.compile(r"LOC_(\d{1,6})")
_FIRST_MARK = re.compile(r'"(?:parsing_res_list|block_bbox)"|<\|(?i:LOC_)')
_LONGEST_TOKEN = len("<|LOC_123456|>")
_MAX_BOXES = 1000
_FORM = JsonForm(label=("block_label",), box=("block_bbox",), content=("block_content",))
_SIDE = {side: re.compile(rf'"{side}"\s{{0,9}}:\s{{0,9}}(\d{{1,6}})\b') for side in ("width", "height")}


class PaddleOcrVlDialect(BlockDialect):
    """PaddleOCR-VL 0.9B, 1.5 and 1.6.

    ``OcrTask.LINES`` gives lines with the four corners of each, on a 0..1000 grid; the other tasks read a crop, or a
    whole page without boxes. Also reads what the pipeline saves (``parsing_res_list``), whose boxes are pixels of the
    page: its own ``width`` and ``height`` count, then ``size``. Needs ``skip_special_tokens=False`` for lines.
    """

    name: ClassVar[str] = "paddleocr-vl"
    _prompts = PROMPTS
    _words = PP_DOCLAYOUT_LABELS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:
        """``size`` is for saved results of the pipeline alone."""
        raw_text = answer.raw_text
        if _is_saved(raw_text):
            add_json_regions(answer, _FORM, _page_frame(answer, size))
            return
        end = _TOKENS.whole_end(raw_text)
        position = _read_lines(answer, 0, end)
        answer.untagged(position, end, expected=task is not OcrTask.LINES, tokens=_TOKENS)
        if end < len(raw_text):
            answer.cut(end, span=(end, len(raw_text)))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - saved results are no stream
        return _read_closed


def _is_saved(raw_text: str) -> bool:
    """Whether it is a result of the pipeline: JSON from the beginning, whose keys come before any location."""
    mark = _FIRST_MARK.search(raw_text) if raw_text.lstrip().startswith(("{", "[")) else None
    return mark is not None and mark[0].startswith('"')


def _read_closed(answer: Answer, start: int) -> int:
    """Read all lines but one whose locations may go on."""
    raw_text = answer.raw_text
    if start == 0 and _is_saved(raw_text):
        return start
    end = start
    for match in _LOCATIONS.finditer(raw_text, start):
        behind = raw_text[match.end() : match.end() + _LONGEST_TOKEN]
        if behind and (behind[0] != "<" or len(behind) == _LONGEST_TOKEN):
            end = match.end()
    _read_lines(answer, start, end)
    return end


def _read_lines(answer: Answer, position: int, end: int) -> int:
    """Text, then its location; where the last location ends."""
    raw_text = answer.raw_text
    for match in _LOCATIONS.finditer(raw_text, position, end):
        if answer.is_full:
            break
        content, content_at = _TOKENS.text(raw_text, position, match.start())
        lead = raw_text[position : match.start()]
        start = position + len(lead) - len(lead.lstrip())
        answer.region(
            (start, match.end()),
            "",
            boxes=_boxes(match[0]),
            content=content,
            content_at=content_at,
            read=Content(inline_text(content), TextFormat.PLAIN),
        )
        position = match.end()
    return position


def _boxes(locations: str) -> list[FramedBox]:
    """Eight numbers for each quadrangle, or four for one box."""
    numbers = [float(match[1]) for match in _LOCATION.finditer(locations)]
    if len(numbers) == 4:
        return [_FRAME.box(numbers)]
    boxes = [_FRAME.box(numbers[at : at + 8]) for at in range(0, min(len(numbers), 8 * _MAX_BOXES) - 7, 8)]
    if len(numbers) % 8 or not numbers:
        boxes.append(FramedBox(None, (IssueCode.MALFORMED_COORDINATES,)))
    if len(numbers) > 8 * _MAX_BOXES:
        boxes.append(FramedBox(None, (IssueCode.LIMIT_REACHED,)))
    return boxes


def _page_frame(answer: Answer, size: Size | None) -> Frame:
    """Of a saved result: its own size, else the page's, else a guess from its largest coordinates."""
    sides = [_SIDE[side].search(answer.raw_text) for side in ("width", "height")]
    if sides[0] and sides[1] and int(sides[0][1]) and int(sides[1][1]):
        return Frame(int(sides[0][1]), int(sides[1][1]))
    if size is not None:
        return Frame.pixels(size)
    message = "the boxes are pixels of a page whose size is not known; the grid 0..1000 was taken"
    answer.note(IssueCode.MALFORMED_COORDINATES, Severity.WARNING, message, 0)
    return _FRAME
