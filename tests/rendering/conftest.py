"""The founding case, arranged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deepocr_kit.documents import Page, Recognition
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect
from deepocr_kit.layout import arrange

SQUARE = Size(1000, 1000)


@pytest.fixture(scope="session")
def founding_page(shared_data: Path) -> Page:
    """The photographed taxi receipt, parsed and arranged."""
    raw_text = (shared_data / "taxi_invoice" / "grounding.txt").read_text(encoding="utf-8")
    parsed = DeepSeekOcrDialect().parse(raw_text)
    arrangement = arrange(Recognition(regions=parsed.regions, raw_text=raw_text), SQUARE)
    return Page(index=0, size=SQUARE, regions=arrangement.regions, issues=arrangement.issues, raw_text=raw_text)


@pytest.fixture(scope="session")
def founding_values(shared_data: Path) -> dict[str, str]:
    """Its 17 fields."""
    return json.loads((shared_data / "taxi_invoice" / "expected.json").read_text(encoding="utf-8"))
