"""Evidence on the true text lines of real receipts: true values, changed digits, values of other receipts, time.

The search was written while looking at the receipts whose id ends in an even digit; the
others are held out. No region is named as the source, which is the hardest case.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.outcome import Outcome
from benchmarks.receipts import Receipt, ReceiptExample, is_tuned, load_receipts
from deepocr_kit.revisers import EvidenceGrade, EvidenceIndex, find_evidence, leaf_specs
from deepocr_kit.revisers.values import parse_value

SEED = 17
CHANGES = 5
"""Values with one other digit that are tried per true value."""

OTHERS = 5
"""Other receipts whose value is looked for."""

NOISE = 0.02
"""Share of characters that an OCR engine gets wrong in the noisy rows."""

SPECS = {spec.name: spec for spec in leaf_specs(Receipt)}
_UNPROVED = frozenset({EvidenceGrade.UNSUPPORTED, EvidenceGrade.CONFUSABLE, EvidenceGrade.MISSING})
_LIKE = {"0": "OQD", "1": "lI7", "2": "Z7", "3": "8B", "4": "A9", "5": "S6", "6": "Gb", "7": "1T", "8": "B3", "9": "gq"}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Count:
    """Lookups and what came of them."""

    lookups: int = 0
    supported: int = 0
    beyond_doubt: int = 0
    seconds: float = 0.0

    def look(self, index: EvidenceIndex, field: str, text: str) -> None:
        """Look one value up; a text that cannot be typed counts as not supported."""
        self.lookups += 1
        value = parse_value(text, SPECS[field], order=index.order)
        if value is None:
            return
        started = time.process_time()
        grade = find_evidence(index, SPECS[field], text, value=value).grade
        self.seconds += time.process_time() - started
        self.supported += grade not in _UNPROVED
        self.beyond_doubt += not grade.is_low

    @property
    def share(self) -> float:
        """Supported over looked up, 0..1."""
        return self.supported / max(self.lookups, 1)


_Receipts = Sequence[tuple[ReceiptExample, EvidenceIndex]]
_Question = Callable[[_Receipts, str, random.Random], _Count]


def run(*, limit: int | None = None) -> Outcome:
    """Ask every question of every field, tuned and held-out half apart.

    Raises:
        Unavailable: The receipts are not there.
    """
    examples = load_receipts()[:limit]
    rows: list[tuple[object, ...]] = []
    figures: dict[str, float] = {}
    for half, tuned in (("tuned", True), ("held_out", False)):
        started = time.process_time()
        receipts = [(example, EvidenceIndex(example.document)) for example in examples if is_tuned(example) is tuned]
        figures[f"{half}_ms_per_index"] = 1000 * (time.process_time() - started) / max(len(receipts), 1)
        counts: list[_Count] = []
        for question, ask, fields in _QUESTIONS:
            for field in fields:
                count = ask(receipts, field, random.Random(SEED))
                counts.append(count)
                rows.append((half, question, field, count.supported, count.lookups, count.share, count.beyond_doubt))
                figures[f"{half}_{question.replace(' ', '_')}_{field}"] = count.share
        lookups = max(sum(count.lookups for count in counts), 1)
        figures[f"{half}_ms_per_lookup"] = 1000 * sum(count.seconds for count in counts) / lookups
    return Outcome(
        header=("half", "question", "field", "supported", "of", "share", "beyond doubt"),
        rows=tuple(rows),
        figures=figures,
        notes=(
            "supported: the grade is better than confusable; beyond doubt: the grade is not low.",
            f"one other digit: {CHANGES} random changes per value; another receipt: {OTHERS} others per receipt.",
            f"noise: {NOISE:.0%} of the printed characters wrong, the value true; for information.",
            f"Processor time in the held-out half: {figures['held_out_ms_per_lookup']:.2f} ms per lookup, and"
            f" {figures['held_out_ms_per_index']:.1f} ms per receipt to get ready for lookups.",
        ),
    )


def _true(receipts: _Receipts, field: str, _chance: random.Random) -> _Count:
    count = _Count()
    for example, index in receipts:
        if example.fields.get(field):
            count.look(index, field, example.fields[field])
    return count


def _changed(receipts: _Receipts, field: str, chance: random.Random) -> _Count:
    count = _Count()
    for example, index in receipts:
        text = example.fields.get(field, "")
        places = [place for place, char in enumerate(text) if char.isdecimal()]
        for _ in range(CHANGES if places else 0):
            place = chance.choice(places)
            digit = chance.choice([digit for digit in "0123456789" if digit != text[place]])
            count.look(index, field, text[:place] + digit + text[place + 1 :])
    return count


def _others(receipts: _Receipts, field: str, chance: random.Random) -> _Count:
    count = _Count()
    for example, index in receipts:
        own = example.fields.get(field)
        texts = sorted({other.fields[field] for other, _ in receipts if other.fields.get(field)} - {own or ""})
        for text in chance.sample(texts, min(OTHERS, len(texts))):
            count.look(index, field, text)
    return count


def _noisy(receipts: _Receipts, field: str, chance: random.Random) -> _Count:
    worse = []
    for example, _ in receipts:
        (page,) = example.document.pages
        regions = tuple(
            region.model_copy(update={"text": "".join(_misread(char, chance) for char in region.text)})
            for region in page.regions
        )
        document = example.document.model_copy(update={"pages": (page.model_copy(update={"regions": regions}),)})
        worse.append((example, EvidenceIndex(document)))
    return _true(worse, field, chance)


def _misread(char: str, chance: random.Random) -> str:
    if char.isspace() or chance.random() >= NOISE:
        return char
    return chance.choice(_LIKE.get(char, _LETTERS))


_QUESTIONS: tuple[tuple[str, _Question, tuple[str, ...]], ...] = (
    ("true value", _true, ("company", "date", "address", "total")),
    ("one other digit", _changed, ("date", "address", "total")),
    ("another receipt", _others, ("company", "address")),
    ("true value in noise", _noisy, ("company", "date", "address", "total")),
)
