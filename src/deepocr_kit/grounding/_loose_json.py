"""Finds the objects in JSON as models write it, broken or cut, without losing a word."""

from __future__ import annotations

import re
from itertools import chain

from deepocr_kit.grounding._loose_objects import OBJECT_START, LooseJson, LooseObject, LooseValue, pure_object
from deepocr_kit.grounding._loose_strings import StringEnds, decode_string
from deepocr_kit.grounding._open_json import OpenJson

__all__ = ["LooseJson", "LooseObject", "LooseValue", "read_objects"]

MAX_DEPTH = 32
"""Deepest nesting that is followed; real answers have three levels."""

_MAX_NUMBER_CHARS = 32
"""Longest number that is read; a longer one is kept as text."""

_SKIP = re.compile(r"[\s,]++")
_KEY = re.compile(r"[\"'“”‘’]([^\"'“”‘’\\\n]{0,80}+)[\"'“”‘’]\s{0,40}+:")
_BARE_KEY = re.compile(r"([A-Za-z_][\w-]{0,40}+)\s{0,40}+:")
_NUMBER = re.compile(r"[-+]?+(?>\d++(?>\.\d*+)?+|\.\d++)(?>[eE][-+]?+\d{1,3})?+(?![\w.])")
_NUMBERS = re.compile(
    r"-?+\d{1,16}+(?:\.\d{1,9}+)?+(?:\s{0,9}+,\s{0,9}+-?+\d{1,16}+(?:\.\d{1,9}+)?+(?![\w.]))*+(?![\w.])"
)
"""Numbers of a list, as many as stand in a row: they are read in one step."""

_BARE = re.compile(r"[^\s,:{}\[\]\"]++(?>[ \t]++[^\s,:{}\[\]\"]++)*+")
_WRAPPERS = frozenset(
    {"layout", "elements", "layout_elements", "blocks", "regions", "items", "results", "result", "res", "pages", "page"}
    | {"data", "ocr", "cells", "boxes", "document", "output", "parsing_res_list", "overall_ocr_res", "layout_det_res"}
)
"""Keys in front of objects that say nothing of the page."""

_NOTHING = frozenset({"null", "None", "NaN", "undefined"})
_MARKUP = re.compile(r"```[A-Za-z]{0,20}+|<\|[a-z_]{2,40}+\|>|<[\uff5c|][^<>\n]{1,40}+[\uff5c|]>|</s>")
_STRUCTURE = " \t\r\n\f\v,:[]{}\"'"


def read_objects(text: str, start: int = 0, end: int | None = None) -> LooseJson:
    """Find all objects that hold no other object, in linear time. Never raises, never evaluates.

    Reads JSON, JSON lines and Python's way to write dictionaries, inside prose and code fences. Missing commas,
    quotes and closers, quotes inside strings, single and curly quotes, bare keys and cut ends are put right and
    named. A backslash that begins a LaTeX command and was not doubled stays one.

    Args:
        text: A model's answer.
        start: Where to begin in it.
        end: Where to end; at the end of the text by default, else outside of any object.
    """
    reader = _Reader(text, start, len(text) if end is None else end)
    reader.read()
    return LooseJson(tuple(reader.objects), tuple(sorted(reader.rest)))


