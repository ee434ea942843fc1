"""Dialects of made-up model families."""

from __future__ import annotations

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.grounding import Dialect, OcrTask, ParsedText


class PlainDialect(Dialect):
    """The whole answer is one region without a box."""

    name = "plain"

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:
        return f"Read this ({task.value})."

    def parse(self, raw_text, *, task=OcrTask.DOCUMENT, page_number=1, size=None, strict=False) -> ParsedText:
        if not raw_text.strip():
            return ParsedText((), ())
        region = Region(
            id=f"p{page_number}r1",
            label=RegionLabel.TEXT,
            content=raw_text,
            text=raw_text,
            span=(0, len(raw_text)),
        )
        return ParsedText((region,), ())
