"""Revises with any model behind an OpenAI-compatible API."""

from __future__ import annotations

import json
import math
import re
from base64 import b64encode
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, TypeAlias, Unpack
from urllib.parse import urlsplit

from pydantic import SecretStr

from deepocr_kit.documents import Issue, IssueCode, Severity, Usage
from deepocr_kit.errors import (
    AuthenticationError,
    ContextLengthError,
    MalformedAnswerError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceError,
)
from deepocr_kit.revisers._chat_answers import completion_of
from deepocr_kit.revisers._completion import Completion, CompletionRequest
from deepocr_kit.revisers.llm import LlmOptions, LlmReviser
from deepocr_kit.revisers.wire import JsonObject, strict_schema
from deepocr_kit.services import Clocks, OpenAIService, Timeouts

__all__ = ["AnswerMode", "OpenAIReviser"]

AnswerMode: TypeAlias = Literal["auto", "strict", "json_schema", "json_object", "prompt"]
"""How the form of the answer is asked for; ``auto`` tries them in this order."""


class _Rung(StrEnum):
    STRICT = "json_schema_strict"
    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PROMPT = "prompt"


_RUNGS: Mapping[AnswerMode, tuple[_Rung, ...]] = {
    "auto": tuple(_Rung),
    "strict": (_Rung.STRICT,),
    "json_schema": (_Rung.SCHEMA,),
    "json_object": (_Rung.OBJECT,),
    "prompt": (_Rung.PROMPT,),
}

_FORM_REFUSED = re.compile(
    r"response_format|json_schema|json_object|schema|grammar|strict|not support|unsupported", re.I
)
"""Words of servers that cannot do the asked form: vLLM with xgrammar, LM Studio, llama.cpp, Ollama."""

_PARAMETER_REFUSED = re.compile(r"['\"`](max_tokens|temperature)['\"`]", re.I)
"""How OpenAI names a parameter that its reasoning models refuse."""

BODY_MAX_CHARS = 16 << 20
"""A longer answer is not read to its end; the text in it may have ``ANSWER_MAX_CHARS``, each written as an escape."""

_OPENAI_HOST = "api.openai.com"


@dataclass(slots=True)
class _Habits:
    """What was learned about a server; one reviser talks to one model of one server."""

    rung: int = 0
    token_parameter: str = "max_tokens"
    sends_temperature: bool = True


