"""``deepocr eval`` on folders of documents whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import deepocr
from typer.testing import Result

from deepocr_kit.cli._report import ExitCode
from deepocr_kit.evaluation import EvaluationReport
from deepocr_kit.rendering import render_json
from deepocr_kit.testing import Answer, VllmServer, build_document, build_page_image

SCAN = "text[[100, 50, 500, 90]]\nACME STORES\n\ntext[[100, 120, 500, 150]]\nTotal 7.00\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEEPOCR_API_KEY", "secret-key")
    (tmp_path / "bills.py").write_text(
        "from decimal import Decimal\nfrom pydantic import BaseModel\n\nclass Bill(BaseModel):\n    total: Decimal\n"
    )
    (tmp_path / "set/in").mkdir(parents=True)
    for name, total in (("a", "5.00"), ("in/a", "6.00")):
        document = render_json(build_document(f"ACME STORES\nTotal {total}"))
        (tmp_path / f"set/{name}.document.json").write_text(document, encoding="utf-8")
    (tmp_path / "set/a.json").write_text('{"total": 5}')
    (tmp_path / "set/in/a.json").write_text('{"total": 6.5}')
    return tmp_path


def evaluate(*arguments: str) -> Result:
    return deepocr("eval", "set", "--schema", "bills.py:Bill", *arguments)


def line(done: Result, start: str) -> str:
    """The columns of a row of the table, or a line of figures."""
    return next(" ".join(text.replace("│", " ").split()) for text in done.output.splitlines() if start in text)


def test_documents_that_were_read_before_are_judged_without_an_engine(folder: Path) -> None:
    done = evaluate()

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert line(done, "total ") == "total 1 1 0 0 50.0 % 50.0 % 50.0 % 50.0 %"
    assert line(done, "documents") == "documents 2, 0 skipped"
    assert line(done, "ANLS*").startswith("ANLS* ")
    assert list(folder.iterdir()) == [path for path in folder.iterdir() if path.name in {"set", "bills.py"}]


def test_the_reports_and_the_review_pages_of_the_misses_are_written(folder: Path) -> None:
    done = evaluate("--out", "report")
    report = EvaluationReport.model_validate_json((folder / "report/report.json").read_text(encoding="utf-8"))
    page = (folder / "report/report.html").read_text(encoding="utf-8")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert [(one.name, len(one.misses)) for one in report.documents] == [("a", 0), ("in/a", 1)]
    assert [path.name for path in (folder / "report/review").iterdir()] == ["in-a.html"]
    assert '<a href="review/in-a.html"><bdi>in/a</bdi></a>' in page
    assert "6.50" not in page
    assert "report.html" in done.output


def test_reports_inside_of_the_folder_are_not_taken_for_truths(folder: Path) -> None:
    first, second = evaluate("--out", "set/report"), evaluate("--out", "set/report")

    assert first.exit_code == second.exit_code == ExitCode.SUCCESS, second.output


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--min-accuracy", "0.5"], ExitCode.SUCCESS),
        (["--min-accuracy", "0.51"], ExitCode.BELOW),
        (["--min-f1", "0.5", "--min-accuracy", "0.1"], ExitCode.SUCCESS),
        (["--min-f1", "0.9"], ExitCode.BELOW),
        (["--min-f1", "2"], ExitCode.USAGE),
        (["--reviser", "openai"], ExitCode.USAGE),
    ],
)
def test_a_gate_that_is_missed_has_an_exit_code_of_its_own(folder: Path, options: list[str], code: ExitCode) -> None:
    done = evaluate(*options)

    assert done.exit_code == code, done.output
    assert ("is below" in done.output) == (code == ExitCode.BELOW)


def test_what_cannot_be_judged_is_listed_and_the_others_are_judged(folder: Path) -> None:
    (folder / "set/b.json").write_text("{")
    (folder / "set/b.png").write_bytes(b"")
    (folder / "set/c.document.json").write_text("[]")
    (folder / "set/c.json").write_text("{}")
    (folder / "set/in/a.json").write_text('{"sum": 3}')
    done = evaluate()

    assert done.exit_code == ExitCode.PARTIAL, done.output
    assert line(done, "total ") == "total 1 0 0 0 100.0 % 100.0 % 100.0 % 100.0 %"
    for words in ("skipped b: the truth cannot be used", "skipped c: ", "skipped in/a: "):
        assert words in done.output
    assert "Traceback" not in done.output


def test_a_folder_with_nothing_to_judge_is_a_failure(folder: Path) -> None:
    (folder / "empty").mkdir()
    for place, words in (("empty", "nothing could be judged"), ("gone", "no such folder")):
        done = deepocr("eval", place, "--schema", "bills.py:Bill")

        assert done.exit_code == ExitCode.FAILURE
        assert words in done.output


def test_scans_are_read_and_their_review_pages_have_the_scan(folder: Path) -> None:
    (folder / "set/scan.png").write_bytes(build_page_image().data)
    (folder / "set/scan.json").write_text('{"total": 8}')
    (folder / "set/broken.png").write_bytes(b"no picture")
    (folder / "set/broken.json").write_text('{"total": 8}')
    with VllmServer(api_key="secret-key") as server:
        server.enqueue(Answer(text=SCAN))
        done = evaluate("--base-url", server.base_url, "--out", "report", "--dpi", "150")

    assert done.exit_code == ExitCode.PARTIAL, done.output
    assert line(done, "total ") == "total 1 2 1 0 25.0 % 33.3 % 25.0 % 28.6 %"
    assert "broken: " in done.output
    assert "data:image/" in (folder / "report/review/scan.html").read_text(encoding="utf-8")


def test_what_run_wrote_is_judged_without_reading_anything(folder: Path) -> None:
    (folder / "set/scan.png").write_bytes(build_page_image().data)
    with VllmServer(api_key="secret-key") as server:
        server.enqueue(Answer(text=SCAN))
        deepocr("run", "set", "--base-url", server.base_url, "--schema", "bills.py:Bill", "--out", "results")
    (folder / "set/scan.json").write_text('{"total": 7}')
    done = evaluate("--results", "results")

    assert line(done, "total ") == "total 1 0 0 0 100.0 % 100.0 % 100.0 % 100.0 %"
    assert done.exit_code == ExitCode.PARTIAL, done.output
    assert "skipped a: " in done.output

    (folder / "set/scan.png").write_bytes(b"no longer a picture")
    (folder / "set/scan.json").write_text('{"total": 9}')
    evaluate("--results", "results", "--out", "report")

    assert "ACME STORES" in (folder / "report/review/scan.html").read_text(encoding="utf-8")


def test_a_manifest_is_judged_and_controls_in_its_names_do_not_reach_the_terminal(folder: Path) -> None:
    lines = [
        {"source": "set/a.document.json", "expected": {"total": "5.00"}, "name": "\u001b[31mone"},
        {"source": "gone.png", "expected": {}, "name": "\u001b[31mtwo"},
    ]
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = deepocr("eval", "manifest.jsonl", "--schema", "bills.py:Bill", "--out", "report")

    assert done.exit_code == ExitCode.PARTIAL, done.output
    assert "skipped \ufffd[31mtwo" in done.output
    assert "\u001b[31mtwo" not in done.output


def test_the_coverage_is_given_at_the_precision_asked_for(folder: Path) -> None:
    assert "at 50.0 % precision, scores from" in evaluate("--precision", "0.5").output
    assert line(evaluate("--precision", "1"), "coverage") == "coverage 0.0 % at 100.0 % precision"
