"""Documents that were read before, revised as a pipeline does it."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from deepocr_kit.documents import Document, upright_page
from deepocr_kit.pipeline import revise_document
from deepocr_kit.testing import StaticReviser, build_document

pytestmark = pytest.mark.anyio


class Bill(BaseModel):
    total: str


ANSWERS = {"total": {"text": "5.00", "src": ["p1r2"]}}


async def revised(document: Document) -> tuple[StaticReviser, Document]:
    reviser = StaticReviser(ANSWERS)
    revision = await revise_document(reviser, document, Bill, instructions="Look twice.")

    assert revision.value == Bill(total="5.00")
    [box] = revision.fields["total"].boxes
    region = next(region for region in document.regions if region.id == "p1r2")
    edges = ("x0", "y0", "x1", "y1")
    assert [getattr(box.bbox, edge) for edge in edges] == pytest.approx([getattr(region.bbox, edge) for edge in edges])
    return reviser, document


async def test_an_upright_document_is_revised_as_it_is() -> None:
    reviser, document = await revised(build_document("ACME\nTotal 5.00"))

    assert reviser.calls[0].document is document
    assert reviser.calls[0].instructions == "Look twice."


async def test_the_reviser_sees_turned_pages_upright_and_evidence_points_at_them_as_they_were_handed_in() -> None:
    built = build_document("ACME\nTotal 5.00")
    document = built.model_copy(update={"pages": tuple(page.model_copy(update={"turned": 1}) for page in built.pages)})
    reviser, _ = await revised(document)

    assert reviser.calls[0].document.pages == tuple(map(upright_page, document.pages))
