"""Frozen values: what is known about a page, and nothing that acts on it."""

from __future__ import annotations

from deepocr_kit.documents.distinct_ids import distinct_regions, with_distinct_ids
from deepocr_kit.documents.document import SCHEMA_VERSION, Document, SourceInfo
from deepocr_kit.documents.issue import Issue, IssueCode, Severity
from deepocr_kit.documents.labels import RegionLabel, TextFormat
from deepocr_kit.documents.page import Page, PageError, PageStatus
from deepocr_kit.documents.page_image import THUMBNAIL_SIDE, PageImage
from deepocr_kit.documents.recognition import Recognition
from deepocr_kit.documents.region import Region
from deepocr_kit.documents.splitting import FirstPage, split_document
from deepocr_kit.documents.table import Table, TableCell
from deepocr_kit.documents.turning import turn_regions, upright_page
from deepocr_kit.documents.usage import Attempt, Usage
from deepocr_kit.documents.whole_text import whole_text

__all__ = [
    "SCHEMA_VERSION",
    "THUMBNAIL_SIDE",
    "Attempt",
    "Document",
    "FirstPage",
    "Issue",
    "IssueCode",
    "Page",
    "PageError",
    "PageImage",
    "PageStatus",
    "Recognition",
    "Region",
    "RegionLabel",
    "Severity",
    "SourceInfo",
    "Table",
    "TableCell",
    "TextFormat",
    "Usage",
    "distinct_regions",
    "split_document",
    "turn_regions",
    "upright_page",
    "whole_text",
    "with_distinct_ids",
]
