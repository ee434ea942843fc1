"""Finds runs of lines that are the same or almost the same, and of boxes that repeat, while the text arrives."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from deepocr_kit.quality._loop_limits import is_numbered_loop, loop_chars, quick_chars, same_text_lines

__all__ = ["SAME_BOX_MIN", "LineRunFinding", "LineRunTracker"]

SAME_BOX_MIN = 5
"""Fewest tags in a row with the same box; a table and its caption may share one."""

SIMILAR_SHARE = 0.75
"""Lines are similar when beginning and end that they share make up this part of the longer one. The looped sample
that n-gram blocking did not stop (vllm-project/vllm-ascend#4989) alternates between lines that differ in one
character of five."""

RECENT = 8
"""Different lines that are remembered. A loop has few; numbered items never come again."""

NEW_NUMBER_WEIGHT = -2.0
"""What a similar line that is new and differs in a number counts: lists and tables are full of them, and a run in which
every third line is such a one never becomes a loop."""

NEW_WORD_WEIGHT = 0.5
"""What a similar line that is new and differs in a letter counts."""

_LINE_CHARS = 400
"""How much of a line is kept and compared."""

_TAG_LINE = re.compile(r"(?:<\|(?:ref|det)\|>|[a-z_]{1,40}\[\[)[^\n]*")
_BOX = re.compile(r"\[\s*(\d[^\[\]]{4,6000}\d)\s*\]")
_CLOSER = re.compile(r"\]\s*(?:<\|/det\|>)?")
_NUMBER = re.compile(r"[0-9０-９①-⑳一二三四五六七八九十百零〇IVXivx]|^[A-Za-z]$")
_MARKUP_ROW = re.compile(r"</?t(?:able|r|d|h|body|head)\b|^\|")


@dataclass(frozen=True, slots=True)
class LineRunFinding:
    """Lines or boxes that repeat.

    Attributes:
        start: Where the first one begins.
        offset: How many characters had arrived when it was known to be a loop.
        unit: The line, or the box.
        count: How many there were.
        is_box: Whether boxes repeat rather than lines.
    """

    start: int
    offset: int
    unit: str
    count: int
    is_box: bool = False


class LineRunTracker:
    """Takes text in pieces and looks at each line once, when it has ended.

    The lines of a tag (``<|ref|>...`` or ``label[[...]]``) do not part a run;
    their boxes have a run of their own.
    """

    def __init__(self) -> None:
        self._line: list[str] = []
        self._kept = 0
        self._line_start = 0
        self._at = 0
        self._boxes = _BoxRun()
        self._run = _Run()

    def feed(self, piece: str) -> LineRunFinding | None:
        """The loop, when this piece completes one; the tracker is then done."""
        begin = 0
        while (end := piece.find("\n", begin)) >= 0:
            self._keep(piece[begin:end])
            found = self._end_line(self._at + end - begin + 1)
            if found is not None:
                return found
            self._at += end - begin + 1
            self._line_start = self._at
            begin = end + 1
        self._keep(piece[begin:])
        self._at += len(piece) - begin
        return None

    def _keep(self, part: str) -> None:
        if self._kept < _LINE_CHARS and part:
            self._line.append(part[: _LINE_CHARS - self._kept])
            self._kept += len(self._line[-1])

    def _end_line(self, offset: int) -> LineRunFinding | None:
        line = "".join(self._line).strip()
        self._line.clear()
        self._kept = 0
        if not line:
            return None
        tag = _TAG_LINE.match(line)
        if tag is None:
            return self._run.add(line, self._line_start, offset)
        boxes = _BOX.findall(line)
        found = self._boxes.add(boxes[-1] if boxes else "", self._line_start, offset)
        self._run.note_tag(is_new_box=self._boxes.count == 1)
        # Unlimited-OCR writes the text behind its tag
        closers = list(_CLOSER.finditer(line))
        rest = line[closers[-1].end() :].strip() if closers else ""
        return found or (self._run.add(rest, self._line_start, offset) if rest else None)


class _BoxRun:
    """Tags in a row with one box."""

    def __init__(self) -> None:
        self.count = 0
        self._box = ""
        self._start = 0

    def add(self, box: str, start: int, offset: int) -> LineRunFinding | None:
        box = "".join(box.split())
        if not box or box != self._box:
            self._box, self.count, self._start = box, 0, start
        self.count += 1
        if box and self.count == SAME_BOX_MIN:
            return LineRunFinding(self._start, offset, f"[{box}]", self.count, is_box=True)
        return None


class _Run:
    """Similar lines in a row."""

    def __init__(self) -> None:
        self._last: deque[str] = deque(maxlen=2)
        self._recent: deque[str] = deque(maxlen=RECENT)
        self._begin("", 0)

    def _begin(self, line: str, start: int) -> None:
        self._first = line
        self._start = start
        self._count = 1
        self._score = 1.0
        self._chars = len(line) + 1
        self._boxes = 0
        self._last.clear()
        self._recent.clear()
        self._last.append(line)
        self._recent.append(line)

    def note_tag(self, *, is_new_box: bool) -> None:
        """A tag stands before the next line."""
        self._boxes += is_new_box

    def add(self, line: str, start: int, offset: int) -> LineRunFinding | None:
        """The run, when this line makes it a loop."""
        if _MARKUP_ROW.search(line):
            # rows of tables are similar by nature; only exact repeats of theirs count
            return None
        weight = self._weigh(line)
        if weight is None:
            boxes = self._boxes
            self._begin(line, start)
            # the tag before this line is the run's own
            self._boxes = min(boxes, 1)
            return None
        self._count += 1
        self._chars += len(line) + 1
        self._score = max(1.0, self._score + weight)
        self._last.append(line)
        if is_numbered_loop(line, self._count) or (weight > 0 and self._is_loop(line)):
            return LineRunFinding(self._start, offset, self._first, self._count)
        return None

    def _weigh(self, line: str) -> float | None:
        """What the line counts; None when it is not like those before it."""
        if line in self._last:
            return 1.0
        shared = next((found for other in self._last if (found := _differing(line, other)) is not None), None)
        if shared is None:
            return None
        if line in self._recent:
            return 1.0
        self._recent.append(line)
        return NEW_NUMBER_WEIGHT if _NUMBER.search(shared) else NEW_WORD_WEIGHT

    def _is_loop(self, line: str) -> bool:
        # a column of a table gives each of its lines a box
        if self._boxes > self._count / 2:
            return self._score >= same_text_lines(line)
        length = self._score * self._chars / self._count
        return length >= quick_chars(len(line) + 1) and length >= loop_chars(line + "\n")


def _differing(one: str, other: str) -> str | None:
    """What differs between similar lines; None when they are not similar."""
    shorter, longer = sorted((len(one), len(other)))
    if shorter < SIMILAR_SHARE * longer or (one[0] != other[0] and one[-1] != other[-1]):
        return None
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter - head) if one[-1 - at] != other[-1 - at]), shorter - head)
    if head + tail < SIMILAR_SHARE * longer:
        return None
    return one[head : len(one) - tail] + other[head : len(other) - tail]
