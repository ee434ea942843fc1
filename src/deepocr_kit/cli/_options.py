"""Command line options into backends, revisers and schemas; the one place that reads the environment."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, Any

import typer

from deepocr_kit.backends import (
    OcrBackend,
    OpenAICompatibleBackend,
    OrientingBackend,
    RapidOcrBackend,
    RetryingBackend,
    VllmBackend,
)
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.inputs import InputPolicy
from deepocr_kit.revisers import BedrockReviser, OpenAIReviser, Reviser, RulesReviser

__all__ = [
    "BackendName",
    "BackendOption",
    "BaseUrlOption",
    "DpiOption",
    "ModelOption",
    "RequiredSchemaOption",
    "ReviserBaseUrlOption",
    "ReviserModelOption",
    "ReviserName",
    "ReviserOption",
    "SchemaOption",
    "make_backend",
    "make_policy",
    "make_reviser",
]


class BackendName(StrEnum):
    """What reads the pages."""

    CPU = "cpu"
    VLLM = "vllm"
    OPENAI = "openai"


class ReviserName(StrEnum):
    """What reads the document into the schema."""

    RULES = "rules"
    OPENAI = "openai"
    BEDROCK = "bedrock"


BackendOption = Annotated[
    BackendName | None,
    typer.Option(
        "--backend",
        help="cpu: the engine in this process; vllm: DeepSeek-OCR on a vLLM server; openai: any other "
        "OpenAI-compatible server. Default: vllm when there is a --base-url, else cpu.",
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        envvar="DEEPOCR_BASE_URL",
        help="The OCR server, e.g. http://gpu:8000/v1. Its key comes from DEEPOCR_API_KEY.",
    ),
]
ModelOption = Annotated[str | None, typer.Option("--model", help="Model name on the OCR server.")]
ReviserOption = Annotated[ReviserName, typer.Option("--reviser", help="What reads the document into the schema.")]
ReviserBaseUrlOption = Annotated[
    str | None,
    typer.Option(
        "--reviser-base-url",
        envvar="DEEPOCR_REVISER_BASE_URL",
        help="The LLM server for --reviser openai. Its key comes from DEEPOCR_REVISER_API_KEY.",
    ),
]
ReviserModelOption = Annotated[str | None, typer.Option("--reviser-model", help="Model name of the reviser.")]
DpiOption = Annotated[int | None, typer.Option("--dpi", help="Resolution for PDF pages.", min=36, max=1200)]
_SCHEMA = typer.Option("--schema", help="module:Class, file.py:Class, or a JSON Schema file.")
SchemaOption = Annotated[str | None, _SCHEMA]
RequiredSchemaOption = Annotated[str, _SCHEMA]


def make_backend(name: BackendName | None, base_url: str | None, model: str | None) -> OcrBackend:
    """The backend that the options ask for; servers are retried.

    Raises:
        typer.BadParameter: The options do not fit together.
    """
    used = name or (BackendName.VLLM if base_url else BackendName.CPU)
    if used is BackendName.CPU:
        return OrientingBackend(RapidOcrBackend())
    if base_url is None:
        raise typer.BadParameter(f"--backend {used} needs --base-url")
    key = os.environ.get("DEEPOCR_API_KEY")
    if used is BackendName.VLLM:
        options: dict[str, Any] = {} if model is None else {"model": model}
        return RetryingBackend(VllmBackend(base_url, api_key=key, **options))
    if model is None:
        raise typer.BadParameter("--backend openai needs --model")
    return RetryingBackend(OpenAICompatibleBackend(base_url, model, DeepSeekOcrDialect(), api_key=key))


def make_policy(dpi: int | None) -> InputPolicy:
    """What is let in, with PDF pages at this resolution."""
    return InputPolicy() if dpi is None else InputPolicy(dpi=dpi)


def make_reviser(name: ReviserName, base_url: str | None, model: str | None) -> Reviser:
    """The reviser that the options ask for.

    Raises:
        typer.BadParameter: The options do not fit together.
    """
    options: dict[str, Any] = {} if model is None else {"model": model}
    if name is ReviserName.RULES:
        return RulesReviser()
    if name is ReviserName.BEDROCK:
        return BedrockReviser(**options)
    if base_url is None or model is None:
        raise typer.BadParameter("--reviser openai needs --reviser-base-url and --reviser-model")
    return OpenAIReviser(base_url=base_url, model=model, api_key=os.environ.get("DEEPOCR_REVISER_API_KEY"))
