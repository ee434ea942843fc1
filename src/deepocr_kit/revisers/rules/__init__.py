"""Reads documents into schemas without a model: by form, printed labels and place."""

from __future__ import annotations

from deepocr_kit.revisers.rules.reviser import RulesReviser

__all__ = ["RulesReviser"]
