from __future__ import annotations

import re
from itertools import pairwise

import pytest
from fragments import FRAGMENTS
from hypothesis import given, settings
from hypothesis import strategies as st
from lossless import check_lossless

from deepocr_kit.documents import Region, Severity
from deepocr_kit.errors import GroundingError
from deepocr_kit.grounding import DeepSeekOcrDialect, OcrTask

DIALECT = DeepSeekOcrDialect()
TASKS = st.sampled_from(list(OcrTask))

PIECES = st.sampled_from(FRAGMENTS)
ANSWERS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join)


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
@given(parts=st.lists(PIECES, max_size=25))
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
