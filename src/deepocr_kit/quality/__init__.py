"""Checks that say how far a page can be trusted."""

from __future__ import annotations

from deepocr_kit.quality.checks import check_recognition
from deepocr_kit.quality.ink import InkMap, UncoveredInk
from deepocr_kit.quality.ink_checks import check_ink
from deepocr_kit.quality.loops import LoopDetector, LoopFinding, LoopKind, find_loop
from deepocr_kit.quality.order import ORDER_AGREEMENT_MIN, ORDER_REGIONS_MIN, order_agreement
from deepocr_kit.quality.status import page_status

__all__ = [
    "ORDER_AGREEMENT_MIN",
    "ORDER_REGIONS_MIN",
    "InkMap",
    "LoopDetector",
    "LoopFinding",
    "LoopKind",
    "UncoveredInk",
    "check_ink",
    "check_recognition",
    "find_loop",
    "order_agreement",
    "page_status",
]
