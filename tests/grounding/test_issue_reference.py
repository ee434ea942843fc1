from __future__ import annotations

from pathlib import Path

import pytest

from deepocr_kit.documents import IssueCode

PAGE = Path(__file__).parents[2] / "docs/reference/issues.md"


@pytest.mark.parametrize("code", IssueCode)
def test_every_code_has_one_row_with_symptom_handling_and_remedy(code: IssueCode) -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{code.value}` |")]

    assert len(rows) == 1
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))


def test_the_page_names_no_code_that_does_not_exist() -> None:
    rows = [line.split("`")[1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]

    assert set(rows) - {"error", "warning", "info"} == {code.value for code in IssueCode}
