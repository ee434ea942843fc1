"""Amounts that agree: subtotal and tax make the total, quantity and price make the amount."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import product

from deepocr_kit.revisers._vocabulary import means
from deepocr_kit.revisers.base import EvidenceGrade
from deepocr_kit.revisers.fields import FieldSpec, ValueKind
from deepocr_kit.revisers.rules._answer import Answer
from deepocr_kit.revisers.rules._scoring import Scored

__all__ = ["UNSURE_SCORE", "Equation", "agree", "check_item", "sum_of_items"]

TRIED = 4
"""Values of each field that are tried in sums."""
WORTH = 0.55
"""Least product of the scores of values that agree, as a share of that of the best ones, which then do not."""
BEATEN = 0.85
"""What is left of the score of the values that lost against those that agree."""
CENT = Decimal("0.01")
UNSURE_SCORE = 0.6
"""Score of the values of an item that were misread or whose product is not its amount."""
_NUMERIC = frozenset({ValueKind.NUMBER, ValueKind.INTEGER})
_PARTS = ("subtotal", "tax", "total", "discount", "service_charge", "rounding", "quantity", "unit_price", "amount")


@dataclass(frozen=True, slots=True)
class Equation:
    """Values that must agree.

    Attributes:
        fields: Numbers of the fields.
        holds: Whether an option of each of them, in their order, agree.
        in_every_row: Whether it holds in every row of a table, so that it tells none of them.
    """

    fields: tuple[int, ...]
    holds: Callable[[Sequence[Scored]], bool]
    in_every_row: bool = False


def agree(
    specs: Sequence[FieldSpec], options: Sequence[tuple[Scored, ...]], declared: Iterable[Equation] = ()
) -> list[tuple[Scored, ...]]:
    """The options of every field, those that agree with the other amounts before all others.

    Where several do, those with the best scores win; where none do, all stays as it is.

    Args:
        specs: The fields.
        options: Per field its options, best first.
        declared: What the schema says itself; it comes before what the fields' names say.
    """
    ranked = list(options)
    settled: set[int] = set()
    by_name = (equation for group in _groups(specs) for equation in _equations(group))
    for equation in (*declared, *by_name):
        if settled.issuperset(equation.fields) or not all(ranked[field] for field in equation.fields):
            continue
        if equation.in_every_row and any(ranked[field][0].crowd for field in equation.fields):
            continue
        chosen = _best([ranked[field][:TRIED] for field in equation.fields], equation.holds)
        for field, scored in zip(equation.fields, chosen, strict=False):
            ranked[field] = _first(ranked[field], scored)
            settled.add(field)
    return ranked


def _groups(specs: Sequence[FieldSpec]) -> Iterator[dict[str, int]]:
    """Numbers of the fields of each model by what they mean."""
    groups: dict[str, dict[str, int]] = {}
    for number, spec in enumerate(specs):
        meaning = meaning_of(spec)
        if meaning:
            groups.setdefault(spec.path.rpartition(".")[0], {}).setdefault(meaning, number)
    yield from groups.values()


def meaning_of(spec: FieldSpec) -> str:
    """Which part of a sum a field is, first by its name, then by its labels; empty for none."""
    if spec.kind not in _NUMERIC:
        return ""
    by_name = (meaning for meaning in _PARTS if means(meaning, spec.name, ()))
    by_label = (meaning for meaning in _PARTS if means(meaning, "", spec.labels))
    return next(by_name, "") or next(by_label, "")


def _equations(group: Mapping[str, int]) -> Iterator[Equation]:
    base = group.get("subtotal", group.get("amount"))
    if base is not None and "tax" in group and "total" in group:
        extra = tuple(group[name] for name in ("service_charge", "discount", "rounding") if name in group)
        signs = "".join(
            sign for name, sign in (("service_charge", "+"), ("discount", "-"), ("rounding", "~")) if name in group
        )
        yield Equation((base, group["tax"], group["total"]), partial(_adds_up, signs=""))
        if extra:
            yield Equation((base, group["tax"], group["total"], *extra), partial(_adds_up, signs=signs))
    elif {"quantity", "unit_price", "amount"} <= group.keys():
        yield Equation((group["quantity"], group["unit_price"], group["amount"]), _multiplies, in_every_row=True)


def _best(columns: Sequence[Sequence[Scored]], holds: Callable[[Sequence[Scored]], bool]) -> tuple[Scored, ...]:
    """The values, one of each column, that agree and have the best scores; none when that is not worth it."""
    agreeing = (row for row in product(*columns) if _distinct(row) and holds(row))
    best = max(agreeing, key=_worth, default=())
    return best if best and _worth(best) >= WORTH * _worth([column[0] for column in columns]) else ()


def _worth(row: Sequence[Scored]) -> float:
    return math.prod(item.score for item in row)


def _value(scored: Scored) -> Decimal:
    return Decimal(scored.candidate.found.value)


def _distinct(row: Sequence[Scored]) -> bool:
    places = {(item.candidate.piece, item.candidate.found.start) for item in row}
    return len(places) == len(row)


def _multiplies(row: Sequence[Scored]) -> bool:
    quantity, price, amount = map(_value, row)
    return quantity != 0 and _is_product(quantity, price, amount)


def _adds_up(row: Sequence[Scored], *, signs: str) -> bool:
    base, tax, total, *extra = map(_value, row)
    if not base or not total:
        return False
    wanted = {base + tax}
    for sign, value in zip(signs, extra, strict=True):
        plus, minus = {known + abs(value) for known in wanted}, {known - abs(value) for known in wanted}
        wanted = plus | minus if sign == "~" else plus if sign == "+" else minus
    return any(abs(value - total) <= CENT for value in wanted)


def _is_product(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Whether a product is an amount, a price rounded to cents allowed for."""
    return abs(quantity * price - amount) <= CENT * max(Decimal(1), abs(quantity)) / 2 + CENT / 2


