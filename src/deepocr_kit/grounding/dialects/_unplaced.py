"""Says that boxes were left out because the frame of their pixels is not known."""

from __future__ import annotations

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.grounding.dialects._answer import Answer

__all__ = ["say_unplaced"]


def say_unplaced(answer: Answer, starts: list[int]) -> None:
    """Add one issue for all regions whose boxes were left out, if there are any.

    Args:
        answer: Takes the issue.
        starts: Where these regions begin in the raw text.
    """
    if starts:
        message = (
            f"boxes of {len(starts)} regions were left out: the model answers in pixels of the picture as it saw it; "
            "give parse the size of the page (size=) to place them"
        )
        answer.note(IssueCode.MISSING_BOX, Severity.WARNING, message, starts[0])
