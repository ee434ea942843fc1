"""XML elements as text: every value escaped, every name safe."""

from __future__ import annotations

import re
from collections.abc import Mapping

from deepocr_kit.rendering._characters import escape

__all__ = ["DECLARATION", "Names", "Value", "element"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

Value = str | int | float | None
"""Of an attribute; None leaves the attribute out."""

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
"""Names that are kept. They have no underscore, so that names made by adding ``_something`` are never taken."""

_BREAKS = {"\n": "&#10;", "\t": "&#9;"}


def element(tag: str, attributes: Mapping[str, Value] | None = None, *inner: str) -> str:
    """An element; without any ``inner`` it is closed at once, with an empty one it gets an end tag of its own.

    Args:
        tag: Its name; never from a document.
        attributes: Values are escaped here; whole floats are written as integers.
        inner: Elements, or texts that ``escape`` has seen.
    """
    pairs = "".join(f' {name}="{_value(value)}"' for name, value in (attributes or {}).items() if value is not None)
    return f"<{tag}{pairs}>{''.join(inner)}</{tag}>" if inner else f"<{tag}{pairs}/>"


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return "".join(_BREAKS.get(char, char) for char in escape(value)) if "\n" in value else escape(value)
    return str(value) if isinstance(value, int) else f"{value:.4f}".rstrip("0").rstrip(".")


class Names:
    """Hands out names that are valid as XML ids and unlike one another."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str) -> str:
        """``wanted`` where it is plain and free, else a made one."""
        found = wanted if _PLAIN_NAME.fullmatch(wanted) and wanted not in self._taken else f"x_{len(self._taken)}"
        self._taken.add(found)
        return found
