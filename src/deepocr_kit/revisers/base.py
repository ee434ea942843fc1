"""The seam to whatever reads a document into a schema."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny
from typing_extensions import TypeVar

from deepocr_kit.documents import Document, Issue, PageImage, Usage
from deepocr_kit.geometry import BBox
from deepocr_kit.revisers.fields import leaf_specs

__all__ = [
    "EvidenceGrade",
    "Exchange",
    "FieldEvidence",
    "OnUnsupported",
    "PageBox",
    "Reviser",
    "Revision",
    "T",
]

T = TypeVar("T", bound=BaseModel, default=BaseModel)

OnUnsupported: TypeAlias = Literal["flag", "null", "raise"]
"""What happens to a value that nothing on the page proves: kept and flagged, taken out, or refused."""


class EvidenceGrade(StrEnum):
    """How well the page proves a value, best first.

    ``CITED_*``: the value stands in the region that was named as its source,
    to the letter, after normalising, or as an equal number, date or code.
    ``FOUND_LABELLED``: it stands beside its own label. ``FOUND_UNIQUE``: it
    stands in exactly one place. ``FUZZY``: prose that differs in a few
    characters. The grades below prove nothing by themselves (``is_low``):
    ``AMBIGUOUS`` (several places, nothing decides), ``CONFUSABLE`` (equal
    only if look-alike characters are exchanged), ``DERIVED`` (declared as
    computed), ``UNSUPPORTED`` (nowhere on the page), ``MISSING`` (no value).
    """

    CITED_EXACT = "cited_exact"
    CITED_NORMALIZED = "cited_normalized"
    CITED_TYPED = "cited_typed"
    FOUND_LABELLED = "found_labelled"
    FOUND_UNIQUE = "found_unique"
    FUZZY = "fuzzy"
    AMBIGUOUS = "ambiguous"
    CONFUSABLE = "confusable"
    DERIVED = "derived"
    UNSUPPORTED = "unsupported"
    MISSING = "missing"

    @property
    def is_low(self) -> bool:
        """Whether a person should look at the value before money moves."""
        return self in _LOW_GRADES


_LOW_GRADES = frozenset(
    {
        EvidenceGrade.AMBIGUOUS,
        EvidenceGrade.CONFUSABLE,
        EvidenceGrade.DERIVED,
        EvidenceGrade.UNSUPPORTED,
        EvidenceGrade.MISSING,
    }
)


class PageBox(BaseModel):
    """A box on one page of the document.

    Attributes:
        page_index: 0-based.
        bbox: In the unit frame of that page.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    page_index: int = Field(ge=0)
    bbox: BBox


class FieldEvidence(BaseModel):
    """What proves one value of the schema.

    Attributes:
        path: ``total``, ``seller.name``, ``lines[0].amount``.
        raw_text: The value as the reviser gave it, before it was typed.
        value: The typed value (``Decimal``, ``date``, ``str``, ...); None when there is none.
        quote: The words on the page that prove it; empty when nothing does.
        region_ids: Where they stand.
        boxes: Boxes of those regions.
        grade: How well they prove it.
        score: 0..1, a documented heuristic for sorting; not a probability.
        signals: Named facts behind the grade, e.g. ``ocr_confidence``.
        reason: Why there is no value or no proof, for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    raw_text: str = ""
    value: Any = None
    quote: str = ""
    region_ids: tuple[str, ...] = ()
    boxes: tuple[PageBox, ...] = ()
    grade: EvidenceGrade
    score: float = Field(default=0.0, ge=0, le=1)
    signals: dict[str, float | bool | str] = {}
    reason: str = ""

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at it before money moves.

        So it is when the grade is low, a rule between fields is broken or a second
        reviser read another value; not when a person confirmed the value, nor when
        arithmetic with proved values settles what several places leave open.
        """
        if self.signals.get("confirmed"):
            return False
        disputed = any(self.signals.get(name) is False for name in ("agrees_with_second", "agrees_with_rules"))
        low = self.grade.is_low and not self.signals.get("settled_by_check")
        return low or disputed or bool(self.signals.get("checks_failed"))


class Exchange(BaseModel):
    """One question to a model and its answer, for the auditor.

    Attributes:
        request: What was asked, as JSON text; no key, no image bytes.
        response: The answer as it came.
        method: How the form was asked for, e.g. ``json_schema`` or ``tool``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: str
    response: str
    method: str = ""


class Revision(BaseModel, Generic[T]):
    """A document read into a schema.

    Attributes:
        value: The value; None when the required fields could not be filled.
        fields: Evidence for every leaf of the schema, by path.
        issues: What went wrong.
        usage: Over all attempts.
        model: What answered; ``rules`` for the rules reviser.
        method: How it was asked.
        exchanges: Everything that was asked and answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: SerializeAsAny[T] | None = None
    fields: dict[str, FieldEvidence] = {}
    issues: tuple[Issue, ...] = ()
    usage: Usage = Usage()
    model: str = ""
    method: str = ""
    exchanges: tuple[Exchange, ...] = ()


class Reviser(ABC):
    """Reads a document into the user's schema; one instance serves many documents at once.

    Attributes:
        send_images: Whether it wants the pictures of the pages; a pipeline then keeps
            them and calls ``revise_with_images``.
    """

    send_images: bool = False

    def check_schema(self, schema: type[BaseModel]) -> None:
        """Refuse a schema before a page costs anything; a pipeline asks when it is made.

        Refuses what none of the library's revisers can fill; override it in one that fills more, or less.

        Args:
            schema: Any pydantic model class.

        Raises:
            SchemaError: The schema cannot be used.
        """
        leaf_specs(schema)

    @abstractmethod
    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
        """Fill ``schema`` from ``document``, with evidence for every field.

        Args:
            document: Pages in reading order.
            schema: Any pydantic model class.
            instructions: Extra words for a model; never document text.

        Raises:
            SchemaError: The schema cannot be used.
            UnsupportedValueError: ``on_unsupported="raise"`` and a value has no support.
            ServiceError: The model's server does not answer.
        """

    async def revise_with_images(
        self,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage],  # noqa: ARG002 - for revisers that see
        *,
        instructions: str | None = None,
    ) -> Revision[T]:
        """As ``revise``, for a reviser with ``send_images``; others have no use for the pictures.

        Args:
            document: As in ``revise``.
            schema: As in ``revise``.
            images: Pages by index, upright like the document.
            instructions: As in ``revise``.

        Raises:
            SchemaError, UnsupportedValueError, ServiceError: As ``revise``.
        """
        return await self.revise(document, schema, instructions=instructions)

    async def aclose(self) -> None:
        """Free connections. May be called twice."""

    async def __aenter__(self) -> Self:
        """The reviser itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        await self.aclose()
