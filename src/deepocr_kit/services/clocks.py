"""The four clocks that limit how long a server may take."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import anyio
from pydantic import BaseModel, ConfigDict, Field

from deepocr_kit.errors import Clock, ServiceTimeoutError

__all__ = ["Clocks", "Timeouts"]

_Value = TypeVar("_Value")


class Timeouts(BaseModel):
    """Limits on waiting for one answer, in seconds.

    Attributes:
        connect: To open a connection.
        first_token: From the start of the request to the first piece of text. Generous,
            since a server answers 200 at once and then lets the request queue.
        idle: Between two pieces of text. Keep-alive comments do not count.
        total: For the whole answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect: float = Field(default=10.0, gt=0, allow_inf_nan=False)
    first_token: float = Field(default=600.0, gt=0, allow_inf_nan=False)
    idle: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    total: float = Field(default=1800.0, gt=0, allow_inf_nan=False)


class Clocks:
    """The running clocks of one request; made when it starts.

    Args:
        timeouts: The limits.
        service: What errors call the service.
    """

    def __init__(self, timeouts: Timeouts, *, service: str = "") -> None:
        self._timeouts = timeouts
        self._service = service
        self._start = anyio.current_time()
        self._clock: Clock = "first_token"
        self._deadline = self._start + timeouts.first_token

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return anyio.current_time() - self._start

    def text_arrived(self) -> None:
        """Start the clock for the next piece of text."""
        self._clock = "idle"
        self._deadline = anyio.current_time() + self._timeouts.idle

    async def wait(self, awaitable: Awaitable[_Value]) -> _Value:
        """The awaitable's result, cancelled when a clock runs out.

        Raises:
            ServiceTimeoutError: ``first_token``, ``idle`` or ``total`` ran out.
        """
        total_deadline = self._start + self._timeouts.total
        with anyio.CancelScope(deadline=min(self._deadline, total_deadline)):
            return await awaitable
        clock: Clock = "total" if total_deadline <= self._deadline else self._clock
        seconds: float = getattr(self._timeouts, clock)
        raise ServiceTimeoutError(_MESSAGES[clock].format(seconds), clock=clock, seconds=seconds, service=self._service)


_MESSAGES: dict[Clock, str] = {
    "connect": "no connection within {:g} s",
    "first_token": "no text within {:g} s; raise Timeouts.first_token if the server's queue is long",
    "idle": "no further text for {:g} s; the server hangs",
    "total": "the answer took longer than {:g} s",
}
