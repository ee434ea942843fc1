"""The small grey picture that comes with a page, from which the ink checks work."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pdf_writer import PdfFile, PdfPage
from PIL import Image, ImageChops, ImageDraw, ImageStat

from deepocr_kit.documents import THUMBNAIL_SIDE, PageImage
from deepocr_kit.errors import DamagedInputError, UnsupportedFormatError
from deepocr_kit.geometry import Size
from deepocr_kit.inputs import InputPolicy, decode_rgb, decode_thumbnail, open_source, turn_image
from deepocr_kit.testing import build_page_image


def drawn(width: int = 1200, height: int = 900) -> Image.Image:
    picture = Image.new("RGB", (width, height), (250, 240, 200))
    ImageDraw.Draw(picture).rectangle((100, 100, width // 2, height // 3), fill=(20, 60, 20))
    return picture


def encoded(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    buffer = io.BytesIO()
    (picture or drawn()).save(buffer, kind, **options)  # type: ignore[arg-type]  # options differ by format
    return buffer.getvalue()


def shows(thumbnail: Image.Image, page: PageImage) -> bool:
    """Whether it is the page, not larger than a thumbnail and not much smaller."""
    longest = max(page.size.width, page.size.height)
    large_enough = min(longest, 0.8 * THUMBNAIL_SIDE) <= max(thumbnail.size) <= min(longest, THUMBNAIL_SIDE)
    same_shape = thumbnail.width / thumbnail.height == pytest.approx(page.size.aspect, rel=0.005)
    page_grey = decode_rgb(page).convert("L").resize(thumbnail.size, Image.Resampling.BOX)
    return large_enough and same_shape and ImageStat.Stat(ImageChops.difference(thumbnail, page_grey)).mean[0] < 2


SOURCES = {
    "JPEG that is passed on": encoded("JPEG"),
    "progressive JPEG": encoded("JPEG", progressive=True),
    "grey JPEG": encoded("JPEG", drawn().convert("L")),
    "CMYK JPEG": encoded("JPEG", drawn().convert("CMYK")),
    "PNG": encoded("PNG"),
    "TIFF": encoded("TIFF"),
    "small": encoded("PNG", drawn(300, 400)),
    "PIL image": drawn(),
    "PDF": PdfFile([PdfPage(width=432, height=288)]).encode(),
}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("policy", [InputPolicy(), InputPolicy(encoding="png", max_side=1000)])
def test_a_page_comes_with_its_thumbnail(name: str, policy: InputPolicy) -> None:
    with open_source(SOURCES[name], policy=policy) as source:
        page = source.load_page(0)
    # What it came with: there is nothing else left to decode.
    thumbnail = decode_thumbnail(replace(page, data=b""))

    assert thumbnail.mode == "L"
    assert shows(thumbnail, page)


@pytest.mark.parametrize("name", SOURCES)
def test_a_page_without_one_is_decoded_for_it(name: str) -> None:
    with open_source(SOURCES[name]) as source:
        page = source.load_page(0)

    assert shows(decode_thumbnail(replace(page, thumbnail=b"")), page)


def test_every_page_of_a_tiff_has_its_own() -> None:
    pages = encoded("TIFF", drawn(600, 400), save_all=True, append_images=[Image.new("L", (700, 300))])
    with open_source(pages) as source:
        thumbnails = [decode_thumbnail(source.load_page(index)) for index in range(2)]

    assert [thumbnail.size for thumbnail in thumbnails] == [(600, 400), (640, 274)]
    assert thumbnails[1].getextrema() == (0, 0)


def test_a_long_strip_has_one_too() -> None:
    with open_source(Image.new("L", (8, 20_000), 255)) as source:
        page = source.load_page(0)

    assert decode_thumbnail(page).size == decode_thumbnail(replace(page, thumbnail=b"")).size == (1, 640)


def test_a_page_that_is_a_source_itself_keeps_it() -> None:
    with open_source(drawn()) as source:
        page = source.load_page(0)
    with open_source(page, name="again") as source:
        assert source.load_page(0).thumbnail == page.thumbnail


def test_a_turned_page_does_not_keep_the_one_from_before() -> None:
    with open_source(drawn()) as source:
        upright = source.load_page(0)
    page = turn_image(upright, 1)

    assert shows(decode_thumbnail(page), page)
    assert turn_image(upright, 4) is upright


def test_it_does_not_tell_pages_apart() -> None:
    with open_source(drawn()) as source:
        page = source.load_page(0)

    assert page == replace(page, thumbnail=b"")
    assert "thumbnail" not in repr(page)


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (PageImage(b"no picture", "image/png", Size(10, 10)), UnsupportedFormatError),
        (PageImage(encoded("JPEG")[:3000], "image/jpeg", Size(1200, 900)), DamagedInputError),
        (PageImage(encoded("PNG"), "image/png", Size(10, 10)), DamagedInputError),
        (replace(build_page_image(), thumbnail=b"P5 9 9 255\n"), DamagedInputError),
        (replace(build_page_image(), thumbnail=encoded("PNG")), DamagedInputError),
    ],
    ids=["no picture", "cut off", "of another size", "cut thumbnail", "thumbnail of another format"],
)
def test_what_cannot_be_decoded_is_a_typed_error(page: PageImage, error: type[Exception]) -> None:
    with pytest.raises(error):
        decode_thumbnail(page)
