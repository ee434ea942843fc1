"""Cuts a document into windows that a model can read at once, without leaving a region out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby

from deepocr_kit.documents import Document, Issue, IssueCode, Region, Severity
from deepocr_kit.revisers.evidence import is_suspicious
from deepocr_kit.revisers.prompt import GRID, json_text

__all__ = ["DocumentWindow", "DocumentWindows", "PromptLimits", "RegionLine", "document_windows", "estimate_tokens"]

ASCII_PER_TOKEN = 3
"""Characters of region lines per token. JSON with figures has 2 to 3 with the vocabularies of Qwen, Llama and Nova,
prose 4 to 5; other characters are counted as one token each."""

OVERLAP_LINES = 6
"""Lines at the end of a window that the next one begins with, when a page had to be split; a row of a table
or a label and its value then stand together in one of the two."""

TEXT_MIN_CHARS = 200
"""A shorter text of one region is not split further."""


@dataclass(frozen=True, slots=True)
class PromptLimits:
    """How a document is cut into questions. What does not fit into one goes into the next.

    Attributes:
        window_tokens: Estimated tokens of the document in one question. When the
            server says that it is too much, the window is halved and asked again.
        region_chars: Characters of one line; a longer region gets several lines with the same id.
        windows: Most questions for all fields of one document. Pages after that are left out,
            with a ``document_cut`` issue.
        concurrency: How many windows of one document are asked at once.
        images: Most pictures in one question, when pictures are sent; a window then has no more pages.
    """

    window_tokens: int = 24_000
    region_chars: int = 8_000
    windows: int = 64
    concurrency: int = 4
    images: int = 8

    def __post_init__(self) -> None:
        """Check the numbers."""
        for limit in fields(self):
            value = getattr(self, limit.name)
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{limit.name} must be a whole number from 1 on, got {value!r}")


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One region, or a part of a long one, as the model sees it.

    Attributes:
        page_index: 0-based.
        head: The JSON of the line up to the text.
        printed: What is printed there.
    """

    page_index: int
    head: str
    printed: str

    @property
    def text(self) -> str:
        """The line, without a line end."""
        return f'{self.head}"text":{json_text(self.printed)}}}'

    @property
    def tokens(self) -> int:
        """Estimated."""
        return estimate_tokens(self.head) + estimate_tokens(self.printed) + 6

    def halves(self) -> tuple[RegionLine, ...]:
        """The same text on two lines, cut at a space when there is one; itself alone when it is short."""
        if len(self.printed) < TEXT_MIN_CHARS:
            return (self,)
        middle = len(self.printed) // 2
        space = self.printed.find(" ", middle, middle + TEXT_MIN_CHARS // 4)
        cut = middle if space < 0 else space
        return replace(self, printed=self.printed[:cut]), replace(self, printed=self.printed[cut:].lstrip(" "))


@dataclass(frozen=True, slots=True)
class DocumentWindow:
    """A part of the document that is asked for all fields at once."""

    lines: tuple[RegionLine, ...]

    @property
    def text(self) -> str:
        """What stands between the markers of the prompt."""
        return "\n".join(line.text for line in self.lines)

    @property
    def tokens(self) -> int:
        """Estimated."""
        return sum(line.tokens for line in self.lines)

    @property
    def pages(self) -> tuple[int, ...]:
        """0-based pages in it, in order."""
        return tuple(dict.fromkeys(line.page_index for line in self.lines))

    @property
    def place(self) -> str:
        """Its pages, for people."""
        first, last = self.pages[0] + 1, self.pages[-1] + 1
        return f"page {first}" if first == last else f"pages {first} to {last}"

    def halves(self) -> tuple[DocumentWindow, ...]:
        """Two smaller windows: at a page, else between regions, else inside one; itself alone when nothing is left."""
        if len(self.pages) > 1:
            border = self.pages[len(self.pages) // 2]
            cut = next(number for number, line in enumerate(self.lines) if line.page_index == border)
            return DocumentWindow(self.lines[:cut]), DocumentWindow(self.lines[cut:])
        if len(self.lines) == 1:
            return tuple(DocumentWindow((line,)) for line in self.lines[0].halves())
        middle = len(self.lines) // 2
        overlap = min(OVERLAP_LINES, middle // 2)
        return DocumentWindow(self.lines[:middle]), DocumentWindow(self.lines[middle - overlap :])


@dataclass(frozen=True, slots=True)
class DocumentWindows:
    """The whole document as windows, and what was left out or looks odd."""

    windows: tuple[DocumentWindow, ...]
    issues: tuple[Issue, ...]


def document_windows(document: Document, limits: PromptLimits, *, pages: int | None = None) -> DocumentWindows:
    """All regions as JSON lines, in as few windows as the limits allow.

    Windows end at pages. A page that is too large by itself is split between
    its regions, and the parts share a few lines.

    Text is JSON in ASCII-safe punctuation: brackets and backticks of role tokens and
    fences are written as escapes, so no token of a chat template can stand in
    it, and a model that copies a value still sees the real characters.

    Args:
        document: All pages.
        limits: Sizes.
        pages: Most pages of one window; None for no limit.
    """
    many = len(document.pages) > 1
    regions = [(page.index, region) for page in document.pages for region in page.regions]
    lines = [line for index, region in regions for line in _region_lines(index, region, limits, with_page=many)]
    windows = tuple(_packed(lines, limits.window_tokens, pages))
    issues = [_suspicious(index, region) for index, region in regions if is_suspicious(_region_text(region))]
    if len(windows) > limits.windows:
        issues.insert(0, _cut(windows[limits.windows :], limits.windows))
    return DocumentWindows(windows[: limits.windows], tuple(issues))


def estimate_tokens(text: str) -> int:
    """Tokens of a text, for any model; right within a factor of two."""
    wide = 0 if text.isascii() else sum(not char.isascii() for char in text)
    return wide + -(-(len(text) - wide) // ASCII_PER_TOKEN)


def _region_text(region: Region) -> str:
    """What is printed in a region; a table row by row."""
    if region.table is None:
        return region.text.strip()
    return "\n".join(" | ".join(cell.replace("\n", " ") for cell in row) for row in region.table.rows())


def _region_lines(page_index: int, region: Region, limits: PromptLimits, *, with_page: bool) -> Iterator[RegionLine]:
    page = f'"page":{page_index + 1},' if with_page else ""
    box = region.bbox
    corners = [round(GRID * value) for value in (box.x0, box.y0, box.x1, box.y1)] if box else []
    place = f'"box":{json.dumps(corners, separators=(",", ":"))},' if box else ""
    head = f'{{"id":{json_text(region.id)},{page}{place}'
    # one character is one token at most, so a line always fits into a window
    for part in _parts(_region_text(region), min(limits.region_chars, limits.window_tokens)):
        yield RegionLine(page_index, head, part)


def _parts(text: str, size: int) -> Iterator[str]:
    """The text in parts of at most ``size`` characters; rows of tables and words stay whole where they can."""
    while len(text) > size:
        cut = max(text.rfind("\n", size // 2, size), text.rfind(" ", size * 3 // 4, size))
        cut = size if cut < 1 else cut
        yield text[:cut]
        text = text[cut:].lstrip("\n ")
    yield text


def _packed(lines: Iterable[RegionLine], budget: int, pages: int | None) -> Iterator[DocumentWindow]:
    current: list[RegionLine] = []
    spent, inside = 0, 0
    for _, group in groupby(lines, key=lambda line: line.page_index):
        page = list(group)
        cost = sum(line.tokens for line in page)
        if current and (spent + cost > budget or inside == pages):
            yield DocumentWindow(tuple(current))
            current, spent, inside = [], 0, 0
        if cost > budget:
            yield from _split_page(page, budget)
        else:
            current += page
            spent, inside = spent + cost, inside + 1
    if current:
        yield DocumentWindow(tuple(current))


def _split_page(page: Sequence[RegionLine], budget: int) -> Iterator[DocumentWindow]:
    start = 0
    while start < len(page):
        end, spent = start, 0
        while end < len(page) and (end == start or spent + page[end].tokens <= budget):
            spent += page[end].tokens
            end += 1
        yield DocumentWindow(tuple(page[start:end]))
        start = end if end == len(page) else end - min(OVERLAP_LINES, (end - start) // 2)


def _suspicious(page_index: int, region: Region) -> Issue:
    return Issue(
        code=IssueCode.SUSPICIOUS_TEXT,
        severity=Severity.WARNING,
        message="the region reads like an instruction to a model; values that stand only there do not count as proved",
        page_index=page_index,
        region_id=region.id,
    )


def _cut(left_out: Sequence[DocumentWindow], limit: int) -> Issue:
    return Issue(
        code=IssueCode.DOCUMENT_CUT,
        severity=Severity.ERROR,
        message=(
            f"the document has {len(left_out)} windows more than PromptLimits.windows allows ({limit}); nothing from"
            f" {left_out[0].place} on was read; raise it, or split the document"
        ),
    )
