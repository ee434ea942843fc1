"""The rules on the true lines of real receipts that they were not tuned on."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from benchmarks.receipts import FieldScores, Receipt, is_tuned, load_receipts

from deepocr_kit.revisers import RulesReviser


@pytest.fixture(scope="module")
def scores(shared_data: Path) -> FieldScores:
    assert shared_data.is_dir()  # the fixture skips where there is none
    return anyio.run(read_all)


async def read_all() -> FieldScores:
    scores, reviser = FieldScores(), RulesReviser()
    for example in load_receipts():
        if not is_tuned(example):
            scores.add(example, await reviser.revise(example.document, Receipt))
    return scores


@pytest.mark.parametrize(("field", "least"), [("date", 0.97), ("total", 0.90), ("company", 0.75)])
def test_most_values_are_right(scores: FieldScores, field: str, least: float) -> None:
    assert scores.accuracy(field) >= least


@pytest.mark.parametrize(("field", "least"), [("date", 0.95), ("total", 0.90), ("company", 0.75)])
def test_most_values_are_called_proven(scores: FieldScores, field: str, least: float) -> None:
    assert scores.coverage(field) >= least


@pytest.mark.parametrize("field", ["date", "total", "company"])
def test_what_is_called_proven_is_right(scores: FieldScores, field: str) -> None:
    assert scores.precision(field) >= 0.97
