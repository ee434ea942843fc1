"""What reads documents into schemas: large language models, and rules."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deepocr_kit.revisers.base import (
    EvidenceGrade,
    Exchange,
    FieldEvidence,
    OnUnsupported,
    PageBox,
    Reviser,
    Revision,
)

if TYPE_CHECKING:
    from deepocr_kit.revisers._checks_running import apply_checks
    from deepocr_kit.revisers.bedrock import BedrockReviser
    from deepocr_kit.revisers.checks import CapitalAmount, Check, Checksum, Ordered, Product, Sum, cross_checks
    from deepocr_kit.revisers.consensus import ConsensusReviser
    from deepocr_kit.revisers.correcting import apply_corrections, pointer_of, shown_value
    from deepocr_kit.revisers.corrections import (
        CorrectedField,
        CorrectedList,
        CorrectedSource,
        Corrections,
        load_corrections,
    )
    from deepocr_kit.revisers.evidence import EvidenceIndex, find_evidence
    from deepocr_kit.revisers.fallback import FallbackReviser
    from deepocr_kit.revisers.fields import FieldHints, FieldSpec, ValueKind, leaf_specs
    from deepocr_kit.revisers.given import revision_of
    from deepocr_kit.revisers.json_schema import model_from_json_schema
    from deepocr_kit.revisers.llm import (
        Completion,
        CompletionRequest,
        LlmOptions,
        LlmReviser,
        RetryPolicy,
        SentImage,
    )
    from deepocr_kit.revisers.openai_reviser import OpenAIReviser
    from deepocr_kit.revisers.rules import RulesReviser
    from deepocr_kit.revisers.windows import PromptLimits

__all__ = [
    "BedrockReviser",
    "CapitalAmount",
    "Check",
    "Checksum",
    "Completion",
    "CompletionRequest",
    "ConsensusReviser",
    "CorrectedField",
    "CorrectedList",
    "CorrectedSource",
    "Corrections",
    "EvidenceGrade",
    "EvidenceIndex",
    "Exchange",
    "FallbackReviser",
    "FieldEvidence",
    "FieldHints",
    "FieldSpec",
    "LlmOptions",
    "LlmReviser",
    "OnUnsupported",
    "OpenAIReviser",
    "Ordered",
    "PageBox",
    "Product",
    "PromptLimits",
    "RetryPolicy",
    "Reviser",
    "Revision",
    "RulesReviser",
    "SentImage",
    "Sum",
    "ValueKind",
    "apply_checks",
    "apply_corrections",
    "cross_checks",
    "find_evidence",
    "leaf_specs",
    "load_corrections",
    "model_from_json_schema",
    "pointer_of",
    "revision_of",
    "shown_value",
]

_HOMES = {
    "BedrockReviser": "deepocr_kit.revisers.bedrock",
    "CapitalAmount": "deepocr_kit.revisers.checks",
    "Check": "deepocr_kit.revisers.checks",
    "Checksum": "deepocr_kit.revisers.checks",
    "Completion": "deepocr_kit.revisers.llm",
    "CompletionRequest": "deepocr_kit.revisers.llm",
    "ConsensusReviser": "deepocr_kit.revisers.consensus",
    "CorrectedField": "deepocr_kit.revisers.corrections",
    "CorrectedList": "deepocr_kit.revisers.corrections",
    "CorrectedSource": "deepocr_kit.revisers.corrections",
    "Corrections": "deepocr_kit.revisers.corrections",
    "EvidenceIndex": "deepocr_kit.revisers.evidence",
    "FallbackReviser": "deepocr_kit.revisers.fallback",
    "FieldHints": "deepocr_kit.revisers.fields",
    "FieldSpec": "deepocr_kit.revisers.fields",
    "LlmOptions": "deepocr_kit.revisers.llm",
    "LlmReviser": "deepocr_kit.revisers.llm",
    "OpenAIReviser": "deepocr_kit.revisers.openai_reviser",
    "Ordered": "deepocr_kit.revisers.checks",
    "Product": "deepocr_kit.revisers.checks",
    "PromptLimits": "deepocr_kit.revisers.windows",
    "RetryPolicy": "deepocr_kit.revisers.llm",
    "RulesReviser": "deepocr_kit.revisers.rules",
    "Sum": "deepocr_kit.revisers.checks",
    "SentImage": "deepocr_kit.revisers.llm",
    "ValueKind": "deepocr_kit.revisers.fields",
    "apply_checks": "deepocr_kit.revisers._checks_running",
    "apply_corrections": "deepocr_kit.revisers.correcting",
    "cross_checks": "deepocr_kit.revisers.checks",
    "find_evidence": "deepocr_kit.revisers.evidence",
    "leaf_specs": "deepocr_kit.revisers.fields",
    "load_corrections": "deepocr_kit.revisers.corrections",
    "model_from_json_schema": "deepocr_kit.revisers.json_schema",
    "pointer_of": "deepocr_kit.revisers.correcting",
    "revision_of": "deepocr_kit.revisers.given",
    "shown_value": "deepocr_kit.revisers.correcting",
}
"""Where the names live that cost time or a vendor's SDK to load; they load on first use (PEP 562)."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Every public name."""
    return __all__
