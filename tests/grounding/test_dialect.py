from __future__ import annotations

from typing import ClassVar

import pytest

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.errors import ClosedError, GroundingError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import KNOWN_DIALECTS, DeepSeekOcrDialect, Dialect, LineDialect, OcrTask, ParsedText


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


def test_a_dialect_without_a_streaming_parser_takes_nothing_after_the_end() -> None:
    parser = WholeTextDialect().parser()
    parser.feed("one")
    parsed = parser.finish()

    with pytest.raises(ClosedError, match="has finished"):
        parser.feed("two")
    assert parser.finish() is parsed


@pytest.mark.parametrize("page_number", [0, -3])
@pytest.mark.parametrize("dialect", KNOWN_DIALECTS, ids=lambda dialect: dialect.name)
def test_pages_are_counted_from_one(dialect: Dialect, page_number: int) -> None:
    with pytest.raises(ValueError, match=f"counted from 1, so there is no page_number {page_number}"):
        dialect.parse("a", page_number=page_number)


@pytest.mark.parametrize(
    ("dialect", "refused"),
    [(DeepSeekOcrDialect(), "<|/ref|>\n"), (LineDialect(), "Total 9.80\n")],
    ids=["deepseek", "lines"],
)
def test_what_was_refused_while_it_arrived_is_no_result_at_the_end(dialect: Dialect, refused: str) -> None:
    parser = dialect.parser(strict=True)
    with pytest.raises(GroundingError) as first:
        parser.feed(refused)
    parser.feed('{"text": "a"}\n')

    with pytest.raises(GroundingError) as again:
        parser.finish()
    assert again.value.offset == first.value.offset == 0
