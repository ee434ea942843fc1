"""Revises with a model of Amazon Bedrock, Nova 2 Lite by default."""

from __future__ import annotations

import math
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, Literal, Protocol, TypeAlias, Unpack, cast

import anyio
import anyio.to_thread
import boto3
from botocore.config import Config

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage
from deepocr_kit.errors import (
    ClosedError,
    MalformedAnswerError,
    RequestRejectedError,
    ServiceError,
    ServiceTimeoutError,
)
from deepocr_kit.revisers._bedrock_answers import (
    TOOL_NAME,
    converse_completion,
    converse_text,
    converse_usage,
    stop_reason,
)
from deepocr_kit.revisers._bedrock_errors import MODEL_ERROR, SERVICE, translate_boto_error
from deepocr_kit.revisers._completion import Completion, CompletionRequest
from deepocr_kit.revisers.base import Exchange
from deepocr_kit.revisers.llm import LlmOptions, LlmReviser
from deepocr_kit.revisers.wire import JsonObject

__all__ = ["NOVA_2_LITE", "BedrockClient", "BedrockMode", "BedrockReviser"]

NOVA_2_LITE = "us.amazon.nova-2-lite-v1:0"
"""Nova 2 Lite through the inference profile of the US; others begin with ``eu.``, ``jp.``, ``apac.``, ``global.``."""

BedrockMode: TypeAlias = Literal["auto", "tool", "prefill"]
"""How the form of the answer is asked for; ``auto`` is a forced tool call, and the prefill when that fails twice."""

_MALFORMED = frozenset({"malformed_tool_use", "malformed_model_output"})
_FENCE = "```"
_WAY_REFUSED: Mapping[str, re.Pattern[str]] = {
    "tool": re.compile(r"support.{0,40}\btool|toolChoice|input_?schema", re.IGNORECASE),
    "prefill": re.compile(r"prefill|must end with a user message", re.IGNORECASE),
}
"""Words of a ``ValidationException`` of models that know no tools, no forced tool, not the tool's schema (Claude
wants property names in ASCII), or no prefilled answer."""


class BedrockClient(Protocol):
    """The one operation that is used of boto3's ``bedrock-runtime`` client."""

    def converse(self, **request: Any) -> Mapping[str, Any]:
        """Ask a model."""


