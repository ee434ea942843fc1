"""Finds the answer object in whatever a model wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from deepocr_kit.revisers._cut_json import CutObject, CutPath, read_cut_object, without_open_leaf

__all__ = ["ANSWER_MAX_CHARS", "ParsedAnswer", "parse_answer"]

ANSWER_MAX_CHARS = 1 << 20
"""A longer answer is not read at all; a wire answer of a thousand fields is a tenth of it."""

ANSWER_MAX_DEPTH = 64
"""Deeper nesting is refused; no schema that can be used comes near it."""

WORK_FACTOR = 16
"""How many times its own length an answer may cost to search for objects, so that hostile text stays linear."""

FAILED_STARTS_MAX = 2000
"""How many braces may turn out not to begin an object; each failure costs the decoder a look at all lines before it."""

CUT_WORK_FACTOR = 2
"""The same for objects without an end, which are read in Python and not in C."""

_THINK_OPEN = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_OBJECT_START = re.compile(r"\{\s*[\"}]")
_THINK_CLOSE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """The object that answers the question.

    Attributes:
        data: Keys as asked for; numbers stand as the text that was written.
        repairs: What had to be done to get at it, for people; empty when the
            answer was nothing but the object.
        cut: What was open where the answer was cut, keys and list positions
            from the outside; None for a whole answer. Whatever stands in ``data`` was complete.
    """

    data: dict[str, Any]
    repairs: tuple[str, ...] = ()
    cut: CutPath | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """An object with our keys, whether it stood in a wrapper, and what of it is missing."""

    data: dict[str, Any]
    wrapped: bool = False
    cut: CutPath | None = None


class _Pairs:
    """An ``object_pairs_hook`` that lets the last of equal keys win and remembers that there were some."""

    def __init__(self) -> None:
        self.duplicates: list[str] = []

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        merged = dict(pairs)
        if len(merged) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.duplicates.append(key)
                seen.add(key)
        return merged


def parse_answer(text: str, keys: Collection[str], *, reasoning: str = "") -> ParsedAnswer | None:
    """The last JSON object in ``text`` that has any of ``keys``.

    The whole text is tried first. Then complete ``<think>`` parts are
    dropped (without an opening tag: everything before the closing one), and
    the text is searched for objects. The *last* one counts: text that a
    document smuggled in and a model repeated stands before its answer. One
    wrapper around the object (``{"arguments": {...}}``) is taken off. Of an object
    that the text does not finish, the complete values are kept.

    Args:
        text: The answer of the model.
        keys: Names of which the object must have at least one.
        reasoning: The thinking part of the answer, when the server splits it
            off; read only when ``text`` is blank, since some servers route the
            answer there.

    Returns:
        The object, or None when there is none. Numbers are strings with the
        digits as written, since a float would change them.
    """
    if len(text) > ANSWER_MAX_CHARS:
        return None
    if not text.strip():
        if not reasoning.strip():
            return None
        inner = parse_answer(reasoning, keys)
        return inner and replace(inner, repairs=("the answer stood in the reasoning part", *inner.repairs))
    pairs = _Pairs()
    decoder = json.JSONDecoder(
        object_pairs_hook=pairs, parse_float=str, parse_int=str, parse_constant=str, strict=False
    )
    stripped = text.strip()
    repairs: list[str] = []
    found = _whole(stripped, keys, decoder)
    if found is None:
        repairs.append("text around the JSON object was dropped")
        found = _last(_without_thinking(stripped), keys, decoder)
    if found is None:
        return None
    if found.wrapped:
        repairs.append("a wrapper around the JSON object was taken off")
    repairs.extend(f"the key {key[:64]!r} stood there twice; the last one counts" for key in pairs.duplicates[:5])
    return ParsedAnswer(found.data, tuple(repairs), found.cut)


def _whole(text: str, keys: Collection[str], decoder: json.JSONDecoder) -> _Found | None:
    try:
        value = decoder.decode(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return _ours(value, keys)


def _last(text: str, keys: Collection[str], decoder: json.JSONDecoder) -> _Found | None:
    best = None
    for value in _objects(text, keys, decoder):
        best = (value if isinstance(value, _Found) else _ours(value, keys)) or best
    return best


def _objects(text: str, keys: Collection[str], decoder: json.JSONDecoder) -> Iterator[Any]:
    """Outermost objects from left to right, at most ``WORK_FACTOR`` times the length of work."""
    budget, cut_budget = WORK_FACTOR * len(text), CUT_WORK_FACTOR * len(text)
    failures = 0
    start = _OBJECT_START.search(text)
    while start is not None and budget > 0 and failures < FAILED_STARTS_MAX:
        try:
            value, end = decoder.raw_decode(text, start.start())
        except json.JSONDecodeError as error:
            if cut_budget > 0 and (cut := _cut(text, start.start(), keys)) is not None:
                # everything behind this brace belongs to the object
                yield cut
                return
            failures += 1
            budget -= error.pos - start.start()
            cut_budget -= error.pos - start.start()
            start = _OBJECT_START.search(text, start.start() + 1)
        except RecursionError:
            return
        else:
            budget -= end - start.start()
            yield value
            start = _OBJECT_START.search(text, end)


def _cut(text: str, start: int, keys: Collection[str]) -> _Found | None:
    """The object that begins here and does not end, when it is ours."""
    cut = read_cut_object(text, start)
    if cut is None:
        return None
    rest: CutObject = without_open_leaf(cut)
    found = _ours(rest.data, keys)
    if found is None or rest.path is None:
        return found
    return replace(found, cut=rest.path[1:] if found.wrapped else rest.path)


def _ours(value: object, keys: Collection[str]) -> _Found | None:
    if not isinstance(value, dict) or _too_deep(value):
        return None
    if any(key in value for key in keys):
        return _Found(value)
    inner = [item for item in value.values() if isinstance(item, dict) and any(key in item for key in keys)]
    return _Found(inner[0], wrapped=True) if len(inner) == 1 else None


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(ANSWER_MAX_DEPTH):
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def _without_thinking(text: str) -> str:
    """The text without complete thinking parts; in linear time, nested tags included."""
    kept: list[str] = []
    position = 0
    while (opening := _THINK_OPEN.search(text, position)) is not None:
        closing = _THINK_CLOSE.search(text, opening.end())
        if closing is None:
            break
        kept.append(text[position : opening.start()])
        position = closing.end()
    rest = "".join(kept) + text[position:]
    stray_ends = [match.end() for match in _THINK_CLOSE.finditer(rest)]
    return rest[stray_ends[-1] :] if stray_ends else rest
