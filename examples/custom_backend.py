"""Another vision model behind an OpenAI-compatible server, as a dialect and a subclass that names it.

``python examples/custom_backend.py http://127.0.0.1:8000/v1 scan.jpg`` reads a scan with it.
"""

from __future__ import annotations

import sys

from deepocr_kit import Dialect, OcrTask, OpenAICompatibleBackend, Pipeline, Region, RegionLabel, Size
from deepocr_kit.documents import TextFormat
from deepocr_kit.grounding import ParsedText


class MarkdownDialect(Dialect):
    """A model that writes a page as Markdown and gives no boxes."""

    name = "plain-markdown"

    def prompt(self, task: OcrTask, *, query: str | None = None) -> str:  # noqa: ARG002 - one prompt for all
        """The question."""
        return "Write the text of this page as Markdown. Add nothing."

    def parse(
        self,
        raw_text: str,
        *,
        task: OcrTask = OcrTask.DOCUMENT,  # noqa: ARG002 - every answer has the same form
        page_number: int = 1,
        size: Size | None = None,  # noqa: ARG002 - no boxes
        strict: bool = False,  # noqa: ARG002 - no answer is malformed
    ) -> ParsedText:
        """The whole answer as one region without a box."""
        region = Region(
            id=f"p{page_number}r1",
            label=RegionLabel.TEXT,
            content=raw_text,
            format=TextFormat.MARKDOWN,
            text=raw_text,
            span=(0, len(raw_text)),
        )
        return ParsedText(regions=(region,) if raw_text.strip() else (), issues=())


class QwenBackend(OpenAICompatibleBackend):
    """Qwen3-VL on any OpenAI-compatible server."""

    service_name = "qwen"

    def __init__(self, base_url: str, *, api_key: str | None = None) -> None:
        super().__init__(base_url, "Qwen/Qwen3-VL-8B-Instruct", MarkdownDialect(), api_key=api_key)


if __name__ == "__main__":
    with Pipeline(QwenBackend(sys.argv[1])) as pipeline:
        print(pipeline.run(sys.argv[2]).markdown())
