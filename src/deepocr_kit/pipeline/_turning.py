"""Revisers look at upright pages; evidence points at the pages as they were handed in."""

from __future__ import annotations

from collections.abc import Mapping

from deepocr_kit.documents import Document, upright_page
from deepocr_kit.revisers import FieldEvidence, Revision
from deepocr_kit.revisers.base import T

__all__ = ["evidence_as_handed_in", "evidence_upright", "upright_document"]


def upright_document(document: Document) -> Document:
    """The document as a reader sees it; the same object when all its pages were handed in upright."""
    if not any(page.turned for page in document.pages):
        return document
    return document.model_copy(update={"pages": tuple(map(upright_page, document.pages))})


def evidence_as_handed_in(revision: Revision[T], document: Document) -> Revision[T]:
    """A revision of the upright document, with the boxes of its evidence on the pages of ``document``."""
    return _turned(revision, {page.index: -page.turned for page in document.pages if page.turned})


def evidence_upright(revision: Revision[T], document: Document) -> Revision[T]:
    """The opposite: boxes on the pages of ``document`` as they are on its upright pages."""
    return _turned(revision, {page.index: page.turned for page in document.pages if page.turned})


def _turned(revision: Revision[T], quarters: Mapping[int, int]) -> Revision[T]:
    if not quarters:
        return revision
    fields = {path: _turned_evidence(evidence, quarters) for path, evidence in revision.fields.items()}
    return revision.model_copy(update={"fields": fields})


def _turned_evidence(evidence: FieldEvidence, quarters: Mapping[int, int]) -> FieldEvidence:
    boxes = tuple(
        place.model_copy(update={"bbox": place.bbox.turned(quarters.get(place.page_index, 0))})
        for place in evidence.boxes
    )
    return evidence.model_copy(update={"boxes": boxes})
