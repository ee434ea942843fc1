"""The commands, as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from command_line import TEXT, deepocr

from deepocr_kit.cli._report import ExitCode
from deepocr_kit.documents import Document
from deepocr_kit.testing import Answer, VllmServer, build_document, build_page


def test_run_reads_a_folder_into_a_folder_for_each_source(folder: Path, server: VllmServer) -> None:
    for _ in range(2):
        server.enqueue(Answer(text=TEXT))

    done = deepocr("run", "scans", "--base-url", server.base_url, "--schema", "bills.py:Bill", "--out", "out")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    for name in ("a", "b"):
        assert json.loads((folder / f"out/{name}/value.json").read_text()) == {"total": "5.00"}
        assert (folder / f"out/{name}/document.html").exists()
    assert "5.00" in done.output
    assert "2 sources, 2 pages" in done.output
    assert "reading" not in done.stderr  # a bar is for a terminal


def test_run_keeps_every_intermediate_when_asked(folder: Path, server: VllmServer) -> None:
    server.enqueue(Answer(text=TEXT))

    done = deepocr(
        "run", "scans/a.png", "--base-url", server.base_url, "--out", "out", "--audit", "audit", "--dpi", "150"
    )

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert (folder / "audit/journal.jsonl").exists()
    assert "1 source, 1 page in" in done.stderr


def test_ocr_streams_the_raw_text_and_keeps_it(folder: Path, server: VllmServer) -> None:
    server.enqueue(Answer(text=TEXT))

    done = deepocr("ocr", "scans/a.png", "--out", "out", "--base-url", server.base_url)

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert TEXT in done.stdout
    assert (folder / "out/raw.txt").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("suffix", ["html", "md", "txt", "json"])
def test_render_writes_a_raw_text_in_the_form_that_the_suffix_names(folder: Path, suffix: str) -> None:
    done = deepocr("render", "raw.txt", "--out", f"page.{suffix}")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    written = (folder / f"page.{suffix}").read_text(encoding="utf-8")
    assert "合计" in written
    assert "5.00" in written


@pytest.mark.parametrize("ending", ["hocr", "alto.xml", "page.xml", "docling.json", "html.md"])
def test_render_writes_the_standard_formats(folder: Path, ending: str) -> None:
    done = deepocr("render", "raw.txt", "--out", f"page.{ending}")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert "合计" in (folder / f"page.{ending}").read_text(encoding="utf-8")


def test_render_writes_one_page_file_for_each_page(folder: Path) -> None:
    document = build_document("合计 5.00", "合计 6.00")
    (folder / "document.json").write_text(document.model_dump_json(), encoding="utf-8")
    done = deepocr("render", "document.json", "--out", "result.page.xml")

    assert "result-1.page.xml, result-2.page.xml" in done.stderr
    assert "6.00" in (folder / "result-2.page.xml").read_text(encoding="utf-8")


def test_two_pages_of_one_number_do_not_share_a_file(folder: Path) -> None:
    pages = (build_page("合计 5.00"), build_page("合计 6.00"))
    (folder / "document.json").write_text(Document(pages=pages).model_dump_json(), encoding="utf-8")
    deepocr("render", "document.json", "--out", "result.page.xml")

    assert "5.00" in (folder / "result-1.page.xml").read_text(encoding="utf-8")
    assert "6.00" in (folder / "result-2.page.xml").read_text(encoding="utf-8")


def test_render_writes_a_searchable_pdf_over_the_scan(folder: Path) -> None:
    pytest.importorskip("pikepdf")
    done = deepocr("render", "raw.txt", "--out", "page.pdf", "--image", "scans/a.png")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert (folder / "page.pdf").read_bytes().startswith(b"%PDF-")


def test_run_writes_further_forms_when_asked(folder: Path, server: VllmServer) -> None:
    pytest.importorskip("pikepdf")
    server.enqueue(Answer(text=TEXT))
    forms = ["hocr", "alto", "page", "docling", "csv", "pdf"]
    also = [argument for form in forms for argument in ("--also", form)]
    done = deepocr("run", "scans/a.png", "--base-url", server.base_url, "--out", "out", *also)

    assert done.exit_code == ExitCode.SUCCESS, done.output
    written = {path.name.partition(".")[2] for path in (folder / "out/a").iterdir()}
    assert {"hocr", "alto.xml", "page.xml", "docling.json", "csv", "pdf"} <= written


def test_the_json_schema_is_printed_or_written(folder: Path) -> None:
    printed = deepocr("json-schema")
    deepocr("json-schema", "--out", "document.schema.json")

    assert json.loads(printed.stdout)["title"] == "Document"
    assert (folder / "document.schema.json").read_text(encoding="utf-8") == printed.stdout


def test_render_takes_a_saved_document_and_the_scan(folder: Path) -> None:
    deepocr("render", "raw.txt", "--out", "document.json", "--image", "scans/a.png")
    done = deepocr("render", "document.json", "--out", "page.html", "--image", "scans/a.png")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert "data:image/" in (folder / "page.html").read_text(encoding="utf-8")
    assert Document.model_validate_json((folder / "document.json").read_text(encoding="utf-8")).pages[0].size


@pytest.mark.parametrize("schema", ["bills.py:Bill", "bills:Bill", "schema.json"])
def test_revise_writes_the_value_and_the_evidence_beside_it(folder: Path, schema: str) -> None:
    done = deepocr("revise", "raw.txt", "--schema", schema, "--out", "bill.json")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert str(json.loads((folder / "bill.json").read_text())["total"]).startswith("5.0")
    assert json.loads((folder / "bill.evidence.json").read_text())["total"]["region_ids"] == ["p1r2"]


def test_revise_without_a_required_value_fails_and_keeps_the_evidence(folder: Path) -> None:
    (folder / "raw.txt").write_text("text[[100, 50, 500, 90]]\nnothing here\n")

    done = deepocr("revise", "raw.txt", "--schema", "bills.py:Bill", "--out", "bill.json", "--image", "scans/a.png")

    assert done.exit_code == ExitCode.FAILURE
    assert not (folder / "bill.json").exists()
    assert json.loads((folder / "bill.evidence.json").read_text())["total"]["grade"] == "missing"


def test_revise_asks_an_llm_server(folder: Path, server: VllmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPOCR_REVISER_API_KEY", "secret-key")
    server.enqueue(Answer(text='{"total": {"text": "5.00", "src": ["p1r2"]}}'))

    done = deepocr(
        *("revise", "raw.txt", "--schema", "bills.py:Bill", "--out", "bill.json"),
        *("--reviser", "openai", "--reviser-base-url", server.base_url, "--reviser-model", server.model),
    )

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert json.loads((folder / "bill.json").read_text()) == {"total": "5.00"}


def test_another_model_behind_an_openai_compatible_server_can_be_named(folder: Path, server: VllmServer) -> None:
    server.enqueue(Answer(text=TEXT))

    done = deepocr(
        *("run", "scans/a.png", "--out", "out", "--backend", "openai"),
        *("--base-url", server.base_url, "--model", server.model),
    )

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert server.requests[-1].body["model"] == server.model


@pytest.mark.cpu
def test_the_demo_reads_its_receipt_on_the_cpu(folder: Path) -> None:
    done = deepocr("demo", "--out", "demo")

    assert done.exit_code == ExitCode.SUCCESS, done.output
    assert json.loads((folder / "demo/value.json").read_text()) == {
        "company": "CORNER BAKERY LTD",
        "date": "2026-03-14",
        "subtotal": "9.75",
        "total": "11.70",
    }


@pytest.mark.cpu
def test_without_a_server_the_pages_are_read_on_the_cpu(folder: Path) -> None:
    done = deepocr("ocr", "scans/a.png", "--out", "out")

    assert (folder / "out/raw.txt").exists()
    assert done.exit_code in {ExitCode.SUCCESS, ExitCode.PARTIAL, ExitCode.FAILURE}


def test_the_installed_command_shows_its_help() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deepocr_kit.cli", "--help"], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0
    assert all(name in done.stdout for name in ("run", "ocr", "render", "revise", "demo", "json-schema"))


def test_the_version_is_that_of_the_package() -> None:
    assert deepocr("--version").stdout == f"deepocr {version('deepocr_kit')}\n"