class _Reader:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._at = start
        self._size = end
        self._strings = StringEnds(text)
        self._stack: list[OpenJson] = []
        self._lists = 0
        self.objects: list[LooseObject] = []
        self.rest: list[tuple[int, int]] = []

    def read(self) -> None:
        """Go through the text once."""
        steps = {"{": self._open_object, "[": self._open_list, "}": self._close_object, "]": self._close_list}
        steps |= {":": self._stray} | dict.fromkeys("\"'“”‘’", self._quoted)
        size = self._size
        while self._at < size:
            if not self._stack:
                self._prose()
                continue
            match = _SKIP.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
                if "," in match.group() and self._stack[-1].wants == "comma":
                    self._stack[-1].wants = "key"
                continue
            steps.get(self._text[self._at], self._bare)()
        while self._stack:
            if self._stack[-1].is_object:
                self._finish(size, cut=True)
            else:
                self._deliver_list(size)

    def _prose(self) -> None:
        """Outside of any object: look for the next one."""
        match = OBJECT_START.search(self._text, self._at, self._size)
        end = self._size if match is None else match.start()
        self._keep(self._at, end)
        self._at = end
        if match is not None and not self._pure():
            self._push(OpenJson(end, is_object=True))

    def _pure(self) -> bool:
        """Read a well-formed object at once, when one stands here."""
        found = pure_object(self._text, self._at)
        if found is None:
            return False
        self.objects.append(found)
        self._at = found.end
        return True

    def _keep(self, start: int, end: int) -> None:
        """Note the words of a stretch that stands in no object."""
        position = start
        for match in chain(_MARKUP.finditer(self._text, start, end), (None,)):
            stop = end if match is None else match.start()
            piece = self._text[position:stop]
            inner = piece.strip(_STRUCTURE)
            if inner:
                lead = position + len(piece) - len(piece.lstrip(_STRUCTURE))
                self.rest.append((lead, lead + len(inner)))
            position = end if match is None else match.end()

    def _push(self, frame: OpenJson) -> None:
        self._stack.append(frame)
        self._lists += not frame.is_object
        self._at += 1

    def _flaw(self, what: str) -> None:
        self._stack[-1].flaws[what] = None

    def _stray(self) -> None:
        """A bracket or colon that fits nowhere is passed over."""
        self._flaw("a stray bracket or colon")
        self._at += 1

    def _open_object(self) -> None:
        top = self._stack[-1]
        if top.is_object and top.wants != "value":
            self._flaw("a missing closing bracket")
            self._finish(self._at)
        elif not top.is_object and (top.numbers or top.texts):
            self._flaw("a missing closing bracket")
            self._deliver_list(self._at)
        elif len(self._stack) >= MAX_DEPTH:
            self._stray()
        else:
            self._hold(top)
            if not self._pure():
                self._push(OpenJson(self._at, is_object=True))
            elif top.is_object:
                top.wants = "comma"

    def _hold(self, frame: OpenJson) -> None:
        """Note that an open object or list holds objects; the key in front of them is markup when models use it so."""
        frame.holds_objects = True
        if frame.is_object and frame.wants == "value" and frame.key.lower() not in _WRAPPERS:
            frame.loose.append((frame.key_start, frame.key_start + len(frame.key), frame.key))

    def _open_list(self) -> None:
        top = self._stack[-1]
        if (top.is_object and top.wants != "value") or len(self._stack) >= MAX_DEPTH:
            self._stray()
        else:
            self._push(OpenJson(self._at, is_object=False))

    def _close_object(self) -> None:
        if self._stack[-1].is_object:
            self._at += 1
            self._finish(self._at)
        else:
            self._flaw("a missing closing bracket")
            self._deliver_list(self._at)

    def _close_list(self) -> None:
        top = self._stack[-1]
        if not top.is_object:
            self._at += 1
            self._deliver_list(self._at)
        elif self._lists or (len(self._stack) == 1 and top.members and top.wants != "value"):
            self._flaw("a missing closing bracket")
            self._finish(self._at)
        else:
            self._stray()

    def _deliver_list(self, end: int) -> None:
        """The open list is complete: its parent takes it."""
        done = self._stack.pop()
        self._lists -= 1
        parent = self._stack[-1]
        parent.flaws |= done.flaws
        if done.holds_objects:
            self._hold(parent)
            parent.wants = "comma"
            for start, stop in done.items:
                self._keep(start, stop)
        else:
            text = "\n".join(done.texts)
            parent.give(LooseValue(done.start, end, text, done.text_start or done.start, tuple(done.numbers)))

    def _finish(self, end: int, *, cut: bool = False) -> None:
        """The open object is complete."""
        done = self._stack.pop()
        if done.is_object and done.wants == "value":
            done.flaws["a missing value"] = None
            done.give(LooseValue(end, end))
        if done.holds_objects:
            for start, (_, value) in zip(done.member_starts, done.members, strict=True):
                self._keep(start, value.end)
            for start, stop, _ in done.loose:
                self._keep(start, stop)
        elif done.members or done.loose:
            while self._text[end - 1 : end].isspace():
                end -= 1
            members, loose = tuple(done.members), tuple((start, words) for start, _, words in done.loose)
            self.objects.append(LooseObject(done.start, end, members, loose, tuple(done.flaws), cut))
        if self._stack:
            self._stack[-1].wants = "comma"

    def _quoted(self) -> None:
        """A quote: a key when a colon follows, else a string."""
        top = self._stack[-1]
        match = None if top.is_object and top.wants == "value" else _KEY.match(self._text, self._at)
        if match is not None and (top.is_object or self._stack[-2].is_object):
            self._take_key(match)
            return
        found = self._strings.find(self._at, in_list=not top.is_object)
        if found.repaired:
            self._flaw("a quote inside a string or a missing one")
        start, self._at = self._at, found.next
        text = decode_string(self._text[start + 1 : found.end])
        if top.is_object and top.wants != "value":
            self._loose(start + 1, found.end, text)
        else:
            top.give(LooseValue(start, self._at, text, start + 1))

    def _take_key(self, match: re.Match[str]) -> None:
        """A key, also inside a list that was never closed."""
        if not self._stack[-1].is_object:
            self._flaw("a missing closing bracket")
            self._deliver_list(self._at)
        top = self._stack[-1]
        if top.wants == "comma":
            self._flaw("a missing comma")
        top.key, top.key_start, top.wants = match[1], match.start(1), "value"
        self._at = match.end()

    def _bare(self) -> None:
        """A number or a word without quotes."""
        top = self._stack[-1]
        key = _BARE_KEY.match(self._text, self._at) if top.is_object and top.wants != "value" else None
        if key is not None:
            self._flaw("a key without quotes")
            self._take_key(key)
            return
        start = self._at
        if not top.is_object and (run := _NUMBERS.match(self._text, start)) is not None:
            self._at = run.end()
            top.items.append(run.span())
            top.numbers += map(float, run[0].split(","))
            return
        number = _NUMBER.match(self._text, start)
        if (
            number is not None
            and number.end() - start <= _MAX_NUMBER_CHARS
            and (not top.is_object or top.wants == "value")
        ):
            self._at = number.end()
            top.give(LooseValue(start, self._at, numbers=(float(number.group()),)))
            return
        match = _BARE.match(self._text, start)
        self._at = start + 1 if match is None else match.end()
        self._word(start, self._text[start : self._at])

    def _word(self, start: int, words: str) -> None:
        top = self._stack[-1]
        if top.is_object and top.wants != "value":
            self._loose(start, self._at, words)
        elif words in _NOTHING:
            top.give(LooseValue(start, self._at))
        else:
            if words not in ("true", "false", "True", "False"):
                self._flaw("a string without quotes")
            top.give(LooseValue(start, self._at, words, start))

    def _loose(self, start: int, end: int, words: str) -> None:
        self._flaw("words outside of the members")
        self._stack[-1].loose.append((start, end, words))
