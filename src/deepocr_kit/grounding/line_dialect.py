"""Text lines of an engine as JSON lines, so that an engine's answer can be kept and read again like a model's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deepocr_kit.documents import IssueCode, Region, RegionLabel, Severity
from deepocr_kit.errors import ClosedError
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding._assembler import MAX_REGIONS
from deepocr_kit.grounding._issue_log import IssueLog
from deepocr_kit.grounding._regions import Regions
from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText

__all__ = ["LineDialect", "TextLine", "write_lines"]

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as an engine found it.

    Attributes:
        text: Its words.
        box: In the unit frame; None when the engine gave none.
        confidence: 0..1 or None.

    Raises:
        ValueError: The confidence lies outside of 0..1, or is not a number.
    """

    text: str
    box: BBox | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        """Refuse a confidence that is none."""
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"a confidence lies between 0 and 1, not {self.confidence!r}; clamp it, or leave it out")


def write_lines(lines: Iterable[TextLine]) -> str:
    r"""The raw text for ``lines``: ``{"text": "Total 9.80", "box": [x0, y0, x1, y1], "confidence": 0.98}\n`` each.

    Boxes are in the unit frame, rounded to six decimals (a thousandth of a
    pixel), confidences to four. Lone surrogates, which JSON cannot hold, become
    U+FFFD.
    """
    return "".join(f"{_row_of(line)}\n" for line in lines)


class LineDialect(Dialect):
    """Reads what ``write_lines`` wrote; any other lines become one region without a box, with an issue."""

    name = "lines"

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:  # noqa: ARG002 - the seam's signature
        """Engines are not asked in words.

        Raises:
            ValueError: Always.
        """
        raise ValueError("the lines dialect has no prompts; it is written by engines")

    def parse(
        self,
        raw_text: str,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> ParsedText:
        """One region per line, and one for other lines in a row; see ``Dialect.parse``."""
        parser = self.parser(task=task, page_number=page_number, size=size, strict=strict)
        parser.feed(raw_text)
        return parser.finish()

    def parser(
        self,
        *,
        task: OcrTask = OcrTask.DOCUMENT,  # noqa: ARG002 - lines look the same for every task
        page_number: int = 1,
        size: Size | None = None,  # noqa: ARG002 - boxes are in the unit frame
        strict: bool = False,
    ) -> GroundingParser:
        """A parser that gives each region when its line ends."""
        return _LineParser(page_number, strict=strict)


class _LineParser(GroundingParser):
    def __init__(self, page_number: int, *, strict: bool) -> None:
        self._page_number = page_number
        self._log = IssueLog(page_number, strict=strict)
        self._regions = Regions()
        self._row: list[str] = []
        self._row_start = 0
        self._strange: list[str] = []
        self._strange_start = 0
        self._stopped_at: int | None = None
        self._result: ParsedText | None = None

    def feed(self, chunk: str) -> tuple[Region, ...]:
        """Take the next piece; the regions of the lines that end in it.

        Raises:
            ClosedError: After ``finish``.
            GroundingError: ``strict``, and a line is not one of this dialect.
        """
        if self._result is not None:
            raise ClosedError("this parser has finished; make a new one for each answer")
        known = len(self._regions)
        *rows, rest = chunk.split("\n")
        for row in rows:
            self._row.append(row)
            self._take_row()
        self._row.append(rest)
        return self._regions.since(known)

    def finish(self) -> ParsedText:
        """Take the end of the answer; everything that was read. May be called twice.

        Raises:
            GroundingError: ``strict``, and a line is not one of this dialect.
        """
        if self._result is None:
            self._take_row()
            self._end_strange()
            if self._stopped_at is not None:
                message = f"more than {MAX_REGIONS} regions; the rest of the text stands in this issue"
                span = (self._stopped_at, self._row_start - 1)
                self._log.add(IssueCode.LIMIT_REACHED, Severity.ERROR, message, span[0], span=span)
            self._result = ParsedText(self._regions.since(0), self._log.result())
        return self._result

    def _take_row(self) -> None:
        """Read the row that is complete. Strange ones in a row are one region, however many."""
        row = "".join(self._row)
        self._row.clear()
        start, self._row_start = self._row_start, self._row_start + len(row) + 1
        is_blank = not row or row.isspace()
        line = None if is_blank else _read(row)
        if self._stopped_at is not None or (is_blank and not self._strange):
            return
        if line is None and self._strange:
            self._strange.append(row)
            return
        self._end_strange()
        if len(self._regions) >= MAX_REGIONS:
            self._stopped_at = start
        elif line is None:
            message = "not in the lines dialect; kept as text without a box"
            self._log.add(IssueCode.UNTAGGED_TEXT, Severity.WARNING, message, start, region_id=self._next_id)
            self._strange.append(row)
            self._strange_start = start
        else:
            self._add(line, (start, start + len(row)))

    def _end_strange(self) -> None:
        if self._strange:
            text = "\n".join(self._strange).rstrip()
            self._strange.clear()
            self._add(TextLine(text), (self._strange_start, self._strange_start + len(text)))

    def _add(self, line: TextLine, span: tuple[int, int]) -> None:
        self._regions.add(
            {
                "id": self._next_id,
                "label": RegionLabel.TEXT,
                "boxes": () if line.box is None else (line.box,),
                "content": line.text,
                "text": line.text,
                "confidence": line.confidence,
                "span": span,
            }
        )

    @property
    def _next_id(self) -> str:
        return f"p{self._page_number}r{len(self._regions) + 1}"


_Share = Annotated[float, Field(ge=0, le=1)]


class _Row(BaseModel):
    """The JSON form of a line."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    text: str
    box: tuple[_Share, _Share, _Share, _Share] | None = None
    confidence: _Share | None = None


def _row_of(line: TextLine) -> str:
    fields: dict[str, Any] = {"text": _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", line.text)}
    if line.box is not None:
        box = line.box
        fields["box"] = [round(float(value), 6) for value in (box.x0, box.y0, box.x1, box.y1)]
    if line.confidence is not None:
        fields["confidence"] = round(float(line.confidence), 4)
    return json.dumps(fields, ensure_ascii=False)


def _read(row: str) -> TextLine | None:
    if '"text"' not in row:  # an error of pydantic takes longer than this look
        return None
    try:
        fields = _Row.model_validate_json(row)
    except ValidationError:
        return None
    return TextLine(fields.text, None if fields.box is None else BBox.of(*fields.box), fields.confidence)
