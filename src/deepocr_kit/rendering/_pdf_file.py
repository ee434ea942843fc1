"""The objects of a searchable PDF; needs the extra ``pdf``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from bidi import get_display

from deepocr_kit.documents import PageImage
from deepocr_kit.rendering._lines import Line
from deepocr_kit.rendering._pdf_font import box_font
from deepocr_kit.rendering._pdf_image import pdf_picture
from deepocr_kit.rendering._pdf_text import ASCENT, DESCENT, FULL_WIDTH, HALF_WIDTH, WIDTHS, Codes, text_stream

__all__ = ["PdfPage", "write_pdf"]

_TURNS = {0: (1, 0, 0, 1, 0, 0), 1: (0, -1, 1, 0, 0, 1), 2: (-1, 0, 0, -1, 1, 1), 3: (0, 1, -1, 0, 1, 0)}
"""The unit square turned clockwise within itself, by quarter turns."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page to write.

    Attributes:
        width: In points.
        height: In points.
        lines: With boxes on the upright page, in reading order.
        scan: Behind the text, as it was handed in.
        turned: Quarter turns clockwise that set the scan upright.
        note: What a note on the page says.
    """

    width: float
    height: float
    lines: Sequence[Line]
    scan: PageImage | None
    turned: int
    note: str | None


def write_pdf(pages: Sequence[PdfPage], title: str, language: str) -> bytes:
    """The file.

    Args:
        pages: In order.
        title: Of the document.
        language: BCP 47, or empty.

    Raises:
        RenderError: A scan cannot be put into a PDF.
    """
    pdf = pikepdf.new()
    codes = Codes(line.text for page in pages for line in page.lines)
    font = _font(pdf, codes)
    for page in pages:
        _add_page(pdf, font, page, codes)
    if language:
        pdf.Root.Lang = pikepdf.String(language)
    pdf.docinfo = pdf.make_indirect(
        pikepdf.Dictionary(Title=pikepdf.String(title), Producer=pikepdf.String("deepocr_kit"))
    )
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _add_page(pdf: pikepdf.Pdf, font: pikepdf.Object, page: PdfPage, codes: Codes) -> None:
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    content = text_stream(page.lines, codes, page.width, page.height, lambda line: str(get_display(line)))
    if page.scan is not None:
        resources.XObject = pikepdf.Dictionary(Im=_picture(pdf, page.scan))
        turn = " ".join(map(str, _TURNS[page.turned]))
        shown = f"q {page.width:.3f} 0 0 {page.height:.3f} 0 0 cm {turn} cm /Im Do Q\n"
        content = shown.encode("ascii") + content
    built = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=pikepdf.Array([0, 0, round(page.width, 3), round(page.height, 3)]),
        Resources=resources,
        Contents=pdf.make_stream(content),
    )
    if page.note is not None:
        built.Annots = pikepdf.Array([_note(pdf, page.note, page.height)])
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(built)))


def _note(pdf: pikepdf.Pdf, text: str, height: float) -> pikepdf.Object:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=pikepdf.Array([6, round(height - 26, 3), 26, round(height - 6, 3)]),
        Contents=pikepdf.String(text),
        Name=pikepdf.Name.Note,
        F=28,  # stays in place and in size, and is printed
    )
    return pdf.make_indirect(note)


def _picture(pdf: pikepdf.Pdf, scan: PageImage) -> pikepdf.Object:
    picture = pdf_picture(scan)
    stream = pdf.make_stream(b"")
    if picture.channels:
        parameters = pikepdf.Dictionary(
            Predictor=15, Colors=picture.channels, BitsPerComponent=picture.bits, Columns=picture.size.width
        )
        stream.write(picture.data, filter=pikepdf.Name.FlateDecode, decode_parms=parameters)
    else:
        stream.write(picture.data, filter=pikepdf.Name.DCTDecode)
    stream.Type = pikepdf.Name.XObject
    stream.Subtype = pikepdf.Name.Image
    stream.Width, stream.Height = picture.size.width, picture.size.height
    stream.ColorSpace = pikepdf.Name(picture.space)
    stream.BitsPerComponent = picture.bits
    return stream


def _font(pdf: pikepdf.Pdf, codes: Codes) -> pikepdf.Object:
    """A composite font of boxes: extents and a way back to Unicode are all that invisible text needs."""
    name = pikepdf.Name.DeepocrInvisible
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=pikepdf.Array([0, DESCENT, FULL_WIDTH, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=pdf.make_stream(box_font(WIDTHS, ASCENT, DESCENT)),
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=HALF_WIDTH,
        W=pikepdf.Array([value for code, width in codes.widths() for value in (code, code, width)]),
        CIDToGIDMap=pdf.make_stream(codes.to_glyphs()),
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=name,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=pikepdf.Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(codes.to_unicode()),
    )
    return pdf.make_indirect(font)
