"""Finds the pages of a TIFF by walking its directories, without decoding anything."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

__all__ = ["list_directories", "open_at"]

_ENTRIES_MAX = 4096
"""A directory of a real file has fewer than a hundred entries."""
_VALUES_MAX = 2_000_000
"""Most numbers in one directory (strip and tile offsets): Pillow makes a Python object of each."""
_BYTE_TYPES = (1, 2, 6, 7)
"""BYTE, ASCII, SBYTE, UNDEFINED (TIFF 6.0, section 2): kept as bytes, however many."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How numbers are written: classic TIFF or BigTIFF, either byte order."""

    first: int
    first_offset: struct.Struct
    entry_count: struct.Struct
    entry: struct.Struct
    next_offset: struct.Struct


def _read_layout(data: bytes) -> _Layout:
    order = "<" if data[:2] == b"II" else ">"
    if struct.unpack_from(order + "H", data, 2)[0] == 43:
        offset = struct.Struct(order + "Q")
        return _Layout(8, offset, struct.Struct(order + "Q"), struct.Struct(order + "HHQ8x"), offset)
    offset = struct.Struct(order + "L")
    return _Layout(4, offset, struct.Struct(order + "H"), struct.Struct(order + "HHL4x"), offset)


def list_directories(data: bytes, *, at_most: int) -> tuple[int, ...]:
    """Offsets of the directories in the chain; one that comes back to an earlier one ends there.

    A directory that is cut off counts as a page, for its loss to be noticed when it is loaded.

    Args:
        data: The whole file; it begins with a TIFF magic.
        at_most: The walk ends one above this.

    Raises:
        ValueError: A directory that no honest file has, or none at all.
    """
    try:
        layout = _read_layout(data)
        offset = layout.first_offset.unpack_from(data, layout.first)[0]
    except struct.error:
        raise ValueError("no header") from None
    seen: dict[int, None] = {}
    while offset and offset not in seen and len(seen) <= at_most:
        seen[offset] = None
        offset = _check_directory(data, offset, layout)
    if not seen:
        raise ValueError("no directory")
    return tuple(seen)


def open_at(data: bytes, directory: int) -> io.BytesIO:
    """The file as if this directory, one of ``list_directories``, were its first.

    Pillow would walk to a page over all pages before it, and leave what those said of themselves on it.
    """
    layout = _read_layout(data)
    return _Overlaid(data, data[: layout.first] + layout.first_offset.pack(directory))


class _Overlaid(io.BytesIO):
    """Bytes with another beginning when they are read, without a copy of the rest."""

    def __init__(self, data: bytes, beginning: bytes) -> None:
        super().__init__(data)
        self._beginning = beginning

    def read(self, size: int | None = -1, /) -> bytes:
        place = self.tell()
        piece = super().read(size)
        covered = self._beginning[place : place + len(piece)]
        return covered + piece[len(covered) :] if covered else piece


def _check_directory(data: bytes, offset: int, layout: _Layout) -> int:
    """Where the next directory is; 0 for none, or when this one is cut off."""
    start = offset + layout.entry_count.size
    if start > len(data):
        return 0
    (entries,) = layout.entry_count.unpack_from(data, offset)
    end = start + entries * layout.entry.size
    if end + layout.next_offset.size > len(data):
        return 0
    if entries > _ENTRIES_MAX:
        raise ValueError("too many entries")
    counts = [count for _, kind, count in layout.entry.iter_unpack(data[start:end]) if kind not in _BYTE_TYPES]
    # A count beyond the file is a slip that Pillow skips; those within it are all read.
    if sum(count for count in counts if count <= len(data)) > _VALUES_MAX:
        raise ValueError("too many values")
    following: int = layout.next_offset.unpack_from(data, end)[0]
    return following
