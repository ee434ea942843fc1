"""The answer object is found in whatever a model wrote."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.revisers.answer import ANSWER_MAX_CHARS, parse_answer
from steady_time import stays_under

KEYS = ("total", "date")


def data_of(text: str, reasoning: str = "") -> object:
    parsed = parse_answer(text, KEYS, reasoning=reasoning)
    return parsed and parsed.data


def test_a_bare_object_needs_no_repair() -> None:
    parsed = parse_answer('  {"total": "9.00"}\n', KEYS)

    assert parsed is not None
    assert parsed.data == {"total": "9.00"}
    assert parsed.repairs == ()


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"total": "9.00"}\n```',
        'Here it is:\n{"total": "9.00"}\nAnything else?',
        '<think>maybe {"total": "1.00"}</think>{"total": "9.00"}',
        '<THINKING>x</THINKING> {"total": "9.00"}',
        'thought without a start {"total": "1"}</think>{"total": "9.00"}',
        '{"total": "1.00"} no, wait: {"total": "9.00"}',
        '{"other": 1} {"total": "9.00"} {"other": 2}',
        '[{"total": "9.00"}]',
        '{a} {"} {"total": "9.00"}',
    ],
)
def test_what_stands_around_the_object_is_dropped(text: str) -> None:
    parsed = parse_answer(text, KEYS)

    assert parsed is not None
    assert parsed.data == {"total": "9.00"}
    assert parsed.repairs


@pytest.mark.parametrize("text", ["", "  ", "no", '{"other": 1}', '{"total": "9', "[1, 2]", '"total"', "null"])
def test_text_without_the_object_gives_nothing(text: str) -> None:
    assert parse_answer(text, KEYS) is None


def test_digits_stay_as_written() -> None:
    assert data_of('{"total": 0.1000, "date": -7, "x": NaN}') == {"total": "0.1000", "date": "-7", "x": "NaN"}


def test_a_long_number_is_no_attack() -> None:
    assert data_of('{"total": ' + "9" * 10_000 + "}") == {"total": "9" * 10_000}


def test_line_breaks_inside_strings_are_accepted() -> None:
    assert data_of('{"total": "9\n00"}') == {"total": "9\n00"}


def test_one_wrapper_is_taken_off() -> None:
    parsed = parse_answer('{"name": "emit", "arguments": {"total": "9"}}', KEYS)

    assert parsed is not None
    assert parsed.data == {"total": "9"}
    assert any("wrapper" in repair for repair in parsed.repairs)


def test_two_wrapped_objects_are_not_guessed_between() -> None:
    assert data_of('{"a": {"total": "1"}, "b": {"total": "2"}}') is None


def test_the_last_of_equal_keys_counts_and_is_told() -> None:
    parsed = parse_answer('{"total": "1", "total": "2"}', KEYS)

    assert parsed is not None
    assert parsed.data == {"total": "2"}
    assert any("'total'" in repair for repair in parsed.repairs)


def test_the_reasoning_is_read_only_when_there_is_no_text() -> None:
    assert data_of("", reasoning='{"total": "9"}') == {"total": "9"}
    assert data_of("no object here", reasoning='{"total": "9"}') is None
    assert data_of(" ", reasoning="just thoughts") is None


def test_an_answer_beyond_the_limit_is_not_read() -> None:
    assert data_of('{"total": "' + "9" * ANSWER_MAX_CHARS + '"}') is None


def test_nesting_beyond_the_limit_is_refused() -> None:
    assert data_of('{"total": ' + "[" * 80 + "]" * 80 + "}") is None


@pytest.mark.parametrize(
    "unit", ["{", '{"total":', "<think>", "</think>", '{"total":1}', '"', '{"total":["', '{"total":"', "{ ", "}"]
)
def test_hostile_repetition_costs_linear_time(unit: str) -> None:
    text = unit * (ANSWER_MAX_CHARS // len(unit))

    assert stays_under(4, lambda: parse_answer(text, KEYS))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[]":,total <think>/\\n1', max_size=200))
def test_any_text_is_survived(text: str) -> None:
    parsed = parse_answer(text, KEYS)

    assert parsed is None or any(key in parsed.data for key in KEYS)


@settings(max_examples=80, deadline=None)
@given(
    st.text(alphabet="abc \n`", max_size=30),
    st.dictionaries(st.sampled_from(KEYS), st.text(max_size=20), min_size=1),
    st.text(alphabet="abc \n`", max_size=30),
)
def test_an_object_survives_its_surroundings(before: str, data: dict[str, str], after: str) -> None:
    assert data_of(before + json.dumps(data) + after) == data
