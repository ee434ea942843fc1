"""The face of every opened source: so many pages, loaded one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from deepocr_kit.documents import PageImage, SourceInfo
from deepocr_kit.errors import ClosedError

__all__ = ["PageSource"]


class PageSource(ABC):
    """A source that has been opened and whose pages are counted.

    Pages may be loaded in any order, several times, and from several threads
    at once. A page that fails leaves its siblings alone.

    Attributes:
        info: Name, digest and media type of the source.
        page_count: Number of pages, at least 1.
    """

    def __init__(self, info: SourceInfo, page_count: int) -> None:
        self.info = info
        self.page_count = page_count
        self._closed = False

    def load_page(self, index: int) -> PageImage:
        """Decode and encode one page; blocks.

        Args:
            index: 0-based page.

        Returns:
            The upright page; what was changed or left out stands in its ``issues``.

        Raises:
            InputError: This page cannot be had; ``page_index`` says which one.
            IndexError: There is no such page.
            ClosedError: The source is closed.
        """
        if self._closed:
            raise ClosedError(f"the source {self.info.name!r} is closed; open it again")
        if not 0 <= index < self.page_count:
            raise IndexError(f"page index {index!r} of {self.info.name!r} is not in 0..{self.page_count - 1}")
        return self._load_page(index)

    @abstractmethod
    def _load_page(self, index: int) -> PageImage:
        """``load_page`` of an open source with an index that exists."""

    def close(self) -> None:
        """Free memory and processes. May be called twice, and while pages load in other threads."""
        self._closed = True

    def __repr__(self) -> str:
        pages = "1 page" if self.page_count == 1 else f"{self.page_count} pages"
        return f"<{type(self).__name__} {self.info.name!r}, {pages}{', closed' if self._closed else ''}>"

    def __enter__(self) -> Self:
        """The source itself."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()
