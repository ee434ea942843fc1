"""Approximate search agrees with the plain definition of edit distance."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from deepocr_kit.revisers.evidence._fuzzy import MIN_SIMILARITY, find_similar
from steady_time import stays_under


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


@settings(max_examples=150, deadline=None)
@given(
    st.text("abcdefgh", min_size=10, max_size=40),
    st.text("abcdefgh", max_size=30),
    st.text("abcdefgh", max_size=30),
    st.data(),
)
def test_a_slightly_changed_text_is_found(needle: str, before: str, after: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(1, len(needle) - 2))
    changed = needle[:position] + "z" + needle[position + 1 :]
    key = before + changed + after

    found = find_similar(key, needle)

    assert found is not None
    start, end, similarity = found
    assert similarity >= MIN_SIMILARITY - 1e-9
    edits = distance(key[start:end], needle)
    assert similarity <= 1 - edits / max(len(needle), end - start) + 1e-9


@settings(max_examples=100, deadline=None)
@given(st.text("ab", max_size=60), st.text("ab", min_size=10, max_size=20))
def test_what_is_found_is_as_similar_as_it_says(key: str, needle: str) -> None:
    found = find_similar(key, needle)

    if found is not None:
        start, end, similarity = found
        assert similarity == 1 - distance(key[start:end], needle) / max(len(needle), end - start)


def test_short_texts_are_never_approximate() -> None:
    assert find_similar("abcdefgxi", "abcdefghi") is None


def test_digits_must_be_the_same() -> None:
    assert find_similar("jalansetiaprima40171", "jalansetiaprima40170") is None
    assert find_similar("jalanseitaprima40170", "jalansetiaprima40170") is not None


def test_repetitive_text_costs_linear_time() -> None:
    assert stays_under(3, lambda: find_similar("ab" * 200_000, "ab" * 500 + "c" * 30 + "ab" * 400))
