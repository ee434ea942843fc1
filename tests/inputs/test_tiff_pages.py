"""TIFF files of several pages."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

from deepocr_kit.errors import DamagedInputError, LimitExceededError
from deepocr_kit.geometry import Size
from deepocr_kit.inputs import InputPolicy, decode_rgb, open_source
from steady_time import LINEAR, growth


def encode_pages(*images: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], **options)  # type: ignore[arg-type]  # options differ
    return buffer.getvalue()


def three_pages(**options: object) -> bytes:
    return encode_pages(
        Image.new("1", (20, 30), 1), Image.new("RGB", (40, 30), "red"), Image.new("L", (50, 60), 7), **options
    )


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}, {"big_tiff": True}], ids=["raw", "lzw", "big"])
def test_every_page_is_a_page(options: dict[str, object]) -> None:
    with open_source(three_pages(**options)) as source:
        pages = [source.load_page(index) for index in (2, 0, 1)]

    assert source.page_count == 3
    assert [page.size for page in pages] == [Size(50, 60), Size(20, 30), Size(40, 30)]
    assert [page.page_index for page in pages] == [2, 0, 1]
    assert decode_rgb(pages[1]).getpixel((3, 3)) == (255, 255, 255)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(LimitExceededError, match="max_pages"):
        open_source(three_pages(), policy=InputPolicy(max_pages=2))


def test_a_page_outside_the_limits_is_refused_alone() -> None:
    with open_source(three_pages(), policy=InputPolicy(max_pixels=1200)) as source:
        with pytest.raises(LimitExceededError) as caught:
            source.load_page(2)
        sibling = source.load_page(1)

    assert caught.value.page_index == 2
    assert sibling.size == Size(40, 30)


def test_a_page_that_is_cut_off_is_still_counted_and_fails_alone() -> None:
    data = three_pages()
    first = struct.unpack_from("<L", data, 4)[0]
    entries = struct.unpack_from("<H", data, first)[0]
    broken = bytearray(data)
    struct.pack_into("<L", broken, first + 2 + 12 * entries, len(data) + 100)
    with open_source(bytes(broken)) as source:
        with pytest.raises(DamagedInputError) as caught:
            source.load_page(1)
        sibling = source.load_page(0)

    assert source.page_count == 2
    assert caught.value.page_index == 1
    assert sibling.size == Size(20, 30)


def _directory(*entries: tuple[int, int, int, int], order: str = "<", following: int = 0) -> bytes:
    body = b"".join(struct.pack(order + "HHLL", *entry) for entry in entries)
    return struct.pack(order + "H", len(entries)) + body + struct.pack(order + "L", following)


@pytest.mark.parametrize(
    "data",
    [
        b"II*\x00\x00\x00\x00\x00",
        b"MM\x00*\x00\x00\x00\x00",
        b"II*\x00",
        b"II+\x00\x08\x00\x00\x00",
        b"II*\x00\xff\xff\xff\xff",
        b"II*\x00\x08\x00\x00\x00\x05\x00",
        b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(1_000_000),
        b"II*\x00\x08\x00\x00\x00" + _directory((273, 4, 2_500_000, 8)) + bytes(10_000_000),
    ],
    ids=["no page", "no page, big endian", "header cut", "big cut", "far", "cut", "entries", "values"],
)
def test_a_directory_that_no_honest_file_has_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedInputError):
        open_source(data).load_page(0)


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    data = bytearray(three_pages())
    first = struct.unpack_from("<L", data, 4)[0]
    entries = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<L", data, first + 2 + 12 * entries, first)
    with open_source(bytes(data)) as source:
        assert source.page_count == 1
        assert source.load_page(0).size == Size(20, 30)


def one_page(**changes: int) -> bytes:
    """A grey page of 16 x 16 pixels; ``changes`` are tags by number, ``t322=16``."""
    numbers = {256: 16, 257: 16, 258: 8, 259: 1, 262: 1, 277: 1, 322: 16, 323: 16, 324: 400, 325: 256}
    numbers |= {int(tag[1:]): value for tag, value in changes.items()}
    directory = _directory(*((tag, 4, 1, value) for tag, value in sorted(numbers.items())))
    return (b"II*\x00\x08\x00\x00\x00" + directory).ljust(400, b"\x00") + bytes([9]) * 256


def test_a_tiled_page_is_read() -> None:
    assert open_source(one_page()).load_page(0).size == Size(16, 16)


def test_a_tile_larger_than_any_page_is_refused() -> None:
    with pytest.raises(DamagedInputError):
        open_source(one_page(t322=20_000, t323=20_000))


@pytest.mark.parametrize("pointer", [8, 300, 99_999])
def test_broken_camera_metadata_does_not_cost_the_page(pointer: int) -> None:
    assert open_source(one_page(t34665=pointer)).load_page(0).size == Size(16, 16)


def test_a_page_knows_nothing_of_the_pages_before_it() -> None:
    buffer = io.BytesIO()
    with AppendingTiffWriter(buffer) as writer:
        for options in ({"dpi": (204, 98)}, {"tiffinfo": {296: 1}}):
            Image.new("L", (40, 30), 255).save(writer, "TIFF", **options)
            writer.newFrame()
        data = buffer.getvalue()
    with open_source(data) as source:
        fax, other = source.load_page(0), source.load_page(1)

    assert (fax.size, fax.dpi) == (Size(40, 62), 204)
    assert (other.size, other.dpi, other.issues) == (Size(40, 30), None, ())


def test_a_broken_directory_does_not_cost_the_pages_behind_it() -> None:
    data = bytearray(three_pages())
    second = Image.open(io.BytesIO(data))
    second.seek(1)
    width = data.index(struct.pack("<HHL", 256, 4, 1), second.tag_v2.offset)
    struct.pack_into("<L", data, width + 8, 0)
    with open_source(bytes(data)) as source:
        with pytest.raises((DamagedInputError, LimitExceededError)) as caught:
            source.load_page(1)
        pages = [source.load_page(index) for index in (0, 2)]

    assert caught.value.page_index == 1
    assert [page.size for page in pages] == [Size(20, 30), Size(50, 60)]


def test_reading_every_page_takes_linear_time() -> None:
    def read(data: bytes) -> None:
        with open_source(data) as source:
            for index in range(source.page_count):
                source.load_page(index)

    blank = Image.new("1", (16, 16), 1)
    few, many = (encode_pages(*[blank] * count) for count in (100, 800))

    assert growth(lambda: read(few), lambda: read(many), times=8) <= LINEAR
