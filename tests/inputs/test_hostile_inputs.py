"""Whatever the bytes are, there are pages or one of our errors, and soon."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from deepocr_kit.documents import PageImage
from deepocr_kit.errors import DamagedInputError, InputError
from deepocr_kit.inputs import InputFormat, InputPolicy, decode_rgb, open_source
from steady_time import stays_under

SMALL = InputPolicy(max_pixels=1_000_000, formats=frozenset(InputFormat) - {InputFormat.PDF})

HEADERS = (
    b"\xff\xd8\xff\xe1",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    b"GIF89a",
    b"BM",
    b"II*\x00\x08\x00\x00\x00",
    b"MM\x00*\x00\x00\x00\x08",
    b"II+\x00\x08\x00\x00\x00",
    b"RIFF\x40\x00\x00\x00WEBPVP8 ",
    b"RIFF\x40\x00\x00\x00WEBPVP8X",
    b"",
)


def real_files() -> tuple[bytes, ...]:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.effect_noise((24, 16), 50).convert("RGB")
    files = []
    for kind, options in (
        ("JPEG", {"exif": exif}),
        ("JPEG", {"progressive": True}),
        ("PNG", {"exif": exif}),
        ("WEBP", {}),
        ("BMP", {}),
        ("GIF", {"save_all": True, "append_images": [picture]}),
        ("TIFF", {"save_all": True, "append_images": [picture]}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ):
        buffer = io.BytesIO()
        picture.save(buffer, kind, **options)
        files.append(buffer.getvalue())
    return tuple(files)


FILES = real_files()


def load(data: bytes) -> tuple[list[PageImage], list[InputError]]:
    pages, errors = [], []
    try:
        with open_source(data, policy=SMALL, name="hostile") as source:
            for index in range(source.page_count):
                try:
                    pages.append(source.load_page(index))
                except InputError as error:
                    errors.append(error)
    except InputError as error:
        errors.append(error)
    return pages, errors


def assert_pages_or_input_error(data: bytes) -> None:
    pages, errors = load(data)
    assert pages or errors
    for page in pages:
        assert decode_rgb(page).size == (page.size.width, page.size.height)
        assert page.size.pixels <= 1_000_000
    for error in errors:
        assert error.source == "hostile"
        assert error.reason
        assert error.remedy
        assert "0x" not in str(error)


@settings(max_examples=150, deadline=None)
@given(header=st.sampled_from(HEADERS), body=st.binary(max_size=200))
def test_random_bytes_behind_a_real_header(header: bytes, body: bytes) -> None:
    assert_pages_or_input_error(header + body)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.sampled_from(FILES),
    edits=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 400),
)
@example(data=FILES[0], edits=[(2, 0)], cut=0)
def test_real_files_with_bytes_changed_and_their_end_cut(data: bytes, edits: list[tuple[int, int]], cut: int) -> None:
    mutated = bytearray(data)
    for position, value in edits:
        mutated[position % len(mutated)] = value

    assert_pages_or_input_error(bytes(mutated[: len(mutated) - cut]))


@settings(max_examples=100, deadline=None)
@given(
    data=st.sampled_from(FILES),
    position=st.integers(0, 80),
    word=st.sampled_from([b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\x00\x00\xff\xff"]),
)
def test_real_files_with_extreme_numbers_in_their_headers(data: bytes, position: int, word: bytes) -> None:
    assert_pages_or_input_error(data[:position] + word + data[position + 4 :])


def png_with_chunks(count: int) -> bytes:
    chunk = struct.pack(">L", 0) + b"abCd" + struct.pack(">L", zlib.crc32(b"abCd"))
    data = FILES[2]
    return data[:33] + chunk * count + data[33:]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff\xe1\x00\x0aExif\x00\x00MM" * 1_000_000,
        b"\xff\xd8" + b"\xff" * 10_000_000,
        b"\xff\xd8" + b"\xff\xe5\x00\x02" * 1_000_000,
        png_with_chunks(1_000_000),
    ],
    ids=["Exif blocks", "fill bytes", "empty segments", "empty chunks"],
)
def test_a_file_of_a_million_parts_is_refused_at_once(data: bytes) -> None:
    def refuse() -> None:
        with pytest.raises(DamagedInputError):
            open_source(data)

    assert stays_under(2, refuse)


def test_a_png_of_a_thousand_chunks_is_read() -> None:
    pages, errors = load(png_with_chunks(1_000))

    assert len(pages) == 1
    assert errors == []


def test_a_gif_of_a_hundred_thousand_frames_is_one_page() -> None:
    frame = b"\x2c\x00\x00\x00\x00\x0a\x00\x0a\x00\x00\x02\x02\x84\x51\x00"
    data = b"GIF89a\x0a\x00\x0a\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + frame * 100_000 + b"\x3b"

    assert stays_under(5, lambda: assert_pages_or_input_error(data))
