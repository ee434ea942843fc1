"""Sources on the command line: files, folders and patterns; and names for what is written."""

from __future__ import annotations

import glob
import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

__all__ = ["expand", "output_names"]

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".pdf"})
"""What is picked up inside a folder. A file that is named itself is always tried."""

NAME_MAX_BYTES = 120
"""File systems allow 255; the rest is for suffixes."""


def expand(arguments: Iterable[str]) -> tuple[Path, ...]:
    """Files named by the arguments, each once, in the order given.

    A folder stands for the files with a known suffix inside it, at any depth. A pattern that the
    shell left alone is expanded. What does not exist or cannot be listed is kept, so that it is reported
    and not skipped.
    """
    found: dict[Path, None] = {}
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            found.update(dict.fromkeys(sorted(_inside(path))))
        elif path.exists():
            found[path] = None
        else:
            matches = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
            found.update(dict.fromkeys((Path(match) for match in matches) if matches else (path,)))
    return tuple(found)


def _inside(folder: Path) -> Iterator[Path]:
    """Scans at any depth, dead links among them, and folders that cannot be listed; no link to a folder is followed."""
    closed: list[OSError] = []
    for place, _, names in os.walk(folder, onerror=closed.append):
        yield from (Path(place, name) for name in names if Path(name).suffix.lower() in SUFFIXES)
    yield from (Path(error.filename) for error in closed)


def output_names(paths: Sequence[Path]) -> tuple[str, ...]:
    """A safe folder name for each path; two paths never share one."""
    names = [_safe(path.stem) for path in paths]
    counts = Counter(name.casefold() for name in names)
    return tuple(
        name if counts[name.casefold()] == 1 else f"{name}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
        for name, path in zip(names, paths, strict=True)
    )


def _safe(stem: str) -> str:
    kept = "".join(
        "_" if char in '/\\:*?"<>|' else char
        for char in unicodedata.normalize("NFC", stem)
        if not unicodedata.category(char).startswith("C")
    )
    short = kept.strip(" .-").encode("utf-8")[:NAME_MAX_BYTES].decode("utf-8", "ignore")
    return short or "document"
