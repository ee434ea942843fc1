"""What the commands say, and the exit codes they end with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deepocr_kit.documents import Issue, PageStatus, Severity
from deepocr_kit.pipeline import Result
from deepocr_kit.revisers import FieldEvidence

__all__ = ["ExitCode", "exit_code", "field_table", "issue_lines", "printable"]


class ExitCode(IntEnum):
    """How a command ended."""

    SUCCESS = 0
    FAILURE = 1
    """Nothing could be read, or something could not be written."""
    USAGE = 2
    """The command line is wrong (click's own code)."""
    PARTIAL = 3
    """Something was read, and something is missing or doubtful."""
    BELOW = 4
    """An evaluation did not reach what ``--min-accuracy`` or ``--min-f1`` asks for."""
    INTERRUPTED = 130
    """Ctrl-C; what was finished is kept."""


def exit_code(results: Iterable[Result[Any]]) -> ExitCode:
    """One code for many results."""
    statuses = {result.status for result in results}
    if statuses <= {PageStatus.OK}:
        return ExitCode.SUCCESS
    return ExitCode.FAILURE if statuses == {PageStatus.FAILED} else ExitCode.PARTIAL


def printable(text: str) -> str:
    """Text without control characters, so that a scan cannot steer the terminal."""
    return "".join(
        char if char in "\n\t" or not unicodedata.category(char).startswith("C") else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def field_table(fields: Mapping[str, FieldEvidence]) -> Table:
    """Fields with value, grade and where they stand."""
    table = Table("field", "value", "evidence", "page", "regions")
    for path, evidence in fields.items():
        shown = "" if evidence.value is None else printable(str(evidence.value))
        pages = sorted({box.page_index + 1 for box in evidence.boxes})
        table.add_row(
            Text(path),
            Text(shown),
            Text(evidence.grade.value, style="red" if evidence.needs_review else "green"),
            Text(", ".join(map(str, pages))),
            Text(", ".join(evidence.region_ids)),
        )
    return table


def issue_lines(console: Console, issues: Iterable[Issue]) -> None:
    """Print the issues that are more than information."""
    for issue in issues:
        if issue.severity is not Severity.INFO:
            field = "" if issue.field is None or issue.message.startswith(issue.field) else issue.field
            places = ("" if issue.page_index is None else f"page {issue.page_index + 1}", field)
            where = "".join(f"{place}: " for place in places if place)
            style = "red" if issue.severity is Severity.ERROR else "yellow"
            console.print(Text(f"  {issue.severity.value}: {printable(where + issue.message)}", style=style))
