"""Errors hold facts, show remedies and survive pickling."""

from __future__ import annotations

import inspect
import pickle

import pytest

from deepocr_kit import errors
from deepocr_kit.errors import (
    DeepOcrError,
    IncompleteAnswerError,
    InputError,
    LimitExceededError,
    MissingExtraError,
    OverloadedError,
    PageFailedError,
    SchemaError,
    ServiceError,
    ServiceTimeoutError,
)

SAMPLES = [
    DeepOcrError("plain"),
    errors.SourceNotFoundError("a.png", "no such file", "Check the path"),
    errors.UnsupportedFormatError("a.heic", "HEIC", "Convert it", page_index=2),
    errors.DamagedInputError("a.png", "cut", "Scan again"),
    errors.EncryptedPdfError("a.pdf", "needs a password", "Pass password="),
    LimitExceededError("a.png", "max_pixels", 2e9, 1e8, page_index=0),
    errors.RasterizationError("a.pdf", "the worker died", "Repair it"),
    ServiceError("odd", service="vllm", retryable=True, status=500, code="x", request_id="r1"),
    errors.ServiceConnectionError("refused", service="vllm", retryable=True),
    ServiceTimeoutError("slow", clock="idle", seconds=3.0, service="vllm"),
    errors.AuthenticationError("refused"),
    errors.ModelNotFoundError("no model"),
    errors.RequestRejectedError("wrong"),
    errors.ContextLengthError("too long"),
    OverloadedError("busy", retry_after=1.5, status=503),
    errors.ServerFaultError("boom"),
    IncompleteAnswerError("cut", finish_reason="abort", partial_text="half"),
    errors.MalformedAnswerError("html"),
    errors.EngineError("onnx"),
    errors.GroundingError("bad box", offset=7),
    errors.RevisionError("no"),
    SchemaError("recursive", path="a.b"),
    errors.UnsupportedValueError("not printed", path="total"),
    PageFailedError("slow", page_index=1, error_type="ServiceTimeoutError", retryable=True),
    errors.RenderError("no"),
    errors.StoreError("disk full"),
    MissingExtraError("PDF input", extra="pdf"),
    errors.ClosedError("closed"),
]


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_pickles_with_all_its_facts(error: DeepOcrError) -> None:
    back = pickle.loads(pickle.dumps(error))

    assert type(back) is type(error)
    assert back.__dict__ == error.__dict__
    assert str(back) == str(error) != ""


def test_every_error_class_has_a_sample_a_place_in_the_tree_and_a_public_name() -> None:
    classes = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, DeepOcrError)
    }

    sampled = {base.__name__ for error in SAMPLES for base in type(error).__mro__ if base.__name__ in classes}
    assert classes == set(errors.__all__) == sampled
    assert all(f"── {name} " in (errors.__doc__ or "") for name in classes - {"DeepOcrError"})


def test_an_input_error_names_the_source_the_page_the_reason_and_the_remedy() -> None:
    error = InputError("scan.pdf", "it is empty", "Scan it again", page_index=3)

    assert str(error) == "scan.pdf, page 4: it is empty. Scan it again"


def test_a_limit_error_names_the_limit_and_both_numbers() -> None:
    error = LimitExceededError("scan.png", "max_pixels", 200, 100)

    assert (error.limit, error.value, error.allowed) == ("max_pixels", 200, 100)
    assert "InputPolicy.max_pixels" in str(error)


def test_a_missing_extra_says_what_to_install() -> None:
    assert "pip install 'deepocr_kit[cpu]'" in str(MissingExtraError("the CPU engine", extra="cpu"))
