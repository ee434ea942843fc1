"""Revisers look at upright pages; evidence points at the pages as they were handed in."""

from __future__ import annotations

from collections.abc import Mapping

import anyio.to_thread

from deepocr_kit.documents import Document, PageImage, upright_page
from deepocr_kit.inputs import turn_image
from deepocr_kit.revisers import FieldEvidence, Reviser, Revision
from deepocr_kit.revisers.base import T

__all__ = ["evidence_as_handed_in", "evidence_upright", "revise_document", "upright_document"]


def upright_document(document: Document) -> Document:
    """The document as a reader sees it; the same object when all its pages were handed in upright."""
    if not any(page.turned for page in document.pages):
        return document
    return document.model_copy(update={"pages": tuple(map(upright_page, document.pages))})


async def revise_document(
    reviser: Reviser,
    document: Document,
    schema: type[T],
    *,
    instructions: str | None = None,
    images: Mapping[int, PageImage] | None = None,
) -> Revision[T]:
    """Read a document into a schema, as a pipeline does: the reviser sees its pages upright.

    Args:
        reviser: Stays open.
        document: As a pipeline gave it.
        schema: Any pydantic model class.
        instructions: Extra words for a model; never document text.
        images: Pictures of the pages by index, as they were handed in, for a reviser with ``send_images``.

    Returns:
        The revision, with the boxes of its evidence on the pages of ``document``.

    Raises:
        SchemaError, UnsupportedValueError, ServiceError: As ``Reviser.revise``.
    """
    seen = upright_document(document)
    if images is None or not reviser.send_images:
        revision = await reviser.revise(seen, schema, instructions=instructions)
    else:
        upright = await anyio.to_thread.run_sync(_upright_images, document, images)
        revision = await reviser.revise_with_images(seen, schema, upright, instructions=instructions)
    return evidence_as_handed_in(revision, document)


def _upright_images(document: Document, images: Mapping[int, PageImage]) -> dict[int, PageImage]:
    """The pictures of the document's pages, turned like the pages."""
    return {page.index: turn_image(images[page.index], page.turned) for page in document.pages if page.index in images}


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
