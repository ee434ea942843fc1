"""Words that keep a place free, for a stamp, a signature or a date, and are never a value."""

from __future__ import annotations

import re

__all__ = ["is_placeholder", "placeholder_edges", "placeholders_in"]

_STAMP = r"[\u4e00-\u9fff、/]{0,8}(?:章|签字|签名|签署|手印)(?:处|栏|有效)?"
_SIGN = (
    r"(?:(?:authori[sz]ed|company|official|affix|place of|your|customer'?s?|signature|stamp|seal|date|and|or|&|/)\s*)*"
    r"(?:signature|signatory|signed|sign(?: here| below)?|stamp|seal|chop|l\.?\s?s\.?)(?: here)?"
)
_BRACKETED = rf"[(（\[【]\s*(?:{_STAMP}|{_SIGN})\s*[)）\]】]"
_BARE = (
    r"(?:单位|公司|法人|负责人|经办人|本人)?(?:盖章|公章|签章|签字|签名|签字盖章|签名盖章)(?:处|栏)?"
    r"|(?:(?:authori[sz]ed|company|official|your|customer'?s?)\s+)+(?:signature|stamp|seal|chop)"
    r"|signature|sign here|l\.\s?s\.?"
    r"|年\s*月\s*日"
)
_WHOLE = re.compile(rf"(?:{_BRACKETED}|{_BARE})[\s:：.。_]*", re.IGNORECASE)
_INSIDE = re.compile(_BRACKETED, re.IGNORECASE)
_BEFORE = re.compile(rf"(?:{_BRACKETED}\s*)+", re.IGNORECASE)
_AFTER = re.compile(rf"(?:\s*{_BRACKETED})+$", re.IGNORECASE)


def is_placeholder(text: str) -> bool:
    """Whether a text is nothing but a placeholder: ``(盖章)``, ``(Signature)``, ``L.S.``, ``年 月 日``."""
    return _WHOLE.fullmatch(text.strip()) is not None


def placeholder_edges(text: str) -> tuple[int, int]:
    """Offsets between which the text of a value stands, bracketed placeholders before and after it left out."""
    before, after = _BEFORE.match(text), _AFTER.search(text)
    start = before.end() if before is not None else 0
    return start, max(start, after.start() if after is not None else len(text))


def placeholders_in(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the bracketed placeholders in a text, each with the one behind its end."""
    return tuple(match.span() for match in _INSIDE.finditer(text))
