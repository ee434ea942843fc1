"""``deepocr eval``: how right the fields of documents are whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import anyio
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deepocr_kit.cli import _options as options
from deepocr_kit.cli._formats import load_pictures
from deepocr_kit.cli._paths import output_names
from deepocr_kit.cli._report import ExitCode, printable
from deepocr_kit.cli._schema import load_schema
from deepocr_kit.documents import Document, PageImage, PageStatus
from deepocr_kit.errors import InputError
from deepocr_kit.evaluation import (
    DocumentEvaluation,
    EvaluationCase,
    EvaluationReport,
    evaluate,
    evaluate_results,
    evaluate_reviser,
    find_cases,
    load_document,
    load_result,
    render_report,
)
from deepocr_kit.inputs import InputPolicy
from deepocr_kit.pipeline import Pipeline, Result
from deepocr_kit.revisers import Reviser
from deepocr_kit.store import save_files

__all__ = ["evaluate_folder"]


def evaluate_folder(
    folder: Annotated[Path, typer.Argument(help="Documents with their truths: a.pdf and a.json, or a manifest.jsonl.")],
    schema: options.RequiredSchemaOption,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.json, report.html and the review pages of misses.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="Judge what deepocr run wrote into this folder; nothing is read.")
    ] = None,
    backend: options.BackendOption = None,
    base_url: options.BaseUrlOption = None,
    model: options.ModelOption = None,
    reviser: options.ReviserOption = options.ReviserName.RULES,
    reviser_base_url: options.ReviserBaseUrlOption = None,
    reviser_model: options.ReviserModelOption = None,
    dpi: options.DpiOption = None,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", help="Pages, or documents for the reviser, in flight at once.", min=1)
    ] = None,
    precision: Annotated[
        float, typer.Option("--precision", help="Precision at which the coverage is given.", min=0.01, max=1)
    ] = 0.97,
    min_accuracy: Annotated[
        float | None, typer.Option("--min-accuracy", help="End with 4 when the accuracy is below.", min=0, max=1)
    ] = None,
    min_f1: Annotated[
        float | None, typer.Option("--min-f1", help="End with 4 when the F1 is below.", min=0, max=1)
    ] = None,
) -> None:
    """Judge the fields of documents whose truth is known: a table, report.json and report.html.

    Ends with 0 when every document was judged, 3 when some were skipped or could not be read, 1 when
    none was judged, 2 when the command line is wrong, and 4 when a --min option is not reached.
    """
    console, log = Console(), Console(stderr=True)
    schema_class = load_schema(schema)
    found = find_cases(folder, without=[place for place in (out, results) if place is not None])
    policy = options.make_policy(dpi)
    pages = _ReviewPages(out, {case.name: case.source for case in found.cases}, policy)
    judging = _Judging(schema_class, pages, dict(found.skipped))
    if results is not None:
        judging.judge_results(found.cases, results)
    else:
        scans = [case for case in found.cases if not _is_document(case.source)]
        documents = [case for case in found.cases if _is_document(case.source)]
        if documents:
            judging.judge_documents(
                documents, options.make_reviser(reviser, reviser_base_url, reviser_model), concurrency or 4
            )
        if scans:
            with Pipeline(
                options.make_backend(backend, base_url, model),
                schema=schema_class,
                reviser=options.make_reviser(reviser, reviser_base_url, reviser_model),
                policy=policy,
                concurrency=concurrency,
            ) as pipeline:
                judging.judge_scans(scans, pipeline)
    report = judging.whole_report()
    _show(console, log, report, precision)
    if out is not None:
        files = {
            "report.json": report.model_dump_json(indent=2),
            "report.html": render_report(report, links=pages.links),
        }
        saved = save_files(out, files)
        log.print(f"wrote {', '.join(map(str, saved))}", highlight=False, soft_wrap=True)
    raise typer.Exit(_exit_code(log, report, min_accuracy, min_f1))


def _is_document(source: Path) -> bool:
    return source.suffix == ".json"


@dataclass
class _ReviewPages:
    """Review pages of the documents with misses, written as soon as a document is judged."""

    out: Path | None
    sources: dict[str, Path]
    policy: InputPolicy
    links: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = output_names([Path(name.replace("/", "-") + ".x") for name in self.sources])
        self._files = dict(zip(self.sources, (f"{name}.html" for name in names), strict=True))

    def write(self, judged: DocumentEvaluation, result: Result[Any]) -> None:
        if self.out is None or not judged.misses or not result.document.pages:
            return
        name = self._files[judged.name]
        page = result.review_html(images=self._scans(judged.name), title=judged.name)
        save_files(self.out / "review", {name: page})
        self.links[judged.name] = f"review/{quote(name)}"

    def _scans(self, name: str) -> dict[int, PageImage]:
        source = self.sources[name]
        if _is_document(source):
            return {}
        try:
            return load_pictures(source, self.policy, skip_damaged=True)
        except InputError:  # a stored result outlives its scan; the page draws the words then
            return {}


@dataclass
class _Judging:
    """The parts of one report."""

    schema: type[BaseModel]
    pages: _ReviewPages
    skipped: dict[str, str]
    parts: list[EvaluationReport] = field(default_factory=list)

    def judge_scans(self, cases: list[EvaluationCase[Path]], pipeline: Pipeline[Any]) -> None:
        self.parts.append(evaluate(pipeline, cases, on_judged=self.pages.write))

    def judge_documents(self, cases: list[EvaluationCase[Path]], reviser: Reviser, concurrency: int) -> None:
        def loaded() -> Iterator[EvaluationCase[Document]]:
            for case in cases:
                try:
                    yield EvaluationCase(case.name, load_document(case.source), case.expected)
                except InputError as error:
                    self.skipped[case.name] = error.message

        async def work() -> EvaluationReport:
            async with reviser:
                return await evaluate_reviser(
                    reviser, self.schema, loaded(), concurrency=concurrency, on_judged=self.pages.write
                )

        self.parts.append(anyio.run(work))

    def judge_results(self, cases: tuple[EvaluationCase[Path], ...], folder: Path) -> None:
        # a document that was read before is named like its scan
        places = [
            Path(f"{str(one.source).removesuffix('.document.json')}.x") if _is_document(one.source) else one.source
            for one in cases
        ]
        names = output_names(places)

        def loaded() -> Iterator[EvaluationCase[Result[Any]]]:
            for case, name in zip(cases, names, strict=True):
                try:
                    yield EvaluationCase(case.name, load_result(folder / name, self.schema), case.expected)
                except InputError as error:
                    self.skipped[case.name] = error.message

        self.parts.append(evaluate_results(self.schema, loaded(), on_judged=self.pages.write))

    def whole_report(self) -> EvaluationReport:
        first = EvaluationReport(schema_name=self.schema.__name__, skipped=self.skipped)
        whole = sum(self.parts, first)
        return whole.model_copy(update={"documents": tuple(sorted(whole.documents, key=lambda one: one.name))})


def _show(console: Console, log: Console, report: EvaluationReport, precision: float) -> None:
    summary = report.summary
    table = Table("field", *("right", "wrong", "missing", "spurious", "accuracy", "precision", "recall", "F1"))
    for column in table.columns[1:]:
        column.justify = "right"
    rows = {**summary.fields, "all": summary.all_fields}
    for name, one in rows.items():
        scores = one.scores
        counts = map(str, (scores.right, scores.wrong, scores.missing, scores.spurious))
        rates = map(_percent, (one.accuracy, one.precision, one.recall, one.f1))
        table.add_row(Text(name), *counts, *rates, end_section=list(rows)[-2:-1] == [name])
    console.print(table)
    coverage = report.coverage(precision)
    ends = summary.accuracy_interval
    said = {
        "documents": f"{summary.documents}, {summary.skipped} skipped",
        "accuracy": _percent(summary.all_fields.accuracy)
        + (f" (95 %: {_percent(ends[0])} to {_percent(ends[1])})" if ends else ""),
        "F1": f"{_percent(summary.all_fields.f1)}, mean of the fields {_percent(summary.macro_f1)}",
        "ANLS*": _percent(summary.anls),
        "whole items": f"F1 {_percent(summary.items_f1)}",
        "evidence": f"precision {_percent(summary.evidence_precision)}, recall {_percent(summary.evidence_recall)}",
        "coverage": f"{_percent(coverage.coverage)} at {_percent(precision)} precision"
        + ("" if coverage.threshold is None else f", scores from {coverage.threshold:.2f}"),
        "usage": f"{summary.usage.seconds:.1f} s, {summary.usage.requests} requests, "
        f"{summary.usage.prompt_tokens} + {summary.usage.completion_tokens} tokens",
    }
    for name, value in said.items():
        console.print(Text(f"{name:12} {value}"), soft_wrap=True)
    for name, reason in report.skipped.items():
        log.print(Text(f"skipped {printable(name)}: {printable(reason)}", style="yellow"), soft_wrap=True)
    for document in report.documents:
        if document.error:
            log.print(Text(f"{printable(document.name)}: {printable(document.error)}", style="red"), soft_wrap=True)


def _exit_code(log: Console, report: EvaluationReport, min_accuracy: float | None, min_f1: float | None) -> ExitCode:
    scores = report.scores
    if not scores.judged:
        log.print("nothing could be judged", style="red")
        return ExitCode.FAILURE
    below = False
    for name, rate, least in (("accuracy", scores.accuracy, min_accuracy), ("F1", scores.f1, min_f1)):
        # without values that were read or expected there is no F1 to fall short
        if least is not None and rate is not None and rate < least:
            log.print(f"{name} {_percent(rate)} is below {_percent(least)}", style="red")
            below = True
    if below:
        return ExitCode.BELOW
    unread = any(one.error or one.status is PageStatus.FAILED for one in report.documents)
    return ExitCode.PARTIAL if report.skipped or unread else ExitCode.SUCCESS


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %"
