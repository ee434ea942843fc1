"""Rules between fields, declared beside the schema: sums, products, order, check digits, amounts in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers._checks_base import Check, Finding, Term, cross_checks
from deepocr_kit.revisers._checks_values import as_moment, as_number, minor_unit
from deepocr_kit.revisers._checksums import CHECKSUMS

__all__ = [
    "CapitalAmount",
    "Check",
    "Checksum",
    "ChecksumName",
    "Finding",
    "Ordered",
    "Product",
    "Sum",
    "Term",
    "cross_checks",
]

ChecksumName: TypeAlias = Literal["aba", "cn_resident_id", "cn_tax_id", "cn_uscc", "ean", "iban", "isbn", "luhn", "vin"]
"""Kinds of check digits that are known by name."""


@dataclass(frozen=True, slots=True)
class Sum(Check):
    """Parts add up to a whole.

    While a part has no value the rule may hold without it, but cannot fail,
    since the part may just not have been found.

    Attributes:
        parts: Paths; one with ``-`` before it is taken away, such as ``-discount``.
        equals: Path of the whole.
        each: As in ``Check``.
        optional: Those of ``parts`` that documents may lack; without a value they count as zero.
        tolerance: Largest difference; None for one minor unit (the last printed decimal) per part.
    """

    parts: str | Sequence[str]
    equals: str
    each: str = ""
    optional: Sequence[str] = ()
    tolerance: Decimal | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Parts, then the whole."""
        return (*(part.removeprefix("-") for part in _listed(self.parts)), self.equals)

    def findings(self, terms: Mapping[str, Sequence[Term]]) -> Iterator[Finding]:
        """Whether the parts add up."""
        parts: list[tuple[str, Decimal]] = []
        complete = True
        for part in _listed(self.parts):
            name = part.removeprefix("-")
            found, all_there = _numbers(terms[name])
            parts += [(path, -number if part.startswith("-") else number) for path, number in found]
            complete = complete and (all_there or name in self.optional)
        wholes, _ = _numbers(terms[self.equals])
        if not parts or len(wholes) != 1:
            return
        path, whole = wholes[0]
        total = sum((number for _, number in parts), Decimal())
        unit = minor_unit((whole, *(number for _, number in parts)))
        allowed = unit * len(parts) if self.tolerance is None else self.tolerance
        passed = abs(total - whole) <= allowed
        telling = total == whole and sum(number != 0 for _, number in parts) > 1
        paths = (*(path for path, _ in parts), path)
        if passed:
            yield Finding(paths, passed=True, telling=telling, settles=telling)
        elif complete:
            names = " + ".join(_listed(self.parts)).replace("+ -", "- ")
            yield Finding(paths, passed=False, message=f"{names} is {total:f}, but {self.equals} is {whole:f}")


