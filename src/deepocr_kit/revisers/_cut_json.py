"""Keeps what stands complete in a JSON object whose end is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from deepocr_kit.revisers.wire import SOURCES, TEXT

__all__ = ["CutObject", "CutPath", "read_cut_object", "without_open_leaf"]

CutPath: TypeAlias = tuple[str | int, ...]
"""Keys and positions of the containers that were open at the cut, from the outside; empty for the object alone."""

DEPTH_MAX = 64
"""Deeper nesting is refused, as in whole answers."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")|(?P<mark>[{}\[\]:,])|(?P<word>[^\s"{}\[\]:,]+))""", re.DOTALL
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?\d[\d.eE+-]{0,400}")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class CutObject:
    """What was complete before the cut.

    Attributes:
        data: The object; numbers are strings with the digits as written.
        path: What was open at the cut; None when nothing was, and only commas were wrong.
    """

    data: dict[str, Any]
    path: CutPath | None


class _BrokenError(Exception):
    """The text is wrong somewhere before its end, so it is no cut object."""


@dataclass(slots=True)
class _Builder:
    """Builds the value token by token; ``stack`` holds the open containers and the keys they wait to fill."""

    stack: list[dict[str, Any] | list[Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    wants: str = "value"

    def take(self, kind: str, text: str) -> None:
        """The next token."""
        match self.wants, kind, text:
            case ("key" | "comma", "mark", "}") if isinstance(self.stack[-1], dict):
                self._close()
            case ("item" | "comma", "mark", "]") if isinstance(self.stack[-1], list):
                self._close()
            case "comma", "mark", ",":
                self.wants = "key" if isinstance(self.stack[-1], dict) else "item"
            case "key", "string", _:
                self.keys[-1], self.wants = _text_of(text), "colon"
            case "colon", "mark", ":":
                self.wants = "value"
            case (("value" | "item"), _, _):
                self._value(kind, text)
            case _:
                raise _BrokenError

    def path(self) -> CutPath:
        """Where the innermost open container stands."""
        steps: list[str | int] = []
        for outer, key in zip(self.stack[:-1], self.keys, strict=False):
            steps.append(len(outer) - 1 if isinstance(outer, list) else key or "")
        return tuple(steps)

    def _value(self, kind: str, text: str) -> None:
        if kind == "mark":
            if text not in "{[" or len(self.stack) >= DEPTH_MAX:
                raise _BrokenError
            container: dict[str, Any] | list[Any] = {} if text == "{" else []
            self._put(container)
            self.stack.append(container)
            self.keys.append(None)
            self.wants = "key" if text == "{" else "item"
            return
        self._put(_text_of(text) if kind == "string" else _word(text))
        self.wants = "comma"

    def _put(self, value: Any) -> None:
        if not self.stack:
            return
        outer = self.stack[-1]
        if isinstance(outer, list):
            outer.append(value)
        else:
            outer[self.keys[-1] or ""] = value

    def _close(self) -> None:
        self.stack.pop()
        self.keys.pop()
        self.wants = "comma"


def read_cut_object(text: str, start: int) -> CutObject | None:
    """The object that begins at ``text[start]``, when the text ends inside it.

    Commas before a closing bracket are allowed, since they do not change what
    the object says. A value at the very end may itself be cut, so it is left out.

    Args:
        text: The answer.
        start: Place of the opening brace.

    Returns:
        None when the text is no JSON before its end.
    """
    builder = _Builder()
    try:
        tokens = _tokens(text, start)
        builder.take(*next(tokens))
        root = builder.stack[0]
        assert isinstance(root, dict)  # it begins with a brace
        for token in tokens:
            builder.take(*token)
            if not builder.stack:
                return CutObject(root, None)
    except (_BrokenError, StopIteration):
        return None
    return CutObject(root, builder.path())


def without_open_leaf(cut: CutObject) -> CutObject:
    """The same without a value whose text or regions were not written to the end.

    The innermost open container goes when it is a list of region ids, a leaf
    (``{"text": ..., "src": [...]}``) or empty; a list stays, since its items are complete.
    """
    path = cut.path
    while path:
        outer = _at(cut.data, path[:-1])
        inner = outer[path[-1]]
        if isinstance(inner, list) and not _is_sources(path, outer):
            break
        if isinstance(inner, dict) and inner and not _is_leaf(inner):
            break
        del outer[path[-1]]
        path = path[:-1]
    return CutObject(cut.data, path)


def _tokens(text: str, start: int) -> Iterator[tuple[str, str]]:
    position = start
    while (match := _TOKEN.match(text, position)) is not None:
        position = match.end()
        kind = str(match.lastgroup)
        # a word that touches the end may go on behind the cut
        if kind == "word" and position == len(text):
            return
        yield kind, match[kind]


def _text_of(token: str) -> str:
    try:
        return str(_DECODER.decode(token))
    except ValueError:
        raise _BrokenError from None


def _word(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NUMBER.fullmatch(text):
        return text
    raise _BrokenError


def _at(data: Any, path: CutPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _is_leaf(value: dict[str, Any]) -> bool:
    return value.keys() <= {TEXT, SOURCES} and not isinstance(value.get(TEXT), dict | list)


def _is_sources(path: CutPath, outer: Any) -> bool:
    return path[-1] == SOURCES and isinstance(outer, dict) and _is_leaf(outer)
