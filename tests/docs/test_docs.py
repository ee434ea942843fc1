"""Every Python block of the documentation and the README runs as it stands."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_python_blocks_of_a_page_run_in_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("DEEPOCR_", "OPENAI_", "AWS_"))]:
        monkeypatch.delenv(name)
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(page)

    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_block_of_a_page_escapes_execution(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(page)

    assert len(list(document.examples())) == len(re.findall(r"^```(?:python|py|\{code-block\} python)\b", text, re.M))
    assert "{testcode}" not in text
    assert ">>>" not in text


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_to_other_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []
