"""Recognitions into pages: layout, checks and status, in one place."""

from __future__ import annotations

from collections.abc import Iterable

from deepocr_kit.documents import (
    Document,
    Issue,
    IssueCode,
    Page,
    PageError,
    PageImage,
    PageStatus,
    Recognition,
    Severity,
    SourceInfo,
    distinct_regions,
    turn_regions,
    whole_text,
)
from deepocr_kit.errors import DeepOcrError, InputError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import DeepSeekOcrDialect, Dialect, OcrTask
from deepocr_kit.inputs import decode_thumbnail
from deepocr_kit.layout import Arrangement, arrange
from deepocr_kit.pipeline.order_check import ReadingOrder, put_in_order
from deepocr_kit.quality import InkMap, check_recognition, page_status

__all__ = ["PAGE_SPLIT", "assemble_page", "failed_page", "page_of", "parse_document"]

PAGE_SPLIT = "<--- Page Split --->"
"""What the official PDF script writes between pages (DeepSeek-OCR, run_dpsk_ocr_pdf.py)."""

A4_AT_150_DPI = Size(1240, 1754)
"""Stands in for the size of a page whose picture is not at hand."""


def page_of(recognition: Recognition, image: PageImage, *, reading_order: ReadingOrder = ReadingOrder.MODEL) -> Page:
    """A page from what a backend gave for a picture, with the checks that need the picture. Takes milliseconds of CPU.

    Args:
        recognition: The backend's answer.
        image: What it was given.
        reading_order: By which order the regions go.
    """
    return assemble_page(
        recognition,
        index=image.page_index,
        size=image.size,
        dpi=image.dpi,
        image_sha256=image.sha256,
        issues=image.issues,
        ink=_ink_of(image),
        reading_order=reading_order,
    )


def _ink_of(image: PageImage) -> InkMap | None:
    try:
        return InkMap.of(decode_thumbnail(image))
    except InputError:
        # a picture that only its backend can read: what it says stands unchecked
        return None


def assemble_page(  # noqa: PLR0913 - all but the answer are keywords
    recognition: Recognition,
    *,
    index: int,
    size: Size,
    dpi: float | None = None,
    image_sha256: str | None = None,
    issues: Iterable[Issue] = (),
    ink: InkMap | None = None,
    reading_order: ReadingOrder = ReadingOrder.MODEL,
) -> Page:
    """A page from what a backend gave.

    Args:
        recognition: The backend's answer.
        index: 0-based page.
        size: Pixels of the upright page.
        dpi: Dots per inch, when known.
        image_sha256: Digest of the picture that was read.
        issues: What was already said about the page on its way in.
        ink: Of its picture, when that is at hand.
        reading_order: By which order the regions go.
    """
    arrangement = _arrange_upright(recognition, size, reading_order)
    checked = check_recognition(recognition, size=size, ink=ink)
    found = (*issues, *recognition.issues, *checked, *arrangement.issues)
    placed = tuple(
        issue if issue.page_index == index else issue.model_copy(update={"page_index": index}) for issue in found
    )
    return Page(
        index=index,
        size=size,
        dpi=dpi,
        regions=arrangement.regions,
        raw_text=recognition.raw_text,
        dialect=recognition.dialect,
        model=recognition.model,
        finish_reason=recognition.finish_reason,
        status=page_status(placed, failed=False),
        issues=placed,
        usage=recognition.usage,
        attempts=recognition.attempts,
        image_sha256=image_sha256,
        turned=recognition.turned,
    )


def _arrange_upright(recognition: Recognition, size: Size, reading_order: ReadingOrder) -> Arrangement:
    """Rows, order and captions as a reader sees the page, boxes as it was handed in."""
    quarters, upright = recognition.turned, size.turned(recognition.turned)
    handed_in = distinct_regions(recognition.regions)
    seen = recognition.model_copy(update={"regions": turn_regions(handed_in, quarters)})
    ordered, issues = put_in_order(seen, upright, reading_order)
    arrangement = arrange(seen.model_copy(update={"regions": ordered}), upright)
    boxes = {region.id: region.boxes for region in handed_in}
    regions = (region.model_copy(update={"boxes": boxes[region.id]}) for region in arrangement.regions)
    return Arrangement(tuple(regions) if quarters else arrangement.regions, (*arrangement.issues, *issues))


def failed_page(index: int, error: Exception, *, image: PageImage | None = None) -> Page:
    """A page that could not be read, kept in its place with the reason.

    Args:
        index: 0-based page.
        error: Why.
        image: The picture, when there is one.
    """
    # the message of a foreign exception may hold anything; ours are written to be shown
    message = error.message if isinstance(error, DeepOcrError) else "unexpected error, see the log"
    issue = Issue(
        code=IssueCode.PAGE_FAILED,
        severity=Severity.ERROR,
        message=f"{type(error).__name__}: {message}",
        page_index=index,
    )
    return Page(
        index=index,
        size=None if image is None else image.size,
        dpi=None if image is None else image.dpi,
        raw_text=str(getattr(error, "partial_text", "")),
        status=PageStatus.FAILED,
        issues=(*(() if image is None else image.issues), issue),
        error=PageError(type=type(error).__name__, message=message, retryable=bool(getattr(error, "retryable", False))),
        image_sha256=None if image is None else image.sha256,
    )


def parse_document(  # noqa: PLR0913 - all but the answer are keywords
    raw_text: str,
    *,
    dialect: Dialect | None = None,
    task: OcrTask = OcrTask.DOCUMENT,
    size: Size | None = None,
    name: str = "",
    strict: bool = False,
    reading_order: ReadingOrder = ReadingOrder.MODEL,
) -> Document:
    """A document from a model's saved answer, without the model and without the picture.

    Pages are split at the official ``<--- Page Split --->`` line.

    Args:
        raw_text: The answer, special tokens included or stripped; halves of characters become U+FFFD.
        dialect: The model family that wrote it; DeepSeek-OCR by default.
        task: What had been asked.
        size: Pixels of the upright pages; A4 at 150 dpi stands in when it is not known.
        name: Name of the source, for people.
        strict: Raise on the first thing that is not well formed.
        reading_order: By which order the regions go.

    Raises:
        GroundingError: Only when ``strict``.
    """
    used = dialect or DeepSeekOcrDialect()
    pages = []
    for index, text in enumerate(whole_text(raw_text).split(PAGE_SPLIT)):
        parsed = used.parse(text, task=task, page_number=index + 1, size=size, strict=strict)
        recognition = Recognition(
            regions=parsed.regions,
            raw_text=text,
            dialect=used.name,
            finish_reason="stop",
            issues=parsed.issues,
        )
        pages.append(assemble_page(recognition, index=index, size=size or A4_AT_150_DPI, reading_order=reading_order))
    return Document(source=SourceInfo(name=name, media_type="text/plain"), pages=tuple(pages))
