"""Refuses JPEG and PNG files built to keep their reader busy, before it reads them."""

from __future__ import annotations

import struct

__all__ = ["check_structure"]

_EXIF_BLOCKS_MAX = 16
"""JPEG files have one Exif block, or two with a preview; Pillow joins them in quadratic time."""
_JPEG_SCANS_MAX = 100
"""A progressive JPEG has about ten scans. Each costs a pass over all pixels, for as little as 100 bytes."""
_JPEG_SEGMENTS_MAX = 10_000
"""Segments (and fill bytes) before the first scan; an honest file has at most a few hundred."""
_PNG_CHUNKS_MAX = 200_000
"""Chunks of a PNG; usual writers put 8 KB or more of pixels into each."""
_PNG_HEAD_BYTES = 8
_PNG_CHUNK_FRAME_BYTES = 12
_START_OF_SCAN = 0xDA
_FILL = 0xFF


def check_structure(data: bytes) -> None:
    """Look at the skeleton of a JPEG or PNG file; any other file passes.

    Raises:
        ValueError: It has far more parts than an honest file.
    """
    if data.startswith(b"\xff\xd8"):
        _check_jpeg(data)
    elif data.startswith(b"\x89PNG"):
        _check_png(data)


def _check_jpeg(data: bytes) -> None:
    # Inside compressed data FF is always followed by 00, so these bytes are markers but for rare chance hits.
    if data.count(b"\xff\xda") > _JPEG_SCANS_MAX or data.count(b"Exif\x00\x00") > _EXIF_BLOCKS_MAX:
        raise ValueError("too many scans or Exif blocks")
    place = 2
    for _ in range(_JPEG_SEGMENTS_MAX):
        if place + 4 > len(data) or data[place] != _FILL or data[place + 1] == _START_OF_SCAN:
            return  # the first scan, or something that Pillow has to judge
        place += 1 if data[place + 1] == _FILL else 2 + int.from_bytes(data[place + 2 : place + 4])
    raise ValueError("too many segments")


def _check_png(data: bytes) -> None:
    place = _PNG_HEAD_BYTES
    for _ in range(_PNG_CHUNKS_MAX):
        if place + _PNG_CHUNK_FRAME_BYTES > len(data):
            return
        place += _PNG_CHUNK_FRAME_BYTES + struct.unpack_from(">L", data, place)[0]
    raise ValueError("too many chunks")
