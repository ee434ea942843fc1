"""olmOCR: official prompt and the parser of its answers, Markdown behind a front matter."""

from __future__ import annotations

import re
from typing import ClassVar

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.geometry import Size
from deepocr_kit.grounding.dialect import OcrTask
from deepocr_kit.grounding.dialects._answer import Answer
from deepocr_kit.grounding.dialects._block_stream import BlockDialect, BlockReader
from deepocr_kit.grounding.dialects._markdown_blocks import read_markdown_blocks
from deepocr_kit.grounding.dialects._markdown_stream import MarkdownBlocks

__all__ = ["PROMPTS", "OlmOcrDialect"]

_PROMPT = (
    "Attached is one page of a document that you must process. "
    "Just return the plain text representation of this document as if you were reading it naturally. "
    "Convert equations to LateX and tables to HTML.\n"
    "If there are any figures or charts, label them with the following markdown syntax "
    "![Alt text describing the contents of the figure](page_startx_starty_width_height.png)\n"
    "Return your output as markdown, with a front matter section on top specifying values for the primary_language, "
    "is_rotation_valid, rotation_correction, is_table, and is_diagram parameters."
)

PROMPTS: dict[OcrTask, str] = {OcrTask.DOCUMENT: _PROMPT, OcrTask.FREE: _PROMPT}
"""The official prompt, byte for byte, its "LateX" included.

Source: ``build_no_anchoring_v4_yaml_prompt`` in ``olmocr/prompts/prompts.py`` of olmocr 0.4.27 (Apache License 2.0),
for olmOCR-7B-0825, olmOCR-7B-1025 and olmOCR-2. Older models want the text layer of the PDF in their prompt; they are
not supported."""

_FRONT_MATTER = re.compile(
    r"\s*+(?:```[a-z]{0,10}+[ \t]*+\n\s*+)?+---[ \t]*+\n"
    r"(?P<lines>(?:[A-Za-z_]{1,40}+[ \t]*+:[^\n]{0,200}+(?:\n|\Z)|[ \t]*+\n)*+)"
    r"(?P<closer>---[ \t]*+(?:\n|\Z))?+"
)
_PRELUDE = re.compile(r"(?:```[a-z]{0,10}|---)?")
_PROPERTY = re.compile(r"^([A-Za-z_]{1,40}+)[ \t]*+:[ \t]*+([^\n]*+)", re.MULTILINE)
_UPRIGHT = ("0", "", "null", "none")


class OlmOcrDialect(BlockDialect):
    """olmOCR 7B (August and October 2025) and olmOCR 2. They give no boxes.

    Answers are Markdown with HTML tables, LaTeX and ``![description](page_x_y_w_h.png)`` for figures, behind lines
    such as ``is_rotation_valid: True`` between two ``---``. These stand in one issue, ``FRONT_MATTER``; a page that the
    model calls turned becomes an ``ORIENTATION`` issue of severity ``error``, because its text is then not to be
    trusted. Render pages with 1288 pixels on the longer side, as olmOCR does.
    """

    name: ClassVar[str] = "olmocr"
    _prompts = PROMPTS

    def _read(self, answer: Answer, task: OcrTask, size: Size | None) -> None:  # noqa: ARG002 - no tasks, no boxes
        read_markdown_blocks(answer, _front_matter(answer))

    def _reader(self, task: OcrTask, size: Size | None) -> BlockReader:  # noqa: ARG002 - no tasks, no boxes
        return MarkdownBlocks(begin=_closed_front_matter)


def _closed_front_matter(raw_text: str) -> int | None:
    """Where the text of a stream begins; None while that is open."""
    match = _FRONT_MATTER.match(raw_text)
    end = 0 if match is None else match.end()
    if match is not None and match["closer"] is not None and end < len(raw_text):
        return end if match["lines"].strip() else 0
    for line in raw_text[end:].split("\n")[:-1]:
        if match is not None:
            return end if match["lines"].strip() else 0
        if not _PRELUDE.fullmatch(line.strip()):
            return 0
    return None


def _front_matter(answer: Answer) -> int:
    """Read the properties of the page; where its text begins."""
    match = _FRONT_MATTER.match(answer.raw_text)
    if match is None or not match["lines"].strip():
        return 0
    start = match.start("lines")
    properties = {key.lower(): value.strip() for key, value in _PROPERTY.findall(match["lines"])}
    known = ", ".join(f"{key} {value}" for key, value in properties.items())
    span = (start, start + len(match["lines"].rstrip()))
    answer.note(IssueCode.FRONT_MATTER, Severity.INFO, f"the model says of the page: {known}", start, span=span)
    if match["closer"] is None:
        answer.cut(match.end())
    turn = properties.get("rotation_correction", "").lower()
    if properties.get("is_rotation_valid", "").lower() == "false" or turn not in _UPRIGHT:
        by = f"by {turn[:10]} degrees clockwise" if turn not in _UPRIGHT else "(it does not say how far)"
        message = f"the model says that the page does not stand upright; turn it {by} and read it again"
        answer.note(IssueCode.ORIENTATION, Severity.ERROR, message, start)
    return match.end()
