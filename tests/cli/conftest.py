"""A folder with scans, a raw text and schemas, and a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import TEXT

from deepocr_kit.testing import VllmServer, build_page_image

SCHEMA = {
    "type": "object",
    "properties": {"total": {"type": "number", "description": "合计"}, "company": {"type": "string"}},
    "required": ["total"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEEPOCR_API_KEY", "secret-key")
    monkeypatch.delenv("DEEPOCR_BASE_URL", raising=False)
    (tmp_path / "scans").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "scans" / name).write_bytes(build_page_image().data)
    (tmp_path / "raw.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (tmp_path / "bills.py").write_text(
        "from pydantic import BaseModel, Field\n\n"
        "class Bill(BaseModel):\n    total: str = Field(description='合计')\n\n"
        "class Deep(BaseModel):\n    again: 'Deep | None' = None\n\n"
        "NUMBER = 3\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def server() -> Iterator[VllmServer]:
    with VllmServer(api_key="secret-key") as running:
        yield running
