"""The searchable PDF, read by qpdf, poppler, pdfium and pdfminer."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from fontTools import ttLib
from format_checks import PLAIN_TEXTS, documents, spaceless, told
from hypothesis import given, settings
from pdf_readers import by_pdfium, by_poppler, check, pdfium, pikepdf
from sample_documents import hostile_document, one_of_everything, region, table

from deepocr_kit.documents import Document, Page, RegionLabel
from deepocr_kit.errors import MissingExtraError
from deepocr_kit.geometry import Size
from deepocr_kit.rendering import render_searchable_pdf
from deepocr_kit.rendering._pdf_font import box_font
from deepocr_kit.rendering._pdf_text import ASCENT, DESCENT, WIDTHS
from deepocr_kit.testing import build_document, build_page, build_page_image, build_region

pdfplumber = pytest.importorskip("pdfplumber", reason="pdfplumber is not installed")

TOLERANCE = 1.0
"""Points."""


def page_size(data: bytes) -> tuple[float, float]:
    document = pdfium.PdfDocument(data)
    size = document[0].get_size()
    document.close()
    return size


@settings(max_examples=60, deadline=None)
@given(documents(PLAIN_TEXTS))
def test_any_document_is_whole_and_keeps_its_words_in_order(document: Document) -> None:
    data = render_searchable_pdf(document)
    check(data)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        pages = [spaceless("".join(char["text"] for char in page.chars)) for page in pdf.pages]

    def in_order(page: Page) -> str:
        placed, loose = [], []
        for item in page.regions:
            (placed if item.boxes else loose).append(told(item))
        return "".join(placed + loose)

    assert pages == [in_order(page) for page in document.pages]


@pytest.mark.parametrize("document", [one_of_everything(), hostile_document(), Document()])
def test_the_samples_are_whole_too(document: Document) -> None:
    check(render_searchable_pdf(document, {0: build_page_image()}))


def test_lines_stand_in_their_boxes() -> None:
    document = one_of_everything()
    data = render_searchable_pdf(document)
    scale = 72 / 150
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        chars = pdf.pages[0].chars
    for name, text in (("p1r1", "Nowhere Gazette"), ("p1r15", "Total"), ("p1r16", "12.50")):
        left, top, right, bottom = document.pages[0].region(name).boxes[0].to_pixels(Size(1000, 1414))
        whole = "".join(char["text"] for char in chars)
        found = chars[whole.index(text) : whole.index(text) + len(text)]
        assert found[0]["x0"] == pytest.approx(left * scale, abs=TOLERANCE)
        assert found[-1]["x1"] == pytest.approx(right * scale, abs=TOLERANCE)
        assert min(char["top"] for char in found) == pytest.approx(top * scale, abs=TOLERANCE)
        assert max(char["bottom"] for char in found) == pytest.approx(bottom * scale, abs=TOLERANCE)


def test_pdfium_finds_a_word_where_it_stands() -> None:
    data = render_searchable_pdf(build_document(build_page(("total 12.50", (0.2, 0.3, 0.4, 0.32)))))
    document = pdfium.PdfDocument(data)
    page = document[0]
    text = page.get_textpage()
    at, count = text.search("12.50").get_next()
    lefts = [text.get_charbox(index, loose=True)[0] for index in range(at, at + count)]
    width = page.get_width()
    document.close()

    assert lefts[0] == pytest.approx((0.2 + 0.2 * 28 / 53) * width, abs=TOLERANCE)
    assert lefts[-1] == pytest.approx((0.2 + 0.2 * 48 / 53) * width, abs=TOLERANCE)


def test_the_text_is_copied_line_by_line_in_reading_order(tmp_path: Path) -> None:
    page = build_page(("left one\nleft two", (0.1, 0.1, 0.45, 0.14)), ("right one\nright two", (0.55, 0.1, 0.9, 0.14)))
    data = render_searchable_pdf(build_document(page))

    assert by_pdfium(data).split("\n") == ["left one", "left two", "right one", "right two"]
    assert by_poppler(data, tmp_path / "a.pdf", "-raw").split("\n")[:4] == [
        "left one",
        "left two",
        "right one",
        "right two",
    ]


def test_a_block_of_several_lines_is_cut_into_lines() -> None:
    words = "seven words that will not fit one line of this narrow box at all"
    data = render_searchable_pdf(build_document(build_page((words, (0.1, 0.1, 0.3, 0.18)))))

    assert len(by_pdfium(data).split("\n")) in {3, 4, 5}
    assert by_pdfium(data).split() == words.split()


def test_cells_of_a_table_stay_apart(tmp_path: Path) -> None:
    grid = table(("Item", "Price"), ("Pen", "2.00"))
    cells = region(1, RegionLabel.TABLE, "", (0.1, 0.1, 0.5, 0.16), table=grid)
    data = render_searchable_pdf(build_document(build_page(cells)))

    assert by_pdfium(data).split() == ["Item", "Price", "Pen", "2.00"]
    assert by_poppler(data, tmp_path / "a.pdf").split() == ["Item", "Price", "Pen", "2.00"]


@pytest.mark.parametrize("text", ["增值税发票 号码", "日本語のテキスト", "naïve façade – “quoted”", "𝒳 and 😀 and 𠀋"])
def test_any_script_is_read_back(text: str, tmp_path: Path) -> None:
    data = render_searchable_pdf(build_document(text))

    assert by_pdfium(data) == text
    assert by_poppler(data, tmp_path / "a.pdf").strip() == text
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        assert "".join(char["text"] for char in pdf.pages[0].chars) == text


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا بالعالم", "סכום 12.50"])
def test_text_from_right_to_left_is_read_back_in_its_logical_order(text: str, tmp_path: Path) -> None:
    data = render_searchable_pdf(build_document(text))
    marks = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f"))

    assert by_pdfium(data).split() == text.split()
    assert by_poppler(data, tmp_path / "a.pdf").translate(marks).split() == text.split()


def test_a_line_that_runs_downward_is_one_line() -> None:
    data = render_searchable_pdf(build_document(build_page(("手写无效", (0.9, 0.5, 0.93, 0.65)))))
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        (chars, width, height) = pdf.pages[0].chars, pdf.pages[0].width, pdf.pages[0].height

    assert "".join(char["text"] for char in chars) == "手写无效"
    assert [char["upright"] for char in chars] == [False] * 4
    assert chars[0]["top"] == pytest.approx(0.5 * float(height), abs=TOLERANCE)
    assert chars[-1]["bottom"] == pytest.approx(0.65 * float(height), abs=TOLERANCE)
    assert chars[0]["x0"] == pytest.approx(0.9 * float(width), abs=TOLERANCE)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("手写无效", (0.9, 0.5, 0.93, 0.65)),
        ("仟根", (0.3, 0.16, 0.33, 0.24)),
        ("男", (0.05, 0.1, 0.94, 0.12)),
        ("𠀀", (0.05, 0.1, 0.07, 0.12)),
        (".", (0.05, 0.1, 0.07, 0.12)),
    ],
)
def test_pdfium_finds_lines_that_run_downward_and_single_characters(
    text: str, box: tuple[float, float, float, float]
) -> None:
    """It leaves out what has no extent in one direction, which is so with a font that has no glyphs."""
    assert by_pdfium(render_searchable_pdf(build_document(build_page((text, box))))) == text


def test_every_line_of_the_founding_receipt_is_found(founding_page: Page, tmp_path: Path) -> None:
    data = render_searchable_pdf(Document(pages=(founding_page,)))
    lines = [spaceless(line) for item in founding_page.regions for line in item.text.splitlines() if item.boxes]

    for said in (spaceless(by_pdfium(data)), spaceless(by_poppler(data, tmp_path / "a.pdf", "-raw"))):
        assert [line for line in lines if line not in said] == []


@pytest.mark.parametrize("pitch", [0.02, 0.017])
def test_the_same_words_on_lines_that_touch_are_read_as_often_as_they_stand(pitch: float, tmp_path: Path) -> None:
    rows = [("0.00 元", (0.1, 0.1 + pitch * row, 0.3, 0.12 + pitch * row)) for row in range(20)]
    data = render_searchable_pdf(build_document(build_page(*rows)))

    assert by_pdfium(data).split() == ["0.00", "元"] * 20
    assert by_poppler(data, tmp_path / "a.pdf", "-raw").split() == ["0.00", "元"] * 20


def test_the_font_is_sound_and_as_wide_as_the_file_says() -> None:
    font = ttLib.TTFont(io.BytesIO(box_font(WIDTHS, ASCENT, DESCENT)), checkChecksums=2)

    assert font["maxp"].numGlyphs == 1 + len(WIDTHS)
    assert [advance for advance, _ in font["hmtx"].metrics.values()] == [WIDTHS[0], *WIDTHS]
    assert all(0 < font["glyf"][name].yMax < ASCENT for name in font.getGlyphOrder())
    with pikepdf.open(io.BytesIO(render_searchable_pdf(build_document("a 中")))) as pdf:
        descendant = pdf.pages[0].Resources.Font.F.DescendantFonts[0]
        glyphs = descendant.CIDToGIDMap.read_bytes()
    assert [glyphs[2 * ord(char) + 1] for char in " a中"] == [1, 2, 3]


def test_a_short_text_in_a_wide_box_stays_one_line(tmp_path: Path) -> None:
    data = render_searchable_pdf(build_document(build_page(("a few words", (0.05, 0.1, 0.95, 0.11)))))
    hebrew = render_searchable_pdf(build_document(build_page(("שלום", (0.05, 0.1, 0.95, 0.11)))))

    assert by_poppler(data, tmp_path / "a.pdf").strip() == "a few words"
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        assert pdf.pages[0].chars[0]["x0"] == pytest.approx(0.05 * 595.276, abs=TOLERANCE)
    with pdfplumber.open(io.BytesIO(hebrew)) as pdf:
        assert max(char["x1"] for char in pdf.pages[0].chars) == pytest.approx(0.95 * 595.276, abs=TOLERANCE)


def test_text_is_invisible() -> None:
    data = render_searchable_pdf(build_document("a line of text"))
    document = pdfium.PdfDocument(data)
    picture = document[0].render(scale=0.5).to_pil().convert("L")
    document.close()

    assert picture.getextrema() == (255, 255)


def test_text_without_a_position_is_found_on_its_page() -> None:
    regions = [build_region(f"word{number} " * 30, None, region_id=f"p1r{number}") for number in range(100)]
    data = render_searchable_pdf(build_document(build_page(*regions), "second"))

    assert by_pdfium(data).split().count("word42") == 30
    assert by_pdfium(data, 1) == "second"


@pytest.mark.parametrize(("dpi", "points"), [(200, (360, 504)), (None, (595.276, 833.386)), (3, (595.276, 833.386))])
def test_a_page_has_its_own_size_or_fits_into_a4(dpi: float | None, points: tuple[float, float]) -> None:
    page = build_page("x").model_copy(update={"dpi": dpi})

    assert page_size(render_searchable_pdf(build_document(page))) == pytest.approx(points, abs=0.01)


@pytest.mark.parametrize(("size", "points"), [(Size(1, 10000), (3, 841.89)), (Size(1000000, 1000000), (14400, 14400))])
def test_no_page_is_smaller_or_larger_than_readers_accept(size: Size, points: tuple[float, float]) -> None:
    page = build_page("x", size=size).model_copy(update={"dpi": 40.0 if size.width > 1 else None})

    assert page_size(render_searchable_pdf(build_document(page))) == pytest.approx(points, abs=0.01)


def test_the_size_comes_from_the_scan_when_the_page_has_none() -> None:
    page = Page(index=0, regions=(build_region(),), dpi=100, turned=1)

    assert page_size(render_searchable_pdf(build_document(page), {0: build_page_image()})) == pytest.approx(
        (201.6, 144)
    )


def test_a_failed_page_has_its_scan_and_a_note() -> None:
    data = render_searchable_pdf(one_of_everything(), {2: build_page_image()})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 3
        assert str(pdf.pages[2].Annots[0].Contents) == "Page 3 failed: ServiceTimeoutError: no token for 60 s"
        assert "/Im" in pdf.pages[2].Resources.XObject
        assert "/Annots" not in pdf.pages[0]


def test_the_same_input_gives_the_same_bytes() -> None:
    scan = build_page_image(media_type="image/jpeg")

    assert render_searchable_pdf(one_of_everything(), {0: scan}) == render_searchable_pdf(
        one_of_everything(), {0: scan}
    )


def test_title_and_language_are_told() -> None:
    with pikepdf.open(io.BytesIO(render_searchable_pdf(build_document("发票", name="账单.png")))) as pdf:
        assert str(pdf.docinfo.Title) == "账单.png"
        assert str(pdf.Root.Lang) == "zh"


def test_more_characters_than_there_are_private_codes_are_replaced_and_not_lost_in_silence() -> None:
    text = "".join(map(chr, range(0x20000, 0x20000 + 6500)))
    data = render_searchable_pdf(build_document(build_page((text, (0, 0, 1, 1)))))
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        read = "".join(char["text"] for char in pdf.pages[0].chars)

    assert read == text[:6400] + "\ufffd" * 100


def test_a_pdf_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)

    with pytest.raises(MissingExtraError, match=r"deepocr_kit\[pdf\]"):
        render_searchable_pdf(build_document("x"))
