"""Any vision model behind an OpenAI-compatible API."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from pydantic import SecretStr

from deepocr_kit.backends._answer_stream import AnswerStream
from deepocr_kit.backends.base import OcrBackend, RecognitionDone, RecognitionEvent, RegionFound, TextDelta
from deepocr_kit.documents import Issue, PageImage, Recognition
from deepocr_kit.errors import RequestRejectedError
from deepocr_kit.grounding import Dialect, OcrTask
from deepocr_kit.services import OpenAIService, Timeouts

__all__ = ["OpenAICompatibleBackend"]


class OpenAICompatibleBackend(OcrBackend):
    """Sends the page and the dialect's prompt, streams the answer and parses it on the way.

    An answer counts only when the server says that it is whole
    (``finish_reason`` ``stop``) or that it was cut (``length``). The page goes
    as a data URL, the bytes of the ``PageImage`` as they are; servers never
    get a URL to fetch. Retries belong to ``RetryingBackend``.

    Args:
        base_url: Up to and with ``/v1``; without a user name or password.
        model: As the server names it.
        dialect: The model family's prompts and answer format.
        api_key: None lets the SDK read ``OPENAI_API_KEY``; a server other than OpenAI's may go without.
        timeouts: The four clocks.
        max_tokens: Longest answer; None sends no limit, and the server then gives what is left of the window.
        temperature: 0 for the likeliest text.
        extra_body: Further fields of the request, as the server knows them.
        headers: Further HTTP headers, for gateways.
        concurrency: How many pages at once the pipeline sends.

    Raises:
        ValueError: The URL or the key cannot be used.
    """

    service_name = "openai"

    def __init__(  # noqa: PLR0913 - a server's settings are its keyword arguments
        self,
        base_url: str,
        model: str,
        dialect: Dialect,
        *,
        api_key: SecretStr | str | None = None,
        timeouts: Timeouts | None = None,
        max_tokens: int | None = None,
        temperature: float = 0.0,
        extra_body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        concurrency: int = 8,
    ) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency must be at least 1, got {concurrency!r}")
        self.model = model
        self.dialect = dialect
        self.timeouts = timeouts or Timeouts()
        self.concurrency = concurrency
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._extra_body = dict(extra_body or {})
        self._service = OpenAIService(
            base_url,
            api_key=api_key,
            headers=headers,
            connect_seconds=self.timeouts.connect,
            name=self.service_name,
        )

    async def recognize(self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT) -> Recognition:
        """Read one page; see ``OcrBackend.recognize``."""
        async with aclosing(self._events(image, task)) as events:
            async for event in events:
                if isinstance(event, RecognitionDone):
                    return event.recognition
        raise AssertionError(
            "a stream ends with RecognitionDone or an error"
        )  # pragma: no cover - for the type checker

    async def stream(
        self, image: PageImage, *, task: OcrTask = OcrTask.DOCUMENT
    ) -> AsyncGenerator[RecognitionEvent, None]:
        """Read one page; texts and regions as they come."""
        async with aclosing(self._events(image, task)) as events:
            async for event in events:
                yield event

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self._service.aclose()

    def extra_body(self) -> dict[str, Any]:
        """Fields of the request that are not OpenAI's; a subclass may add its server's."""
        return dict(self._extra_body)

    def adapts_to(self, error: RequestRejectedError) -> bool:  # noqa: ARG002 - for subclasses
        """Whether the backend changed its requests so that this refusal will not come again."""
        return False

    def standing_issues(self) -> tuple[Issue, ...]:
        """What every page's ``Recognition`` should say about how the server was asked."""
        return ()

    def check_image(self, image: PageImage) -> None:
        """Refuse a page that the server would refuse, before it is sent.

        Raises:
            RequestRejectedError: The page cannot be sent.
        """

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._service!r}, model={self.model!r}, dialect={self.dialect.name!r})"

    async def _events(self, image: PageImage, task: OcrTask) -> AsyncGenerator[RecognitionEvent, None]:
        self.check_image(image)
        answer = AnswerStream(self._service, self.timeouts)
        requests, told = 1, set[str]()
        while True:
            parser = self.dialect.parser(task=task, page_number=image.page_number, size=image.size)
            try:
                async with aclosing(answer.pieces(self._parameters(image, task))) as pieces:
                    async for piece in pieces:
                        yield TextDelta(piece)
                        for region in parser.feed(piece):
                            told.add(region.id)
                            yield RegionFound(region)
                break
            except RequestRejectedError as error:
                # a refusal comes before any text, or the text would be told twice
                if answer.text or not self.adapts_to(error):
                    raise
                requests += 1
        parsed = parser.finish()
        for region in parsed.regions:
            if region.id not in told:
                yield RegionFound(region)
        yield RecognitionDone(
            Recognition(
                regions=parsed.regions,
                raw_text=answer.text,
                dialect=self.dialect.name,
                model=answer.model or self.model,
                finish_reason=answer.finish_reason,
                usage=answer.usage.model_copy(update={"requests": requests}),
                issues=parsed.issues + self.standing_issues(),
            )
        )

    def _parameters(self, image: PageImage, task: OcrTask) -> dict[str, Any]:
        url = f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"
        content = [
            # the image first: DeepSeek-OCR wants it there, others do not mind
            {"type": "image_url", "image_url": {"url": url}},
            {"type": "text", "text": self.dialect.prompt(task)},
        ]
        parameters: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "user", "content": content}],
            "temperature": self._temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
            "extra_body": self.extra_body(),
        }
        if self._max_tokens is not None:
            parameters["max_tokens"] = self._max_tokens
        return parameters
