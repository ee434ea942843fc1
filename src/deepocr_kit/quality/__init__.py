"""Checks that say how far a page can be trusted."""

from __future__ import annotations

from deepocr_kit.quality.checks import check_recognition
from deepocr_kit.quality.status import page_status

__all__ = ["check_recognition", "page_status"]
