"""A TrueType font of three plain boxes, for text that is not seen: readers measure its characters by them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate

__all__ = ["box_font"]

UNITS = 1000
"""Per em."""

BOTTOM, TOP = 0, 700
"""Of each box. The boxes of two lines of the same words must not touch: pdfium takes such lines for one line that was
printed twice to look bold."""


def box_font(widths: Sequence[int], ascent: int, descent: int) -> bytes:
    """A font whose glyph 0 is as wide as the first width, and whose glyphs 1, 2 and so on have these widths in order.

    Each glyph is a box over its whole width, because pdfium leaves out text whose glyphs have no extent. The font
    holds the tables that PDF wants of an embedded one, and no others (PDF 32000-1, 9.9; OpenType tells their form).

    Args:
        widths: In thousandths of the font size.
        ascent: Above the base line, in the same unit.
        descent: Below it; negative.
    """
    widths = [widths[0], *widths]
    glyphs = [_glyph(width) for width in widths]
    offsets = accumulate((len(glyph) // 2 for glyph in glyphs), initial=0)
    box = (0, BOTTOM, max(widths), TOP)
    tables = {
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(">4IHH16x4h4HH", 1 << 16, 1 << 16, 0, 0x5F0F3CF5, 0, UNITS, *box, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(
            ">I3hH6h8x2H", 1 << 16, ascent, descent, 0, max(widths), 0, 0, box[2], 1, 0, 0, 0, len(widths)
        ),
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in widths),
        b"loca": b"".join(struct.pack(">H", offset) for offset in offsets),
        b"maxp": struct.pack(">I14H", 1 << 16, len(widths), 4, 1, 0, 0, 1, *[0] * 8),
    }
    return _file(tables)


def _glyph(width: int) -> bytes:
    """A rectangle: number of contours, bounds, last point, no instructions, four points on the curve, their steps."""
    head = struct.pack(">5hHH", 1, 0, BOTTOM, width, TOP, 3, 0)
    steps = struct.pack(">8h", 0, 0, width, 0, BOTTOM, TOP - BOTTOM, 0, BOTTOM - TOP)
    return head + b"\1" * 4 + steps + b"\0\0"


def _file(tables: dict[bytes, bytes]) -> bytes:
    """The tables, in the order of their names, behind a directory with their checksums."""
    power = len(tables).bit_length() - 1
    directory = struct.pack(">I4H", 1 << 16, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    body, start = b"", len(directory) + 16 * len(tables)
    for name, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) % (1 << 32)
        directory += struct.pack(">4s3I", name, total, start + len(body), len(table))
        body += padded
    return directory + body
