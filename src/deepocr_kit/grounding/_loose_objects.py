"""The objects of a model's JSON as values, and the quick way to read one that is well formed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from deepocr_kit.grounding._loose_strings import decode_string

__all__ = ["OBJECT_START", "LooseJson", "LooseObject", "LooseValue", "pure_end", "pure_object"]

OBJECT_START = re.compile(r"\{(?=\s{0,40}+(?:[\"'“‘}]|[A-Za-z_]\w{0,40}+\s{0,9}+:))")
"""A brace that begins an object; others are text."""

_STRING = r"\"[^\"\\]*+(?>\\[^\n][^\"\\]*+)*+\""
_NUMERIC = r"-?+\d{1,16}+(?>\.\d{1,16}+)?+"
_ROW = rf"\[\s*+(?>{_NUMERIC}\s*+(?>,\s*+{_NUMERIC}\s*+)*+)?+\]"
_MEMBER = rf"\"(?P<key>[^\"\\\n]{{1,80}}+)\"\s*+:\s*+(?P<value>{_STRING}|{_NUMERIC}|{_ROW}|null)\s*+"
_ONE = re.compile(_MEMBER)
_NAMELESS = re.sub("[?]P<[a-z]+>", "?:", _MEMBER)
_PURE = re.compile(rf"\{{\s*+{_NAMELESS}(?>,\s*+{_NAMELESS})*+\}}")
"""A well-formed object of strings, numbers and lists of numbers: nearly all there are, read in one step."""

_DIGITS = re.compile(_NUMERIC)


class LooseValue(NamedTuple):
    """The value of a member.

    Attributes:
        start: Where it begins in the raw text, quotes and brackets included.
        end: Where it ends.
        text: Its words: a string's text with escapes decoded, the strings of a list joined by line breaks, a bare
            word as it stands; empty for null, for a number and for a list of numbers.
        text_start: Where these words begin in the raw text.
        numbers: A number, or all numbers of a list and of the lists in it, in order.
    """

    start: int
    end: int
    text: str = ""
    text_start: int = 0
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class LooseObject:
    """An object that holds no other object.

    Attributes:
        start: Where it begins in the raw text.
        end: Where it ends.
        members: Keys with values in the order of the text; a key may occur twice.
        loose: Words inside it that belong to no member, each with its offset.
        flaws: What was not well formed, in words, each once.
        cut: The text ended inside it.
    """

    start: int
    end: int
    members: tuple[tuple[str, LooseValue], ...]
    loose: tuple[tuple[int, str], ...] = ()
    flaws: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class LooseJson:
    """What was found in a text.

    Attributes:
        objects: In the order of the text.
        rest: Stretches (start, end) with words in no object: prose around the JSON, and the plain members of objects
            that hold objects. Brackets, commas, code fences and special tokens are left out.
    """

    objects: tuple[LooseObject, ...]
    rest: tuple[tuple[int, int], ...] = ()


def pure_object(text: str, at: int) -> LooseObject | None:
    """The object that stands at ``at``, when it is well formed and holds no other object."""
    match = _PURE.match(text, at)
    if match is None:
        return None
    members: list[tuple[str, LooseValue]] = []
    for member in _ONE.finditer(text, match.start() + 1, match.end() - 1):
        value, start, end = member["value"], member.start("value"), member.end("value")
        if value[0] == '"':
            read = LooseValue(start, end, decode_string(value[1:-1]), start + 1)
        else:
            read = LooseValue(start, end, "", start, tuple(map(float, _DIGITS.findall(value))))
        members.append((member["key"], read))
    return LooseObject(match.start(), match.end(), tuple(members))


def pure_end(text: str, start: int) -> int:
    """Where the last of the well-formed objects ends that stand in ``text`` with nothing but prose between them.

    Whatever follows in a longer text, it reads the same up to there. The first object that is not well formed, or
    holds others, ends the search: where that one ends is not certain before the end of the answer.

    Args:
        text: An answer as far as it is known.
        start: Where to begin, outside of any object.

    Returns:
        ``start`` when there is no such object.
    """
    while (brace := OBJECT_START.search(text, start)) is not None:
        match = _PURE.match(text, brace.start())
        if match is None:
            break
        start = match.end()
    return start
