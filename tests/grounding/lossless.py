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

_NAMES = (
    r"html|head|body|main|section|article|header|footer|nav|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot"
    r"|tr|td|th|caption|colgroup|col|figure|figcaption|blockquote|center|pre|code|style|br|hr|img|input|label|select"
    r"|option|textarea|form|a|span|b|i|u|s|del|ins|strong|em|small|big|sup|sub|math|chem|mark|font"
)
_NO_TAG = rf"<(?!/?(?:{_NAMES})[\s>/\"'])"
_VALUE = rf"(?>\"(?>[^\"<]|{_NO_TAG})*+\"|'(?>[^'<]|{_NO_TAG})*+'|[^<>\"'])"
HTML_TAG = rf"(?i:</?(?:{_NAMES})\s{_VALUE}*+(?:[\"'][^<>]*)?/?>|</?(?:{_NAMES})(?:[\s\"'][^<>]*)?/?>)"
"""A tag; a quoted value of an attribute may hold a ``>``, and a ``<`` that begins no tag."""


def squeeze(text: str) -> str:
    return "".join(text.split())


def outside_of_spans(raw_text: str, parsed: ParsedText) -> list[str]:
    """What stands in no span; asserts that every region has one, that none overlap, and that ids are unique."""
    spans = [region.span for region in parsed.regions] + [issue.span for issue in parsed.issues if issue.span]

    assert None not in spans, "a region without a span"
    position = 0
    outside = []
    for span in sorted(span for span in spans if span is not None):
        assert position <= span[0] <= span[1] <= len(raw_text), f"{span} overlaps what ends at {position}"
        outside.append(raw_text[position : span[0]])
        position = span[1]
    assert len({region.id for region in parsed.regions}) == len(parsed.regions), "two regions with one id"
    return [*outside, raw_text[position:]]


def check_spans(raw_text: str, parsed: ParsedText, markup: re.Pattern[str]) -> None:
    """Assert the invariant of ``ParsedText`` for a family with this ``markup``."""
    for stretch in outside_of_spans(raw_text, parsed):
        left = squeeze(markup.sub(" ", stretch))

        assert not left, f"lost: {left[:80]!r}"


def check_lossless(raw_text: str, parsed: ParsedText) -> None:
    """Assert the invariant of ``ParsedText`` for DeepSeek-OCR, and that contents come from their spans."""
    for stretch in outside_of_spans(raw_text, parsed):
        left = squeeze(TOKENS.sub(" ", BARE_TABLE_TAG.sub(" ", stretch)))

        assert not left, f"lost: {left[:80]!r}"
    for region in parsed.regions:
        assert region.span is not None
        inside = iter(TOKENS.sub("", raw_text[slice(*region.span)]))

        assert all(character in inside for character in squeeze(region.content)), f"{region.id} holds foreign text"


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
