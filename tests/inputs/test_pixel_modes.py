"""Pixels of every mode arrive so that text stays legible."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageDraw

from deepocr_kit.documents import IssueCode
from deepocr_kit.errors import DamagedInputError
from deepocr_kit.inputs import InputPolicy, decode_rgb, open_source

PNG = InputPolicy(encoding="png")
PAPER, INK = (60, 30), (12, 12)


def page_of(source: bytes | Image.Image) -> Image.Image:
    with open_source(source, policy=PNG) as opened:
        return decode_rgb(opened.load_page(0))


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]  # options differ by format
    return buffer.getvalue()


def sheet(mode: str, paper: object, ink: object) -> Image.Image:
    image = Image.new(mode, (80, 40), paper)  # type: ignore[arg-type]  # colours differ by mode
    image.paste(ink, (8, 8, 30, 20))  # type: ignore[call-overload]  # colours differ by mode
    return image


def deep_sheet(paper: int, ink: int, mode: str = "I;16") -> Image.Image:
    # Pillow's paste writes wrong values into 16-bit images, so the bytes are laid out by hand.
    order = ">" if mode == "I;16B" else "<"
    rows = [
        struct.pack(f"{order}H", ink if 8 <= x < 30 and 8 <= y < 20 else paper) for y in range(40) for x in range(80)
    ]
    return Image.frombytes(mode, (80, 40), b"".join(rows))


def assert_black_on_white(picture: Image.Image, tolerance: int = 3) -> None:
    assert picture.mode == "RGB"
    assert picture.getpixel(PAPER) == pytest.approx((255, 255, 255), abs=tolerance)
    assert picture.getpixel(INK) == pytest.approx((0, 0, 0), abs=tolerance)


@pytest.mark.parametrize(
    "image",
    [
        sheet("1", 1, 0),
        sheet("L", 255, 0),
        sheet("LA", (255, 255), (0, 255)),
        sheet("La", (255, 255), (0, 255)),
        sheet("RGB", (255, 255, 255), (0, 0, 0)),
        sheet("RGBA", (255, 255, 255, 255), (0, 0, 0, 255)),
        sheet("RGBa", (255, 255, 255, 255), (0, 0, 0, 255)),
        sheet("RGBX", (255, 255, 255, 0), (0, 0, 0, 0)),
        sheet("CMYK", (0, 0, 0, 0), (0, 0, 0, 255)),
        sheet("YCbCr", (255, 128, 128), (0, 128, 128)),
        sheet("HSV", (0, 0, 255), (0, 0, 0)),
        sheet("LAB", (255, 128, 128), (0, 128, 128)),
        sheet("I", 65_535, 0),
        sheet("I", 4095, 0),
        sheet("I", 70_000, -70_000),
        deep_sheet(65_535, 0),
        deep_sheet(694, 291),
        deep_sheet(65_535, 0, "I;16L"),
        deep_sheet(65_535, 0, "I;16B"),
        sheet("F", 1.0, 0.0),
        sheet("F", 3e8, -3e8),
    ],
    ids=lambda image: image.mode,
)
def test_a_pil_image_of_any_mode_keeps_its_ink(image: Image.Image) -> None:
    assert_black_on_white(page_of(image))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_mode_keeps_its_ink(mode: str) -> None:
    image = deep_sheet(65_535, 0) if mode == "I;16" else sheet("L", 255, 0).convert(mode)

    assert_black_on_white(page_of(encode(image, "PNG")))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16", "I;16B", "I", "F"])
def test_a_tiff_of_any_mode_keeps_its_ink(mode: str) -> None:
    grey = sheet("L", 255, 0)
    images = {
        "LAB": sheet("LAB", (255, 128, 128), (0, 128, 128)),
        "I;16": deep_sheet(65_535, 0),
        "I;16B": deep_sheet(65_535, 0, "I;16B"),
        "I": sheet("I", 65_535, 0),
        "F": sheet("F", 1.0, 0.0),
    }
    image = images.get(mode) or grey.convert("RGB").convert(mode)

    assert_black_on_white(page_of(encode(image, "TIFF")))


def test_a_cmyk_jpeg_is_not_inverted() -> None:
    # Photoshop writes CMYK inverted and Pillow does the same; readers have to turn it back.
    data = encode(sheet("CMYK", (0, 0, 0, 0), (0, 0, 0, 255)), "JPEG", quality=95)
    with open_source(data, policy=PNG) as source:
        page = source.load_page(0)

    assert page.media_type == "image/png"
    assert_black_on_white(decode_rgb(page), tolerance=10)


def test_low_values_in_16_bits_are_stretched_not_clipped() -> None:
    picture = page_of(encode(deep_sheet(694, 291), "TIFF"))

    assert_black_on_white(picture)


def test_full_16_bits_keep_their_true_greys() -> None:
    # Stretching the faint noise of a blank page would make it look like print.
    picture = page_of(deep_sheet(65_000, 60_000))

    assert picture.getpixel(PAPER) == pytest.approx((252, 252, 252), abs=2)
    assert picture.getpixel(INK) == pytest.approx((233, 233, 233), abs=2)


def test_a_deep_page_of_one_value_is_blank_paper() -> None:
    assert page_of(Image.new("I;16", (20, 20), 300)).getextrema() == ((255, 255),) * 3


def test_a_16_bit_tiff_in_which_zero_is_white_is_turned_round() -> None:
    image = deep_sheet(0, 65_535)

    assert_black_on_white(page_of(encode(image, "TIFF", tiffinfo={262: 0})))


def test_floats_that_are_not_numbers_are_damaged() -> None:
    with pytest.raises(DamagedInputError):
        page_of(Image.new("F", (20, 20), float("inf")))


@pytest.mark.parametrize(
    ("ink", "paper"),
    [((255, 255, 255), (0, 0, 0)), ((0, 0, 0), (255, 255, 255)), ((128, 0, 0), (255, 255, 255))],
    ids=["white ink", "black ink", "dark red ink"],
)
def test_the_background_of_a_transparent_picture_shows_its_ink(
    ink: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    image = sheet("RGBA", (0, 0, 0, 0), (*ink, 255))
    with open_source(encode(image, "PNG"), policy=PNG) as source:
        page = source.load_page(0)

    picture = decode_rgb(page)
    assert picture.getpixel(INK) == ink
    assert picture.getpixel(PAPER) == paper
    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_BACKGROUND_CHOSEN] * (paper == (0, 0, 0))


def test_a_palette_with_a_transparent_entry_is_put_on_white() -> None:
    image = sheet("P", 0, 1)
    image.putpalette([255, 0, 0, 0, 0, 0])

    assert_black_on_white(page_of(encode(image, "PNG", transparency=0)))


def test_semi_transparent_ink_is_blended() -> None:
    picture = page_of(sheet("RGBA", (255, 255, 255, 255), (0, 0, 0, 128)))

    assert picture.getpixel(INK) == pytest.approx((127, 127, 127), abs=2)


def test_a_png_that_tells_its_orientation_after_its_pixels_is_turned() -> None:
    exif = b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"
    chunk = struct.pack(">L", len(exif)) + b"eXIf" + exif + struct.pack(">L", zlib.crc32(b"eXIf" + exif))
    upright = sheet("L", 255, 0)
    data = encode(upright.transpose(Image.Transpose.ROTATE_180), "PNG")
    picture = page_of(data[:-12] + chunk + data[-12:])

    assert ImageChops.difference(picture, upright.convert("RGB")).getbbox() is None


def test_a_pil_image_is_left_as_it_was() -> None:
    image = sheet("P", 0, 1)
    image.info["comment"] = b"kept"
    before = image.copy()
    page_of(image)

    assert (image.mode, image.info, image.tobytes()) == (before.mode, before.info, before.tobytes())


def test_a_drawn_line_survives_scaling_down() -> None:
    image = Image.new("1", (2000, 1000), 1)
    ImageDraw.Draw(image).rectangle((0, 500, 2000, 508), fill=0)
    with open_source(image, policy=InputPolicy(encoding="png", max_side=500)) as source:
        picture = decode_rgb(source.load_page(0))

    assert picture.size == (500, 250)
    assert picture.getpixel((250, 126)) < (60, 60, 60)
