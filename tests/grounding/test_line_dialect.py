"""Lines of an engine, written and read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import GroundingError
from deepocr_kit.geometry import BBox
from deepocr_kit.grounding import LineDialect, OcrTask, TextLine, write_lines

DIALECT = LineDialect()

shares = st.integers(0, 10**6).map(lambda millionths: millionths / 10**6)
boxes = st.builds(BBox.of, shares, shares, shares, shares)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
confidences = st.integers(0, 10**4).map(lambda part: part / 10**4)
lines = st.builds(TextLine, texts, st.none() | boxes, st.none() | confidences)


@given(st.lists(lines, max_size=8))
def test_what_was_written_is_read_again(written):
    parsed = DIALECT.parse(write_lines(written), page_number=3)

    assert [TextLine(region.content, region.bbox, region.confidence) for region in parsed.regions] == written
    assert [region.id for region in parsed.regions] == [f"p3r{number + 1}" for number in range(len(written))]
    assert parsed.issues == ()


@given(st.text(max_size=200) | st.lists(st.sampled_from(['{"text": "a"}', "{", "\n", "\r", "null", " "])).map("".join))
def test_any_text_is_read_and_nothing_but_blanks_is_lost(raw_text):
    regions = DIALECT.parse(raw_text).regions

    spans = [region.span for region in regions]
    outside = list(raw_text)
    for start, end in spans:
        outside[start:end] = [" "] * (end - start)
    assert "".join(outside).strip() == ""
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    "row",
    [
        "Total 9.80",
        "[]",
        "{}",
        '{"text": 7}',
        '{"text": "a", "box": [0, 0, 1]}',
        '{"text": "a", "box": [0, 0, 1, 2]}',
        '{"text": "a", "box": [0, 0, 1, NaN]}',
        '{"text": "a", "confidence": "high"}',
        '{"text": "a", "unknown": 1}',
        '{"text": "\ud800"}',
        "[" * 100_000,
    ],
)
def test_a_strange_line_becomes_text_without_a_box_and_an_issue(row):
    parsed = DIALECT.parse(f'{{"text": "first"}}\n{row}\n')

    assert [(region.content, region.boxes) for region in parsed.regions] == [("first", ()), (row, ())]
    assert [(issue.code, issue.offset, issue.region_id) for issue in parsed.issues] == [
        (IssueCode.UNTAGGED_TEXT, 18, "p1r2")
    ]


def test_strict_refuses_a_strange_line():
    with pytest.raises(GroundingError) as caught:
        DIALECT.parse('{"text": "first"}\nTotal', strict=True)

    assert caught.value.offset == 18


def test_it_cannot_be_sent_to_a_model():
    with pytest.raises(ValueError, match="no prompts"):
        DIALECT.prompt(OcrTask.DOCUMENT)
