"""Foreign messages are cleaned before an error carries them."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.errors import MESSAGE_MAX_CHARS
from deepocr_kit.services import Redactor

KEY = 'sk-"canary"/0123456789+abc'


@pytest.mark.parametrize("form", [KEY, quote(KEY, safe=""), json.dumps(KEY), json.dumps({"key": KEY})])
def test_the_key_is_taken_out_in_every_form(form):
    cleaned = Redactor(KEY).clean(f"Incorrect API key provided: {form}.")

    assert "canary" not in cleaned
    assert "***" in cleaned


def test_any_bearer_token_is_taken_out():
    assert Redactor().clean("header Authorization: Bearer abc.def was refused") == (
        "header Authorization: Bearer *** was refused"
    )


def test_an_echoed_picture_is_taken_out():
    cleaned = Redactor().clean(f"'input': 'data:image/png;base64,{'QUJD' * 40}'")

    assert cleaned == "'input': 'data:image/png;base64,...'"


def test_heap_addresses_are_taken_out():
    assert Redactor().clean("cannot identify <_io.BytesIO object at 0x7f00deadbeef>") == (
        "cannot identify <_io.BytesIO>"
    )


def test_control_characters_are_taken_out_but_line_ends_stay():
    assert Redactor().clean("a\x1b[31mb\x00\n  c\td") == "a[31mb\n  c\td"


def test_long_messages_are_cut():
    assert len(Redactor().clean("x" * 1_000_000)) == MESSAGE_MAX_CHARS


def test_no_secret_means_nothing_to_take_out():
    assert Redactor("", "").clean("plain") == "plain"


def test_its_repr_does_not_show_the_secret():
    assert KEY not in repr(Redactor(KEY))


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, 25_000))
def test_the_key_never_comes_through_wherever_it_stands(before, after, padding):
    cleaned = Redactor(KEY).clean(f"{before}{'.' * padding}{KEY}{after}")

    assert KEY not in cleaned
    assert "canary" not in cleaned.replace(before, "").replace(after, "") or "canary" in before + after
    assert len(cleaned) <= MESSAGE_MAX_CHARS
