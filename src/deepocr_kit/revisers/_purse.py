"""Keeps what all questions about one document cost within its budget, those in flight included."""

from __future__ import annotations

import anyio

from deepocr_kit.errors import ServiceError

__all__ = ["BudgetSpentError", "Purse"]


class BudgetSpentError(ServiceError):
    """Nothing more may be asked about this document; it never leaves a reviser."""


class Purse:
    """Tokens that all windows of a document spend together.

    Args:
        budget: No question is begun once the answers have cost as many tokens.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._spent = 0
        self._set_aside = 0
        self._paid = anyio.Event()

    @property
    def is_empty(self) -> bool:
        """Whether the budget is spent."""
        return self._spent >= self._budget

    async def set_aside(self, tokens: int) -> None:
        """Wait until a question that may cost ``tokens`` fits beside those in flight, or nothing is in flight.

        So the budget is overdrawn by one question at most, however many are asked at once.

        Raises:
            BudgetSpentError: The budget is spent.
        """
        while self._set_aside and self._spent + self._set_aside + tokens > self._budget:
            await self._paid.wait()
        if self.is_empty:
            raise BudgetSpentError("the token budget is spent")
        self._set_aside += tokens

    def pay(self, set_aside: int, spent: int) -> None:
        """Give back what was set aside for a question, and pay what it cost."""
        self._set_aside -= set_aside
        self._spent += spent
        self._paid.set()
        self._paid = anyio.Event()
