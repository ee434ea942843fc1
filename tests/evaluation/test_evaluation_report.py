"""The report as JSON, read and approved, and as a page in a browser.

``DEEPOCR_REGENERATE=1 pytest tests/evaluation/test_evaluation_report.py`` writes the golden file anew.
"""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from evaluation_samples import Invoice, box, evidence, items, read, truths

from deepocr_kit.documents import PageStatus, Usage
from deepocr_kit.evaluation import DocumentEvaluation, EvaluationReport, judge, render_report

GOLDEN = Path(__file__).parent / "golden" / "report.json"
REGENERATE = os.environ.get("DEEPOCR_REGENERATE") == "1"
PAYLOAD = "</style></title><img src=x onerror=alert(1)><script>alert(2)</script>\"'&\x00"


def report() -> EvaluationReport:
    """Two documents, one with all kinds of misses; a document that failed; one that was skipped."""
    place = {"value": "3.00", "boxes": [{"page": 1, "box": [0.2, 0.2, 0.3, 0.3]}]}
    fields = items(("Tea", "3.00"), ("Cake", "4.50"), ("Bread", "9.00"))
    fields |= read({"number": "A-17", "paid": True})
    fields |= {"total": evidence("total", Decimal("3.00"), quote="3.00", boxes=(box(0, 0.2, 1, 0.3),), score=0.9)}
    truth = {"number": "A-18", "date": "2024-03-27", "paid": None, "total": place}
    usage = Usage(requests=2, prompt_tokens=700, completion_tokens=90, seconds=1.5)
    first = judge(Invoice, truth | {"lines": truths(("Tea", "3"), ("Cake", "5.00"))}, fields, name="first")
    second = judge(Invoice, {"number": "a17", "total": {"value": "3", "regions": ["p1r1"]}}, fields, name="in/second")
    third = judge(Invoice, {"number": "B-1"}, {}, name="third")
    known = {"status": PageStatus.FAILED, "error": "ServiceError: the server is away"}
    return EvaluationReport(
        schema_name="Invoice",
        documents=(first.model_copy(update={"usage": usage}), second, third.model_copy(update=known)),
        skipped={"fourth": "there is no truth beside 'fourth.png'"},
    )


def hostile() -> EvaluationReport:
    fields = {"number": evidence("number", PAYLOAD, quote=PAYLOAD)}
    one = judge(Invoice, {"number": "A-17"}, fields, name=PAYLOAD).model_copy(update={"error": PAYLOAD})
    return EvaluationReport(schema_name=PAYLOAD, documents=(one,), skipped={PAYLOAD: PAYLOAD})


def test_the_json_is_what_was_read_and_approved() -> None:
    written = report().model_dump_json(indent=2) + "\n"
    if REGENERATE:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(written, encoding="utf-8")

    assert written == GOLDEN.read_text(encoding="utf-8")


def test_golden_report_is_not_being_regenerated() -> None:
    assert not REGENERATE, "unset DEEPOCR_REGENERATE, read the difference of tests/evaluation/golden, run again"


def test_a_report_that_was_written_is_read_again_and_its_summary_made_anew() -> None:
    written = report().model_dump_json()
    forged = json.loads(written) | {"summary": {"accuracy": 1}}

    assert EvaluationReport.model_validate_json(written).model_dump_json() == written
    assert EvaluationReport.model_validate(forged).model_dump_json() == written
    with pytest.raises(ValueError, match="version"):
        EvaluationReport.model_validate(forged | {"version": "2.0"})
    with pytest.raises(ValueError, match="valid dictionary"):
        EvaluationReport.model_validate([])


def test_the_figures_of_a_report() -> None:
    summary = report().summary

    assert (summary.documents, summary.skipped) == (3, 1)
    assert summary.all_fields.scores.model_dump() == {"right": 6, "wrong": 2, "missing": 2, "spurious": 3, "empty": 0}
    assert summary.items.model_dump() == {"right": 1, "expected": 2, "read": 3}
    assert (summary.evidence_precision, summary.evidence_recall) == (1, 0.5)
    assert summary.accuracy_interval is not None
    assert list(summary.fields) == ["number", "date", "total", "paid", "lines[*].name", "lines[*].amount"]


def test_reports_add_up() -> None:
    one, other = (
        report(),
        EvaluationReport(schema_name="Other", documents=(DocumentEvaluation(name="x"),), skipped={"y": ""}),
    )

    assert [document.name for document in (one + other).documents] == ["first", "in/second", "third", "x"]
    assert list((one + other).skipped) == ["fourth", "y"]


def test_a_report_of_nothing_has_no_figures() -> None:
    nothing = EvaluationReport(schema_name="Invoice")

    assert nothing.anls is None
    assert nothing.macro_f1 is None
    assert nothing.summary.accuracy_interval is None
    assert "Everything came out as expected." in render_report(nothing)


def test_the_page_shows_each_miss_with_its_evidence_and_a_link() -> None:
    html = render_report(report(), links={"first": "review/first.html"}, title="March")
    words = re.sub(r"<[^>]+>", " ", html)

    assert "<title>March</title>" in html
    assert '<a href="review/first.html"><bdi>first</bdi></a>' in html
    assert "in/second" not in words
    for row in (
        "number wrong A-18 A-17 found_unique 0.70",
        "date missing 2024-03-27",
        "paid spurious True",
        "lines[1].amount wrong 5.00 4.50",
        "lines[2].name spurious Bread",
        "ServiceError: the server is away",
        "there is no truth beside",
        "46.2 %",
    ):
        assert row in re.sub(r"\s+", " ", words), row


def test_hostile_texts_are_only_shown() -> None:
    html = render_report(hostile(), links={PAYLOAD: f"review/{PAYLOAD}"})

    assert "<script" not in html
    assert "<img" not in html
    assert html.count("</style>") == 1
    assert "\x00" not in html
    assert "default-src 'none'" in html


def test_long_values_are_cut() -> None:
    judged = judge(Invoice, {"number": "A"}, {"number": evidence("number", "x" * 100_000)})

    assert len(render_report(EvaluationReport(schema_name="I", documents=(judged,)))) < 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("made", [report, hostile])
def test_in_a_browser_the_page_asks_for_nothing_says_nothing_and_axe_finds_nothing(
    browser: Any, tmp_path: Path, made: Any, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    file = tmp_path / "report.html"
    file.write_text(render_report(made(), links={"first": "review/first.html"}), encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1000, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(file.as_uri())

    assert asked == [file.as_uri()]
    assert said == []
    assert page.evaluate("getComputedStyle(document.querySelector('.figures')).display") == "grid"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    context.close()
