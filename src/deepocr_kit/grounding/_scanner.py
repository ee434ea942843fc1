"""Cuts a stream of text into tokens, stripped tags, console noise and text, line by line."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from deepocr_kit.grounding._coordinates import BoxList, one_box, parse_boxes
from deepocr_kit.grounding._markup import (
    CONSOLE_WORDS,
    MARK,
    NOISY_MARK,
    TOKEN,
    TOKENS,
    WHOLE_TAG,
    Token,
    cut_token_at,
    is_console_line,
    is_rule,
    rule_start,
)
from deepocr_kit.grounding._stripped_tag import find_stripped_tag

__all__ = ["Scanner", "TokenSink", "WholeTag"]

_REF_OPENER = len(Token.REF_OPEN.value)


class WholeTag(NamedTuple):
    """A label and its boxes. All offsets count characters of the raw text."""

    start: int
    label_start: int
    label: str
    list_start: int
    boxes: BoxList
    end: int


class TokenSink(Protocol):
    """Takes what the scanner finds. All offsets count characters of the raw text."""

    by_line: bool
    """Whether texts stand where labels do."""

    @property
    def takes_stripped_tags(self) -> bool:
        """Whether a stripped tag may begin here: not inside an open ``ref`` or ``det``."""

    def text(self, start: int, text: str, *, closes_det: bool = False) -> None:
        """Text, whole lines or a part of one; ``closes_det``: ``<|/det|>`` stands right behind it."""

    def token(self, token: Token, start: int, end: int) -> None:
        """A special token."""

    def whole_tag(self, tag: WholeTag) -> None:
        """A label and its box list, complete."""

    def noise(self, start: int, end: int) -> None:
        """A block of console output."""

    def cut_token(self, start: int, end: int) -> None:
        """The beginning of a token, cut off by the end of the answer."""


class Scanner:
    """Feeds a ``TokenSink``.

    What it does depends on whole lines alone, never on where the chunks were
    cut: an unfinished line waits for its end. Every character is looked at a
    bounded number of times.
    """

    def __init__(self, sink: TokenSink) -> None:
        self._sink = sink
        self._waiting: list[str] = []
        self._offset = 0
        self._rule: tuple[int, str] | None = None
        self._noise_start: int | None = None
        self._noise_end = 0

    def feed(self, chunk: str) -> None:
        """Take the next piece."""
        head, line_break, tail = chunk.rpartition("\n")
        if line_break:
            self._waiting.append(head)
            self._waiting.append(line_break)
            block = "".join(self._waiting)
            self._waiting.clear()
            self._block(block)
        if tail:
            self._waiting.append(tail)

    def finish(self) -> None:
        """Take the end."""
        rest = "".join(self._waiting)
        self._waiting.clear()
        cut = cut_token_at(rest)
        self._block(rest if cut is None else rest[:cut])
        self._end_noise()
        self._flush_rule()
        if cut is not None:
            self._sink.cut_token(self._offset, self._offset + len(rest) - cut)

    def _block(self, block: str) -> None:
        """Whole lines. Stretches without any mark go to the sink in one piece."""
        base = self._offset
        self._offset += len(block)
        noisy = any(word in block for word in CONSOLE_WORDS)
        marks = NOISY_MARK if noisy else MARK
        position = 0
        while position < len(block):
            if self._rule is None and self._noise_start is None:
                mark = marks.search(block, position)
                line_start = len(block) if mark is None else block.rfind("\n", position, mark.start()) + 1
                if line_start > position:
                    self._sink.text(base + position, block[position:line_start])
                    position = line_start
                if mark is None:
                    return
                tag = WHOLE_TAG.match(block, position)
                if tag is not None and (tag[1] is not None or self._sink.takes_stripped_tags):
                    self._sink.whole_tag(_whole_tag(tag, base))
                    position = tag.end()
                    continue
            line_end = block.find("\n", position) + 1 or len(block)
            line = block[position:line_end]
            if noisy or self._rule is not None or self._noise_start is not None or "=" in line:
                self._line(base + position, line)
            else:
                self._markup(base + position, line)
            position = line_end

    def _line(self, start: int, line: str) -> None:
        """One line that may be console output or a rule in front of it."""
        in_block = self._rule is not None or self._noise_start is not None
        if is_console_line(line, in_block=in_block) or (self._noise_start is not None and is_rule(line)):
            self._add_noise(start, line)
            return
        if in_block:
            self._end_noise()
            self._flush_rule()
        rule = rule_start(line) if "=" in line else None
        if rule is None:
            self._markup(start, line)
        else:
            if rule:
                self._markup(start, line[:rule])
            self._rule = (start + rule, line[rule:])

    def _add_noise(self, start: int, line: str) -> None:
        if self._noise_start is None:
            self._noise_start = start if self._rule is None else self._rule[0]
            self._rule = None
        self._noise_end = start + len(line.rstrip())

    def _end_noise(self) -> None:
        if self._noise_start is not None:
            self._sink.noise(self._noise_start, self._noise_end)
            self._noise_start = None

    def _flush_rule(self) -> None:
        """The rule was not the begin of console output: it is text."""
        if self._rule is not None:
            start, text = self._rule
            self._rule = None
            self._sink.text(start, text)

    def _markup(self, start: int, line: str) -> None:
        """One line outside of console output."""
        position = 0
        if "[[" in line and self._sink.takes_stripped_tags:
            tag = find_stripped_tag(line, by_line=self._sink.by_line)
            if tag is not None and ("<" not in line or TOKEN.search(line, 0, tag[1]) is None):
                label_end, position = tag
                list_start, end = start + label_end, start + position
                boxes = parse_boxes(line[label_end:position])
                self._sink.whole_tag(WholeTag(start, start, line[:label_end], list_start, boxes, end))
        if "<" not in line:
            if position < len(line):
                self._sink.text(start + position, line[position:])
            return
        for match in TOKEN.finditer(line, position):
            token = TOKENS[match[0]]
            if match.start() > position:
                text = line[position : match.start()]
                self._sink.text(start + position, text, closes_det=token is Token.DET_CLOSE)
            self._sink.token(token, start + match.start(), start + match.end())
            position = match.end()
        if position < len(line):
            self._sink.text(start + position, line[position:])


def _whole_tag(match: re.Match[str], base: int) -> WholeTag:
    ref, label, x0, y0, x1, y1 = match.groups()
    boxes = one_box(int(x0), int(y0), int(x1), int(y1))
    start, end = base + match.start(), base + match.end()
    list_start = base + match.start(3) - len("[[")
    if ref is None:
        return WholeTag(start, start, label, list_start, boxes, end)
    return WholeTag(start, start + _REF_OPENER, ref, list_start, boxes, end)
