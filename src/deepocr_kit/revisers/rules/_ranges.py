"""Which end of a printed range of dates a field asks for."""

from __future__ import annotations

import re

from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.values import Found, fold

__all__ = ["asked_end", "range_end"]

_LINK = r"\s*(?:起)?\s*(?:至|到|~|-{1,3}|to\b|until\b|till\b)\s*"
_BEFORE = re.compile(rf"[\d日号]{_LINK}$", re.IGNORECASE)
_AFTER = re.compile(rf"^{_LINK}\d", re.IGNORECASE)
_LAST = re.compile(
    r"(?<![a-z])(?:end|ends|until|till|to|expiry|expires?|expiration|through)(?![a-z])"
    r"|结束|截止|止|到期|届满"
)
_FIRST = re.compile(r"(?<![a-z])(?:start|starts|from|begins?|beginning)(?![a-z])|开始|起始|起")


def asked_end(spec: FieldSpec) -> str:
    """``first``, ``last``, or empty where the field does not say which date of a range it wants."""
    texts = (spec.name.replace("_", " ").casefold(), *(label.casefold() for label in spec.labels))
    if any(_LAST.search(text) for text in texts):
        return "last"
    return "first" if any(_FIRST.search(text) for text in texts) else ""


def range_end(text: str, found: Found) -> str:
    """``first`` or ``last`` when a date is an end of a range in its text, else empty."""
    folded = fold(text)
    if _BEFORE.search(folded[: found.start]):
        return "last"
    return "first" if _AFTER.search(folded[found.end :]) else ""
