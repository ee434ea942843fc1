"""Text lines of an engine as JSON lines, so that an engine's answer can be kept and read again like a model's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deepocr_kit.documents import Issue, IssueCode, Region, RegionLabel, Severity
from deepocr_kit.errors import ClosedError, GroundingError
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText

__all__ = ["LineDialect", "TextLine", "write_lines"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as an engine found it.

    Attributes:
        text: Its words.
        box: In the unit frame; None when the engine gave none.
        confidence: 0..1 or None.
    """

    text: str
    box: BBox | None = None
    confidence: float | None = None


def write_lines(lines: Iterable[TextLine]) -> str:
    r"""The raw text for ``lines``: ``{"text": "Total 9.80", "box": [x0, y0, x1, y1], "confidence": 0.98}\n`` each.

    Boxes are in the unit frame, rounded to six decimals (a thousandth of a
    pixel), confidences to four.
    """
    return "".join(f"{_row_of(line)}\n" for line in lines)


class LineDialect(Dialect):
    """Reads what ``write_lines`` wrote; anything else becomes a region without a box, with an issue."""

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
        """One region per line; see ``Dialect.parse``."""
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
        self._strict = strict
        self._offset = 0
        self._row: list[str] = []
        self._regions: list[Region] = []
        self._issues: list[Issue] = []
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
            self._take()
        self._row.append(rest)
        return tuple(self._regions[known:])

    def finish(self) -> ParsedText:
        """Take the end of the answer; everything that was read. May be called twice."""
        if self._result is None:
            self._take()
            self._result = ParsedText(tuple(self._regions), tuple(self._issues))
        return self._result

    def _take(self) -> None:
        """Read the row that is complete."""
        row = "".join(self._row)
        self._row.clear()
        start, self._offset = self._offset, self._offset + len(row) + 1
        if not row.strip():
            return
        region_id = f"p{self._page_number}r{len(self._regions) + 1}"
        line = _read(row)
        if line is None:
            if self._strict:
                raise GroundingError("not a line of the lines dialect", offset=start)
            self._issues.append(_untagged(region_id, start))
            line = TextLine(row)
        self._regions.append(_region(line, region_id, (start, start + len(row))))


_Share = Annotated[float, Field(ge=0, le=1)]


class _Row(BaseModel):
    """The JSON form of a line."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    text: str
    box: tuple[_Share, _Share, _Share, _Share] | None = None
    confidence: _Share | None = None


def _row_of(line: TextLine) -> str:
    fields: dict[str, Any] = {"text": line.text}
    if line.box is not None:
        box = line.box
        fields["box"] = [round(value, 6) for value in (box.x0, box.y0, box.x1, box.y1)]
    if line.confidence is not None:
        fields["confidence"] = round(line.confidence, 4)
    return json.dumps(fields, ensure_ascii=False)


def _read(row: str) -> TextLine | None:
    try:
        fields = _Row.model_validate_json(row)
    except ValidationError:
        return None
    return TextLine(fields.text, None if fields.box is None else BBox.of(*fields.box), fields.confidence)


def _untagged(region_id: str, offset: int) -> Issue:
    return Issue(
        code=IssueCode.UNTAGGED_TEXT,
        severity=Severity.WARNING,
        message="a line is not in the lines dialect; kept as text without a box",
        region_id=region_id,
        offset=offset,
    )


def _region(line: TextLine, region_id: str, span: tuple[int, int]) -> Region:
    return Region(
        id=region_id,
        label=RegionLabel.TEXT,
        boxes=() if line.box is None else (line.box,),
        content=line.text,
        text=line.text,
        confidence=line.confidence,
        span=span,
    )
