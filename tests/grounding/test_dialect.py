from __future__ import annotations

from typing import ClassVar

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import Dialect, OcrTask, ParsedText


class WholeTextDialect(Dialect):
    name: ClassVar[str] = "whole-text"

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:
        return "Read."

    def parse(
        self,
        raw_text: str,
        *,
        task: OcrTask = OcrTask.DOCUMENT,
        page_number: int = 1,
        size: Size | None = None,
        strict: bool = False,
    ) -> ParsedText:
        text = f"{raw_text} at {size}"
        region = Region(id=f"p{page_number}r1", label=RegionLabel.TEXT, content=text, text=text)
        return ParsedText((region,), ())


def test_a_dialect_without_a_streaming_parser_waits_for_the_end() -> None:
    dialect = WholeTextDialect()
    parser = dialect.parser(page_number=2, size=Size(3, 4))

    assert parser.feed("one ") == parser.feed("two") == ()
    assert parser.finish() == dialect.parse("one two", page_number=2, size=Size(3, 4))
