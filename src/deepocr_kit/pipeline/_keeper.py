"""Keeps the intermediates of one run, and remembers when that failed."""

from __future__ import annotations

from collections.abc import Callable

import anyio.to_thread

from deepocr_kit.documents import Document, PageImage, Recognition
from deepocr_kit.errors import StoreError
from deepocr_kit.revisers import Revision
from deepocr_kit.revisers.base import T
from deepocr_kit.store import RunStore

__all__ = ["Keeper"]


class Keeper:
    """Writes to a store in worker threads, or does nothing without one.

    A full disk must not cost the pages that were already read, so a failure
    is kept in ``error`` and the run goes on.
    """

    def __init__(self, store: RunStore | None) -> None:
        self._store = store
        self._run = "" if store is None else store.new_run()
        self.error: StoreError | None = None

    async def page(self, image: PageImage, recognition: Recognition) -> None:
        """Keep the picture and the backend's answer."""

        def keep(store: RunStore) -> None:
            store.keep_page_image(self._run, image)
            store.keep_recognition(self._run, image.page_index, recognition)

        await self._keep(keep)

    async def document(self, document: Document) -> None:
        """Keep the document."""
        await self._keep(lambda store: store.keep_document(self._run, document))

    async def revision(self, revision: Revision[T]) -> None:
        """Keep the revision."""
        await self._keep(lambda store: store.keep_revision(self._run, revision))

    async def _keep(self, write: Callable[[RunStore], object]) -> None:
        store = self._store
        if store is None or self.error is not None:
            return
        try:
            await anyio.to_thread.run_sync(lambda: write(store))
        except StoreError as error:
            self.error = error
