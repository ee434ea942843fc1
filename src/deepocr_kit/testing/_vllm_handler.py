"""How the vLLM-shaped server answers one request."""

from __future__ import annotations

import json
import re
import secrets
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from deepocr_kit.testing._loopback import ClientGoneError, LoopbackHandler
from deepocr_kit.testing._vllm_checks import late_problem, problem_of
from deepocr_kit.testing.vllm_faults import PATH_NOT_FOUND, UNAUTHORIZED, error_body
from deepocr_kit.testing.vllm_script import Answer, Cut, Hang, HttpFault, RawEvent, RecordedRequest, StreamError

if TYPE_CHECKING:
    from deepocr_kit.testing.vllm_server import VllmServer

__all__ = ["VllmHandler"]

_SSE = "text/event-stream; charset=utf-8"
_FINGERPRINT = "vllm-0.33.0-04a194a0"


class VllmHandler(LoopbackHandler):
    """One connection of a ``VllmServer``."""

    owner: ClassVar[VllmServer]

    def do_GET(self) -> None:  # noqa: N802 - http.server calls it by this name
        """Models, health, metrics and version."""
        request = self._record(None)
        match self.path:
            case "/health":
                self.send_body(200 if self.owner.healthy else 503, b"", {})
            case "/version":
                self.send_json(200, {"version": "0.33.0"})
            case "/metrics":
                text = self.owner.metrics_text().encode()
                self.send_body(200, text, {"content-type": "text/plain; version=1.0.0; charset=utf-8"})
            case _ if self.path.startswith("/v1") and not request.authorized:
                self._send_fault(UNAUTHORIZED)
            case "/v1/models":
                self.send_json(200, self.owner.models_body())
            case "/v1/chat/completions":
                self.send_json(405, {"detail": "Method Not Allowed"}, {"allow": "POST"})
            case _:
                self._send_fault(PATH_NOT_FOUND)

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it by this name
        """Completions."""
        raw = self.read_body()
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        request = self._record(body)
        if self.path.startswith("/v1") and not request.authorized:
            return self._send_fault(UNAUTHORIZED)
        if self.path == "/v1/chat/completions/":
            return self.send_body(307, b"", {"location": f"{self.owner.base_url}/chat/completions"})
        if self.path != "/v1/chat/completions":
            return self._send_fault(PATH_NOT_FOUND)
        problem = problem_of(body, self.headers.get("Content-Type", ""), self.owner)
        if problem is not None:
            return self._send_fault(problem)
        self.owner.count_running(1)
        try:
            return self._complete(request)
        except (ClientGoneError, OSError):
            self.close_connection = True
            return self.owner.record_disconnect(request)
        finally:
            self.owner.count_running(-1)

    def _record(self, body: Any) -> RecordedRequest:
        headers = {name.lower(): value for name, value in self.headers.items()}
        scheme, _, key = headers.pop("authorization", "").partition(" ")
        right = self.owner.api_key is None or (scheme.lower() == "bearer" and key == self.owner.api_key)
        request = RecordedRequest(self.command, self.path, headers, body, right)
        self.owner.record(request)
        return request

    def _complete(self, request: RecordedRequest) -> None:
        reply = self.owner.reply_to(request)
        if isinstance(reply, HttpFault):
            return self._send_fault(reply)
        late = late_problem(request.body)
        if late is not None:
            reply = Answer(ending=late)
        if request.body.get("stream"):
            return _Stream(self, request, reply).run()
        return self._send_whole(request, reply)

    def _send_fault(self, fault: HttpFault) -> None:
        body = fault.body
        if isinstance(body, str):
            body = body.encode()
        if not isinstance(body, bytes):
            body = json.dumps(body, separators=(",", ":")).encode()
        self.send_body(fault.status, body, {"content-type": fault.content_type, **fault.headers})
        if fault.closes_silently:
            self.close_connection = True

    def _send_whole(self, request: RecordedRequest, answer: Answer) -> None:
        pieces = split_answer(answer, request, self.owner.special_tokens)
        self.pause(answer.first_token_delay + answer.token_delay * len(pieces))
        match answer.ending:
            case StreamError() as error:
                status = HTTPStatus(error.code)
                return self._send_fault(HttpFault(status, error_body(status, error.message, error.type)))
            case Hang():
                self.pause(None)
            case Cut():
                return self.reset_connection()
            case RawEvent() as raw:
                return self.send_body(200, raw.data, {"content-type": "application/json"})
        return self.send_json(200, _whole_body(self.owner.model, request, answer, pieces))