class OpenAIReviser(LlmReviser):
    """Any model behind ``chat/completions``: vLLM, SGLang, Ollama, LM Studio, llama.cpp, OpenAI, Nova.

    With ``mode="auto"`` the answer's form is asked for as strictly as the server allows:
    a strict JSON Schema, a plain one, a JSON object, the prompt alone. What a
    server refuses is not tried again by the same instance. The thinking part of an
    answer is never taken for the answer.

    Args:
        base_url: Up to and with ``/v1``.
        model: As the server names it.
        api_key: None reads ``OPENAI_API_KEY`` as the SDK does; servers without keys need none.
        mode: How the form is asked for.
        timeout: Seconds for one whole answer.
        extra_body: Further parameters for the server, e.g.
            ``{"chat_template_kwargs": {"enable_thinking": False}}`` for vLLM and SGLang.
        headers: Sent with every request, for gateways.
        options: The keyword arguments of ``LlmReviser``.

    Raises:
        ValueError: An argument makes no sense, or the URL holds a password.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, each with a default
        self,
        base_url: str,
        model: str,
        *,
        api_key: SecretStr | str | None = None,
        mode: AnswerMode = "auto",
        timeout: float = 180.0,
        extra_body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Unpack[LlmOptions],
    ) -> None:
        super().__init__(**options)
        if mode not in _RUNGS:
            raise ValueError(f"mode must be one of {', '.join(_RUNGS)}, got {mode!r}")
        if not model:
            raise ValueError(f"model must be the name of one, got {model!r}")
        if not 0 < timeout < math.inf:
            raise ValueError(f"timeout must be seconds above 0, got {timeout!r}")
        self.model = model
        self.mode: AnswerMode = mode
        self._timeouts = Timeouts(first_token=timeout, total=timeout)
        self._extra_body = _json_object(extra_body or {})
        self._service = OpenAIService(base_url, api_key=api_key, headers=headers, name="reviser")
        self._habits = _Habits()
        if urlsplit(base_url).hostname == _OPENAI_HOST:
            self._habits.token_parameter = "max_completion_tokens"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._service!r}, model={self.model!r}, mode={self.mode!r})"

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self._service.aclose()

    async def complete(self, request: CompletionRequest) -> Completion:
        """Ask the model once; a form that the server refuses is asked for less strictly.

        Raises:
            ServiceError: No answer.
            ClosedError: After ``aclose``.
        """
        issues: list[Issue] = []
        rungs = _RUNGS[self.mode]
        while True:
            rung = rungs[self._habits.rung]
            try:
                body = await self._post(request, rung)
            except ServiceError as error:
                issue = self._adapt(error, rung, is_last=rung is rungs[-1])
                if issue is None:
                    raise
                issues.append(issue)
            else:
                constrained = rung is not _Rung.PROMPT
                answer = completion_of(body, rung.value, tuple(issues), self._service.clean, constrained=constrained)
                # what the server refused was asked, too
                return replace(answer, usage=answer.usage + Usage(requests=len(issues)))

    def _adapt(self, error: ServiceError, rung: _Rung, *, is_last: bool) -> Issue | None:
        """Change a habit that the server refuses; None when the error is about something else."""
        if not _is_about_request(error):
            return None
        parameter = _PARAMETER_REFUSED.search(error.message)
        if parameter and parameter[1] == "max_tokens" and self._habits.token_parameter == "max_tokens":
            self._habits.token_parameter = "max_completion_tokens"
            return _refused("the server refuses max_tokens; max_completion_tokens is sent instead")
        if parameter and parameter[1] == "temperature" and self._habits.sends_temperature:
            self._habits.sends_temperature = False
            return _refused("the server refuses a temperature; none is sent")
        if is_last or rung is _Rung.PROMPT or not _FORM_REFUSED.search(error.message):
            return None
        self._habits.rung = list(_Rung).index(rung) + 1
        return Issue(
            code=IssueCode.FORMAT_NOT_ENFORCED,
            severity=Severity.INFO,
            message=f"the server refuses {rung.value}; the answer's form is asked for less strictly from now on",
        )

    async def _post(self, request: CompletionRequest, rung: _Rung) -> JsonObject:
        client = self._service.client()
        parameters: dict[str, Any] = {self._habits.token_parameter: request.max_tokens}
        if self._habits.sends_temperature:
            parameters["temperature"] = 0
        form = _response_format(rung, request.wire_schema)
        if form is not None:
            parameters["response_format"] = form
        clocks = Clocks(self._timeouts, service=self._service.name)
        try:
            text = await clocks.wait(
                _read(
                    client.chat.completions.with_streaming_response.create(
                        model=self.model,
                        messages=_messages(request),
                        extra_body=self._extra_body,
                        **parameters,
                    )
                )
            )
        except Exception as error:  # noqa: BLE001 - translated and raised below; its kind depends on the SDK's version
            failure = self._service.translate(error)
        else:
            body = self._body_of(text)
            return body | {"seconds": clocks.seconds}
        # raised out here so that it keeps no reference to the SDK's error, whose request holds the key
        raise failure

    def _body_of(self, text: str) -> JsonObject:
        """The JSON object of an answer.

        Raises:
            MalformedAnswerError: It is none.
            ServiceError: It tells of an error, as gateways do with a status of 200.
        """
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            body = None
        name = self._service.name
        if body is None:
            message = "the answer is not JSON; check that base_url ends in /v1, and that no proxy answers instead"
            raise MalformedAnswerError(message, service=name, retryable=True)
        if not isinstance(body, dict):
            raise MalformedAnswerError("the answer is not a JSON object; check that base_url ends in /v1", service=name)
        if body.get("error") and not body.get("choices"):
            raise self._service.error_in(body)
        return body


async def _read(answer: AbstractAsyncContextManager[Any]) -> str:
    """The text of an answer, however long a server goes on.

    Raises:
        MalformedAnswerError: It is longer than any answer can be.
    """
    parts, length = [], 0
    async with answer as response:
        async for part in response.iter_text():
            parts.append(part)
            length += len(part)
            if length > BODY_MAX_CHARS:
                raise MalformedAnswerError(f"the answer is longer than {BODY_MAX_CHARS} characters", service="reviser")
    return "".join(parts)


def _json_object(extra_body: Mapping[str, Any]) -> JsonObject:
    try:
        copied: JsonObject = json.loads(json.dumps(dict(extra_body), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ValueError(f"extra_body must hold what JSON can write: {error}") from None
    return copied


def _messages(request: CompletionRequest) -> list[Any]:
    """The two turns; pictures stand before the text that speaks of them."""
    content: str | list[JsonObject] = request.user
    if request.images:
        urls = (f"data:{image.media_type};base64,{b64encode(image.data).decode()}" for image in request.images)
        pictures = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
        content = [*pictures, {"type": "text", "text": request.user}]
    return [{"role": "system", "content": request.system}, {"role": "user", "content": content}]


def _is_about_request(error: ServiceError) -> bool:
    """Whether another form of the same request may do: not for keys, models, limits and lengths."""
    if isinstance(error, AuthenticationError | OverloadedError | ContextLengthError):
        return False
    if error.status == 404:
        return "response_format" in error.message or "json_schema" in error.message
    return isinstance(error, RequestRejectedError) or (isinstance(error, ServerFaultError) and error.status == 500)


def _refused(message: str) -> Issue:
    return Issue(code=IssueCode.PARAMETER_REFUSED, severity=Severity.INFO, message=message)


def _response_format(rung: _Rung, wire: JsonObject) -> JsonObject | None:
    match rung:
        case _Rung.STRICT:
            schema = {"name": "fields", "strict": True, "schema": strict_schema(wire)}
            return {"type": "json_schema", "json_schema": schema}
        case _Rung.SCHEMA:
            return {"type": "json_schema", "json_schema": {"name": "fields", "schema": wire}}
        case _Rung.OBJECT:
            return {"type": "json_object"}
        case _Rung.PROMPT:
            return None
