"""Scans into typed regions, faithful HTML and text, and checked data in which every value points at its ink.

::

    from deepocr_kit import Pipeline

    with Pipeline(schema=Receipt) as pipeline:
        result = pipeline.run("receipt.jpg")
    print(result.value, result.evidence["total"].boxes)

Every public name loads on first use, so importing the package is cheap and
brings in no vendor's SDK.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deepocr_kit.backends import (
        BlockingOcrBackend,
        OcrBackend,
        OpenAICompatibleBackend,
        OrientingBackend,
        RapidOcrBackend,
        RetryingBackend,
        VllmBackend,
    )
    from deepocr_kit.documents import (
        Document,
        Issue,
        IssueCode,
        Page,
        PageImage,
        PageStatus,
        Recognition,
        Region,
        RegionLabel,
        Severity,
        Table,
        TableCell,
        Usage,
    )
    from deepocr_kit.errors import DeepOcrError, InputError, RevisionError, ServiceError
    from deepocr_kit.geometry import BBox, Size
    from deepocr_kit.grounding import DeepSeekOcrDialect, Dialect, OcrTask
    from deepocr_kit.inputs import InputPolicy, open_source
    from deepocr_kit.pipeline import AsyncPipeline, Pipeline, ReadingOrder, Result, parse_document
    from deepocr_kit.revisers import (
        BedrockReviser,
        EvidenceGrade,
        FieldEvidence,
        FieldHints,
        LlmReviser,
        OpenAIReviser,
        Reviser,
        Revision,
        RulesReviser,
    )
    from deepocr_kit.store import RunStore

__all__ = [
    "AsyncPipeline",
    "BBox",
    "BedrockReviser",
    "BlockingOcrBackend",
    "DeepOcrError",
    "DeepSeekOcrDialect",
    "Dialect",
    "Document",
    "EvidenceGrade",
    "FieldEvidence",
    "FieldHints",
    "InputError",
    "InputPolicy",
    "Issue",
    "IssueCode",
    "LlmReviser",
    "OcrBackend",
    "OcrTask",
    "OpenAICompatibleBackend",
    "OpenAIReviser",
    "OrientingBackend",
    "Page",
    "PageImage",
    "PageStatus",
    "Pipeline",
    "RapidOcrBackend",
    "ReadingOrder",
    "Recognition",
    "Region",
    "RegionLabel",
    "Result",
    "RetryingBackend",
    "Reviser",
    "Revision",
    "RevisionError",
    "RulesReviser",
    "RunStore",
    "ServiceError",
    "Severity",
    "Size",
    "Table",
    "TableCell",
    "Usage",
    "VllmBackend",
    "open_source",
    "parse_document",
]

_LAYERS = {
    "backends": (
        "BlockingOcrBackend OcrBackend OpenAICompatibleBackend OrientingBackend "
        "RapidOcrBackend RetryingBackend VllmBackend"
    ),
    "documents": (
        "Document Issue IssueCode Page PageImage PageStatus Recognition "
        "Region RegionLabel Severity Table TableCell Usage"
    ),
    "errors": "DeepOcrError InputError RevisionError ServiceError",
    "geometry": "BBox Size",
    "grounding": "DeepSeekOcrDialect Dialect OcrTask",
    "inputs": "InputPolicy open_source",
    "pipeline": "AsyncPipeline Pipeline ReadingOrder Result parse_document",
    "revisers": (
        "BedrockReviser EvidenceGrade FieldEvidence FieldHints LlmReviser OpenAIReviser Reviser Revision RulesReviser"
    ),
    "store": "RunStore",
}
_HOME = {name: f"deepocr_kit.{layer}" for layer, names in _LAYERS.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'deepocr_kit' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Every public name."""
    return sorted(__all__)
