"""Scans in the searchable PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pdf_readers import by_pdfium, check, pdfium, pikepdf
from PIL import Image, ImageDraw

from deepocr_kit.documents import Page, PageImage
from deepocr_kit.errors import RenderError
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import render_searchable_pdf
from deepocr_kit.testing import build_document, build_page_image, build_region


@contextmanager
def image_of(data: bytes) -> Iterator[pikepdf.Stream]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf.pages[0].Resources.XObject.Im


def test_a_jpeg_is_taken_over_byte_for_byte() -> None:
    scan = build_page_image(media_type="image/jpeg")
    with image_of(render_searchable_pdf(build_document("x"), {0: scan})) as image:
        assert bytes(image.read_raw_bytes()) == scan.data
        assert image.Filter == "/DCTDecode"
        assert (image.Width, image.Height, image.ColorSpace) == (200, 280, "/DeviceRGB")


def encoded(picture: Image.Image, form: str) -> PageImage:
    buffer = io.BytesIO()
    picture.save(buffer, form, **({"lossless": True} if form == "WEBP" else {}))
    return PageImage(buffer.getvalue(), f"image/{form.lower()}", Size(*picture.size))


def drawn(mode: str) -> Image.Image:
    picture = Image.new("RGB", (31, 17), "white")
    ImageDraw.Draw(picture).line((0, 0, 30, 16), fill="red", width=3)
    return picture.convert(mode)


@pytest.mark.parametrize(
    ("mode", "form"), [("RGB", "PNG"), ("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("RGB", "WEBP")]
)
def test_other_pictures_are_kept_without_loss(mode: str, form: str) -> None:
    picture = drawn(mode)
    data = render_searchable_pdf(build_document("x"), {0: encoded(picture, form)})
    check(data)
    with image_of(data) as image:
        shown = pikepdf.PdfImage(image).as_pil_image()

    assert shown.convert("RGB").tobytes() == picture.convert("RGB").tobytes()


def test_transparency_given_by_a_colour_is_taken_out() -> None:
    buffer = io.BytesIO()
    drawn("RGB").save(buffer, "PNG", transparency=(255, 255, 255))
    scan = PageImage(buffer.getvalue(), "image/png", Size(31, 17))

    check(render_searchable_pdf(build_document("x"), {0: scan}))


def test_a_page_that_lay_on_its_side_stands_upright_with_its_scan() -> None:
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("black", (0, 0, 20, 40))  # the left edge, which becomes the top
    line = build_region("read me", (0.0, 0.2, 0.1, 0.8))
    page = Page(index=0, size=Size(60, 40), dpi=72, regions=(line,), turned=1)
    data = render_searchable_pdf(build_document(page), {0: encoded(picture, "PNG")})
    document = pdfium.PdfDocument(data)
    shown = document[0].render(scale=1).to_pil().convert("L")
    document.close()

    assert shown.size == (40, 60)
    assert shown.getpixel((20, 5)) < 50
    assert shown.getpixel((20, 40)) > 200
    assert by_pdfium(data) == "read me"


@pytest.mark.parametrize(
    ("data", "media_type", "said"),
    [
        (b"<svg/>", "image/svg+xml", "svg"),
        (b"no picture", "image/png", "damaged"),
        (b"\xff\xd8\xff", "image/jpeg", "damaged"),
    ],
)
def test_scans_that_cannot_be_used_are_refused(data: bytes, media_type: str, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        render_searchable_pdf(build_document("x"), {0: PageImage(data, media_type, Size(1, 1))})
