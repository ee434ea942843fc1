"""Documents with fields, for the tests of the review page."""

from __future__ import annotations

from collections.abc import Sequence

from sample_documents import HOSTILE

from deepocr_kit.documents import (
    Document,
    Issue,
    IssueCode,
    Page,
    PageError,
    PageStatus,
    Region,
    RegionLabel,
    Severity,
    SourceInfo,
)
from deepocr_kit.geometry import BBox, Size
from deepocr_kit.rendering import ReviewBox, ReviewField, ReviewState
from deepocr_kit.testing import build_region

SIZE = Size(600, 800)
SHA = "ab" * 32


def region(region_id: str, text: str, box: tuple[float, float, float, float] | None, **update: object) -> Region:
    return build_region(text, box, region_id=region_id).model_copy(update=update)


def field(path: str, value: str, state: str, place: Region | None = None, **more: object) -> ReviewField:
    boxes: tuple[ReviewBox, ...] = ()
    if place is not None:
        boxes = tuple(ReviewBox(int(place.id[1]) - 1, box) for box in place.boxes)
    return ReviewField(
        path=path,
        value=value,
        state=ReviewState(state),
        grade=str(more.pop("grade", "cited_exact" if place else state)),
        quote=place.text if place is not None else "",
        region_ids=(place.id,) if place is not None else (),
        boxes=boxes,
        **more,  # type: ignore[arg-type]  # facts of several types
    )


def invoice() -> tuple[Document, tuple[ReviewField, ...]]:
    """Two pages, one that failed, and seven fields: proved, doubtful, unsupported, missing, and two rows of a list."""
    shop = region("p1r1", "Corner Bakery", (0.1, 0.05, 0.6, 0.1), confidence=0.93)
    date = region("p1r2", "14/03/2026", (0.1, 0.15, 0.4, 0.18))
    loose = region("p1r3", "found without a box", None)
    other = region("p1r4", "thank you", (0.1, 0.9, 0.5, 0.93), label=RegionLabel.PAGE_FOOTER)
    bread = region("p2r1", "Bread 4.20", (0.1, 0.2, 0.8, 0.25))
    milk = region("p2r2", "Milk 2.45", (0.1, 0.3, 0.8, 0.35))
    total = region("p2r3", "6.65", (0.7, 0.82, 0.9, 0.86))
    low = Issue(
        code=IssueCode.LOW_CONFIDENCE, severity=Severity.WARNING, message="unsure", page_index=0, region_id="p1r4"
    )
    skew = Issue(code=IssueCode.SKEWED_PAGE, severity=Severity.INFO, message="skewed by 1 degree", page_index=0)
    unsupported = Issue(
        code=IssueCode.FIELD_UNSUPPORTED, severity=Severity.WARNING, message="it stands nowhere", field="tax"
    )
    document = Document(
        source=SourceInfo(name="bakery 14.pdf", sha256=SHA, media_type="application/pdf"),
        pages=(
            Page(index=0, size=SIZE, regions=(shop, date, loose, other), issues=(low, skew)),
            Page(index=1, size=SIZE.turned(1), regions=(bread, milk, total)),
            Page(
                index=2,
                status=PageStatus.FAILED,
                error=PageError(type="ServiceTimeoutError", message="no token for 60 s", retryable=True),
            ),
        ),
    )
    fields = (
        field("/company", "Corner Bakery", "proved", shop, signals=(("ocr_confidence", "0.93"),)),
        field("/date", "2026-03-14", "doubtful", date, grade="ambiguous", note="It stands in two places."),
        field("/seller/tax_id", "DE123", "unsupported", issues=(unsupported,)),
        field("/note", "", "missing"),
        field("/lines/0/name", "Bread", "proved", bread),
        field("/lines/0/amount", "4.20", "proved", bread),
        field("/lines/1/name", "Milk", "proved", milk),
        field("/total", "6.65", "proved", total),
    )
    return document, fields


def hostile() -> tuple[Document, tuple[ReviewField, ...], tuple[Issue, ...]]:
    """The seven texts as values, quotes, labels, grades, notes, signals, paths, ids, messages and names."""
    regions: list[Region] = []
    fields: list[ReviewField] = []
    issues: list[Issue] = []
    for number, text in enumerate(HOSTILE):
        box = BBox(0.1, 0.1 * number, 0.9, 0.1 * number + 0.05)
        regions.append(region(f"p1r{number}{text}", text, (box.x0, box.y0, box.x1, box.y1)))
        issue = Issue(
            code=IssueCode.STRAY_MARKUP,
            severity=Severity.ERROR,
            message=text,
            page_index=0,
            region_id=regions[-1].id,
            field=text,
        )
        issues.append(issue)
        fields.append(
            ReviewField(
                path=f"/{text.replace('~', '~0').replace('/', '~1')}/{number}",
                value=text,
                state=ReviewState.UNSUPPORTED,
                grade=text,
                label=text,
                quote=text,
                region_ids=(regions[-1].id, text),
                boxes=(ReviewBox(0, box),),
                signals=((text, text),),
                note=text,
                issues=(issue,),
            )
        )
    source = SourceInfo(name=f"{HOSTILE[0]}/{HOSTILE[1]}.png")
    page = Page(index=0, size=SIZE, regions=tuple(regions), issues=tuple(issues))
    return Document(source=source, pages=(page,)), tuple(fields), tuple(issues)


def long_document(pages: int, regions: int) -> tuple[Document, Sequence[ReviewField]]:
    """So many pages with so many regions each, in two columns, and a field for each page."""
    made = []
    for index in range(pages):
        rows = []
        for number in range(regions):
            left, top = 0.05 + 0.5 * (number % 2), 0.02 + 0.96 * (number // 2) / ((regions + 1) // 2)
            box = (left, top, left + 0.4, top + 0.8 / regions)
            rows.append(region(f"p{index + 1}r{number + 1}", f"line {number + 1} of page {index + 1}", box))
        made.append(Page(index=index, size=SIZE, regions=tuple(rows)))
    fields = [
        ReviewField(
            path=f"/items/{page.index}/line",
            value=page.regions[-1].text,
            grade="cited_exact",
            quote=page.regions[-1].text,
            region_ids=(page.regions[-1].id,),
            boxes=(ReviewBox(page.index, page.regions[-1].boxes[0]),),
        )
        for page in made
    ]
    return Document(source=SourceInfo(name="long.pdf"), pages=tuple(made)), fields
