"""An event loop in a thread of its own, for blocking callers.

A blocking face must work inside a running loop (a notebook) and must keep
one loop for its whole life, because connection pools belong to the loop that
made them. So the loop runs in a daemon thread until it is stopped.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from deepocr_kit.errors import ClosedError

__all__ = ["LoopThread"]

_R = TypeVar("_R")


class LoopThread:
    """Runs coroutines on one event loop in one daemon thread, started on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False

    def call(self, coroutine: Coroutine[Any, Any, _R]) -> _R:
        """Run a coroutine there and wait for it; an interrupt of the caller cancels it.

        Raises:
            ClosedError: The thread was stopped.
        """
        try:
            loop = self._started()
        except ClosedError:
            coroutine.close()
            raise
        future: Future[_R] = asyncio.run_coroutine_threadsafe(coroutine, loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def stop(self) -> None:
        """End the loop and the thread. May be called twice, from any thread."""
        with self._lock:
            self._stopped = True
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            if thread is not threading.current_thread():
                thread.join()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._stopped:
                raise ClosedError("the pipeline is closed; make a new one")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name="deepocr-loop", daemon=True)
                self._thread.start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
