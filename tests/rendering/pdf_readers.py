"""Other people's readers of PDF."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")
pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")


def check(data: bytes) -> None:
    """qpdf finds nothing to complain of."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []


def by_pdfium(data: bytes, page: int = 0) -> str:
    """The text of a page."""
    document = pdfium.PdfDocument(data)
    text = document[page].get_textpage()
    said = text.get_text_range().replace("\r\n", "\n")
    document.close()
    return said


def by_poppler(data: bytes, path: Path, *options: str) -> str:
    """The text that pdftotext gives."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine (apt-get install poppler-utils)")
    path.write_bytes(data)
    return subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True).stdout.decode()
