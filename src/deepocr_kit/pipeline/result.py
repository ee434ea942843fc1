"""What a pipeline gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic

from pydantic import RootModel

from deepocr_kit.documents import Document, Issue, PageStatus
from deepocr_kit.errors import DeepOcrError, PageFailedError
from deepocr_kit.rendering import render_html, render_json, render_markdown, render_text
from deepocr_kit.revisers import FieldEvidence, Revision
from deepocr_kit.revisers.base import T
from deepocr_kit.store import save_files

__all__ = ["Result", "evidence_json"]


class _Fields(RootModel[dict[str, FieldEvidence]]):
    """The JSON form of all evidence of a revision."""


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """One source, read.

    Attributes:
        document: Every page, also those that failed.
        revision: The document read into the schema; None without a schema or when the reviser failed.
        error: Why the source could not be opened, the reviser gave nothing or something could not be kept.
        index: 0-based place of the source among those given to ``run_many``.
    """

    document: Document
    revision: Revision[T] | None = None
    error: DeepOcrError | None = field(default=None, compare=False)
    index: int = 0

    @property
    def value(self) -> T | None:
        """The schema's value; None when there is none."""
        return None if self.revision is None else self.revision.value

    @property
    def evidence(self) -> Mapping[str, FieldEvidence]:
        """Evidence for every leaf of the schema, by path such as ``lines[0].amount``."""
        return {} if self.revision is None else self.revision.fields

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues of all pages, then those of the reviser."""
        return self.document.issues + (() if self.revision is None else self.revision.issues)

    @property
    def status(self) -> PageStatus:
        """``failed`` when nothing could be read, ``degraded`` when a page or the value is not whole, else ``ok``."""
        status = self.document.status
        value_missing = self.revision is not None and self.revision.value is None
        if status is PageStatus.OK and (self.error is not None or value_missing):
            return PageStatus.DEGRADED
        return status

    def raise_for_status(self) -> None:
        """Raise when something is missing, instead of leaving it to be noticed.

        Raises:
            DeepOcrError: ``error``, or the failure of the first page that failed.
        """
        if self.error is not None:
            raise self.error
        for page in self.document.pages:
            if page.error is not None:
                raise PageFailedError(
                    page.error.message,
                    page_index=page.index,
                    error_type=page.error.type,
                    retryable=page.error.retryable,
                )

    def html(self) -> str:
        """The pages as one self-contained HTML file."""
        return render_html(self.document)

    def markdown(self) -> str:
        """The pages as Markdown."""
        return render_markdown(self.document)

    def text(self) -> str:
        """The pages as plain text that keeps the layout."""
        return render_text(self.document)

    def json(self) -> str:
        """The document as JSON."""
        return render_json(self.document)

    def save(self, directory: str | Path) -> tuple[Path, ...]:
        """Write everything into ``directory``, which is made when it is missing.

        Writes ``document.json``, ``document.html``, ``document.md`` and ``document.txt``, and with a
        schema ``value.json``, ``evidence.json`` and ``revision.json``. Each file is replaced whole or not at all.

        Returns:
            The files written.

        Raises:
            StoreError: A file cannot be written.
        """
        files = {
            "document.json": self.json(),
            "document.html": self.html(),
            "document.md": self.markdown(),
            "document.txt": self.text(),
        }
        if self.revision is not None:
            files["revision.json"] = self.revision.model_dump_json(indent=2)
            files["evidence.json"] = evidence_json(self.revision)
            if self.revision.value is not None:
                files["value.json"] = self.revision.value.model_dump_json(indent=2)
        return save_files(Path(directory), files)


def evidence_json(revision: Revision[T]) -> str:
    """The fields of a revision as a JSON object, by path."""
    return _Fields(revision.fields).model_dump_json(indent=2)
