"""Takes an HTML answer apart into blocks, each with the box that stands in its tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

from deepocr_kit.documents import IssueCode, RegionLabel, Severity
from deepocr_kit.grounding._loose_html import TAG, VOID_TAGS, attributes_of, read_html
from deepocr_kit.grounding.dialects._answer import Answer, label_of
from deepocr_kit.grounding.dialects._frames import Frame, read_numbers
from deepocr_kit.grounding.dialects._unplaced import say_unplaced

__all__ = ["HtmlBlocks", "HtmlLayout", "html_mark", "read_html_layout"]

_BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "li", "pre", "figure", "blockquote", "caption", "figcaption"}
    | {"div", "ul", "ol", "dl", "section", "article", "aside", "header", "footer", "nav", "center", "form", "span"}
    | {"img"}
)
"""Tags that can be a region."""

_WRAPPERS = frozenset(
    {"html", "body", "head", "main", "div", "ul", "ol", "dl", "section", "article", "aside", "header", "footer"}
    | {"nav", "center", "form", "figure", "span"}
)
"""Tags that only hold regions when they have neither box nor label of their own."""

_NAMES = _BLOCKS | _WRAPPERS
_FLAT = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
"""Tags that no block can stand in."""

_OPENERS = _BLOCKS - {"span", "img", "caption", "figcaption"}
_NOISE = re.compile(
    r"```[A-Za-z]{0,20}+|<\|[a-z_]{2,40}+\|>|</s>|<!DOCTYPE[^<>]{0,200}+>|<style(?:\s[^<>]{0,200}+)?>[^<]*+</style>",
    re.IGNORECASE,
)
_CELLS = re.compile(r"(?:[^<]*+</?(?:t[dhr](?:\s[^<>]*+)?|thead|tbody|br|b|i|su[bp])>)++")
"""Words and tags of cells, one after the other."""

_CUT_TAG = re.compile(r"</?(?P<name>[a-z]{1,10}+[1-6]?)(?P<rest>\s[^<>]{0,2000}+)?\Z")
_BEGINS_HTML = re.compile(r"\s*+(?>```html\s*+)?+<(?:html|body|div|p|h[1-6]|table)[\s>]", re.IGNORECASE)
_BOX_OF_TAG = re.compile(r"\sdata-bbox\s*+=", re.IGNORECASE)


def html_mark(text: str) -> int | None:
    """Where the first thing stands in an answer that tells that it is HTML; None when there is none."""
    match = _BEGINS_HTML.match(text) or _BOX_OF_TAG.search(text)
    return None if match is None else match.start()


@dataclass(frozen=True, slots=True)
class HtmlLayout:
    """How a family writes its blocks.

    Attributes:
        word_of: The family's word for a block, from its tag's name and attributes; empty when it has none.
        words: The family's words for labels, as for ``Answer``.
        frame: Of the coordinates; None when it is not known.
        needs_box: Whether a block without a box is worth an issue.
    """

    word_of: Callable[[str, dict[str, str]], str]
    words: dict[str, RegionLabel]
    frame: Frame | None
    needs_box: bool = True


def read_html_layout(answer: Answer, layout: HtmlLayout, start: int = 0, end: int | None = None) -> None:
    """Add a region for every block of a stretch of the answer, in linear time.

    A block is a tag with ``data-bbox``, or a paragraph, heading, list item or table that stands in none. Tags inside
    it belong to its content, but for those with a box of their own in a ``div`` or list that has no text before them.

    Args:
        answer: Takes the regions and issues.
        layout: How the family writes.
        start: Where to begin in the raw text.
        end: Where to end; the end of the answer by default.
    """
    _Reader(answer, layout, start, len(answer.raw_text) if end is None else end, Counter()).read()


class HtmlBlocks:
    """Reads the blocks of a stream that are closed.

    Args:
        layout: How the family writes.
    """

    def __init__(self, layout: HtmlLayout) -> None:
        self._layout = layout
        self._wrappers: Counter[str] = Counter()

    def __call__(self, answer: Answer, start: int) -> int:
        """See ``BlockReader``."""
        return _Reader(answer, self._layout, start, len(answer.raw_text), self._wrappers).read_closed()


@dataclass(slots=True)
class _Open:
    """A block that is open."""

    tag: re.Match[str]
    name: str
    attributes: dict[str, str]
    depth: int = 1
    tables: int = 0
    has_text: bool = False
    inner: dict[str, int] = field(default_factory=dict)


class _Reader:
    def __init__(self, answer: Answer, layout: HtmlLayout, start: int, end: int, wrappers: Counter[str]) -> None:
        self._answer = answer
        self._layout = layout
        self._text = answer.raw_text
        self._position = start
        self._end = end
        self._open: _Open | None = None
        self._wrappers = wrappers
        self._unplaced: list[int] = []

    def read(self) -> None:
        """Read everything."""
        self._tags(certain=False)
        self._tail()
        say_unplaced(self._answer, self._unplaced)

    def read_closed(self) -> int:
        """Read the blocks that are closed; where they end."""
        self._tags(certain=True)
        return self._position if self._open is None else self._open.tag.start()

    def _tags(self, *, certain: bool) -> None:
        seen = self._position
        while (tag := TAG.search(self._text, seen, self._end)) is not None:
            if self._open is not None and not self._open.has_text:
                self._open.has_text = not self._text[seen : tag.start()].isspace() and seen < tag.start()
            seen = tag.end()
            if certain and tag["odd"] and TAG.search(self._text, seen, self._end) is None:
                return  # its last quote may be closed further on, if no tag stands before that
            name = tag["name"].lower()
            if self._open is None:
                self._outside(tag, name)
            else:
                self._inside(self._open, tag, name)
            if not certain and self._open is not None and self._open.tables and self._open.has_text:
                seen = self._behind_cells(self._open, seen)

    def _behind_cells(self, block: _Open, position: int) -> int:
        """Where the tags end that are nothing but cells of the table: most tags of an answer, and no block."""
        cells = _CELLS.match(self._text, position, self._end) if block.name in _BLOCKS else None
        return position if cells is None else cells.end()

    def _outside(self, tag: re.Match[str], name: str) -> None:
        if tag["close"]:
            if name not in _NAMES:
                return
            self._loose(tag.start())
            if self._wrappers[name]:
                self._wrappers[name] -= 1
            else:
                self._answer.stray(tag.start())
            self._position = tag.end()
            return
        attributes = attributes_of(tag) if tag["attributes"] else {}
        boxed = "data-bbox" in attributes
        if name in VOID_TAGS and not boxed:
            if name == "br" or name == "hr":
                self._loose(tag.start())
                self._position = tag.end()
            return
        if name not in _NAMES and not boxed:
            return
        self._loose(tag.start())
        self._position = tag.end()
        if name in _WRAPPERS and not boxed and not self._layout.word_of("", attributes):
            self._wrappers[name] += 1
            return
        self._open = _Open(tag, name, attributes, tables=name == "table")
        if name in VOID_TAGS or tag[0].endswith("/>"):
            self._close(self._open, tag.end(), tag.end())

    def _inside(self, block: _Open, tag: re.Match[str], name: str) -> None:
        if tag["close"]:
            self._inside_closer(block, tag, name)
            return
        boxed = "data-bbox" in tag["attributes"].lower()
        if not block.tables and name in _OPENERS and (boxed or block.name in _FLAT):
            self._next_block(block, tag, name)
            return
        block.tables += name == "table"
        if name == block.name and not tag[0].endswith("/>"):
            block.depth += 1
        elif name in _WRAPPERS:
            block.inner[name] = block.inner.get(name, 0) + 1

    def _inside_closer(self, block: _Open, tag: re.Match[str], name: str) -> None:
        if name == "table":
            block.tables = max(block.tables - 1, 0)
        if name == block.name:
            block.depth -= 1
            if block.depth == 0:
                self._close(block, tag.start(), tag.end())
        elif block.inner.get(name):
            block.inner[name] -= 1
        elif name in ("html", "body") or (name in _WRAPPERS and self._wrappers[name]):
            self._unclosed(block, tag.start())
            self._outside(tag, name)

    def _next_block(self, block: _Open, tag: re.Match[str], name: str) -> None:
        """A block begins inside of another: that one only holds it, or was never closed."""
        if block.name in _WRAPPERS and not block.has_text and not block.attributes.get("data-label"):
            self._wrappers[block.name] += block.depth
            self._wrappers.update(block.inner)
            self._open = None
            self._position = tag.start()
        else:
            self._unclosed(block, tag.start())
        self._outside(tag, name)

    def _unclosed(self, block: _Open, end: int) -> None:
        message = f"a <{block.name}> is not closed; it ends where the next block begins"
        self._answer.note(IssueCode.UNCLOSED_TAG, Severity.WARNING, message, block.tag.start())
        self._close(block, end, end)

    def _close(self, block: _Open, content_end: int, end: int) -> None:
        """Add the region of the open block."""
        self._open = None
        self._position = end
        start = block.tag.start()
        inner_start = start if block.name == "table" or block.name in VOID_TAGS else block.tag.end()
        raw = self._text[inner_start : end if inner_start == start else content_end]
        content = raw.strip()
        word = self._layout.word_of(block.name, block.attributes)
        label = label_of(word, self._layout.words) if word else RegionLabel.TEXT
        read = read_html(content, label or RegionLabel.OTHER)
        if label is RegionLabel.FORMULA:
            content = read.text
        box = block.attributes.get("data-bbox")
        frame = self._layout.frame
        if box is not None and frame is None:
            self._unplaced.append(start)
        self._answer.region(
            (start, end if content == raw or end > content_end else inner_start + len(raw.rstrip())),
            word,
            boxes=() if box is None or frame is None else (frame.box(read_numbers(box)),),
            needs_box=self._layout.needs_box and frame is not None,
            content=content,
            content_at=inner_start + len(raw) - len(raw.lstrip()),
            read=read,
            label=label,
        )

    def _loose(self, end: int) -> None:
        """Text outside of every block; styles and fences are no text."""
        position = self._position
        if position == end:
            return
        for noise in chain(_NOISE.finditer(self._text, position, end), (None,)):
            stop = end if noise is None else noise.start()
            self._answer.untagged(position, stop)
            if noise is not None and noise[0][:6].lower() == "<style":
                message = "a style sheet, not text of the page"
                self._answer.note(IssueCode.STRAY_MARKUP, Severity.INFO, message, stop, span=noise.span())
            position = end if noise is None else noise.end()
        self._position = end

    def _tail(self) -> None:
        """The end of the answer: a block that is still open was cut."""
        end = self._end - _cut_tag_length(self._text[max(self._position, self._end - 2048) : self._end])
        cut = self._open is not None or end < self._end
        if self._open is None:
            self._loose(end)
        else:
            self._close(self._open, end, end)
        if cut:
            self._answer.cut(end, span=(end, self._end) if end < self._end else None)


def _cut_tag_length(tail: str) -> int:
    """How much of the end of an answer is the beginning of a tag."""
    match = _CUT_TAG.search(tail)
    if match is None or (match["rest"] is None and not any(name.startswith(match["name"]) for name in _BLOCKS)):
        return 0
    return len(match[0])