class BedrockReviser(LlmReviser):
    """A model of Bedrock, through the Converse operation and a forced tool call.

    One boto3 client serves all documents from worker threads. botocore makes one
    attempt per call (left alone it sends a request again after a read timeout, and
    both are paid for); retries are the ``retry`` policy's. When the model twice
    writes something that is no tool call, the question is put once more with a
    prefilled answer. Other models may refuse a forced tool or a prefilled answer; then
    the next way is taken, with the prompt alone as the last one, and remembered.

    Args:
        model: Model id or inference profile.
        region: None lets boto3 look it up.
        client: A boto3 client of your own, e.g. with an assumed role; then
            ``region``, ``endpoint_url`` and the timeouts are not used.
        endpoint_url: Another endpoint, e.g. a VPC endpoint.
        mode: How the form is asked for.
        family: Whether the model is a Nova, which takes ``topK``; None looks at its id, and an ARN hides it.
        concurrency: How many calls run at once; also the size of the connection pool.
        connect_timeout: Seconds.
        read_timeout: Seconds for one whole answer.
        options: The keyword arguments of ``LlmReviser``. Bedrock reserves quota for all of ``max_tokens`` when a
            request starts.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, each with a default
        self,
        model: str = NOVA_2_LITE,
        *,
        region: str | None = None,
        client: BedrockClient | None = None,
        endpoint_url: str | None = None,
        mode: BedrockMode = "auto",
        family: Literal["nova", "other"] | None = None,
        concurrency: int = 8,
        connect_timeout: float = 10.0,
        read_timeout: float = 120.0,
        **options: Unpack[LlmOptions],
    ) -> None:
        super().__init__(**options)
        if mode not in {"auto", "tool", "prefill"}:
            raise ValueError(f"mode must be 'auto', 'tool' or 'prefill', got {mode!r}")
        if concurrency < 1:
            raise ValueError(f"concurrency must be at least 1, got {concurrency!r}")
        if not model:
            raise ValueError(f"model must be an id or an inference profile, got {model!r}")
        if family not in {None, "nova", "other"}:
            raise ValueError(f"family must be 'nova', 'other' or None, got {family!r}")
        if not (0 < connect_timeout < math.inf and 0 < read_timeout < math.inf):
            raise ValueError(f"timeouts must be seconds above 0, got {connect_timeout!r} and {read_timeout!r}")
        if client is not None and not hasattr(client, "converse"):
            raise TypeError(f"client must be one of boto3 for 'bedrock-runtime', got {client!r}")
        self.model = model
        self.mode: BedrockMode = mode
        self.family = family or ("nova" if "amazon.nova" in model else "other")
        self._region = region
        self._endpoint_url = endpoint_url
        self._timeouts = (connect_timeout, read_timeout) if client is None else _timeouts_of(client)
        self._concurrency = concurrency
        self._limiter: anyio.CapacityLimiter | None = None
        self._client = client
        self._owns_client = client is None
        self._lock = threading.Lock()
        self._closed = False
        self._refused: set[str] = set()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(model={self.model!r}, region={self._region!r}, mode={self.mode!r})"

    async def aclose(self) -> None:
        """Close the connections of a client that was built here. May be called twice."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None and self._owns_client:
            cast("Any", client).close()

    async def complete(self, request: CompletionRequest) -> Completion:
        """Ask the model once, or until it writes something that can be read.

        Raises:
            ServiceError: No answer.
            ClosedError: After ``aclose``.
        """
        ways = deque(self._ways())
        usage, issues, earlier = Usage(), list[Issue](), list[Exchange]()
        failure: ServiceError | None = None
        while ways:
            way = ways.popleft()
            start = monotonic()
            try:
                body = await self._converse(self._request(request, way))
            except ServiceError as error:
                if self._is_refusal(error, way):
                    self._refused.add(way)
                    issues.append(_way_refused(way))
                    ways = deque(self._ways())
                elif error.code != MODEL_ERROR:
                    raise
                usage += Usage(requests=1, seconds=monotonic() - start)
                earlier.append(Exchange(request=request.user, response=error.message, method=way))
                failure = error
                continue
            usage += converse_usage(body, monotonic() - start)
            stop = stop_reason(body)
            if stop not in _MALFORMED:
                completion = converse_completion(body, way, self.model)
                return replace(completion, usage=usage, issues=tuple(issues), earlier=tuple(earlier))
            text = converse_text(body)
            issues.append(_malformed(way))
            earlier.append(Exchange(request=request.user, response=text, method=way))
            failure = MalformedAnswerError(f"the model wrote no tool call ({stop})", service=SERVICE, code=str(stop))
        raise failure or MalformedAnswerError("the model gave no answer", service=SERVICE)

    def _ways(self) -> tuple[str, ...]:
        """How the form is asked for, one after the other, without what the model is known to refuse."""
        if self.mode != "auto":
            return ("tool", "tool") if self.mode == "tool" else ("prefill",)
        last = "prompt" if "prefill" in self._refused else "prefill"
        return (last,) if "tool" in self._refused else ("tool", "tool", last)

    def _is_refusal(self, error: ServiceError, way: str) -> bool:
        """Whether the model cannot be asked this way at all, as models other than Nova say of tools or prefills."""
        pattern = _WAY_REFUSED.get(way)
        if self.mode != "auto" or pattern is None or type(error) is not RequestRejectedError:
            return False
        return pattern.search(error.message) is not None

    def _request(self, request: CompletionRequest, way: str) -> JsonObject:
        # pictures stand before the text that speaks of them, as Nova's guide asks
        pictures = [
            {"image": {"format": image.media_type.removeprefix("image/"), "source": {"bytes": image.data}}}
            for image in request.images
        ]
        messages: list[JsonObject] = [{"role": "user", "content": [*pictures, {"text": request.user}]}]
        inference: JsonObject = {"maxTokens": request.max_tokens, "temperature": 0}
        body: JsonObject = {
            "modelId": self.model,
            "system": [{"text": request.system}],
            "messages": messages,
            "inferenceConfig": inference,
        }
        if self.family == "nova":
            body["additionalModelRequestFields"] = {"inferenceConfig": {"topK": 1}}
        if way == "prefill":
            messages.append({"role": "assistant", "content": [{"text": f"{_FENCE}json"}]})
            inference["stopSequences"] = [_FENCE]
        if way != "tool":
            return body
        tool = {
            "name": TOOL_NAME,
            "description": "Give the fields of the document.",
            "inputSchema": {"json": request.wire_schema},
        }
        body["toolConfig"] = {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": TOOL_NAME}}}
        return body

    async def _converse(self, body: JsonObject) -> Mapping[str, Any]:
        if self._closed:
            raise ClosedError(f"{self!r} is closed")
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._concurrency)
        connect, read = self._timeouts
        # botocore's own clock starts anew with every byte; a client of one's own keeps its own clocks
        limit = connect + read if self._owns_client else math.inf
        async with self._limiter:
            with anyio.move_on_after(limit):
                # a place of its own: the thread of an abandoned call may still be busy
                place = anyio.CapacityLimiter(1)
                return await anyio.to_thread.run_sync(
                    self._converse_blocking, body, limiter=place, abandon_on_cancel=True
                )
        message = f"the answer took longer than {limit:g} s; raise read_timeout for long documents"
        raise ServiceTimeoutError(message, clock="total", seconds=limit, service=SERVICE, retryable=False)

    def _converse_blocking(self, body: JsonObject) -> Mapping[str, Any]:
        connect, read = self._timeouts
        try:
            client = self._shared_client()
        except ValueError as error:
            raise RequestRejectedError(f"botocore refuses endpoint_url: {error}", service=SERVICE) from None
        except Exception as error:  # noqa: BLE001 - botocore raises many unrelated classes; translated
            raise translate_boto_error(error, read_timeout=read, connect_timeout=connect) from None
        try:
            return client.converse(**body)
        except Exception as error:  # noqa: BLE001 - botocore raises many classes for broken answers
            raise translate_boto_error(error, read_timeout=read, connect_timeout=connect) from None

    def _shared_client(self) -> BedrockClient:
        """The one client; building it costs 15 ms and a connection pool, and it may be used by all threads."""
        with self._lock:
            if self._client is None:
                connect, read = self._timeouts
                config = Config(
                    retries={"total_max_attempts": 1},
                    connect_timeout=connect,
                    read_timeout=read,
                    max_pool_connections=self._concurrency,
                )
                session = boto3.session.Session(region_name=self._region)
                built = session.client("bedrock-runtime", endpoint_url=self._endpoint_url, config=config)
                self._client = cast("BedrockClient", built)
            return self._client


def _timeouts_of(client: BedrockClient) -> tuple[float, float]:
    """The clocks of a client of the caller's own, for the errors that they ran out; botocore's when it has none."""
    config = getattr(getattr(client, "meta", None), "config", None)
    limits = (getattr(config, "connect_timeout", None), getattr(config, "read_timeout", None))
    connect, read = (limit if isinstance(limit, int | float) else 60.0 for limit in limits)
    return connect, read


def _way_refused(way: str) -> Issue:
    return Issue(
        code=IssueCode.FORMAT_NOT_ENFORCED,
        severity=Severity.INFO,
        message=f"the model refuses a {way}; the answer's form is asked for less strictly from now on",
    )


def _malformed(way: str) -> Issue:
    return Issue(
        code=IssueCode.ANSWER_REPAIRED,
        severity=Severity.INFO,
        message=f"the model wrote something that is no {way} call; it was asked again",
    )