@dataclass(frozen=True, slots=True)
class Product(Check):
    """Factors multiply to a product, such as quantity and price to an amount.

    Attributes:
        factors: Paths.
        equals: Path of the product.
        each: As in ``Check``.
        percent: Those of ``factors`` that are hundredths, such as a tax rate of 13.
        tolerance: Largest difference; None for one minor unit (the last printed decimal) of the product.
    """

    factors: Sequence[str]
    equals: str
    each: str = ""
    percent: Sequence[str] = ()
    tolerance: Decimal | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Factors, then the product."""
        return (*self.factors, self.equals)

    def findings(self, terms: Mapping[str, Sequence[Term]]) -> Iterator[Finding]:
        """Whether the product is right."""
        found = [_numbers(terms[path])[0] for path in self.paths]
        if any(len(numbers) != 1 for numbers in found):
            return
        *factors, (_, target) = (numbers[0] for numbers in found)
        values = [
            number / 100 if path in self.percent else number
            for (_, number), path in zip(factors, self.factors, strict=True)
        ]
        result = Decimal(1)
        for value in values:
            result *= value
        unit = minor_unit((target,))
        difference = abs(result - target)
        paths = tuple(numbers[0][0] for numbers in found)
        if difference <= (unit if self.tolerance is None else self.tolerance):
            # one times a price says nothing about the price
            telling = difference <= unit / 2 and sum(abs(value) not in (0, 1) for value in values) > 1
            yield Finding(paths, passed=True, telling=telling, settles=telling)
        else:
            names = " x ".join(self.factors)
            yield Finding(paths, passed=False, message=f"{names} is {result:f}, but {self.equals} is {target:f}")


@dataclass(frozen=True, slots=True, init=False)
class Ordered(Check):
    """Dates, times or numbers that do not decrease, such as ``Ordered("issued", "due")``.

    A field without a value is passed over.

    Attributes:
        fields: Paths, the earliest first.
        each: As in ``Check``.
        strict: Whether equal values are wrong, too.
    """

    fields: tuple[str, ...]
    each: str
    strict: bool

    def __init__(self, *fields: str, each: str = "", strict: bool = False) -> None:
        for name, value in (("fields", fields), ("each", each), ("strict", strict)):
            object.__setattr__(self, name, value)

    @property
    def paths(self) -> tuple[str, ...]:
        """All fields."""
        return self.fields

    def findings(self, terms: Mapping[str, Sequence[Term]]) -> Iterator[Finding]:
        """Whether every value is at least the one before."""
        moments = [(term.path, as_moment(term.value)) for path in self.fields for term in terms[path]]
        given = [(path, moment) for path, moment in moments if moment is not None]
        for (first, earlier), (second, later) in pairwise(given):
            if isinstance(earlier, dt.datetime) != isinstance(later, dt.datetime):
                earlier, later = (_day(moment) for moment in (earlier, later))
            if type(earlier) is not type(later):
                continue
            wrong = earlier > later or (self.strict and earlier == later)
            message = f"{second} is {later}, which is before {first}, {earlier}" if wrong else ""
            yield Finding((first, second), passed=not wrong, message=message)


@dataclass(frozen=True, slots=True)
class Checksum(Check):
    """A code keeps its check digits.

    Attributes:
        field: Path; every item of a list is checked.
        rule: Name of a known kind, or a function that says of the printed code True, False, or None for "not mine".
        each: As in ``Check``.
    """

    field: str
    rule: ChecksumName | Callable[[str], bool | None]
    each: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.rule, str) and self.rule not in CHECKSUMS:
            raise SchemaError(f"no checksum is called {self.rule!r}; there are {', '.join(CHECKSUMS)}", path=self.field)

    @property
    def paths(self) -> tuple[str, ...]:
        """The field."""
        return (self.field,)

    def findings(self, terms: Mapping[str, Sequence[Term]]) -> Iterator[Finding]:
        """Whether each code is right; a right one may still belong to somebody else."""
        rule = CHECKSUMS[self.rule] if isinstance(self.rule, str) else self.rule
        for term in terms[self.field]:
            kept = None if term.value is None else rule(str(term.value))
            if kept is not None:
                name = self.rule if isinstance(self.rule, str) else getattr(self.rule, "__name__", "its rule")
                message = "" if kept else f"{term.path} does not keep the check digits of {name}"
                yield Finding((term.path,), passed=kept, message=message, telling=kept)


@dataclass(frozen=True, slots=True)
class CapitalAmount(Check):
    """An amount in words says the same as one in figures: 壹佰贰拾叁元肆角 and 123.40.

    Attributes:
        words: Path of the Chinese capital amount.
        equals: Path of the amount in figures.
        each: As in ``Check``.
    """

    words: str
    equals: str
    each: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """Words, then figures."""
        return (self.words, self.equals)

    def findings(self, terms: Mapping[str, Sequence[Term]]) -> Iterator[Finding]:
        """Whether both are equal."""
        (words, _), (figures, _) = _numbers(terms[self.words]), _numbers(terms[self.equals])
        if len(words) == len(figures) == 1:
            (first, said), (second, printed) = words[0], figures[0]
            same = said == printed
            message = "" if same else f"{self.words} says {said:f}, but {self.equals} is {printed:f}"
            yield Finding((first, second), passed=same, message=message, telling=same, settles=same)


def _listed(paths: str | Iterable[str]) -> tuple[str, ...]:
    return (paths,) if isinstance(paths, str) else tuple(paths)


def _numbers(terms: Sequence[Term]) -> tuple[list[tuple[str, Decimal]], bool]:
    """The values that are numbers with their paths, and whether all are."""
    read = [(term.path, as_number(term.value)) for term in terms]
    numbers = [(path, number) for path, number in read if number is not None]
    return numbers, bool(terms) and len(numbers) == len(terms)


def _day(moment: Any) -> Any:
    return moment.date() if isinstance(moment, dt.datetime) else moment
