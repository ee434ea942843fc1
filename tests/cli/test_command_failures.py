"""What a person sees, and a script gets as the exit code, when something is wrong."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import TEXT, deepocr
from PIL import Image

from deepocr_kit.cli import _steps
from deepocr_kit.cli._report import ExitCode
from deepocr_kit.documents import Document
from deepocr_kit.testing import Answer, HttpFault, VllmServer


def test_run_tells_partial_from_failure_by_its_exit_code(folder: Path, server: VllmServer) -> None:
    server.enqueue(Answer(text=TEXT))
    partial = deepocr("run", "scans/a.png", "gone.png", "--base-url", server.base_url, "--out", "out")
    failed = deepocr("run", "gone.png", "--base-url", server.base_url, "--out", "out")

    assert partial.exit_code == ExitCode.PARTIAL
    assert "gone.png" in partial.output
    assert failed.exit_code == ExitCode.FAILURE


def test_run_shows_what_a_server_said_and_never_the_key(folder: Path, server: VllmServer) -> None:
    server.enqueue(HttpFault(status=400, body={"error": {"message": "bad prompt, key was secret-key", "code": 400}}))

    done = deepocr("run", "scans/a.png", "--base-url", server.base_url, "--out", "out")

    assert done.exit_code == ExitCode.FAILURE
    assert "bad prompt" in done.output
    assert "secret-key" not in done.output
    assert Document.model_validate_json((folder / "out/a/document.json").read_text()).pages[0].error is not None


def test_an_interrupt_ends_a_run_with_a_code_of_its_own_and_no_traceback(folder: Path, server: VllmServer) -> None:
    server.enqueue(Answer(text=TEXT, first_token_delay=30))
    command = [sys.executable, "-m", "deepocr_kit.cli", "run", "scans/a.png", "--base-url", server.base_url]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not server.requests and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)

    assert running.returncode == ExitCode.INTERRUPTED
    assert "interrupted" in said
    assert "Traceback" not in said


def test_a_file_without_an_end_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_steps, "MOST_BYTES", 1 << 20)

    done = deepocr("render", "/dev/zero", "--out", "x.html")

    assert done.exit_code == ExitCode.FAILURE
    assert "more than 1 MiB" in done.output


def test_what_cannot_be_written_is_said_with_its_place(folder: Path) -> None:
    (folder / "file").write_text("no folder")

    done = deepocr("render", "raw.txt", "--out", "file/x.html")

    assert done.exit_code == ExitCode.FAILURE
    assert "cannot write 'file/x.html'" in done.output


def test_run_of_nothing_is_a_failure_that_says_so(folder: Path) -> None:
    (folder / "empty").mkdir()

    done = deepocr("run", "empty")

    assert done.exit_code == ExitCode.FAILURE
    assert "no image or PDF" in done.output


def test_ocr_keeps_control_characters_from_the_terminal(folder: Path, server: VllmServer) -> None:
    server.enqueue(Answer(text=f"{TEXT}\x1b[2Jgone"))

    done = deepocr("ocr", "scans/a.png", "--out", "out", "--base-url", server.base_url)

    assert "\x1b[2J" not in done.stdout
    assert "\x1b[2J" in (folder / "out/raw.txt").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_opened_is_white_in_the_pdf(folder: Path, server: VllmServer) -> None:
    pytest.importorskip("pikepdf")
    server.enqueue(Answer(text=TEXT))
    whole = Image.open(folder / "scans/a.png")
    whole.save(folder / "two.tif", save_all=True, append_images=[Image.new("RGB", (1, 1))])
    done = deepocr("run", "two.tif", "--base-url", server.base_url, "--out", "out", "--also", "pdf")

    assert done.exit_code == ExitCode.PARTIAL, done.output
    assert (folder / "out/two/document.pdf").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["render", "gone.txt", "--out", "x.html"], "gone.txt"),
        (["render", "scans/a.png", "--out", "x.html"], "not text"),
        (["render", "schema.json", "--out", "x.html"], "not a document"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "bills.py:Gone"], "not a pydantic model"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "bills.py:NUMBER"], "not a pydantic model"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "bills.py:Deep"], "again"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "gone.py:Bill"], "gone.py"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "no_such_module:Bill"], "no_such_module"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "Bill"], "names no schema"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "gone.json"], "gone.json"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "raw.json"], "not JSON"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "list.json"], "of an object"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "array.json"], "array.json"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "half.py:Bill"], "SyntaxError"),
        (["revise", "raw.txt", "--out", "x.json", "--schema", "raising:Bill"], "boom (raising.py, line 2)"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_no_traceback(folder: Path, arguments: list[str], said: str) -> None:
    (folder / "raw.json").write_text("not json")
    (folder / "list.json").write_text("[]")
    (folder / "array.json").write_text('{"type": "array"}')
    (folder / "half.py").write_text("class Bill(")
    (folder / "raising.py").write_text("\nraise RuntimeError('boom')")

    done = deepocr(*arguments)

    assert done.exit_code == ExitCode.FAILURE
    assert done.output.startswith("error: ")
    assert said in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "scans", "--backend", "vllm"],
        ["run", "scans", "--backend", "openai", "--base-url", "http://127.0.0.1:9/v1"],
        ["revise", "raw.txt", "--schema", "bills.py:Bill", "--out", "x.json", "--reviser", "openai"],
        ["render", "raw.txt", "--out", "page.docx"],
        ["render", "raw.txt", "--out", "raw.txt"],
        ["revise", "raw.txt", "--schema", "schema.json", "--out", "schema.json"],
        ["revise", "raw.txt", "--schema", "schema.json", "--out", "x.json", "--review", "scans/../raw.txt"],
        ["frobnicate"],
        ["run", "scans", ""],
        ["run"],
    ],
)
def test_options_that_do_not_fit_are_a_usage_error(folder: Path, arguments: list[str]) -> None:
    before = (folder / "raw.txt").read_text(encoding="utf-8"), (folder / "schema.json").read_text(encoding="utf-8")

    assert deepocr(*arguments).exit_code == ExitCode.USAGE
    assert before == (
        (folder / "raw.txt").read_text(encoding="utf-8"),
        (folder / "schema.json").read_text(encoding="utf-8"),
    )


def test_an_interrupt_while_the_command_is_still_loading_is_no_traceback() -> None:
    code = (
        "import sys\nclass Slow:\n def find_spec(self, name, *_):\n  if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Slow())\nfrom deepocr_kit.cli import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in done.stderr


def test_without_the_extra_the_command_says_what_to_install() -> None:
    code = "import sys; sys.modules['typer'] = None\nfrom deepocr_kit.cli import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert "pip install 'deepocr_kit[cli]'" in done.stderr
