"""The list of issue codes holds what is really said, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import deepocr_kit
from deepocr_kit.documents import IssueCode

SOURCE = Path(deepocr_kit.__file__).parent


def test_every_code_is_raised_somewhere() -> None:
    text = "".join(
        path.read_text("utf-8") for path in SOURCE.rglob("*.py") if path != SOURCE / "documents" / "issue.py"
    )
    used = set(re.findall(r"IssueCode\.([A-Z_]+)", text))

    assert {code.name for code in IssueCode} - used == set()
