"""``deepocr ocr``, ``render`` and ``revise``: the way of a page, one step at a time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import anyio
import typer
from pydantic import ValidationError
from rich.console import Console

from deepocr_kit.cli import _options as options
from deepocr_kit.cli._formats import load_pictures, write_as
from deepocr_kit.cli._report import ExitCode, exit_code, field_table, issue_lines, printable
from deepocr_kit.cli._schema import load_schema
from deepocr_kit.documents import Document, PageImage, Severity
from deepocr_kit.errors import DamagedInputError, SourceNotFoundError
from deepocr_kit.grounding import OcrTask
from deepocr_kit.pipeline import (
    PAGE_SPLIT,
    PageDone,
    PageText,
    Pipeline,
    Result,
    RunDone,
    evidence_json,
    parse_document,
    revise_document,
)
from deepocr_kit.revisers import Revision, load_corrections
from deepocr_kit.store import save_files

__all__ = ["ocr", "render", "revise"]

MOST_BYTES = 1 << 30
"""A document or a raw text is never longer; what has no end, such as a device, must not fill the memory."""

ImageOption = Annotated[
    Path | None,
    typer.Option(
        "--image", help="The scan: gives a raw text its page size, and stands under the text in HTML and PDF."
    ),
]


def ocr(
    image: Annotated[Path, typer.Argument(help="An image or PDF.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for raw.txt and document.json.")],
    backend: options.BackendOption = None,
    base_url: options.BaseUrlOption = None,
    model: options.ModelOption = None,
    task: Annotated[OcrTask, typer.Option("--task", help="What the model is asked to do.")] = OcrTask.DOCUMENT,
) -> None:
    """Read one source; the model's raw text streams to the terminal and is kept."""
    log = Console(stderr=True)
    with Pipeline(options.make_backend(backend, base_url, model), task=task, concurrency=1) as pipeline:
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
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            help="What to write: X.html, X.md (X.html.md: tables in HTML), X.txt, X.json, X.hocr, X.alto.xml, "
            "X.page.xml, X.docling.json, X.csv or X.pdf.",
        ),
    ],
    image: ImageOption = None,
) -> None:
    """Write a saved document, or a raw grounding text, in another form; the name's ending says which."""
    log = Console(stderr=True)
    _refuse_overwriting((file, image), by=(out,))
    pictures = {} if image is None else load_pictures(image)
    document = _load(file, pictures)
    saved = save_files(out.parent, write_as(document, out.name, pictures))
    issue_lines(log, document.issues)
    log.print(f"wrote {', '.join(map(str, saved))}", highlight=False, soft_wrap=True)


def revise(
    file: Annotated[Path, typer.Argument(help="A document.json, or a raw grounding text.")],
    schema: options.RequiredSchemaOption,
    out: Annotated[Path, typer.Option("--out", help="What to write: X.json; the evidence goes to X.evidence.json.")],
    reviser: options.ReviserOption = options.ReviserName.RULES,
    reviser_base_url: options.ReviserBaseUrlOption = None,
    reviser_model: options.ReviserModelOption = None,
    image: ImageOption = None,
    review: Annotated[
        Path | None,
        typer.Option("--review", help="Also write a page, X.html, on which a person checks and corrects the values."),
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", help="What a person saved on that page; it goes into the result.")
    ] = None,
) -> None:
    """Read a saved document, or a raw grounding text, into a schema; every value with its evidence."""
    console, log = Console(), Console(stderr=True)
    evidence = out.with_suffix(".evidence.json")
    _refuse_overwriting((file, image, corrections, Path(schema)), by=(out, evidence, review))
    schema_class = load_schema(schema)
    pictures = {} if image is None else load_pictures(image)
    document = _load(file, pictures)
    said = None if corrections is None else load_corrections(_text_of(corrections, "Give the JSON of a review page"))

    async def read() -> Revision[Any]:
        async with options.make_reviser(reviser, reviser_base_url, reviser_model) as used:
            return await revise_document(used, document, schema_class)

    result = Result(document, anyio.run(read))
    if said is not None:
        result = result.corrected(said, schema=schema_class)
    revision = result.revision or Revision()
    files = {evidence.name: evidence_json(revision)}
    if revision.value is not None:
        files[out.name] = revision.value.model_dump_json(indent=2)
    saved = save_files(out.parent, files)
    if review is not None:
        saved += save_files(review.parent, {review.name: result.review_html(images=pictures)})
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


def _refuse_overwriting(inputs: Sequence[Path | None], *, by: Sequence[Path | None]) -> None:
    """See that no output is written over what is read.

    Raises:
        typer.BadParameter: One is.
    """
    read = [path for path in inputs if path is not None and path.exists()]
    for written in by:
        if written is not None and written.exists() and any(written.samefile(path) for path in read):
            raise typer.BadParameter(f"{str(written)!r} would be written over, and it is read; give another name")


def _text_of(file: Path, remedy: str) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise DamagedInputError(str(file), f"it has more than {MOST_BYTES >> 20} MiB", remedy)
        return data.decode("utf-8-sig")
    except OSError as error:
        raise SourceNotFoundError(str(file), error.strerror or "cannot be read", remedy) from None
    except UnicodeDecodeError:
        hint = f"{remedy} in UTF-8; to read a scan use deepocr ocr or deepocr run"
        raise DamagedInputError(str(file), "it is not text", hint) from None


def _load(file: Path, pictures: dict[int, PageImage]) -> Document:
    text = _text_of(file, "Give a document.json or a raw grounding text")
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
