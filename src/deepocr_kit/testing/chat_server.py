"""A loopback server for chat completions, in the shape of vLLM, Ollama, LM Studio, llama.cpp, SGLang or OpenAI."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from deepocr_kit.testing._loopback import ClientGoneError, LoopbackHandler, LoopbackServer
from deepocr_kit.testing.chat_profiles import OPENAI, ChatProfile
from deepocr_kit.testing.vllm_faults import error_body
from deepocr_kit.testing.vllm_script import HttpFault, RecordedRequest

__all__ = ["ChatAnswer", "ChatServer"]

CHARS_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What the model says.

    Attributes:
        text: The answer; None for ``null``, as servers send it when all of it went into the reasoning.
        reasoning: The thinking part.
        finish_reason: ``stop``, ``length``, ``content_filter``, ...
        refusal: OpenAI's word for not answering.
        completion_tokens: For the usage.
        delay: Seconds to wait before answering.
    """

    text: str | None = ""
    reasoning: str | None = None
    finish_reason: str | None = "stop"
    refusal: str | None = None
    completion_tokens: int = 20
    delay: float = 0.0


ChatReply: TypeAlias = ChatAnswer | HttpFault


class _Handler(LoopbackHandler):
    """One connection of a ``ChatServer``."""

    owner: ClassVar[ChatServer]

    def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
        """A completion."""
        body = json.loads(self.read_body())
        headers = {name.lower(): value for name, value in self.headers.items()}
        authorized = headers.pop("authorization", "").startswith("Bearer ")
        request = RecordedRequest(self.command, self.path, headers, body, authorized)
        reply = self.owner.take(request)
        try:
            if isinstance(reply, HttpFault):
                return self._send_fault(reply)
            self.pause(reply.delay)
            return self.send_json(200, self.owner.body(request, reply))
        except (ClientGoneError, OSError):
            self.close_connection = True
            return None

    def _send_fault(self, fault: HttpFault) -> None:
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_body(fault.status, data, {"content-type": fault.content_type, **fault.headers}, version="server")


class ChatServer(LoopbackServer):
    """Answers ``POST /v1/chat/completions`` from a script, with one server's refusals and shapes.

    Use it as a context manager. A request that the profile refuses gets the refusal
    and takes nothing from the script. Answers are given in order; the last one repeats.

    Args:
        replies: The script.
        profile: From ``deepocr_kit.testing.chat_profiles``.
        context: Tokens of the model's context, at three characters each; a longer prompt gets the
            profile's error, or is cut without a word where the profile has none.

    Attributes:
        requests: Every request, in order of arrival, refused ones too.
    """

    def __init__(self, *replies: ChatReply, profile: ChatProfile = OPENAI, context: int = 1_000_000) -> None:
        super().__init__(_Handler)
        self.profile = profile
        self.context = context
        self.requests: list[RecordedRequest] = []
        self._script = deque(replies)
        self._lock = threading.Lock()

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes, ``http://127.0.0.1:PORT/v1``."""
        return f"{self.address}/v1"

    def script(self, *replies: ChatReply) -> None:
        """Start anew: another script, and no requests yet."""
        with self._lock:
            self._script = deque(replies)
            self.requests = []

    def take(self, request: RecordedRequest) -> ChatReply:
        """Record a request and choose its answer."""
        with self._lock:
            self.requests.append(request)
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            if not self._script:
                return HttpFault(400, error_body(400, "the script of this server is empty", "BadRequestError"))
            return self._script.popleft() if len(self._script) > 1 else self._script[0]

    def body(self, request: RecordedRequest, answer: ChatAnswer) -> dict[str, Any]:
        """A whole answer."""
        message: dict[str, Any] = {"role": "assistant", "content": answer.text}
        if answer.reasoning is not None:
            message[self.profile.reasoning_field] = answer.reasoning
        if answer.refusal is not None:
            message["refusal"] = answer.refusal
        tokens = _tokens(request)
        read = tokens if tokens <= self.context else self.profile.left(self.context)
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": (request.body or {}).get("model", ""),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish_reason}],
            "usage": {
                "prompt_tokens": read,
                "completion_tokens": answer.completion_tokens,
                "total_tokens": read + answer.completion_tokens,
            },
            **self.profile.further,
        }

    def _refusal(self, request: RecordedRequest) -> HttpFault | None:
        body, profile = request.body or {}, self.profile
        for name, fault in profile.refused_parameters.items():
            if name in body:
                return fault
        form = body.get("response_format") or {}
        strict = bool((form.get("json_schema") or {}).get("strict"))
        kind = "json_schema_strict" if strict else form.get("type", "")
        if kind in profile.refused_forms:
            return profile.refused_forms[kind]
        if strict and profile.checks_strict and (problem := next(_strict_problems(form["json_schema"]["schema"]), "")):
            return HttpFault(400, error_body(400, f"Invalid schema for response_format: {problem}", "invalid_request"))
        tokens = _tokens(request)
        return profile.overflow(tokens, self.context) if profile.overflow and tokens > self.context else None


def _tokens(request: RecordedRequest) -> int:
    return len(request.prompt) // CHARS_PER_TOKEN


def _strict_problems(schema: dict[str, Any]) -> Iterator[str]:
    """What OpenAI refuses in a strict schema."""
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            yield "'additionalProperties' is required to be supplied and to be false"
        if set(schema.get("required", ())) != set(properties):
            yield "'required' is required to be an array including every key in properties"
        for inner in properties.values():
            yield from _strict_problems(inner)
    elif schema.get("type") == "array":
        yield from _strict_problems(schema["items"])
