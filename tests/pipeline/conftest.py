"""Sources that every pipeline test needs."""

from __future__ import annotations

import io

import pytest
from PIL import Image


def three_pages() -> bytes:
    """A TIFF of three pages, each of its own width: 120, 130 and 140 pixels."""
    frames = [Image.new("RGB", (120 + 10 * index, 160), "white") for index in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.fixture(scope="session")
def tiff() -> bytes:
    return three_pages()
