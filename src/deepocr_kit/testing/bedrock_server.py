"""A loopback server in the shape of Bedrock's Converse operation."""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast
from urllib.parse import unquote

import boto3
from botocore.config import Config

from deepocr_kit.revisers.bedrock import BedrockClient
from deepocr_kit.testing._loopback import ClientGoneError, LoopbackHandler, LoopbackServer

__all__ = ["BedrockAnswer", "BedrockRequest", "BedrockServer"]

ERROR_STATUS: Mapping[str, int] = {
    "AccessDeniedException": 403,
    "InternalServerException": 500,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 400,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}
"""HTTP status of every modelled error of Converse. Source: botocore's service model of ``bedrock-runtime``."""

MALFORMED_TOOL_TEXT = "<tools><__function=emit_fields><__parameter=total>9.00</__parameter></__function></tools>"
"""What Nova 2 Lite was seen to write instead of a tool call (vercel/ai issue 16926)."""


@dataclass(frozen=True, slots=True)
class BedrockRequest:
    """One request as the server saw it.

    Attributes:
        model: Model id or inference profile, percent-decoded.
        body: The Converse request.
        headers: Lower-case names; ``authorization`` is cut to its scheme.
    """

    model: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class BedrockAnswer:
    """One scripted answer; the class methods give the kinds that Bedrock gives.

    Attributes:
        body: Sent as JSON.
        status: HTTP status.
        error_type: Goes into ``x-amzn-ErrorType``.
        delay: Seconds to wait before answering.
        drop: Close the connection instead of answering.
        trickle: Seconds between the single bytes of the answer; None for all at once.
        raw: Sent as it is instead of ``body``.
    """

    body: Mapping[str, Any] | None = None
    status: int = 200
    error_type: str | None = None
    delay: float = 0.0
    drop: bool = False
    trickle: float | None = None
    raw: bytes | None = None

    @classmethod
    def tool(cls, fields: Mapping[str, Any], *, name: str = "emit_fields", before: str = "") -> BedrockAnswer:
        """A tool call with ``fields`` as its input, after an optional text block."""
        call = {"toolUse": {"toolUseId": f"tooluse_{uuid.uuid4().hex[:22]}", "name": name, "input": dict(fields)}}
        return cls(_converse([*([{"text": before}] if before else []), call], "tool_use"))

    @classmethod
    def text(cls, text: str, *, stop_reason: str = "end_turn") -> BedrockAnswer:
        """A text answer."""
        return cls(_converse([{"text": text}], stop_reason))

    @classmethod
    def malformed_tool_use(cls, text: str = MALFORMED_TOOL_TEXT) -> BedrockAnswer:
        """HTTP 200 with the model's private XML as text."""
        return cls.text(text, stop_reason="malformed_tool_use")

    @classmethod
    def guardrail(cls, text: str = "Sorry, the model cannot answer this question.") -> BedrockAnswer:
        """A guardrail stepped in."""
        return cls.text(text, stop_reason="guardrail_intervened")

    @classmethod
    def error(cls, error_type: str, message: str = "scripted", *, status: int | None = None) -> BedrockAnswer:
        """An error of Bedrock, e.g. ``ThrottlingException``."""
        return cls({"message": message}, status or ERROR_STATUS.get(error_type, 400), error_type)

    @classmethod
    def context_overflow(cls) -> BedrockAnswer:
        """The validation error that says that the prompt is too long."""
        return cls.error("ValidationException", "Input Tokens Exceeded: Number of input tokens exceeds maximum length.")

    @classmethod
    def slow(cls, seconds: float) -> BedrockAnswer:
        """An answer that comes after ``seconds``."""
        return cls(_converse([{"text": "late"}], "end_turn"), delay=seconds)

    @classmethod
    def trickling(cls, seconds: float) -> BedrockAnswer:
        """An answer that comes byte by byte with pauses of ``seconds``, so that no single wait is long."""
        return cls(_converse([{"text": "late"}], "end_turn"), trickle=seconds)

    @classmethod
    def dropped(cls) -> BedrockAnswer:
        """The connection closes without an answer."""
        return cls(drop=True)


