"""Whether a text reads like a label or like a value, and whether the two fit each other."""

from __future__ import annotations

import re

__all__ = ["fit", "is_label", "is_value", "split_label_value"]

_UNIT_OF_LABEL = re.compile(r"[((\[]\s*([^()()\[\]\s]{1,6})\s*[))\]]\s*[::]?$")
_UNIT_OF_VALUE = re.compile(r"^([^\d\s.,:+-]{0,4})\s?[\d.,:+-]+\s?([^\d\s.,:+-]{0,6})$")
_TIME = re.compile(r"^\d{1,2}:\d{2}(:\d{2})?$")

_VALUE_STARTS = frozenset("+-−(.¥¥$€£#")

LABEL_MAX_CHARS = 32
"""A longer text is a sentence, not a label."""

VALUE_MAX_CHARS = 40
"""A longer text is a sentence, not a value."""


def is_value(text: str) -> bool:
    """Whether a text is mostly a number, date, time, code or amount.

    It holds a digit, and letters at most as many as digits (two are always
    allowed, for units and currency signs).
    """
    if not 0 < len(text) <= VALUE_MAX_CHARS or not (text[0].isalnum() or text[0] in _VALUE_STARTS):
        return False
    digits = sum(char.isdigit() for char in text)
    letters = sum(char.isalpha() for char in text)
    return digits > 0 and letters <= max(2, digits)


def is_label(text: str) -> bool:
    """Whether a text could name a value: short, with a letter, and no value itself."""
    return len(text) <= LABEL_MAX_CHARS and any(char.isalpha() for char in text) and not is_value(text)


def split_label_value(text: str) -> tuple[str, str] | None:
    """``"Due 4.10"`` into ``("Due", "4.10")``; None when the text is not a label and a value."""
    if len(text) > LABEL_MAX_CHARS + VALUE_MAX_CHARS:
        return None
    for gap in re.finditer(r"\s+", text):
        label, value = text[: gap.start()], text[gap.end() :]
        if is_value(value) and is_label(label) and not any(char.isdigit() for char in label):
            return label, value
    return None


def fit(label: str, value: str) -> float:
    """How badly a value fits a label: below 0 when a unit agrees, above 0 when it disagrees, 0 when nothing tells."""
    wanted = _UNIT_OF_LABEL.search(label)
    if wanted is None:
        return 0.0
    found = _UNIT_OF_VALUE.match(value)
    if found is None:
        return 0.0
    units = {unit.casefold() for unit in found.groups() if unit}
    if not units:
        return 0.3 if _TIME.match(value) else 0.0
    return -0.3 if wanted.group(1).casefold() in units else 0.3
