"""Texts reduced to what must be equal, with the way back to the printed characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from deepocr_kit.revisers.values.numbers import is_negative

__all__ = ["FoldedText", "Shape", "fold_text", "is_bounded", "shape_of"]

_ASCII_SIGNIFICANT = re.compile(r"[a-z0-9]|(?<=[0-9])[.,:](?=[0-9])")
_JOINERS = frozenset(".,:/-\u2212\u2013")
_NUMBER_PUNCTUATION = frozenset(".,:")
_CODE_MIN_CHARS = 4


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text and its key.

    The key holds letters, digits and combining marks, NFKC and casefolded, and
    ``. , :`` where they stand between digits: ``12.34`` and ``1234`` differ.

    Attributes:
        raw: The text as printed.
        key: What is compared.
        offsets: For each character of ``key``, where it comes from in ``raw``.
    """

    raw: str
    key: str
    offsets: tuple[int, ...]


class Shape(Enum):
    """What a text looks like, which decides how freely it may be matched."""

    FIGURE = "figure"
    """Digits without letters: a number, a date, a time."""
    CODE = "code"
    """One word of letters and digits."""
    PROSE = "prose"
    """Everything else; the only shape that is ever matched approximately."""


def shape_of(text: str) -> Shape:
    """The shape of a value's text."""
    stripped = text.strip()
    has_digit = any(char.isdecimal() for char in stripped)
    letters = [char for char in stripped if char.isalpha()]
    if not has_digit:
        return Shape.PROSE
    if not letters:
        return Shape.FIGURE
    one_word = len(stripped) >= _CODE_MIN_CHARS and not any(char.isspace() for char in stripped)
    return Shape.CODE if one_word and not any(map(_is_ideographic, letters)) else Shape.PROSE


def fold_text(raw: str) -> FoldedText:
    """The text with its key, in linear time."""
    if raw.isascii() and "**" not in raw:
        lowered = raw.lower()
        found = [(match[0], match.start()) for match in _ASCII_SIGNIFICANT.finditer(lowered)]
    else:
        found = list(_significant(list(_folded_chars(raw))))
    return FoldedText(raw, "".join(char for char, _ in found), tuple(offset for _, offset in found))


def _folded_chars(raw: str) -> Iterator[tuple[str, int]]:
    """Folded characters with offsets; marks of emphasis and invisible characters are gone."""
    position = 0
    while position < len(raw):
        end = position + 1
        if raw[position] == "*" and (raw[end : end + 1] == "*" or raw[max(position - 1, 0) : position] == "*"):
            position = end
            continue
        while end < len(raw) and end - position < 8 and _joins_previous(raw[end]):
            end += 1
        for char in unicodedata.normalize("NFKC", raw[position:end]).casefold():
            if unicodedata.category(char) != "Cf":
                yield (str(unicodedata.decimal(char)) if char.isdecimal() else char), position
        position = end


def _joins_previous(char: str) -> bool:
    return not char.isascii() and (unicodedata.combining(char) != 0 or char in "\uff9e\uff9f")


def _significant(chars: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    for index, (char, offset) in enumerate(chars):
        if char.isalnum() or unicodedata.category(char)[0] == "M":
            yield char, offset
        elif char in _NUMBER_PUNCTUATION and 0 < index < len(chars) - 1:
            before, after = chars[index - 1][0], chars[index + 1][0]
            if before.isdecimal() and after.isdecimal():
                yield char, offset


def is_bounded(raw: str, start: int, end: int, shape: Shape) -> bool:
    """Whether ``raw[start:end]`` is a whole token, so that ``9.00`` is not found in ``19.00``."""
    before, before_that = raw[start - 1 : start], raw[max(start - 2, 0) : max(start - 1, 0)]
    after, after_that = raw[end : end + 1], raw[end + 1 : end + 2]
    if shape is Shape.PROSE:
        return not (_same_word(before, raw[start]) or _same_word(raw[end - 1], after))
    if before.isdecimal() or after.isdecimal():
        return False
    if _continues(before_that, before, raw[start]) or _continues(after_that, after, raw[end - 1]):
        return False
    if shape is Shape.CODE:
        if before == "\u00b7" and before_that.isalnum():  # the dot of a Chinese plate
            return False
        return not (_is_plain_letter(before) or _is_plain_letter(after))
    loses_minus = is_negative(raw, start, end) and not raw.endswith(":-", 0, start)  # "Total :- 9.00" has none
    return not (loses_minus or _is_tail_of_code(raw[start:end], before))


def _same_word(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word of letters, or one run of digits."""
    if _is_ideographic(left) or _is_ideographic(right):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdecimal() and right.isdecimal())


def _continues(far: str, joiner: str, edge: str) -> bool:
    """Whether a joiner such as the dot of a number leads on to more of the same token."""
    if joiner not in _JOINERS or not joiner:
        return False
    return far.isdecimal() and edge.isalnum()


def _is_tail_of_code(figure: str, before: str) -> bool:
    return figure.isdecimal() and len(figure) >= _CODE_MIN_CHARS and before.isascii() and before.isalpha()


def _is_plain_letter(char: str) -> bool:
    return char.isalpha() and not _is_ideographic(char)


def _is_ideographic(char: str) -> bool:
    """Whether words of this script stand without spaces: Han, kana, Hangul, Thai, Lao, Khmer, Burmese."""
    if not char or char.isascii():
        return False
    code = ord(char)
    return 0x2E80 <= code <= 0xDFFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000 or 0x0E00 <= code <= 0x109F
