"""One value in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stands.

    Attributes:
        start: Offset of its first character in the searched text.
        end: Offset after its last character.
        text: The printed characters between them, without currency or unit unless a minus stands before it.
        value: The typed value, by the likeliest reading.
        others: Other readings of the same characters (day and month the other way round).
    """

    start: int
    end: int
    text: str
    value: Any
    others: tuple[Any, ...] = ()

    @property
    def readings(self) -> tuple[Any, ...]:
        """All readings, likeliest first."""
        return (self.value, *self.others)
