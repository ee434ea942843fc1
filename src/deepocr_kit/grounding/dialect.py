"""What a model family is asked and how its answer is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from deepocr_kit.documents import Issue, Region
from deepocr_kit.errors import ClosedError
from deepocr_kit.geometry import Size

__all__ = ["Dialect", "GroundingParser", "OcrTask", "ParsedText"]


class OcrTask(StrEnum):
    """What a model is asked to do with a page."""

    DOCUMENT = "document"
    """Layout with boxes, contents as Markdown and HTML tables."""
    LINES = "lines"
    """Text lines with boxes (DeepSeek's "OCR this image")."""
    FREE = "free"
    """Text alone, no boxes."""
    FIGURE = "figure"
    """A figure or chart as a table."""
    DESCRIBE = "describe"
    """A description of the picture."""
    LOCATE = "locate"
    """Where a given text stands; needs a query."""


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A model's answer, taken apart.

    Spans of regions and of issues never overlap, and every character of the
    raw text that is not markup stands in exactly one of them.
    """

    regions: tuple[Region, ...]
    issues: tuple[Issue, ...]


class GroundingParser(ABC):
    """Reads one answer piece by piece; one instance per answer."""

    @abstractmethod
    def feed(self, chunk: str) -> tuple[Region, ...]:
        """Take the next piece; the regions that are complete now.

        What all calls give together is how the regions of ``finish`` begin, in order and unchanged. What something
        behind it may still change, such as a caption whose table may follow, is not given before that is certain.

        Raises:
            ClosedError: After ``finish``.
            GroundingError: ``strict``, and what was read is not well formed.
        """

    @abstractmethod
    def finish(self) -> ParsedText:
        """Take the end of the answer; everything that was read. May be called twice.

        The result does not depend on where the chunks were cut.

        Raises:
            GroundingError: ``strict``, and the answer is not well formed; also when ``feed`` has raised it already.
        """


class Dialect(ABC):
    """Prompts and answer format of one model family. Immutable and shareable."""

    name: ClassVar[str]
    """Written into ``Recognition.dialect``."""

    @abstractmethod
    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:
        """The text to send with the image.

        Args:
            task: What to do.
            query: The text to locate; for ``OcrTask.LOCATE`` alone.

        Raises:
            ValueError: The family has no prompt for this task, or the query is missing.
        """

    @abstractmethod
    def parse(
        self,
        raw_text: str,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> ParsedText:
        """Take a whole answer apart. Pure, total, in linear time.

        Args:
            raw_text: The answer, special tokens included.
            task: What had been asked; it decides what stands inside a ``ref``.
            page_number: 1-based, for region ids.
            size: Pixels of the upright page that was sent. Only families that answer in pixels need it; without
                it they have to guess the frame, and say so.
            strict: Raise on the first thing that is not well formed.

        Raises:
            GroundingError: Only when ``strict``.
            ValueError: ``page_number`` is less than 1.
        """

    def parser(
        self,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> GroundingParser:
        """A parser to feed with a stream. The default one waits for the end and calls ``parse``."""
        return _BufferingParser(self, task, page_number, size, strict=strict)


class _BufferingParser(GroundingParser):
    def __init__(self, dialect: Dialect, task: OcrTask, page_number: int, size: Size | None, *, strict: bool) -> None:
        self._dialect = dialect
        self._task = task
        self._page_number = page_number
        self._size = size
        self._strict = strict
        self._chunks: list[str] = []
        self._result: ParsedText | None = None

    def feed(self, chunk: str) -> tuple[Region, ...]:
        if self._result is not None:
            raise ClosedError("this parser has finished; make a new one for each answer")
        self._chunks.append(chunk)
        return ()

    def finish(self) -> ParsedText:
        if self._result is None:
            self._result = self._dialect.parse(
                "".join(self._chunks),
                task=self._task,
                page_number=self._page_number,
                size=self._size,
                strict=self._strict,
            )
        return self._result
