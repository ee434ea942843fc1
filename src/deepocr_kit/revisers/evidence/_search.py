"""Looks a value up in a document by every method that fits its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from deepocr_kit.documents import Page
from deepocr_kit.revisers.evidence._folding import FoldedText, Shape, fold_text, is_bounded, shape_of
from deepocr_kit.revisers.evidence._fuzzy import find_similar
from deepocr_kit.revisers.evidence._index import EvidenceIndex, IndexedRegion, Place, RegionSequence
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.values import DateOrder, find_values, fold
from deepocr_kit.revisers.values.chinese import find_capital_amounts
from deepocr_kit.revisers.values.numbers import is_bracketed, is_negative

__all__ = ["Hit", "Method", "Query", "find_confusable", "find_fuzzy", "find_strict"]

SPAN_MAX_REGIONS = 7
"""Most regions that one value may run over."""

HITS_MAX = 100
"""Most places of one value that are looked at; more are just as ambiguous."""

TYPED_KINDS = frozenset(
    {
        ValueKind.NUMBER,
        ValueKind.INTEGER,
        ValueKind.DATE,
        ValueKind.DATETIME,
        ValueKind.TIME,
        ValueKind.DURATION,
    }
)
"""Kinds that are compared as values; a text comparison would let a wrong digit pass."""

_SHAPES = {ValueKind.CODE: Shape.CODE, ValueKind.PHONE: Shape.FIGURE}
_GUESSED_KINDS = (ValueKind.DATE, ValueKind.TIME, ValueKind.NUMBER)
_MINUSES = frozenset("-\u2212")
_CONFUSABLE = str.maketrans("oilsbzg", "0115826")


class Method(Enum):
    """How a place was found, strictest first."""

    EXACT = "exact"
    TYPED = "typed"
    NORMALIZED = "normalized"
    FUZZY = "fuzzy"
    CONFUSABLE = "confusable"


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that proves a value.

    Attributes:
        place: Where.
        method: How it was found.
        likeliest: False when only the second reading of an ambiguous date fits.
        similarity: Share of equal characters; 1.0 but for prose found approximately.
    """

    place: Place
    method: Method
    likeliest: bool = True
    similarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """A value to look for.

    Attributes:
        texts: Ways in which it may be printed, the given text first.
        folded: The first of ``texts``, folded.
        kind: Its form on the page.
        shape: What the first text looks like.
        readings: Typed values that count as equal, by the kind they are typed as.
    """

    texts: tuple[str, ...]
    folded: FoldedText
    kind: ValueKind
    shape: Shape
    readings: tuple[tuple[ValueKind, frozenset[Any]], ...]

    @classmethod
    def of(cls, spec: FieldSpec, raw_text: str, value: Any, order: DateOrder) -> Query:
        """What to look for.

        Args:
            spec: The field.
            raw_text: The value as the reviser gave it.
            value: Its typed form.
            order: The likeliest order of day and month.
        """
        words = tuple(word for word, choice in spec.choices if choice == value)
        texts = tuple(dict.fromkeys(text for text in (raw_text.strip(), *words) if text))
        shape = _SHAPES.get(spec.kind) or shape_of(texts[0])
        return cls(texts, fold_text(texts[0]), spec.kind, shape, tuple(_readings(spec, texts[0], value, shape, order)))


def _readings(
    spec: FieldSpec, text: str, value: Any, shape: Shape, order: DateOrder
) -> Iterator[tuple[ValueKind, frozenset[Any]]]:
    if spec.kind in TYPED_KINDS:
        typed = _plain(value, spec.kind)
        if not isinstance(typed, str):
            yield spec.kind, frozenset({typed})
            return
    guesses = (spec.kind,) if spec.kind in TYPED_KINDS else _GUESSED_KINDS if shape is Shape.FIGURE else ()
    if spec.kind in _SHAPES:
        return
    if shape is Shape.PROSE and (amount := _capital_amount(text)) is not None:
        yield ValueKind.NUMBER, frozenset({amount})
    for kind in guesses:
        found = find_values(text, kind, order=order)
        if len(found) == 1 and (kind is spec.kind or found[0].text.strip() == text):
            yield kind, frozenset(found[0].readings if kind is ValueKind.DATE else (found[0].value,))
            return


def _capital_amount(text: str) -> Decimal | None:
    """What a text says that is nothing but an amount in Chinese capitals: 壹佰元整 and 壹佰圆正 say the same."""
    found = find_capital_amounts(fold(text))
    return found[0].value if len(found) == 1 and found[0].text == fold(text).strip() else None


def _plain(value: Any, kind: ValueKind) -> Any:
    """The value in the type that ``find_values`` gives for its kind."""
    match value:
        case float():
            return Decimal(str(value))
        case dt.datetime() if kind is ValueKind.DATE:
            return value.date()
        case dt.datetime():
            return value.replace(tzinfo=None)
        case dt.date() if kind is ValueKind.DATETIME:
            return dt.datetime(value.year, value.month, value.day)
        case dt.time() if kind is ValueKind.DURATION:
            return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        case _:
            return value


def find_strict(index: EvidenceIndex, query: Query, scope: Sequence[IndexedRegion] | None) -> list[Hit]:
    """Places where the value stands to the letter, as an equal value or after normalising.

    Args:
        index: The document.
        query: The value.
        scope: Only in these regions, taken as one text; None for the whole document.
    """
    hits = [*_typed(index, query, scope)]
    if not hits or query.shape is Shape.PROSE or scope is not None:
        for text in query.texts:
            hits += _literal(index, query, text, scope)
    unique: dict[tuple[tuple[int, ...], int], Hit] = {}
    for hit in sorted(hits, key=lambda hit: (list(Method).index(hit.method), not hit.likeliest)):
        if not any(_overlap(hit.place, other.place) for other in unique.values()):
            unique[hit.place.regions, hit.place.start] = hit
    return sorted(unique.values(), key=lambda hit: (hit.place.regions, hit.place.start))


