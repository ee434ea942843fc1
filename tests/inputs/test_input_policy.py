"""The policy, and that the docs tell the truth about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from deepocr_kit.inputs import DEFAULT_POLICY, InputFormat, InputPolicy

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "inputs.md"


def documented_defaults() -> dict[str, str]:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(rows)


def test_the_docs_list_every_field_with_its_default() -> None:
    real = {name: getattr(DEFAULT_POLICY, name) for name in InputPolicy.model_fields}
    real["formats"] = ", ".join(kind.value for kind in InputFormat)

    assert documented_defaults() == {name: str(value) for name, value in real.items()}


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError):
        InputPolicy(max_page=3)  # type: ignore[call-arg]  # the point of the test


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        DEFAULT_POLICY.dpi = 300  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    "values",
    [
        {"max_pixels": 178_956_971},
        {"max_pixels": 0},
        {"dpi": 0},
        {"encoding": "webp"},
        {"jpeg_quality": 101},
        {"pdf_memory_bytes": 1},
        {"formats": {"heic"}},
    ],
    ids=str,
)
def test_values_that_cannot_work_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        InputPolicy(**values)  # type: ignore[arg-type]  # the point of the test


def test_a_policy_survives_json() -> None:
    policy = InputPolicy(formats=frozenset({InputFormat.PDF}), max_side=2000)

    assert InputPolicy.model_validate_json(policy.model_dump_json()) == policy
