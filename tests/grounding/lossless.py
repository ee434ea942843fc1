"""An independent check that no character of an answer is lost or doubled."""

from __future__ import annotations

import re

from deepocr_kit.grounding import ParsedText

TOKENS = re.compile(
    r"<\|ref\|>|<\|/ref\|>|<\|det\|>|<\|/det\|>|<\|grounding\|>|<｜end▁of▁sentence｜>|<｜begin▁of▁sentence｜>"
    r"|<--- Page Split --->"
)
BARE_TABLE_TAG = re.compile(
    r"(?:<\|ref\|>)?\s*table\s*(?:<\|/ref\|>)?\s*(?:<\|det\|>|(?=\[))[\s\d,.\[\]+-]*(?:<\|/det\|>)?"
)


def squeeze(text: str) -> str:
    return "".join(text.split())


def check_lossless(raw_text: str, parsed: ParsedText) -> None:
    """Assert the invariant of ``ParsedText``."""
    spans = [region.span for region in parsed.regions] + [issue.span for issue in parsed.issues if issue.span]
    position = 0
    outside = []
    for span in sorted(span for span in spans if span is not None):
        assert position <= span[0] <= span[1] <= len(raw_text), f"{span} overlaps what ends at {position}"
        outside.append(raw_text[position : span[0]])
        position = span[1]
    outside.append(raw_text[position:])
    for stretch in outside:
        left = squeeze(TOKENS.sub(" ", BARE_TABLE_TAG.sub(" ", stretch)))

        assert not left, f"lost: {left[:80]!r}"
    for region in parsed.regions:
        assert region.span is not None
        inside = iter(TOKENS.sub("", raw_text[slice(*region.span)]))

        assert all(character in inside for character in squeeze(region.content)), f"{region.id} holds foreign text"
    assert len({region.id for region in parsed.regions}) == len(parsed.regions)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
