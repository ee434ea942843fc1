"""What a rule between fields is, and how a model declares its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

__all__ = ["Check", "Finding", "Term", "cross_checks"]

M = TypeVar("M", bound=BaseModel)


def cross_checks(*checks: Check) -> Callable[[type[M]], type[M]]:
    """Declare rules between the fields of a model; a class decorator that changes nothing else.

    Paths are those of the model, such as ``total``, ``seller.tax_id`` or ``lines[*].amount``.
    The rules of a model that is nested in another are checked wherever it stands.
    Rules of a base class stay.

    Args:
        checks: The rules.

    Raises:
        SchemaError: Later, when the model is used, if a path is not one of its fields.
    """

    def declare(model: type[M]) -> type[M]:
        inherited: tuple[Check, ...] = getattr(model, "__cross_checks__", ())
        # no annotation, so pydantic takes it for no field
        model.__cross_checks__ = (*inherited, *(check for check in checks if check not in inherited))  # type: ignore[attr-defined]  # found again by name
        return model

    return declare


@dataclass(frozen=True, slots=True)
class Term:
    """One value that a rule is about.

    Attributes:
        path: With list indices.
        value: Typed; None when there is none.
    """

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a rule.

    Attributes:
        paths: The fields that took part.
        passed: Whether it holds.
        message: What is wrong, for people; empty when it holds.
        telling: Whether a wrong value would hardly have passed.
        settles: Whether it says which value a field has, so that it does not matter where it stands.
    """

    paths: tuple[str, ...]
    passed: bool
    message: str = ""
    telling: bool = False
    settles: bool = False


class Check(ABC):
    """A rule between fields; a subclass says which fields, and what must hold.

    Attributes:
        each: The list whose items are checked one by one, such as ``lines[*]``; empty for the model itself.
    """

    each: str

    @property
    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """The fields it is about, seen from ``each``."""

    @abstractmethod
    def findings(self, terms: Mapping[str, Sequence[Term]]) -> Iterator[Finding]:
        """What holds and what does not; nothing when values are missing that it needs.

        Args:
            terms: The values under each of ``paths``, in the order of the document.
        """
