"""The backends that the documentation shows pass the contract, and are as short as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deepocr_kit.testing import Answer, OcrBackendContract, VllmServer

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-backend.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def names_of(block: str) -> dict:
    names: dict = {}
    exec(block, names)
    return names


class TestModelBackend(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        with VllmServer(Answer("# Receipt\n\nTotal 9.80"), model="Qwen/Qwen3-VL-8B-Instruct") as server:
            yield names_of(BLOCKS[0])["QwenBackend"](server.base_url, api_key=server.api_key)


class TestEngineBackend(OcrBackendContract):
    @pytest.fixture
    def backend(self):
        return names_of(BLOCKS[1])["InkBackend"]()


def test_a_backend_for_another_model_takes_at_most_fifteen_lines():
    lines = [line for line in BLOCKS[0].splitlines() if line.strip() and not line.startswith(("from ", "import "))]

    assert len(lines) <= 15
