from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossless import check_lossless

from deepocr_kit.documents import Region, Severity
from deepocr_kit.errors import GroundingError
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask

DIALECT = DeepSeekOcrDialect()
TASKS = st.sampled_from(list(OcrTask))

FRAGMENTS = st.sampled_from(
    [
        "<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<|grounding|>",
        "<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>",
        "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n", "<|ref|>table<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n",
        "<|ref|>table_caption<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n", "text[[1, 2, 3, 4]]\n", "table[[9, 9, 1, 1]]",
        "image[[1, 2, 3, 4], [5, 6, 7, 8]]\n", "title", "text", "[[1, 2, 3, 4]]", "[[119,", "[[", "]]",
        "[1, 2", "- 5, ",
        "<table>", "</table>", "<tr>", "<td>", "</td>", "<td rowspan=\"2\">", "<b>", "</b>", "A<B", "&lt;", "**",
        "\n", "\n\n", "  ", "<", "<|", "<|/d", "<--- Page Split --->\n", "<--- Pa", "=" * 15 + "\n", "=" * 40,
        "BASE:  torch.Size([1, 256, 1280])\n", "image size: (1, 2)\n", "save results", "word", "总计 12.50",
        "# ", "\\[ x \\]", "\u2028", "\r\n", "\0",
    ]
)  # fmt: skip
ANSWERS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=5)), max_size=30).map("".join)


def summary(region: Region) -> tuple[object, ...]:
    return region.id, region.label, region.boxes, region.content, region.span, region.caption_of


@settings(max_examples=300, deadline=None)
@given(raw_text=ANSWERS, task=TASKS)
def test_nothing_is_lost_and_nothing_raises_on_broken_markup(raw_text: str, task: OcrTask) -> None:
    check_lossless(raw_text, DIALECT.parse(raw_text, task=task))


@settings(max_examples=100, deadline=None)
@given(raw_text=st.text(), task=TASKS)
def test_nothing_is_lost_of_any_string(raw_text: str, task: OcrTask) -> None:
    check_lossless(raw_text, DIALECT.parse(raw_text, task=task))


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(FRAGMENTS, max_size=25))
def test_every_word_stands_in_exactly_one_place(parts: list[str]) -> None:
    words = [f" uniqueword{index:03d}zz " for index in range(len(parts))]
    raw_text = "".join(part + word for part, word in zip(parts, words, strict=True))
    parsed = DIALECT.parse(raw_text)
    places = [region.content for region in parsed.regions]
    places += [region.raw_label for region in parsed.regions]
    places += [raw_text[slice(*issue.span)] for issue in parsed.issues if issue.span]
    found = re.findall(r"uniqueword\d{3}zz", " ".join(places))

    # a word inside a broken box list of a dozen letters is the one kind that only the span holds
    spans = [raw_text[slice(*region.span)] for region in parsed.regions if region.span]
    held = re.findall(r"uniqueword\d{3}zz", " ".join([*spans, *places[2 * len(parsed.regions) :]]))

    assert len(found) == len(set(found))
    assert sorted(held) == sorted(word.strip() for word in words)


@settings(max_examples=200, deadline=None)
@given(raw_text=ANSWERS, task=TASKS, cuts=st.lists(st.integers(0, 300), max_size=12))
def test_the_result_does_not_depend_on_the_chunks(raw_text: str, task: OcrTask, cuts: list[int]) -> None:
    parser = DIALECT.parser(task=task)
    places = sorted({0, *(cut for cut in cuts if cut < len(raw_text)), len(raw_text)})
    early = [region for start, end in pairwise(places) for region in parser.feed(raw_text[start:end])]
    whole = DIALECT.parse(raw_text, task=task)

    assert parser.finish() == whole
    assert tuple(map(summary, early)) == tuple(map(summary, whole.regions[: len(early)]))


@settings(max_examples=100, deadline=None)
@given(raw_text=ANSWERS)
def test_strict_raises_one_kind_of_error_or_gives_the_same(raw_text: str) -> None:
    lenient = DIALECT.parse(raw_text)
    faults = [issue for issue in lenient.issues if issue.severity is not Severity.INFO]
    if not faults:
        assert DIALECT.parse(raw_text, strict=True) == lenient
    else:
        with pytest.raises(GroundingError):
            DIALECT.parse(raw_text, strict=True)


HOSTILE = {
    "unclosed refs": "<|ref|>",
    "refs without boxes": "<|ref|>a<|/ref|><|det|>",
    "nested dets": "<|det|>",
    "orphan closers": "<|/det|>",
    "boxes": "[1, 2, 3, 4], ",
    "stripped tags on one line": "text[[1, ",
    "stripped tags on many lines": "a[[\n",
    "open brackets": "[[",
    "rules": "=",
    "rule lines": "=" * 20 + "\n",
    "line breaks": "\n",
    "tables": "<table><tr><td>a</td></tr></table>",
    "nested tables": "<table><tr><td>",
    "wide spans": "<table><tr><td colspan=99999999 rowspan=99999999>a",
    "unclosed cells": "<td ",
    "unpaired tags": "<b><i>",
    "entities": "&#1",
    "emphasis": "**a",
    "console output": "=" * 21 + "\nBASE:  torch.Size([1, 256])\n",
}


def seconds(raw_text: str) -> float:
    """The best of three: what disturbs a measurement only makes it longer."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        DIALECT.parse(raw_text)
        times.append(time.perf_counter() - begin)
    return min(times)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("prefix", ["", "<|ref|>table<|/ref|><|det|>["])
def test_time_is_linear_on_hostile_input(name: str, prefix: str) -> None:
    unit = HOSTILE[name]
    short = prefix + unit * (20_000 // len(unit))
    long = prefix + unit * (160_000 // len(unit))

    # eight times the length takes eight times as long; a quadratic parser would need 64 times
    assert seconds(long) < 24 * seconds(short) + 0.05


def test_a_megabyte_fed_in_small_pieces_takes_linear_time() -> None:
    def spent(size: int) -> float:
        parser = DIALECT.parser()
        begin = time.perf_counter()
        for _ in range(size):
            parser.feed("text[[1, 2")
        parser.finish()
        return time.perf_counter() - begin

    assert spent(80_000) < 24 * spent(10_000) + 0.05
