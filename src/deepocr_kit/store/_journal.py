"""A hash-chained journal: one JSON line an entry, each with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from deepocr_kit.errors import StoreError

__all__ = ["Journal", "JournalEntry"]

GENESIS = "0" * 64
"""What the first entry names as its predecessor."""


class JournalEntry(BaseModel):
    """One thing that was kept.

    Attributes:
        sequence: 0-based place in the journal.
        run: Id of the run that kept it.
        kind: ``source``, ``page_image``, ``recognition``, ``page``, ``document`` or ``revision``.
        sha256: Digest of the artifact.
        media_type: Of the artifact.
        page_index: 0-based page it belongs to; None for a whole document.
        previous: ``hash`` of the entry before.
        hash: Digest of all other fields, in canonical JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    run: str
    kind: str
    sha256: str
    media_type: str
    page_index: int | None = None
    previous: str
    hash: str = ""

    def digest(self) -> str:
        """What ``hash`` must be."""
        facts = self.model_dump(exclude={"hash"})
        canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


class Journal:
    """Appends entries to a file; safe to share between threads of one process.

    Args:
        path: The file; made on the first entry.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last: JournalEntry | None = None
        self._loaded = False

    def append(self, *, run: str, kind: str, sha256: str, media_type: str, page_index: int | None) -> JournalEntry:
        """Add an entry and flush it to the disk.

        Raises:
            StoreError: The file cannot be written, or what is in it is not a journal.
        """
        with self._lock:
            if not self._loaded:
                entries = self.entries()
                self._last = entries[-1] if entries else None
                self._loaded = True
            last = self._last
            entry = JournalEntry(
                sequence=0 if last is None else last.sequence + 1,
                run=run,
                kind=kind,
                sha256=sha256,
                media_type=media_type,
                page_index=page_index,
                previous=GENESIS if last is None else last.hash,
            )
            entry = entry.model_copy(update={"hash": entry.digest()})
            self._write(entry.model_dump_json() + "\n")
            self._last = entry
            return entry

    def entries(self) -> tuple[JournalEntry, ...]:
        """All entries, the chain checked. A torn last line, as a crash leaves it, is cut off.

        Raises:
            StoreError: An entry was changed, removed or put in.
        """
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(f"cannot read {self._path.name!r}: {error.strerror}") from None
        torn = lines.pop()
        if torn:
            self._cut(len(torn))
        entries: list[JournalEntry] = []
        previous = GENESIS
        for number, line in enumerate(lines, start=1):
            try:
                entry = JournalEntry.model_validate_json(line)
            except ValidationError:
                raise StoreError(f"line {number} of {self._path.name!r} is not a journal entry") from None
            whole = entry.sequence == len(entries) and entry.previous == previous and entry.hash == entry.digest()
            if not whole:
                raise StoreError(f"line {number} of {self._path.name!r} was changed after it was written")
            entries.append(entry)
            previous = entry.hash
        return tuple(entries)

    def _write(self, line: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"cannot write {self._path.name!r}: {error.strerror}") from None

    def _cut(self, length: int) -> None:
        with self._path.open("r+b") as file:
            file.truncate(file.seek(0, os.SEEK_END) - length)
