"""Lines of an engine, written and read again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.errors import ClosedError, GroundingError
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


def test_strange_lines_in_a_row_are_one_region_with_one_issue():
    raw_text = '{"text": "a"}\n\nTotal\n\n 9.80 \n{"text": "b"}\n'
    parsed = DIALECT.parse(raw_text, page_number=4)

    assert [region.content for region in parsed.regions] == ["a", "Total\n\n 9.80", "b"]
    assert [raw_text[slice(*region.span)] for region in parsed.regions][1] == "Total\n\n 9.80"
    assert [(issue.page_index, issue.region_id, issue.offset) for issue in parsed.issues] == [(3, "p4r2", 15)]


def test_more_lines_than_any_page_has_stand_in_one_issue():
    row = '{"text": "a"}\n'
    parsed = DIALECT.parse(row * 5_003)

    assert len(parsed.regions) == 5_000
    (issue,) = parsed.issues
    assert (issue.code, issue.severity) == (IssueCode.LIMIT_REACHED, Severity.ERROR)
    assert issue.span == (5_000 * len(row), 5_003 * len(row))


@pytest.mark.parametrize("confidence", [-0.1, 1.5, float("nan"), float("inf")])
def test_a_confidence_outside_of_its_range_is_refused(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, not .*; clamp it"):
        TextLine("a", confidence=confidence)


def test_numbers_of_other_types_and_lone_surrogates_are_written_as_json():
    line = TextLine("a\ud800b", confidence=Fraction(1, 2))

    assert write_lines([line]) == '{"text": "a\ufffdb", "confidence": 0.5}\n'


def test_a_finished_parser_takes_no_more():
    parser = DIALECT.parser()
    parser.feed("Total")
    parsed = parser.finish()

    with pytest.raises(ClosedError, match="has finished"):
        parser.feed("9.80")
    assert parser.finish() is parsed


def test_strict_refuses_a_strange_line():
    with pytest.raises(GroundingError) as caught:
        DIALECT.parse('{"text": "first"}\nTotal', strict=True)

    assert caught.value.offset == 18


def test_it_cannot_be_sent_to_a_model():
    with pytest.raises(ValueError, match="no prompts"):
        DIALECT.prompt(OcrTask.DOCUMENT)
