"""Revisers look at upright pages; evidence points at the pages as they were handed in."""

from __future__ import annotations

from deepocr_kit.documents import Document, upright_page
from deepocr_kit.revisers import FieldEvidence, Revision
from deepocr_kit.revisers.base import T

__all__ = ["evidence_as_handed_in", "upright_document"]


def upright_document(document: Document) -> Document:
    """The document as a reader sees it; the same object when all its pages were handed in upright."""
    if not any(page.turned for page in document.pages):
        return document
    return document.model_copy(update={"pages": tuple(map(upright_page, document.pages))})


def evidence_as_handed_in(revision: Revision[T], document: Document) -> Revision[T]:
    """A revision of the upright document, with the boxes of its evidence on the pages of ``document``."""
    turned = {page.index: page.turned for page in document.pages if page.turned}
    if not turned:
        return revision
    fields = {path: _turned_back(evidence, turned) for path, evidence in revision.fields.items()}
    return revision.model_copy(update={"fields": fields})


def _turned_back(evidence: FieldEvidence, turned: dict[int, int]) -> FieldEvidence:
    boxes = tuple(
        place.model_copy(update={"bbox": place.bbox.turned(-turned.get(place.page_index, 0))})
        for place in evidence.boxes
    )
    return evidence.model_copy(update={"boxes": boxes})
