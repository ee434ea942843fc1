"""DocTags of SmolDocling and Granite-Docling: official prompts and the parser."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

from deepocr_kit.documents import IssueCode, RegionLabel, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._assembler import MAX_REGIONS
from deepocr_kit.grounding._coordinates import MAX_BOXES
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._doctags_words import ALSO_HTML, CHARTS, HEAD, KINDS, LABELS, MARK, NESTING, TOKENS
from deepocr_kit.grounding.dialects._frames import Frame, FramedBox

__all__ = ["CROP_PROMPTS", "PROMPTS", "DocTagsDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: "Convert this page to docling.",
    OcrTask.FIGURE: "Convert chart to table.",
}
"""The official prompts of both models.

Source: "Supported Instructions" of the model cards of SmolDocling-256M-preview and granite-docling-258M, and table 6 of
the SmolDocling paper."""

CROP_PROMPTS: dict[RegionLabel, str] = {
    RegionLabel.TABLE: "Convert table to OTSL.",
    RegionLabel.FORMULA: "Convert formula to LaTeX.",
    RegionLabel.CODE: "Convert code to text.",
    RegionLabel.CHART: "Convert chart to table.",
}
"""What to ask of the crop of such a region; same source."""

_FRAME = Frame.grid(500)
"""Source: ``DocumentToken.get_location_token`` in ``docling_core/types/doc/tokens.py`` of docling-project/docling-core:
``round(500 * share)``, at most 499."""

_LOCATION = re.compile(r"\d{1,6}")


class DocTagsDialect(BlockDialect):
    """DocTags, the markup of SmolDocling and Granite-Docling.

    Elements with ``<loc_x0><loc_y0><loc_x1><loc_y1>`` on a 0..500 grid; tables and charts as OTSL; captions stand
    inside of what they caption and become regions of their own. Needs ``skip_special_tokens=False``. Several pages in
    one answer come as one page, with an issue at each ``<page_break>``.
    """

    name: ClassVar[str] = "doctags"
    _prompts = PROMPTS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - boxes are on a grid
        reader = _Reader(answer, 0)
        reader.read()
        reader.give(bare=task is not OcrTask.DOCUMENT)

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - boxes are on a grid
        def read(answer: Answer, start: int) -> int:
            reader = _Reader(answer, start)
            end = reader.read_closed()
            reader.give(bare=task is not OcrTask.DOCUMENT)
            return end

        return read


@dataclass(slots=True)
class _Element:
    """An element; ``pieces`` are the stretches of its content that no other element holds."""

    name: str
    start: int
    at: int
    end: int = 0
    parent: _Element | None = None
    kind: str = ""
    boxes: list[FramedBox] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    id: str = ""


@dataclass(slots=True)
class _Found:
    """What becomes a region: the content of a piece, or an element without any."""

    span: tuple[int, int]
    content: str = ""
    content_at: int | None = None
    element: _Element | None = None


class _Reader:
    """Goes over the marks once, with a stack of open elements."""

    def __init__(self, answer: Answer, start: int) -> None:
        self._answer = answer
        self._text = answer.raw_text
        self._stack: list[_Element] = []
        self._open: Counter[str] = Counter()
        self._elements: list[_Element] = []
        self._loose: list[tuple[int, int]] = []
        self._loose_at = start
        self._dropped: list[tuple[int, int]] = []
        self._end = start

    def read(self) -> None:
        """Find all elements and the text outside of them."""
        end = self._marks(TOKENS.whole_end(self._text))
        self._end = end
        if self._stack and end == len(self._text):
            self._answer.cut(self._stack[-1].start)
        while self._stack:
            self._close(end, end)
        self._loose.append((self._loose_at, end))

    def read_closed(self) -> int:
        """Find the elements that are closed and the text before them; where they end."""
        start = self._end
        self._marks(len(self._text))
        end = self._loose_at if self._answer.has_room(len(self._elements)) else start
        self._elements = [element for element in self._elements if element.start < end]
        self._loose = [stretch for stretch in self._loose if stretch[1] <= end]
        self._end = len(self._text)
        return end

    def _marks(self, end: int) -> int:
        """Go over the marks; where that ended."""
        position = self._end
        while (mark := MARK.search(self._text, position, end)) is not None:
            if len(self._elements) > MAX_REGIONS:
                end = mark.start()  # the answer is full before that; what follows stands in one issue
                break
            position = mark.end()
            if mark["open"]:
                position = self._opens(mark, end)
            elif mark["close"]:
                self._closes(mark)
            else:
                self._drop(mark)
        return end

    def _drop(self, mark: re.Match[str]) -> None:
        """Markup that is no element."""
        self._dropped.append(mark.span())
        is_late_break = mark["break"] and bool(self._elements)
        if is_late_break or (mark["location"] and not (self._stack and self._stack[-1].name == "otsl")):
            self._answer.stray(mark.start())

    def _opens(self, mark: re.Match[str], end: int) -> int:
        before = self._text[max(mark.start() - 1, 0) : mark.start()]
        if self._stack and before not in "\n>" and not self._text.startswith("<loc_", mark.end()):
            return mark.end()  # a page may speak of <table>
        if self._stack and self._stack[-1].name not in NESTING and mark["open"] != "caption":
            self._unclosed()
            self._close(mark.start(), mark.start())
        parent = self._stack[-1] if self._stack else None
        if parent is None:
            self._loose.append((self._loose_at, mark.start()))
        else:
            parent.pieces.append((parent.at, mark.start()))
        element = _Element(mark["open"], mark.start(), mark.end(), parent=parent)
        head = HEAD.match(self._text, mark.end(), end)
        if head is not None:
            kind = head["kind"] or ""
            is_known = kind in KINDS or kind in CHARTS or kind.startswith("_")
            element.kind = kind if is_known else ""
            element.at = head.end() if is_known else head.end("boxes")
            element.boxes = _boxes(head["boxes"]) if head["boxes"] else []
        self._stack.append(element)
        self._elements.append(element)
        self._open[element.name] += 1
        return element.at

    def _closes(self, mark: re.Match[str]) -> None:
        name = mark["close"]
        if not self._open[name]:
            if name not in ALSO_HTML:
                self._dropped.append(mark.span())
                self._answer.stray(mark.start())
            return
        while self._stack[-1].name != name:
            self._unclosed()
            self._close(mark.start(), mark.start())
        self._close(mark.start(), mark.end())

    def _unclosed(self) -> None:
        element = self._stack[-1]
        message = f"<{element.name}> is not closed; it ends where the next element begins or the one around it ends"
        self._answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, element.start)

    def _close(self, content_end: int, end: int) -> None:
        element = self._stack.pop()
        self._open[element.name] -= 1
        element.pieces.append((element.at, max(content_end, element.at)))
        element.end = max(end, element.at)
        if element.parent is None:
            self._loose_at = element.end
        else:
            element.parent.at = element.end

    def give(self, *, bare: bool) -> None:
        """Hand over all regions in the order of the text.

        Args:
            bare: Text without an element is what was asked for.
        """
        found = [item for element in self._elements for item in self._of_element(element)]
        found += [_Found((start, end), *self._content(start, end)) for start, end in self._loose]
        found = sorted((item for item in found if item.content or item.element), key=lambda item: item.span)
        for number, item in enumerate(found, start=1):
            if item.element is not None and self._answer.has_room(number):
                item.element.id = self._answer.id_of(number)
        for item in found:
            if item.element is None:
                self._untagged(item, bare=bare)
            else:
                self._region(item, item.element)
        if self._end < len(self._text):
            self._answer.cut(self._end, span=(self._end, len(self._text)))

    def _of_element(self, element: _Element) -> list[_Found]:
        """The element with its longest piece; what stands in other pieces is text without an element."""
        items = [_Found(piece, *self._content(*piece)) for piece in element.pieces]
        main = max(items, key=lambda item: len(item.content))
        main.element = element
        start = element.start if main is items[0] or not main.content else main.span[0]
        end = element.end if main is items[-1] else main.span[1]
        main.span = (start, max(items[0].span[0], end) if main.content else items[0].span[1])
        return items

    def _content(self, start: int, end: int) -> tuple[str, int | None]:
        """The words of a piece without dropped markup, and where they begin when they stand there in one piece."""
        first = bisect_left(self._dropped, (start, start))
        parts: list[str] = []
        position = start
        for drop_start, drop_end in self._dropped[first : bisect_left(self._dropped, (end, end))]:
            parts.append(self._text[position:drop_start])
            position = drop_end
        parts.append(self._text[position:end])
        content = "".join(parts).strip()
        lead = len(parts[0]) - len(parts[0].lstrip())
        return content, start + lead if len(parts) == 1 else None

    def _untagged(self, item: _Found, *, bare: bool) -> None:
        text = self._text[slice(*item.span)]
        start = item.span[0] + len(text) - len(text.lstrip())
        self._answer.untagged(start, item.span[1], expected=bare, plain=True, content=item.content)

    def _region(self, item: _Found, element: _Element) -> None:
        label = LABELS[element.name.rstrip("0123456789").removesuffix("_").removesuffix("_level")]
        if element.kind in CHARTS:
            label = RegionLabel.CHART
        elif element.kind == "stamp":
            label = RegionLabel.SEAL
        self._answer.region(
            item.span,
            element.name,
            boxes=element.boxes,
            content=item.content,
            content_at=item.content_at,
            plain=label is not RegionLabel.FORMULA,
            caption_of=(element.parent.id or None)
            if element.parent is not None and element.name == "caption"
            else None,
            label=label,
        )


def _boxes(head: str) -> list[FramedBox]:
    """A box for each four locations."""
    numbers = [float(number) for number in _LOCATION.findall(head)]
    boxes = [_FRAME.box(numbers[at : at + 4]) for at in range(0, min(len(numbers), 4 * MAX_BOXES) - 3, 4)]
    if len(numbers) % 4:
        boxes.append(FramedBox(None, (IssueCode.MALFORMED_COORDINATES,)))
    if len(numbers) > 4 * MAX_BOXES:
        boxes.append(FramedBox(None, (IssueCode.LIMIT_REACHED,)))
    return boxes
