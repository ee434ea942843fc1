"""Every exception this library raises on purpose.

::

    DeepOcrError
    ├── InputError                 a source cannot become pages (carries source, reason, remedy)
    │   ├── SourceNotFoundError    no such file, or it cannot be read
    │   ├── UnsupportedFormatError not a format that the policy lets in
    │   ├── DamagedInputError      the right format, but broken
    │   ├── EncryptedPdfError      a password is needed, or the given one is wrong
    │   ├── LimitExceededError     larger than the policy allows (limit, value, allowed)
    │   └── RasterizationError     the PDF worker died, ran out of memory or out of time
    ├── ServiceError               a model server or engine failed (service, retryable, status, code, request_id)
    │   ├── ServiceConnectionError no connection, or it broke
    │   ├── ServiceTimeoutError    one of the four clocks ran out (clock, seconds)
    │   ├── AuthenticationError    the key is missing or refused
    │   ├── ModelNotFoundError     the server does not know the model or the path
    │   ├── RequestRejectedError   the server calls the request wrong
    │   │   └── ContextLengthError the page or prompt does not fit the model's context
    │   ├── OverloadedError        too many requests (retry_after)
    │   ├── ServerFaultError       the server failed while it worked on the request
    │   ├── IncompleteAnswerError  the answer ended without a normal finish (finish_reason, partial_text)
    │   ├── MalformedAnswerError   the answer is not what the protocol says
    │   └── EngineError            an engine inside this process failed
    ├── GroundingError             strict=True and the model's text is not well formed (offset)
    ├── RevisionError              a document could not be read into a schema
    │   ├── SchemaError            the schema cannot be used (path)
    │   └── UnsupportedValueError  on_unsupported="raise" and the page does not prove a value (path)
    ├── PageFailedError            a page of a result failed and the caller asked to be told (page_index, error_type)
    ├── RenderError                a document cannot be written in the asked form
    ├── StoreError                 an artifact cannot be written, or what is there is not what was written
    ├── MissingExtraError          an optional package is needed (extra)
    └── ClosedError                the object was used after aclose()

Errors hold facts as attributes, survive pickling with them, and never hold a
secret, a request or a response object of another library.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

__all__ = [
    "AuthenticationError",
    "ClosedError",
    "ContextLengthError",
    "DamagedInputError",
    "DeepOcrError",
    "EncryptedPdfError",
    "EngineError",
    "GroundingError",
    "IncompleteAnswerError",
    "InputError",
    "LimitExceededError",
    "MalformedAnswerError",
    "MissingExtraError",
    "ModelNotFoundError",
    "OverloadedError",
    "PageFailedError",
    "RasterizationError",
    "RenderError",
    "RequestRejectedError",
    "RevisionError",
    "SchemaError",
    "ServerFaultError",
    "ServiceConnectionError",
    "ServiceError",
    "ServiceTimeoutError",
    "SourceNotFoundError",
    "StoreError",
    "UnsupportedFormatError",
    "UnsupportedValueError",
]

MESSAGE_MAX_CHARS = 500
"""Longest stretch of a foreign message (a server's error text) that an error carries."""

Clock: TypeAlias = Literal["connect", "first_token", "idle", "total"]
"""The four limits on waiting for a server: connecting, the first token, the pause between tokens, the whole answer."""


def _rebuild(cls: type[DeepOcrError], facts: dict[str, Any]) -> DeepOcrError:
    error = cls.__new__(cls)
    error.__dict__.update(facts)
    Exception.__init__(error, str(facts.get("message", "")))
    return error


class DeepOcrError(Exception):
    """Base of all errors of this library.

    Attributes:
        message: What happened, with which value, and what to do.
    """

    message: str

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), dict(self.__dict__))


class InputError(DeepOcrError):
    """A source cannot become pages.

    Attributes:
        source: The name of the source, as the caller gave it.
        reason: What is wrong with it.
        remedy: What the caller can do about it.
        page_index: 0-based page that failed; None when it is the whole source.
    """

    def __init__(self, source: str, reason: str, remedy: str, *, page_index: int | None = None) -> None:
        shown = "".join(map(_printable, source))
        where = shown if page_index is None else f"{shown}, page {page_index + 1}"
        super().__init__(f"{where}: {reason}. {remedy}")
        self.source = source
        self.reason = reason
        self.remedy = remedy
        self.page_index = page_index


def _printable(char: str) -> str:
    """Names of files may hold line ends, control characters and bytes that are no text; messages go to logs."""
    return char if char.isprintable() else char.encode("unicode_escape").decode()


class SourceNotFoundError(InputError):
    """The source does not exist or cannot be read."""


class UnsupportedFormatError(InputError):
    """The source is not in a format that the policy lets in."""


class DamagedInputError(InputError):
    """The source has a known format but is broken."""


class EncryptedPdfError(InputError):
    """The PDF needs a password, or the given one is wrong."""


