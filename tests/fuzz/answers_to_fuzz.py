"""Makes broken answers, and checks what has to hold of every answer."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "grounding"))  # these files also run as scripts

from fragments import FOREIGN_FRAGMENTS, FRAGMENTS
from lossless import check_lossless

from deepocr_kit.documents import Page
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect, Dialect, OcrTask, ParsedText, dialect_named, reparse

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SIZE = Size(1000, 1400)
TASKS = tuple(OcrTask)
MAX_CHARS = 4000
"""Longer answers are cut: many short ones find more than a few long ones."""

TABLE = '<table><tr><td>Item</td><td>Price</td></tr><tr><td>A<B</td><td rowspan="2">12.50</td></tr></table>'
OWN_ANSWERS = (
    "<|ref|>title<|/ref|><|det|>[[171, 101, 825, 150]]<|/det|>\n# Heading  \n\n"
    "<|ref|>text<|/ref|><|det|>[[143, 164, 311, 227]]<|/det|>\nTwo lines\n\nof text  \n\n<｜end▁of▁sentence｜>",
    "sub_title[[86, 310, 182, 324]]\n## ABSTRACT\n\nimage[[242, 243, 753, 653]]\n"
    "image_caption[[248, 664, 469, 683]]\n<center>Figure 1: a box. </center>\n\ntext[[1, 700, 900, 730]]\n总计 12.50\n",
    "continued from the last page\n\n<|ref|>table<|/ref|><|det|>[[100, 300, 900, 400]]<|/det|>\n"
    f"<|ref|>table_caption<|/ref|><|det|>[[100, 270, 900, 290]]<|/det|>\nTable 1: Prices\n\n{TABLE}\n",
    f"<|ref|>table<|/ref|><|det|>[[100, 300, 900, 400]]<|/det|>\n\n{TABLE}\n\n"
    "<|ref|>equation<|/ref|><|det|>[[100, 500, 900, 540]]<|/det|>\n\\[ x = 1 \\]\n",
    "=====================\nBASE:  torch.Size([1, 256, 1280])\nPATCHES:  torch.Size([6, 100, 1280])\n"
    "=====================\n<|ref|>text<|/ref|><|det|>[[119,\n\nwords\n===============save results:===============\n",
    "<|ref|>越过高峰<|/ref|><|det|>[[547, 703, 604, 730]]<|/det|>\n"
    "<|ref|>Total 9.80<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n",
    "First paragraph, **bold** &amp; more.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nLast one.",
)  # fmt: skip


def real_answers() -> tuple[str, ...]:
    """Outputs of real models, when the shared data set is beside this checkout."""
    files = sorted(SHARED_DATA.glob("model_outputs/*/*.txt")) + sorted(SHARED_DATA.glob("taxi_invoice/*.txt"))
    return tuple(file.read_text("utf-8") for file in files)


def make_answer(dice: random.Random, samples: tuple[str, ...], *, foreign: bool = False) -> str:
    """A mix of fragments, or a sample with a few wounds; ``foreign``: sometimes with pieces of other families."""
    if foreign and dice.random() < 0.5:
        return "".join(dice.choice(FOREIGN_FRAGMENTS) for _ in range(dice.randrange(1, 40)))
    if dice.random() < 0.4:
        return "".join(_fragment(dice) for _ in range(dice.randrange(1, 40)))
    raw_text = dice.choice(samples)
    start = dice.randrange(max(len(raw_text) - MAX_CHARS, 0) + 1)
    raw_text = raw_text[start : start + MAX_CHARS]
    for _ in range(dice.randrange(1, 12)):
        raw_text = dice.choice(WOUNDS)(raw_text, dice)[: 2 * MAX_CHARS]
    return raw_text


def _fragment(dice: random.Random) -> str:
    return dice.choice(FRAGMENTS) if dice.random() < 0.9 else chr(dice.choice((9, 32, 60, 91, 124, 0x2028, 0x4F60)))


def _place(text: str, dice: random.Random) -> tuple[int, int]:
    start = dice.randrange(len(text) + 1)
    return start, min(start + dice.randrange(1, 60), len(text))


def _cut_out(text: str, dice: random.Random) -> str:
    start, end = _place(text, dice)
    return text[:start] + text[end:]


def _insert(text: str, dice: random.Random) -> str:
    start, _ = _place(text, dice)
    return text[:start] + _fragment(dice) + text[start:]


def _repeat(text: str, dice: random.Random) -> str:
    start, end = _place(text, dice)
    return text[:end] + text[start:end] * dice.randrange(1, 20) + text[end:]


def _move(text: str, dice: random.Random) -> str:
    (start, end), (to, _) = _place(text, dice), _place(text, dice)
    return text[:to] + text[start:end] + text[to:]


def _truncate(text: str, dice: random.Random) -> str:
    return text[: _place(text, dice)[1]]


def _strip_tokens(text: str, dice: random.Random) -> str:
    return re.sub(dice.choice((r"<\|/?(?:ref|det)\|>", r"</?t[dr]>", r"\n", r"[\[\]]")), "", text)


WOUNDS: tuple[Callable[[str, random.Random], str], ...] = (
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


def check_answer(dialect: Dialect, raw_text: str, task: OcrTask, cuts: Iterable[int] = ()) -> ParsedText:
    """Assert everything that holds of any answer in any dialect; what was parsed.

    Nothing raises; nothing is lost; the chunks do not matter; early regions are final; a stored page gives the same.
    """
    parsed = dialect.parse(raw_text, task=task, page_number=2, size=SIZE)
    if isinstance(dialect, DeepSeekOcrDialect):
        check_lossless(raw_text, parsed)
    _check_spans(raw_text, parsed)
    parser = dialect.parser(task=task, page_number=2, size=SIZE)
    places = sorted({0, *cuts, len(raw_text)})
    early = [region for start, end in pairwise(places) for region in parser.feed(raw_text[start:end])]
    assert parser.finish() == parsed, "the result depends on the chunks"
    assert tuple(early) == parsed.regions[: len(early)], "a region changed after it had been given"
    stored = Page(index=1, size=SIZE, raw_text=raw_text, dialect=dialect.name, regions=parsed.regions)
    page = Page.model_validate_json(stored.model_dump_json())
    again = reparse(page.raw_text, dialect_named(page.dialect), task=task, page_number=page.number, size=page.size)
    assert again == parsed, "a stored page reads differently"
    assert again.regions == page.regions, "regions change when they are stored"
    return parsed


def _check_spans(raw_text: str, parsed: ParsedText) -> None:
    spans = [region.span for region in parsed.regions]
    assert None not in spans, "a region without a span"
    spans += [issue.span for issue in parsed.issues if issue.span]
    position = 0
    for span in sorted(span for span in spans if span is not None):
        assert position <= span[0] <= span[1] <= len(raw_text), f"{span} overlaps what ends at {position}"
        position = span[1]
    assert len({region.id for region in parsed.regions}) == len(parsed.regions), "two regions with one id"
