"""Printed words for yes and no, and for one of a closed set."""

from __future__ import annotations

import re
from typing import Any

from deepocr_kit.revisers.values.found import Found
from deepocr_kit.revisers.values.normalize import compare_key, fold

__all__ = ["find_booleans", "parse_boolean", "parse_choice"]

_YES = ("yes", "true", "y", "是", "有", "对", "已", "✓", "✔", "☑", "☒", "√", "[x]", "(x)")
_NO = ("no", "false", "n", "否", "无", "無", "不", "未", "✗", "✘", "☐", "□", "[ ]", "( )")
_WORDS = {word: value for words, value in ((_YES, True), (_NO, False)) for word in words}
_BOOLEAN = re.compile(
    r"(?<![A-Za-z])(?:yes|true|no|false|y|n)(?![A-Za-z])|是|否|有|无|無|[✓✔☑☒√✗✘☐□]|\[[xX ]\]|\([xX ]\)", re.IGNORECASE
)


def find_booleans(text: str) -> tuple[Found, ...]:
    """Words and marks for yes and no."""
    return tuple(
        Found(match.start(), match.end(), text[match.start() : match.end()], _WORDS[match.group().lower()])
        for match in _BOOLEAN.finditer(fold(text))
    )


def parse_boolean(text: str) -> bool | None:
    """What a text says when it is, or holds, exactly one word or mark for yes or no."""
    whole = _WORDS.get(fold(text).strip().lower())
    if whole is not None:
        return whole
    values = {item.value for item in find_booleans(text)}
    return values.pop() if len(values) == 1 else None


def parse_choice(text: str, choices: tuple[tuple[str, Any], ...]) -> Any:
    """The value of the choice whose words are, or alone stand in, ``text``; None when none or several do."""
    key = compare_key(text)
    whole = [value for words, value in choices if compare_key(words) == key]
    if whole:
        return whole[0]
    folded = fold(text).casefold()
    inside = {
        repr(value): value
        for words, value in choices
        if words and re.search(rf"(?<![a-z0-9]){re.escape(words.casefold())}(?![a-z0-9])", folded)
    }
    return next(iter(inside.values())) if len(inside) == 1 else None
