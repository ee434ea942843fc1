"""Unlimited-OCR: official prompt and the parser of its answers."""

from __future__ import annotations

import re
from typing import ClassVar

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._coordinates import BoxList, parse_boxes
from deepocr_kit.grounding._labels import KNOWN_LABELS, read_ref
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._frames import FramedBox
from deepocr_kit.grounding.dialects._tokens import PIPE_TOKEN_CUT, Tokens

__all__ = ["MULTI_PAGE_PROMPT", "PROMPTS", "UnlimitedOcrDialect"]

PROMPTS: dict[OcrTask, str] = {OcrTask.DOCUMENT: "document parsing."}
"""The official prompt, without the image placeholder.

Source: README "Inference" and ``infer.py`` (``PROMPT``) of baidu/Unlimited-OCR. No other task is documented."""

MULTI_PAGE_PROMPT = "Multi page parsing."
"""The official prompt for several pages in one request; same source. Its answers hold ``<PAGE>`` between pages."""

_TOKENS = Tokens(
    r"<\|/?(?:ref|det)\|>|<PAGE>|<｜(?:end|begin)▁of▁sentence｜>",
    PIPE_TOKEN_CUT + r"|<｜[a-z▁]{0,24}｜?\Z|<PA?G?E?\Z",
)
_STRIPPED = re.compile(
    rf"^(?P<label>{'|'.join(sorted(KNOWN_LABELS, key=len, reverse=True))})[ ]?(?P<boxes>\[[\d, \[\]]{{7,200}}\])",
    re.MULTILINE,
)
_MARK = re.compile(f"{_TOKENS.pattern.pattern}|{_STRIPPED.pattern}", re.MULTILINE)
_OPEN_TAG = re.compile(r"\s*+(?P<label>[A-Za-z_]{0,40}+)[ ]?+(?P<boxes>\[[\d,. \[\]]{0,2000}+)?+")
_MAX_LABEL_CHARS = 64
"""A longer text before the box list is text, not a label."""


class UnlimitedOcrDialect(BlockDialect):
    """Unlimited-OCR (June 2026), a sibling of DeepSeek-OCR.

    Reads ``<|det|>label [x0, y0, x1, y1]<|/det|>text``, ``<|ref|>words<|/ref|><|det|>[...]<|/det|>``, and the first
    form with its tokens stripped. Coordinates are on DeepSeek's 0..999 grid; what others write about 0..1000 differs
    from it by a thousandth. Several pages in one answer come as one page, with an issue at each ``<PAGE>``.
    """

    name: ClassVar[str] = "unlimited-ocr"
    _prompts = PROMPTS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - boxes are on a grid
        end = _TOKENS.whole_end(answer.raw_text)
        _Reader(answer, task, 0, end).read()
        if end < len(answer.raw_text):
            answer.cut(end, span=(end, len(answer.raw_text)))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - boxes are on a grid
        def read(answer: Answer, start: int) -> int:
            end = _closed_end(answer.raw_text, start)
            _Reader(answer, task, start, end).read()
            return end

        return read


def _closed_end(raw_text: str, start: int) -> int:
    """Where the last mark stands that ends whatever stands before it."""
    end, before = start, ""
    position = start
    for mark in _MARK.finditer(raw_text, start):
        belongs = mark[0] == "<|det|>" and before == "<|/ref|>" and not raw_text[position : mark.start()].strip()
        if not belongs and mark[0] not in ("<|/ref|>", "<|/det|>"):
            end = mark.start()
        before, position = mark[0], mark.end()
    return end


