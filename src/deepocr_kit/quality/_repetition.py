"""Finds the loops that OCR models fall into, in linear time."""

from __future__ import annotations

from collections.abc import Sequence

from deepocr_kit.documents import Region, RegionLabel
from deepocr_kit.geometry import BBox

__all__ = ["find_repetition"]

LOOP_MIN_CHARS = 120
"""Shortest looping end of an answer. A loop runs to the token limit, thousands of characters, but an excerpt or a
cancelled stream is shorter; a healthy page seldom ends with five times the same words."""

LOOP_MIN_REPEATS = 5
"""Fewest repeats of the same stretch at the end of an answer."""

BLANK_LOOP_MIN_CHARS = 600
"""The same for a stretch without any letter or digit: leaders, rules and rows of blanks are long on healthy pages."""

SIMILAR_LINES_MIN = 8
"""Fewest similar lines in a row. Forms and lists have four or five."""

SIMILAR_LINES_MIN_CHARS = 40
"""Fewest characters in them: a column of ``0.00`` is no loop."""

SIMILAR_SHARE = 0.75
"""Lines are similar when beginning and end that they share make up this part of the longer one. The looped sample
that n-gram blocking did not stop (vllm-project/vllm-ascend#4989) alternates between lines that differ in one
character of five."""

DISTINCT_SHARE = 1 / 3
"""Most different lines in a run of similar ones: numbered items differ from each other, the lines of a loop do not."""

SAME_BOX_MIN = 5
"""Fewest regions in a row with the same boxes."""

SAME_TEXT_MIN = 12
"""Fewest regions in a row with the same words; a column may well hold ten times the same unit or name."""

_SAMPLE_CHARS = 24
"""How much of the end of an answer is looked for further up to find the length of the loop."""

_PERIODS_TRIED = 8
"""How many places where that end stands again are tried, nearest first; bounds the time."""

_LINE_CHARS = 400
"""How much of a line is compared."""


def find_repetition(raw_text: str, regions: Sequence[Region]) -> str | None:
    """What is repeated, for people; None when the page looks healthy.

    Args:
        raw_text: The answer, end token removed.
        regions: In the model's order.
    """
    return _looping_end(raw_text) or _similar_lines(regions) or _repeated_regions(regions)


def _looping_end(text: str) -> str | None:
    """The same stretch again and again at the end, the last one perhaps cut."""
    text = text.rstrip()
    sample = text[-_SAMPLE_CHARS:]
    last = len(text) - len(sample)
    found = last
    for _ in range(_PERIODS_TRIED if len(text) >= LOOP_MIN_CHARS else 0):
        found = text.rfind(sample, 0, found + len(sample) - 1)
        if found < 0:
            break
        period = last - found
        length = _periodic_end(text, period)
        unit = text[-period:]
        needed = LOOP_MIN_CHARS if any(map(str.isalnum, unit)) else BLANK_LOOP_MIN_CHARS
        if length >= needed and length >= LOOP_MIN_REPEATS * period:
            return f"the answer ends with {length // period} times {unit.strip()[:40]!r}"
    return None


def _periodic_end(text: str, period: int) -> int:
    """Length of the longest end of ``text`` that repeats itself after ``period`` characters."""
    low, step = 0, 256
    limit = len(text) - period
    while low < limit:
        high = min(low + step, limit)
        end = len(text) - low
        start = len(text) - high
        if text[start:end] != text[start - period : end - period]:
            for back in range(low, high):
                if text[-1 - back] != text[-1 - back - period]:
                    return back + period
        low = high
    return len(text)


def _similar_lines(regions: Sequence[Region]) -> str | None:
    """A run of lines that are almost the same, inside one region or in regions without boxes; tables do not count."""
    lines: list[str] = []
    for region in regions:
        if region.label is RegionLabel.TABLE or region.table is not None:
            continue
        if region.boxes:
            found = _longest_run(region.text.split("\n"))
            if found is not None:
                return found
        else:
            lines += region.text.split("\n")
    return _longest_run(lines)


def _longest_run(lines: Sequence[str]) -> str | None:
    run: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        if run and not any(_similar(line, other) for other in run[-2:]):
            if _is_loop(run):
                break
            run = []
        run.append(line[:_LINE_CHARS])
    return f"{len(run)} lines in a row are almost the same: {run[0][:40]!r}" if _is_loop(run) else None


def _is_loop(run: Sequence[str]) -> bool:
    return (
        len(run) >= SIMILAR_LINES_MIN
        and sum(map(len, run)) >= SIMILAR_LINES_MIN_CHARS
        and len(set(run)) <= DISTINCT_SHARE * len(run)
        and any(map(str.isalnum, run[0]))
    )


def _similar(one: str, other: str) -> bool:
    one, other = one[:_LINE_CHARS], other[:_LINE_CHARS]
    if one == other:
        return True
    shorter, longer = sorted((len(one), len(other)))
    if shorter < SIMILAR_SHARE * longer:
        return False
    head = next((index for index in range(shorter) if one[index] != other[index]), shorter)
    tail = next((index for index in range(shorter - head) if one[-1 - index] != other[-1 - index]), shorter - head)
    return head + tail >= SIMILAR_SHARE * longer


def _repeated_regions(regions: Sequence[Region]) -> str | None:
    boxes: tuple[BBox, ...] = ()
    words = ""
    same_boxes = same_words = 0
    for region in regions:
        same_boxes = same_boxes + 1 if region.boxes and region.boxes == boxes else 1
        same_words = same_words + 1 if region.text and region.text == words else 1
        boxes, words = region.boxes, region.text
        if same_boxes == SAME_BOX_MIN:
            return f"{same_boxes} regions in a row have the same box"
        if same_words == SAME_TEXT_MIN and len(words) > 1:
            return f"{same_words} regions in a row have the same text: {words[:40]!r}"
    return None
