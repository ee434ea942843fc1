"""One OpenAI client per service, built on first use, whose key nobody sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import openai
from anyio.lowlevel import current_token
from pydantic import SecretStr

from deepocr_kit.errors import AuthenticationError, ClosedError, ServiceError
from deepocr_kit.services.openai_errors import error_in_answer, translate_error
from deepocr_kit.services.redaction import Redactor

__all__ = ["OpenAIService"]

_OPENAI_HOST = "api.openai.com"
_NO_KEY = "not-needed"
"""Sent to servers that need no key; the SDK refuses to send none."""


class OpenAIService:
    """A server that speaks OpenAI's API; the one place that holds its key.

    Retries are off: they belong to ``RetryingBackend`` and the revisers. The
    client sets no other clock than the one for connecting, since the SDK's
    read timeout is reset by every keep-alive comment.

    Args:
        base_url: Up to and with ``/v1``.
        api_key: None lets the SDK read ``OPENAI_API_KEY``; when that is not
            set either, servers other than OpenAI's get ``not-needed``.
        headers: Sent with every request, for gateways.
        connect_seconds: Limit on connecting.
        name: What errors call the service.

    Raises:
        ValueError: The URL is not http(s), or has a user name or password in
            it (the HTTP library would send those instead of the key); the key
            or a header has characters that no header can carry.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: SecretStr | str | None = None,
        headers: Mapping[str, str] | None = None,
        connect_seconds: float = 10.0,
        name: str = "openai",
    ) -> None:
        _check_url(base_url)
        _check_headers(headers or {})
        self.name = name
        self.base_url = base_url
        self.connect_seconds = connect_seconds
        self._api_key = SecretStr(api_key) if isinstance(api_key, str) else api_key
        if self._api_key is not None:
            _check_key(self._api_key.get_secret_value())
        self._headers = dict(headers or {})
        self._client: openai.AsyncOpenAI | None = None
        self._loop: object = None
        self._redactor = Redactor(self._secret(), *self._headers.values())
        self._closed = False

    @property
    def server_url(self) -> str:
        """The base URL without ``/v1``; vLLM's ``/health`` and the like stand there."""
        return self.base_url.rstrip("/").removesuffix("/v1")

    def client(self) -> openai.AsyncOpenAI:
        """The client; the same one for every call on the same event loop.

        Raises:
            ClosedError: After ``aclose``.
            AuthenticationError: OpenAI's own server and no key anywhere.
        """
        if self._closed:
            raise ClosedError(f"{self!r} is closed")
        loop = current_token()
        # connections belong to the loop they were opened on
        if self._client is None or self._loop != loop:
            self._client, self._loop = self._build(), loop
            self._redactor = Redactor(self._client.api_key.replace(_NO_KEY, ""), *self._headers.values())
        return self._client

    def translate(self, error: Exception) -> ServiceError:
        """The typed error for anything the SDK raised, without secrets; raise it ``from None``."""
        return translate_error(error, service=self.name, redactor=self._redactor, connect_seconds=self.connect_seconds)

    def error_in(self, body: Mapping[str, Any]) -> ServiceError:
        """The typed error that stands in an answer of status 200, without secrets."""
        return error_in_answer(body, service=self.name, redactor=self._redactor)

    def clean(self, text: str) -> str:
        """A text of the server, fit for a message."""
        return self._redactor.clean(text)

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None and self._loop == current_token():
            await client.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_shown(self.base_url)!r}, name={self.name!r})"

    def __getstate__(self) -> object:
        """Refuse: a pickle would carry the key."""
        raise TypeError(f"{self!r} holds a key and cannot be pickled; build it where it is used")

    def _secret(self) -> str:
        return "" if self._api_key is None else self._api_key.get_secret_value()

    def _build(self) -> openai.AsyncOpenAI:
        try:
            client = self._client_with(self._secret() or None)
        except openai.OpenAIError:
            client = None  # no key in the environment either
        if client is not None and client.api_key:
            return client
        if urlsplit(self.base_url).hostname == _OPENAI_HOST:
            raise AuthenticationError("no key; pass api_key or set OPENAI_API_KEY", service=self.name) from None
        return self._client_with(_NO_KEY)

    def _client_with(self, key: str | None) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=key,
            max_retries=0,
            timeout=openai.Timeout(None, connect=self.connect_seconds),
            default_headers=self._headers,
        )


def _check_url(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.username is not None or parts.password is not None:
        raise ValueError("base_url must not hold a user name or password; pass api_key instead")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"base_url must begin with http:// or https:// and name a host, got {_shown(base_url)!r}")


def _check_key(key: str) -> None:
    if not key.isascii() or any(character.isspace() or not character.isprintable() for character in key):
        raise ValueError("api_key has spaces, line ends or other characters that a header cannot carry")


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        # the value is not shown: it may be a secret
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise ValueError(f"the header {name!r} has a value that is no text of printable ASCII characters")


def _shown(url: str) -> str:
    """The URL without its query, which may hold a key."""
    return url.partition("?")[0]
