"""The whole way of a source: pages, layout, checks, values, and what is kept of them."""

from __future__ import annotations

from deepocr_kit.pipeline._pages import PAGE_SPLIT, parse_document
from deepocr_kit.pipeline._turning import revise_document
from deepocr_kit.pipeline.async_pipeline import AsyncPipeline
from deepocr_kit.pipeline.blocking import Pipeline
from deepocr_kit.pipeline.events import (
    Event,
    FieldDone,
    PageDone,
    PageRegion,
    PageRestarted,
    PageStarted,
    PageText,
    RunDone,
)
from deepocr_kit.pipeline.order_check import ReadingOrder, order_agreement_of
from deepocr_kit.pipeline.result import Result, evidence_json

__all__ = [
    "PAGE_SPLIT",
    "AsyncPipeline",
    "Event",
    "FieldDone",
    "PageDone",
    "PageRegion",
    "PageRestarted",
    "PageStarted",
    "PageText",
    "Pipeline",
    "ReadingOrder",
    "Result",
    "RunDone",
    "evidence_json",
    "order_agreement_of",
    "parse_document",
    "revise_document",
]
