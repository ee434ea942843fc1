"""A vLLM-shaped HTTP server on the loopback address, with scripted answers."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from deepocr_kit.testing._loopback import LoopbackServer
from deepocr_kit.testing._vllm_handler import VllmHandler
from deepocr_kit.testing.vllm_script import Answer, RecordedRequest, Reply

__all__ = ["DEFAULT_ANSWER", "SPECIAL_TOKENS", "VllmServer"]

DEFAULT_ANSWER = Answer(
    "<|ref|>title<|/ref|><|det|>[[120, 58, 871, 96]]<|/det|>\n# Invoice 17\n\n"
    "<|ref|>table<|/ref|><|det|>[[100, 300, 900, 600]]<|/det|>\n"
    "<table><tr><td>Item</td><td>Qty</td></tr><tr><td>茶</td><td>2</td></tr></table>\n"
)
"""What is answered when nothing was scripted."""

SPECIAL_TOKENS = (
    "<image>",
    "<|ref|>",
    "<|/ref|>",
    "<|det|>",
    "<|/det|>",
    "<|grounding|>",
    "<td>",
    "</td>",
    "<tr>",
    "</tr>",
)
"""DeepSeek-OCR's special tokens: a server hides them unless ``skip_special_tokens`` is false."""

Script: TypeAlias = Reply | Callable[[RecordedRequest], Reply]


class VllmServer(LoopbackServer):
    """Serves ``/v1/chat/completions``, ``/v1/models``, ``/health``, ``/metrics`` and ``/version`` like vLLM 0.33.0.

    Answers come from ``enqueue`` first, one per request, then from ``answer``.
    The shapes of answers and errors were recorded from a real server; the
    texts of a ``Bad Request`` differ between versions.

    Args:
        answer: What to say when the queue is empty: a reply, or a function from the request to one.
        api_key: The key that everything under ``/v1`` needs; None for an open server.
        model: The one name that is served.
        max_model_len: Reported by ``/v1/models``, and the limit of ``max_tokens``.
        accepts_list_xargs: False for an old server that refuses lists in ``vllm_xargs``.
        special_tokens: Taken out of texts unless the request says otherwise.

    Attributes:
        requests: Every request, in order of arrival.
        healthy: What ``/health`` says; set it False for a dead engine.
        running: Completions that are being answered now.
        peak_running: The most there ever were at once.
    """

    def __init__(
        self,
        answer: Script = DEFAULT_ANSWER,
        *,
        api_key: str | None = "test-key",
        model: str = "deepseek-ai/DeepSeek-OCR",
        max_model_len: int = 8192,
        accepts_list_xargs: bool = True,
        special_tokens: tuple[str, ...] = SPECIAL_TOKENS,
    ) -> None:
        super().__init__(VllmHandler)
        self.answer = answer
        self.api_key = api_key
        self.model = model
        self.max_model_len = max_model_len
        self.accepts_list_xargs = accepts_list_xargs
        self.special_tokens = special_tokens
        self.requests: list[RecordedRequest] = []
        self.healthy = True
        self.running = 0
        self.peak_running = 0
        self._queue: deque[Reply] = deque()
        self._changed = threading.Condition()

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes, ``http://127.0.0.1:PORT/v1``."""
        return f"{self.address}/v1"

    @property
    def completions(self) -> tuple[RecordedRequest, ...]:
        """The requests for a completion."""
        return tuple(request for request in self.requests if request.path.endswith("/chat/completions"))

    def enqueue(self, *replies: Reply) -> None:
        """Answer the next completions with these, in order."""
        self._queue.extend(replies)

    def reply_to(self, request: RecordedRequest) -> Reply:
        """The reply that is next in turn."""
        with self._changed:
            if self._queue:
                return self._queue.popleft()
        return self.answer(request) if callable(self.answer) else self.answer

    def wait_for_disconnect(self, count: int = 1, *, seconds: float = 5.0) -> bool:
        """Wait until ``count`` clients have left early; False when that does not happen in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: sum(request.disconnected for request in self.requests) >= count, timeout=seconds
            )

    def wait_for_requests(self, count: int = 1, *, seconds: float = 5.0) -> bool:
        """Wait until ``count`` completions have been asked for; False when that does not happen in time."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.completions) >= count, timeout=seconds)

    def wait_until_idle(self, *, seconds: float = 5.0) -> bool:
        """Wait until no completion runs; False when that does not happen in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.running == 0, timeout=seconds)

    def record(self, request: RecordedRequest) -> None:
        """Keep a request."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()

    def record_disconnect(self, request: RecordedRequest) -> None:
        """Note that the client left early."""
        with self._changed:
            request.disconnected = True
            self._changed.notify_all()

    def count_running(self, change: int) -> None:
        """Note that a completion began (1) or ended (-1)."""
        with self._changed:
            self.running += change
            self.peak_running = max(self.peak_running, self.running)
            self._changed.notify_all()

    def models_body(self) -> dict[str, object]:
        """The answer of ``/v1/models``."""
        entry = {
            "id": self.model,
            "object": "model",
            "created": int(time.time()),
            "owned_by": "vllm",
            "root": self.model,
            "parent": None,
            "max_model_len": self.max_model_len,
            "permission": [],
        }
        return {"object": "list", "data": [entry]}

    def metrics_text(self) -> str:
        """The answer of ``/metrics``, the lines that a client looks at."""
        labels = f'{{engine="0",model_name={json.dumps(self.model)}}}'
        return (
            "# HELP vllm:num_requests_running Number of requests in model execution batches.\n"
            "# TYPE vllm:num_requests_running gauge\n"
            f"vllm:num_requests_running{labels} {float(self.running)}\n"
            f"vllm:num_requests_waiting{labels} 0.0\n"
            f"vllm:kv_cache_usage_perc{labels} 0.0\n"
        )
