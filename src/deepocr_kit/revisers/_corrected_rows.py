"""Where the fields of a result stand after a person took rows of its lists out and put others in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from deepocr_kit.errors import RevisionError
from deepocr_kit.revisers.base import FieldEvidence

__all__ = ["Rows", "Steps", "as_given", "path_of", "steps_of"]

Steps: TypeAlias = tuple[str | int, ...]
"""A path taken apart: names, and the 0-based numbers of list items."""

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_ITEM = re.compile(r"([^\[]*)\[(\d+)\](.*)", re.DOTALL)


def steps_of(path: str) -> Steps:
    """``lines[0].amount`` taken apart."""
    return tuple(int(number) if number else name for number, name in _STEP.findall(path))


def path_of(steps: Steps) -> str:
    """Steps put together again."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


class Rows:
    """The rows of the lists that a person changed.

    Args:
        orders: The rows as they are to be, by path of the list; a number below
            the list's length is a row of the result, another one is new.
        paths: Of all fields of the result.

    Raises:
        RevisionError: A row stands there twice.
    """

    def __init__(self, orders: Mapping[Steps, tuple[int, ...]], paths: Iterable[str]) -> None:
        self._lengths: dict[Steps, int] = {}
        for steps in map(steps_of, paths):
            for at, step in enumerate(steps):
                if isinstance(step, int):
                    self._lengths[steps[:at]] = max(self._lengths.get(steps[:at], 0), step + 1)
        self._places = {steps: {row: place for place, row in enumerate(rows)} for steps, rows in orders.items()}
        for steps, rows in orders.items():
            if len(self._places[steps]) < len(rows):
                raise RevisionError(f"a row of {path_of(steps)!r} stands there twice: {list(rows)}; name each row once")

    def place(self, steps: Steps) -> Steps | None:
        """Where a field stands afterwards; None when its row was taken out."""
        moved = list(steps)
        for at, step in enumerate(steps):
            places = self._places.get(steps[:at])
            if places is not None and isinstance(step, int):
                if step not in places:
                    return None
                moved[at] = places[step]
        return tuple(moved)

    def new_row(self, steps: Steps) -> Steps | None:
        """The row that was put in and that a field belongs to; None when it belongs to no such row."""
        for at, step in enumerate(steps):
            inside = isinstance(step, int) and step >= self._lengths.get(steps[:at], 0)
            if inside and step in self._places.get(steps[:at], {}):
                return steps[: at + 1]
        return None

    def check_filled(self, filled: Collection[Steps | None]) -> None:
        """Refuse a row that was put in and that nothing is said about.

        Args:
            filled: Rows that got a value.

        Raises:
            RevisionError: A new row is not among them.
        """
        for steps, places in self._places.items():
            for row in places:
                if row >= self._lengths.get(steps, 0) and (*steps, row) not in filled:
                    raise RevisionError(
                        f"row {row} of {path_of(steps)!r} is not in the result, and no value is given for it; "
                        "give its fields, or leave the row out"
                    )


def as_given(given: Mapping[str, str], found: Mapping[str, FieldEvidence]) -> dict[str, str]:
    """The path under which each found field was given.

    They differ where a list came back shorter: items without a value or that
    the model refuses are dropped, and the items after them counted anew.

    Args:
        given: Texts by path.
        found: What was made of them, in the same order.
    """
    before, after = _items(given), _items({path: one.raw_text for path, one in found.items()})
    items: dict[tuple[str, int], int] = {}
    for name, rows in after.items():
        candidates = sorted(before.get(name, {}))
        if len(candidates) == len(rows):
            items |= {(name, row): origin for row, origin in zip(sorted(rows), candidates, strict=True)}
            continue
        left = iter(candidates)
        for row in sorted(rows):
            origin = next((one for one in left if _alike(before[name][one], rows[row])), None)
            if origin is None:
                break
            items[name, row] = origin
    paths: dict[str, str] = {}
    for path in found:
        item = _ITEM.fullmatch(path)
        if item is None:
            paths[path] = path
        elif (item[1], int(item[2])) in items:
            paths[path] = f"{item[1]}[{items[item[1], int(item[2])]}]{item[3]}"
    return paths


def _items(texts: Mapping[str, str]) -> dict[str, dict[int, dict[str, str]]]:
    """Texts by outermost list, item and the rest of the path."""
    lists: dict[str, dict[int, dict[str, str]]] = {}
    for path, text in texts.items():
        item = _ITEM.fullmatch(path)
        if item is not None:
            lists.setdefault(item[1], {}).setdefault(int(item[2]), {})[item[3]] = text.strip()
    return lists


def _alike(given: Mapping[str, str], found: Mapping[str, str]) -> bool:
    return all(given.get(rest, "") == text for rest, text in found.items())
