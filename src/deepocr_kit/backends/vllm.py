"""DeepSeek-OCR on a vLLM server, asked the way its authors ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from deepocr_kit.backends.openai_compatible import OpenAICompatibleBackend
from deepocr_kit.documents import Issue, IssueCode, PageImage, Severity
from deepocr_kit.errors import RequestRejectedError, ServiceError, ServiceTimeoutError
from deepocr_kit.grounding import DeepSeekOcrDialect, Dialect
from deepocr_kit.services import Timeouts

__all__ = ["MAX_IMAGE_PIXELS", "NgramGuard", "ServedModel", "VllmBackend"]

MAX_IMAGE_PIXELS = 178_956_970
"""vLLM opens pictures with Pillow, which refuses larger ones; the server then answers 500."""

PROBE_SECONDS = 10.0
"""Limit on ``health`` and ``models``, which a living server answers at once."""


class NgramGuard(BaseModel):
    """Settings of DeepSeek-OCR's guard against endless repetition.

    A token that would complete an n-gram already seen among the last tokens is
    forbidden, table cells excepted. The server needs
    ``--logits-processors vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor``;
    without it the settings are accepted and ignored. Defaults: vLLM's recipe
    for DeepSeek-OCR.

    Attributes:
        ngram_size: Tokens of the n-gram.
        window_size: How many tokens back it looks.
        whitelist_token_ids: Always allowed; ``<td>`` and ``</td>`` by default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ngram_size: int = Field(default=30, ge=1)
    window_size: int = Field(default=90, ge=1)
    whitelist_token_ids: tuple[int, ...] = (128821, 128822)


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that the server holds.

    Attributes:
        id: Its name in requests.
        max_model_len: Tokens of its window, prompt and answer together; None when the server does not say.
    """

    id: str
    max_model_len: int | None


class VllmBackend(OpenAICompatibleBackend):
    """DeepSeek-OCR on vLLM: official prompts, special tokens kept, repetition guarded.

    Old servers (before vLLM's pull request 27560) refuse lists in
    ``vllm_xargs``; the request is then sent again without the list, from then
    on always, and every page says so with ``PARAMETER_REFUSED``.

    Args:
        base_url: Up to and with ``/v1``.
        model: As the server names it.
        dialect: DeepSeek-OCR's by default.
        api_key: The server's ``--api-key``, if it has one.
        timeouts: The four clocks.
        ngram_guard: None sends no ``vllm_xargs``.
        max_tokens: None is best: the server then gives what is left of the window.
        extra_body: Further fields of the request.
        headers: Further HTTP headers.
        concurrency: How many pages at once the pipeline sends.
    """

    service_name = "vllm"

    def __init__(  # noqa: PLR0913 - a server's settings are its keyword arguments
        self,
        base_url: str,
        model: str = "deepseek-ai/DeepSeek-OCR",
        dialect: Dialect | None = None,
        *,
        api_key: SecretStr | str | None = None,
        timeouts: Timeouts | None = None,
        ngram_guard: NgramGuard | None = NgramGuard(),  # noqa: B008 - frozen
        max_tokens: int | None = None,
        extra_body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        concurrency: int = 16,
    ) -> None:
        super().__init__(
            base_url,
            model,
            dialect or DeepSeekOcrDialect(),
            api_key=api_key,
            timeouts=timeouts,
            max_tokens=max_tokens,
            extra_body=extra_body,
            headers=headers,
            concurrency=concurrency,
        )
        self._ngram_guard = ngram_guard
        self._list_refused = False

    def extra_body(self) -> dict[str, Any]:
        """Keep special tokens (they are the table cells) and guard against repetition."""
        body: dict[str, Any] = {"skip_special_tokens": False}
        if self._ngram_guard is not None:
            body["vllm_xargs"] = self._ngram_guard.model_dump(
                mode="json", exclude={"whitelist_token_ids"} if self._list_refused else None
            )
        return body | super().extra_body()

    def adapts_to(self, error: RequestRejectedError) -> bool:
        """Leave out the list once a server refused it."""
        if self._list_refused or self._ngram_guard is None or "vllm_xargs" not in error.message:
            return False
        self._list_refused = True
        return True

    def standing_issues(self) -> tuple[Issue, ...]:
        """That the server refused the list of allowed tokens."""
        if not self._list_refused:
            return ()
        message = "the server refuses lists in vllm_xargs; table cells were not excepted from the repetition guard"
        return (Issue(code=IssueCode.PARAMETER_REFUSED, severity=Severity.WARNING, message=message),)

    def check_image(self, image: PageImage) -> None:
        """Refuse a page that the server would answer with 500."""
        if image.size.pixels > MAX_IMAGE_PIXELS:
            raise RequestRejectedError(
                f"page {image.page_number} has {image.size.pixels} pixels, the server takes at most"
                f" {MAX_IMAGE_PIXELS}; make it smaller",
                service=self.service_name,
            )

    async def health(self) -> bool:
        """Whether the server is up and its engine lives.

        Raises:
            ClosedError: The backend is closed.
        """
        try:
            await self._get(f"{self._service.server_url}/health")
        except ServiceError:
            return False
        return True

    async def models(self) -> tuple[ServedModel, ...]:
        """The models that the server holds, with their limits.

        Raises:
            ServiceError: The server does not answer, or the key is wrong.
        """
        answer = await self._get("/models", cast_to=dict[str, Any])
        entries = answer.get("data") if isinstance(answer, dict) else None
        found = [entry for entry in entries or () if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
        return tuple(ServedModel(entry["id"], _limit(entry.get("max_model_len"))) for entry in found)

    async def _get(self, url: str, cast_to: Any = str) -> Any:
        client = self._service.client()
        try:
            with anyio.CancelScope(deadline=anyio.current_time() + PROBE_SECONDS):
                return await client.get(url, cast_to=cast_to)
            failure: Exception = ServiceTimeoutError(
                f"no answer within {PROBE_SECONDS:g} s", clock="total", seconds=PROBE_SECONDS, service=self.service_name
            )
        except Exception as error:  # noqa: BLE001 - translated and raised below; its kind depends on the SDK's version
            failure = self._service.translate(error)
        # raised out here so that it keeps no reference to the SDK's error, whose request holds the key
        raise failure


def _limit(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
