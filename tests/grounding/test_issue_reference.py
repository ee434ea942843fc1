from __future__ import annotations

import re
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


def test_every_symptom_has_a_code_that_exists_what_we_do_and_what_the_user_can_do() -> None:
    _, symptoms = PAGE.read_text("utf-8").split("## From a symptom to a code")
    rows = [line.strip("|").split(" | ") for line in symptoms.splitlines() if line.startswith("| ")]
    named = {code for _, codes, *_ in rows[1:] for code in re.findall(r"`(\w+)`", codes)}

    assert rows[0] == [" symptom", "code", "what we do", "what you can do "]
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)
    assert named <= {code.value for code in IssueCode}
    assert len(rows) > 27, "as many as the known problems of these models"
