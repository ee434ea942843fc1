"""Bytes out of paths, buffers and binary files, never more than allowed."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from typing import BinaryIO

from deepocr_kit.errors import LimitExceededError, SourceNotFoundError, UnsupportedFormatError

__all__ = ["Blob", "clean_name", "read_file", "read_path"]

_CHUNK = 1024 * 1024
_NAME_MAX_CHARS = 255
_BINARY_WITHOUT_WAITING = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Blob:
    """A source in memory.

    Attributes:
        name: What errors call it: as the caller gave it.
        data: All of its bytes.
    """

    name: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Hex digest of ``data``."""
        return hashlib.sha256(self.data).hexdigest()


def clean_name(name: str) -> str:
    """The last part of a path, fit for logs and JSON: printable, no lone surrogates, at most 255 characters."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(map(_printable, base[:_NAME_MAX_CHARS]))


def _printable(char: str) -> str:
    return char if char.isprintable() or unicodedata.category(char) == "Zs" else "\ufffd"


def read_path(path: str, *, name: str, max_bytes: int) -> bytes:
    """All bytes of a regular file.

    Raises:
        SourceNotFoundError: It is missing, unreadable, a folder, a pipe or a device.
        LimitExceededError: It is larger than ``max_bytes``.
    """
    try:
        # Asked before opening, because opening a device can have effects.
        kind = os.stat(path).st_mode  # noqa: PTH116 - an empty Path is the current folder, an empty path is nothing
        if not stat.S_ISREG(kind):
            raise SourceNotFoundError(name, f"it is {_name_kind(kind)}, not a file", "Pass the files one by one")
        # Without waiting: a file that became a pipe in the meantime must not hang the open.
        with os.fdopen(os.open(path, os.O_RDONLY | _BINARY_WITHOUT_WAITING), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > max_bytes:
                raise LimitExceededError(name, "max_bytes", size, max_bytes)
            return read_file(file, name=name, max_bytes=max_bytes)
    except FileNotFoundError:
        raise SourceNotFoundError(name, "there is no such file", _missing_remedy(name)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or "not a path"
        raise SourceNotFoundError(name, f"it cannot be read ({reason})", "Check the path and its rights") from None


def _name_kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or socket"


def _missing_remedy(name: str) -> str:
    if "://" in name or name.startswith(("http:", "https:")):
        return "Addresses are never fetched: download the file and pass its path or bytes"
    return "Check the path; bytes, open files and PIL images are taken too"


def read_file(file: BinaryIO, *, name: str, max_bytes: int) -> bytes:
    """The rest of a binary file, from where it stands; it stays open.

    Raises:
        SourceNotFoundError: Reading fails.
        UnsupportedFormatError: It gives text, not bytes.
        LimitExceededError: More than ``max_bytes`` follow; no more than one byte above that is read.
    """
    chunks: list[bytes] = []
    left = max_bytes + 1
    while left > 0:
        try:
            chunk: object = file.read(min(_CHUNK, left))
        except (OSError, ValueError):  # ValueError: the file is closed
            raise SourceNotFoundError(name, "reading it failed", "Pass an open, readable binary file") from None
        if not isinstance(chunk, bytes):
            raise UnsupportedFormatError(name, "it gives no bytes", "Open it in binary mode, 'rb'")
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        left -= len(chunk)
    raise LimitExceededError(name, "max_bytes", max_bytes + 1, max_bytes)
