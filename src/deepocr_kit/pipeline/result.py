"""What a pipeline gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Generic

from pydantic import RootModel

from deepocr_kit.documents import Document, Issue, PageImage, PageStatus
from deepocr_kit.errors import DeepOcrError, PageFailedError, RevisionError
from deepocr_kit.pipeline._review import issues_without_field, review_fields, review_lists
from deepocr_kit.pipeline._turning import evidence_as_handed_in, evidence_upright, upright_document
from deepocr_kit.rendering import crop_pictures, render_html, render_json, render_markdown, render_review, render_text
from deepocr_kit.revisers import Corrections, FieldEvidence, Revision, apply_corrections
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

    def review_html(self, *, images: Mapping[int, PageImage] | None = None, title: str | None = None) -> str:
        """The pages and the fields as one HTML file in which a person checks and corrects the values.

        Args:
            images: Scans by 0-based page index; without them the words of the regions are drawn.
            title: Of the file; the source's name by default.

        Raises:
            RenderError: An image is neither JPEG, PNG nor WebP.
        """
        if self.revision is None:
            return render_review(self.document, images=images, title=title)
        fields, issues = review_fields(self.revision), issues_without_field(self.revision)
        lists = () if self.value is None else review_lists(type(self.value))
        return render_review(self.document, fields, lists=lists, images=images, issues=issues, title=title)

    def corrected(self, corrections: Corrections, *, schema: type[T] | None = None) -> Result[T]:
        """The result with what a person corrected on the review page; the value is validated again.

        Args:
            corrections: As ``load_corrections`` gives them.
            schema: The model class; needed when the result has no value that tells it.

        Raises:
            RevisionError: There is nothing to correct, or the corrections belong to another result.
            SchemaError: The schema cannot be used.
        """
        known = schema or (None if self.value is None else type(self.value))
        if self.revision is None or known is None:
            raise RevisionError("there is no value to correct; pass schema= and a result with a revision")
        # values are looked up on upright pages, as when the fields were read
        seen = evidence_upright(self.revision, self.document)
        fresh = apply_corrections(upright_document(self.document), known, seen, corrections)
        return replace(self, revision=evidence_as_handed_in(fresh, self.document))

    def _repr_html_(self) -> str:
        """The pages, for a notebook: in a frame of their own, in which no script runs."""
        page = escape(self.html(), quote=True)
        return f'<iframe sandbox srcdoc="{page}" title="Document" style="width:100%;height:40em;border:0"></iframe>'

    def markdown(self) -> str:
        """The pages as Markdown."""
        return render_markdown(self.document)

    def text(self) -> str:
        """The pages as plain text that keeps the layout."""
        return render_text(self.document)

    def json(self) -> str:
        """The document as JSON."""
        return render_json(self.document)

    def save(self, directory: str | Path, *, images: Mapping[int, PageImage] | None = None) -> tuple[Path, ...]:
        """Write everything into ``directory``, which is made when it is missing.

        Writes ``document.json``, ``document.html``, ``document.md`` and ``document.txt``, and with a
        schema ``value.json``, ``evidence.json`` and ``revision.json``. Each file is replaced whole or not at all.

        Args:
            directory: Where to.
            images: Scans by 0-based page index. With them the HTML has the scan under the text, and pictures
                are cut out into ``pictures/``, where the Markdown finds them.

        Returns:
            The files written.

        Raises:
            StoreError: A file cannot be written.
            InputError: A scan cannot be decoded.
        """
        crops = crop_pictures(self.document, images or {})
        links = {place: f"pictures/{name}" for place, (name, _) in crops.items()}
        files: dict[str, str | bytes] = {
            "document.json": self.json(),
            "document.html": render_html(self.document, images=images),
            "document.md": render_markdown(self.document, pictures=links),
            "document.txt": self.text(),
            **{f"pictures/{name}": data for name, data in crops.values()},
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
