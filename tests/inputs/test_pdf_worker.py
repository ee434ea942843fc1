"""The messages between a source and its renderer, and the arithmetic of page sizes."""

from __future__ import annotations

import io
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepocr_kit.inputs._pdf_worker import fit_scale, limit_resource, read_message, write_message


def test_a_message_comes_back_as_it_was_sent() -> None:
    pipe = io.BytesIO()
    write_message(pipe, {"index": 3, "password": "ключ"}, b"\x00payload")
    pipe.seek(0)

    assert read_message(pipe, payload_max=100) == ({"index": 3, "password": "ключ"}, b"\x00payload")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EOFError),
        (struct.pack(">IQ", 2, 5) + b"{}abc", EOFError),
        (struct.pack(">IQ", 2, 101) + b"{}", ValueError),
        (struct.pack(">IQ", 2**31, 0), ValueError),
        (struct.pack(">IQ", 2, 0) + b"[]", ValueError),
        (struct.pack(">IQ", 2, 0) + b"\xff\xfe", ValueError),
    ],
    ids=["nothing", "cut", "payload too long", "header too long", "not an object", "not JSON"],
)
def test_a_message_that_is_none_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_message(io.BytesIO(data), payload_max=100)


@given(
    width=st.floats(0.01, 1e7),
    height=st.floats(0.01, 1e7),
    dpi=st.floats(1, 2400),
    max_pixels=st.integers(1, 10**8),
    max_side=st.integers(1, 65_500),
)
def test_a_page_of_any_size_fits_into_both_limits(
    width: float, height: float, dpi: float, max_pixels: int, max_side: int
) -> None:
    scale, limit = fit_scale(width, height, dpi=dpi, max_pixels=max_pixels, max_side=max_side)
    pixels = math.ceil(width * scale), math.ceil(height * scale)

    assert pixels[0] * pixels[1] <= max_pixels
    assert max(pixels) <= max_side
    assert scale <= dpi / 72
    assert limit in (None, "max_pixels", "max_side")


def test_a_limit_that_the_platform_lacks_is_left_out() -> None:
    limit_resource("RLIMIT_OF_ANOTHER_SYSTEM", 1)
