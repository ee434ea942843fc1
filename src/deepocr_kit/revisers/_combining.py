"""What revisers made of other revisers have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from deepocr_kit.documents import Document, PageImage
from deepocr_kit.revisers.base import Reviser, Revision, T

__all__ = ["CombinedReviser"]


class CombinedReviser(Reviser):
    """Owns other revisers, hands documents on to them and closes them; a subclass gives ``_combine``.

    Args:
        revisers: The parts.
    """

    def __init__(self, *revisers: Reviser) -> None:
        for reviser in revisers:
            if not isinstance(reviser, Reviser):
                raise TypeError(f"revisers are combined, got {reviser!r}")
        self.revisers = revisers
        self.send_images = any(reviser.send_images for reviser in revisers)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.revisers))})"

    async def revise(self, document: Document, schema: type[T], *, instructions: str | None = None) -> Revision[T]:
        """As every reviser."""
        return await self._combine(document, schema, None, instructions)

    async def revise_with_images(
        self,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage],
        *,
        instructions: str | None = None,
    ) -> Revision[T]:
        """As ``revise``; those parts that see get the pictures."""
        return await self._combine(document, schema, images, instructions)

    async def aclose(self) -> None:
        """Close all parts. May be called twice."""
        for reviser in self.revisers:
            await reviser.aclose()

    @abstractmethod
    async def _combine(
        self,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage] | None,
        instructions: str | None,
    ) -> Revision[T]:
        """Ask the parts."""

    async def _ask(
        self,
        reviser: Reviser,
        document: Document,
        schema: type[T],
        images: Mapping[int, PageImage] | None,
        instructions: str | None,
    ) -> Revision[T]:
        if images is None:
            return await reviser.revise(document, schema, instructions=instructions)
        return await reviser.revise_with_images(document, schema, images, instructions=instructions)
