"""The forms that a document can be written in, by the endings of file names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deepocr_kit.documents import Document, PageImage
from deepocr_kit.errors import InputError
from deepocr_kit.inputs import InputPolicy, open_source
from deepocr_kit.rendering import (
    render_alto,
    render_csv,
    render_docling,
    render_hocr,
    render_html,
    render_json,
    render_json_schema,
    render_markdown,
    render_page_xml,
    render_searchable_pdf,
    render_text,
)
from deepocr_kit.store import save_files

__all__ = ["ExtraForm", "also_written", "json_schema", "load_pictures", "write_as"]

Pictures = Mapping[int, PageImage]
_Writer = Callable[[Document, Pictures], str | bytes | tuple[str, ...]]


class ExtraForm(StrEnum):
    """What ``run`` can write beside its four files."""

    HOCR = "hocr"
    ALTO = "alto"
    PAGE = "page"
    DOCLING = "docling"
    CSV = "csv"
    PDF = "pdf"


_SUFFIXES = {
    ExtraForm.HOCR: ".hocr",
    ExtraForm.ALTO: ".alto.xml",
    ExtraForm.PAGE: ".page.xml",
    ExtraForm.DOCLING: ".docling.json",
    ExtraForm.CSV: ".csv",
    ExtraForm.PDF: ".pdf",
}

_WRITERS: dict[str, _Writer] = {
    ".html": lambda document, pictures: render_html(document, images=pictures or None),
    ".htm": lambda document, pictures: render_html(document, images=pictures or None),
    ".md": lambda document, _: render_markdown(document),
    ".markdown": lambda document, _: render_markdown(document),
    ".html.md": lambda document, _: render_markdown(document, tables="html"),
    ".txt": lambda document, _: render_text(document),
    ".hocr": lambda document, _: render_hocr(document),
    ".alto.xml": lambda document, _: render_alto(document),
    ".page.xml": lambda document, _: render_page_xml(document, created=datetime.now(UTC)),
    ".docling.json": lambda document, _: render_docling(document),
    ".csv": lambda document, _: render_csv(document),
    ".pdf": lambda document, pictures: render_searchable_pdf(document, pictures),
    ".json": lambda document, _: render_json(document),
}
"""By the ending of the file's name; the longest one that fits counts."""


def write_as(document: Document, name: str, pictures: Pictures) -> dict[str, str | bytes]:
    """Files by name: the document in the form that ``name`` asks for; PAGE XML gives one file per page.

    Raises:
        typer.BadParameter: No form has this ending.
    """
    ending = max((end for end in _WRITERS if name.lower().endswith(end)), key=len, default=None)
    if ending is None:
        known = ", ".join(_WRITERS)
        raise typer.BadParameter(f"the ending of {name!r} names no form; use one of {known}", param_hint="--out")
    written = _WRITERS[ending](document, pictures)
    if not isinstance(written, tuple):
        return {name: written}
    if len(written) == 1:
        return {name: written[0]}
    stem, tail = name[: -len(ending)], name[-len(ending) :]
    return {f"{stem}-{number}{tail}": text for number, text in enumerate(written, start=1)}


def also_written(
    document: Document, forms: Iterable[ExtraForm], source: Path, policy: InputPolicy
) -> dict[str, str | bytes]:
    """Further files of a result, named ``document`` with the form's ending."""
    wanted = tuple(dict.fromkeys(forms))
    pictures = load_pictures(source, policy, skip_damaged=True) if ExtraForm.PDF in wanted else {}
    files: dict[str, str | bytes] = {}
    for form in wanted:
        files |= write_as(document, f"document{_SUFFIXES[form]}", pictures)
    return files


def load_pictures(
    source: Path, policy: InputPolicy | None = None, *, skip_damaged: bool = False
) -> dict[int, PageImage]:
    """The pages of a source, by 0-based index.

    Args:
        source: An image or PDF.
        policy: What is let in.
        skip_damaged: Leave pages out that cannot be opened, instead of raising.

    Raises:
        InputError: The source, or a page without ``skip_damaged``, cannot be opened.
    """
    pictures: dict[int, PageImage] = {}
    with open_source(source, policy=policy or InputPolicy()) as opened:
        for index in range(opened.page_count):
            try:
                pictures[index] = opened.load_page(index)
            except InputError:
                if not skip_damaged:
                    raise
    return pictures


def json_schema(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; without it the terminal.")] = None,
) -> None:
    """Print the JSON Schema of document.json."""
    if out is None:
        typer.echo(render_json_schema(), nl=False)
    else:
        save_files(out.parent, {out.name: render_json_schema()})