def _first(options: tuple[Scored, ...], scored: Scored) -> tuple[Scored, ...]:
    """The options with one of them first, marked as agreeing."""
    best = replace(scored, score=max(scored.score, options[0].score), agrees=True)
    others = (
        item if item.candidate.found.value == scored.candidate.found.value else replace(item, score=item.score * BEATEN)
        for item in options
        if item is not scored
    )
    return (best, *sorted(others, key=lambda item: -item.score))


def check_item(answers: Sequence[Answer], specs: Sequence[FieldSpec]) -> tuple[Answer, ...]:
    """The answers of one item; its amounts say whether quantity and price make them, with or without the tax.

    Args:
        answers: One for each field.
        specs: The fields.
    """
    by_meaning: dict[str, int] = {}
    for number, spec in enumerate(specs):
        by_meaning.setdefault("amount" if meaning_of(spec) == "total" else meaning_of(spec), number)
    numbers = [by_meaning.get(meaning, -1) for meaning in ("quantity", "unit_price", "amount")]
    values = [_decimal(answers[number].value) if number >= 0 else None for number in numbers]
    quantity, price, amount = values
    if quantity is None or price is None or amount is None:
        return tuple(answers)
    other = [_decimal(answers[by_meaning[name]].value) or 0 for name in ("tax", "discount") if name in by_meaning]
    right = any(_is_product(quantity, price, amount + change) for part in (0, *other) for change in (part, -part))
    return tuple(_marked(answer, right=right) if at in numbers else answer for at, answer in enumerate(answers))


def _marked(answer: Answer, *, right: bool) -> Answer:
    signals = {**answer.signals, "sums": right}
    if right:
        return replace(answer, signals=signals)
    reason = answer.reason or "quantity and price do not make the amount"
    return replace(
        answer,
        signals=signals,
        grade=EvidenceGrade.AMBIGUOUS,
        score=min(answer.score, UNSURE_SCORE),
        reason=reason,
    )


def _decimal(value: object) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None


def sum_of_items(items: Sequence[Sequence[Answer]], specs: Sequence[FieldSpec]) -> Decimal | None:
    """The sum of the items' amounts; None for less than two items, or where one amount is missing."""
    meanings = [meaning_of(spec) for spec in specs]
    column = next((meanings.index(name) for name in ("amount", "total") if name in meanings), None)
    if column is None or len(items) < 2:
        return None
    amounts = [_decimal(item[column].value) for item in items]
    return None if None in amounts else sum((amount for amount in amounts if amount is not None), Decimal(0))
