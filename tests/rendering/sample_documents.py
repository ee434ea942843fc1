"""Documents with one of everything, for the renderers' tests."""

from __future__ import annotations

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
    Table,
    TableCell,
    TextFormat,
)
from deepocr_kit.geometry import Size
from deepocr_kit.testing import build_region

A5 = Size(1000, 1414)

HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<svg onload=\"document.title='owned'\"></svg>",
    "</style><style>*{display:none}</style>",
    "[click](javascript:document.title='owned')",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href=\'https://evil.example/\'>',
    "\"><a href='https://evil.example/' autofocus onfocus=alert(1)>x</a><!--",
)
"""Seven texts that a page may carry and that must stay texts."""

MORE_HOSTILE = (
    "</textarea></title></script><script>document.title='owned'</script>",
    "<a href=\"javascript:document.title='owned'\">javascript:document.title='owned'</a>",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>\">",
    "} body{display:none} @import url(https://evil.example/x.css);",
    "<iframe srcdoc=\"<script>parent.document.title='owned'</script>\"></iframe>",
    "<input autofocus onfocus=alert(1)><details open ontoggle=alert(1)>",
    "&lt;script&gt;&#60;script&#62;\\u003cscript\\u003e",
    "<text></svg><script>alert(1)</script><svg><text>",
    "<style>@font-face{font-family:x;src:url(https://evil.example/f)}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css><object data=x><embed src=x>",
)
"""Ten more."""

ODD_CHARACTERS = "total \u202e05.21 \x00\x1b[31m \ud800 \ufffe end"
"""An override of the direction that is never ended, control characters, half a surrogate pair and a noncharacter."""


def table(*rows: tuple[str, ...], header: bool = True) -> Table:
    cells = tuple(
        TableCell(row=row, col=col, text=text, header=header and row == 0)
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
    )
    return Table(row_count=len(rows), col_count=len(rows[0]), cells=cells)


def region(
    number: int,
    label: RegionLabel,
    text: str,
    box: tuple[float, float, float, float] | None,
    **update: object,
) -> Region:
    return build_region(text, box, region_id=f"p1r{number}", label=label).model_copy(update=update)


def one_of_everything() -> Document:
    """Three pages: every kind of region, one without positions, one that failed."""
    grid = table(("Item", "Price"), ("Pen | blue", "2.00"), ("A<B", "0.50"))
    spans = Table(
        row_count=2,
        col_count=2,
        cells=(
            TableCell(row=0, col=0, col_span=2, text="Both", header=True),
            TableCell(row=1, col=0, text="left"),
            TableCell(row=1, col=1, text="right"),
        ),
    )
    first = (
        region(1, RegionLabel.PAGE_HEADER, "Nowhere Gazette", (0.1, 0.02, 0.4, 0.035)),
        region(2, RegionLabel.TITLE, "A *Report* on # Nothing", (0.1, 0.06, 0.8, 0.1)),
        region(3, RegionLabel.SECTION_HEADER, "1. Beginnings", (0.1, 0.12, 0.4, 0.145)),
        region(
            4,
            RegionLabel.TEXT,
            "A paragraph that is long enough to be wrapped, with a < b && c > d in it.\n# not a heading",
            (0.1, 0.16, 0.48, 0.24),
        ),
        region(5, RegionLabel.LIST_ITEM, "first point", (0.12, 0.26, 0.4, 0.28)),
        region(6, RegionLabel.LIST_ITEM, "second point", (0.12, 0.285, 0.4, 0.305)),
        region(7, RegionLabel.PICTURE, "", (0.55, 0.12, 0.9, 0.3)),
        region(8, RegionLabel.CAPTION, "Figure 1: nothing", (0.55, 0.31, 0.9, 0.33), caption_of="p1r7"),
        region(9, RegionLabel.TABLE, "Item Price Pen | blue 2.00 A<B 0.50", (0.1, 0.35, 0.6, 0.45), table=grid),
        region(10, RegionLabel.TABLE, "Both left right", (0.62, 0.35, 0.9, 0.45), table=spans),
        region(
            11,
            RegionLabel.FORMULA,
            "E = mc^2",
            (0.3, 0.47, 0.6, 0.5),
            content="\\[E = mc^2\\]",
            format=TextFormat.LATEX,
        ),
        region(12, RegionLabel.CODE, "if a < b:\n    print('```')", (0.1, 0.52, 0.5, 0.57)),
        region(13, RegionLabel.CHECKBOX_SELECTED, "yes", (0.1, 0.59, 0.2, 0.61)),
        region(14, RegionLabel.CHECKBOX_UNSELECTED, "no", (0.3, 0.59, 0.4, 0.61)),
        region(15, RegionLabel.TEXT, "Total", (0.1, 0.65, 0.16, 0.67)),
        region(16, RegionLabel.TEXT, "12.50", (0.5, 0.652, 0.56, 0.672)),
        region(17, RegionLabel.TEXT, "手写无效", (0.92, 0.5, 0.95, 0.6)),
        region(18, RegionLabel.TEXT, "שלום עולם", (0.6, 0.65, 0.75, 0.67)),
        region(19, RegionLabel.FOOTNOTE, "see https://example.org/ or www.example.org", (0.1, 0.93, 0.6, 0.945)),
        region(20, RegionLabel.TEXT, "1. lost on the way", None),
    )
    second = (
        build_region("only words", None, region_id="p2r1"),
        build_region("a b", None, region_id="p2r2").model_copy(update={"table": table(("a", "b"))}),
    )
    issue = Issue(
        code=IssueCode.MISSING_BOX, severity=Severity.WARNING, message="no <box>", page_index=0, region_id="p1r20"
    )
    return Document(
        source=SourceInfo(name="report.pdf", media_type="application/pdf"),
        pages=(
            Page(index=0, size=A5, dpi=150, regions=first, issues=(issue,), status=PageStatus.DEGRADED),
            Page(index=1, size=None, regions=second),
            Page(
                index=2,
                status=PageStatus.FAILED,
                error=PageError(type="ServiceTimeoutError", message="no token for 60 s", retryable=True),
            ),
        ),
    )


