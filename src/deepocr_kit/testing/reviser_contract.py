"""What every reviser must do, as tests to inherit."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import anyio
import pytest
from pydantic import BaseModel, Field

from deepocr_kit.documents import Document
from deepocr_kit.errors import SchemaError
from deepocr_kit.revisers import EvidenceGrade, FieldEvidence, Reviser, Revision
from deepocr_kit.testing.builders import build_document, build_page

__all__ = ["ContractReceipt", "ReviserContract"]


class ContractReceipt(BaseModel):
    """The schema that the contract asks for."""

    invoice_number: Annotated[str, Field(description="Invoice No")]
    date: Annotated[dt.date | None, Field(description="Date")] = None
    total: Annotated[Decimal | None, Field(description="Total")] = None
    table_number: Annotated[str | None, Field(description="Table No")] = None


class _ContainsItself(BaseModel):
    """A schema that no document fills."""

    name: str
    parent: _ContainsItself | None = None


@pytest.mark.anyio
class ReviserContract(ABC):
    """Inherit it in a class whose name begins with ``Test`` and give the fixture ``reviser``.

    The document is a printed receipt with labels. A reviser that asks a model gets
    its answer from a script: ``wire_answer`` is the right one, as a model would write it.
    The tests are coroutines for anyio's pytest plug-in; the fixture ``anyio_backend`` pins asyncio.
    """

    limit_seconds: float = 30.0
    """Longest time one document may take."""

    document: Document = build_document(
        build_page(
            ("ACME STORES", (0.3, 0.05, 0.7, 0.08)),
            ("Invoice No: INV-20417", (0.1, 0.15, 0.5, 0.17)),
            ("Date: 2024-03-27", (0.1, 0.20, 0.5, 0.22)),
            ("Tea", (0.1, 0.40, 0.3, 0.42)),
            ("4.50", (0.7, 0.40, 0.8, 0.42)),
            ("Total", (0.1, 0.50, 0.3, 0.52)),
            ("12.75", (0.7, 0.50, 0.8, 0.52)),
        )
    )
    """What is read."""

    wire_answer: str = json.dumps(
        {
            "invoice_number": {"text": "INV-20417", "src": ["p1r2"]},
            "date": {"text": "2024-03-27", "src": ["p1r3"]},
            "total": {"text": "12.75", "src": ["p1r7"]},
            "table_number": {"text": "", "src": []},
        }
    )
    """The right answer of a model."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Run on asyncio."""
        return "asyncio"

    @pytest.fixture
    @abstractmethod
    def reviser(self) -> Reviser | Iterator[Reviser]:
        """A reviser that reads ``document`` into ``ContractReceipt`` without an error."""

    async def test_fills_the_schema(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        assert isinstance(revision, Revision)
        assert revision.value == ContractReceipt(
            invoice_number="INV-20417", date=dt.date(2024, 3, 27), total=Decimal("12.75")
        )

    async def test_has_evidence_for_every_field(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        assert set(revision.fields) == set(ContractReceipt.model_fields)
        assert all(evidence.path == path for path, evidence in revision.fields.items())
        assert all(0 <= evidence.score <= 1 for evidence in revision.fields.values())

    async def test_values_and_evidence_agree(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        assert revision.value is not None
        for path, evidence in revision.fields.items():
            assert evidence.value == getattr(revision.value, path)

    async def test_evidence_stands_in_the_document(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        for evidence in _proved(revision):
            texts = [self.document.region(region_id).text for region_id in evidence.region_ids]
            assert evidence.quote
            assert any(evidence.quote in text for text in texts)

    async def test_boxes_are_those_of_the_regions(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        for evidence in _proved(revision):
            boxes = [box for region_id in evidence.region_ids for box in self.document.region(region_id).boxes]
            assert [box.bbox for box in evidence.boxes] == boxes
            assert all(box.page_index == 0 for box in evidence.boxes)

    async def test_printed_values_are_proved(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        assert not any(revision.fields[path].grade.is_low for path in ("invoice_number", "date", "total"))

    async def test_a_field_that_is_not_printed_is_missing(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        evidence = revision.fields["table_number"]
        assert evidence.grade is EvidenceGrade.MISSING
        assert evidence.reason
        assert evidence.region_ids == ()

    async def test_a_document_without_text_gives_no_proof(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser, build_document(build_page()))

        assert all(evidence.grade.is_low for evidence in revision.fields.values())
        assert all(evidence.region_ids == () for evidence in revision.fields.values())

    async def test_says_who_answered(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        assert revision.model

    async def test_survives_json(self, reviser: Reviser) -> None:
        async with reviser:
            revision = await self._revise(reviser)

        copy = Revision[ContractReceipt].model_validate_json(revision.model_dump_json())
        assert copy.value == revision.value
        assert copy.fields.keys() == revision.fields.keys()

    async def test_refuses_a_schema_that_contains_itself(self, reviser: Reviser) -> None:
        async with reviser:
            with pytest.raises(SchemaError):
                await reviser.revise(self.document, _ContainsItself)

    async def test_revises_documents_at_once(self, reviser: Reviser) -> None:
        async with reviser:
            with anyio.fail_after(3 * self.limit_seconds):
                revisions = await asyncio.gather(*(self._revise(reviser) for _ in range(3)))

        assert len({revision.model_dump_json(include={"value", "fields"}) for revision in revisions}) == 1

    async def test_may_be_closed_twice(self, reviser: Reviser) -> None:
        await reviser.aclose()
        await reviser.aclose()

    def test_its_repr_fits_on_a_line(self, reviser: Reviser) -> None:
        assert "\n" not in repr(reviser)

    async def _revise(self, reviser: Reviser, document: Document | None = None) -> Revision[ContractReceipt]:
        with anyio.fail_after(self.limit_seconds):
            return await reviser.revise(document or self.document, ContractReceipt)


def _proved(revision: Revision[Any]) -> list[FieldEvidence]:
    return [evidence for evidence in revision.fields.values() if evidence.region_ids]
