"""Everything botocore raises, as our errors."""

from __future__ import annotations

import re
from typing import Any

from botocore import exceptions as boto

from deepocr_kit.errors import (
    AuthenticationError,
    ContextLengthError,
    MalformedAnswerError,
    ModelNotFoundError,
    OverloadedError,
    RequestRejectedError,
    ServerFaultError,
    ServiceConnectionError,
    ServiceError,
    ServiceTimeoutError,
)
from deepocr_kit.services import Redactor

__all__ = ["MODEL_ERROR", "SERVICE", "translate_boto_error"]

SERVICE = "bedrock"
MODEL_ERROR = "ModelErrorException"
"""The model wrote something that is no tool call; sending the same again rarely helps."""

_CONTEXT_LENGTH = re.compile(
    r"input tokens exceeded|input is too long|prompt is too long|maximum context length|too many input tokens", re.I
)
"""How Nova and other models of Bedrock say that the prompt does not fit. Source: langchain-aws."""

_KINDS: dict[str, tuple[type[ServiceError], bool, str]] = {
    "accessdeniedexception": (AuthenticationError, False, "Ask for access to the model in this account and region"),
    "expiredtokenexception": (AuthenticationError, False, "Renew the credentials"),
    "incompletesignatureexception": (AuthenticationError, False, "Check the credentials"),
    "internalserverexception": (ServerFaultError, True, ""),
    "invalidsignatureexception": (AuthenticationError, False, "Check the credentials and the clock"),
    "modelerrorexception": (ServerFaultError, False, ""),
    "modelnotreadyexception": (OverloadedError, True, ""),
    "modeltimeoutexception": (ServerFaultError, True, ""),
    "resourcenotfoundexception": (ModelNotFoundError, False, "Check the model id, its region prefix and the region"),
    "servicequotaexceededexception": (OverloadedError, False, "Raise the quota of the account"),
    "serviceunavailableexception": (OverloadedError, True, ""),
    "throttlingexception": (OverloadedError, True, ""),
    "unrecognizedclientexception": (AuthenticationError, False, "Check the credentials"),
    "validationexception": (RequestRejectedError, False, ""),
}
"""Class, ``retryable`` and remedy by error code in lower case, since events of a stream write it that way."""


def translate_boto_error(error: Exception, *, read_timeout: float, connect_timeout: float) -> ServiceError:
    """The typed error for anything botocore raised; raise it ``from None``.

    Args:
        error: Raised while the client was built or called.
        read_timeout: Seconds, for the error that it ran out. Not retryable: the
            request has been worked on and is paid for.
        connect_timeout: Seconds, for the error that it ran out.
    """
    if isinstance(error, boto.ClientError):
        return _client_error(error)
    if isinstance(error, boto.ConnectTimeoutError):
        message = f"no connection within {connect_timeout:g} s"
        return ServiceTimeoutError(message, clock="connect", seconds=connect_timeout, service=SERVICE)
    if isinstance(error, boto.ReadTimeoutError):
        message = f"the answer took longer than {read_timeout:g} s; raise read_timeout for long documents"
        return ServiceTimeoutError(message, clock="total", seconds=read_timeout, service=SERVICE, retryable=False)
    for classes, kind, retryable, message in _BY_CLASS:
        if isinstance(error, classes):
            return kind(message.format(_clean(error)), service=SERVICE, retryable=retryable)
    return MalformedAnswerError(f"the answer cannot be read ({_clean(error)})", service=SERVICE)


_NO_CONNECTION = "no connection, or it broke: {}"
_BY_CLASS: tuple[tuple[tuple[type[Exception], ...], type[ServiceError], bool, str], ...] = (
    (
        (boto.NoRegionError,),
        AuthenticationError,
        False,
        "no AWS region; pass region, e.g. 'us-east-1', or set AWS_DEFAULT_REGION",
    ),
    (
        (boto.NoCredentialsError, boto.PartialCredentialsError, boto.CredentialRetrievalError, boto.ProfileNotFound),
        AuthenticationError,
        False,
        "no AWS credentials ({}); set them up as for every boto3 program, or pass a client",
    ),
    ((boto.SSLError,), ServiceConnectionError, False, _NO_CONNECTION),
    ((boto.HTTPClientError, boto.ConnectionError), ServiceConnectionError, True, _NO_CONNECTION),
    (
        (boto.ParamValidationError, boto.InvalidEndpointConfigurationError, boto.UnknownServiceError),
        RequestRejectedError,
        False,
        "botocore refuses the request: {}",
    ),
)
"""Class of botocore, our class, ``retryable`` and message; the first that fits counts."""


def _client_error(error: boto.ClientError) -> ServiceError:
    response: dict[str, Any] = dict(error.response)
    details, metadata = response.get("Error") or {}, response.get("ResponseMetadata") or {}
    code, text = str(details.get("Code", "")), Redactor().clean(str(details.get("Message", "")))
    status = metadata.get("HTTPStatusCode")
    kind, retryable, remedy = _KINDS.get(code.lower()) or _by_status(status)
    if kind is RequestRejectedError and _CONTEXT_LENGTH.search(text):
        kind, remedy = ContextLengthError, "Lower PromptLimits or revise fewer pages at once"
    message = f"{text or code}. {remedy}" if remedy else text or code
    return kind(
        message,
        service=SERVICE,
        retryable=retryable,
        status=status,
        code=code,
        request_id=metadata.get("RequestId"),
    )


def _by_status(status: object) -> tuple[type[ServiceError], bool, str]:
    if isinstance(status, int) and status >= 500:
        return ServerFaultError, True, ""
    return (
        (AuthenticationError, False, "Check the credentials")
        if status in {401, 403}
        else (RequestRejectedError, False, "")
    )


def _clean(error: Exception) -> str:
    return Redactor().clean(str(error))
