"""``deepocr run``: many sources at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from deepocr_kit.cli import _options as options
from deepocr_kit.cli._formats import ExtraForm, also_written, load_pictures
from deepocr_kit.cli._paths import expand, output_names
from deepocr_kit.cli._report import ExitCode, exit_code, field_table, issue_lines, printable
from deepocr_kit.cli._schema import load_schema
from deepocr_kit.pipeline import Pipeline, Result
from deepocr_kit.store import RunStore, save_files

__all__ = ["run"]


def run(
    sources: Annotated[list[str], typer.Argument(help="Images, PDFs, folders or patterns.", metavar="SOURCE...")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results, one folder a source.")] = Path(
        "deepocr-output"
    ),
    schema: options.SchemaOption = None,
    backend: options.BackendOption = None,
    base_url: options.BaseUrlOption = None,
    model: options.ModelOption = None,
    reviser: options.ReviserOption = options.ReviserName.RULES,
    reviser_base_url: options.ReviserBaseUrlOption = None,
    reviser_model: options.ReviserModelOption = None,
    dpi: options.DpiOption = None,
    concurrency: Annotated[int | None, typer.Option("--concurrency", help="Pages in flight at once.", min=1)] = None,
    audit: Annotated[Path | None, typer.Option("--audit", help="Folder that keeps every intermediate.")] = None,
    also: Annotated[
        list[ExtraForm] | None, typer.Option("--also", help="A further form to write; may be given several times.")
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Also write review.html, on which a person checks and corrects the values.")
    ] = False,
    pictures: Annotated[
        bool,
        typer.Option("--pictures", help="Keep the scan under the HTML, and cut pictures out into files for Markdown."),
    ] = False,
    fields: Annotated[bool, typer.Option("--fields/--no-fields", help="Print the fields of each source.")] = True,
) -> None:
    """Read images and PDFs into HTML, text, Markdown and JSON, and into a schema when one is given.

    Ends with 0 when everything was read, 3 when something is missing or doubtful, 1 when nothing
    could be read, and 2 when the command line is wrong. After Ctrl-C it ends with 130, and keeps what was finished.
    """
    console, log = Console(), Console(stderr=True)
    if not all(sources):  # a shell's variable that is not set; as a path it would be the current folder
        raise typer.BadParameter("an empty name is no source", param_hint="SOURCE")
    paths = expand(sources)
    if not paths:
        log.print("no image or PDF in what was named", style="red")
        raise typer.Exit(ExitCode.FAILURE)
    names = output_names(paths)
    schema_class = None if schema is None else load_schema(schema)
    policy = options.make_policy(dpi)
    results: list[Result[Any]] = []
    started = time.monotonic()
    with (
        Pipeline(
            options.make_backend(backend, base_url, model),
            schema=schema_class,
            reviser=None if schema_class is None else options.make_reviser(reviser, reviser_base_url, reviser_model),
            store=None if audit is None else RunStore(audit),
            policy=policy,
            concurrency=concurrency,
        ) as pipeline,
        Progress(
            *(SpinnerColumn(), TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
            console=log,
            disable=not log.is_terminal,
        ) as progress,
    ):
        bar = progress.add_task("reading", total=len(paths))
        for result in pipeline.run_many(paths):
            folder = out / names[result.index]
            if result.document.pages:
                scans = load_pictures(paths[result.index], policy, skip_damaged=True) if pictures or review else {}
                result.save(folder, images=scans if pictures else None)
                save_files(folder, also_written(result.document, also or (), paths[result.index], policy))
                if review:
                    save_files(folder, {"review.html": result.review_html(images=scans)})
            _report(console, paths[result.index], folder, result, fields=fields)
            results.append(result)
            progress.advance(bar)
    _summary(log, results, time.monotonic() - started)
    raise typer.Exit(exit_code(results))


def _report(
    console: Console,
    path: Path,
    folder: Path,
    result: Result[Any],
    *,
    fields: bool,
) -> None:
    where = f" -> {folder}" if result.document.pages else ""
    console.print(Text(f"{result.status.value:8} {printable(str(path))}{where}"), soft_wrap=True)
    if result.error is not None:
        console.print(Text(f"  {printable(result.error.message)}", style="red"), soft_wrap=True)
    issue_lines(console, result.issues)
    if fields and result.evidence:
        console.print(field_table(result.evidence))


def _summary(log: Console, results: list[Result[Any]], seconds: float) -> None:
    pages = sum(len(result.document.pages) for result in results)
    counts = dict.fromkeys(("ok", "degraded", "failed"), 0)
    for result in results:
        counts[result.status.value] += 1
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    counted = f"{_count(len(results), 'source')}, {_count(pages, 'page')}"
    log.print(f"{counted} in {seconds:.1f} s: {said}", highlight=False)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
