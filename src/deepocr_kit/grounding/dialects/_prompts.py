"""Looks up the prompt of a task."""

from __future__ import annotations

from collections.abc import Mapping

from deepocr_kit.grounding.dialect import OcrTask

__all__ = ["task_prompt"]


def task_prompt(name: str, prompts: Mapping[OcrTask, str], task: OcrTask, query: str | None) -> str:
    """The prompt of a family that has no prompt with a query.

    Args:
        name: Of the dialect, for people.
        prompts: By task.
        task: What to do.
        query: Must be None.

    Raises:
        ValueError: The family has no prompt for this task, or there is a query.
    """
    if task not in prompts:
        known = ", ".join(repr(known.value) for known in prompts)
        raise ValueError(f"{name} has no prompt for the task {task.value!r}; it knows {known}")
    if query is not None:
        raise ValueError(f"the task {task.value!r} takes no query, got {query!r}")
    return prompts[task]
