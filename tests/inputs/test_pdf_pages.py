"""PDF pages, good and hostile, through the public surface."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from pdf_writer import PdfFile, PdfPage, endless_pdf, flate_bomb, form_pdf
from PIL import Image

from deepocr_kit.documents import IssueCode, Severity
from deepocr_kit.errors import (
    ClosedError,
    DamagedInputError,
    EncryptedPdfError,
    LimitExceededError,
    MissingExtraError,
    RasterizationError,
)
from deepocr_kit.geometry import Size
from deepocr_kit.inputs import InputPolicy, decode_rgb, open_source

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
TWO_PAGES = PdfFile([PdfPage(), PdfPage(width=72, height=144)]).encode()


def corner(image: Image.Image, *, right: bool = False, bottom: bool = False) -> tuple[int, ...]:
    pixel = image.getpixel((image.width - 4 if right else 3, image.height - 4 if bottom else 3))
    assert isinstance(pixel, tuple)
    return pixel


def test_a_page_is_rendered_at_the_policy_s_dpi() -> None:
    with open_source(TWO_PAGES) as source:
        page = source.load_page(1)

    assert (page.size, page.dpi, page.media_type, page.page_index) == (Size(200, 400), 200, "image/jpeg", 1)


def test_a_pdf_knows_its_pages_and_its_digest() -> None:
    with open_source(TWO_PAGES, name="two.pdf") as source:
        assert source.page_count == 2
        assert source.info.media_type == "application/pdf"
        assert source.info.name == "two.pdf"
        assert len(source.info.sha256 or "") == 64


def test_the_y_axis_points_down() -> None:
    with open_source(TWO_PAGES) as source:
        picture = decode_rgb(source.load_page(0))

    assert corner(picture, bottom=True) == BLACK
    assert corner(picture) == WHITE


def test_a_page_s_rotation_is_honoured() -> None:
    with open_source(PdfFile([PdfPage(rotate=90)]).encode()) as source:
        page = source.load_page(0)

    assert page.size == Size(278, 556)
    assert corner(decode_rgb(page)) == BLACK


def test_form_fields_are_drawn() -> None:
    with open_source(form_pdf()) as source:
        picture = decode_rgb(source.load_page(0))

    assert corner(picture) == BLACK
    assert corner(picture, right=True) == WHITE


def test_png_is_written_when_asked() -> None:
    with open_source(TWO_PAGES, policy=InputPolicy(encoding="png")) as source:
        page = source.load_page(0)

    assert page.media_type == "image/png"
    assert page.data.startswith(b"\x89PNG")


def test_a_page_larger_than_max_pixels_is_rendered_smaller_and_says_so() -> None:
    poster = PdfFile([PdfPage(width=200_000, height=200_000), PdfPage()]).encode()
    with open_source(poster, policy=InputPolicy(max_pixels=250_000)) as source:
        page, sibling = source.load_page(0), source.load_page(1)

    assert page.size.pixels <= 250_000
    assert page.size.width > 490
    assert [(issue.code, issue.severity) for issue in page.issues] == [(IssueCode.INPUT_DOWNSCALED, Severity.WARNING)]
    assert sibling.issues == ()


def test_max_side_bounds_the_longer_side() -> None:
    with open_source(TWO_PAGES, policy=InputPolicy(max_side=100)) as source:
        page = source.load_page(0)

    assert page.size == Size(100, 50)
    assert page.dpi == pytest.approx(36)
    assert [issue.severity for issue in page.issues] == [Severity.INFO]


def test_a_page_too_long_for_a_jpeg_is_rendered_smaller() -> None:
    ribbon = PdfFile([PdfPage(width=200, height=100_000)]).encode()
    with open_source(ribbon) as source:
        page = source.load_page(0)

    assert page.size.height <= 65_500
    assert "longest side of a JPEG" in page.issues[0].message


def test_a_page_of_a_few_pixels_is_refused_alone() -> None:
    with open_source(PdfFile([PdfPage(width=1, height=1), PdfPage()]).encode()) as source:
        with pytest.raises(LimitExceededError) as caught:
            source.load_page(0)
        sibling = source.load_page(1)

    assert (caught.value.limit, caught.value.page_index) == ("min_side", 0)
    assert "Lower InputPolicy.min_side" in caught.value.remedy
    assert sibling.size == Size(556, 278)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(LimitExceededError, match="max_pages is 2, the policy allows 1"):
        open_source(TWO_PAGES, policy=InputPolicy(max_pages=1))


@pytest.mark.parametrize(
    ("password", "reason"),
    [(None, "needs a password"), ("wrong", "does not open"), ("\ud800", "does not open")],
    ids=["missing", "wrong", "no text"],
)
def test_a_missing_and_a_wrong_password_are_told_apart(password: str | None, reason: str) -> None:
    with pytest.raises(EncryptedPdfError, match=reason):
        open_source(PdfFile([PdfPage()], password="secret").encode(), password=password)


def test_the_right_password_opens_the_pdf() -> None:
    with open_source(PdfFile([PdfPage()], password="secret").encode(), password="secret") as source:
        picture = decode_rgb(source.load_page(0))

    assert corner(picture, bottom=True) == BLACK


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing else", PdfFile([]).encode()], ids=["garbage", "no pages"])
def test_a_broken_pdf_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedInputError, match="PDF"):
        open_source(data, name="broken.pdf")


def test_a_broken_page_is_damaged_alone() -> None:
    data = TWO_PAGES.replace(b"/Kids [3 0 R 5 0 R]", b"/Kids [3 0 R 9 0 R]")
    with open_source(data) as source:
        with pytest.raises(DamagedInputError) as caught:
            source.load_page(1)
        sibling = source.load_page(0)

    assert caught.value.page_index == 1
    assert sibling.size == Size(556, 278)


def test_a_page_that_kills_the_renderer_leaves_its_siblings_alone() -> None:
    data = PdfFile([PdfPage(), flate_bomb(300), PdfPage()]).encode()
    policy = InputPolicy(pdf_memory_bytes=256 * 1024**2)
    with open_source(data, policy=policy, name="bomb.pdf") as source:
        before = source.load_page(0)
        with pytest.raises(RasterizationError) as caught:
            source.load_page(1)
        after = source.load_page(2)

    assert len(data) < 400_000
    assert (caught.value.page_index, caught.value.source) == (1, "bomb.pdf")
    assert "pdf_memory_bytes" in caught.value.remedy
    assert before.data == after.data


def test_a_page_that_does_not_fit_into_memory_is_refused() -> None:
    huge = PdfFile([PdfPage(width=200_000, height=200_000)]).encode()
    policy = InputPolicy(pdf_memory_bytes=256 * 1024**2, max_pixels=170_000_000)
    with open_source(huge, policy=policy) as source, pytest.raises(RasterizationError, match="memory"):
        source.load_page(0)


@pytest.mark.parametrize(
    ("policy", "limit"),
    [
        (InputPolicy(pdf_wall_seconds=2), "pdf_wall_seconds"),
        (InputPolicy(pdf_cpu_seconds=1), "pdf_cpu_seconds"),
    ],
    ids=["wall", "cpu"],
)
def test_a_page_that_never_ends_is_killed(policy: InputPolicy, limit: str) -> None:
    with open_source(endless_pdf(), policy=policy) as source:
        before = source.load_page(0)
        with pytest.raises(RasterizationError, match=limit) as caught:
            source.load_page(1)
        after = source.load_page(2)

    assert caught.value.page_index == 1
    assert before.data == after.data


def test_a_pdf_that_cannot_be_opened_in_time_is_refused_whole() -> None:
    with pytest.raises(RasterizationError, match="pdf_wall_seconds") as caught:
        open_source(TWO_PAGES, policy=InputPolicy(pdf_wall_seconds=0.001))

    assert caught.value.page_index is None


def test_without_an_interpreter_the_error_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(RasterizationError, match="cannot be started"):
        open_source(TWO_PAGES)


def test_pages_load_from_several_threads() -> None:
    sizes: list[Size] = []
    with open_source(TWO_PAGES) as source:
        threads = [threading.Thread(target=lambda n=n: sizes.append(source.load_page(n % 2).size)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(sizes, key=lambda size: size.width) == [Size(200, 400)] * 3 + [Size(556, 278)] * 3


def test_closing_ends_a_page_that_is_being_rendered() -> None:
    source = open_source(endless_pdf())
    outcome: list[BaseException] = []

    def load() -> None:
        try:
            source.load_page(1)
        except ClosedError as error:
            outcome.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    thread.join(0.5)
    source.close()
    thread.join(10)

    assert len(outcome) == 1
    assert not thread.is_alive()


def test_a_pdf_whose_renderer_has_died_can_be_closed() -> None:
    source = open_source(endless_pdf(), policy=InputPolicy(pdf_wall_seconds=2))
    with pytest.raises(RasterizationError):
        source.load_page(1)
    source.close()

    with pytest.raises(ClosedError):
        source.load_page(0)


def test_a_closed_pdf_may_be_closed_again_and_gives_no_pages() -> None:
    source = open_source(TWO_PAGES)
    source.close()
    source.close()

    with pytest.raises(ClosedError, match="closed"):
        source.load_page(0)


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)

    with pytest.raises(MissingExtraError, match=r"deepocr_kit\[pdf\]"):
        open_source(TWO_PAGES)


def test_the_renderer_does_not_run_the_caller_s_main_module(tmp_path) -> None:
    script = tmp_path / "caller.py"
    script.write_text(
        "import sys\n"
        "print('main runs')\n"
        "from deepocr_kit.inputs import open_source\n"
        "with open_source(sys.argv[1]) as source:\n"
        "    source.load_page(0)\n",
        encoding="utf-8",
    )
    (tmp_path / "two.pdf").write_bytes(TWO_PAGES)

    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "two.pdf")], capture_output=True, text=True, timeout=60, check=True
    )

    assert run.stdout.count("main runs") == 1
