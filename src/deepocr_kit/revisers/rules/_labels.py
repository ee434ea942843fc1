"""Printed labels of the fields, found in the text although it was misread here and there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from deepocr_kit.revisers._vocabulary import SYNONYMS, kind_of_words
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._ink import Piece
from deepocr_kit.revisers.rules._parties import party_labels
from deepocr_kit.revisers.rules._placeholders import placeholders_in
from deepocr_kit.revisers.values import fold

__all__ = ["FOREIGN", "LabelHit", "LabelIndex"]

FOREIGN = -1
"""Stands for a field that documents have but the schema has not."""
MAX_TOKENS = 8
"""Longest label in words, or in Chinese characters twice that."""

_TOKEN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]|[a-z0-9]+(?:'[a-z]+)?", re.IGNORECASE)
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
_BRACKETED = re.compile(r"[(（]([^)）]+)[)）]")
_VARIANTS = str.maketrans("帐貨購單號額稱銷價稅計發電話開戶", "账货购单号额称销价税计发电话开户")
"""Characters of labels in their usual form; misprints, traditional forms and what OCR takes for one."""
_LOOKALIKES = str.maketrans("015826", "oisbzg")
_NEUTRAL = frozenset(
    word
    for words in (
        "rm myr usd eur sgd cny rmb the of your by is in at and to be e no nett net number",
        "amount amt value sales sale inclusive incl inc including included with rounded rounding after adj",
        "final payable paid due",
    )
    for word in words.split()
)
"""Words beside a label that leave its meaning as it is."""
_TAXES = frozenset(("gst", "tax", "sst", "vat"))
_SPOILERS = _TAXES | frozenset(
    word
    for words in (
        "qty quantity item items discount disc saving savings saved point points excl excluding exclusive exc before",
        "without change cash tender tendered page count supplies supply member card outstanding previous taxable pcs",
        "units 数量 折扣",
    )
    for word in words.split()
)
"""Words beside a label that make it the label of something else."""
_HARMLESS_TAX = re.compile(
    r"(?:incl\w*|inc|with|of|w/|after)\.?\W{0,3}(?:of\W+)?(?:\d+\s?%\W*)?(?:gst|tax|sst|vat)"
    r"|(?:gst|tax|sst|vat)\W{0,3}inc\w*"
)
"""The total with the tax in it is the total."""


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label in a piece.

    Attributes:
        piece: Index of the piece.
        start: Offset of its first character.
        end: Offset after its last character.
        fields: (index of the spec, weight 0..1) of the fields that it may name.
        foreign_kind: Form of the value that it names when no field of the schema claims it.
        words: The label as the tables have it, casefolded, words parted by a space.
        quality: 0..1: how much of the words around it is this label, and how well it was read.
    """

    piece: int
    start: int
    end: int
    fields: tuple[tuple[int, float], ...]
    foreign_kind: str
    words: str
    quality: float


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    sure: bool = True


class LabelIndex:
    """All labels of a schema's fields, and those of common fields that it does not have."""

    def __init__(self, specs: Sequence[FieldSpec]) -> None:
        self._aliases: dict[tuple[str, ...], dict[int, float]] = {}
        self._foreign: dict[tuple[str, ...], tuple[str, str]] = {}
        for index, spec in enumerate(specs):
            for rank, label in enumerate(spec.labels):
                self._add(label, index, 1.0 if rank == 0 else 0.98)
            for rank, label in enumerate((*_parts(spec.labels), *party_labels(spec), *spec.synonyms)):
                self._add(label, index, max(0.88, 0.97 - 0.005 * rank))
        for spec in specs:
            for label in spec.avoid:
                self._add(label, FOREIGN, 1.0)
        for names, labels in SYNONYMS:
            for label in labels:
                self._foreign.setdefault(self._add(label, FOREIGN, 0.5), (min(names), label))
        words = {token for alias in self._aliases for token in alias if not _CJK.match(token)}
        self._words = frozenset(words) | _NEUTRAL | _SPOILERS
        self._by_shape: dict[int, list[str]] = {}
        for word in sorted(words):
            self._by_shape.setdefault(len(word), []).append(word)
        self._longest = max((len(alias) for alias in self._aliases), default=0)

    def _add(self, label: str, field: int, weight: float) -> tuple[str, ...]:
        tokens = tuple(token.text for token in _tokens(label))
        if tokens and len(tokens) <= 2 * MAX_TOKENS:
            entry = self._aliases.setdefault(tokens, {})
            entry[field] = max(entry.get(field, 0.0), weight)
        return tokens

    def knows(self, label: str) -> bool:
        """Whether words are a label of a field, of this schema or another."""
        return tuple(token.text for token in _tokens(label)) in self._aliases

    def find(self, piece: Piece) -> tuple[LabelHit, ...]:
        """The labels in a piece, longest first where they overlap, from left to right."""
        free = placeholders_in(piece.text)
        words = (token for token in _tokens(piece.text) if not any(start < token.end <= end for start, end in free))
        tokens = [self._reread(token) for token in words]
        hits: list[LabelHit] = []
        at = 0
        while at < len(tokens):
            length = self._match(tokens, at)
            if length:
                hit = self._hit(piece, tokens, at, length)
                if not (hits and _is_repeated(piece.text, hits[-1], hit)):
                    hits.append(hit)
            at += max(length, 1)
        return tuple(hits)

    def _match(self, tokens: Sequence[_Token], at: int) -> int:
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            if tuple(token.text for token in tokens[at : at + length]) in self._aliases:
                return length
        return 0

    def _hit(self, piece: Piece, tokens: Sequence[_Token], at: int, length: int) -> LabelHit:
        own = tokens[at : at + length]
        alias = tuple(token.text for token in own)
        entries = self._aliases[alias]
        fields = tuple((field, weight) for field, weight in entries.items() if field != FOREIGN)
        quality = _coverage(piece.text, tokens, at, length) * (1.0 if all(token.sure for token in own) else 0.96)
        name, label = self._foreign.get(alias, ("", ""))
        kind = kind_of_words(name, (label,))
        return LabelHit(piece.index, own[0].start, own[-1].end, fields, kind, " ".join(alias), quality)

    def _reread(self, token: _Token) -> _Token:
        """The token as the known word that it most likely is."""
        if token.text in self._words or len(token.text) < 4 or _CJK.match(token.text):
            return token
        if not any(char.isalpha() for char in token.text):
            return token
        plain = token.text.translate(_LOOKALIKES)
        if plain in self._words:
            return _Token(token.start, token.end, plain, sure=False)
        reach = 1 if len(plain) < 8 else 2
        for length in range(len(plain) - reach, len(plain) + reach + 1):
            for word in self._by_shape.get(length, ()):
                if len(word) >= 4 and _near(plain, word, reach):
                    return _Token(token.start, token.end, word, sure=False)
        return token