def _converse(content: list[dict[str, Any]], stop_reason: str) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop_reason,
        "usage": {"inputTokens": 100, "outputTokens": 20, "totalTokens": 120},
        "metrics": {"latencyMs": 5},
    }


class _Handler(LoopbackHandler):
    """One connection of a ``BedrockServer``."""

    owner: ClassVar[BedrockServer]

    def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
        """Converse."""
        body = self.read_body()
        parts = self.path.split("/")
        if len(parts) != 4 or parts[1] != "model" or parts[3] != "converse":
            return self._send(BedrockAnswer.error("UnknownOperationException", self.path, status=404))
        headers = {name.lower(): value for name, value in self.headers.items()}
        headers["authorization"] = headers.get("authorization", "").split(" ")[0]
        answer = self.owner.take(BedrockRequest(unquote(parts[2]), json.loads(body), headers))
        try:
            self.pause(answer.delay)
            return self._send(answer)
        except (ClientGoneError, OSError):
            self.close_connection = True
            return None

    def _send(self, answer: BedrockAnswer) -> None:
        if answer.drop:
            return self.reset_connection()
        data = answer.raw if answer.raw is not None else json.dumps(answer.body).encode()
        headers = {"content-type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}
        if answer.error_type:
            headers["x-amzn-ErrorType"] = f"{answer.error_type}:http://internal.amazon.com/coral/com.amazon.bedrock/"
        if answer.trickle is not None:
            self.start_chunks("application/json")
            for byte in data:
                self.send_chunk(bytes([byte]))
                self.pause(answer.trickle)
            return self.send_chunk(b"")
        return self.send_body(answer.status, data, headers, version="Server")


class BedrockServer(LoopbackServer):
    """Answers ``POST /model/<id>/converse`` on loopback from a script.

    Use it as a context manager. Answers are given in order; the last one
    repeats. botocore's own validation of requests stays on, so a request that
    Bedrock's service model refuses never arrives here.

    When the environment has ``AWS_BEARER_TOKEN_BEDROCK``, botocore prefers it
    over any key and then refuses plain http (``InvalidEndpointConfigurationError``);
    ``client()`` asks for ``sigv4`` and is not affected. A client of your own
    needs ``Config(auth_scheme_preference="sigv4")`` or that variable unset.

    Args:
        answers: The script.

    Attributes:
        requests: Every request, in order of arrival.
    """

    def __init__(self, *answers: BedrockAnswer) -> None:
        super().__init__(_Handler)
        self.requests: list[BedrockRequest] = []
        self._clients: list[Any] = []
        self._script = deque(answers)
        self._lock = threading.Lock()

    def script(self, *answers: BedrockAnswer) -> None:
        """Start anew: another script, and no requests yet."""
        with self._lock:
            self._script = deque(answers)
            self.requests = []

    def client(self, *, read_timeout: float = 5.0, region: str = "us-east-1") -> BedrockClient:
        """A boto3 client for this server, with made-up credentials and one attempt per call; closed with the server.

        Args:
            read_timeout: Seconds to wait for an answer.
            region: Any; nothing leaves the machine.
        """
        session = boto3.session.Session(
            aws_access_key_id="testing", aws_secret_access_key="testing", region_name=region
        )
        options: dict[str, Any] = {
            "auth_scheme_preference": "sigv4",
            "retries": {"total_max_attempts": 1},
            "connect_timeout": 2.0,
            "read_timeout": read_timeout,
            "proxies": {},
        }
        client: Any = session.client("bedrock-runtime", endpoint_url=self.address, config=Config(**options))
        self._clients.append(client)
        return cast("BedrockClient", client)

    def stop(self) -> None:
        """Drop every connection, those of its clients too, and free the port; may be called twice."""
        for client in self._clients:
            client.close()
        self._clients = []
        super().stop()

    def take(self, request: BedrockRequest) -> BedrockAnswer:
        """Record a request and choose its answer."""
        with self._lock:
            self.requests.append(request)
            if not self._script:
                return BedrockAnswer.error("ValidationException", "the script of this server is empty")
            return self._script.popleft() if len(self._script) > 1 else self._script[0]
