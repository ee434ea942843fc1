"""How much repetition is a loop, by what is repeated."""

from __future__ import annotations

import re

__all__ = ["QUICK_EXTRA", "is_numbered_loop", "loop_chars", "quick_chars", "same_text_lines"]

REPEATS = 3
"""Two copies of a stretch are a heading and its echo or a carbon copy; limits count from the third."""

QUICK_BASE = 120
QUICK_PER_CHAR = 2
"""Words that go on for 120 characters and two more repeats after the third one are a loop: a healthy page seldom
says the same five times in a row. A loop runs to the token limit, but an excerpt or a cancelled stream is short."""

QUICK_EXTRA = 390
"""Most characters after the third repeat before words are called a loop, and fewest for what healthy pages do hold
in rows: leaders, rules, blanks, zeros. Contents pages have leaders of 100 dots, registers 31 empty cells a row.
With the block of eight in which text is looked at, everything but rows is found within 400."""

LINES_MIN = 10
"""Fewest repeated lines with words; forms have eight lines for signatures, answers of a checklist come in fives."""

ROWS_MIN = 30
"""Fewest repeated lines or rows of a table with hardly a word. Delivery notes and registers are printed with 20 empty
rows, their heading may stand outside of the table, and columns of units, zeros or "none" are as long as their table."""

ROW_LETTERS = 10
"""Letters (an ideograph counts twice) from which a repeated table row has words."""

LINE_LETTERS = 4
"""The same for a line: "N/A", "PCS" and "kg" stand in columns."""

FILLER_SHARE = 1 / 3
"""A line with more blanks to fill in than this is a form's."""

NUMBERED_MIN = 120
"""Fewest lines in a row that differ in nothing but a number and have words: more than a page has lines."""

SAME_TEXT_MIN = 12
"""Fewest regions in a row, each with its own box, with the same words; a column may well hold ten times one name."""

_TAG = re.compile(r"<[^<>]{0,200}>|&[a-z]{2,8};")
_FILLER = re.compile(r"[_.…·\-–—=□☐○◯*]")


def quick_chars(period: int) -> int:
    """The least length of a loop whose stretch is ``period`` characters long, whatever it holds."""
    return REPEATS * period + min(QUICK_EXTRA, QUICK_BASE + QUICK_PER_CHAR * period)


def loop_chars(unit: str) -> int:
    """From which length on repeats of ``unit`` are a loop, in characters, the first copy included.

    Args:
        unit: The stretch that is repeated, markup and line ends included.
    """
    period = len(unit)
    patient = REPEATS * period + QUICK_EXTRA
    # from the beginning of a tag on, which the stretch may have cut
    first = unit.find("<")
    visible = _TAG.sub("", unit[first:] + unit[:first] if first > 0 else unit)
    letters = sum(1 if char.isascii() else 2 for char in visible if char.isalpha())
    rows = unit.count("</tr") or unit.count("\n|") or unit.startswith("|")
    lines = int(rows) or unit.count("\n")
    has_words = letters >= (ROW_LETTERS if rows else LINE_LETTERS) * max(lines, 1) if lines else letters > 0
    if not has_words:
        return max(patient, ROWS_MIN * period // lines if lines else 0)
    if rows or (lines and len(_FILLER.findall(visible)) > FILLER_SHARE * len(visible)):
        return patient
    return min(patient, max(quick_chars(period), LINES_MIN * period // lines if lines else 0))


def is_numbered_loop(line: str, count: int) -> bool:
    """Whether so many lines like this one, with another number each, are a loop."""
    return count >= NUMBERED_MIN and sum(map(str.isalpha, line)) >= ROW_LETTERS


def same_text_lines(text: str) -> int:
    """How many lines in a row with one text, each in its own box, are a loop: more than a column of a table has."""
    letters = sum(1 if char.isascii() else 2 for char in text if char.isalpha())
    return SAME_TEXT_MIN if letters >= LINE_LETTERS else SAME_TEXT_MIN + ROWS_MIN
