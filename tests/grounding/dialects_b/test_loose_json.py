from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.grounding._loose_json import LooseObject, read_objects


def members(item: LooseObject) -> dict[str, Any]:
    return {key: value.text or list(value.numbers) for key, value in item.members}


def one(text: str) -> LooseObject:
    (item,) = read_objects(text).objects
    return item


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\b\f"), min_size=1, max_size=30)
OBJECTS = st.lists(
    st.fixed_dictionaries({"bbox": st.lists(st.integers(0, 9999), min_size=1, max_size=4), "text": TEXTS}), min_size=1
)


@settings(max_examples=100, deadline=None)
@given(OBJECTS, st.sampled_from([None, 2]), st.booleans())
def test_well_formed_json_is_read_as_json_reads_it(items: list[Any], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(items, indent=indent, ensure_ascii=ascii_only)
    found = read_objects(text)

    assert [members(item) for item in found.objects] == items
    assert [text[item.start : item.end] for item in found.objects] != []
    assert not any(item.flaws or item.cut for item in found.objects)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("{}[],:\"'\\ \nab1“”-.nu"), max_size=60))
def test_no_word_is_lost_and_no_stretch_taken_twice(text: str) -> None:
    found = read_objects(text)
    spans = sorted([(item.start, item.end) for item in found.objects] + list(found.rest))
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not any(map(str.isalnum, text[position:start])), text[position:start]
        position = end
    assert not any(map(str.isalnum, text[position:]))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('{}[],:"\\ \nab1'), max_size=60))
def test_every_value_stands_where_it_says(text: str) -> None:
    for item in read_objects('{"text": "' + text).objects:
        for _, value in item.members:
            assert item.start <= value.start <= value.end <= item.end + len(text)


@pytest.mark.parametrize(
    ("text", "expected", "flaw"),
    [
        ('{"a": "x" "b": "y"}', {"a": "x", "b": "y"}, "a missing comma"),
        ('{"a": [1, 2, "b": "y"}', {"a": [1.0, 2.0], "b": "y"}, "a missing closing bracket"),
        ('{"a": [1, 2}', {"a": [1.0, 2.0]}, "a missing closing bracket"),
        ('[{"a": "x"]', {"a": "x"}, "a missing closing bracket"),
        ('{"a": "say "x" to me", "b": "y"}', {"a": 'say "x" to me', "b": "y"}, "a quote inside a string"),
        ('{"a": "x, "b": "y"}', {"a": "x", "b": "y"}, "a quote inside a string"),
        ("{a: 'x', b: 1}", {"a": "x", "b": [1.0]}, "a key without quotes"),
        ('{"a": total, "b": 1}', {"a": "total", "b": [1.0]}, "a string without quotes"),
        ('{"a": 1, : "b": 2}', {"a": [1.0], "b": [2.0]}, "a stray bracket or colon"),
        ('{"a": 1, [ "b": 2}', {"a": [1.0], "b": [2.0]}, "a stray bracket or colon"),
        ('{"a": 1, "b": ] 2}', {"a": [1.0], "b": [2.0]}, "a stray bracket or colon"),
        ('{"a": "x", "b": }', {"a": "x", "b": []}, "a missing value"),
        ('{"a": "x" "y"}', {"a": 'x" "y'}, "a quote inside a string"),
        ('{"a": "x", loose}', {"a": "x"}, "words outside of the members"),
        ('{"a": ' + "1" * 60 + "}", {"a": "1" * 60}, "a string without quotes"),
    ],
)
def test_repairs_are_named(text: str, expected: dict[str, Any], flaw: str) -> None:
    item = one(text)

    assert members(item) == expected
    assert any(flaw in named for named in item.flaws), item.flaws


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'a': 'x', 'b': True, 'c': None}", {"a": "x", "b": "True", "c": []}),
        ("{“a”: “x”}", {"a": "x"}),
        ('{"a": ["x", "y"]}', {"a": "x\ny"}),
        ('{"a": [[1, 2], [3, 4]]}', {"a": [1.0, 2.0, 3.0, 4.0]}),
        ('{"a": [1 2 3 4]}', {"a": [1.0, 2.0, 3.0, 4.0]}),
        ('{"a": [null, word]}', {"a": "word"}),
        ('{"a": -1.5e2}', {"a": [-150.0]}),
        ('{"a": ["x", "b": "y"', {"a": "x", "b": "y"}),
    ],
)
def test_other_ways_to_write_values_are_read(text: str, expected: dict[str, Any]) -> None:
    assert members(one(text)) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\frac{1}{2} \alpha \tau \rho \nu \beta", r"\frac{1}{2} \alpha \tau \rho \nu \beta"),
        (r"\\frac{1}{2}\nnew line\ttab", "\\frac{1}{2}\nnew line\ttab"),
        (r"\ud83d\ude00 \ud83d \u00e9 \u00", "\U0001f600 \ufffd \u00e9 \\u00"),
        (r"\ud83d\ude00 \ude00 \u00e9", "\U0001f600 \ufffd \u00e9"),
        (r"\"quoted\" \/ \'", '"quoted" / \''),
        ("raw\nline", "raw\nline"),
    ],
)
def test_escapes_are_decoded_and_bare_latex_is_kept(written: str, read: str) -> None:
    assert members(one('{"a": "' + written + '"}')) == {"a": read}


