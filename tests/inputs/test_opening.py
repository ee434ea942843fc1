"""Every kind of source, and every way in which one is none."""

from __future__ import annotations

import io
import os
import pickle
import socket
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image

from deepocr_kit.documents import PageImage, SourceInfo
from deepocr_kit.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    SourceNotFoundError,
    UnsupportedFormatError,
)
from deepocr_kit.geometry import Size
from deepocr_kit.inputs import InputFormat, InputPolicy, decode_rgb, open_source
from deepocr_kit.testing.builders import build_page_image


@pytest.fixture
def png() -> bytes:
    return build_page_image(width=30, height=20, color="navy").data


@pytest.mark.parametrize("make", [str, Path], ids=["str", "Path"])
def test_a_path_is_opened_and_known_by_its_last_part(make, tmp_path: Path, png: bytes) -> None:
    path = tmp_path / "folder" / "scan.png"
    path.parent.mkdir()
    path.write_bytes(png)
    with open_source(make(path)) as source:
        page = source.load_page(0)

    assert source.info.name == page.source_name == "scan.png"
    assert source.info.media_type == "image/png"
    assert source.info.sha256 == build_page_image(width=30, height=20, color="navy").sha256


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview], ids=["bytes", "bytearray", "memoryview"])
def test_bytes_are_opened(make, png: bytes) -> None:
    with open_source(make(png)) as source:
        assert source.load_page(0).size == Size(30, 20)
        assert source.info.name == "bytes"


def test_a_binary_file_is_read_from_where_it_stands_and_stays_open(png: bytes) -> None:
    file = io.BytesIO(b"skip" + png)
    file.seek(4)
    with open_source(file) as source:
        assert source.load_page(0).size == Size(30, 20)

    assert not file.closed
    assert source.info.name == "stream"


def test_an_open_file_lends_its_name(tmp_path: Path, png: bytes) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(png)
    with path.open("rb") as file, open_source(file) as source:
        assert source.info.name == "scan.png"


def test_a_pil_image_has_no_digest() -> None:
    with open_source(Image.new("RGB", (30, 20), "navy"), name="drawn") as source:
        page = source.load_page(0)

    assert source.info == SourceInfo(name="drawn")
    assert (page.size, page.media_type) == (Size(30, 20), "image/jpeg")


def test_a_page_image_is_a_source_of_one_page() -> None:
    image = build_page_image(page_index=4)
    with open_source(image) as source:
        page = source.load_page(0)

    assert page.data is image.data
    assert (page.page_index, page.size, source.page_count) == (0, image.size, 1)
    assert source.info == SourceInfo(name="built", sha256=image.sha256, media_type="image/png")


@pytest.mark.parametrize("encoding", ["jpeg", "png"])
def test_a_page_comes_back_as_rgb_pixels(encoding: str) -> None:
    policy = InputPolicy(encoding=encoding)  # type: ignore[arg-type]  # a parameter
    with open_source(Image.new("L", (30, 20), 99), policy=policy) as source:
        picture = decode_rgb(source.load_page(0))

    assert picture.mode == "RGB"
    assert picture.getpixel((3, 3)) == pytest.approx((99, 99, 99), abs=2)


def test_a_name_given_wins_and_is_cleaned() -> None:
    image = Image.new("L", (30, 20))
    names = {
        "/home/somebody/a.png": "a.png",
        "C:\\scans\\a.png": "a.png",
        "发票　1.png": "发票　1.png",
        "line\nbreak\x1b[31m": "line\ufffdbreak\ufffd[31m",
        "broken\udcff": "broken\ufffd",
        "x" * 400: "x" * 255,
    }

    assert [open_source(image, name=name).info.name for name in names] == list(names.values())


def test_a_file_name_that_is_not_unicode_still_gives_json(tmp_path: Path, png: bytes) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png")
    Path(path).write_bytes(png)
    with open_source(path) as source:
        assert source.info.model_dump_json()


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("no/such/file.png", "Check the path"),
        ("https://example.org/a.png", "download"),
        ("nul\x00.png", "Check the path"),
        ("", "Check the path"),
    ],
)
def test_a_path_to_nothing_is_not_found(path: str, remedy: str) -> None:
    with pytest.raises(SourceNotFoundError) as caught:
        open_source(path)

    assert caught.value.source == (path or "''")
    assert remedy in caught.value.remedy


def test_a_folder_a_pipe_and_a_socket_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        for path, what in ((tmp_path, "a folder"), (tmp_path / "pipe", "a pipe"), (tmp_path / "s", "a device")):
            with pytest.raises(SourceNotFoundError, match=what):
                open_source(path)


def test_a_device_is_not_read() -> None:
    with pytest.raises(SourceNotFoundError, match="a device"):
        open_source("/dev/zero")


def test_a_path_too_long_cannot_be_read() -> None:
    with pytest.raises(SourceNotFoundError, match="cannot be read"):
        open_source("x" * 5000)