def _parts(labels: Sequence[str]) -> Iterator[str]:
    """The words in brackets and those before them: a form may print ``(小写)`` alone."""
    for label in labels:
        match = _BRACKETED.search(label)
        if match is not None and _CJK.search(match[1]):
            yield from (match[1], label[: match.start()].strip())


def _is_repeated(text: str, first: LabelHit, second: LabelHit) -> bool:
    """Whether a label stands behind itself and a colon, where it is the value: ``Cashier: Cashier``."""
    between = text[first.end : second.start].strip()
    return first.words == second.words and between in (":", "：")


def _tokens(text: str) -> list[_Token]:
    folded = fold(text).casefold().translate(_VARIANTS)
    if len(folded) != len(text):  # a letter such as ß casefolds into two
        folded = fold(text).lower()
    if len(folded) != len(text):
        folded = fold(text)
    return [_Token(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(folded)]


def _coverage(text: str, tokens: Sequence[_Token], at: int, length: int) -> float:
    """How much of the words that stand together with a label it is: 1.0 when it is all."""
    extra = [token for token in _around(text, tokens, at, length) if not token.text.isdigit()]
    if not extra:
        return 1.0
    lowered = text.casefold()
    own = {token.text for token in tokens[at : at + length]}
    harmless = _TAXES if own <= _TAXES or _HARMLESS_TAX.search(lowered) else frozenset()
    words = {token.text for token in extra}
    if words & (_SPOILERS - harmless):
        return 0.45
    foreign = sum(1 for token in extra if token.text not in _NEUTRAL | harmless)
    return max(0.5, math.sqrt(length / (length + foreign)))


def _around(text: str, tokens: Sequence[_Token], at: int, length: int) -> Iterable[_Token]:
    """Tokens beside a label that no colon, digit or wide gap parts from it."""
    for step, edge in ((-1, at), (1, at + length - 1)):
        previous = tokens[edge]
        index = edge + step
        while 0 <= index < len(tokens):
            token = tokens[index]
            gap = text[previous.end : token.start] if step > 0 else text[token.end : previous.start]
            if _is_value(text, token) or "   " in gap or any(mark in gap for mark in ":：;；|") or placeholders_in(gap):
                break
            yield token
            previous = token
            index += step


def _is_value(text: str, token: _Token) -> bool:
    """Whether a token is a number that parts words; a rate such as 6% does not."""
    return token.text.isdigit() and not text[token.end :].lstrip().startswith("%")


def _near(a: str, b: str, reach: int) -> bool:
    """Whether the edit distance is at most ``reach``; both words are short."""
    if a == b:
        return True
    if a[0] != b[0] and a[-1] != b[-1]:
        return False
    previous = list(range(len(b) + 1))
    for row, char in enumerate(a, start=1):
        current = [row]
        for column, other in enumerate(b, start=1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (char != other)))
        if min(current) > reach:
            return False
        previous = current
    return previous[-1] <= reach
