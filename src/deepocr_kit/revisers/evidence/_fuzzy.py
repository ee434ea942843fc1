"""Finds prose that differs in a few characters, and never in a digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

__all__ = ["MIN_SIMILARITY", "find_similar"]

MIN_SIMILARITY = 0.90
"""Least share of equal characters. At 0.80 three quarters of all totals with a wrong digit would pass."""

_EDITS_PER_HUNDRED = 10
MAX_NEEDLE_CHARS = 2000
MAX_WINDOWS = 24
MAX_HITS_PER_PIECE = 40


def find_similar(key: str, needle: str) -> tuple[int, int, float] | None:
    """The best stretch of ``key`` that is like ``needle``: (start, end, similarity).

    Similarity is 1 minus edits over the longer length, at least
    ``MIN_SIMILARITY``; digits must be the same in the same order. A value of
    length m may differ in m/10 characters, so one of m/10 + 1 pieces stands
    there unchanged: only the surroundings of such pieces are compared, and
    the cost is linear in the length of ``key``.

    Args:
        key: The folded text of a page.
        needle: The folded value.
    """
    edits = len(needle) * _EDITS_PER_HUNDRED // 100
    if edits < 1 or len(needle) > MAX_NEEDLE_CHARS:
        return None
    digits = _digits(needle)
    best: tuple[int, int, float] | None = None
    for start, end in _windows(key, needle, edits):
        hit = _best_in(key, start, end, needle, edits)
        if hit and (best is None or hit[2] > best[2]) and _digits(key[hit[0] : hit[1]]) == digits:
            best = hit
    return best


def _digits(text: str) -> str:
    """Digits and numerals such as 三 and 叁, of which no other one may stand in its place."""
    return "".join(filter(str.isnumeric, text))


def _windows(key: str, needle: str, edits: int) -> Iterator[tuple[int, int]]:
    """Stretches of ``key`` around unchanged pieces of ``needle``, the likeliest first."""
    count = edits + 1
    size = len(needle) // count
    votes: Counter[int] = Counter()
    for number in range(count):
        offset = number * size
        piece = needle[offset : offset + size] if number < count - 1 else needle[offset:]
        position = key.find(piece)
        for _ in range(MAX_HITS_PER_PIECE):
            if position < 0:
                break
            votes[(position - offset) // (edits + 1)] += 1
            position = key.find(piece, position + 1)
    for bucket, _ in votes.most_common(MAX_WINDOWS):
        origin = bucket * (edits + 1)
        yield max(origin - edits, 0), min(origin + len(needle) + 2 * edits + 1, len(key))


def _best_in(key: str, start: int, end: int, needle: str, edits: int) -> tuple[int, int, float] | None:
    window = key[start:end]
    distance, stop = _best_end(window, needle)
    if distance > edits or not stop:
        return None
    _, length = _best_end(window[:stop][::-1], needle[::-1], anchored=True)
    similarity = 1 - distance / max(len(needle), length)
    if similarity < MIN_SIMILARITY - 1e-9:
        return None
    return start + stop - length, start + stop, similarity


def _best_end(text: str, needle: str, *, anchored: bool = False) -> tuple[int, int]:
    """Fewest edits between ``needle`` and a stretch of ``text``, and where that stretch ends.

    Myers' bit-parallel algorithm (1999): one step per character of ``text``.
    Anchored, the stretch begins at the start of ``text``.
    """
    length = len(needle)
    masks: dict[str, int] = {}
    for index, char in enumerate(needle):
        masks[char] = masks.get(char, 0) | 1 << index
    top, full = 1 << (length - 1), (1 << length) - 1
    positive, negative, distance = full, 0, length
    best, best_end = length, 0
    for index, char in enumerate(text):
        mask = masks.get(char, 0)
        vertical = mask | negative
        horizontal = ((((mask & positive) + positive) ^ positive) | mask) & full
        plus, minus = negative | (full & ~(horizontal | positive)), positive & horizontal
        distance += bool(plus & top) - bool(minus & top)
        plus = (plus << 1 | int(anchored)) & full
        minus = minus << 1 & full
        positive, negative = minus | (full & ~(vertical | plus)), plus & vertical
        if distance < best:
            best, best_end = distance, index + 1
    return best, best_end