class EndlessFile(io.RawIOBase):
    """Never ends, and counts what is read."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.given += size
        return bytes(size)


def test_no_more_than_max_bytes_are_read_of_a_stream() -> None:
    file = EndlessFile()
    with pytest.raises(LimitExceededError, match="max_bytes"):
        open_source(file, policy=InputPolicy(max_bytes=3_000_000))  # type: ignore[arg-type]  # a raw file is binary too

    assert file.given == 3_000_001


def test_too_many_bytes_are_refused_in_every_form(tmp_path: Path, png: bytes) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(png)
    policy = InputPolicy(max_bytes=len(png) - 1)
    for source in (png, path, io.BytesIO(png)):
        with pytest.raises(LimitExceededError) as caught:
            open_source(source, policy=policy)

        assert (caught.value.limit, caught.value.allowed) == ("max_bytes", len(png) - 1)


def test_a_text_file_object_is_refused() -> None:
    with pytest.raises(UnsupportedFormatError, match="binary mode"):
        open_source(io.StringIO("text"))  # type: ignore[arg-type]  # the point of the test


def test_a_closed_file_cannot_be_read() -> None:
    file = io.BytesIO(b"")
    file.close()
    with pytest.raises(SourceNotFoundError, match="reading it failed"):
        open_source(file)


@pytest.mark.parametrize("source", [42, None, ["scan.png"], open_source])
def test_anything_else_is_a_type_error(source: object) -> None:
    with pytest.raises(TypeError, match=f"a source is .*, not {type(source).__name__}$"):
        open_source(source)  # type: ignore[arg-type]  # the point of the test


def test_an_array_of_pixels_is_told_how_to_become_a_picture() -> None:
    class Array:
        __array_interface__: ClassVar[dict[str, object]] = {}

    with pytest.raises(TypeError, match=r"not Array: pass PIL.Image.fromarray\(array\), in RGB"):
        open_source(Array())  # type: ignore[arg-type]  # the point of the test


def test_a_path_object_of_bytes_is_a_path_too(tmp_path: Path, png: bytes) -> None:
    class BytesPath:
        def __fspath__(self) -> bytes:
            return os.fsencode(tmp_path / "scan.png")

    (tmp_path / "scan.png").write_bytes(png)
    with open_source(BytesPath()) as source:  # type: ignore[arg-type]  # os.PathLike[bytes]
        assert source.info.name == "scan.png"


@pytest.mark.parametrize("name", ["\udcff.png", "a\nb.png", "\x1b[31m.png", "\x00"])
def test_a_message_can_be_printed_whatever_the_name(name: str) -> None:
    with pytest.raises(SourceNotFoundError) as caught:
        open_source(name)

    assert str(caught.value).encode("utf-8").decode().isprintable()
    assert caught.value.source == name


def test_an_open_source_says_what_it_is(png: bytes) -> None:
    source = open_source(png, name="scan.png")
    assert repr(source) == "<ImageFileSource 'scan.png', 1 page>"

    source.close()
    assert repr(source) == "<ImageFileSource 'scan.png', 1 page, closed>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"just words", "text"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<svg></svg>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00", "AVIF"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00", "video"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"PK\x03\x04rest", "office"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"RIFF\x00\x00\x00\x00WAVE", "no known"),
        (bytes(100), "no known"),
    ],
)
def test_another_format_is_named_and_comes_with_a_remedy(data: bytes, reason: str) -> None:
    with pytest.raises(UnsupportedFormatError, match=reason) as caught:
        open_source(data, name="in/box/thing")

    assert caught.value.source == "in/box/thing"
    assert caught.value.remedy


def test_a_format_outside_the_policy_is_refused(png: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="PNG") as caught:
        open_source(png, policy=InputPolicy(formats=frozenset({InputFormat.JPEG})))

    assert "InputPolicy.formats" in caught.value.remedy


def test_the_name_of_a_file_does_not_matter(tmp_path: Path, png: bytes) -> None:
    path = tmp_path / "really.pdf"
    path.write_bytes(png)
    with open_source(path) as source:
        assert source.info.media_type == "image/png"


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_a_page_image_that_holds_no_picture_cannot_be_decoded(data: bytes) -> None:
    image = PageImage(data=data, media_type="image/png", size=Size(1, 1))
    with pytest.raises(InputError):
        decode_rgb(image)


def test_a_page_image_of_another_size_than_it_says_cannot_be_decoded(png: bytes) -> None:
    with pytest.raises(DamagedInputError):
        decode_rgb(PageImage(data=png, media_type="image/png", size=Size(31, 20)))


def test_errors_survive_pickling() -> None:
    with pytest.raises(LimitExceededError) as caught:
        open_source(Image.new("L", (2, 2)), name="tiny")
    copy = pickle.loads(pickle.dumps(caught.value))

    assert (str(copy), copy.limit, copy.source) == (str(caught.value), "min_side", "tiny")
