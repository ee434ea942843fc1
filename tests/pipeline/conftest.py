"""Sources that every pipeline test needs."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from deepocr_kit.testing import build_page_image


def three_pages() -> bytes:
    """A TIFF of three pages, each of its own width: 120, 130 and 140 pixels."""
    pages = [build_page_image(width=120 + 10 * index, height=160) for index in range(3)]
    frames = [Image.open(io.BytesIO(page.data)) for page in pages]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.fixture(scope="session")
def tiff() -> bytes:
    return three_pages()
