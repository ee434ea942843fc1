"""Makes broken answers, and checks what has to hold of every answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from family_answers import Family
from lossless import check_lossless, check_spans

from deepocr_kit.documents import Page, Region
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import Dialect, OcrTask, ParsedText, dialect_named, reparse

SIZE = Size(1000, 1400)
TASKS = tuple(OcrTask)
MAX_CHARS = 4000
"""Longer answers are cut: many short ones find more than a few long ones."""


def make_answer(dice: random.Random, family: Family) -> str:
    """A mix of fragments, or a sample with a few wounds."""
    if dice.random() < 0.4:
        return "".join(_fragment(dice, family) for _ in range(dice.randrange(1, 40)))
    raw_text = dice.choice(family.samples) * dice.choice((1, 1, 1, 3))
    start = dice.randrange(max(len(raw_text) - MAX_CHARS, 0) + 1)
    raw_text = raw_text[start : start + MAX_CHARS]
    for _ in range(dice.randrange(0, 12)):
        raw_text = dice.choice(WOUNDS)(raw_text, dice, family)[: 2 * MAX_CHARS]
    return raw_text


def _fragment(dice: random.Random, family: Family) -> str:
    if dice.random() < 0.9:
        return dice.choice(family.fragments)
    return chr(dice.choice((9, 32, 60, 91, 124, 0x2028, 0x4F60)))


def _place(text: str, dice: random.Random) -> tuple[int, int]:
    start = dice.randrange(len(text) + 1)
    return start, min(start + dice.randrange(1, 60), len(text))


def _cut_out(text: str, dice: random.Random, _: Family) -> str:
    start, end = _place(text, dice)
    return text[:start] + text[end:]


def _insert(text: str, dice: random.Random, family: Family) -> str:
    start, _ = _place(text, dice)
    return text[:start] + _fragment(dice, family) + text[start:]


def _repeat(text: str, dice: random.Random, _: Family) -> str:
    start, end = _place(text, dice)
    return text[:end] + text[start:end] * dice.randrange(1, 20) + text[end:]


def _move(text: str, dice: random.Random, _: Family) -> str:
    (start, end), (to, _end) = _place(text, dice), _place(text, dice)
    return text[:to] + text[start:end] + text[to:]


def _truncate(text: str, dice: random.Random, _: Family) -> str:
    return text[: _place(text, dice)[1]]


def _strip_tokens(text: str, dice: random.Random, _: Family) -> str:
    return re.sub(dice.choice((r"<\|/?\w{3,9}\|>", r"</?t[dr]>", r"\n", r"[\[\]]", r"\"", r"</\w+>")), "", text)


WOUNDS: tuple[Callable[[str, random.Random, Family], str], ...] = (
    _cut_out,
    _insert,
    _insert,
    _repeat,
    _move,
    _truncate,
    _strip_tokens,
)


def cut_places(dice: random.Random, length: int) -> list[int]:
    """Where to cut an answer into chunks: from single characters to one piece."""
    if not length:
        return []
    return sorted(dice.randrange(length) for _ in range(dice.choice((0, 1, 3, 10, length))))


def check_answer(
    dialect: Dialect, family: Family, raw_text: str, task: OcrTask, cuts: Iterable[int] = ()
) -> tuple[ParsedText, tuple[Region, ...]]:
    """Assert everything that holds of any answer in any dialect; what was parsed, and what came of it early.

    Nothing raises; nothing is lost; the chunks do not matter; early regions are final; a stored page gives the same.
    """
    parsed = dialect.parse(raw_text, task=task, page_number=2, size=SIZE)
    if family.markup is None:
        check_lossless(raw_text, parsed)
    else:
        check_spans(raw_text, parsed, family.markup)
    parser = dialect.parser(task=task, page_number=2, size=SIZE)
    places = sorted({0, *cuts, len(raw_text)})
    early = tuple(region for start, end in pairwise(places) for region in parser.feed(raw_text[start:end]))
    assert parser.finish() == parsed, "the result depends on the chunks"
    assert early == parsed.regions[: len(early)], "a region changed after it had been given"
    stored = Page(index=1, size=SIZE, raw_text=raw_text, dialect=dialect.name, regions=parsed.regions)
    page = Page.model_validate_json(stored.model_dump_json())
    again = reparse(page.raw_text, dialect_named(page.dialect), task=task, page_number=page.number, size=page.size)
    assert again == parsed, "a stored page reads differently"
    assert again.regions == page.regions, "regions change when they are stored"
    return parsed, early
