"""Asks a server again that did not answer; the one owner of retries for language models."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
import tenacity

from deepocr_kit.errors import OverloadedError, ServiceError, ServiceTimeoutError

__all__ = ["RetryPolicy", "with_retries"]

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a server is asked again.

    Attributes:
        attempts: Tries in all; 1 for no retry.
        timeout_attempts: Tries in all when an answer took too long; such an answer
            has been worked on and may have been paid for.
        base_seconds: Longest first pause; it doubles with every try, and the
            pause is drawn at random below it.
        max_seconds: Longest pause, also when the server asks for a longer one.
    """

    attempts: int = 3
    timeout_attempts: int = 2
    base_seconds: float = 1.0
    max_seconds: float = 30.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        seconds = (self.base_seconds, self.max_seconds)
        if min(self.attempts, self.timeout_attempts) < 1 or not all(0 <= one < math.inf for one in seconds):
            raise ValueError(f"a retry policy needs at least one attempt, and seconds from 0 on, got {self!r}")


async def with_retries(policy: RetryPolicy, call: Callable[[], Awaitable[_Value]]) -> tuple[_Value, int]:
    """The result of ``call`` and the number of tries it took.

    Raises:
        ServiceError: The last one, when it is not retryable or the tries are used up.
    """
    jitter = tenacity.wait_random_exponential(multiplier=policy.base_seconds, max=policy.max_seconds)

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, OverloadedError) else None
        return jitter(state) if asked is None else min(asked, policy.max_seconds)

    timeouts = 0

    def may_retry(error: BaseException) -> bool:
        nonlocal timeouts
        if isinstance(error, ServiceTimeoutError) and error.clock != "connect":
            timeouts += 1
            return error.retryable and timeouts < policy.timeout_attempts
        return isinstance(error, ServiceError) and error.retryable

    retrying = tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception(may_retry),
        wait=wait,
        stop=tenacity.stop_after_attempt(policy.attempts),
        sleep=anyio.sleep,
        reraise=True,
    )

    async def once() -> _Value:
        return await call()

    result: _Value = await retrying(once)
    return result, int(retrying.statistics["attempt_number"])