def find_fuzzy(index: EvidenceIndex, query: Query, scope: Sequence[IndexedRegion] | None) -> list[Hit]:
    """The best place where prose stands with a few other characters; none for figures and codes."""
    if query.shape is not Shape.PROSE or query.kind in TYPED_KINDS or query.kind is ValueKind.CODE or query.readings:
        return []
    best: Hit | None = None
    for sequence in _sequences(index, scope):
        found = find_similar(sequence.key, query.folded.key)
        if found and (best is None or found[2] > best.similarity):
            place = sequence.place(found[0], found[1])
            if len(place.regions) <= SPAN_MAX_REGIONS:
                best = Hit(place, Method.FUZZY, similarity=found[2])
    return [best] if best else []


def find_confusable(index: EvidenceIndex, query: Query, scope: Sequence[IndexedRegion] | None) -> list[Hit]:
    """Places of a code that is equal once look-alike characters (0 and O, 1 and I, ...) count as one."""
    if query.shape is not Shape.CODE or len(query.folded.key) < 4:
        return []
    needle = query.folded.key.translate(_CONFUSABLE)
    hits = []
    for sequence in _sequences(index, scope):
        for place in _occurrences(sequence, sequence.key.translate(_CONFUSABLE), needle):
            if len(place.regions) == 1 and _is_token(index, place, Shape.CODE):
                hits.append(Hit(place, Method.CONFUSABLE))
    return _distinct(hits)


def _typed(index: EvidenceIndex, query: Query, scope: Sequence[IndexedRegion] | None) -> Iterator[Hit]:
    numbers = None if scope is None else {item.number for item in scope}
    for kind, readings in query.readings:
        for typed in index.typed_places(kind, set(readings))[:HITS_MAX]:
            if numbers is None or typed.place.regions[0] in numbers:
                quote = index.quote(typed.place)
                if query.shape is Shape.PROSE and query.kind not in TYPED_KINDS and _capital_amount(quote) is None:
                    continue  # figures do not prove words
                exact = quote == query.texts[0]
                yield Hit(typed.place, Method.EXACT if exact else Method.TYPED, typed.likeliest)


def _literal(index: EvidenceIndex, query: Query, text: str, scope: Sequence[IndexedRegion] | None) -> Iterator[Hit]:
    folded = query.folded if text == query.texts[0] else fold_text(text)
    if not folded.key:
        yield from _symbols(index, text, scope)
        return
    may_span = query.shape is Shape.PROSE or (query.shape is Shape.CODE and scope is not None)
    for sequence in _sequences(index, scope):
        for place in _occurrences(sequence, sequence.key, folded.key):
            if len(place.regions) > (SPAN_MAX_REGIONS if may_span else 1):
                continue
            if _is_token(index, place, query.shape) and not _loses_sign(text, index, place):
                yield Hit(place, Method.EXACT if index.quote(place) == _core(text, folded) else Method.NORMALIZED)


def _core(text: str, folded: FoldedText) -> str:
    """The text without what stands before its first and after its last letter or digit."""
    return text[folded.offsets[0] : folded.offsets[-1] + 1]


def _symbols(index: EvidenceIndex, text: str, scope: Sequence[IndexedRegion] | None) -> Iterator[Hit]:
    """Places of a text without any letter or digit, such as a tick."""
    for item in index.regions if scope is None else scope:
        start = item.text.raw.find(text)
        if start >= 0:
            yield Hit(Place((item.number,), start, start + len(text)), Method.EXACT)


def _sequences(index: EvidenceIndex, scope: Sequence[IndexedRegion] | None) -> Iterator[RegionSequence]:
    if scope is None:
        pages: tuple[Page, ...] = index.document.pages
        for page in pages:
            yield from index.sequences(page)
        return
    yield RegionSequence(sorted(scope, key=lambda item: item.number))
    yield RegionSequence(scope)


def _occurrences(sequence: RegionSequence, key: str, needle: str) -> Iterator[Place]:
    position = key.find(needle)
    for _ in range(HITS_MAX):
        if position < 0:
            return
        yield sequence.place(position, position + len(needle))
        position = key.find(needle, position + 1)


def _is_token(index: EvidenceIndex, place: Place, shape: Shape) -> bool:
    first, last = index.regions[place.regions[0]].text.raw, index.regions[place.regions[-1]].text.raw
    if len(place.regions) == 1:
        return is_bounded(first, place.start, place.end, shape)
    return is_bounded(first, place.start, len(first), shape) and is_bounded(last, 0, place.end, shape)


def _loses_sign(text: str, index: EvidenceIndex, place: Place) -> bool:
    """Whether the value has a minus that the page does not show."""
    if text[:1] not in _MINUSES or not text[1:2].isdecimal():
        return False
    raw = index.regions[place.regions[0]].text.raw
    return not (is_negative(raw, place.start, place.end) or is_bracketed(raw, place.start, place.end))


def _overlap(a: Place, b: Place) -> bool:
    if len(a.regions) > 1 or len(b.regions) > 1:
        return bool(set(a.regions) & set(b.regions))
    return a.regions == b.regions and a.start < b.end and b.start < a.end


def _distinct(hits: list[Hit]) -> list[Hit]:
    return list({(hit.place.regions, hit.place.start): hit for hit in hits}.values())