def hostile_document() -> Document:
    """The seven texts everywhere a text may stand."""
    regions = []
    for number, text in enumerate(HOSTILE):
        top = 0.05 + 0.12 * number
        box = (0.1, top, 0.9, top + 0.03)
        regions.append(region(3 * number + 1, RegionLabel.TEXT, text, box))
        regions.append(
            region(3 * number + 2, RegionLabel.CAPTION, text + "\n" + text, (0.1, top + 0.04, 0.5, top + 0.1))
        )
        grid = table((text, "x"), header=False)
        regions.append(region(3 * number + 3, RegionLabel.TABLE, text, (0.55, top + 0.04, 0.95, top + 0.1), table=grid))
    regions.append(build_region("odd", None, region_id='"><script>alert(1)</script>'))
    regions.append(build_region("odd too", (0.1, 0.95, 0.3, 0.97), region_id="x{}</style><script>alert(1)</script>"))
    regions.append(region(90, RegionLabel.FORMULA, "](javascript:alert(1))<img src=x>", (0.5, 0.95, 0.9, 0.97)))
    error = PageError(type="<b>", message=HOSTILE[0])
    issue = Issue(code=IssueCode.STRAY_MARKUP, severity=Severity.ERROR, message=HOSTILE[1], region_id=HOSTILE[2])
    return Document(
        source=SourceInfo(name=HOSTILE[0] + ".png"),
        pages=(Page(index=0, size=A5, regions=tuple(regions), issues=(issue,), error=error, status=PageStatus.FAILED),),
    )


def more_hostile_document() -> Document:
    """Ten more texts as lines, as paragraphs, as list items, in cells and in ids, and odd characters beside a line."""
    regions = []
    for at, text in enumerate(MORE_HOSTILE):
        top = 0.02 + 0.09 * at
        odd_id = f"{text}{at}"
        regions += [
            build_region(text, (0.05, top, 0.5, top + 0.015), region_id=odd_id),
            region(4 * at + 2, RegionLabel.LIST_ITEM, text, (0.55, top, 0.95, top + 0.015)),
            region(4 * at + 3, RegionLabel.CODE, f"{text}\n{text}", (0.05, top + 0.02, 0.5, top + 0.08)),
            region(4 * at + 4, RegionLabel.TABLE, text, None, table=table((text, text))),
        ]
    regions.append(region(90, RegionLabel.TEXT, ODD_CHARACTERS, (0.05, 0.95, 0.45, 0.965)))
    regions.append(region(91, RegionLabel.TEXT, "left to right", (0.55, 0.95, 0.9, 0.965)))
    return Document(source=SourceInfo(name=MORE_HOSTILE[0]), pages=(Page(index=0, size=A5, regions=tuple(regions)),))
