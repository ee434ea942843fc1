"""Reads an answer block by block: what the dialects have in common that read a whole answer, or a stream of pieces."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.errors import ClosedError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._assembler import MAX_REGIONS
from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._caption_links import CaptionLinks

__all__ = ["BlockDialect", "BlockReader", "FormReader"]

BlockReader = Callable[[Answer, int], int]
"""Reads the blocks that are closed: ``(answer, start)`` to where they end in ``answer.raw_text``.

It adds every region from ``start`` on that nothing behind the text can change, reads no further, and gives ``start``
when there is none. The character before ``start``, if there is one, is the one before it in the whole answer. What it
adds must be what the whole answer gives: a cut there may change neither what stands before nor what stands behind it.
"""

_LOOKS = 4
"""How often each character may be looked at for the end of a block; it bounds the time of a stream."""

_LOOK_COST = 64
"""What a look costs however short the text is, in characters."""


class FormReader:
    """Reads one stream of a family that answers in several forms, once the form is known.

    Args:
        choose: The reader of the form that an answer beginning like this has, however it goes on; None while that is
            open.
    """

    def __init__(self, choose: Callable[[str], BlockReader | None]) -> None:
        self._choose = choose
        self._chosen: BlockReader | None = None

    def __call__(self, answer: Answer, start: int) -> int:
        """See ``BlockReader``."""
        self._chosen = self._chosen or self._choose(answer.raw_text)
        return start if self._chosen is None else self._chosen(answer, start)


class BlockDialect(Dialect):
    """A dialect whose answers are blocks one after the other.

    ``parse`` reads them all. ``parser`` reads those that are closed already while the answer arrives, and the whole
    answer once more at its end, so that its result never depends on the chunks.
    """

    _prompts: ClassVar[Mapping[OcrTask, str]]
    """The family's own words, byte for byte; none of them takes a query."""

    _words: ClassVar[dict[str, RegionLabel]] = {}
    """The family's own words for labels, in lower case with underscores."""

    def __repr__(self) -> str:
        """As it is made."""
        return f"{type(self).__name__}()"

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:
        """The family's official prompt.

        Raises:
            ValueError: The family has no prompt for this task, or there is a query.
        """
        if task not in self._prompts:
            known = ", ".join(repr(known.value) for known in self._prompts)
            raise ValueError(f"{self.name} has no prompt for the task {str(task)!r}; it knows {known}")
        if query is not None:
            raise ValueError(f"the task {str(task)!r} takes no query, got {query!r}")
        return self._prompts[task]

    def parse(
        self,
        raw_text: str,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> ParsedText:
        """See ``Dialect.parse``."""
        answer = Answer(raw_text, page_number, strict=strict, words=self._words)
        self._read(answer, task, size)
        return answer.result()

    def parser(
        self,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> GroundingParser:
        """A parser that gives a region soon after its block is closed; captions wait for what may be their table."""

        def parse(raw_text: str) -> ParsedText:
            return self.parse(raw_text, task=task, page_number=page_number, size=size, strict=strict)

        def begin(raw_text: str, offset: int, number: int) -> Answer:
            return Answer(raw_text, page_number, strict=strict, words=self._words, offset=offset, number=number)

        return _BlockParser(parse, begin, self._reader(task, size))

    @abstractmethod
    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:
        """Add the regions and issues of a whole answer."""

    @abstractmethod
    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader | None:
        """Reads one stream; None when answers to this task have no blocks."""


class _BlockParser(GroundingParser):
    """Looks at the text behind the last closed block, but only as often as keeps the time linear."""

    def __init__(
        self,
        parse: Callable[[str], ParsedText],
        begin: Callable[[str, int, int], Answer],
        read: BlockReader | None,
    ) -> None:
        self._parse = parse
        self._begin = begin
        self._read = read
        self._links = CaptionLinks()
        self._chunks: list[str] = []
        self._new: list[str] = []
        self._rest = ""
        self._start = 0
        self._offset = 0
        self._waiting = 0
        self._credit = 0
        self._count = 0
        self._result: ParsedText | None = None

    def feed(self, chunk: str) -> tuple[Region, ...]:
        """Take the next piece; the regions whose blocks are closed now.

        Raises:
            ClosedError: After ``finish``.
            GroundingError: ``strict``, and a closed block is not well formed.
        """
        if self._result is not None:
            raise ClosedError("this parser has finished; make a new one for each answer")
        self._chunks.append(chunk)
        if self._read is None:
            return ()
        self._new.append(chunk)
        self._waiting += len(chunk)
        self._credit += _LOOKS * len(chunk)
        if self._credit < self._waiting + _LOOK_COST:
            return ()
        self._credit -= self._waiting + _LOOK_COST
        return self._look(self._read)

    def finish(self) -> ParsedText:
        """Take the end of the answer; everything that was read. May be called twice.

        Raises:
            GroundingError: ``strict``, and the answer is not well formed.
        """
        if self._result is None:
            self._result = self._parse("".join(self._chunks))
            self._chunks.clear()
            self._new.clear()
        return self._result

    def _look(self, read: BlockReader) -> tuple[Region, ...]:
        """Read the blocks that are closed, and keep the rest with the character before it."""
        self._rest += "".join(self._new)
        self._new.clear()
        answer = self._begin(self._rest, self._offset, self._count)
        cut = read(answer, self._start)
        keep = max(cut - 1, 0)
        self._rest = self._rest[keep:]
        self._offset += keep
        self._start = cut - keep
        self._waiting = len(self._rest)
        self._count += len(answer.regions)
        if self._count >= MAX_REGIONS:
            self._read = None
        return tuple(linked for region in answer.regions for linked in self._links.add(region))
