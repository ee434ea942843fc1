"""Keeps every intermediate of a run, so that an auditor can tell later who was wrong."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from deepocr_kit.documents import Document, PageImage, Recognition
from deepocr_kit.errors import StoreError
from deepocr_kit.revisers import Revision
from deepocr_kit.store._files import write_atomic
from deepocr_kit.store._journal import Journal, JournalEntry

__all__ = ["RunStore"]


class RunStore:
    """A folder of artifacts named by their content, and a journal of what was kept when.

    ``artifacts/ab/abcdef...`` holds the bytes, ``journal.jsonl`` says what they are.
    Entries are chained by hash, so a later change shows in ``verify``. Safe to
    share between threads of one process; one process writes at a time.

    Args:
        directory: Made when it is missing.
    """

    def __init__(self, directory: str | Path) -> None:
        self.directory = Path(directory)
        self._journal = Journal(self.directory / "journal.jsonl")

    def new_run(self) -> str:
        """An id for one run over one source."""
        return uuid.uuid4().hex

    def keep_page_image(self, run: str, image: PageImage) -> JournalEntry:
        """Keep the picture that the model was given."""
        return self._keep(run, "page_image", image.data, image.media_type, image.page_index)

    def keep_recognition(self, run: str, page_index: int, recognition: Recognition) -> JournalEntry:
        """Keep what the backend made of a page, before any layout."""
        return self._keep_json(run, "recognition", recognition, page_index)

    def keep_document(self, run: str, document: Document) -> JournalEntry:
        """Keep the document after layout and checks."""
        return self._keep_json(run, "document", document, None)

    def keep_revision(self, run: str, revision: Revision[Any]) -> JournalEntry:
        """Keep what the reviser made of it, with every exchange."""
        return self._keep_json(run, "revision", revision, None)

    def entries(self, *, run: str | None = None) -> tuple[JournalEntry, ...]:
        """The journal, or the part of it that belongs to ``run``.

        Raises:
            StoreError: The chain is broken.
        """
        return tuple(entry for entry in self._journal.entries() if run is None or entry.run == run)

    def load(self, sha256: str) -> bytes:
        """The artifact with this digest.

        Raises:
            StoreError: It is not there, or is not what was written.
        """
        try:
            data = self._artifact_path(sha256).read_bytes()
        except OSError as error:
            raise StoreError(f"artifact {sha256} cannot be read: {error.strerror}") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"artifact {sha256} was changed after it was written")
        return data

    def verify(self) -> int:
        """Check the chain and every artifact that it names.

        Returns:
            Number of entries checked.

        Raises:
            StoreError: Something is missing or was changed.
        """
        entries = self._journal.entries()
        for digest in {entry.sha256 for entry in entries}:
            self.load(digest)
        return len(entries)

    def _keep_json(self, run: str, kind: str, value: BaseModel, page_index: int | None) -> JournalEntry:
        return self._keep(run, kind, value.model_dump_json().encode(), "application/json", page_index)

    def _keep(self, run: str, kind: str, data: bytes, media_type: str, page_index: int | None) -> JournalEntry:
        digest = hashlib.sha256(data).hexdigest()
        path = self._artifact_path(digest)
        if not path.exists():
            write_atomic(path, data)
        return self._journal.append(run=run, kind=kind, sha256=digest, media_type=media_type, page_index=page_index)

    def _artifact_path(self, digest: str) -> Path:
        return self.directory / "artifacts" / digest[:2] / digest
