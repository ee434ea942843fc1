"""Everything in a document that has the form of a field's value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.rules._ink import Ink, Piece
from deepocr_kit.revisers.rules._labels import LabelHit
from deepocr_kit.revisers.rules._placeholders import is_placeholder, placeholder_edges
from deepocr_kit.revisers.values import DateOrder, Found, find_values, fold

__all__ = ["Candidate", "CandidateFinder", "by_row_of"]

MAX_CANDIDATES = 3_000
"""Values of one form in one document; the rest is not looked at."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value in a piece.

    Attributes:
        piece: Index of the piece.
        found: The value; offsets are those of the piece's text.
        x0: Left edge, in heights of a line.
        x1: Right edge.
        unit: What stands right behind or before the number: ``元``, ``km``, ``%``; empty otherwise.
    """

    piece: int
    found: Found
    x0: float
    x1: float
    unit: str = ""


_REMARK = re.compile(r"(?:\s*[(（][^()（）]{1,8}[)）]\s*[:：])?")
"""A remark between a label and its colon: 地址(邮编)："""
_UNIT_AFTER = re.compile(r"\s?(%|[a-z]{1,3}(?![a-z])|元|圆|公里|千米|分钟|秒|次|[¥$€£])", re.IGNORECASE)
_UNIT_BEFORE = re.compile(r"(RM|[¥$€£]|USD|MYR|CNY|RMB|EUR|GBP|SGD)\s?[-+]?$", re.IGNORECASE)


class CandidateFinder:
    """Finds candidates once per form and keeps them for the fields that share it; one per document."""

    def __init__(self, ink: Ink, hits: dict[int, tuple[LabelHit, ...]], order: DateOrder) -> None:
        self._ink = ink
        self._hits = hits
        self._order = order
        self._known: dict[tuple[ValueKind, str | None, tuple[tuple[str, object], ...]], tuple[Candidate, ...]] = {}

    def find(self, spec: FieldSpec) -> tuple[Candidate, ...]:
        """The candidates for a field, in reading order."""
        key = (spec.kind, spec.pattern, spec.choices)
        if key not in self._known:
            self._known[key] = tuple(self._search(spec))
        return self._known[key]

    def _search(self, spec: FieldSpec) -> list[Candidate]:
        found: list[Candidate] = []
        for piece in self._ink.pieces:
            for item in self._in_piece(piece, spec):
                found.append(_candidate(piece, item))
            if len(found) >= MAX_CANDIDATES:
                break
        return found[:MAX_CANDIDATES]

    def _in_piece(self, piece: Piece, spec: FieldSpec) -> tuple[Found, ...]:
        if spec.pattern is None and spec.kind in (ValueKind.TEXT, ValueKind.CHOICE):
            return self._texts(piece)
        return find_values(piece.text, spec.kind, pattern=spec.pattern, order=self._order)

    def _texts(self, piece: Piece) -> tuple[Found, ...]:
        """What is left of a piece beside its labels."""
        spans, at = [], 0
        for hit in self._hits.get(piece.index, ()):
            if not _parts(piece.text, hit):
                continue
            spans.append((at, hit.start))
            at = hit.end
        spans.append((at, len(piece.text)))
        texts = []
        for start, end in spans:
            start += _REMARK.match(piece.text[start:end]).end()  # type: ignore[union-attr] # it matches nothing too
            first, last = placeholder_edges(piece.text[start:end])
            start, end = start + first, start + last
            inner = piece.text[start:end]
            text = inner.strip(" \t:：;；,，.。|-_*#")
            if any(char.isalnum() for char in text) and not is_placeholder(text):
                left = start + inner.find(text)
                texts.append(Found(left, left + len(text), text, text))
        return tuple(texts)


def _parts(text: str, hit: LabelHit) -> bool:
    """Whether a label parts the text, and is no word inside of a value: it begins a word or a colon follows it."""
    return not (hit.start and text[hit.start - 1].isalnum()) or text[hit.end :].lstrip()[:1] in (":", "：")


def _candidate(piece: Piece, item: Found) -> Candidate:
    folded = fold(piece.text)
    unit = _UNIT_AFTER.match(folded, item.end) or _UNIT_BEFORE.search(folded[max(0, item.start - 5) : item.start])
    return Candidate(
        piece.index, item, piece.x_at(item.start), piece.x_at(item.end), unit[1].casefold() if unit else ""
    )


def by_row_of(ink: Ink, candidates: Sequence[Candidate]) -> dict[int, list[int]]:
    """Numbers of the candidates by row, from left to right."""
    rows: dict[int, list[int]] = {}
    for number, candidate in enumerate(candidates):
        rows.setdefault(ink.pieces[candidate.piece].row, []).append(number)
    for numbers in rows.values():
        numbers.sort(key=lambda number: candidates[number].x0)
    return rows
