"""Recognizes the tag of a region whose special tokens were stripped: ``label[[x0, y0, x1, y1]]``."""

from __future__ import annotations

import re

from deepocr_kit.grounding._coordinates import box_list_end, is_box_list
from deepocr_kit.grounding._labels import KNOWN_LABELS

__all__ = ["find_stripped_tag"]

_BROKEN_BOX = re.compile(r"\[\[(?:[ ]?[-+]?[ ]?\d{1,16}[ ]?(?:,|[.\s]|\Z)|\s*+(?:\]\s*+){0,2}\Z)")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")


def find_stripped_tag(line: str, *, by_line: bool) -> tuple[int, int] | None:
    """Where the label and the box list of a tag at the start of ``line`` end.

    A known label may be followed by a broken box list and by text on the same
    line. Other words make a tag only if a well-formed box list ends the line:
    an identifier always, any words when texts stand where labels do
    (``by_line``), else only if a letter or digit touches the brackets.

    Args:
        line: One line, line break included.
        by_line: The task puts the text itself before the box.

    Returns:
        (end of the label, end of the box list), or None.
    """
    first = line.find("[[")
    if first < 1:
        return None
    if line[:first] in KNOWN_LABELS:
        end = first + box_list_end(line[first:], closed=False)
        if _BROKEN_BOX.match(line, first) is not None or is_box_list(line[first:end]):
            return first, len(line[:end].rstrip())
    last = line.rfind("[[")
    body = line[last:].rstrip()
    words = line[:last]
    if not body.endswith("]") or not is_box_list(body) or not words.strip():
        return None
    if by_line or _IDENTIFIER.fullmatch(words) or words[-1].isalnum():
        return last, last + len(body)
    return None
