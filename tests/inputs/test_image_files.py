"""Picture files: what passes as it is, what is encoded anew, what is refused."""

from __future__ import annotations

import io
import threading

import pytest
from PIL import Image, ImageDraw, ImageFilter

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.errors import ClosedError, DamagedInputError, LimitExceededError
from deepocr_kit.geometry import Size
from deepocr_kit.inputs import InputPolicy, decode_rgb, open_source

EXIF_ORIENTATION = 0x0112


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]  # options differ by format
    return buffer.getvalue()


def marked(width: int = 80, height: int = 40, mode: str = "RGB") -> Image.Image:
    """White, with a red square at the top left."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 15, 15), fill=(200, 0, 0))
    return image.convert(mode)


def noise(width: int = 300, height: int = 200) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


@pytest.mark.parametrize(("mode", "options"), [("RGB", {}), ("L", {}), ("RGB", {"progressive": True})])
def test_a_jpeg_that_needs_no_change_is_passed_byte_for_byte(mode: str, options: dict[str, object]) -> None:
    data = encode(marked(mode=mode), "JPEG", dpi=(150, 150), **options)
    with open_source(data) as source:
        page = source.load_page(0)

    assert page.data == data
    assert (page.media_type, page.size, page.dpi, page.issues) == ("image/jpeg", Size(80, 40), 150, ())


def test_a_jpeg_passes_as_it_is_whatever_the_encoding() -> None:
    data = encode(marked(), "JPEG")
    with open_source(data, policy=InputPolicy(encoding="png")) as source:
        assert source.load_page(0).data == data


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("encoding", ["jpeg", "png"])
def test_other_formats_are_encoded_as_the_policy_says(kind: str, encoding: str) -> None:
    with open_source(encode(marked(), kind), policy=InputPolicy(encoding=encoding)) as source:  # type: ignore[arg-type]  # a parameter
        page = source.load_page(0)

    picture = decode_rgb(page)
    assert page.media_type == f"image/{encoding}"
    assert source.info.media_type == f"image/{kind.lower()}"
    assert picture.size == (80, 40)
    assert picture.getpixel((70, 30)) == pytest.approx((255, 255, 255), abs=3)
    assert picture.getpixel((5, 5)) == pytest.approx((200, 0, 0), abs=12)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_an_orientation_is_applied(kind: str, orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    with open_source(encode(marked().transpose(undo[orientation]), kind, exif=exif)) as source:
        picture = decode_rgb(source.load_page(0))

    assert picture.size == (80, 40)
    assert picture.getpixel((5, 5)) == pytest.approx((200, 0, 0), abs=25)
    assert picture.getpixel((75, 35)) == pytest.approx((255, 255, 255), abs=8)


def test_orientation_1_and_nonsense_orientations_change_nothing() -> None:
    for orientation in (1, 0, 9, 77):
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = orientation
        data = encode(marked(), "JPEG", exif=exif)
        with open_source(data) as source:
            assert source.load_page(0).data == data


def test_a_pil_image_with_an_orientation_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    image = Image.open(io.BytesIO(encode(marked(), "JPEG", exif=exif)))
    with open_source(image) as source:
        page = source.load_page(0)

    assert page.size == Size(40, 80)
    assert image.size == (80, 40)


@pytest.mark.parametrize("exif", [b"Exif\x00\x00garbage", b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x05\x00"])
def test_damaged_metadata_costs_an_issue_not_the_page(exif: bytes) -> None:
    with open_source(encode(marked(), "JPEG", exif=exif)) as source:
        page = source.load_page(0)

    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_DAMAGED_METADATA]


def test_damaged_metadata_of_a_png_costs_an_issue_too() -> None:
    with open_source(encode(marked(), "PNG", exif=b"Exif\x00\x00garbage")) as source:
        page = source.load_page(0)

    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_DAMAGED_METADATA]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_a_file_cut_off_in_the_middle_is_damaged(kind: str) -> None:
    data = encode(noise(), kind)
    with pytest.raises(DamagedInputError, match="cut off") as caught:
        open_source(data[: len(data) // 2], name="cut").load_page(0)

    assert "0x" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("missing", "max_side"), [(1, None), (2, None), (100, None), (100, 100), (5000, 100)])
def test_a_jpeg_that_lacks_its_end_is_damaged(missing: int, max_side: int | None) -> None:
    data = encode(noise(), "JPEG")[:-missing]
    source = open_source(data, policy=InputPolicy(max_side=max_side))
    with pytest.raises(DamagedInputError) as caught:
        source.load_page(0)

    assert caught.value.page_index == 0


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_only_the_first_frame_of_an_animation_is_read_and_that_is_said(kind: str) -> None:
    data = encode(marked(), kind, save_all=True, append_images=[Image.new("RGB", (80, 40), "blue")])
    with open_source(data) as source:
        page = source.load_page(0)

    assert source.page_count == 1
    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_FRAMES_IGNORED]
    assert decode_rgb(page).getpixel((5, 5)) == pytest.approx((200, 0, 0), abs=12)


def test_an_animation_with_a_broken_second_frame_still_gives_its_first() -> None:
    first = encode(marked(), "GIF")
    with open_source(first[:-1] + b"\x2c\x00\x00") as source:
        page = source.load_page(0)

    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_FRAMES_IGNORED]


def test_a_stereo_jpeg_is_its_first_picture() -> None:
    data = encode(marked(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 40), "blue")])
    with open_source(data) as source:
        page = source.load_page(0)

    assert page.data == data
    assert source.info.media_type == "image/jpeg"
    assert [issue.code for issue in page.issues] == [IssueCode.INPUT_FRAMES_IGNORED]
    assert decode_rgb(page).getpixel((5, 5)) == pytest.approx((200, 0, 0), abs=12)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_page_beyond_max_side_is_scaled_down_and_says_so(kind: str) -> None:
    data = encode(noise(1000, 500).filter(ImageFilter.BLUR), kind, dpi=(300, 300))
    with open_source(data, policy=InputPolicy(max_side=200)) as source:
        page = source.load_page(0)

    assert page.size == Size(200, 100) == Size(*decode_rgb(page).size)
    assert page.dpi == pytest.approx(60, abs=0.1)
    assert [(issue.code, issue.severity) for issue in page.issues] == [(IssueCode.INPUT_DOWNSCALED, Severity.INFO)]
    assert "1000 x 500" in page.issues[0].message


def test_a_turned_page_beyond_max_side_keeps_its_shape() -> None:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    with open_source(encode(marked(400, 100), "JPEG", exif=exif), policy=InputPolicy(max_side=100)) as source:
        page = source.load_page(0)

    assert page.size == Size(25, 100)
    assert decode_rgb(page).size == (25, 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF"])
def test_too_many_pixels_are_refused_before_decoding(kind: str) -> None:
    with pytest.raises(LimitExceededError) as caught:
        open_source(encode(marked(), kind), policy=InputPolicy(max_pixels=3199))

    assert (caught.value.limit, caught.value.value, caught.value.allowed) == ("max_pixels", 3200, 3199)


@pytest.mark.parametrize("side", [10_000, 16_000])
def test_a_bomb_is_refused_with_its_size(side: int) -> None:
    data = encode(Image.new("1", (side, side)), "PNG")
    with pytest.raises(LimitExceededError) as caught:
        open_source(data, policy=InputPolicy())

    assert caught.value.value == side * side
    assert caught.value.allowed == 80_000_000


def test_a_policy_may_let_in_more_than_pillow_likes() -> None:
    data = encode(Image.new("1", (10_000, 9_000)), "PNG")
    with open_source(data, policy=InputPolicy(max_pixels=90_000_000)) as source:
        assert source.page_count == 1


def test_a_picture_too_small_to_read_is_refused() -> None:
    with pytest.raises(LimitExceededError, match="asks for at least 8") as caught:
        open_source(encode(Image.new("L", (500, 7)), "PNG"))

    assert caught.value.limit == "min_side"


def test_a_jpeg_with_hundreds_of_scans_is_refused() -> None:
    data = encode(marked(), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(DamagedInputError):
        open_source(data[:-2] + scan * 500 + b"\xff\xd9")


def test_what_a_source_says_of_itself_does_not_reach_the_new_file() -> None:
    image = marked()
    with open_source(encode(image, "GIF", comment=b"private"), policy=InputPolicy()) as source:
        assert b"private" not in source.load_page(0).data
    with open_source(encode(image, "TIFF", icc_profile=b"private"), policy=InputPolicy(encoding="png")) as source:
        assert b"iCCP" not in source.load_page(0).data


@pytest.mark.parametrize("dpi", [(0, 0), (1, 1), (1e6, 1e6)])
def test_implausible_dpi_is_unknown(dpi: tuple[float, float]) -> None:
    with open_source(encode(marked(), "TIFF", dpi=dpi)) as source:
        assert source.load_page(0).dpi is None


def test_pages_load_from_several_threads() -> None:
    pages = []
    with open_source(encode(noise(), "PNG")) as source:
        threads = [threading.Thread(target=lambda: pages.append(source.load_page(0).sha256)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(pages) == 8
    assert len(set(pages)) == 1


def test_an_index_that_does_not_exist_is_an_index_error() -> None:
    with open_source(encode(marked(), "PNG")) as source:
        for index in (1, -1):
            with pytest.raises(IndexError, match="page index"):
                source.load_page(index)


def test_a_closed_source_gives_no_pages() -> None:
    source = open_source(encode(marked(), "PNG"))
    source.close()
    source.close()

    with pytest.raises(ClosedError):
        source.load_page(0)


class HungryImage(Image.Image):
    """Cannot be loaded for want of memory."""

    def load(self) -> None:  # type: ignore[override]  # it never gets as far as a result
        raise MemoryError


def test_running_out_of_memory_is_told_apart_from_damage() -> None:
    image = marked()
    image.__class__ = HungryImage
    with pytest.raises(DamagedInputError, match="ran out of memory"):
        open_source(image).load_page(0)
