"""Sums that a schema's fields take part in, among them the rules that it declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from deepocr_kit.revisers._checks_running import join_paths
from deepocr_kit.revisers.checks import Check, Checksum, Ordered, Product, Sum, Term
from deepocr_kit.revisers.fields import FieldSpec
from deepocr_kit.revisers.rules._agreement import Equation
from deepocr_kit.revisers.rules._scoring import Scored

__all__ = ["Arithmetic"]

MAX_FIELDS = 6
"""Fields of one rule whose values are tried in all combinations."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What must add up.

    Attributes:
        lines: Sums of the amounts of the items of lists.
        checks: Rules that the schema declares, each with the part of the schema that its paths begin in.
        listed: Values of the items of lists by path, e.g. of ``lines[*].amount``.
    """

    lines: frozenset[Decimal] = frozenset()
    checks: Sequence[tuple[str, Check]] = ()
    listed: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def equations(self, specs: Sequence[FieldSpec], options: Sequence[Sequence[Scored]]) -> Iterator[Equation]:
        """The declared rules that can choose among the options of the fields, in the order of their declaration."""
        numbers = {spec.path: number for number, spec in enumerate(specs) if options[number]}
        for key, check in self.checks:
            paths = {own: join_paths(key, own) for own in check.paths}
            fields = {own: numbers[path] for own, path in paths.items() if path in numbers}
            known = {own: self.listed[path] for own, path in paths.items() if self.listed.get(path)}
            absent = paths.keys() - fields.keys() - known.keys()
            optional = check.optional if isinstance(check, Sum) else ()
            may_choose = not isinstance(check, Ordered | Checksum)  # many values are in order
            if may_choose and fields and len(fields) <= MAX_FIELDS and absent <= {*optional}:
                holds = _Holds(check, tuple(fields), paths, known)
                yield Equation(tuple(fields.values()), holds, in_every_row=isinstance(check, Product))


@dataclass(frozen=True, slots=True)
class _Holds:
    """Whether a rule is kept exactly, so that it tells which values are meant."""

    check: Check
    fields: tuple[str, ...]
    paths: Mapping[str, str]
    known: Mapping[str, Sequence[Any]]

    def __call__(self, row: Sequence[Scored]) -> bool:
        tried = {own: [scored.candidate.found.value] for own, scored in zip(self.fields, row, strict=True)}
        terms = {
            own: [Term(path, value) for value in tried.get(own) or self.known.get(own, (None,))]
            for own, path in self.paths.items()
        }
        return any(finding.settles for finding in self.check.findings(terms))
