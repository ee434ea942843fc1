"""What cannot be provoked with a server: errors of the SDK's own libraries."""

from __future__ import annotations

import openai
import pytest

from deepocr_kit.errors import MalformedAnswerError, OverloadedError, ServiceConnectionError
from deepocr_kit.services import OpenAIService

KEY = "sk-canary-0123456789"


@pytest.fixture
def service():
    return OpenAIService("http://127.0.0.1:9/v1", api_key=KEY, name="vllm")


def test_our_own_errors_are_passed_on(service):
    error = OverloadedError("busy")

    assert service.translate(error) is error


@pytest.mark.parametrize("library", ["httpx", "httpx2._exceptions", "httpcore._exceptions"])
def test_a_raw_error_of_the_http_library_is_a_broken_connection(service, library):
    kind = type("RemoteProtocolError", (Exception,), {"__module__": library})

    error = service.translate(kind(f"peer closed connection, header was {KEY}"))

    assert type(error) is ServiceConnectionError
    assert error.retryable
    assert KEY not in str(error)


@pytest.mark.parametrize(
    ("text", "retryable"),
    [
        ("All connection attempts failed", True),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate", False),
        ("Request URL has an unsupported protocol 'ftp://'.", False),
        ("", True),
    ],
)
def test_a_connection_error_is_judged_by_its_cause(service, text, retryable):
    error = openai.APIConnectionError(request=None)
    error.__cause__ = OSError(text)

    translated = service.translate(error)

    assert (type(translated), translated.retryable) == (ServiceConnectionError, retryable)


@pytest.mark.parametrize("error", [RecursionError("deep"), KeyError("choices"), AttributeError("x"), TypeError("y")])
def test_whatever_the_sdk_trips_over_is_a_malformed_answer(service, error):
    translated = service.translate(error)

    assert type(translated) is MalformedAnswerError
    assert translated.retryable
    assert type(error).__name__ in str(translated)
