"""The benchmark tool prints a table and one line of JSON, and says when it cannot run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from benchmarks.__main__ import BENCHMARKS, UNAVAILABLE, main, name_of, summary_of
from benchmarks.answer_texts import HOSTILE, TYPICAL
from benchmarks.machine import machine
from benchmarks.measure import interleaved, median_ratio, medians
from benchmarks.outcome import table
from benchmarks.parser import official_regions, ours

from benchmarks import Outcome, Unavailable, import_time

ROOT = Path(__file__).resolve().parents[2]


def test_the_list_says_what_each_measures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(BENCHMARKS)
    for module in BENCHMARKS:
        assert any(line.startswith(name_of(module)) and line.endswith(summary_of(module)) for line in lines)


def test_without_a_name_the_list_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0

    assert "import_time" in capsys.readouterr().out


def test_the_last_line_is_json_with_name_figures_and_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import_time", "--limit", "2"]) == 0

    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(result) == ["name", "figures", "machine"]
    assert result["name"] == "import_time"
    assert {"cpu", "cores", "memory_gb", "python", "platform"} <= set(result["machine"])
    assert all(isinstance(value, int | float) for value in result["figures"].values())


def test_importing_the_library_costs_no_more_than_pydantic_and_loads_no_vendor() -> None:
    figures = import_time.run(limit=5).figures

    assert figures["import_ratio"] <= 1.5
    assert figures["vendor_modules_loaded"] == 0


def test_a_benchmark_that_cannot_run_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*, limit: int | None = None) -> Outcome:
        raise Unavailable("the data is not here")

    monkeypatch.setattr(import_time, "run", unavailable)

    assert main(["import_time"]) == UNAVAILABLE
    assert "the data is not here" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["no_such_benchmark"], ["import_time", "--limit", "0"]])
def test_wrong_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2


def test_the_documentation_lists_every_benchmark() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")

    listed = re.findall(r"^\| `(\w+)` \|", page, re.M)
    assert sorted(listed) == sorted(name_of(module) for module in BENCHMARKS)


def test_a_table_aligns_numbers_to_the_right() -> None:
    outcome = Outcome(header=("name", "ms"), rows=(("a", 1.5), ("long", 12345.678)), figures={}, notes=("note",))

    assert table(outcome).splitlines() == ["name     ms", "----  -----", "a       1.5", "long  12346", "note"]


def test_contestants_take_turns_at_beginning() -> None:
    order: list[str] = []

    seconds = interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3)

    assert order == ["a", "b", "b", "a", "a", "b"]
    assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3}


def test_ratios_are_taken_round_by_round() -> None:
    assert median_ratio([2.0, 30.0, 4.0], [1.0, 10.0, 2.0]) == 2.0
    assert medians({"a": [3.0, 1.0, 2.0]}) == {"a": 2.0}


def test_the_machine_has_cores_and_memory() -> None:
    assert machine()["cores"] >= 1
    assert machine()["memory_gb"] > 0


def test_both_parsers_find_the_regions_of_a_typical_page() -> None:
    text = TYPICAL["text"](4000)

    assert ours(text) == official_regions(text) == text.count("<|ref|>")


@pytest.mark.parametrize("name", [*TYPICAL, *HOSTILE])
def test_inputs_have_about_the_size_that_was_asked_for(name: str) -> None:
    size = len({**TYPICAL, **HOSTILE}[name](20_000).encode())

    assert 15_000 <= size <= 25_000