class LimitExceededError(InputError):
    """The source is larger than the policy allows, or its pages are smaller.

    Attributes:
        limit: Name of the ``InputPolicy`` field.
        value: What the source has.
        allowed: What the policy allows.
    """

    def __init__(
        self,
        source: str,
        limit: str,
        value: float,
        allowed: float,
        *,
        page_index: int | None = None,
        at_least: bool = False,
    ) -> None:
        verb, wrong = ("Lower", "larger") if at_least else ("Raise", "smaller")
        super().__init__(
            source,
            f"{limit} is {_plain(value)}, the policy {'asks for at least' if at_least else 'allows'} {_plain(allowed)}",
            f"{verb} InputPolicy.{limit} if you trust the source, or make the source {wrong}",
            page_index=page_index,
        )
        self.limit = limit
        self.value = value
        self.allowed = allowed


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


class RasterizationError(InputError):
    """The process that turns PDF pages into pictures died, ran out of memory or out of time."""


class ServiceError(DeepOcrError):
    """A model server, or an engine in this process, did not give an answer.

    Attributes:
        service: What failed, e.g. ``"vllm"``; never a URL with credentials.
        retryable: Whether the same request may succeed later. Decided where
            the vendor's error is translated, nowhere else.
        status: HTTP status, or the code of an error inside a stream.
        code: The server's own word for the error.
        request_id: The server's id of the request.
        partial_text: What had arrived of the answer until then.
    """

    partial_text: str = ""

    def __init__(
        self,
        message: str,
        *,
        service: str = "",
        retryable: bool = False,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{service}: {message}" if service else message)
        self.service = service
        self.retryable = retryable
        self.status = status
        self.code = code
        self.request_id = request_id


class ServiceConnectionError(ServiceError):
    """No connection to the server, or it broke before or during the answer."""


class ServiceTimeoutError(ServiceError):
    """One of the four clocks ran out.

    Attributes:
        clock: Which one: ``connect``, ``first_token``, ``idle`` (between tokens) or ``total``.
        seconds: Its limit.
    """

    def __init__(
        self,
        message: str,
        *,
        clock: Clock,
        seconds: float,
        service: str = "",
        retryable: bool = True,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, service=service, retryable=retryable, request_id=request_id)
        self.clock = clock
        self.seconds = seconds


class AuthenticationError(ServiceError):
    """The key is missing or refused."""


class ModelNotFoundError(ServiceError):
    """The server does not know the model, or the path is wrong."""


class RequestRejectedError(ServiceError):
    """The server calls the request wrong; sending it again changes nothing."""


class ContextLengthError(RequestRejectedError):
    """The page or prompt does not fit into the model's context window."""


class OverloadedError(ServiceError):
    """The server has too much to do.

    Attributes:
        retry_after: Seconds the server asked to wait, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        service: str = "",
        retryable: bool = True,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, service=service, retryable=retryable, status=status, code=code, request_id=request_id)
        self.retry_after = retry_after


class ServerFaultError(ServiceError):
    """The server failed while it worked on the request."""


class IncompleteAnswerError(ServiceError):
    """The answer ended without a normal finish.

    Attributes:
        finish_reason: What the server gave as the reason, or None.
        partial_text: What had arrived until then.
    """

    def __init__(
        self,
        message: str,
        *,
        service: str = "",
        retryable: bool = True,
        finish_reason: str | None = None,
        partial_text: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, service=service, retryable=retryable, request_id=request_id)
        self.finish_reason = finish_reason
        self.partial_text = partial_text


class MalformedAnswerError(ServiceError):
    """The answer is not what the protocol says (HTML from a proxy, broken JSON, no choices)."""


class EngineError(ServiceError):
    """An engine inside this process failed."""


class GroundingError(DeepOcrError):
    """``strict=True`` and the model's text is not well formed.

    Attributes:
        offset: Where in the raw text, in characters.
    """

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(f"{message} (at character {offset})")
        self.offset = offset


class RevisionError(DeepOcrError):
    """A document could not be read into a schema."""


class SchemaError(RevisionError):
    """The schema cannot be used.

    Attributes:
        path: The field, e.g. ``lines[*].amount``; empty for the whole schema.
    """

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path


class UnsupportedValueError(RevisionError):
    """``on_unsupported="raise"`` and nothing on the page proves a value.

    Attributes:
        path: The field whose value has no support.
    """

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class PageFailedError(DeepOcrError):
    """A page failed, and the caller asked to be told (``Result.raise_for_status``).

    Attributes:
        page_index: 0-based.
        error_type: Class name of the error that the page recorded.
        retryable: Whether running the page again may help.
    """

    def __init__(self, message: str, *, page_index: int, error_type: str, retryable: bool) -> None:
        super().__init__(f"page {page_index + 1} failed: {error_type}: {message}")
        self.page_index = page_index
        self.error_type = error_type
        self.retryable = retryable


class RenderError(DeepOcrError):
    """A document cannot be written in the asked form."""


class StoreError(DeepOcrError):
    """An artifact cannot be written, or what is there is not what was written."""


class MissingExtraError(DeepOcrError):
    """An optional package is needed.

    Attributes:
        extra: The extra that installs it.
    """

    def __init__(self, what: str, *, extra: str) -> None:
        super().__init__(f"{what} needs an optional package: pip install 'deepocr_kit[{extra}]'")
        self.extra = extra


class ClosedError(DeepOcrError):
    """The object was used after ``aclose()``."""
