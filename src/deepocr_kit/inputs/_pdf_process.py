"""Starts, asks and ends the process that renders PDF pages."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from deepocr_kit.inputs import _pdf_worker

__all__ = ["PdfProcess", "PdfProcessDiedError"]

_END_SECONDS = 2.0
"""How long an idle worker gets to end by itself."""


class PdfProcessDiedError(Exception):
    """The process ended, was ended, or talks nonsense.

    Attributes:
        reason: In words, without a full stop.
        limit: Name of the ``InputPolicy`` field that it ran into, when that is known.
    """

    def __init__(self, reason: str, *, limit: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


class PdfProcess:
    """One worker process. ``ask`` is for one thread at a time; ``kill`` may come from any.

    Raises:
        PdfProcessDiedError: It cannot be started.
    """

    def __init__(self) -> None:
        # -I: no PYTHON* variables, no script folder, no user site; the import path is sent over.
        # Its own session: a Ctrl-C in the terminal is for the caller to handle, not for the worker.
        command = [sys.executable, "-I", str(Path(_pdf_worker.__file__))]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError):
            raise PdfProcessDiedError("the process that renders PDF pages cannot be started") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests: BinaryIO = self._process.stdin  # type: ignore[assignment]  # IO[bytes] is a BinaryIO here
        self._answers: BinaryIO = self._process.stdout  # type: ignore[assignment]  # IO[bytes] is a BinaryIO here

    def ask(
        self, header: dict[str, Any], payload: bytes = b"", *, wall_seconds: float, answer_max: int
    ) -> tuple[dict[str, Any], bytes]:
        """Send one request and wait for its answer.

        Args:
            header: Goes as JSON.
            payload: Goes as it is.
            wall_seconds: After this time the process is killed.
            answer_max: Largest payload that is taken back, in bytes.

        Raises:
            PdfProcessDiedError: No answer; the process is gone.
        """
        timed_out = threading.Event()

        def end() -> None:
            timed_out.set()
            self._process.kill()

        timer = threading.Timer(wall_seconds, end)
        timer.daemon = True
        timer.start()
        try:
            _pdf_worker.write_message(self._requests, header, payload)
            return _pdf_worker.read_message(self._answers, payload_max=answer_max)
        except (EOFError, OSError, ValueError):
            self.close()  # waits a moment, so that the process's own end is told from being killed
            if timed_out.is_set():
                raise PdfProcessDiedError("rendering took too long", limit="pdf_wall_seconds") from None
            raise self._explain_death() from None
        finally:
            timer.cancel()

    def _explain_death(self) -> PdfProcessDiedError:
        code = self._process.returncode
        if code == -getattr(signal, "SIGXCPU", 0):
            return PdfProcessDiedError("rendering needed too much CPU time", limit="pdf_cpu_seconds")
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return PdfProcessDiedError(f"the process that renders PDF pages was ended {how}")

    def kill(self) -> None:
        """End it at once. May be called twice."""
        self._process.kill()
        self._process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):  # what was not sent to a dead process
                pipe.close()

    def close(self) -> None:
        """Let it end by itself, or kill it. May be called twice."""
        self._close_pipes()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self.kill()
