"""What reads documents into schemas: large language models, and rules."""

from __future__ import annotations

from deepocr_kit.revisers.base import (
    EvidenceGrade,
    Exchange,
    FieldEvidence,
    OnUnsupported,
    PageBox,
    Reviser,
    Revision,
)

__all__ = ["EvidenceGrade", "Exchange", "FieldEvidence", "OnUnsupported", "PageBox", "Reviser", "Revision"]
