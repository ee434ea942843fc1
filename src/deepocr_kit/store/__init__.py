"""Every intermediate of a run, kept."""

from __future__ import annotations

from deepocr_kit.store._files import save_files, write_atomic
from deepocr_kit.store._journal import JournalEntry
from deepocr_kit.store.run_store import RunStore

__all__ = ["JournalEntry", "RunStore", "save_files", "write_atomic"]
