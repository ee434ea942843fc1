"""Which format some bytes are in, by their first bytes alone."""

from __future__ import annotations

from deepocr_kit.inputs.policy import InputFormat

__all__ = ["HEAD_BYTES", "name_foreign_format", "sniff_format"]

HEAD_BYTES = 1024
"""How much of a file decides. PDF readers look for ``%PDF-`` in the first 1024 bytes (PDF 1.7, appendix H, note 13)."""

_MAGIC: tuple[tuple[bytes, InputFormat], ...] = (
    (b"\xff\xd8\xff", InputFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", InputFormat.PNG),
    (b"GIF87a", InputFormat.GIF),
    (b"GIF89a", InputFormat.GIF),
    (b"II*\x00", InputFormat.TIFF),
    (b"MM\x00*", InputFormat.TIFF),
    (b"II+\x00", InputFormat.TIFF),
    (b"MM\x00+", InputFormat.TIFF),
    (b"BM", InputFormat.BMP),
)

_CONVERT = "Save it as JPEG, PNG, TIFF or PDF first"
_DECODE = "Decode it yourself (e.g. with pillow-heif) and pass the PIL image, or save it as JPEG"
_PRINT = "Print or export it to PDF first"

_FOREIGN: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"ftypavi", "AVIF", _DECODE),
    (4, b"ftyphe", "HEIC", _DECODE),
    (4, b"ftypmif1", "HEIF", _DECODE),
    (4, b"ftypmsf1", "HEIF", _DECODE),
    (4, b"ftyp", "a video or audio file", "Pass a picture or a PDF"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000", _CONVERT),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000", _CONVERT),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL", _CONVERT),
    (0, b"\xff\x0a", "JPEG XL", _CONVERT),
    (0, b"8BPS", "Photoshop", _CONVERT),
    (0, b"AT&TFORM", "DjVu", _CONVERT),
    (0, b"%!PS", "PostScript", _PRINT),
    (0, b"PK\x03\x04", "a ZIP archive or an office document", _PRINT),
    (0, b"\xd0\xcf\x11\xe0", "an old office document", _PRINT),
    (0, b"\x1f\x8b", "a gzip archive", "Unpack it first"),
    (0, b"<svg", "SVG", _CONVERT),
)


def sniff_format(head: bytes) -> InputFormat | None:
    """The format of a file that begins with ``head`` (``HEAD_BYTES`` of it are enough); None for any other."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return InputFormat.WEBP
    return InputFormat.PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def name_foreign_format(head: bytes) -> tuple[str, str]:
    """Reason and remedy for a file in none of our formats."""
    if not head:
        return "it is empty", "Check how the file was written or sent"
    for start, magic, name, remedy in _FOREIGN:
        if head.startswith(magic, start):
            return f"it is {name}, which is not supported", remedy
    if b"<svg" in head:
        return "it is SVG, which is not supported", _CONVERT
    if _is_text(head):
        return "it is text, not a picture", "Pass a picture or a PDF; a saved answer of a model needs no recognition"
    return "its first bytes are of no known picture format", _CONVERT


def _is_text(head: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\n\f\r" for byte in head)
