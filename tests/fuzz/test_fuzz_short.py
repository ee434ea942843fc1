from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from answers_to_fuzz import check_answer
from family_answers import dialects_of, families, real_outputs
from mutate_answers import main, run, split

from deepocr_kit.grounding import KNOWN_DIALECTS, DeepSeekOcrDialect, Dialect, OcrTask

pytestmark = pytest.mark.uncounted

HARNESSES = ("fuzz_parser", "fuzz_tables", "fuzz_dialects")
FAMILIES = families()


def test_a_few_hundred_mutated_answers_keep_every_invariant() -> None:
    counts = run(DeepSeekOcrDialect(), FAMILIES["deepseek-ocr"], 400, seed=1_000_000)

    assert counts.answers == 400
    assert counts.early > 0


@pytest.mark.parametrize("dialect", KNOWN_DIALECTS, ids=lambda dialect: dialect.name)
def test_mutated_answers_keep_the_invariants_in_every_dialect(dialect: Dialect) -> None:
    assert run(dialect, FAMILIES[dialect.name], 80, seed=2_000_000).answers == 80


@pytest.mark.parametrize("dialect", KNOWN_DIALECTS, ids=lambda dialect: dialect.name)
def test_every_real_output_keeps_the_invariants_in_every_dialect(dialect: Dialect, shared_data: Path) -> None:
    outputs = real_outputs()

    assert len(outputs) > 30, shared_data
    for name, raw_text in outputs.items():
        own = dialect.name in dialects_of(name)
        for task in OcrTask if own else (OcrTask.DOCUMENT, OcrTask.LINES, OcrTask.FREE):
            check_answer(dialect, FAMILIES[dialect.name], raw_text, task, range(0, len(raw_text), 1 if own else 97))


def test_every_family_has_a_real_output_but_those_of_which_none_is_public(shared_data: Path) -> None:
    read = {dialect for name in real_outputs() for dialect in dialects_of(name)}

    assert {dialect.name for dialect in KNOWN_DIALECTS} - read == {"lines", "chandra-1"}, shared_data


def test_the_command_shares_its_answers_among_all_dialects(capsys: pytest.CaptureFixture[str]) -> None:
    assert sum(split(100_000, KNOWN_DIALECTS).values()) == 100_000
    assert split(100_000, KNOWN_DIALECTS)["deepseek-ocr"] == 30_000
    assert main(["--count", "40", "--seed", "3"]) == 0

    *lines, total = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [dialect.name for dialect in KNOWN_DIALECTS]
    assert ": 40 answers, " in total
    assert "all invariants hold" in total


def test_the_command_checks_one_dialect_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "5", "--dialect", "doctags"]) == 0

    assert capsys.readouterr().out.startswith("doctags: 5 answers, ")


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris is not installed; pip install atheris (it has wheels for Python 3.11 to 3.13 on Linux)",
)
@pytest.mark.parametrize("harness", HARNESSES)
def test_a_short_run_of_the_fuzzer_finds_nothing(harness: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name(f"{harness}.py")
    options = ["-runs=800", "-max_total_time=10", "-max_len=200", "-len_control=0", "-seed=1", "-print_final_stats=1"]
    command = [sys.executable, str(script), *options, f"-artifact_prefix={tmp_path}/"]
    # the fuzzer traces by itself; coverage on top of it would only be slow
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, env=env)

    assert ended.returncode == 0, ended.stderr[-3000:]
    assert "stat::number_of_executed_units" in ended.stderr