class _Reader:
    """Goes over the marks of a stretch once."""

    def __init__(self, answer: Answer, task: OcrTask, start: int, end: int) -> None:
        self._answer = answer
        self._text = answer.raw_text
        self._task = task
        self._start = start
        self._end = end
        self._marks = list(_MARK.finditer(self._text, start, end))
        self._index = 0

    def read(self) -> None:
        position = self._start
        while self._index < len(self._marks) and not self._answer.is_full:
            mark = self._marks[self._index]
            if mark.start() > position:
                self._answer.untagged(position, mark.start())
            position = self._mark(mark)
        self._answer.untagged(position, self._end)

    def _mark(self, mark: re.Match[str]) -> int:
        """Take the mark and what belongs to it; where that ends."""
        if mark["boxes"] is not None:
            self._index += 1
            return self._region(mark.start(), mark.end(), mark["label"], mark["boxes"])
        if mark[0] == "<|det|>":
            return self._det(mark)
        if mark[0] == "<|ref|>":
            return self._ref(mark)
        self._index += 1
        several = mark[0] == "<PAGE>" and not self._answer.is_empty
        if several or mark[0].startswith("<|/"):
            self._answer.stray(mark.start())
        return mark.end()

    def _next(self, kind: str, after: int, *, adjacent: bool = False) -> re.Match[str] | None:
        """The next mark when it is of this kind, with nothing but white space before it if ``adjacent``."""
        if self._index >= len(self._marks):
            return None
        mark = self._marks[self._index]
        if mark[0] != kind or (adjacent and self._text[after : mark.start()].strip()):
            return None
        self._index += 1
        return mark

    def _det(self, mark: re.Match[str], *, start: int | None = None, words: str = "") -> int:
        start = mark.start() if start is None else start
        self._index += 1
        closer = self._next("<|/det|>", mark.end())
        if closer is not None:
            inside = self._text[mark.end() : closer.start()]
            at = inside.find("[")
            label, boxes = (inside, "") if at < 0 else (inside[:at], inside[at:])
            if len(label) <= _MAX_LABEL_CHARS:
                return self._region(start, closer.end(), label.strip() or words, boxes, has_ref=bool(words))
            self._index -= 1  # text has run into the tag: it ends before its closer
        stop = self._marks[self._index].start() if self._index < len(self._marks) else self._end
        opened = _OPEN_TAG.match(self._text, mark.end(), stop)
        label, boxes, end = (opened["label"], opened["boxes"] or "", opened.end()) if opened else ("", "", mark.end())
        if not boxes and label not in KNOWN_LABELS:
            label, end = "", mark.end()
        if self._index >= len(self._marks) and not self._text[end : self._end].strip():
            self._answer.cut(mark.start())
        else:
            message = "a <|det|> is not closed; its tag ends where its box list ends"
            self._answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, mark.start())
        return self._region(start, end, label or words, boxes, has_ref=bool(words))

    def _ref(self, mark: re.Match[str]) -> int:
        self._index += 1
        closer = self._next("<|/ref|>", mark.end())
        if closer is None:
            message = "a <|ref|> is not closed; what follows was taken for text"
            self._answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, mark.start())
            return mark.end()
        words = self._text[mark.end() : closer.start()]
        det = self._marks[self._index] if self._index < len(self._marks) else None
        if det is None or det[0] != "<|det|>" or self._text[closer.end() : det.start()].strip():
            return self._region(mark.start(), closer.end(), words, "", has_ref=True)
        return self._det(det, start=mark.start(), words=words)

    def _region(self, start: int, tag_end: int, words: str, boxes: str, *, has_ref: bool = False) -> int:
        """Add a region with all text up to the next tag; where that ends."""
        pieces: list[str] = []
        position = tag_end
        while self._index < len(self._marks) and self._marks[self._index][0] in ("<|/ref|>", "<|/det|>"):
            closer = self._marks[self._index]
            pieces.append(self._text[position : closer.start()])
            position = closer.end()
            self._answer.stray(closer.start())
            self._index += 1
        end = self._marks[self._index].start() if self._index < len(self._marks) else self._end
        pieces.append(self._text[position:end])
        joined = "".join(pieces)
        content = joined.strip()
        at = tag_end + len(joined) - len(joined.lstrip())
        word = words.strip()
        if has_ref:
            meaning = read_ref(words, has_content=bool(content), task=self._task)
            word = "" if meaning.is_text else word
            content = f"{words.strip()}\n{content}".strip() if meaning.is_text else content
        listed = boxes.strip()
        # a list of one box is the form that is read fastest
        found = parse_boxes(listed if listed.startswith("[[") else f"[{listed}]") if listed else BoxList(())
        self._answer.region(
            (start, end if content else tag_end),
            word,
            boxes=(*map(FramedBox, found.boxes), FramedBox(None, found.problems)),
            content=content,
            content_at=at if len(pieces) == 1 else None,
        )
        return end
