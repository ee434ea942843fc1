"""Writes the small PDF files that the tests need, by hand."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_PERMISSIONS = -4
_FILE_ID = b"0123456789abcdef"

BLACK_CORNER = b"0 0 0 rg 0 0 50 50 re f"
"""A black square at the lower left of the page, 50 points wide."""


@dataclass
class PdfPage:
    content: bytes = BLACK_CORNER
    width: float = 200
    height: float = 100
    rotate: int = 0
    extra: str = ""
    filters: str = ""


@dataclass
class PdfFile:
    pages: list[PdfPage]
    password: str | None = None
    catalog: str = ""
    objects: list[tuple[str, bytes | None]] = field(default_factory=list)

    def encode(self) -> bytes:
        """The file. Extra ``objects`` (dictionary, stream) get the numbers from 3 + 2 * pages on."""
        count = len(self.pages)
        kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(count))
        bodies: list[tuple[str, bytes | None]] = [
            (f"<< /Type /Catalog /Pages 2 0 R {self.catalog} >>", None),
            (f"<< /Type /Pages /Kids [{kids}] /Count {count} >>", None),
        ]
        for n, page in enumerate(self.pages):
            box = f"[0 0 {page.width:g} {page.height:g}]"
            bodies.append(
                (
                    f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Rotate {page.rotate} "
                    f"/Contents {4 + 2 * n} 0 R {page.extra} >>",
                    None,
                )
            )
            bodies.append((f"<< /Length {len(page.content)} {page.filters} >>", page.content))
        return self._assemble(bodies + self.objects)

    def _assemble(self, bodies: list[tuple[str, bytes | None]]) -> bytes:
        key = trailer = None
        if self.password is not None:
            key, dictionary = _encryption(self.password)
            trailer = f"/Encrypt {len(bodies) + 1} 0 R /ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>]"
            bodies = [*bodies, (dictionary, None)]
        out = bytearray(b"%PDF-1.4\n")
        offsets = []
        for number, (dictionary, stream) in enumerate(bodies, start=1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n{dictionary}\n".encode()
            if stream is not None:
                stream = stream if key is None else _rc4(_object_key(key, number), stream)
                out += b"stream\n" + stream + b"\nendstream\n"
            out += b"endobj\n"
        start = len(out)
        out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
        out += f"trailer << /Size {len(offsets) + 1} /Root 1 0 R {trailer or ''} >>\nstartxref\n{start}\n%%EOF".encode()
        return bytes(out)


def flate_bomb(megabytes: int) -> PdfPage:
    """A page whose content stream unpacks to so many megabytes of blanks."""
    packer = zlib.compressobj(9)
    block = b" " * 1024 * 1024
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return PdfPage(packed, filters="/Filter /FlateDecode")


def endless_pdf() -> bytes:
    """Two good pages around one that draws 10^12 squares, through forms that call forms."""
    levels = 12
    first = 3 + 2 * 3
    forms = []
    for level in range(levels):
        inner = first + level + 1
        last = level == levels - 1
        content = b"0 0 1 1 re f" if last else b"/X Do " * 10
        resources = "" if last else f"/Resources << /XObject << /X {inner} 0 R >> >>"
        forms.append(
            (f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources} /Length {len(content)} >>", content)
        )
    bad = PdfPage(b"/X Do " * 10, extra=f"/Resources << /XObject << /X {first} 0 R >> >>")
    return PdfFile([PdfPage(), bad, PdfPage()], objects=forms).encode()


def form_pdf() -> bytes:
    """A page that is empty but for a form field with a black appearance over its left half."""
    appearance = b"0 0 0 rg 0 0 100 100 re f"
    return PdfFile(
        [PdfPage(b"", extra="/Annots [5 0 R]")],
        catalog="/AcroForm << /Fields [5 0 R] >>",
        objects=[
            (
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /F 4 /Rect [0 0 100 100] /AP << /N 6 0 R >> >>",
                None,
            ),
            (
                f"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length {len(appearance)} >>",
                appearance,
            ),
        ],
    ).encode()


def _encryption(password: str) -> tuple[bytes, str]:
    """Key and dictionary of the standard handler, revision 2 (PDF 1.7, 7.6.3, algorithms 2 to 4)."""
    padded = (password.encode() + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + _PERMISSIONS.to_bytes(4, "little", signed=True) + _FILE_ID).digest()[:5]
    user = _rc4(key, _PADDING)
    return key, f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P {_PERMISSIONS} >>"


def _object_key(key: bytes, number: int) -> bytes:
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[:10]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