def test_objects_in_objects_are_found_and_their_surroundings_kept() -> None:
    text = 'Here: {"layout": [{"a": "x"}, {"a": "y"}], "page": 3, stray} end.'
    found = read_objects(text)

    assert [members(item) for item in found.objects] == [{"a": "x"}, {"a": "y"}]
    assert [text[slice(*span)] for span in found.rest] == ["Here", 'page": 3', "stray", "end."]


def test_an_unknown_key_in_front_of_objects_is_no_markup() -> None:
    text = '{"Invoice": {"a": "x"}, "b": {"a": "y"}}'
    found = read_objects(text)

    assert [members(item) for item in found.objects] == [{"a": "x"}, {"a": "y"}]
    assert [text[slice(*span)] for span in found.rest] == ["Invoice", "b"]


def test_plain_items_of_a_list_that_holds_objects_are_kept() -> None:
    text = '{"layout": [{"a": "x"}, word, [7], {"a": "y"}]}'
    found = read_objects(text)

    assert [members(item) for item in found.objects] == [{"a": "x"}, {"a": "y"}]
    assert [text[slice(*span)] for span in found.rest] == ["word", "7"]


def test_an_object_that_was_not_closed_ends_where_the_next_begins() -> None:
    first, second = read_objects('[{"a": "x", {"a": "y"}]').objects

    assert (members(first), members(second)) == ({"a": "x"}, {"a": "y"})
    assert first.flaws == ("a missing closing bracket",)


def test_a_list_of_numbers_that_was_not_closed_ends_where_the_next_object_begins() -> None:
    first, second = read_objects('[{"a": [1, 2 {"a": "y"}]').objects

    assert (members(first), members(second)) == ({"a": [1.0, 2.0]}, {"a": "y"})


def test_a_cut_object_says_so() -> None:
    item = one('[{"a": "x", "b": [1, 2')

    assert members(item) == {"a": "x", "b": [1.0, 2.0]}
    assert item.cut


def test_what_follows_a_string_decides_between_two_ends() -> None:
    first, second = read_objects('{"a": "b"} and "more" {"c": "d"}').objects

    assert (members(first), members(second)) == ({"a": "b"}, {"c": "d"})


def test_deep_nesting_is_bounded() -> None:
    text = '{"a":' * 5000 + "word" + "}" * 5000
    found = read_objects(text)

    assert "word" in "".join(text[item.start : item.end] for item in found.objects)
    assert read_objects('{"a":' + "[" * 50_000).objects != ()