class _Stream:
    """One answer in events."""

    def __init__(self, handler: VllmHandler, request: RecordedRequest, answer: Answer) -> None:
        self._handler = handler
        self._request = request
        self._answer = answer
        self._head = {
            "id": _completion_id(request),
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": handler.owner.model,
        }
        self._chunked = not (isinstance(answer.ending, Cut) and answer.ending.how == "close")

    def run(self) -> None:
        """Write the whole stream."""
        answer, handler = self._answer, self._handler
        if self._chunked:
            handler.start_chunks(_SSE)
        else:
            handler.start_until_close(_SSE)
        handler.pause(answer.first_token_delay)
        pieces = split_answer(answer, self._request, handler.owner.special_tokens)
        if pieces or not _ends_before_any_token(answer):
            self._event([self._choice({"role": "assistant", "content": ""})], prompt_token_ids=None, prompt_text=None)
        for piece in pieces:
            self._event([self._choice({"content": piece}, token_ids=None)], kv_transfer_params=None)
            handler.pause(answer.token_delay)
        if self._break_off():
            return
        self._finish(len(pieces))

    def _break_off(self) -> bool:
        """Do what stands in place of a normal finish; False when the answer goes on."""
        handler = self._handler
        match self._answer.ending:
            case StreamError() as error:
                self._data(error_body(error.code, error.message, error.type))
                self._write(b"data: [DONE]\n\n")
                handler.send_chunk(b"")
            case Cut(how="reset"):
                handler.pause(0.05)  # lets the client read what came before the reset
                handler.reset_connection()
            case Cut():
                handler.cut_connection()
            case Hang() as hang:
                while True:
                    handler.pause(hang.keep_alive)
                    self._write(b": keep-alive\n\n")
            case RawEvent() as raw:
                self._write(raw.data)
                return False
            case _:
                return False
        return True

    def _finish(self, pieces: int) -> None:
        answer = self._answer
        # an aborted answer's last event has no text, not even an empty one
        delta = {} if answer.finish_reason == "abort" else {"content": ""}
        end = self._choice(
            delta, finish_reason=answer.finish_reason, stop_reason=None, token_ids=None, weight_versions=None
        )
        if (self._request.body.get("stream_options") or {}).get("include_usage"):
            self._event([end], kv_transfer_params=None)
            self._event([], usage=_usage(answer, pieces), system_fingerprint=_FINGERPRINT)
        else:
            self._event([end], kv_transfer_params=None, system_fingerprint=_FINGERPRINT)
        self._write(b"data: [DONE]\n\n")
        self._handler.send_chunk(b"")

    def _choice(self, delta: dict[str, str], **further: Any) -> dict[str, Any]:
        return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None} | further

    def _event(self, choices: list[dict[str, Any]], **further: Any) -> None:
        self._data(self._head | {"choices": choices} | further)

    def _data(self, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._write(f"data: {text}\n\n".encode())

    def _write(self, data: bytes) -> None:
        if self._chunked:
            self._handler.send_chunk(data)
        else:
            self._handler.wfile.write(data)


def _ends_before_any_token(answer: Answer) -> bool:
    """Whether the role event, which comes with the first token, stays out: a queue, a late check, admission control."""
    ending = answer.ending
    return isinstance(ending, Hang) or (
        isinstance(ending, StreamError) and ending.code != HTTPStatus.INTERNAL_SERVER_ERROR
    )


def split_answer(answer: Answer, request: RecordedRequest, special_tokens: tuple[str, ...]) -> list[str]:
    """The contents of the events; a hidden special token leaves an empty one, as with the real server."""
    hides = request.body.get("skip_special_tokens", True) is not False and special_tokens
    if not hides:
        return _cut(answer.text, answer.chunk_size)
    pieces: list[str] = []
    for part in re.split("(" + "|".join(map(re.escape, special_tokens)) + ")", answer.text):
        pieces += [""] if part in special_tokens else _cut(part, answer.chunk_size)
    return pieces


def _cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _completion_id(request: RecordedRequest) -> str:
    return f"chatcmpl-{request.headers.get('x-request-id') or secrets.token_hex(8)}"


def _usage(answer: Answer, pieces: int) -> dict[str, int]:
    completion = pieces + 1 if answer.completion_tokens is None else answer.completion_tokens
    return {
        "prompt_tokens": answer.prompt_tokens,
        "total_tokens": answer.prompt_tokens + completion,
        "completion_tokens": completion,
    }


def _whole_body(model: str, request: RecordedRequest, answer: Answer, pieces: list[str]) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(pieces), "refusal": None, "reasoning": None}
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": answer.finish_reason,
        "stop_reason": None,
        "token_ids": None,
    }
    return {
        "id": _completion_id(request),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [choice],
        "system_fingerprint": _FINGERPRINT,
        "usage": _usage(answer, len(pieces)) | {"prompt_tokens_details": None},
        "kv_transfer_params": None,
    }
