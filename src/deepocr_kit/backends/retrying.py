"""A backend that tries again when the other one's failure may pass."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from deepocr_kit.backends.base import OcrBackend, RecognitionDone, RecognitionEvent, Restarted
from deepocr_kit.documents import Attempt, Issue, IssueCode, PageImage, Recognition, Severity, Usage
from deepocr_kit.errors import OverloadedError, ServiceError
from deepocr_kit.grounding import OcrTask

__all__ = ["RetryingBackend"]


class RetryingBackend(OcrBackend):
    """Repeats a page while its error is ``retryable``.

    The pause before try n+1 is drawn evenly from 0 to ``first_wait * 2**n``
    seconds (full jitter), at most ``longest_wait``; a server's
    ``Retry-After`` is waited for in full, plus that jitter. When the tries
    are used up, the last error is raised, with the text that had arrived.

    The answer's ``attempts`` tell of the failed tries, an issue ``RETRIED``
    says that there were some, and its usage counts all of them.

    Args:
        backend: Does the work; closed with this one.
        attempts: Tries in all, the first included.
        first_wait: Seconds.
        longest_wait: Seconds, for pauses that the server did not ask for.
        longest_retry_after: Seconds; a server that asks for more is not asked again.

    Raises:
        ValueError: ``attempts`` is below 1.
    """

    def __init__(
        self,
        backend: OcrBackend,
        *,
        attempts: int = 3,
        first_wait: float = 0.5,
        longest_wait: float = 20.0,
        longest_retry_after: float = 120.0,
    ) -> None:
        if attempts < 1:
            raise ValueError(f"attempts must be at least 1, got {attempts!r}")
        self.backend = backend
        self.concurrency = backend.concurrency
        self._attempts = attempts
        self._jitter = wait_random_exponential(multiplier=first_wait, max=longest_wait)
        self._longest_retry_after = longest_retry_after

    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Read one page, trying again when that may help."""
        failed: list[Attempt] = []
        async for attempt in self._tries():
            with attempt:
                start = anyio.current_time()
                try:
                    recognition = await self.backend.recognize(image, task=task)
                except ServiceError as error:
                    failed.append(_attempt(failed, error, anyio.current_time() - start))
                    raise
                return _with_attempts(recognition, failed)
        raise AssertionError("tenacity ends with a result or an error")  # pragma: no cover - for the type checker

    async def stream(
        self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT
    ) -> AsyncGenerator[RecognitionEvent, None]:
        """Read one page; a further try is announced by ``Restarted``, then everything comes anew."""
        failed: list[Attempt] = []
        async for attempt in self._tries():
            # not a with block: it would hold back the exception that closes this generator
            start = anyio.current_time()
            try:
                if failed:
                    yield Restarted(failed[-1])
                async with aclosing(self.backend.stream(image, task=task)) as events:
                    async for event in events:
                        yield _with_event_attempts(event, failed)
            except ServiceError as error:
                failed.append(_attempt(failed, error, anyio.current_time() - start))
                attempt.retry_state.set_exception((type(error), error, error.__traceback__))
            else:
                attempt.retry_state.set_result(None)

    async def aclose(self) -> None:
        """Close the wrapped backend. May be called twice."""
        await self.backend.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.backend!r}, attempts={self._attempts})"

    def _tries(self) -> AsyncRetrying:
        return AsyncRetrying(
            stop=stop_after_attempt(self._attempts),
            wait=self._wait,
            retry=retry_if_exception(self._is_worth_trying),
            sleep=anyio.sleep,
            reraise=True,
        )

    def _is_worth_trying(self, error: BaseException) -> bool:
        return (
            isinstance(error, ServiceError)
            and error.retryable
            and (_retry_after(error) or 0.0) <= self._longest_retry_after
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        return self._jitter(state) + (_retry_after(error) or 0.0)


def _retry_after(error: BaseException | None) -> float | None:
    return error.retry_after if isinstance(error, OverloadedError) else None


def _attempt(failed: list[Attempt], error: ServiceError, seconds: float) -> Attempt:
    return Attempt(number=len(failed) + 1, error=type(error).__name__, message=error.message, seconds=seconds)


def _with_event_attempts(event: RecognitionEvent, failed: list[Attempt]) -> RecognitionEvent:
    if isinstance(event, RecognitionDone):
        return RecognitionDone(_with_attempts(event.recognition, failed))
    return event


def _with_attempts(recognition: Recognition, failed: list[Attempt]) -> Recognition:
    if not failed:
        return recognition
    issue = Issue(
        code=IssueCode.RETRIED,
        severity=Severity.INFO,
        message=f"read at try {len(failed) + 1}; before: {', '.join(attempt.error for attempt in failed)}",
    )
    lost = Usage(requests=len(failed), seconds=sum(attempt.seconds for attempt in failed))
    return recognition.model_copy(
        update={
            "attempts": (*failed, *recognition.attempts),
            "issues": (*recognition.issues, issue),
            "usage": recognition.usage + lost,
        }
    )
