"""Options become backends and revisers; nothing else reads the environment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import deepocr_kit
from deepocr_kit.cli._options import BackendName, ReviserName, make_backend, make_reviser


def test_a_base_url_alone_means_vllm_with_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPOCR_API_KEY", "k")

    assert "VllmBackend" in repr(make_backend(None, "http://127.0.0.1:9/v1", "my-ocr"))
    assert repr(make_backend(BackendName.CPU, None, None)).startswith("OrientingBackend(RapidOcrBackend(")


def test_each_reviser_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPOCR_REVISER_API_KEY", "k")

    named = {name: type(make_reviser(name, "http://127.0.0.1:9/v1", "m")).__name__ for name in ReviserName}
    assert named == {
        ReviserName.RULES: "RulesReviser",
        ReviserName.OPENAI: "OpenAIReviser",
        ReviserName.BEDROCK: "BedrockReviser",
    }


def test_the_environment_is_read_in_the_command_line_alone() -> None:
    root = Path(deepocr_kit.__file__).parent
    readers = {
        path.relative_to(root).parts[0]
        for path in root.rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    }

    assert readers <= {"cli"}
