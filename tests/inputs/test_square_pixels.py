"""Pictures whose pixels are not square, as faxes have them: the page gets its true shape."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from deepocr_kit.documents import IssueCode, PageImage, Severity
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.inputs import InputPolicy, decode_rgb, open_source

FAX = (204, 98)
"""Dots per inch of a fax in coarse mode (ITU-T T.4)."""
EXIF_ORIENTATION = 0x0112
UNDO = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def fax(mode: str = "L") -> Image.Image:
    """Half an inch by an inch at ``FAX``, with a square of a quarter of an inch in black at the top left."""
    picture = Image.new("L", (102, 98), 255)
    ImageDraw.Draw(picture).rectangle((0, 0, 50, 23), fill=0)
    return picture.convert(mode)


def load(picture: Image.Image, kind: str, *, policy: InputPolicy | None = None, **options: object) -> PageImage:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)  # type: ignore[arg-type]  # options differ by format
    with open_source(buffer.getvalue(), policy=policy or InputPolicy()) as source:
        return source.load_page(0)


def black(page: PageImage) -> tuple[int, int, int, int]:
    """The frame of what is black, in pixels."""
    box = decode_rgb(page).convert("L").point([255 * (value < 128) for value in range(256)]).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("kind", ["TIFF", "JPEG", "PNG", "BMP"])
def test_the_coarser_axis_gets_more_pixels(kind: str) -> None:
    page = load(fax(), kind, dpi=FAX)

    assert (page.size, round(page.dpi or 0)) == (Size(102, 204), 204)
    assert black(page) == pytest.approx((0, 0, 51, 50), abs=1)


def test_it_is_said() -> None:
    (issue,) = load(fax("1"), "TIFF", dpi=FAX, compression="group4").issues

    assert (issue.code, issue.severity, issue.page_index) == (IssueCode.INPUT_STRETCHED, Severity.INFO, 0)
    assert "102 x 98 pixels became 102 x 204" in issue.message


def test_boxes_are_shares_of_the_page_so_they_fit_the_file_s_own_pixels_too() -> None:
    page = load(fax(), "TIFF", dpi=FAX)

    assert BBox.from_pixels(*black(page), page.size).to_pixels(Size(102, 98)) == pytest.approx((0, 0, 51, 24), abs=1)


@pytest.mark.parametrize("kind", ["TIFF", "JPEG", "PNG"])
@pytest.mark.parametrize("orientation", UNDO)
def test_a_turned_picture_is_stretched_along_its_own_axes(kind: str, orientation: int) -> None:
    turn = UNDO[orientation]
    stored = fax() if turn is None else fax().transpose(turn)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    page = load(stored, kind, dpi=FAX if orientation < 5 else FAX[::-1], exif=exif)

    assert page.size == Size(102, 204)
    assert black(page) == pytest.approx((0, 0, 51, 50), abs=1)


@pytest.mark.parametrize("dpi", [(204, 196), (96, 96), (72, 83), (1200, 100), (300, 0)])
def test_nearly_square_pixels_and_slips_of_the_pen_change_nothing(dpi: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    fax().save(buffer, "JPEG", dpi=dpi)
    with open_source(buffer.getvalue()) as source:
        page = source.load_page(0)

    assert page.data == buffer.getvalue()
    assert page.issues == ()


def test_no_page_becomes_larger_than_the_policy_lets_in() -> None:
    page = load(fax(), "TIFF", policy=InputPolicy(max_pixels=102 * 98), dpi=FAX)

    assert (page.size, round(page.dpi or 0)) == (Size(49, 98), 98)


def test_max_side_holds_for_the_stretched_page() -> None:
    page = load(fax(), "JPEG", policy=InputPolicy(max_side=102), dpi=FAX)

    assert (page.size, round(page.dpi or 0)) == (Size(51, 102), 102)
    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_STRETCHED, IssueCode.INPUT_DOWNSCALED]
    assert black(page) == pytest.approx((0, 0, 25, 25), abs=1)


def test_a_pil_image_keeps_its_pixels() -> None:
    picture = fax()
    picture.info["dpi"] = FAX
    with open_source(picture) as source:
        page = source.load_page(0)

    assert (page.size, page.dpi, page.issues) == (Size(102, 98), 204, ())
