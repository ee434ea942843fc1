from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from answers_to_fuzz import check_answer, real_answers
from mutate_answers import main, run

from deepocr_kit.grounding import KNOWN_DIALECTS, DeepSeekOcrDialect, Dialect, OcrTask

HARNESSES = ("fuzz_parser", "fuzz_tables", "fuzz_dialects")


def test_a_few_hundred_mutated_answers_keep_every_invariant() -> None:
    said = run(DeepSeekOcrDialect(), 400, seed=1_000_000)

    assert said.startswith("deepseek-ocr: 400 answers, ")
    assert said.endswith("all invariants hold")


@pytest.mark.parametrize("dialect", KNOWN_DIALECTS, ids=lambda dialect: dialect.name)
def test_every_dialect_keeps_the_invariants_on_foreign_answers(dialect: Dialect) -> None:
    assert "all invariants hold" in run(dialect, 40, seed=2_000_000)


@pytest.mark.parametrize("dialect", KNOWN_DIALECTS, ids=lambda dialect: dialect.name)
def test_every_real_answer_keeps_the_invariants_in_every_dialect(dialect: Dialect, shared_data: Path) -> None:
    answers = real_answers()

    assert len(answers) > 30, shared_data
    for raw_text in answers:
        for task in (OcrTask.DOCUMENT, OcrTask.LINES):
            check_answer(dialect, raw_text, task, range(0, len(raw_text), 97))


def test_the_command_says_how_many_answers_it_has_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "5", "--seed", "3"]) == 0

    assert capsys.readouterr().out.startswith("deepseek-ocr: 5 answers, ")


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris is not installed; pip install atheris (it has wheels for Python 3.11 to 3.13 on Linux)",
)
@pytest.mark.parametrize("harness", HARNESSES)
def test_a_short_run_of_the_fuzzer_finds_nothing(harness: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name(f"{harness}.py")
    options = ["-runs=600", "-max_total_time=20", "-max_len=200", "-len_control=0", "-seed=1", "-print_final_stats=1"]
    command = [sys.executable, str(script), *options, f"-artifact_prefix={tmp_path}/"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    assert ended.returncode == 0, ended.stderr[-3000:]
    assert "stat::number_of_executed_units" in ended.stderr
