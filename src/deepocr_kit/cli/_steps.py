"""``deepocr ocr``, ``render`` and ``revise``: the way of a page, one step at a time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import anyio
import typer
from pydantic import ValidationError
from rich.console import Console

from deepocr_kit.cli._options import (
    BackendOption,
    BaseUrlOption,
    ModelOption,
    ReviserBaseUrlOption,
    ReviserModelOption,
    ReviserName,
    ReviserOption,
    make_backend,
    make_reviser,
)
from deepocr_kit.cli._report import ExitCode, exit_code, field_table, issue_lines, printable
from deepocr_kit.cli._schema import load_schema
from deepocr_kit.documents import Document, PageImage, Severity
from deepocr_kit.errors import DamagedInputError, SourceNotFoundError
from deepocr_kit.grounding import OcrTask
from deepocr_kit.inputs import open_source
from deepocr_kit.pipeline import PAGE_SPLIT, PageDone, PageText, Pipeline, RunDone, evidence_json, parse_document
from deepocr_kit.rendering import render_html, render_json, render_markdown, render_text
from deepocr_kit.revisers import Revision
from deepocr_kit.store import save_files

__all__ = ["ocr", "render", "revise"]

ImageOption = Annotated[
    Path | None,
    typer.Option("--image", help="The scan: gives a raw text its page size, and stands under the text in HTML."),
]


def ocr(
    image: Annotated[Path, typer.Argument(help="An image or PDF.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for raw.txt and document.json.")],
    backend: BackendOption = None,
    base_url: BaseUrlOption = None,
    model: ModelOption = None,
    task: Annotated[OcrTask, typer.Option("--task", help="What the model is asked to do.")] = OcrTask.DOCUMENT,
) -> None:
    """Read one source; the model's raw text streams to the terminal and is kept."""
    log = Console(stderr=True)
    with Pipeline(make_backend(backend, base_url, model), task=task, concurrency=1) as pipeline:
        streamed: set[int] = set()
        for event in pipeline.stream(image):
            match event:
                case PageText(page_index, text):
                    streamed.add(page_index)
                    _show(text)
                case PageDone(page):
                    # an engine in this process has its text all at once
                    _show("\n" if page.index in streamed else f"{page.raw_text}\n")
                case RunDone(result):
                    raw_text = f"\n{PAGE_SPLIT}\n".join(page.raw_text for page in result.document.pages)
                    saved = save_files(out, {"raw.txt": raw_text, "document.json": result.json()})
                    issue_lines(log, result.issues)
                    log.print(f"kept in {', '.join(str(path) for path in saved)}", highlight=False, soft_wrap=True)
                    raise typer.Exit(exit_code([result]))


def render(
    file: Annotated[Path, typer.Argument(help="A document.json, or a raw grounding text.")],
    out: Annotated[Path, typer.Option("--out", help="What to write: X.html, X.md, X.txt or X.json.")],
    image: ImageOption = None,
) -> None:
    """Write a saved document, or a raw grounding text, as HTML, Markdown, text or JSON."""
    log = Console(stderr=True)
    pictures = {} if image is None else _pictures(image)
    document = _load(file, pictures)
    match out.suffix.lower():
        case ".html" | ".htm":
            text = render_html(document, images=pictures or None)
        case ".md" | ".markdown":
            text = render_markdown(document)
        case ".txt":
            text = render_text(document)
        case ".json":
            text = render_json(document)
        case suffix:
            raise typer.BadParameter(f"cannot write {suffix!r}: use .html, .md, .txt or .json", param_hint="--out")
    save_files(out.parent, {out.name: text})
    issue_lines(log, document.issues)
    log.print(f"wrote {out}", highlight=False, soft_wrap=True)


def revise(
    file: Annotated[Path, typer.Argument(help="A document.json, or a raw grounding text.")],
    schema: Annotated[str, typer.Option("--schema", help="module:Class, file.py:Class, or a JSON Schema file.")],
    out: Annotated[Path, typer.Option("--out", help="What to write: X.json; the evidence goes to X.evidence.json.")],
    reviser: ReviserOption = ReviserName.RULES,
    reviser_base_url: ReviserBaseUrlOption = None,
    reviser_model: ReviserModelOption = None,
    image: ImageOption = None,
) -> None:
    """Read a saved document, or a raw grounding text, into a schema; every value with its evidence."""
    console, log = Console(), Console(stderr=True)
    schema_class = load_schema(schema)
    document = _load(file, {} if image is None else _pictures(image))

    async def read() -> Revision[Any]:
        async with make_reviser(reviser, reviser_base_url, reviser_model) as used:
            return await used.revise(document, schema_class)

    revision = anyio.run(read)
    files = {out.with_suffix(".evidence.json").name: evidence_json(revision)}
    if revision.value is not None:
        files[out.name] = revision.value.model_dump_json(indent=2)
    saved = save_files(out.parent, files)
    console.print(field_table(revision.fields))
    issue_lines(log, revision.issues)
    log.print(f"wrote {', '.join(str(path) for path in saved)}", highlight=False, soft_wrap=True)
    if revision.value is None:
        raise typer.Exit(ExitCode.FAILURE)
    doubtful = any(issue.severity is Severity.ERROR for issue in revision.issues)
    raise typer.Exit(ExitCode.PARTIAL if doubtful else ExitCode.SUCCESS)


def _show(text: str) -> None:
    sys.stdout.write(printable(text))
    sys.stdout.flush()


def _pictures(image: Path) -> dict[int, PageImage]:
    with open_source(image) as source:
        return {index: source.load_page(index) for index in range(source.page_count)}


def _load(file: Path, pictures: dict[int, PageImage]) -> Document:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        remedy = "Give a document.json or a raw grounding text"
        raise SourceNotFoundError(str(file), error.strerror or "cannot be read", remedy) from None
    except UnicodeDecodeError:
        remedy = "Give a document.json or a raw grounding text in UTF-8; to read a scan use deepocr ocr or deepocr run"
        raise DamagedInputError(str(file), "it is not text", remedy) from None
    if text.lstrip().startswith("{"):
        try:
            return Document.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the whole file"
            remedy = "Give the document.json that deepocr wrote"
            raise DamagedInputError(str(file), f"it is not a document: {where}: {first['msg']}", remedy) from None
    size = pictures[0].size if pictures else None
    return parse_document(text, size=size, name=file.name)
