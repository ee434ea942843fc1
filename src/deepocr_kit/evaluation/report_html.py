"""An evaluation as one HTML file: the figures, and every miss."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources import files

from deepocr_kit.evaluation.comparison import FieldComparison
from deepocr_kit.evaluation.report import DocumentEvaluation, EvaluationReport
from deepocr_kit.evaluation.scores import FieldScores
from deepocr_kit.evaluation.summary import EvaluationSummary
from deepocr_kit.rendering._characters import escape

__all__ = ["render_report"]

MAX_SHOWN = 2_000
"""Characters of one value or quote that are shown."""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1></header>
<main>
<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
{figures}</section>
<section aria-labelledby="fields"><h2 id="fields">Fields</h2>
{fields}</section>
{skipped}<section aria-labelledby="misses"><h2 id="misses">Misses</h2>
{misses}</section>
</main>
</body>
</html>
"""


def render_report(report: EvaluationReport, *, links: Mapping[str, str] | None = None, title: str | None = None) -> str:
    """The report as one file that loads nothing and runs nothing.

    A content security policy names the hash of its one style sheet.

    Args:
        report: The evaluation.
        links: Relative addresses of review pages, by the documents' names.
        title: Of the page; names the schema by default.
    """
    style = files("deepocr_kit.evaluation").joinpath("_report_style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _PAGE.format(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        title=escape(title or f"Evaluation of {report.schema_name}"),
        style=style,
        figures=_figures(report.summary),
        fields=_fields(report),
        skipped=_skipped(report.skipped),
        misses=_misses(report.documents, links or {}),
    )


def _figures(summary: EvaluationSummary) -> str:
    everything, coverage = summary.all_fields, summary.coverage
    shown = [
        ("Documents", str(summary.documents), f"{summary.skipped} skipped" if summary.skipped else ""),
        ("Accuracy", _percent(everything.accuracy), _between(summary.accuracy_interval)),
        ("F1", _percent(everything.f1), _between(summary.f1_interval)),
        ("Precision", _percent(everything.precision), ""),
        ("Recall", _percent(everything.recall), ""),
        ("F1, mean of the fields", _percent(summary.macro_f1), ""),
        ("Aligned", _percent(summary.aligned), ""),
        ("ANLS*", _percent(summary.anls), ""),
        (
            "Whole items, F1",
            _percent(summary.items_f1),
            f"{summary.items.right} right of {summary.items.expected} expected",
        ),
        (
            "Evidence, precision",
            _percent(summary.evidence_precision),
            "no truth says where a value stands"
            if summary.evidence_recall is None
            else f"recall {_percent(summary.evidence_recall)}",
        ),
        (
            f"Coverage at {_percent(coverage.target)} precision",
            _percent(coverage.coverage),
            "no score reaches it" if coverage.threshold is None else f"scores from {coverage.threshold:.2f}",
        ),
        (
            "Usage",
            f"{summary.usage.seconds:.1f} s",
            f"{summary.usage.requests} requests, "
            f"{summary.usage.prompt_tokens} + {summary.usage.completion_tokens} tokens",
        ),
    ]
    parts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)} <small>{escape(more)}</small></dd></div>\n"
        for name, value, more in shown
    )
    return f'<dl class="figures">\n{parts}</dl>\n'


def _fields(report: EvaluationReport) -> str:
    heads = ("Right", "Wrong", "Missing", "Spurious", "Empty", "Accuracy", "Precision", "Recall", "F1")
    rows = [_field_row(field, scores) for field, scores in report.by_field.items()]
    head = "".join(f'<th scope="col" class="number">{name}</th>' for name in heads)
    return _table(f'<th scope="col">Field</th>{head}', rows, "Fields of the schema")


def _field_row(field: str, scores: FieldScores) -> str:
    counts = (scores.right, scores.wrong, scores.missing, scores.spurious, scores.empty)
    rates = (scores.accuracy, scores.precision, scores.recall, scores.f1)
    cells = "".join(f'<td class="number">{cell}</td>' for cell in (*counts, *map(_percent, rates)))
    return f'<th scope="row">{escape(field)}</th>{cells}'


def _skipped(skipped: Mapping[str, str]) -> str:
    if not skipped:
        return ""
    rows = [f'<th scope="row">{escape(name)}</th><td>{escape(reason)}</td>' for name, reason in skipped.items()]
    table = _table('<th scope="col">Name</th><th scope="col">Reason</th>', rows, "What could not be judged")
    return f'<section aria-labelledby="skipped"><h2 id="skipped">Skipped</h2>\n{table}</section>\n'


def _misses(documents: Iterable[DocumentEvaluation], links: Mapping[str, str]) -> str:
    parts = [_document(one, links.get(one.name)) for one in documents if one.misses or one.error]
    return "".join(parts) or "<p>Everything came out as expected.</p>\n"


def _document(document: DocumentEvaluation, link: str | None) -> str:
    name = escape(document.name)
    heading = f"<bdi>{name}</bdi>" if link is None else f'<a href="{escape(link)}"><bdi>{name}</bdi></a>'
    scores = document.scores
    facts = f"{scores.right + scores.empty} of {scores.judged} as expected, {document.usage.seconds:.1f} s"
    error = f'<p class="error">{escape(document.error)}</p>\n' if document.error else ""
    heads = ("Field", "Miss", "Expected", "Got", "Evidence", "Quote")
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    rows = [_miss_row(one) for one in document.misses]
    table = _table(head, rows, f"Misses of {document.name}") if rows else ""
    return f'<article class="misses">\n<h3>{heading}</h3>\n<p class="soft">{facts}</p>\n{error}{table}</article>\n'


def _miss_row(one: FieldComparison) -> str:
    evidence = one.evidence
    graded = "" if evidence is None else f"{evidence.grade.value} {evidence.score:.2f}"
    cells = (one.expected, one.got, graded, "" if evidence is None else evidence.quote or evidence.reason)
    said = "".join(f'<td class="said" dir="auto">{_short(cell)}</td>' for cell in cells)
    kind = one.outcome.value
    return f'<th scope="row">{escape(one.path or one.expected_path)}</th><td class="kind {kind}">{kind}</td>{said}'


def _table(head: str, rows: Iterable[str], label: str) -> str:
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(label)}">\n'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


def _short(text: str) -> str:
    return escape(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %"


def _between(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else f"95 %: {_percent(ends[0])} to {_percent(ends[1])}"
