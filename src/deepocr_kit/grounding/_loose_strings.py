"""Finds the end of a string in JSON as models write it, and decodes its escapes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import NamedTuple

__all__ = ["StringEnd", "StringEnds", "decode_string"]

_INSIDE, _MAY_END, _ENDS, _KEY = range(4)
"""What a quote may be; plain numbers, because they are compared for every quote that is looked ahead to."""

_MAX_QUOTES_AHEAD = 16
"""How many quotes behind a likely end are looked at for a better one; it bounds the time."""

_CLOSING = {'"': '"', "'": "'", "“": '”"', "”": '”"', "‘": "’'", "’": "’'"}
_TO_QUOTE = {quotes: re.compile(rf"[^{quotes}\\]*+(?>\\[\s\S][^{quotes}\\]*+)*+\\?+") for quotes in _CLOSING.values()}
_NEXT_KEY = r"[\"'“‘][^\"'“”‘’\\\n]{1,80}+[\"'”’]\s{0,40}+:"
_SURE_END = re.compile(
    rf"\s{{0,40}}+(?:,\s{{0,40}}+(?:{_NEXT_KEY}|[}}\]\[{{]|\Z)|{_NEXT_KEY}|\Z"
    r"|[}\]](?=\s{0,40}+(?:[,\]}{]|```|\Z))|[}\]]\s{0,40}+\n)"
)
_LIKELY_END = re.compile(r"\s{0,40}+[,}\]]")
_LIST_END = re.compile(r"\s{0,40}+(?:[,\]]|\Z)")
_A_KEY = re.compile(r"[^\"'“”‘’\\\n]{1,80}+[\"'”’]\s{0,40}+:")
_LEFT_OPEN = re.compile(r"[\s,{}\[\]]{1,40}\Z")

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?+|([\s\S]))")
_BARE_LATEX = re.compile(r"(?<!\\)(?:\\\\)*+\\(?:[^\"'\\/bfnrtu\n]|[bf][A-Za-z]|u(?![0-9a-fA-F]{4}))")
_COMMAND_N = re.compile(
    r"n(?:u|e|eq|ot|otin|abla|atural|earrow|ewline|onumber|mid|leq|geq|cong|less|parallel)(?![A-Za-z])"
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\", "/": "/", "\n": "\n"}


class StringEnd(NamedTuple):
    """Where a string ends.

    Attributes:
        end: Offset behind its last character.
        next: Offset behind its closing quote; the same as ``end`` when it has none.
        repaired: A quote is missing, or stands inside without a backslash.
    """

    end: int
    next: int
    repaired: bool = False


class StringEnds:
    """Finds where the strings of one answer end.

    Args:
        text: The whole answer.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: defaultdict[tuple[str, bool], dict[int, tuple[int, int]]] = defaultdict(dict)
        """What each quote may be and where the next one stands, so that no quote is looked at twice."""

    def find(self, start: int, *, in_list: bool = False) -> StringEnd:
        """Find the end of the string whose opening quote stands at ``start``.

        A quote ends it when what follows could follow a string: a closer, or a comma and a key. One that only could
        (a comma, say) ends it when no better one comes before the next key.

        Args:
            start: Offset of the opening quote.
            in_list: It is an item of a list.
        """
        text, size = self._text, len(self._text)
        quotes = _CLOSING[text[start]]
        seen = self._seen[quotes, in_list]
        first = quote = self._next(quotes, start + 1)
        likely, ahead = None, 0
        while quote < size and ahead < _MAX_QUOTES_AHEAD:
            found = seen.get(quote)
            if found is None:
                found = seen[quote] = self._kind(quote + 1, in_list=in_list), self._next(quotes, quote + 1)
            kind, following = found
            if kind == _ENDS:
                return StringEnd(quote, quote + 1, repaired=quote != first)
            if kind == _KEY:
                if likely is None:
                    return _open_end(text, start + 1, quote)
                break
            if likely is not None:
                ahead += 1
            elif kind == _MAY_END:
                likely, ahead = quote, 1
            quote = following
        if likely is not None:
            return StringEnd(likely, likely + 1, repaired=likely != first)
        return StringEnd(size, size, repaired=True)

    def _next(self, quotes: str, position: int) -> int:
        """Where the next of these quotes stands; at least the length of the text when there is none."""
        match = _TO_QUOTE[quotes].match(self._text, position)
        return len(self._text) if match is None else match.end()

    def _kind(self, behind: int, *, in_list: bool) -> int:
        """What a quote is, from what follows it."""
        if (_LIST_END if in_list else _SURE_END).match(self._text, behind):
            return _ENDS
        if _A_KEY.match(self._text, behind):
            return _KEY
        return _MAY_END if _LIKELY_END.match(self._text, behind) else _INSIDE


def _open_end(text: str, start: int, key: int) -> StringEnd:
    """The string was never closed: it ends before the brackets that stand before the next key."""
    lead = _LEFT_OPEN.search(text, max(key - 40, start), key)
    end = key if lead is None else lead.start()
    return StringEnd(end, end, repaired=True)


def decode_string(raw: str) -> str:
    r"""What stands between two quotes, escapes decoded, in linear time.

    Models forget to double the backslashes of LaTeX. Where one stands before a letter that no escape has,
    ``\tau``, ``\rho``, ``\nu`` and the like are commands too, not a tab and two letters.

    Args:
        raw: As it stands in the answer. Lone surrogates become U+FFFD.
    """
    if "\\" not in raw:
        return raw
    latex = _BARE_LATEX.search(raw) is not None
    if not latex and "\\u" not in raw:
        try:
            return str(json.loads(f'"{raw}"', strict=False))
        except ValueError:  # a backslash too many or too few at the end: decoded piece by piece below
            pass

    def decode(match: re.Match[str]) -> str:
        return _code_point(match) if match[3] is None else _escaped(match, latex=latex)

    return _ESCAPE.sub(decode, raw)


def _code_point(match: re.Match[str]) -> str:
    first = int(match[1], 16)
    if 0xD800 <= first < 0xDC00 and match[2] is not None:
        return chr(0x10000 + ((first - 0xD800) << 10) + int(match[2], 16) - 0xDC00)
    one = "\ufffd" if 0xD800 <= first < 0xE000 else chr(first)
    second = "" if match[2] is None else "\ufffd"
    return one + second


def _escaped(match: re.Match[str], *, latex: bool) -> str:
    letter, raw = match[3], match.string
    if latex and letter in "bfrt" and raw[match.end() : match.end() + 1].isalpha():
        return match[0]
    if latex and letter == "n" and _COMMAND_N.match(raw, match.start() + 1):
        return match[0]
    return _SIMPLE.get(letter, match[0])
