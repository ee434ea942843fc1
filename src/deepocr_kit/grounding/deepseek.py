"""DeepSeek-OCR and DeepSeek-OCR-2: official prompts and the parser of their answers."""

from __future__ import annotations

from typing import ClassVar

from deepocr_kit.documents import Region
from deepocr_kit.errors import ClosedError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding._assembler import Assembler
from deepocr_kit.grounding._captions import CaptionLinker
from deepocr_kit.grounding._draft import Draft
from deepocr_kit.grounding._issue_log import IssueLog
from deepocr_kit.grounding._regions import Regions, region_values
from deepocr_kit.grounding._scanner import Scanner
from deepocr_kit.grounding.dialect import Dialect, GroundingParser, OcrTask, ParsedText

__all__ = ["PROMPTS", "DeepSeekOcrDialect"]

PROMPTS: dict[OcrTask, str] = {
    OcrTask.DOCUMENT: "<|grounding|>Convert the document to markdown.",
    OcrTask.LINES: "<|grounding|>OCR this image.",
    OcrTask.FREE: "Free OCR.",
    OcrTask.FIGURE: "Parse the figure.",
    OcrTask.DESCRIBE: "Describe this image in detail.",
    OcrTask.LOCATE: "Locate <|ref|>xxxx<|/ref|> in the image.",
}
"""The official prompts, byte for byte, without the image placeholder.

Source: ``config.py:27-36`` and README "Prompts examples" of deepseek-ai/DeepSeek-OCR@e4ac34e, where ``<image>\\n``
stands before each. A vLLM server puts that placeholder in front by itself (``_get_full_multimodal_text_prompt`` in
``vllm/entrypoints/chat_utils.py``), and one more than there are images is refused. ``xxxx`` is the query. Other words
than these make the answers of this model worse (vllm-project/recipes, "Configuration Tips")."""

_FORBIDDEN_IN_QUERY = ("<|", "|>", "<｜", "｜>", "<image>", "\n", "\r")


class DeepSeekOcrDialect(Dialect):
    """DeepSeek-OCR (October 2025) and DeepSeek-OCR-2 (January 2026).

    Reads answers with special tokens, ``<|ref|>label<|/ref|><|det|>[[...]]<|/det|>``, and
    answers whose tokens the server stripped, ``label[[...]]``, also mixed. The second form
    loses the cells of tables (``LOST_CELLS``), so servers should be asked for
    ``skip_special_tokens=False``. OCR-2 lists only the document and free prompts.
    """

    name: ClassVar[str] = "deepseek-ocr"

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:
        """The official prompt for ``task``.

        Args:
            task: Any task.
            query: The text to locate, one line without special tokens; for ``OcrTask.LOCATE`` alone.

        Raises:
            ValueError: There is no such task, or the query is missing, not wanted, or would change the prompt.
        """
        task = OcrTask(task)
        prompt = PROMPTS[task]
        if task is not OcrTask.LOCATE:
            if query is not None:
                raise ValueError(f"only the task 'locate' takes a query, not {task.value!r}")
            return prompt
        if query is None or not query.strip():
            raise ValueError("the task 'locate' needs a query: the text to look for")
        forbidden = next((piece for piece in _FORBIDDEN_IN_QUERY if piece in query), None)
        if forbidden is not None:
            raise ValueError(f"the query {query!r} holds {forbidden!r}, which is markup of the model; remove it")
        return prompt.replace("xxxx", query)

    def parse(
        self,
        raw_text: str,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> ParsedText:
        """See ``Dialect.parse``.

        Args:
            raw_text: The answer, special tokens included.
            task: What had been asked; it decides what stands inside a ``ref``.
            page_number: 1-based, for region ids.
            size: Not needed: boxes are on a grid.
            strict: Raise on the first thing that is not well formed (any issue but those of severity ``info``).

        Raises:
            GroundingError: Only when ``strict``.
            ValueError: There is no such task, or ``page_number`` is less than 1.
        """
        parser = self.parser(task=task, page_number=page_number, size=size, strict=strict)
        parser.feed(raw_text)
        return parser.finish()

    def parser(
        self,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,  # noqa: ARG002 - boxes are on a grid
        strict: bool = False,
    ) -> GroundingParser:
        """A parser that gives each region as soon as the next one has begun."""
        return _DeepSeekParser(task, page_number, strict=strict)


class _DeepSeekParser(GroundingParser):
    def __init__(self, task: OcrTask, page_number: int, *, strict: bool) -> None:
        self._log = IssueLog(page_number, strict=strict)
        self._linker = CaptionLinker()
        self._assembler = Assembler(self._log, OcrTask(task), page_number, self._take)
        self._scanner = Scanner(self._assembler)
        self._plain = self._assembler.by_line
        self._length = 0
        self._regions = Regions()
        self._result: ParsedText | None = None

    def feed(self, chunk: str) -> tuple[Region, ...]:
        """Take the next piece; the regions that are complete now.

        Raises:
            ClosedError: After ``finish``.
            GroundingError: ``strict``, and what was read is not well formed.
        """
        if self._result is not None:
            raise ClosedError("this parser has finished; make a new one for each answer")
        known = len(self._regions)
        self._length += len(chunk)
        self._scanner.feed(chunk)
        return self._regions.since(known)

    def finish(self) -> ParsedText:
        """Take the end of the answer; everything that was read. May be called twice.

        Raises:
            GroundingError: ``strict``, and the answer is not well formed; also when ``feed`` has raised it already.
        """
        if self._result is None:
            self._scanner.finish()
            self._assembler.finish(self._length)
            for draft in self._linker.flush():
                self._regions.add(region_values(draft, self._log, plain=self._plain))
            self._result = ParsedText(self._regions.since(0), self._log.result())
        return self._result

    def _take(self, draft: Draft) -> None:
        for ready in self._linker.add(draft):
            self._regions.add(region_values(ready, self._log, plain=self._plain))
