"""Values that were read, by their paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from deepocr_kit.revisers import EvidenceGrade, FieldEvidence

__all__ = ["Reading"]

_INDEX = re.compile(r"\[([0-9]{1,9})\]")


class Reading:
    """What was read of one document.

    Args:
        fields: Evidence by path such as ``lines[0].amount``.
    """

    def __init__(self, fields: Mapping[str, FieldEvidence]) -> None:
        self._fields = fields
        indices: dict[str, set[int]] = {}
        for path in fields:
            if self.value(path) is not None:
                for index in _INDEX.finditer(path):
                    indices.setdefault(path[: index.start()], set()).add(int(index.group(1)))
        self._indices = {path: tuple(sorted(found)) for path, found in indices.items()}

    def items(self, path: str) -> tuple[int, ...]:
        """Indices of the items of a list that hold a value, in order."""
        return self._indices.get(path, ())

    def evidence(self, path: str) -> FieldEvidence | None:
        """What was said of a leaf."""
        return self._fields.get(path)

    def value(self, path: str) -> Any:
        """The value of a leaf; None when there is none."""
        evidence = self._fields.get(path)
        if evidence is None or evidence.grade is EvidenceGrade.MISSING:
            return None
        value = evidence.value
        return str(value) if isinstance(value, Mapping | list | tuple | set) else value
