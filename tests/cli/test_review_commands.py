"""The review page and its corrections on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import deepocr
from typer.testing import Result

from deepocr_kit.cli._report import ExitCode
from deepocr_kit.testing import Answer, VllmServer, build_page_image

TEXT = "text[[100, 50, 500, 90]]\nACME STORES\n\ntext[[100, 120, 500, 150]]\nTotal 5.00\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEEPOCR_API_KEY", "secret-key")
    (tmp_path / "a.png").write_bytes(build_page_image().data)
    (tmp_path / "raw.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "bills.py").write_text("from pydantic import BaseModel\n\nclass Bill(BaseModel):\n    total: str\n")
    return tmp_path


def revise(*arguments: str) -> Result:
    return deepocr("revise", "raw.txt", "--schema", "bills.py:Bill", "--out", "bill.json", *arguments)


def test_run_writes_a_review_page_with_the_scan_beside_each_result(folder: Path) -> None:
    with VllmServer(api_key="secret-key") as server:
        server.enqueue(Answer(text=TEXT))
        done = deepocr(
            "run", "a.png", "--base-url", server.base_url, "--schema", "bills.py:Bill", "--out", "out", "--review"
        )

    assert done.exit_code == ExitCode.SUCCESS, done.output
    page = (folder / "out/a/review.html").read_text(encoding="utf-8")
    assert "data:image/" in page
    assert '"path":"/total"' in page


def test_run_keeps_the_scan_and_cuts_pictures_out(folder: Path) -> None:
    text = "<|ref|>image<|/ref|><|det|>[[100, 100, 600, 600]]<|/det|>\n"
    with VllmServer(api_key="secret-key") as server:
        server.enqueue(Answer(text=text))
        done = deepocr("run", "a.png", "--base-url", server.base_url, "--out", "out", "--pictures")

    assert (folder / "out/a/pictures/page-1-1-p1r1.png").read_bytes().startswith(b"\x89PNG"), done.output
    assert "(<pictures/page-1-1-p1r1.png>)" in (folder / "out/a/document.md").read_text(encoding="utf-8")
    assert "data:image/" in (folder / "out/a/document.html").read_text(encoding="utf-8")


def test_revise_writes_a_review_page_and_takes_its_corrections(folder: Path) -> None:
    first = revise("--image", "a.png", "--review", "page/review.html")
    shown = json.loads((folder / "bill.json").read_text())["total"]
    said = {"path": "/total", "old": shown, "new": "6.00", "region_ids": [], "confirmed": True}
    (folder / "said.json").write_text(json.dumps({"format": "deepocr-corrections/1", "fields": [said]}))
    second = revise("--corrections", "said.json")

    assert first.exit_code == ExitCode.SUCCESS, first.output
    assert "data:image/" in (folder / "page/review.html").read_text(encoding="utf-8")
    assert "review.html" in first.output
    assert second.exit_code == ExitCode.SUCCESS, second.output
    assert json.loads((folder / "bill.json").read_text()) == {"total": "6.00"}


def test_corrections_that_cannot_be_read_are_an_error_and_not_a_traceback(folder: Path) -> None:
    (folder / "said.json").write_text("[]")
    (folder / "scan.json").write_bytes(b"\xff\xfe\xff")

    for name, words in (
        ("said.json", "these are not corrections"),
        ("gone.json", "gone.json"),
        ("scan.json", "not text"),
    ):
        done = revise("--corrections", name)
        assert done.exit_code == ExitCode.FAILURE
        assert words in done.output
